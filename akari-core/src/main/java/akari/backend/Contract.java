package akari.backend;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What kernels rely on. Callers have looked at the same tensors before, but a tensor may get another memory from another thread in between
 * ({@code data}, the in-place forms of views), and a kernel that believes one operand's sizes of the others would leave their
 * blocks. The views here are what will be computed with.
 */
final class Contract {
    private Contract() {}

    private static void require(boolean holds, String call, @Nullable View... views) {
        if (!holds) {
            throw new IllegalStateException(call + ": operands "
                    + Arrays.stream(views)
                            .filter(Objects::nonNull)
                            .map(v -> v.dtype() + " " + v.shape())
                            .collect(Collectors.joining(", "))
                    + " do not fit. Each was looked at before, so another thread has given one of them other memory since:"
                    + " change a tensor while nobody else uses it");
        }
    }

    private static boolean alike(View first, @Nullable View... others) {
        Shape shape = first.shape();
        for (View v : others) {
            if (v != null && !v.shape().equals(shape)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameType(View first, View... others) {
        for (View v : others) {
            if (v.dtype() != first.dtype()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the sizes of {@code part} are those of {@code whole} or less, and in all dimensions but {@code free}. */
    private static boolean within(View part, View whole, int free) {
        Shape a = part.shape();
        Shape b = whole.shape();
        boolean fits = a.rank() == b.rank();
        for (int d = 0; fits && d < a.rank(); d++) {
            fits = d == free || a.get(d) <= b.get(d);
        }
        return fits;
    }

    private static int axis(View v, int dim) {
        return v.shape().rank() == 0 ? 0 : v.shape().axis(dim);
    }

    private static boolean isIndex(@Nullable View v) {
        return v == null || v.dtype() == DType.INT64;
    }

    /** Whether a vector of {@code n}, or none. */
    private static boolean vector(@Nullable View v, long n) {
        return v == null || v.shape().rank() == 1 && v.shape().get(0) == n;
    }

    /** Every element of every view has its place in the view's buffer. */
    static void inside(@Nullable View[] views) {
        for (View v : views) {
            if (v != null && !v.layout().within(v.buffer().bytes() / v.dtype().bytes())) {
                throw new IllegalStateException(
                        "an operand " + v.dtype() + " " + v.layout()
                                + " reaches beyond its memory of " + v.buffer().bytes()
                                + " bytes: another thread has given it other memory; change a tensor while nobody else uses it");
            }
        }
    }

    static void pointwise(Kernel kernel, View[] outputs, View[] inputs) {
        if (!alike(outputs[0], outputs) || !alike(outputs[0], inputs)) {
            View[] all = Arrays.copyOf(outputs, outputs.length + inputs.length);
            System.arraycopy(inputs, 0, all, outputs.length, inputs.length);
            require(false, kernel.name(), all);
        }
    }

    static void same(String call, View first, @Nullable View... others) {
        require(alike(first, others), call, with(first, others));
    }

    private static @Nullable View[] with(View first, @Nullable View[] others) {
        @Nullable View[] all = new View[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    static void reduce(View in, View out) {
        boolean fits = in.shape().rank() == out.shape().rank();
        for (int d = 0; fits && d < in.shape().rank(); d++) {
            fits = out.shape().get(d) == 1 || out.shape().get(d) == in.shape().get(d);
        }
        require(fits, "reduce", in, out);
    }

    /** Of a gather, or a scatter, between {@code indexed} and {@code plain}. */
    static void index(String call, View indexed, int dim, View index, View plain) {
        require(
                isIndex(index)
                        && alike(index, plain)
                        && within(index, indexed, axis(indexed, dim))
                        && sameType(indexed, plain),
                call,
                indexed,
                index,
                plain);
    }

    static void scan(View x, @Nullable View factor, View out, @Nullable View index) {
        require(alike(x, factor, out, index) && isIndex(index), "scan", x, factor, out, index);
    }

    static void sort(View x, int dim, View out, View index) {
        int axis = axis(x, dim);
        boolean fits = isIndex(index) && alike(out, index) && within(out, x, -1) && sameType(x, out);
        for (int d = 0; fits && d < x.shape().rank(); d++) {
            fits = d == axis || out.shape().get(d) == x.shape().get(d);
        }
        require(fits, "sort", x, out, index);
    }

    static void matmul(View a, View b, @Nullable View bias, View out) {
        int rank = out.shape().rank();
        boolean fits = rank >= 2 && a.shape().rank() == rank && b.shape().rank() == rank;
        for (int d = 0; fits && d < rank - 2; d++) {
            long n = out.shape().get(d);
            fits = a.shape().get(d) == n && b.shape().get(d) == n;
        }
        fits = fits
                && a.shape().get(-2) == out.shape().get(-2)
                && a.shape().get(-1) == b.shape().get(-2)
                && b.shape().get(-1) == out.shape().get(-1)
                && vector(bias, out.shape().get(-1));
        require(fits, "matmul", a, b, bias, out);
    }

    static void convolution(Convolution c, View x, View weight, @Nullable View bias, View out) {
        int rank = c.dims() + 2;
        require(
                x.shape().rank() == rank
                        && weight.shape().rank() == rank
                        && weight.shape().get(1) * c.groups() == x.shape().get(1)
                        && weight.shape().get(0) % c.groups() == 0
                        && out.shape().equals(c.outputShape(x.shape(), weight.shape()))
                        && vector(bias, weight.shape().get(0)),
                "convolution",
                x,
                weight,
                bias,
                out);
    }

    static void pool(Pooling p, View x, View out, @Nullable View index) {
        require(
                x.shape().rank() == p.dims() + 2
                        && out.shape().equals(p.outputShape(x.shape()))
                        && alike(out, index)
                        && isIndex(index),
                "pooling",
                x,
                out,
                index);
    }

    static void maxPoolGradient(View g, View index, View gx) {
        require(
                isIndex(index)
                        && alike(g, index)
                        && g.shape().rank() == gx.shape().rank()
                        && g.shape().rank() >= 2
                        && g.shape().get(0) == gx.shape().get(0)
                        && g.shape().get(1) == gx.shape().get(1),
                "maxPoolGradient",
                g,
                index,
                gx);
    }

    static void batchNorm(View x, View other, @Nullable View... perChannel) {
        boolean fits = x.shape().rank() >= 2 && alike(x, other);
        for (int i = 0; fits && i < perChannel.length; i++) {
            fits = vector(perChannel[i], x.shape().get(1));
        }
        require(fits, "batchNorm", with(x, with(other, perChannel)));
    }

    // ---- decompositions

    /** Whether a batch like {@code like}'s of matrices {@code [m, n]} of its type, column by column. */
    private static boolean matrices(View v, View like, long m, long n) {
        Layout l = v.layout();
        return batch(v, 2, like)
                && v.dtype() == like.dtype()
                && l.size(-2) == m
                && l.size(-1) == n
                && (m == 1 || l.stride(-2) == 1)
                && (n == 1 || l.stride(-1) == m);
    }

    private static boolean vectors(View v, DType type, View like, long n) {
        Layout l = v.layout();
        return batch(v, 1, like) && v.dtype() == type && l.size(-1) == n && (n == 1 || l.stride(-1) == 1);
    }

    private static boolean batch(View v, int rank, View like) {
        int batches = like.shape().rank() - 2;
        boolean fits = batches >= 0
                && v.shape().rank() == batches + rank
                && like.dtype().isFloating();
        for (int d = 0; fits && d < batches; d++) {
            fits = v.shape().get(d) == like.shape().get(d);
        }
        return fits;
    }

    private static long rows(View a) {
        return a.shape().rank() < 2 ? -1 : a.shape().get(-2);
    }

    private static long columns(View a) {
        return a.shape().rank() < 2 ? -1 : a.shape().get(-1);
    }

    static void cholesky(View a) {
        require(matrices(a, a, rows(a), rows(a)), "cholesky", a);
    }

    static void lu(View a, View pivots) {
        long m = rows(a);
        long n = columns(a);
        require(matrices(a, a, m, n) && vectors(pivots, DType.INT32, a, Math.min(m, n)), "lu", a, pivots);
    }

    static void luSolve(View lu, View pivots, View b) {
        long n = rows(lu);
        require(
                matrices(lu, lu, n, n) && vectors(pivots, DType.INT32, lu, n) && matrices(b, lu, n, columns(b)),
                "luSolve",
                lu,
                pivots,
                b);
    }

    static void triangularSolve(View a, View b) {
        require(matrices(a, a, rows(a), rows(a)) && matrices(b, a, rows(a), columns(b)), "triangularSolve", a, b);
    }

    static void qr(View a, View q) {
        long m = rows(a);
        long k = columns(q);
        require(
                matrices(a, a, m, columns(a)) && matrices(q, a, m, k) && Math.min(m, columns(a)) <= k && k <= m,
                "qr",
                a,
                q);
    }

    static void svd(View a, @Nullable View u, View s, @Nullable View vt) {
        long m = rows(a);
        long n = columns(a);
        long k = Math.min(m, n);
        boolean fits = matrices(a, a, m, n) && vectors(s, a.dtype(), a, k) && (u == null) == (vt == null);
        if (fits && u != null && vt != null) {
            fits = matrices(u, a, m, k) && matrices(vt, a, k, n) || matrices(u, a, m, m) && matrices(vt, a, n, n);
        }
        require(fits, "svd", a, u, s, vt);
    }

    static void eigh(View a, View values) {
        require(matrices(a, a, rows(a), rows(a)) && vectors(values, a.dtype(), a, rows(a)), "eigh", a, values);
    }
}
