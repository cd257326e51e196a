package akari.cpu.machine;

import akari.backend.Buffer;
import akari.backend.Calls;
import akari.backend.Garbage;
import akari.core.MemoryStats;
import java.lang.management.ManagementFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for tensors: size classes with last-in-first-out free lists, so that a block that was just released is handed out
 * again while it is still in the cache.
 *
 * <p>A block returns when its buffer is released, or when the buffer has become unreachable: every allocation looks at the queue
 * of dead buffers. Unreachable buffers whose objects sit in the old generation are only found by a collection, so growth is metered.
 * Before memory in use passes a threshold, one collection is forced; afterwards the threshold is twice what survived, and never
 * less than a floor. Work that allocates at a steady rate therefore settles at a steady size, and collections stay rare.
 */
public final class Pool {
    /** With 4.5 MB of garbage a step, 10,000 steps force 30 collections. */
    private static final long FLOOR = 3L << 29;

    /** Blocks up to this size are cut from slabs, which go back to the system when all their blocks are free. */
    private static final long SLAB_BLOCK = 32 << 10;

    /** Size and alignment of a slab. */
    private static final long SLAB = 2 << 20;

    /** Searches for memory that other threads may have snatched away before it is given up. */
    private static final int ATTEMPTS = 5;

    /** Beyond this, a block of up to twice the size serves where there is none of the right one. */
    private static final long SHARED = 256 << 10;

    private final SizeClass[] classes = new SizeClass[SizeClass.COUNT];
    private final ReferenceQueue<Block> dead = new ReferenceQueue<>();
    private final AtomicLong inUse = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private final long limit;
    private final long floor;
    private final Object growth = new Object();

    // guarded by growth
    private long threshold;
    private long reserved;
    private long slabNext;
    private long slabEnd;
    /** Bytes of the blocks that were cut from each slab; of the present one after {@link #note}. */
    private final Map<Long, Long> cut = new HashMap<>();

    private volatile long collections;

    /** The limit is {@code akari.memory.limit}, or 80 % of the machine's memory less the largest Java heap. */
    public Pool() {
        this(defaultLimit(), FLOOR);
    }

    Pool(long limit, long floor) {
        this.limit = limit;
        this.floor = Math.min(floor, limit);
        this.threshold = this.floor;
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new SizeClass(SizeClass.size(i));
        }
    }

    private static long defaultLimit() {
        String text = System.getProperty("akari.memory.limit");
        if (text != null) {
            return parse(text);
        }
        long machine = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
        return Math.max(machine / 4, machine / 5 * 4 - Runtime.getRuntime().maxMemory());
    }

    /** Bytes, with the suffix k, m or g for binary multiples. */
    static long parse(String text) {
        String t = text.strip().toLowerCase(Locale.ROOT);
        int shift = t.endsWith("k") ? 10 : t.endsWith("m") ? 20 : t.endsWith("g") ? 30 : 0;
        try {
            long n = Long.parseLong(shift == 0 ? t : t.substring(0, t.length() - 1));
            if (n > 0 && n <= Long.MAX_VALUE >> shift) {
                return n << shift;
            }
        } catch (NumberFormatException e) {
            // told below, with the numbers that are out of range
        }
        throw new IllegalArgumentException(
                "akari.memory.limit=" + text + " is not a size: write bytes, or a number with k, m or g, as in 8g");
    }

    /** {@code bytes} of uninitialised, 64-byte-aligned memory; throws {@link OutOfMemoryError} at the limit. */
    public Buffer allocate(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("allocate(" + bytes + "): negative size");
        }
        drain();
        int i = SizeClass.of(bytes);
        SizeClass c = classes[i];
        Block block = c.lend(this, bytes);
        // rather a block that is somewhat too large than more memory
        for (int j = i + 1; block == null && c.size > SHARED && j <= i + 8 && j < classes.length; j++) {
            block = classes[j].lend(this, bytes);
            if (block != null) {
                block.lease.charged = c.size;
            }
        }
        if (block == null) {
            block = grow(c, bytes);
        }
        long now = inUse.addAndGet(block.lease.charged);
        if (now > peak.get()) {
            peak.accumulateAndGet(now, Math::max);
        }
        return block;
    }

    public MemoryStats stats() {
        drain();
        synchronized (growth) {
            return new MemoryStats(inUse.get(), reserved, peak.get(), limit, collections);
        }
    }

    /** Takes back what calls have finished with, and what has become unreachable. */
    private void drain() {
        Calls.poll();
        Reference<? extends Block> r = dead.poll();
        if (r != null) {
            end(r);
        }
    }

    private void end(Reference<? extends Block> first) {
        List<Lease> leases = new ArrayList<>();
        for (Reference<? extends Block> r = first; r != null; r = dead.poll()) {
            leases.add((Lease) r);
        }
        Calls.afterAll(() -> leases.forEach(Lease::end));
    }

    private Block grow(SizeClass c, long bytes) {
        long before = collections;
        boolean exhausted = false;
        for (int attempt = 1; ; attempt++) {
            boolean collected = false;
            synchronized (growth) {
                // one thread collects for all that came here meanwhile
                boolean clean = collections != before;
                if (!clean && (exhausted || inUse.get() + c.size > threshold)) {
                    collect();
                    collected = true;
                }
                Block block = c.lend(this, bytes);
                if (block != null) {
                    return block;
                }
                trim(threshold - c.size);
                if (reserved + c.size > limit && !clean && !collected) {
                    collect();
                    collected = true;
                    block = c.lend(this, bytes);
                    if (block != null) {
                        return block;
                    }
                }
                if (makeRoom(c.size)) {
                    long address = fresh(c.size);
                    if (address != 0) {
                        reserved += c.size;
                        return c.first(this, bytes, address);
                    }
                    exhausted = true;
                }
                before = collections;
            }
            // what calls still use comes back without a collection; and another thread's came before what has become
            // garbage since
            boolean hopeless = attempt > 1 && collected && (exhausted || inUse.get() + c.size > limit);
            if (!Calls.settle() && hopeless || attempt == ATTEMPTS) {
                throw outOfMemory(bytes);
            }
        }
    }

    /** From the system; if it has none left, then after all that is cached went back there. */
    private long fresh(long size) {
        if (size > SLAB_BLOCK) {
            return taken(size);
        }
        if (slabEnd - slabNext < size) {
            long slab = taken(SLAB);
            if (slab == 0) {
                return 0;
            }
            note();
            slabNext = slab;
            slabEnd = slab + SLAB;
        }
        long address = slabNext;
        slabNext += size;
        return address;
    }

    /** Writes down what was cut from the present slab, if there is one. */
    private void note() {
        if (slabEnd != 0) {
            long slab = slabEnd - SLAB;
            cut.put(slab, slabNext - slab);
        }
    }

    private long taken(long size) {
        long address = SystemMemory.take(size);
        if (address == 0) {
            trim(0);
            trimSlabs();
            address = SystemMemory.take(size);
        }
        return address;
    }

    /** Whether so much more is within the limit, at the expense of what is cached. */
    private boolean makeRoom(long size) {
        trim(limit - size);
        if (reserved + size > limit) {
            trimSlabs();
        }
        return reserved + size <= limit;
    }

    /** Gives cached blocks back to the system, the largest first, until no more than {@code target} bytes are reserved. */
    private void trim(long target) {
        for (int i = classes.length - 1; i >= 0 && reserved > target && classes[i].size > SLAB_BLOCK; i--) {
            long address;
            while (reserved > target && (address = classes[i].discard()) != 0) {
                SystemMemory.give(address);
                reserved -= classes[i].size;
            }
        }
    }

    /** Gives back every slab whose blocks are all free. */
    private void trimSlabs() {
        note();
        int small = SizeClass.of(SLAB_BLOCK) + 1;
        long[][] free = new long[small][];
        Map<Long, Long> freeOf = new HashMap<>();
        for (int i = 0; i < small; i++) {
            free[i] =
                    classes[i].discardAll(); // until they are back, others who want one wait for the lock that is held
            // here
            for (long address : free[i]) {
                freeOf.merge(address & -SLAB, classes[i].size, Long::sum);
            }
        }
        freeOf.entrySet().removeIf(e -> e.getValue() < cut.getOrDefault(e.getKey(), Long.MAX_VALUE));
        for (int i = 0; i < small; i++) {
            classes[i].restore(Arrays.stream(free[i])
                    .filter(address -> !freeOf.containsKey(address & -SLAB))
                    .toArray());
        }
        freeOf.forEach((slab, bytes) -> {
            SystemMemory.give(slab);
            cut.remove(slab);
            reserved -= bytes;
            if (slabEnd == slab + SLAB) {
                slabEnd = slabNext = 0;
            }
        });
    }

    private void collect() {
        collections++;
        Garbage.collect();
        // the collector hands dead references over in the background: until none has come for a while
        long end = System.nanoTime() + 1_000_000_000L;
        Reference<? extends Block> r;
        while (System.nanoTime() < end && (r = Garbage.next(dead, 30)) != null) {
            end(r);
        }
        Calls.poll();
        threshold = Math.min(limit, Math.max(floor, 2 * inUse.get()));
    }

    private OutOfMemoryError outOfMemory(long bytes) {
        String holders = Arrays.stream(classes)
                .filter(c -> c.live > 0)
                .sorted(Comparator.comparingLong((SizeClass c) -> -c.live * c.size))
                .limit(3)
                .map(c -> c.live + " × " + text(c.size))
                .collect(Collectors.joining(", "));
        return new OutOfMemoryError("no native memory for a tensor of " + text(bytes) + ": " + text(inUse.get())
                + " in use of a limit of " + text(limit) + (holders.isEmpty() ? "" : "; largest holders: " + holders)
                + ". Take a smaller batch, drop references to tensors you no longer need, or raise the limit with"
                + " -Dakari.memory.limit=SIZE");
    }

    private static String text(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }

    /** Blocks of one size: up to 1 kB every 64 bytes, beyond that eight sizes for each doubling. */
    private static final class SizeClass {
        static final int COUNT = 16 + 8 * 37;

        final long size;
        private long[] free = new long[4];
        private int cached;
        private @Nullable Lease leases;
        volatile long live;

        SizeClass(long size) {
            this.size = size;
        }

        static int of(long bytes) {
            if (bytes <= 1024) {
                return bytes == 0 ? 0 : (int) ((bytes - 1) >> 6);
            }
            int e = 63 - Long.numberOfLeadingZeros(bytes - 1);
            int i = 16 + (e - 10) * 8 + (int) ((bytes - 1 - (1L << e)) >> (e - 3));
            if (i >= COUNT) {
                throw new IllegalArgumentException("a tensor of " + bytes + " bytes is larger than any memory");
            }
            return i;
        }

        static long size(int i) {
            int e = 10 + (i - 16) / 8;
            return i < 16 ? 64L * (i + 1) : (1L << e) + ((i - 16) % 8 + 1) * (1L << (e - 3));
        }

        synchronized @Nullable Block lend(Pool pool, long bytes) {
            return cached == 0 ? null : first(pool, bytes, free[--cached]);
        }

        @SuppressWarnings("NonAtomicOperationOnVolatileField") // written under the lock only
        synchronized Block first(Pool pool, long bytes, long address) {
            Block block = new Block(address, bytes, pool, this);
            Lease lease = block.lease;
            lease.next = leases;
            if (leases != null) {
                leases.previous = lease;
            }
            leases = lease;
            live++;
            return block;
        }

        /** Whether the lease was still running. */
        @SuppressWarnings("NonAtomicOperationOnVolatileField")
        synchronized boolean end(Lease lease) {
            if (lease.ended) {
                return false;
            }
            lease.ended = true;
            if (lease.previous == null) {
                leases = lease.next;
            } else {
                lease.previous.next = lease.next;
            }
            if (lease.next != null) {
                lease.next.previous = lease.previous;
            }
            live--;
            cache(lease.address);
            return true;
        }

        /** A cached block that is no longer ours, or 0. */
        synchronized long discard() {
            return cached == 0 ? 0 : free[--cached];
        }

        synchronized long[] discardAll() {
            long[] all = Arrays.copyOf(free, cached);
            cached = 0;
            return all;
        }

        synchronized void restore(long[] addresses) {
            for (long address : addresses) {
                cache(address);
            }
        }

        private void cache(long address) {
            if (cached == free.length) {
                free = Arrays.copyOf(free, 2 * cached);
            }
            free[cached++] = address;
        }
    }

    private static final class Block extends Buffer {
        final Lease lease;

        Block(long address, long bytes, Pool pool, SizeClass home) {
            super(address, bytes);
            lease = new Lease(this, address, pool, home);
        }

        @Override
        protected void free() {
            lease.clear();
            lease.end();
            // until here the collector must not find this block dead and end the lease a second time
            Reference.reachabilityFence(this);
        }
    }

    /** Knows where a block's memory goes when the block is gone; linked from its class, which keeps it reachable. */
    private static final class Lease extends PhantomReference<Block> {
        final long address;
        final Pool pool;
        final SizeClass home;
        boolean ended;
        /** What counts as in use: the size that was asked for, where a larger block serves. */
        long charged;

        @Nullable
        Lease previous;

        @Nullable
        Lease next;

        Lease(Block block, long address, Pool pool, SizeClass home) {
            super(block, pool.dead);
            this.address = address;
            this.pool = pool;
            this.home = home;
            this.charged = home.size;
        }

        void end() {
            if (home.end(this)) {
                pool.inUse.addAndGet(-charged);
            }
        }
    }
}
