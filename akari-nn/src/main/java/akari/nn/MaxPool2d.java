package akari.nn;

import akari.core.Pooling;
import akari.core.Shape;
import akari.tensor.Tensor;

/**
 * Largest element of each window over {@code [N, C, H, W]}. The stride is the window's size unless given:
 * {@code new MaxPool2d(3).stride(2).padding(1)}.
 */
@KeepsNothing
public final class MaxPool2d extends Module {
    private Pooling p;

    /** A square window; the stride is its side. */
    public MaxPool2d(long kernel) {
        this(kernel, kernel);
    }

    /** A square window, and one stride for both dimensions; no padding. */
    public MaxPool2d(long kernel, long stride) {
        this(kernel, stride, 0);
    }

    /** In PyTorch's order. */
    public MaxPool2d(long kernel, long stride, long padding) {
        this(Shape.fill(2, kernel), Shape.fill(2, stride), Shape.fill(2, padding));
    }

    /** In PyTorch's order; {@link #ceilMode} follows as a method. */
    public MaxPool2d(long kernel, long stride, long padding, long dilation) {
        this(Shape.fill(2, kernel), Shape.fill(2, stride), Shape.fill(2, padding));
        dilation(dilation);
    }

    /** {@code {height, width}} of the window, or one number for both; the stride is the same. */
    public MaxPool2d(int[] kernel) {
        this(Shape.of(kernel));
    }

    /** One number for both dimensions, or two, in each; no padding. */
    public MaxPool2d(int[] kernel, int[] stride) {
        this(Shape.of(kernel), Shape.of(stride));
    }

    /** One number for both dimensions, or two, in each. */
    public MaxPool2d(int[] kernel, int[] stride, int[] padding) {
        this(Shape.of(kernel), Shape.of(stride), Shape.of(padding));
    }

    /** A size for each dimension. */
    public MaxPool2d(Shape kernel) {
        this(kernel, kernel);
    }

    /** One number for both dimensions, or two, in each; no padding. */
    public MaxPool2d(Shape kernel, Shape stride) {
        this(kernel, stride, Shape.fill(2, 0));
    }

    /** One number for both dimensions, or two, in each. */
    public MaxPool2d(Shape kernel, Shape stride, Shape padding) {
        p = Functional.pooling(
                Functional.pair("kernel", kernel),
                Functional.pair("stride", stride),
                Functional.pair("padding", padding));
    }

    /** One number for both dimensions, or two. Returns this. */
    public MaxPool2d stride(long... value) {
        p = new Pooling(
                p.kernel(),
                Functional.pair("stride", value),
                p.padding(),
                p.dilation(),
                p.ceilMode(),
                p.countIncludePad(),
                p.divisor(),
                null);
        return this;
    }

    /** On both sides, at most half of the window; default 0. Returns this. */
    public MaxPool2d padding(long... value) {
        p = new Pooling(
                p.kernel(),
                p.stride(),
                Functional.pair("padding", value),
                p.dilation(),
                p.ceilMode(),
                p.countIncludePad(),
                p.divisor(),
                null);
        return this;
    }

    /** Whether a window may hang over the far edge; default no. Returns this. */
    public MaxPool2d ceilMode(boolean value) {
        p = new Pooling(
                p.kernel(), p.stride(), p.padding(), p.dilation(), value, p.countIncludePad(), p.divisor(), null);
        return this;
    }

    /** Distance between the elements of a window; default 1. Returns this. */
    public MaxPool2d dilation(long... value) {
        p = new Pooling(
                p.kernel(),
                p.stride(),
                p.padding(),
                Functional.pair("dilation", value),
                p.ceilMode(),
                p.countIncludePad(),
                p.divisor(),
                null);
        return this;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.maxPool(p);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + Python.sizes(p.kernel()) + ", stride=" + Python.sizes(p.stride()) + ", padding="
                + Python.sizes(p.padding()) + ", dilation=" + Python.sizes(p.dilation()) + ", ceil_mode="
                + Python.bool(p.ceilMode());
    }
}
