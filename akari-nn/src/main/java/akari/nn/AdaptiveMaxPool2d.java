package akari.nn;

import akari.core.Shape;
import akari.tensor.Tensor;

/** Largest elements of nearly equal parts of {@code [N, C, H, W]}, so that the result has the given height and width. */
@KeepsNothing
public final class AdaptiveMaxPool2d extends Module {
    private final Shape size;

    /** To {@code [N, C, side, side]}. */
    public AdaptiveMaxPool2d(long side) {
        this(side, side);
    }

    /** Height and width of the result, or one number for both. */
    public AdaptiveMaxPool2d(int[] size) {
        this(Shape.of(size));
    }

    /** Height and width of the result, or one number for both. */
    public AdaptiveMaxPool2d(Shape size) {
        this(Functional.pair("size", size).get(0), Functional.pair("size", size).get(1));
    }

    /** To {@code [N, C, height, width]}. */
    public AdaptiveMaxPool2d(long height, long width) {
        size = Shape.of(height, width);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.adaptiveMaxPool(x, size);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + Python.sizes(size);
    }
}
