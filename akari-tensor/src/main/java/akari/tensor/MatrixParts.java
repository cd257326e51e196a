package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Diagonals and triangles of batches of matrices, and checks of what a matrix operation is given. */
final class MatrixParts {
    private MatrixParts() {}

    /** Of the last two dimensions: {@code [*, m, n]} gives {@code [*, min(m, n)]}. */
    static Tensor diagonal(Tensor x) {
        long k = Math.min(x.size(-2), x.size(-1));
        Tensor index = range(x, k)
                .reshape(k, 1)
                .expand(x.shape().with(-2, k).with(-1, 1).toArray());
        return x.narrow(-2, 0, k).gather(-1, index).squeeze(-1);
    }

    /** {@code [*, n]} on the diagonal of {@code [*, n, n]}. */
    static Tensor diagonalMatrix(Tensor x) {
        return x.unsqueeze(-1).mul(eye(x.dtype(), x.size(-1), x));
    }

    /** Without what lies above the main diagonal, or above its {@code k}-th neighbour. */
    static Tensor lower(Tensor x, int k) {
        return x.maskedFill(above(x, k), 0);
    }

    static Tensor upper(Tensor x, int k) {
        return x.maskedFill(above(x, k - 1).logicalNot(), 0);
    }

    /** Where the column is more than {@code k} beyond the row. */
    private static Tensor above(Tensor x, int k) {
        Tensor rows = range(x, x.size(-2)).unsqueeze(1);
        return range(x, x.size(-1)).gt(rows.add(k));
    }

    /** The identity of the size of a square matrix. */
    static Tensor eye(DType type, Tensor like) {
        return eye(type, like.size(-1), like);
    }

    static Tensor eye(DType type, long n, Tensor like) {
        Tensor i = range(like, n);
        return i.unsqueeze(1).eq(i).to(type);
    }

    /** {@code 0, 1, …, n-1}, where {@code like} is. */
    static Tensor range(Tensor like, long n) {
        long[] values = new long[Math.toIntExact(n)];
        Arrays.setAll(values, i -> i);
        return upload(like, DType.INT64, Shape.of(n), MemorySegment.ofArray(values));
    }

    /** Values from the host, where {@code like} is. */
    static Tensor upload(Tensor like, DType type, Shape shape, MemorySegment values) {
        Tensor t = like.like(type, shape);
        if (t.numel() > 0) {
            t.backend().upload(values, t.view.buffer(), 0);
        }
        return t;
    }

    /** {@code num / den}, and 0 where both are 0: what does not matter takes no part in a gradient. */
    static Tensor ratio(Tensor num, Tensor den) {
        Tensor none = num.detach().eq(0).logicalAnd(den.detach().eq(0));
        return num.div(den.maskedFill(none, 1));
    }

    static Tensor transposed(Tensor x) {
        NullArgument.check(x, "x");
        return x.transpose(-2, -1);
    }

    // ---- checks

    static void matrix(String op, Tensor x) {
        NullArgument.check(x, "x");
        if (x.dim() < 2) {
            throw new IllegalArgumentException(
                    op + " needs a matrix or a batch of them, [*, m, n]; got shape " + x.shape());
        }
    }

    static void square(String op, Tensor x) {
        matrix(op, x);
        if (x.size(-1) != x.size(-2)) {
            throw new IllegalArgumentException(op + " needs square matrices, [*, n, n]; got shape " + x.shape());
        }
    }

    /** A matrix of a type that decompositions exist for. */
    static void decomposable(String op, Tensor x) {
        matrix(op, x);
        if (x.dtype() != DType.FLOAT32 && x.dtype() != DType.FLOAT64) {
            throw new IllegalArgumentException(op + " is for float32 and float64, this tensor of shape " + x.shape()
                    + " is " + x.dtype() + ": convert it with to(FLOAT32)");
        }
    }

    static Shape batch(Tensor x) {
        return Shape.of(Arrays.copyOf(x.shape().toArray(), x.dim() - 2));
    }

    /** {@code [batch…, more…]}. */
    static Shape shape(Shape batch, long... more) {
        long[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + more.length);
        System.arraycopy(more, 0, sizes, batch.rank(), more.length);
        return Shape.of(sizes);
    }

    static List<Integer> axes(String op, Tensor x, int[] dims) {
        NullArgument.check(x, "x");
        List<Integer> out = new ArrayList<>();
        for (int d : dims) {
            int axis = x.shape().axis(d);
            if (out.contains(axis) || x.dim() == 0) {
                throw new IllegalArgumentException(op + ": dimensions " + Arrays.toString(dims) + " of shape "
                        + x.shape() + ": each at most once");
            }
            out.add(axis);
        }
        return out;
    }

    static List<Integer> others(Tensor x, List<Integer> axes) {
        List<Integer> out = new ArrayList<>();
        for (int d = 0; d < x.dim(); d++) {
            if (!axes.contains(d)) {
                out.add(d);
            }
        }
        return out;
    }

    static int[] array(List<Integer> a, List<Integer> b) {
        List<Integer> all = new ArrayList<>(a);
        all.addAll(b);
        return all.stream().mapToInt(d -> d).toArray();
    }

    static String shapes(Tensor... tensors) {
        for (Tensor t : tensors) {
            if (t == null) {
                throw NullArgument.among(tensors);
            }
        }
        return Arrays.stream(tensors).map(t -> t.shape().toString()).collect(Collectors.joining(" and "));
    }
}
