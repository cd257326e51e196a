package akari.tensor;

import akari.backend.Distribution;
import akari.backend.Philox;
import akari.core.DType;
import akari.errors.NullArgument;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream of random numbers, {@code torch.Generator}: counter-based Philox 4×32-10 (Salmon et al. 2011), so the same seed gives the
 * same numbers on every device and with any number of threads. They are not PyTorch's numbers. Safe to share; the order of draws is
 * then the order of calls.
 *
 * <p>The stream is a sequence of blocks of four words, and {@link #offset} says how many are used up. A fill of n elements takes
 * {@code n/4} blocks, or {@code n/2} where an element needs 53 bits: elements of 8 bytes; exponential, geometric and Cauchy numbers;
 * whole numbers from a range of more than 65,536. {@code poisson}, {@code binomial} and {@code multinomial} take a block an element
 * ({@code multinomial} without replacement one a row), {@code randperm} one for each of its n.
 */
public final class Generator implements Cloneable {
    static final Generator DEFAULT = new Generator(0);

    /** {@code children} counts those that were named since the seed was set. */
    private record Stream(long seed, AtomicLong offset, AtomicLong children) {
        Stream(long seed, long offset) {
            this(seed, new AtomicLong(offset), new AtomicLong());
        }

        Stream at(long blocks) {
            return new Stream(seed, new AtomicLong(blocks), children);
        }
    }

    private volatile Stream stream;

    public Generator() {
        this(0);
    }

    public Generator(long seed) {
        stream = new Stream(seed, 0);
    }

    private Generator(Stream stream) {
        this.stream = stream;
    }

    /** Starts over with another seed. Returns this. */
    public Generator manualSeed(long seed) {
        stream = new Stream(seed, 0);
        return this;
    }

    /** Starts over with a seed from the system's entropy, and returns that seed. */
    public long seed() {
        long fresh = new SecureRandom().nextLong();
        manualSeed(fresh);
        return fresh;
    }

    /** The seed that this stream started with. */
    public long initialSeed() {
        return stream.seed;
    }

    /** How far the stream has advanced, in blocks of four words. */
    public long offset() {
        return stream.offset.get();
    }

    /** Continues at a saved {@link #offset}. */
    public void offset(long blocks) {
        if (blocks < 0) {
            throw new IllegalArgumentException("the offset of a stream must not be negative, got " + blocks);
        }
        stream = stream.at(blocks);
    }

    /** Continues elsewhere for a while. */
    void visit(long seed, long blocks) {
        stream = new Stream(seed, new AtomicLong(blocks), stream.children);
    }

    /**
     * A seed for something that draws numbers of its own beside this generator, as a loader does: the first since the seed was set gets
     * that seed, each further one another, always the same in the same program. It takes nothing from this stream, and what its owner
     * draws moves no other. Asked after another {@link #manualSeed}, the supplier gives one of the new seed.
     */
    public Supplier<Long> childSeed() {
        Child child = new Child(this);
        child.get();
        return child;
    }

    private static final class Child implements Supplier<Long> {
        private final Generator parent;
        private @Nullable AtomicLong siblings;
        private long number;

        Child(Generator parent) {
            this.parent = parent;
        }

        @Override
        public synchronized Long get() {
            Stream s = parent.stream;
            if (siblings != s.children) {
                siblings = s.children;
                number = s.children.getAndIncrement();
            }
            if (number == 0) {
                return s.seed;
            }
            int[] words = new int[4];
            Philox.block(s.seed, number, -1, words); // far from the stream's own blocks
            return (long) words[0] << 32 | words[1] & 0xFFFF_FFFFL;
        }
    }

    /** As in {@code Generator(seed=42, offset=3)}. */
    @Override
    public String toString() {
        Stream s = stream;
        return "Generator(seed=" + s.seed + ", offset=" + s.offset + ")";
    }

    /** Seed and offset as a uint8 tensor of 16 elements, for {@link #setState}: {@code get_state}. */
    public Tensor state() {
        Stream s = stream;
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return Tensors.tensor(bytes.putLong(s.seed).putLong(s.offset.get()).array());
    }

    /** Continues where {@link #state} was taken. Returns this. */
    public Generator setState(Tensor state) {
        NullArgument.check(state, "state");
        if (state.dtype() != DType.UINT8 || state.numel() != 16) {
            throw new IllegalArgumentException("setState needs the uint8 tensor of 16 elements that state() gives, got "
                    + state.dtype() + " " + state.shape());
        }
        ByteBuffer bytes = ByteBuffer.wrap(state.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
        long seed = bytes.getLong();
        long blocks = bytes.getLong();
        stream = seed == stream.seed ? stream.at(blocks) : new Stream(seed, blocks);
        return this;
    }

    /** Another generator that goes on from the same place. */
    @Override
    public Generator clone() {
        Stream s = stream;
        return new Generator(new Stream(s.seed, s.offset.get()));
    }

    /** Fills {@code t}, whose numbers must be of the right kind already, with the next draws. */
    Tensor fill(String op, Tensor t, Distribution kind) {
        t.checkInPlace(op);
        if (t.view.layout().overlaps()) {
            throw new IllegalArgumentException(
                    op + ": several elements of this expanded tensor share one memory" + " location; clone() it first");
        }
        Stream s = stream;
        long at = s.offset.getAndAdd(kind.blocks(t.dtype(), t.numel()));
        if (t.numel() > 0) {
            drawn();
            t.backend().random(kind, s.seed, at, t.view);
        }
        t.view.buffer().touch();
        return t;
    }

    /** A captured graph could not repeat it. */
    private static void drawn() {
        Graph.Recorder recorder = Mode.current().recorder;
        if (recorder != null) {
            recorder.draw();
        }
    }

    /** Sources for {@code n} elements of which each may need any number of words. */
    Sources sources(long n) {
        drawn();
        Stream s = stream;
        return new Sources(s.seed, s.offset.getAndAdd(n));
    }

    /** One source for each element, from {@code block} of the stream on. */
    record Sources(long seed, long block) {
        Source of(long i) {
            return new Source(seed, block + i);
        }
    }

    /** The numbers of one element: its block of the stream, then the blocks with the same low and higher high counter. */
    static final class Source {
        private final long seed;
        private final long block;
        private final int[] words = new int[4];
        private long round;
        private int next = 4;

        private Source(long seed, long block) {
            this.seed = seed;
            this.block = block;
        }

        /** Uniform in [0, 1), 53 bits. */
        double uniform() {
            if (next == 4) {
                Philox.block(seed, block, round++, words);
                next = 0;
            }
            double u = Philox.uniform(words[next], words[next + 1]);
            next += 2;
            return u;
        }

        /** As {@link #uniform}, but never 0. */
        double open() {
            return Math.min(uniform() + 0x1p-54, Math.nextDown(1.0));
        }
    }

    /** A uniform number in [0, 1). */
    public double uniform() {
        int[] words = block();
        return Philox.uniform(words[0], words[1]);
    }

    /** A whole number in {@code 0 .. n-1}. */
    public long below(long n) {
        if (n <= 0) {
            throw new IllegalArgumentException("below needs a positive bound, got " + n);
        }
        int[] words = block();
        return Philox.below(n, words[0], words[1]);
    }

    private int[] block() {
        int[] words = new int[4];
        Stream s = stream;
        Philox.block(s.seed, s.offset.getAndIncrement(), words);
        return words;
    }

    /** A random order of {@code 0 .. n-1}, by Fisher and Yates; no order is more probable than another by more than n²/2⁶³. */
    public long[] permutation(int n) {
        long[] order = new long[n];
        permute(MemorySegment.ofArray(order));
        return order;
    }

    /** {@link #permutation} into memory for as many numbers of 64 bits. */
    void permute(MemorySegment order) {
        long n = order.byteSize() / 8;
        Stream s = stream;
        long at = s.offset.getAndAdd(n);
        for (long i = 0; i < n; i++) {
            order.setAtIndex(ValueLayout.JAVA_LONG, i, i);
        }
        int[] block = new int[4];
        for (long i = n - 1; i > 0; i--) {
            Philox.block(s.seed, at + i, block);
            long draw = ((long) block[0] << 32 | block[1] & 0xFFFF_FFFFL) & Long.MAX_VALUE;
            long j = draw % (i + 1);
            long swap = order.getAtIndex(ValueLayout.JAVA_LONG, i);
            order.setAtIndex(ValueLayout.JAVA_LONG, i, order.getAtIndex(ValueLayout.JAVA_LONG, j));
            order.setAtIndex(ValueLayout.JAVA_LONG, j, swap);
        }
    }
}
