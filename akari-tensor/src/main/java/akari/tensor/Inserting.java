package akari.tensor;

import akari.backend.Layout;
import akari.core.Shape;
import akari.errors.NullArgument;

/** A copy of a tensor with a part replaced, which a gradient reaches as well as the rest: what {@code x[…] = y} does without changing x. */
public sealed interface Inserting permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** A copy in which {@code src} stands at index {@code i} of dimension {@code dim}, where {@link Tensor#select} finds it. */
    default Tensor selectScatter(Tensor src, int dim, long i) {
        int d = self().shape().axis(dim);
        self().view.layout().select(d, i); // checks the index
        return insert("selectScatter", src, new ViewOps.Select(d, i < 0 ? i + self().size(d) : i));
    }

    /** {@code sliceScatter(src, 0)}. */
    default Tensor sliceScatter(Tensor src) {
        return sliceScatter(src, 0);
    }

    /** {@code src} in place of all of dimension {@code dim}. */
    default Tensor sliceScatter(Tensor src, int dim) {
        return sliceScatter(src, dim, 0, Long.MAX_VALUE);
    }

    default Tensor sliceScatter(Tensor src, int dim, long start, long end) {
        return sliceScatter(src, dim, start, end, 1);
    }

    /** A copy in which {@code src} stands at {@code start:end:step} of dimension {@code dim}; bounds as of {@link Tensor#slice}. */
    default Tensor sliceScatter(Tensor src, int dim, long start, long end, long step) {
        if (step < 1) {
            throw new IllegalArgumentException("sliceScatter: step must be positive, got " + step);
        }
        int d = self().shape().axis(dim);
        long n = self().size(d);
        long from = Math.clamp(start < 0 ? start + n : start, 0L, n);
        long to = Math.clamp(end < 0 ? end + n : end, 0L, n);
        long length = Math.max(0, Math.ceilDiv(to - from, step));
        return insert("sliceScatter", src, new ViewOps.Slice(d, from, length, step));
    }

    /** {@code src} on the main diagonal of dimensions 0 and 1. */
    default Tensor diagonalScatter(Tensor src) {
        return diagonalScatter(src, 0, 0, 1);
    }

    default Tensor diagonalScatter(Tensor src, long offset) {
        return diagonalScatter(src, offset, 0, 1);
    }

    /** A copy in which {@code src} stands where {@link Tensor#diagonal(long, int, int)} finds it. */
    default Tensor diagonalScatter(Tensor src, long offset, int dim1, int dim2) {
        return insert("diagonalScatter", src, new ViewOps.Diagonal(offset, dim1, dim2));
    }

    /** A copy in which {@code src} stands where {@link Tensor#asStrided(long[], long[], long)} of this, copied row by row, finds it. */
    default Tensor asStridedScatter(Tensor src, long[] size, long[] stride, long offset) {
        Layout part = Layout.of(Shape.of(size), stride, offset);
        if (offset < 0 || part.end() > self().numel()) {
            throw new IllegalArgumentException("asStridedScatter: size " + part.shape() + ", stride " + Shape.of(stride)
                    + " and offset " + offset + " reach beyond the " + self().numel() + " elements of "
                    + self().shape());
        }
        return insert("asStridedScatter", src, new ViewOps.AsStrided(part, Layout.contiguous(self().shape())));
    }

    default Tensor asStridedScatter(Tensor src, long[] size, long[] stride) {
        return asStridedScatter(src, size, stride, 0);
    }

    private Tensor insert(String op, Tensor src, ViewOps.Window window) {
        NullArgument.check(src, "src");
        Layout whole = Layout.contiguous(self().shape());
        Layout part = window.of(whole);
        if (!src.shape().equals(part.shape())) {
            throw new IllegalArgumentException(op + ": " + src.shape() + " does not take the place of a part of shape "
                    + part.shape() + " of " + self().shape() + "; expand() or reshape() it");
        }
        if (part.overlaps()) {
            throw new IllegalArgumentException(op + ": several elements of " + part + " share one place");
        }
        return Tape.apply(new ViewOps.Overwrite(part, whole), self(), src.to(self().dtype()));
    }
}
