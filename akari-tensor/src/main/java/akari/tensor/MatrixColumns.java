package akari.tensor;

import akari.backend.Factorizations;
import akari.core.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Matrices as {@link Factorizations} want them, column by column, and the errors of what does not exist. */
final class MatrixColumns {
    private MatrixColumns() {}

    static Factorizations of(Tensor x) {
        return x.backend().factorizations();
    }

    /** Uninitialised matrices. */
    static Tensor empty(Tensor like, Shape batch, long rows, long columns) {
        return MatrixParts.transposed(like.like(like.dtype(), MatrixParts.shape(batch, columns, rows)));
    }

    static Tensor copy(Tensor x) {
        return empty(x, MatrixParts.batch(x), x.size(-2), x.size(-1)).copy_(x);
    }

    /** A result's gradient, zeros where it had no influence. */
    static Tensor orZeros(@Nullable Tensor g, Tensor like) {
        return g == null ? like.like(like.dtype(), like.shape()).zero_() : g;
    }

    // ---- errors

    /** Fails at the first matrix of the batch whose entry is not 0; {@code %d} in the message is that entry. */
    static void check(String op, Tensor x, int[] info, String message) {
        for (int i = 0; i < info.length; i++) {
            if (info[i] != 0) {
                throw new LinAlgException(op + ": " + member(x, i) + " " + String.format(message, info[i]));
            }
        }
    }

    private static String member(Tensor x, int i) {
        Shape batch = MatrixParts.batch(x);
        String what = "the matrix " + x.size(-2) + "×" + x.size(-1);
        if (batch.rank() == 0) {
            return what;
        }
        long[] index = new long[batch.rank()];
        long left = i;
        for (int d = index.length - 1; d >= 0; d--) {
            index[d] = left % batch.get(d);
            left /= batch.get(d);
        }
        return what + " at batch index " + Arrays.toString(index);
    }

    /** Iterations over what is not finite need not end. */
    static void requireFinite(String op, Tensor x) {
        if (x.isfinite().all().itemLong() == 0) {
            throw new LinAlgException(op + ": the input of shape " + x.shape()
                    + " has infinite or NaN elements, for which there is no such decomposition");
        }
    }
}
