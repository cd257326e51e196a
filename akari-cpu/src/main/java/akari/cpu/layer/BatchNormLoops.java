package akari.cpu.layer;

import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The passes of {@link BatchNorm} over {@code rows} rows of {@code bytes}, a whole number of vectors. Sums keep four columns of vectors in
 * registers and walk down the rows; other passes run along them. Parameters are rows too.
 */
public final class BatchNormLoops {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int VECTOR = F.vectorByteSize();

    static final int LANES = F.length();

    private static final long ROW = Warmup.VECTORS * 64L;

    public static final Warmup WARMUP = new Warmup(
            (m, n) -> moments1(m, n, VECTOR, m, m + ROW, m + 2 * ROW),
            (m, n) -> moments4(m, n, VECTOR, m, m + 2 * ROW, m + 3 * ROW),
            (m, n) -> normalize(m, 1, (long) n * VECTOR, m, m, m, m + ROW),
            (m, n) -> normalize(m, 1, (long) n * VECTOR, m, m, m, 6, m + ROW));

    public static final Warmup GRADIENT_WARMUP = new Warmup(
            (m, n) -> sums1(m, m, n, VECTOR, m, m, m, 6, m + ROW, m + 2 * ROW),
            (m, n) -> sums2(m, m, n, VECTOR, m, m, m, 6, m + 2 * ROW, m + 3 * ROW),
            (m, n) -> gradient(m, m, 1, (long) n * VECTOR, m, m, m, 6, m, m, m + ROW),
            (m, n) -> sums1(m, m, n, VECTOR, m, m + ROW, m + 2 * ROW),
            (m, n) -> sums4(m, m, n, VECTOR, m, m + 2 * ROW, m + 3 * ROW),
            (m, n) -> gradient(m, m, 1, (long) n * VECTOR, m, m, m, m, m + ROW));

    private BatchNormLoops() {}

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address, ORDER);
    }

    private static void store(FloatVector v, long address) {
        v.intoMemorySegment(SystemMemory.ALL, address, ORDER);
    }

    // ---- sums down the rows

    /** Sums of {@code x - pivot} and of its squares. */
    static void moments(long x, long rows, long bytes, long pivot, long sum, long squares) {
        long c = 0;
        for (; c + 4 * VECTOR <= bytes; c += 4 * VECTOR) {
            moments4(x + c, rows, bytes, pivot + c, sum + c, squares + c);
        }
        for (; c < bytes; c += VECTOR) {
            moments1(x + c, rows, bytes, pivot + c, sum + c, squares + c);
        }
    }

    private static void moments4(long x, long rows, long step, long pivot, long sum, long squares) {
        FloatVector p0 = load(pivot);
        FloatVector p1 = load(pivot + VECTOR);
        FloatVector p2 = load(pivot + 2 * VECTOR);
        FloatVector p3 = load(pivot + 3 * VECTOR);
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector q0 = s0;
        FloatVector q1 = s0;
        FloatVector q2 = s0;
        FloatVector q3 = s0;
        for (long r = 0; r < rows; r++) {
            FloatVector v0 = load(x).sub(p0);
            FloatVector v1 = load(x + VECTOR).sub(p1);
            FloatVector v2 = load(x + 2 * VECTOR).sub(p2);
            FloatVector v3 = load(x + 3 * VECTOR).sub(p3);
            s0 = s0.add(v0);
            s1 = s1.add(v1);
            s2 = s2.add(v2);
            s3 = s3.add(v3);
            q0 = v0.fma(v0, q0);
            q1 = v1.fma(v1, q1);
            q2 = v2.fma(v2, q2);
            q3 = v3.fma(v3, q3);
            x += step;
        }
        store(s0, sum);
        store(s1, sum + VECTOR);
        store(s2, sum + 2 * VECTOR);
        store(s3, sum + 3 * VECTOR);
        store(q0, squares);
        store(q1, squares + VECTOR);
        store(q2, squares + 2 * VECTOR);
        store(q3, squares + 3 * VECTOR);
    }

    private static void moments1(long x, long rows, long step, long pivot, long sum, long squares) {
        FloatVector p = load(pivot);
        FloatVector s = FloatVector.zero(F);
        FloatVector q = s;
        for (long r = 0; r < rows; r++) {
            FloatVector v = load(x).sub(p);
            s = s.add(v);
            q = v.fma(v, q);
            x += step;
        }
        store(s, sum);
        store(q, squares);
    }

    /** Sums of {@code g} and of {@code g·(x - center)}. */
    static void sums(long x, long g, long rows, long bytes, long center, long sum, long product) {
        long c = 0;
        for (; c + 4 * VECTOR <= bytes; c += 4 * VECTOR) {
            sums4(x + c, g + c, rows, bytes, center + c, sum + c, product + c);
        }
        for (; c < bytes; c += VECTOR) {
            sums1(x + c, g + c, rows, bytes, center + c, sum + c, product + c);
        }
    }

    private static void sums1(long x, long g, long rows, long step, long center, long sum, long product) {
        FloatVector m = load(center);
        FloatVector s = FloatVector.zero(F);
        FloatVector p = s;
        for (long r = 0; r < rows; r++) {
            FloatVector u = load(g);
            s = s.add(u);
            p = u.fma(load(x).sub(m), p);
            x += step;
            g += step;
        }
        store(s, sum);
        store(p, product);
    }

    private static void sums4(long x, long g, long rows, long step, long center, long sum, long product) {
        FloatVector m0 = load(center);
        FloatVector m1 = load(center + VECTOR);
        FloatVector m2 = load(center + 2 * VECTOR);
        FloatVector m3 = load(center + 3 * VECTOR);
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector p0 = s0;
        FloatVector p1 = s0;
        FloatVector p2 = s0;
        FloatVector p3 = s0;
        for (long r = 0; r < rows; r++) {
            FloatVector v0 = load(x).sub(m0);
            FloatVector u0 = load(g);
            s0 = s0.add(u0);
            p0 = u0.fma(v0, p0);
            FloatVector v1 = load(x + VECTOR).sub(m1);
            FloatVector u1 = load(g + VECTOR);
            s1 = s1.add(u1);
            p1 = u1.fma(v1, p1);
            FloatVector v2 = load(x + 2 * VECTOR).sub(m2);
            FloatVector u2 = load(g + 2 * VECTOR);
            s2 = s2.add(u2);
            p2 = u2.fma(v2, p2);
            FloatVector v3 = load(x + 3 * VECTOR).sub(m3);
            FloatVector u3 = load(g + 3 * VECTOR);
            s3 = s3.add(u3);
            p3 = u3.fma(v3, p3);
            x += step;
            g += step;
        }
        store(s0, sum);
        store(s1, sum + VECTOR);
        store(s2, sum + 2 * VECTOR);
        store(s3, sum + 3 * VECTOR);
        store(p0, product);
        store(p1, product + VECTOR);
        store(p2, product + 2 * VECTOR);
        store(p3, product + 3 * VECTOR);
    }

    /** {@link #sums} of the gradient before {@code clamp(·, 0, high)}. */
    static void sums(
            long x,
            long g,
            long rows,
            long bytes,
            long center,
            long scale,
            long shift,
            float high,
            long sum,
            long product) {
        long c = 0;
        for (; c + 2 * VECTOR <= bytes; c += 2 * VECTOR) {
            sums2(x + c, g + c, rows, bytes, center + c, scale + c, shift + c, high, sum + c, product + c);
        }
        for (; c < bytes; c += VECTOR) {
            sums1(x + c, g + c, rows, bytes, center + c, scale + c, shift + c, high, sum + c, product + c);
        }
    }

    private static void sums1(
            long x,
            long g,
            long rows,
            long step,
            long center,
            long scale,
            long shift,
            float high,
            long sum,
            long product) {
        FloatVector m = load(center);
        FloatVector a = load(scale);
        FloatVector b = load(shift);
        FloatVector s = FloatVector.zero(F);
        FloatVector p = s;
        for (long r = 0; r < rows; r++) {
            FloatVector v = load(x).sub(m);
            FloatVector u = before(load(g), v.fma(a, b), high);
            s = s.add(u);
            p = u.fma(v, p);
            x += step;
            g += step;
        }
        store(s, sum);
        store(p, product);
    }

    /** Two vectors at a time: with four, the method is too large for C2 to keep its vectors in registers. */
    private static void sums2(
            long x,
            long g,
            long rows,
            long step,
            long center,
            long scale,
            long shift,
            float high,
            long sum,
            long product) {
        FloatVector m0 = load(center);
        FloatVector m1 = load(center + VECTOR);
        FloatVector a0 = load(scale);
        FloatVector a1 = load(scale + VECTOR);
        FloatVector b0 = load(shift);
        FloatVector b1 = load(shift + VECTOR);
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector p0 = s0;
        FloatVector p1 = s0;
        for (long r = 0; r < rows; r++) {
            FloatVector v0 = load(x).sub(m0);
            FloatVector v1 = load(x + VECTOR).sub(m1);
            FloatVector u0 = before(load(g), v0.fma(a0, b0), high);
            FloatVector u1 = before(load(g + VECTOR), v1.fma(a1, b1), high);
            s0 = s0.add(u0);
            s1 = s1.add(u1);
            p0 = u0.fma(v0, p0);
            p1 = u1.fma(v1, p1);
            x += step;
            g += step;
        }
        store(s0, sum);
        store(s1, sum + VECTOR);
        store(p0, product);
        store(p1, product + VECTOR);
    }

    /** 0 where the clamp held {@code z}, else {@code g}; NaN lets it pass, as the activations' slopes do. */
    private static FloatVector before(FloatVector g, FloatVector z, float high) {
        FloatVector zero = FloatVector.zero(F);
        return g.blend(zero, z.compare(VectorOperators.LE, zero).or(z.compare(VectorOperators.GE, high)));
    }

    // ---- along the rows

    static void normalize(long x, long rows, long bytes, long center, long scale, long shift, long to) {
        for (long r = 0; r < rows; r++) {
            for (long c = 0; c < bytes; c += VECTOR) {
                store(load(x + c).sub(load(center + c)).fma(load(scale + c), load(shift + c)), to + c);
            }
            x += bytes;
            to += bytes;
        }
    }

    /** {@link #normalize} and {@code clamp(·, 0, high)}; NaN passes. */
    static void normalize(long x, long rows, long bytes, long center, long scale, long shift, float high, long to) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector most = FloatVector.broadcast(F, high);
        for (long r = 0; r < rows; r++) {
            for (long c = 0; c < bytes; c += VECTOR) {
                FloatVector z = load(x + c).sub(load(center + c)).fma(load(scale + c), load(shift + c));
                z = z.blend(zero, z.lt(zero));
                store(z.blend(most, most.lt(z)), to + c);
            }
            x += bytes;
            to += bytes;
        }
    }

    /** {@code scale·g + slope·(x - center) + constant}. */
    static void gradient(
            long x, long g, long rows, long bytes, long center, long scale, long slope, long constant, long to) {
        for (long r = 0; r < rows; r++) {
            for (long c = 0; c < bytes; c += VECTOR) {
                FloatVector v = load(x + c).sub(load(center + c));
                v = v.fma(load(slope + c), load(constant + c));
                store(load(g + c).fma(load(scale + c), v), to + c);
            }
            x += bytes;
            g += bytes;
            to += bytes;
        }
    }

    static void gradient(
            long x,
            long g,
            long rows,
            long bytes,
            long center,
            long scale,
            long shift,
            float high,
            long slope,
            long constant,
            long to) {
        for (long r = 0; r < rows; r++) {
            for (long c = 0; c < bytes; c += VECTOR) {
                FloatVector a = load(scale + c);
                FloatVector v = load(x + c).sub(load(center + c));
                FloatVector u = before(load(g + c), v.fma(a, load(shift + c)), high);
                store(u.fma(a, v.fma(load(slope + c), load(constant + c))), to + c);
            }
            x += bytes;
            g += bytes;
            to += bytes;
        }
    }
}
