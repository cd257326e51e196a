package akari.cpu.dnn;

import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one-dimensional transforms of F(4, 3), each on runs of {@code bytes} of FLOAT32: rows of tiles, side by side in memory for all
 * channels. A two-dimensional transform applies one along the columns and then along the rows.
 *
 * <p>The interpolation points are 0, ±a, ±b, ∞ with a = √½ and b = √2. With the usual 0, ±1, ±2 the matrices have larger entries, and
 * the rounding error is twice as large (measured).
 *
 * <p>Small methods with one loop each: C2 stops inlining in larger ones, and then every vector is an object.
 */
public final class WinogradTransforms {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** A run is a whole number of vectors. */
    static final int VECTOR = F.vectorByteSize();

    private static final float ROOT = (float) Math.sqrt(2);
    private static final FloatVector A = FloatVector.broadcast(F, (float) Math.sqrt(0.5));
    private static final FloatVector B = FloatVector.broadcast(F, ROOT);
    private static final FloatVector A3 = FloatVector.broadcast(F, (float) (Math.sqrt(2) / 4));
    private static final FloatVector B3 = FloatVector.broadcast(F, 2 * ROOT);
    private static final FloatVector MINUS_A = A.neg();
    private static final FloatVector MINUS_B = B.neg();
    private static final FloatVector ZERO = FloatVector.zero(F);
    private static final FloatVector HALF = FloatVector.broadcast(F, 0.5f);
    private static final FloatVector TWO = FloatVector.broadcast(F, 2f);
    private static final FloatVector MINUS_HALF = FloatVector.broadcast(F, -0.5f);
    private static final FloatVector MINUS2 = FloatVector.broadcast(F, -2f);
    private static final FloatVector MINUS5_2 = FloatVector.broadcast(F, -2.5f);
    private static final FloatVector NA = FloatVector.broadcast(F, -2f / 3);
    private static final FloatVector NA_A = FloatVector.broadcast(F, (float) (-Math.sqrt(2) / 3));
    private static final FloatVector NB = FloatVector.broadcast(F, 1f / 6);
    private static final FloatVector NB_B = FloatVector.broadcast(F, (float) (Math.sqrt(2) / 6));

    private static final long ROW = Warmup.VECTORS * 64L;

    /** What a forward convolution and the input gradient run. */
    public static final Warmup WARMUP = new Warmup(
            (m, n) -> filter(m, m, m, m + ROW, ROW, (long) n * VECTOR),
            (m, n) -> input(m, m, m, m, m, m, m + ROW, ROW, (long) n * VECTOR),
            (m, n) -> output(m, ROW, m + 6 * ROW, m + 7 * ROW, m + 8 * ROW, m + 9 * ROW, (long) n * VECTOR),
            (m, n) -> finiteOutput(m, ROW, m + 6 * ROW, m + 7 * ROW, m + 8 * ROW, m + 9 * ROW, (long) n * VECTOR),
            (m, n) -> finish(m, m, n % 2 == 0, 0, 6, m + ROW, (long) n * VECTOR));

    public static final Warmup GRADIENT_WARMUP = new Warmup(
            (m, n) -> gradient(m, m, m, m, m + ROW, ROW, (long) n * VECTOR),
            (m, n) -> taps(m, ROW, m + 6 * ROW, m + 7 * ROW, m + 8 * ROW, (long) n * VECTOR));

    private WinogradTransforms() {}

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address, ORDER);
    }

    private static void store(FloatVector v, long address) {
        v.intoMemorySegment(SystemMemory.ALL, address, ORDER);
    }

    /** Bᵀ: six inputs to six; the results {@code step} apart. */
    static void input(long s0, long s1, long s2, long s3, long s4, long s5, long to, long step, long bytes) {
        for (long o = 0; o < bytes; o += VECTOR) {
            FloatVector d1 = load(s1 + o);
            FloatVector d2 = load(s2 + o);
            FloatVector d3 = load(s3 + o);
            FloatVector d4 = load(s4 + o);
            FloatVector evenA = d2.fma(MINUS2, d4);
            FloatVector oddA = d1.fma(MINUS2, d3);
            FloatVector evenB = d2.fma(MINUS_HALF, d4);
            FloatVector oddB = d1.fma(MINUS_HALF, d3);
            long d = to + o;
            store(load(s0 + o).add(d2.fma(MINUS5_2, d4)), d);
            store(oddA.fma(A, evenA), d + step);
            store(oddA.fma(MINUS_A, evenA), d + 2 * step);
            store(oddB.fma(B, evenB), d + 3 * step);
            store(oddB.fma(MINUS_B, evenB), d + 4 * step);
            store(d1.add(d3.fma(MINUS5_2, load(s5 + o))), d + 5 * step);
        }
    }

    /** Aᵀ: six products, {@code step} apart, to four outputs. */
    static void output(long from, long step, long d0, long d1, long d2, long d3, long bytes) {
        for (long o = 0; o < bytes; o += VECTOR) {
            long s = from + o;
            FloatVector m1 = load(s + step);
            FloatVector m2 = load(s + 2 * step);
            FloatVector m3 = load(s + 3 * step);
            FloatVector m4 = load(s + 4 * step);
            FloatVector evenA = m1.add(m2);
            FloatVector oddA = m1.sub(m2);
            FloatVector evenB = m3.add(m4);
            FloatVector oddB = m3.sub(m4);
            store(load(s).add(evenA).add(evenB), d0 + o);
            store(oddA.fma(A, oddB.mul(B)), d1 + o);
            store(evenA.fma(HALF, evenB.mul(TWO)), d2 + o);
            store(oddA.fma(A3, oddB.fma(B3, load(s + 5 * step))), d3 + o);
        }
    }

    /** {@link #output}, and whether all four are finite: 0 times an infinity, or NaN, is NaN. */
    static boolean finiteOutput(long from, long step, long d0, long d1, long d2, long d3, long bytes) {
        FloatVector zeros = ZERO;
        for (long o = 0; o < bytes; o += VECTOR) {
            long s = from + o;
            FloatVector m1 = load(s + step);
            FloatVector m2 = load(s + 2 * step);
            FloatVector m3 = load(s + 3 * step);
            FloatVector m4 = load(s + 4 * step);
            FloatVector evenA = m1.add(m2);
            FloatVector oddA = m1.sub(m2);
            FloatVector evenB = m3.add(m4);
            FloatVector oddB = m3.sub(m4);
            FloatVector y0 = load(s).add(evenA).add(evenB);
            FloatVector y1 = oddA.fma(A, oddB.mul(B));
            FloatVector y2 = evenA.fma(HALF, evenB.mul(TWO));
            FloatVector y3 = oddA.fma(A3, oddB.fma(B3, load(s + 5 * step)));
            store(y0, d0 + o);
            store(y1, d1 + o);
            store(y2, d2 + o);
            store(y3, d3 + o);
            zeros = y0.add(y1).add(y2.add(y3)).fma(ZERO, zeros);
        }
        return zeros.eq(ZERO).allTrue();
    }

    /** G: a filter's three taps to six. */
    static void filter(long s0, long s1, long s2, long to, long step, long bytes) {
        for (long o = 0; o < bytes; o += VECTOR) {
            FloatVector g0 = load(s0 + o);
            FloatVector g1 = load(s1 + o);
            FloatVector g2 = load(s2 + o);
            FloatVector evenA = g2.fma(HALF, g0).mul(NA);
            FloatVector evenB = g2.fma(TWO, g0).mul(NB);
            FloatVector oddA = g1.mul(NA_A);
            FloatVector oddB = g1.mul(NB_B);
            long d = to + o;
            store(g0, d);
            store(evenA.add(oddA), d + step);
            store(evenA.sub(oddA), d + 2 * step);
            store(evenB.add(oddB), d + 3 * step);
            store(evenB.sub(oddB), d + 4 * step);
            store(g2, d + 5 * step);
        }
    }

    /** G for a filter of four taps: the upstream gradient's tile, of which the weight gradient is a correlation. */
    static void gradient(long s0, long s1, long s2, long s3, long to, long step, long bytes) {
        for (long o = 0; o < bytes; o += VECTOR) {
            FloatVector g0 = load(s0 + o);
            FloatVector g1 = load(s1 + o);
            FloatVector g2 = load(s2 + o);
            FloatVector g3 = load(s3 + o);
            FloatVector evenA = g2.fma(HALF, g0).mul(NA);
            FloatVector evenB = g2.fma(TWO, g0).mul(NB);
            FloatVector oddA = g3.fma(HALF, g1).mul(NA_A);
            FloatVector oddB = g3.fma(TWO, g1).mul(NB_B);
            long d = to + o;
            store(g0, d);
            store(evenA.add(oddA), d + step);
            store(evenA.sub(oddA), d + 2 * step);
            store(evenB.add(oddB), d + 3 * step);
            store(evenB.sub(oddB), d + 4 * step);
            store(g3, d + 5 * step);
        }
    }

    /** Aᵀ of F(3, 4): six products, {@code step} apart, to a filter's three taps. */
    static void taps(long from, long step, long d0, long d1, long d2, long bytes) {
        for (long o = 0; o < bytes; o += VECTOR) {
            long s = from + o;
            FloatVector m1 = load(s + step);
            FloatVector m2 = load(s + 2 * step);
            FloatVector m3 = load(s + 3 * step);
            FloatVector m4 = load(s + 4 * step);
            FloatVector evenA = m1.add(m2);
            FloatVector oddA = m1.sub(m2);
            FloatVector evenB = m3.add(m4);
            FloatVector oddB = m3.sub(m4);
            store(load(s).add(evenA).add(evenB), d0 + o);
            store(oddA.fma(A, oddB.mul(B)), d1 + o);
            store(evenA.fma(HALF, evenB.fma(TWO, load(s + 5 * step))), d2 + o);
        }
    }

    /** {@code to = clamp(from + bias + (accumulate ? to : 0), low, high)}; NaN passes. */
    static void finish(long from, long bias, boolean accumulate, float low, float high, long to, long bytes) {
        FloatVector least = FloatVector.broadcast(F, low);
        FloatVector most = FloatVector.broadcast(F, high);
        if (accumulate) {
            for (long o = 0; o < bytes; o += VECTOR) {
                FloatVector v = load(from + o).add(load(bias + o)).add(load(to + o));
                v = v.blend(least, v.lt(least));
                store(v.blend(most, most.lt(v)), to + o);
            }
        } else {
            for (long o = 0; o < bytes; o += VECTOR) {
                FloatVector v = load(from + o).add(load(bias + o));
                v = v.blend(least, v.lt(least));
                store(v.blend(most, most.lt(v)), to + o);
            }
        }
    }
}
