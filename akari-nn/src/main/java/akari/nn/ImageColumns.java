package akari.nn;

import akari.core.Convolution;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.tensor.Tensor;
import akari.tensor.Tensors;

/** Windows of images as columns, and back. Elements are moved and added up, never multiplied: infinities and NaN stay where they are. */
final class ImageColumns {
    private ImageColumns() {}

    static Tensor of(Tensor x, Shape kernel, Convolution c) {
        NullArgument.check(x, "x");
        NullArgument.check(kernel, "kernel");
        NullArgument.check(c, "c");
        if (x.dim() == 3) {
            return of(x.unsqueeze(0), kernel, c).squeeze(0);
        }
        if (x.dim() != 4 || kernel.rank() != 2) {
            throw new IllegalArgumentException(
                    "unfold takes images [N, C, H, W] or [C, H, W] and windows of two sizes, got " + x.shape() + " and "
                            + kernel);
        }
        return Tensors.composite("unfold", () -> {
            Tensor y = x;
            for (int d = 0; d < 2; d++) {
                y = Padding.constant(y, d + 2, c.padding().get(d), c.padding().get(d), 0);
            }
            Tensor rows = windows(y, 2, kernel, c, 0).permute(0, 1, 4, 2, 3); // [N, C, k, h, W]
            Tensor all = windows(rows, 4, kernel, c, 1).permute(0, 1, 2, 5, 3, 4);
            // windows of one element may be the images' own memory
            return (kernel.numel() == 1 ? all.clone() : all).reshape(x.size(0), x.size(1) * kernel.numel(), -1);
        });
    }

    /** The windows along {@code dim} in a new last dimension. */
    private static Tensor windows(Tensor x, int dim, Shape kernel, Convolution c, int d) {
        return x.unfold(dim, reach(kernel, c, d), c.stride().get(d))
                .slice(-1, 0, Long.MAX_VALUE, c.dilation().get(d));
    }

    private static long reach(Shape kernel, Convolution c, int d) {
        return c.dilation().get(d) * (kernel.get(d) - 1) + 1;
    }

    static Tensor toImages(Tensor x, Shape size, Shape kernel, Convolution c) {
        NullArgument.check(x, "x");
        NullArgument.check(size, "size");
        NullArgument.check(kernel, "kernel");
        NullArgument.check(c, "c");
        if (x.dim() == 2) {
            return toImages(x.unsqueeze(0), size, kernel, c).squeeze(0);
        }
        long high = c.outputSize(0, size.get(0), kernel.get(0));
        long wide = c.outputSize(1, size.get(1), kernel.get(1));
        if (x.dim() != 3 || x.size(1) % kernel.numel() != 0 || x.size(2) != high * wide) {
            throw new IllegalArgumentException("fold: columns of shape " + x.shape() + " for images of " + size
                    + " and windows of " + kernel + "; expected [N, C·" + kernel.numel() + ", " + high * wide + "]");
        }
        return Tensors.composite("fold", () -> {
            Tensor all = x.reshape(x.size(0), -1, kernel.get(0), kernel.get(1), high, wide);
            Tensor rows = joined(all.permute(0, 1, 2, 4, 5, 3), 4, size, kernel, c, 1); // [N, C, k, h, W]
            Tensor y = joined(rows.permute(0, 1, 3, 4, 2), 2, size, kernel, c, 0);
            for (int d = 0; d < 2; d++) {
                y = y.narrow(d + 2, c.padding().get(d), size.get(d));
            }
            return y.contiguous();
        });
    }

    private static Tensor joined(Tensor x, int dim, Shape size, Shape kernel, Convolution c, int d) {
        Tensor spread = x;
        if (c.dilation().get(d) > 1) {
            long[] wide = x.shape().with(-1, reach(kernel, c, d)).toArray();
            spread = x.newZeros(wide)
                    .sliceScatter(x, -1, 0, Long.MAX_VALUE, c.dilation().get(d));
        }
        return spread.overlapAdd(
                dim, c.stride().get(d), size.get(d) + 2 * c.padding().get(d));
    }
}
