package akari.backend;

import akari.core.MemoryStats;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.ReferenceQueue;

/**
 * Blocks from the C library's malloc, given back on release or when their buffer becomes unreachable. At the limit, garbage is collected once, and if that does not help, allocation fails.
 */
final class HostMemory {
    private static final int ALIGNMENT = 64;
    private static final Cleaner CLEANER = Cleaner.create();
    private static final MethodHandle MALLOC =
            function("malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    private final long limit;
    private long inUse;
    private long peak;
    private long forcedCollections;

    HostMemory(long limit) {
        this.limit = limit;
    }

    Buffer allocate(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("cannot allocate " + bytes + " bytes");
        }
        Calls.poll();
        if (!reserve(bytes)) {
            collect(bytes);
        }
        long base;
        try {
            base = (long) MALLOC.invokeExact(bytes + ALIGNMENT);
        } catch (Throwable e) {
            throw new IllegalStateException("malloc failed", e);
        }
        if (base == 0) {
            unreserve(bytes);
            throw new OutOfMemoryError("the system has no " + bytes + " bytes of memory left");
        }
        return new Block(this, base, bytes);
    }

    private void collect(long bytes) {
        synchronized (this) {
            forcedCollections++;
        }
        Garbage.collect();
        ReferenceQueue<Object> never = new ReferenceQueue<>();
        for (int attempt = 0; attempt < 20; attempt++) {
            Calls.settle();
            if (reserve(bytes)) {
                return;
            }
            Garbage.next(never, 10); // the cleaner runs in a thread of its own
        }
        throw new OutOfMemoryError("cannot allocate " + bytes + " bytes: " + stats().inUse() + " of " + limit
                + " are in use; release tensors, use smaller batches, or raise the limit with -Xmx");
    }

    private synchronized boolean reserve(long bytes) {
        if (bytes > limit - inUse) {
            return false;
        }
        inUse += bytes;
        peak = Math.max(peak, inUse);
        return true;
    }

    private synchronized void unreserve(long bytes) {
        inUse -= bytes;
    }

    MemoryStats stats() {
        Calls.poll();
        synchronized (this) {
            return new MemoryStats(inUse, inUse, peak, limit, forcedCollections);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new IllegalStateException("the C library has no function " + name));
        return linker.downcallHandle(symbol, type);
    }

    private static final class Block extends Buffer {
        private final Cleaner.Cleanable memory;

        Block(HostMemory owner, long base, long bytes) {
            super(base + ALIGNMENT - 1 & -ALIGNMENT, bytes);
            memory = CLEANER.register(this, new Free(owner, base, bytes));
        }

        @Override
        protected void free() {
            memory.clean();
        }
    }

    /** Runs once, on release or after the block became unreachable. */
    private record Free(HostMemory owner, long base, long bytes) implements Runnable {
        @Override
        public void run() {
            try {
                FREE.invokeExact(base);
            } catch (Throwable e) {
                throw new IllegalStateException("free failed", e);
            }
            owner.unreserve(bytes);
        }
    }
}
