package akari.backend;

/**
 * The counter-based generator Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011):
 * block {@code counter} of the stream {@code key} is four words that depend on nothing else, so a fill is the same on every
 * device and with any number of threads.
 *
 * <p>An element of an 8-byte type draws two words, one of any other type one; a fill takes the blocks from its offset on, in
 * row-major order.
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

    /** The block of the 128-bit counter {@code high:low}. */
    static void block(long key, long low, long high, int[] words) {
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

    /** Elements of {@code t} that one block gives: 2 of an 8-byte type, else 4. */
    public static int perBlock(DType t) {
        return t.bytes() == 8 ? 2 : 4;
    }

    /** Blocks that a fill of {@code numel} elements uses up; the next fill starts so much further on. */
    public static long blocks(DType t, long numel) {
        return Math.ceilDiv(numel, perBlock(t));
    }

    /** In [0, 1), a multiple of 2⁻²⁴. */
    public static float uniform(int word) {
        return (word >>> 8) * 0x1p-24f;
    }

    /** In [0, 1), a multiple of 2⁻⁵³; {@code first} gives the high bits. */
    public static double uniform(int first, int second) {
        return (both(first, second) >>> 11) * 0x1p-53;
    }

    /** In 0 … n-1: the high half of word times n. */
    public static long below(long n, int word) {
        return ((word & 0xffffffffL) * n) >>> 32;
    }

    /** In 0 … n-1, for any range. */
    public static long below(long n, int first, int second) {
        return Math.unsignedMultiplyHigh(both(first, second), n);
    }

    private static long both(int first, int second) {
        return (long) first << 32 | second & 0xffffffffL;
    }

    /** See {@link Backend#random}. */
    static void fill(Distribution kind, long seed, long offset, double a, double b, View out) {
        DType t = out.dtype();
        int per = perBlock(t);
        int[] words = new int[4];
        double[] draws = new double[per];
        long i = 0;
        Rows rows = Rows.ordered(out);
        while (rows.next()) {
            for (long j = 0; j < rows.length; j++, i++) {
                int slot = (int) (i % per);
                if (slot == 0) {
                    block(seed, offset + i / per, words);
                    draw(kind, a, b, t, words, draws);
                }
                Memory.set(t, rows.at(0, j), draws[slot]);
            }
        }
    }

    private static void draw(Distribution kind, double a, double b, DType t, int[] w, double[] draws) {
        int per = draws.length;
        for (int s = 0; s < per; s++) {
            double u = per == 4 ? uniform(w[s]) : uniform(w[2 * s], w[2 * s + 1]);
            draws[s] = switch (kind) {
                case UNIFORM -> uniformIn(a, b, u, t);
                case NORMAL -> u;
                case BERNOULLI -> u < a ? 1 : 0;
                case INTEGER -> {
                    long n = (long) b - (long) a;
                    yield (long) a + (per == 4 ? below(n, w[s]) : below(n, w[2 * s], w[2 * s + 1]));
                }
            };
        }
        if (kind == Distribution.NORMAL) {
            double tiny = per == 4 ? 0x1p-24 : 0x1p-53;
            for (int s = 0; s < per; s += 2) {
                // Box and Muller: two uniforms give two normals; the shift keeps the logarithm finite
                double r = Math.sqrt(-2 * Math.log(draws[s] + tiny));
                double angle = 2 * Math.PI * draws[s + 1];
                draws[s] = a + b * r * Math.cos(angle);
                draws[s + 1] = a + b * r * Math.sin(angle);
            }
        }
    }

    /** Rounding must not reach b. */
    private static double uniformIn(double a, double b, double u, DType t) {
        double rounded = t.round(a + (b - a) * u);
        if (rounded < b || !(a < b)) {
            return rounded;
        }
        return switch (t) {
            case FLOAT64 -> Math.nextDown(b);
            case FLOAT16, BFLOAT16 -> below(t, b);
            default -> Math.nextDown((float) b);
        };
    }

    /** The largest number of the half type {@code t} below {@code b}: steps far smaller than its spacing lead there. */
    private static double below(DType t, double b) {
        double v = t.round(b);
        for (double step = Math.ulp((float) b); v >= b; step *= 2) {
            v = t.round(b - step);
        }
        return v;
    }
}
