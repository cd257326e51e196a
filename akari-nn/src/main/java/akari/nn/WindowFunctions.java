package akari.nn;

import akari.backend.Convolution;
import akari.backend.NullArgument;
import akari.backend.Pooling;
import akari.backend.Shape;
import akari.tensor.LayerFunctions;
import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and pooling by their number of dimensions, with equal numbers for all of them; call them on {@link Functional}, which
 * inherits them. Windows of unequal sides: {@link Tensor#convolution}, {@link Tensor#maxPool}, {@link Tensor#averagePool}.
 * What may be left out has PyTorch's default: stride 1, or that of the kernel in pooling; padding 0; dilation 1; one group.
 */
public abstract sealed class WindowFunctions extends LayerFunctions permits LayerDefaults {
    WindowFunctions() {}

    // ---- convolutions

    public static Tensor conv1d(Tensor x, Tensor weight) {
        return conv1d(x, weight, null);
    }

    public static Tensor conv1d(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return conv1d(x, weight, bias, 1);
    }

    public static Tensor conv1d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride) {
        return conv1d(x, weight, bias, stride, 0);
    }

    public static Tensor conv1d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding) {
        return conv1d(x, weight, bias, stride, padding, 1);
    }

    public static Tensor conv1d(
            Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding, long dilation) {
        return conv1d(x, weight, bias, stride, padding, dilation, 1);
    }

    /** Convolution over {@code [N, C, L]} with equal numbers for all dimensions. */
    public static Tensor conv1d(
            Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding, long dilation, long groups) {
        return conv(x, 1, weight, bias, stride, padding, dilation, groups);
    }

    public static Tensor conv3d(Tensor x, Tensor weight) {
        return conv3d(x, weight, null);
    }

    public static Tensor conv3d(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return conv3d(x, weight, bias, 1);
    }

    public static Tensor conv3d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride) {
        return conv3d(x, weight, bias, stride, 0);
    }

    public static Tensor conv3d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding) {
        return conv3d(x, weight, bias, stride, padding, 1);
    }

    public static Tensor conv3d(
            Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding, long dilation) {
        return conv3d(x, weight, bias, stride, padding, dilation, 1);
    }

    /** Convolution over {@code [N, C, D, H, W]} with equal numbers for all dimensions. */
    public static Tensor conv3d(
            Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding, long dilation, long groups) {
        return conv(x, 3, weight, bias, stride, padding, dilation, groups);
    }

    private static Tensor conv(
            Tensor x,
            int dims,
            Tensor weight,
            @Nullable Tensor bias,
            long stride,
            long padding,
            long dilation,
            long groups) {
        NullArgument.check(x, "x");
        return x.convolution(convolution(dims, stride, padding, dilation, groups), weight, bias);
    }

    static Convolution convolution(int dims, long stride, long padding, long dilation, long groups) {
        return new Convolution(Shape.fill(dims, stride), Shape.fill(dims, padding), Shape.fill(dims, dilation), groups);
    }

    public static Tensor convTranspose1d(Tensor x, Tensor weight) {
        return convTranspose1d(x, weight, null);
    }

    public static Tensor convTranspose1d(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return convTranspose1d(x, weight, bias, 1);
    }

    public static Tensor convTranspose1d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride) {
        return convTranspose1d(x, weight, bias, stride, 0);
    }

    public static Tensor convTranspose1d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding) {
        return convTranspose1d(x, weight, bias, stride, padding, 0);
    }

    public static Tensor convTranspose1d(
            Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding, long outputPadding) {
        return convTranspose1d(x, weight, bias, stride, padding, outputPadding, 1);
    }

    public static Tensor convTranspose1d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long stride,
            long padding,
            long outputPadding,
            long groups) {
        return convTranspose1d(x, weight, bias, stride, padding, outputPadding, groups, 1);
    }

    /** The adjoint of a convolution over {@code [N, C, L]}, for a weight {@code [C, O/groups, …]}; {@code outputPadding} is added to one side of the result. */
    public static Tensor convTranspose1d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long stride,
            long padding,
            long outputPadding,
            long groups,
            long dilation) {
        return transposed(x, 1, weight, bias, stride, padding, outputPadding, groups, dilation);
    }

    public static Tensor convTranspose2d(Tensor x, Tensor weight) {
        return convTranspose2d(x, weight, null);
    }

    public static Tensor convTranspose2d(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return convTranspose2d(x, weight, bias, 1);
    }

    public static Tensor convTranspose2d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride) {
        return convTranspose2d(x, weight, bias, stride, 0);
    }

    public static Tensor convTranspose2d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding) {
        return convTranspose2d(x, weight, bias, stride, padding, 0);
    }

    public static Tensor convTranspose2d(
            Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding, long outputPadding) {
        return convTranspose2d(x, weight, bias, stride, padding, outputPadding, 1);
    }

    public static Tensor convTranspose2d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long stride,
            long padding,
            long outputPadding,
            long groups) {
        return convTranspose2d(x, weight, bias, stride, padding, outputPadding, groups, 1);
    }

    /** The adjoint of a convolution over {@code [N, C, H, W]}, for a weight {@code [C, O/groups, …]}; {@code outputPadding} is added to one side of the result. */
    public static Tensor convTranspose2d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long stride,
            long padding,
            long outputPadding,
            long groups,
            long dilation) {
        return transposed(x, 2, weight, bias, stride, padding, outputPadding, groups, dilation);
    }

    public static Tensor convTranspose3d(Tensor x, Tensor weight) {
        return convTranspose3d(x, weight, null);
    }

    public static Tensor convTranspose3d(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return convTranspose3d(x, weight, bias, 1);
    }

    public static Tensor convTranspose3d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride) {
        return convTranspose3d(x, weight, bias, stride, 0);
    }

    public static Tensor convTranspose3d(Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding) {
        return convTranspose3d(x, weight, bias, stride, padding, 0);
    }

    public static Tensor convTranspose3d(
            Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding, long outputPadding) {
        return convTranspose3d(x, weight, bias, stride, padding, outputPadding, 1);
    }

    public static Tensor convTranspose3d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long stride,
            long padding,
            long outputPadding,
            long groups) {
        return convTranspose3d(x, weight, bias, stride, padding, outputPadding, groups, 1);
    }

    /** The adjoint of a convolution over {@code [N, C, D, H, W]}, for a weight {@code [C, O/groups, …]}; {@code outputPadding} is added to one side of the result. */
    public static Tensor convTranspose3d(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            long stride,
            long padding,
            long outputPadding,
            long groups,
            long dilation) {
        return transposed(x, 3, weight, bias, stride, padding, outputPadding, groups, dilation);
    }

    private static Tensor transposed(
            Tensor x,
            int dims,
            Tensor weight,
            @Nullable Tensor bias,
            long stride,
            long padding,
            long outputPadding,
            long groups,
            long dilation) {
        NullArgument.check(x, "x");
        return x.convTranspose(
                convolution(dims, stride, padding, dilation, groups), weight, bias, Shape.fill(dims, outputPadding));
    }

    // ---- pooling

    public static Tensor maxPool1d(Tensor x, long kernel) {
        return maxPool1d(x, kernel, kernel);
    }

    public static Tensor maxPool1d(Tensor x, long kernel, long stride) {
        return maxPool1d(x, kernel, stride, 0);
    }

    public static Tensor maxPool1d(Tensor x, long kernel, long stride, long padding) {
        return maxPool1d(x, kernel, stride, padding, 1);
    }

    public static Tensor maxPool1d(Tensor x, long kernel, long stride, long padding, long dilation) {
        return maxPool1d(x, kernel, stride, padding, dilation, false);
    }

    /** Largest element of each window; {@code ceilMode} lets the last windows hang over the edge. */
    public static Tensor maxPool1d(Tensor x, long kernel, long stride, long padding, long dilation, boolean ceilMode) {
        return x.maxPool(pooling(1, kernel, stride, padding, dilation, ceilMode, true, 0));
    }

    public static Tensor maxPool1d(Tensor x, long kernel, boolean ceilMode) {
        return maxPool1d(x, kernel, kernel, 0, 1, ceilMode);
    }

    public static Tensor maxPool2d(Tensor x, long kernel) {
        return maxPool2d(x, kernel, kernel);
    }

    public static Tensor maxPool2d(Tensor x, long kernel, long stride) {
        return maxPool2d(x, kernel, stride, 0);
    }

    public static Tensor maxPool2d(Tensor x, long kernel, long stride, long padding) {
        return maxPool2d(x, kernel, stride, padding, 1);
    }

    public static Tensor maxPool2d(Tensor x, long kernel, long stride, long padding, long dilation) {
        return maxPool2d(x, kernel, stride, padding, dilation, false);
    }

    /** Largest element of each window; {@code ceilMode} lets the last windows hang over the edge. */
    public static Tensor maxPool2d(Tensor x, long kernel, long stride, long padding, long dilation, boolean ceilMode) {
        return x.maxPool(pooling(2, kernel, stride, padding, dilation, ceilMode, true, 0));
    }

    public static Tensor maxPool2d(Tensor x, long kernel, boolean ceilMode) {
        return maxPool2d(x, kernel, kernel, 0, 1, ceilMode);
    }

    public static Tensor maxPool3d(Tensor x, long kernel) {
        return maxPool3d(x, kernel, kernel);
    }

    public static Tensor maxPool3d(Tensor x, long kernel, long stride) {
        return maxPool3d(x, kernel, stride, 0);
    }

    public static Tensor maxPool3d(Tensor x, long kernel, long stride, long padding) {
        return maxPool3d(x, kernel, stride, padding, 1);
    }

    public static Tensor maxPool3d(Tensor x, long kernel, long stride, long padding, long dilation) {
        return maxPool3d(x, kernel, stride, padding, dilation, false);
    }

    /** Largest element of each window; {@code ceilMode} lets the last windows hang over the edge. */
    public static Tensor maxPool3d(Tensor x, long kernel, long stride, long padding, long dilation, boolean ceilMode) {
        return x.maxPool(pooling(3, kernel, stride, padding, dilation, ceilMode, true, 0));
    }

    public static Tensor maxPool3d(Tensor x, long kernel, boolean ceilMode) {
        return maxPool3d(x, kernel, kernel, 0, 1, ceilMode);
    }

    public static Tensor avgPool1d(Tensor x, long kernel) {
        return avgPool1d(x, kernel, kernel);
    }

    public static Tensor avgPool1d(Tensor x, long kernel, long stride) {
        return avgPool1d(x, kernel, stride, 0);
    }

    public static Tensor avgPool1d(Tensor x, long kernel, long stride, long padding) {
        return avgPool1d(x, kernel, stride, padding, false);
    }

    public static Tensor avgPool1d(Tensor x, long kernel, long stride, long padding, boolean ceilMode) {
        return avgPool1d(x, kernel, stride, padding, ceilMode, true);
    }

    /** Mean of each window; padding counts unless said otherwise. */
    public static Tensor avgPool1d(
            Tensor x, long kernel, long stride, long padding, boolean ceilMode, boolean countIncludePad) {
        return x.averagePool(pooling(1, kernel, stride, padding, 1, ceilMode, countIncludePad, 0));
    }

    public static Tensor avgPool1d(Tensor x, long kernel, boolean ceilMode) {
        return avgPool1d(x, kernel, kernel, 0, ceilMode);
    }

    public static Tensor avgPool2d(Tensor x, long kernel) {
        return avgPool2d(x, kernel, kernel);
    }

    public static Tensor avgPool2d(Tensor x, long kernel, long stride) {
        return avgPool2d(x, kernel, stride, 0);
    }

    public static Tensor avgPool2d(Tensor x, long kernel, long stride, long padding) {
        return avgPool2d(x, kernel, stride, padding, false);
    }

    public static Tensor avgPool2d(Tensor x, long kernel, long stride, long padding, boolean ceilMode) {
        return avgPool2d(x, kernel, stride, padding, ceilMode, true);
    }

    public static Tensor avgPool2d(
            Tensor x, long kernel, long stride, long padding, boolean ceilMode, boolean countIncludePad) {
        return avgPool2d(x, kernel, stride, padding, ceilMode, countIncludePad, 0);
    }

    /** Mean of each window, or with a {@code divisor} its sum over that; padding counts unless said otherwise. */
    public static Tensor avgPool2d(
            Tensor x, long kernel, long stride, long padding, boolean ceilMode, boolean countIncludePad, long divisor) {
        return x.averagePool(pooling(2, kernel, stride, padding, 1, ceilMode, countIncludePad, divisor));
    }

    public static Tensor avgPool2d(Tensor x, long kernel, boolean ceilMode) {
        return avgPool2d(x, kernel, kernel, 0, ceilMode);
    }

    public static Tensor avgPool3d(Tensor x, long kernel) {
        return avgPool3d(x, kernel, kernel);
    }

    public static Tensor avgPool3d(Tensor x, long kernel, long stride) {
        return avgPool3d(x, kernel, stride, 0);
    }

    public static Tensor avgPool3d(Tensor x, long kernel, long stride, long padding) {
        return avgPool3d(x, kernel, stride, padding, false);
    }

    public static Tensor avgPool3d(Tensor x, long kernel, long stride, long padding, boolean ceilMode) {
        return avgPool3d(x, kernel, stride, padding, ceilMode, true);
    }

    public static Tensor avgPool3d(
            Tensor x, long kernel, long stride, long padding, boolean ceilMode, boolean countIncludePad) {
        return avgPool3d(x, kernel, stride, padding, ceilMode, countIncludePad, 0);
    }

    /** Mean of each window, or with a {@code divisor} its sum over that; padding counts unless said otherwise. */
    public static Tensor avgPool3d(
            Tensor x, long kernel, long stride, long padding, boolean ceilMode, boolean countIncludePad, long divisor) {
        return x.averagePool(pooling(3, kernel, stride, padding, 1, ceilMode, countIncludePad, divisor));
    }

    public static Tensor avgPool3d(Tensor x, long kernel, boolean ceilMode) {
        return avgPool3d(x, kernel, kernel, 0, ceilMode);
    }

    private static Pooling pooling(
            int dims,
            long kernel,
            long stride,
            long padding,
            long dilation,
            boolean ceilMode,
            boolean countIncludePad,
            long divisor) {
        return new Pooling(
                Shape.fill(dims, kernel),
                Shape.fill(dims, stride),
                Shape.fill(dims, padding),
                Shape.fill(dims, dilation),
                ceilMode,
                countIncludePad,
                divisor,
                null);
    }

    /** Means of nearly equal parts, {@code size} along each dimension. */
    public static Tensor adaptiveAvgPool1d(Tensor x, long size) {
        return x.averagePool(Pooling.adaptive(Shape.fill(1, size)));
    }

    public static Tensor adaptiveAvgPool1d(Tensor x, Shape size) {
        return x.averagePool(Pooling.adaptive(size));
    }

    /** Means of nearly equal parts, {@code size} along each dimension. */
    public static Tensor adaptiveAvgPool2d(Tensor x, long size) {
        return x.averagePool(Pooling.adaptive(Shape.fill(2, size)));
    }

    public static Tensor adaptiveAvgPool2d(Tensor x, Shape size) {
        return x.averagePool(Pooling.adaptive(size));
    }

    /** Means of nearly equal parts, {@code size} along each dimension. */
    public static Tensor adaptiveAvgPool3d(Tensor x, long size) {
        return x.averagePool(Pooling.adaptive(Shape.fill(3, size)));
    }

    public static Tensor adaptiveAvgPool3d(Tensor x, Shape size) {
        return x.averagePool(Pooling.adaptive(size));
    }

    /** Largest elements of nearly equal parts, {@code size} along each dimension. */
    public static Tensor adaptiveMaxPool1d(Tensor x, long size) {
        return x.maxPool(Pooling.adaptive(Shape.fill(1, size)));
    }

    public static Tensor adaptiveMaxPool1d(Tensor x, Shape size) {
        return x.maxPool(Pooling.adaptive(size));
    }

    /** Largest elements of nearly equal parts, {@code size} along each dimension. */
    public static Tensor adaptiveMaxPool2d(Tensor x, long size) {
        return x.maxPool(Pooling.adaptive(Shape.fill(2, size)));
    }

    public static Tensor adaptiveMaxPool2d(Tensor x, Shape size) {
        return x.maxPool(Pooling.adaptive(size));
    }

    /** Largest elements of nearly equal parts, {@code size} along each dimension. */
    public static Tensor adaptiveMaxPool3d(Tensor x, long size) {
        return x.maxPool(Pooling.adaptive(Shape.fill(3, size)));
    }

    public static Tensor adaptiveMaxPool3d(Tensor x, Shape size) {
        return x.maxPool(Pooling.adaptive(size));
    }
}
