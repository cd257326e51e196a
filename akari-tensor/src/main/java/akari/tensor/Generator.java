package akari.tensor;

import akari.backend.DType;
import akari.backend.Distribution;
import akari.backend.Philox;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stream of random numbers: counter-based Philox 4×32-10 (Salmon et al. 2011), so the same seed gives the same numbers on every
 * device and with any number of threads. Safe to share; the order of draws is then the order of calls.
 */
public final class Generator {
    private volatile long seed;
    private final AtomicLong offset = new AtomicLong();

    public Generator(long seed) {
        this.seed = seed;
    }

    /** Starts over with another seed. Returns this. */
    public Generator manualSeed(long newSeed) {
        seed = newSeed;
        offset.set(0);
        return this;
    }

    public long seed() {
        return seed;
    }

    /** How far the stream has advanced, in blocks of four words. */
    public long offset() {
        return offset.get();
    }

    /** Continues at a saved {@link #offset}. */
    public void offset(long blocks) {
        offset.set(blocks);
    }

    /** Fills {@code t} with the next draws. */
    Tensor fill(Tensor t, Distribution kind, double a, double b) {
        t.checkInPlace("random fill");
        long at = offset.getAndAdd(Philox.blocks(t.dtype(), t.numel()));
        if (t.numel() > 0) {
            Graph.Recorder recorder = Mode.current().recorder;
            if (recorder != null) {
                recorder.draw();
            }
            t.backend().random(kind, seed, at, a, b, t.view);
        }
        t.view.buffer().touch();
        return t;
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
        Philox.block(seed, offset.getAndIncrement(), words);
        return words;
    }

    /** A random order of {@code 0 .. n-1}, by Fisher and Yates. */
    public long[] permutation(int n) {
        long at = offset.getAndAdd(n);
        long[] order = new long[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        int[] block = new int[4];
        for (int i = n - 1; i > 0; i--) {
            Philox.block(seed, at + i, block);
            long draw = ((long) block[0] << 32 | block[1] & 0xFFFF_FFFFL) & Long.MAX_VALUE;
            int j = (int) (draw % (i + 1));
            long swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }

    static DType floating(DType dtype) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("uniform and normal numbers need a floating type, got " + dtype);
        }
        return dtype;
    }
}
