package akari.nn;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The borders of {@link Functional#pad}. */
final class Padding {
    private Padding() {}

    static Tensor pad(Tensor x, long[] sides, PaddingMode mode, Number value) {
        if (sides.length % 2 != 0 || sides.length > 2 * x.dim()) {
            throw new IllegalArgumentException("pad takes two numbers for each of the last dimensions of " + x.shape()
                    + ", got " + Arrays.toString(sides));
        }
        return Tensors.composite("pad", () -> {
            Tensor y = x;
            for (int i = 0; i < sides.length / 2; i++) {
                int dim = x.dim() - 1 - i;
                y = mode == PaddingMode.ZEROS
                        ? constant(y, dim, sides[2 * i], sides[2 * i + 1], value)
                        : mirrored(y, dim, sides[2 * i], sides[2 * i + 1], mode);
            }
            return y;
        });
    }

    static Tensor constant(Tensor x, int dim, long before, long after, Number value) {
        long start = Math.max(0, -before);
        long length = x.size(dim) - start - Math.max(0, -after);
        if (length < 0) {
            throw new IllegalArgumentException(
                    "pad: removing " + -before + " and " + -after + " from dimension " + dim + " of " + x.shape());
        }
        List<Tensor> parts = new ArrayList<>();
        if (before > 0) {
            parts.add(border(x, dim, before, value));
        }
        parts.add(x.narrow(dim, start, length));
        if (after > 0) {
            parts.add(border(x, dim, after, value));
        }
        return parts.size() == 1 ? parts.getFirst() : Tensors.cat(parts, dim);
    }

    private static Tensor border(Tensor x, int dim, long size, Number value) {
        // at least two: a single half is let overflow
        return Tensors.full(
                        x.dtype(), value, x.shape().with(dim, Math.max(size, 2)).toArray())
                .narrow(dim, 0, size)
                .to(x.device());
    }

    private static Tensor mirrored(Tensor x, int dim, long before, long after, PaddingMode mode) {
        long n = x.size(dim);
        long most = mode == PaddingMode.REFLECT ? n - 1 : mode == PaddingMode.CIRCULAR ? n : Long.MAX_VALUE;
        if (before < 0 || after < 0 || before > most || after > most) {
            throw new IllegalArgumentException("pad: " + before + " and " + after + " at dimension " + dim + " of "
                    + x.shape() + " must lie between 0 and " + most + " in mode " + mode);
        }
        if (before == 0 && after == 0) {
            return x;
        }
        Tensor at = Tensors.arange(-before, n + after);
        Tensor from = switch (mode) {
            case REPLICATE, ZEROS -> at.clamp(0, n - 1);
            case CIRCULAR -> at.remainder(n);
            case REFLECT -> at.abs().sub(n - 1).abs().rsub(n - 1);
        };
        return x.indexSelect(dim, from.to(x.device()));
    }
}
