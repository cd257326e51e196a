package akari.backend;

import akari.core.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@link Factorizations} by the routines of a LAPACK, a matrix at a time. The methods to implement have the meaning and the arguments
 * of the routine whose name they bear, for FLOAT64 or FLOAT32; matrices are addresses, and as tall as their leading dimension.
 */
public abstract class Lapack implements Factorizations {

    protected abstract int potrf(DType type, int n, long a);

    protected abstract int getrf(DType type, int m, int n, long a, long pivots);

    protected abstract int getrs(DType type, boolean transposed, int n, int columns, long lu, long pivots, long b);

    protected abstract int trtrs(
            DType type, boolean upper, boolean transposed, boolean unit, int n, int columns, long a, long b);

    protected abstract int geqrf(DType type, int m, int n, long a, long tau);

    /** The first {@code n} columns of the product of {@code k} reflectors. */
    protected abstract int orgqr(DType type, int m, int n, int k, long a, long tau);

    /** @param job N, S or A, as gesdd has it */
    protected abstract int gesdd(DType type, char job, int m, int n, long a, long s, long u, long vt);

    protected abstract int syevd(DType type, boolean vectors, int n, long a, long values);

    /** Calls {@code one} for each of {@code count} matrices no size of which exceeds {@code order}; gives its results. */
    protected int[] each(int count, int order, IntUnaryOperator one) {
        int[] info = new int[count];
        for (int i = 0; i < count; i++) {
            info[i] = one.applyAsInt(i);
        }
        return info;
    }

    private int[] run(View a, IntUnaryOperator one) {
        return run(a, 0, one);
    }

    private int[] run(View a, int otherSize, IntUnaryOperator one) {
        long batches = a.numel() / (a.layout().size(-1) * a.layout().size(-2));
        int order = Math.max(otherSize, Math.max(rows(a), columns(a)));
        int[] info = each(Math.toIntExact(batches), order, i -> checked(one.applyAsInt(i)));
        Reference.reachabilityFence(a);
        return info;
    }

    private static int checked(int info) {
        if (info < 0) {
            throw new IllegalStateException("LAPACK refuses argument " + -info);
        }
        return info;
    }

    private static int rows(View a) {
        return Math.toIntExact(a.layout().size(-2));
    }

    private static int columns(View a) {
        return Math.toIntExact(a.layout().size(-1));
    }

    /** Address of the {@code i}-th matrix. */
    private static long matrix(View v, int i) {
        return member(v, i, 2);
    }

    /** Address of the {@code i}-th member of a batch, whose members have {@code rank} dimensions. */
    private static long member(View v, int i, int rank) {
        Layout l = v.layout();
        long at = 0;
        long left = i;
        for (int d = l.rank() - rank - 1; d >= 0; d--) {
            at += left % l.size(d) * l.stride(d);
            left /= l.size(d);
        }
        return v.address() + at * v.dtype().bytes();
    }

    @Override
    public final int[] cholesky(View a) {
        return run(a, i -> potrf(a.dtype(), rows(a), matrix(a, i)));
    }

    @Override
    public final int[] lu(View a, View pivots) {
        int[] info = run(a, i -> getrf(a.dtype(), rows(a), columns(a), matrix(a, i), member(pivots, i, 1)));
        Reference.reachabilityFence(pivots);
        return info;
    }

    @Override
    public final void luSolve(View lu, View pivots, boolean transposed, View b) {
        run(
                lu,
                columns(b),
                i -> getrs(
                        lu.dtype(),
                        transposed,
                        rows(lu),
                        columns(b),
                        matrix(lu, i),
                        member(pivots, i, 1),
                        matrix(b, i)));
        Reference.reachabilityFence(pivots);
        Reference.reachabilityFence(b);
    }

    @Override
    public final int[] triangularSolve(View a, boolean upper, boolean transposed, boolean unit, View b) {
        int[] info = run(
                a,
                columns(b),
                i -> trtrs(a.dtype(), upper, transposed, unit, rows(a), columns(b), matrix(a, i), matrix(b, i)));
        Reference.reachabilityFence(b);
        return info;
    }

    @Override
    public final void qr(View a, View q) {
        int m = rows(a);
        int k = Math.min(m, columns(a));
        int bytes = a.dtype().bytes();
        run(a, i -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment tau = arena.allocate((long) k * bytes, 64);
                int info = geqrf(a.dtype(), m, columns(a), matrix(a, i), tau.address());
                MemorySegment.copy(Memory.ALL, matrix(a, i), Memory.ALL, matrix(q, i), (long) m * k * bytes);
                return info < 0 ? info : orgqr(a.dtype(), m, columns(q), k, matrix(q, i), tau.address());
            }
        });
        Reference.reachabilityFence(q);
    }

    @Override
    public final int[] svd(View a, @Nullable View u, View s, @Nullable View vt) {
        int m = rows(a);
        int n = columns(a);
        boolean all = u != null && vt != null && (columns(u) > Math.min(m, n) || rows(vt) > Math.min(m, n));
        char job = u == null ? 'N' : all ? 'A' : 'S';
        int[] info = run(
                a,
                i -> gesdd(
                        a.dtype(),
                        job,
                        m,
                        n,
                        matrix(a, i),
                        member(s, i, 1),
                        u == null ? 0 : matrix(u, i),
                        vt == null ? 0 : matrix(vt, i)));
        Reference.reachabilityFence(u);
        Reference.reachabilityFence(s);
        Reference.reachabilityFence(vt);
        return info;
    }

    @Override
    public final int[] eigh(View a, View values, boolean vectors) {
        int[] info = run(a, i -> syevd(a.dtype(), vectors, rows(a), matrix(a, i), member(values, i, 1)));
        Reference.reachabilityFence(values);
        return info;
    }
}
