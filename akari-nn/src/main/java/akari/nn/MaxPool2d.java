package akari.nn;

import akari.backend.Pooling;
import akari.backend.Shape;
import akari.tensor.Tensor;

/**
 * Largest element of each window over {@code [N, C, H, W]}. The stride is the window's size unless given:
 * {@code new MaxPool2d(3).stride(2).padding(1)}.
 */
public final class MaxPool2d extends Module {
    private Pooling p;

    public MaxPool2d(long kernel) {
        this(Shape.fill(2, kernel));
    }

    public MaxPool2d(Shape kernel) {
        p = Functional.pooling(kernel, kernel, Shape.fill(2, 0));
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
