package akari.nn;

import akari.backend.Shape;

/**
 * Convolution over {@code [N, C, height, width]}, or one image without {@code N}. Options follow the constructor:
 * {@code new Conv2d(16, 32, 3).stride(2).padding(1).bias(false)}.
 */
public final class Conv2d extends ConvNd<Conv2d> {
    /** A kernel of equal sides. */
    public Conv2d(long in, long out, long kernel) {
        this(in, out, Shape.fill(2, kernel));
    }

    public Conv2d(long in, long out, Shape kernel) {
        this(in, out, kernel, Shape.fill(2, 1), Shape.fill(2, 0), Shape.fill(2, 1), 1, true);
    }

    /** All options at once, in PyTorch's order. */
    public Conv2d(
            long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation, long groups, boolean bias) {
        super(in, out, kernel, stride, padding, dilation, groups, bias);
    }

    @Override
    Conv2d self() {
        return this;
    }
}
