package akari.nn;

import akari.backend.Shape;

/**
 * Convolution over {@code [N, C, depth, height, width]}, or one image without {@code N}. Options follow the constructor:
 * {@code new Conv3d(16, 32, 3).stride(2).padding(1).bias(false)}.
 */
public final class Conv3d extends ConvNd<Conv3d> {
    /** A kernel of equal sides. */
    public Conv3d(long in, long out, long kernel) {
        this(in, out, Shape.fill(3, kernel));
    }

    public Conv3d(long in, long out, Shape kernel) {
        this(in, out, kernel, Shape.fill(3, 1), Shape.fill(3, 0), Shape.fill(3, 1), 1, true);
    }

    /** All options at once, in PyTorch's order. */
    public Conv3d(
            long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation, long groups, boolean bias) {
        super(in, out, kernel, stride, padding, dilation, groups, bias);
    }

    @Override
    Conv3d self() {
        return this;
    }
}
