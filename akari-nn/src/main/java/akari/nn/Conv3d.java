package akari.nn;

import akari.core.Shape;

/**
 * Convolution over {@code [N, C, depth, height, width]}, or one image without {@code N}. Options follow the constructor:
 * {@code new Conv3d(16, 32, 3).stride(2).padding(1).bias(false)}.
 */
@KeepsNothing
public final class Conv3d extends ConvNd<Conv3d> {
    /** A kernel of equal sides. */
    public Conv3d(long in, long out, long kernel) {
        this(in, out, kernel, 1);
    }

    /** One stride for all dimensions; padding 0. */
    public Conv3d(long in, long out, long kernel, long stride) {
        this(in, out, kernel, stride, 0);
    }

    /** In PyTorch's order. */
    public Conv3d(long in, long out, long kernel, long stride, long padding) {
        this(in, out, kernel, stride, padding, 1);
    }

    /** In PyTorch's order; groups 1, with a bias. */
    public Conv3d(long in, long out, long kernel, long stride, long padding, long dilation) {
        this(in, out, kernel, stride, padding, dilation, 1);
    }

    /** In PyTorch's order, with a bias. */
    public Conv3d(long in, long out, long kernel, long stride, long padding, long dilation, long groups) {
        this(in, out, kernel, stride, padding, dilation, groups, true);
    }

    /**
     * @param groups parts of the channels that do not mix; it must divide {@code in} and {@code out}
     * @param bias whether one is added
     */
    public Conv3d(long in, long out, long kernel, long stride, long padding, long dilation, long groups, boolean bias) {
        this(
                in,
                out,
                Shape.fill(3, kernel),
                Shape.fill(3, stride),
                Shape.fill(3, padding),
                Shape.fill(3, dilation),
                groups,
                bias);
    }

    /** All options at once, in PyTorch's order. */
    public Conv3d(
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
    public Conv3d(long in, long out, long kernel, long stride, String padding) {
        this(in, out, kernel, stride);
        padding(padding);
    }

    /** A kernel of {@code {depth, height, width}}, or of one number for all. */
    public Conv3d(long in, long out, int[] kernel) {
        this(in, out, Shape.of(kernel));
    }

    /** One number for all dimensions, or three, in each; padding 0. */
    public Conv3d(long in, long out, int[] kernel, int[] stride) {
        this(in, out, Shape.of(kernel), Shape.of(stride));
    }

    /** One number for all dimensions, or three, in each. */
    public Conv3d(long in, long out, int[] kernel, int[] stride, int[] padding) {
        this(in, out, Shape.of(kernel), Shape.of(stride), Shape.of(padding));
    }

    /** A size for each dimension. */
    public Conv3d(long in, long out, Shape kernel) {
        this(in, out, kernel, Shape.fill(3, 1));
    }

    /** One number for all dimensions, or three, in each; padding 0. */
    public Conv3d(long in, long out, Shape kernel, Shape stride) {
        this(in, out, kernel, stride, Shape.fill(3, 0));
    }

    /** One number for all dimensions, or three, in each; dilation 1. */
    public Conv3d(long in, long out, Shape kernel, Shape stride, Shape padding) {
        this(in, out, kernel, stride, padding, Shape.fill(3, 1));
    }

    /** One number for all dimensions, or three, in each; groups 1, with a bias. */
    public Conv3d(long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation) {
        this(in, out, kernel, stride, padding, dilation, 1);
    }

    /** One number for all dimensions, or three, in each; with a bias. */
    public Conv3d(long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation, long groups) {
        this(in, out, kernel, stride, padding, dilation, groups, true);
    }

    /** All options at once, in PyTorch's order. */
    public Conv3d(
            long in, long out, Shape kernel, Shape stride, Shape padding, Shape dilation, long groups, boolean bias) {
        super(3, in, out, kernel, stride, padding, dilation, groups, bias);
    }

    @Override
    Conv3d self() {
        return this;
    }
}
