package akari.cpu.machine;

import akari.backend.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Scratch memory of one call: {@link #take} hands out one piece after another, {@link #close} takes all of them back. A workspace
 * grows to what its calls need and is then reused, by one call at a time; there are as many as calls run at once.
 */
public final class Workspace implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    /** Where workspaces wait for their next call. */
    public static final class Source {
        private final LongFunction<Buffer> memory;
        /** The one closed last comes first: calls within calls then find the workspace that already has their size. */
        private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();

        public Source(LongFunction<Buffer> memory) {
            this.memory = memory;
        }

        public Workspace open() {
            Workspace w = idle.pollFirst();
            return w == null ? new Workspace(this) : w;
        }
    }

    private final Source source;
    private final List<Buffer> overflow = new ArrayList<>();
    private final List<Buffer> held = new ArrayList<>();
    private @Nullable Buffer block;
    private long used;
    private long stream;

    private Workspace(Source source) {
        this.source = source;
    }

    /** Address of {@code bytes} of uninitialised memory, 64-byte aligned, valid until {@link #close}. */
    public long take(long bytes) {
        long start = used;
        used += Math.max(ALIGNMENT, bytes + ALIGNMENT - 1 & -ALIGNMENT);
        Buffer b = block;
        if (b != null && used <= b.bytes()) {
            return b.address() + start;
        }
        Buffer extra = source.memory.apply(used - start);
        overflow.add(extra);
        return extra.address();
    }

    /** The address of a block that stays reachable until {@link #close}, whatever becomes of its owner. */
    public long hold(Buffer b) {
        held.add(b);
        return b.address();
    }

    /** {@code n} floats. */
    public long floats(long n) {
        return take(n * Float.BYTES);
    }

    /** A library's stream, made by the first call: one a workspace, because a stream serves one thread at a time. */
    public long stream(LongSupplier make) {
        if (stream == 0) {
            stream = make.getAsLong();
        }
        return stream;
    }

    @Override
    public void close() {
        held.clear();
        if (!overflow.isEmpty()) {
            for (Buffer b : overflow) {
                b.release("the end of the call");
            }
            overflow.clear();
            if (block != null) {
                block.release("a larger workspace");
            }
            block = source.memory.apply(used);
        }
        used = 0;
        source.idle.addFirst(this);
    }
}
