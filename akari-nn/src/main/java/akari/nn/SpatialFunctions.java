package akari.nn;

import akari.core.Convolution;
import akari.core.Pooling;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and pooling by their number of dimensions, with all arguments; call them, and what leaves some out, on {@link Functional}.
 * A size has one number for all dimensions, or one for each.
 */
final class SpatialFunctions {
    private SpatialFunctions() {}

    /** Convolution over {@code [N, C, L]}. */
    @Defaults({"null", "1", "0", "1", "1"})
    static Tensor conv1d(
            Tensor x, Tensor weight, @Nullable Tensor bias, Shape stride, Shape padding, Shape dilation, long groups) {
        NullArgument.check(x, "x");
        return x.convolution(convolution(1, stride, padding, dilation, groups), weight, bias);
    }

    /** Convolution over {@code [N, C, H, W]}. */
    @Defaults({"null", "1", "0", "1", "1"})
    static Tensor conv2d(
            Tensor x, Tensor weight, @Nullable Tensor bias, Shape stride, Shape padding, Shape dilation, long groups) {
        NullArgument.check(x, "x");
        return x.convolution(convolution(2, stride, padding, dilation, groups), weight, bias);
    }

    /** Convolution over {@code [N, C, D, H, W]}. */
    @Defaults({"null", "1", "0", "1", "1"})
    static Tensor conv3d(
            Tensor x, Tensor weight, @Nullable Tensor bias, Shape stride, Shape padding, Shape dilation, long groups) {
        NullArgument.check(x, "x");
        return x.convolution(convolution(3, stride, padding, dilation, groups), weight, bias);
    }

    /** The adjoint of a convolution over {@code [N, C, L]}, for a weight {@code [C, O/groups, …]}; {@code outputPadding} is added to one side of the result. */
    @Defaults({"null", "1", "0", "0", "1", "1"})
    static Tensor convTranspose1d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            Shape stride,
            Shape padding,
            Shape outputPadding,
            long groups,
            Shape dilation) {
        NullArgument.check(x, "x");
        return x.convTranspose(
                convolution(1, stride, padding, dilation, groups),
                weight,
                bias,
                sizes(1, "outputPadding", outputPadding));
    }

    /** The adjoint of a convolution over {@code [N, C, H, W]}, for a weight {@code [C, O/groups, …]}; {@code outputPadding} is added to one side of the result. */
    @Defaults({"null", "1", "0", "0", "1", "1"})
    static Tensor convTranspose2d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            Shape stride,
            Shape padding,
            Shape outputPadding,
            long groups,
            Shape dilation) {
        NullArgument.check(x, "x");
        return x.convTranspose(
                convolution(2, stride, padding, dilation, groups),
                weight,
                bias,
                sizes(2, "outputPadding", outputPadding));
    }

    /** The adjoint of a convolution over {@code [N, C, D, H, W]}, for a weight {@code [C, O/groups, …]}; {@code outputPadding} is added to one side of the result. */
    @Defaults({"null", "1", "0", "0", "1", "1"})
    static Tensor convTranspose3d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            Shape stride,
            Shape padding,
            Shape outputPadding,
            long groups,
            Shape dilation) {
        NullArgument.check(x, "x");
        return x.convTranspose(
                convolution(3, stride, padding, dilation, groups),
                weight,
                bias,
                sizes(3, "outputPadding", outputPadding));
    }

    /** Largest element of each window of {@code [N, C, L]}; {@code ceilMode} lets the last windows hang over the edge. */
    @Defaults({"kernel", "0", "1", "false"})
    static Tensor maxPool1d(Tensor x, Shape kernel, Shape stride, Shape padding, Shape dilation, boolean ceilMode) {
        NullArgument.check(x, "x");
        return x.maxPool(pooling(1, kernel, stride, padding, dilation, ceilMode, true, 0));
    }

    /** Largest element of each window of {@code [N, C, H, W]}; {@code ceilMode} lets the last windows hang over the edge. */
    @Defaults({"kernel", "0", "1", "false"})
    static Tensor maxPool2d(Tensor x, Shape kernel, Shape stride, Shape padding, Shape dilation, boolean ceilMode) {
        NullArgument.check(x, "x");
        return x.maxPool(pooling(2, kernel, stride, padding, dilation, ceilMode, true, 0));
    }

    /** Largest element of each window of {@code [N, C, D, H, W]}; {@code ceilMode} lets the last windows hang over the edge. */
    @Defaults({"kernel", "0", "1", "false"})
    static Tensor maxPool3d(Tensor x, Shape kernel, Shape stride, Shape padding, Shape dilation, boolean ceilMode) {
        NullArgument.check(x, "x");
        return x.maxPool(pooling(3, kernel, stride, padding, dilation, ceilMode, true, 0));
    }

    /** Mean of each window of {@code [N, C, L]}; padding counts unless said otherwise. */
    @Defaults({"kernel", "0", "false", "true"})
    static Tensor avgPool1d(
            Tensor x, Shape kernel, Shape stride, Shape padding, boolean ceilMode, boolean countIncludePad) {
        NullArgument.check(x, "x");
        return x.averagePool(pooling(1, kernel, stride, padding, Shape.of(1), ceilMode, countIncludePad, 0));
    }

    /** Mean of each window of {@code [N, C, H, W]}, or with a {@code divisor} its sum over that; padding counts unless said otherwise. */
    @Defaults({"kernel", "0", "false", "true", "0"})
    static Tensor avgPool2d(
            Tensor x,
            Shape kernel,
            Shape stride,
            Shape padding,
            boolean ceilMode,
            boolean countIncludePad,
            long divisor) {
        NullArgument.check(x, "x");
        return x.averagePool(pooling(2, kernel, stride, padding, Shape.of(1), ceilMode, countIncludePad, divisor));
    }

    /** Mean of each window of {@code [N, C, D, H, W]}, or with a {@code divisor} its sum over that; padding counts unless said otherwise. */
    @Defaults({"kernel", "0", "false", "true", "0"})
    static Tensor avgPool3d(
            Tensor x,
            Shape kernel,
            Shape stride,
            Shape padding,
            boolean ceilMode,
            boolean countIncludePad,
            long divisor) {
        NullArgument.check(x, "x");
        return x.averagePool(pooling(3, kernel, stride, padding, Shape.of(1), ceilMode, countIncludePad, divisor));
    }

    /** Means of nearly equal parts of {@code [N, C, L]}, {@code size} along each dimension. */
    @Defaults({})
    static Tensor adaptiveAvgPool1d(Tensor x, Shape size) {
        NullArgument.check(x, "x");
        return x.averagePool(Pooling.adaptive(sizes(1, "size", size)));
    }

    /** Means of nearly equal parts of {@code [N, C, H, W]}, {@code size} along each dimension. */
    @Defaults({})
    static Tensor adaptiveAvgPool2d(Tensor x, Shape size) {
        NullArgument.check(x, "x");
        return x.averagePool(Pooling.adaptive(sizes(2, "size", size)));
    }

    /** Means of nearly equal parts of {@code [N, C, D, H, W]}, {@code size} along each dimension. */
    @Defaults({})
    static Tensor adaptiveAvgPool3d(Tensor x, Shape size) {
        NullArgument.check(x, "x");
        return x.averagePool(Pooling.adaptive(sizes(3, "size", size)));
    }

    /** Largest elements of nearly equal parts of {@code [N, C, L]}, {@code size} along each dimension. */
    @Defaults({})
    static Tensor adaptiveMaxPool1d(Tensor x, Shape size) {
        NullArgument.check(x, "x");
        return x.maxPool(Pooling.adaptive(sizes(1, "size", size)));
    }

    /** Largest elements of nearly equal parts of {@code [N, C, H, W]}, {@code size} along each dimension. */
    @Defaults({})
    static Tensor adaptiveMaxPool2d(Tensor x, Shape size) {
        NullArgument.check(x, "x");
        return x.maxPool(Pooling.adaptive(sizes(2, "size", size)));
    }

    /** Largest elements of nearly equal parts of {@code [N, C, D, H, W]}, {@code size} along each dimension. */
    @Defaults({})
    static Tensor adaptiveMaxPool3d(Tensor x, Shape size) {
        NullArgument.check(x, "x");
        return x.maxPool(Pooling.adaptive(sizes(3, "size", size)));
    }

    /** Every window of {@code [N, C, H, W]} as a column, a window an element: {@code [N, C·k², L]}. */
    @Defaults({"1", "0", "1"})
    static Tensor unfold(Tensor x, Shape kernel, long dilation, long padding, long stride) {
        return ImageColumns.of(x, sizes(2, "kernel", kernel), spaced(dilation, padding, stride));
    }

    /** Adds columns back into images of {@code size}: the adjoint of {@link Functional#unfold}. */
    @Defaults({"1", "0", "1"})
    static Tensor fold(Tensor x, Shape size, Shape kernel, long dilation, long padding, long stride) {
        return ImageColumns.toImages(
                x, sizes(2, "size", size), sizes(2, "kernel", kernel), spaced(dilation, padding, stride));
    }

    private static Convolution spaced(long dilation, long padding, long stride) {
        return convolution(2, Shape.of(stride), Shape.of(padding), Shape.of(dilation), 1);
    }

    static Convolution convolution(int dims, Shape stride, Shape padding, Shape dilation, long groups) {
        return new Convolution(
                sizes(dims, "stride", stride),
                sizes(dims, "padding", padding),
                sizes(dims, "dilation", dilation),
                groups);
    }

    static Pooling pooling(
            int dims,
            Shape kernel,
            Shape stride,
            Shape padding,
            Shape dilation,
            boolean ceilMode,
            boolean countIncludePad,
            long divisor) {
        return new Pooling(
                sizes(dims, "kernel", kernel),
                sizes(dims, "stride", stride),
                sizes(dims, "padding", padding),
                sizes(dims, "dilation", dilation),
                ceilMode,
                countIncludePad,
                divisor,
                null);
    }

    /** One number stands for all dimensions. */
    static Shape sizes(int dims, String name, Shape value) {
        NullArgument.check(value, name);
        if (value.rank() != 1 && value.rank() != dims) {
            throw new IllegalArgumentException(name + " takes one number" + (dims > 1 ? " or " + dims : "") + ", got "
                    + Arrays.toString(value.toArray()));
        }
        return value.rank() == dims ? value : Shape.fill(dims, value.get(0));
    }
}
