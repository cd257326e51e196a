package akari.backend;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import akari.core.DType;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.netlib.lapack.Dgeqrf;
import org.netlib.lapack.Dgesdd;
import org.netlib.lapack.Dgetrf;
import org.netlib.lapack.Dgetrs;
import org.netlib.lapack.Dorgqr;
import org.netlib.lapack.Dpotrf;
import org.netlib.lapack.Dsyevd;
import org.netlib.lapack.Dtrtrs;
import org.netlib.util.intW;

/**
 * LAPACK itself, translated to Java: in double precision for both types, on arrays. Some of its routines keep what Fortran saved
 * between calls in static fields, so that one runs at a time.
 */
final class JavaLapack extends Lapack {
    private static final Object LOCK = new Object();

    private interface Routine {
        void run(intW info);
    }

    private static int call(Routine routine) {
        intW info = new intW(0);
        synchronized (LOCK) {
            routine.run(info);
        }
        return info.val;
    }

    private static double[] load(DType type, long address, int n) {
        double[] x = new double[n];
        Memory.load(type, address, 1, x, 0, n);
        return x;
    }

    private static void store(DType type, double[] x, long address) {
        Memory.store(type, x, 0, address, 1, x.length);
    }

    private static int[] pivots(long address, int n) {
        int[] p = new int[n];
        MemorySegment.copy(Memory.ALL, JAVA_INT, address, p, 0, n);
        return p;
    }

    /** Asks a routine for the work space that it wants, with an array of 1 and a length of -1. */
    private static double[] workspace(Function<double[], Routine> routine) {
        double[] size = new double[1];
        call(routine.apply(size));
        return new double[Math.max(1, (int) size[0])];
    }

    private static String transposition(boolean transposed) {
        return transposed ? "T" : "N";
    }

    @Override
    protected int potrf(DType type, int n, long a) {
        double[] x = load(type, a, n * n);
        int result = call(info -> Dpotrf.dpotrf("L", n, x, 0, n, info));
        store(type, x, a);
        return result;
    }

    @Override
    protected int getrf(DType type, int m, int n, long a, long pivots) {
        double[] x = load(type, a, m * n);
        int[] p = new int[Math.min(m, n)];
        int result = call(info -> Dgetrf.dgetrf(m, n, x, 0, m, p, 0, info));
        store(type, x, a);
        MemorySegment.copy(p, 0, Memory.ALL, JAVA_INT, pivots, p.length);
        return result;
    }

    @Override
    protected int getrs(DType type, boolean transposed, int n, int columns, long lu, long pivots, long b) {
        double[] x = load(type, lu, n * n);
        double[] y = load(type, b, n * columns);
        int[] p = pivots(pivots, n);
        int result = call(info -> Dgetrs.dgetrs(transposition(transposed), n, columns, x, 0, n, p, 0, y, 0, n, info));
        store(type, y, b);
        return result;
    }

    @Override
    protected int trtrs(
            DType type, boolean upper, boolean transposed, boolean unit, int n, int columns, long a, long b) {
        double[] x = load(type, a, n * n);
        double[] y = load(type, b, n * columns);
        int result = call(info -> Dtrtrs.dtrtrs(
                upper ? "U" : "L", transposition(transposed), unit ? "U" : "N", n, columns, x, 0, n, y, 0, n, info));
        store(type, y, b);
        return result;
    }

    @Override
    protected int geqrf(DType type, int m, int n, long a, long tau) {
        double[] x = load(type, a, m * n);
        double[] t = new double[Math.min(m, n)];
        double[] work = workspace(size -> info -> Dgeqrf.dgeqrf(m, n, x, 0, m, t, 0, size, 0, -1, info));
        int result = call(info -> Dgeqrf.dgeqrf(m, n, x, 0, m, t, 0, work, 0, work.length, info));
        store(type, x, a);
        store(type, t, tau);
        return result;
    }

    @Override
    protected int orgqr(DType type, int m, int n, int k, long a, long tau) {
        double[] x = load(type, a, m * n);
        double[] t = load(type, tau, k);
        double[] work = workspace(size -> info -> Dorgqr.dorgqr(m, n, k, x, 0, m, t, 0, size, 0, -1, info));
        int result = call(info -> Dorgqr.dorgqr(m, n, k, x, 0, m, t, 0, work, 0, work.length, info));
        store(type, x, a);
        return result;
    }

    @Override
    protected int gesdd(DType type, char job, int m, int n, long a, long s, long u, long vt) {
        int k = Math.min(m, n);
        int left = job == 'A' ? m : k;
        int right = job == 'A' ? n : k;
        String how = String.valueOf(job);
        double[] x = load(type, a, m * n);
        double[] values = new double[k];
        double[] us = new double[job == 'N' ? 1 : m * left];
        double[] vts = new double[job == 'N' ? 1 : right * n];
        int[] integers = new int[8 * k];
        double[] work = workspace(size -> info ->
                Dgesdd.dgesdd(how, m, n, x, 0, m, values, 0, us, 0, m, vts, 0, right, size, 0, -1, integers, 0, info));
        int result = call(info -> Dgesdd.dgesdd(
                how, m, n, x, 0, m, values, 0, us, 0, m, vts, 0, right, work, 0, work.length, integers, 0, info));
        store(type, values, s);
        if (job != 'N') {
            store(type, us, u);
            store(type, vts, vt);
        }
        return result;
    }

    @Override
    protected int syevd(DType type, boolean vectors, int n, long a, long values) {
        String how = vectors ? "V" : "N";
        double[] x = load(type, a, n * n);
        double[] w = new double[n];
        int[] integers = new int[vectors ? 3 + 5 * n : 1];
        double[] work = new double[vectors ? 1 + 6 * n + 2 * n * n : 2 * n + 1];
        int result = call(info ->
                Dsyevd.dsyevd(how, "L", n, x, 0, n, w, 0, work, 0, work.length, integers, 0, integers.length, info));
        store(type, x, a);
        store(type, w, values);
        return result;
    }
}
