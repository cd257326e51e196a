package akari.backend;

import akari.core.DType;

/**
 * The counter-based generator Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011):
 * block {@code counter} of the stream {@code key} is four words that depend on nothing else, so a fill is the same on every
 * device and with any number of threads.
 *
 * <p>A fill takes the blocks from its offset on, in row-major order; how many words an element takes is its {@link Distribution}'s
 * affair.
 */
public final class Philox {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;

    private Philox() {}

    /** Writes the four words of block {@code counter} to {@code words}. */
    public static void block(long key, long counter, int[] words) {
        block(key, counter, 0, words);
    }

    /** The block of the 128-bit counter {@code high:low}; fills stay in {@code high} 0. */
    public static void block(long key, long low, long high, int[] words) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = (M0 & 0xffffffffL) * (c0 & 0xffffffffL);
            long p1 = (M1 & 0xffffffffL) * (c2 & 0xffffffffL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }

    /** In [0, 1), a multiple of 2⁻²⁴. */
    public static float uniform(int word) {
        return (word >>> 8) * 0x1p-24f;
    }

    /** In [0, 1), a multiple of 2⁻⁵³; {@code first} gives the high bits. */
    public static double uniform(int first, int second) {
        return (both(first, second) >>> 11) * 0x1p-53;
    }

    /** Number {@code i} in [0, 1) of a block of which each number takes one word or two. */
    static double uniform(int[] words, int i, int each) {
        return each == 1 ? uniform(words[i]) : uniform(words[2 * i], words[2 * i + 1]);
    }

    /** Number {@code i} of the two in (0, 1) that a block gives, an odd multiple of 2⁻⁵⁴ but for those next to 1. */
    static double open(int[] words, int i) {
        return Math.min(uniform(words[2 * i], words[2 * i + 1]) + 0x1p-54, Math.nextDown(1.0));
    }

    /** In 0 … n-1: the high half of word times n. */
    public static long below(long n, int word) {
        return ((word & 0xffffffffL) * n) >>> 32;
    }

    /** In 0 … n-1 for an unsigned n; any long for n = 0. */
    public static long below(long n, int first, int second) {
        return n == 0 ? both(first, second) : Math.unsignedMultiplyHigh(both(first, second), n);
    }

    private static long both(int first, int second) {
        return (long) first << 32 | second & 0xffffffffL;
    }

    /** See {@link Backend#random}. */
    public static void fill(Distribution kind, long seed, long offset, View out) {
        DType t = out.dtype();
        Draws draws = new Draws(kind, seed, offset, t);
        Rows rows = Rows.ordered(out);
        while (rows.next()) {
            for (long j = 0; j < rows.length; ) {
                int n = (int) Math.min(draws.ready(), rows.length - j);
                draws.store(t, rows.at(0, j), rows.stride[0], n);
                j += n;
            }
        }
    }

    /** The elements of a fill, some hundreds at a time. */
    private static final class Draws {
        private static final int SIZE = 256;

        private final Distribution kind;
        private final DType type;
        private final long seed;
        private final int[] words = new int[4];
        private final double[] numbers;
        private final long[] wholes;
        private long block;
        private int at = SIZE;

        Draws(Distribution kind, long seed, long block, DType type) {
            this.kind = kind;
            this.type = type;
            this.seed = seed;
            this.block = block;
            boolean whole = kind instanceof Distribution.Whole;
            numbers = new double[whole ? 0 : SIZE];
            wholes = new long[whole ? SIZE : 0];
        }

        /** How many elements are ready: at least one. */
        int ready() {
            if (at == SIZE) {
                int per = kind.perBlock(type);
                for (at = 0; at < SIZE; at += per) {
                    block(seed, block++, words);
                    if (kind instanceof Distribution.Whole w) {
                        w.draw(type, words, wholes, at);
                    } else {
                        kind.draw(type, words, numbers, at);
                    }
                }
                at = 0;
            }
            return SIZE - at;
        }

        void store(DType t, long address, long stride, int n) {
            if (kind instanceof Distribution.Whole) {
                Memory.store(t, wholes, at, address, stride, n);
            } else {
                Memory.store(t, numbers, at, address, stride, n);
            }
            at += n;
        }
    }
}
