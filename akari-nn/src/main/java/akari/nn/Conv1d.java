package akari.nn;

import akari.backend.Shape;

/**
 * Convolution over {@code [N, C, length]}, or one image without {@code N}. Options follow the constructor:
 * {@code new Conv1d(16, 32, 3).stride(2).padding(1).bias(false)}.
 */
public final class Conv1d extends ConvNd<Conv1d> {
    /** A kernel of equal sides. */
    public Conv1d(long in, long out, long kernel) {
        this(in, out, Shape.fill(1, kernel));
    }

    public Conv1d(long in, long out, Shape kernel) {
        this(in, out, kernel, Shape.fill(1, 1), Shape.fill(1, 0), Shape.fill(1, 1), 1, true);
    }

    /** All options at once, in PyTorch's order. */
    public Conv1d(
            long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation, long groups, boolean bias) {
        super(in, out, kernel, stride, padding, dilation, groups, bias);
    }

    @Override
    Conv1d self() {
        return this;
    }
}
