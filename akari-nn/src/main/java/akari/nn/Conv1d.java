package akari.nn;

import akari.core.Shape;

/**
 * Convolution over {@code [N, C, length]}, or one image without {@code N}. Options follow the constructor:
 * {@code new Conv1d(16, 32, 3).stride(2).padding(1).bias(false)}.
 */
@KeepsNothing
public final class Conv1d extends ConvNd<Conv1d> {
    /** A kernel of equal sides. */
    public Conv1d(long in, long out, long kernel) {
        this(in, out, kernel, 1);
    }

    /** With a stride; padding 0. */
    public Conv1d(long in, long out, long kernel, long stride) {
        this(in, out, kernel, stride, 0);
    }

    /** In PyTorch's order. */
    public Conv1d(long in, long out, long kernel, long stride, long padding) {
        this(in, out, kernel, stride, padding, 1);
    }

    /** In PyTorch's order; groups 1, with a bias. */
    public Conv1d(long in, long out, long kernel, long stride, long padding, long dilation) {
        this(in, out, kernel, stride, padding, dilation, 1);
    }

    /** In PyTorch's order, with a bias. */
    public Conv1d(long in, long out, long kernel, long stride, long padding, long dilation, long groups) {
        this(in, out, kernel, stride, padding, dilation, groups, true);
    }

    /**
     * @param groups parts of the channels that do not mix; it must divide {@code in} and {@code out}
     * @param bias whether one is added
     */
    public Conv1d(long in, long out, long kernel, long stride, long padding, long dilation, long groups, boolean bias) {
        this(
                in,
                out,
                Shape.fill(1, kernel),
                Shape.fill(1, stride),
                Shape.fill(1, padding),
                Shape.fill(1, dilation),
                groups,
                bias);
    }

    /** All options at once, in PyTorch's order. */
    public Conv1d(
            long in,
            long out,
            long kernel,
            long stride,
            long padding,
            long dilation,
            long groups,
            boolean bias,
            PaddingMode mode) {
        this(in, out, kernel, stride, padding, dilation, groups, bias);
        paddingMode(mode);
    }

    /** @param padding as {@link #padding(String)} takes it */
    public Conv1d(long in, long out, long kernel, long stride, String padding) {
        this(in, out, kernel, stride);
        padding(padding);
    }

    /** The kernel's length in an array, as for more dimensions. */
    public Conv1d(long in, long out, int[] kernel) {
        this(in, out, Shape.of(kernel));
    }

    /** Kernel and stride in arrays, as for more dimensions; padding 0. */
    public Conv1d(long in, long out, int[] kernel, int[] stride) {
        this(in, out, Shape.of(kernel), Shape.of(stride));
    }

    /** Kernel, stride and padding in arrays, as for more dimensions. */
    public Conv1d(long in, long out, int[] kernel, int[] stride, int[] padding) {
        this(in, out, Shape.of(kernel), Shape.of(stride), Shape.of(padding));
    }

    /** A size for each dimension. */
    public Conv1d(long in, long out, Shape kernel) {
        this(in, out, kernel, Shape.fill(1, 1));
    }

    /** Padding 0. */
    public Conv1d(long in, long out, Shape kernel, Shape stride) {
        this(in, out, kernel, stride, Shape.fill(1, 0));
    }

    /** Dilation 1. */
    public Conv1d(long in, long out, Shape kernel, Shape stride, Shape padding) {
        this(in, out, kernel, stride, padding, Shape.fill(1, 1));
    }

    /** Groups 1, with a bias. */
    public Conv1d(long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation) {
        this(in, out, kernel, stride, padding, dilation, 1);
    }

    /** With a bias. */
    public Conv1d(long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation, long groups) {
        this(in, out, kernel, stride, padding, dilation, groups, true);
    }

    /** All options at once, in PyTorch's order. */
    public Conv1d(
            long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation, long groups, boolean bias) {
        super(1, in, out, kernel, stride, padding, dilation, groups, bias);
    }

    @Override
    Conv1d self() {
        return this;
    }
}
