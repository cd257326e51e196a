package akari.nn;

import akari.core.Shape;
import akari.tensor.Tensor;

/** Means of nearly equal parts of {@code [N, C, H, W]}, so that the result has the given height and width. */
@KeepsNothing
public final class AdaptiveAvgPool2d extends Module {
    private final Shape size;
    private final String given;

    /** To {@code [N, C, side, side]}. */
    public AdaptiveAvgPool2d(long side) {
        size = Shape.fill(2, side);
        given = Long.toString(side);
    }

    /** Height and width of the result, or one number for both. */
    public AdaptiveAvgPool2d(int[] size) {
        this(Shape.of(size));
    }

    /** Height and width of the result, or one number for both. */
    public AdaptiveAvgPool2d(Shape size) {
        this(Functional.pair("size", size).get(0), Functional.pair("size", size).get(1));
    }

    /** To {@code [N, C, height, width]}. */
    public AdaptiveAvgPool2d(long height, long width) {
        size = Shape.of(height, width);
        given = Python.tuple(size);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.adaptiveAvgPool(x, size);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + given;
    }
}
