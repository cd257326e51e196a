package akari.nn;

import akari.backend.DType;
import akari.backend.Shape;
import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The layers of {@link Functional} with arguments left out, which then have PyTorch's defaults; call them on {@link Functional}, which
 * inherits them.
 */
public abstract sealed class LayerDefaults extends WindowFunctions permits LossDefaults {
    LayerDefaults() {}

    // ---- dropping out, in training unless said otherwise

    public static Tensor dropout1d(Tensor x) {
        return dropout1d(x, 0.5);
    }

    public static Tensor dropout1d(Tensor x, double p) {
        return Functional.dropout1d(x, p, true);
    }

    public static Tensor dropout1d(Tensor x, boolean training) {
        return Functional.dropout1d(x, 0.5, training);
    }

    public static Tensor dropout2d(Tensor x) {
        return dropout2d(x, 0.5);
    }

    public static Tensor dropout2d(Tensor x, double p) {
        return Functional.dropout2d(x, p, true);
    }

    public static Tensor dropout2d(Tensor x, boolean training) {
        return Functional.dropout2d(x, 0.5, training);
    }

    public static Tensor dropout3d(Tensor x) {
        return dropout3d(x, 0.5);
    }

    public static Tensor dropout3d(Tensor x, double p) {
        return Functional.dropout3d(x, p, true);
    }

    public static Tensor dropout3d(Tensor x, boolean training) {
        return Functional.dropout3d(x, 0.5, training);
    }

    // ---- borders and other sizes

    /** A border of zeros: before and after for each dimension, the last dimension first: {@code pad(x, left, right, top, bottom)}. */
    public static Tensor pad(Tensor x, long... sides) {
        return pad(x, sides, 0);
    }

    public static Tensor pad(Tensor x, long[] sides, Number value) {
        return Functional.pad(x, sides, PaddingMode.ZEROS, value);
    }

    public static Tensor pad(Tensor x, long[] sides, PaddingMode mode) {
        return Functional.pad(x, sides, mode, 0);
    }

    /** By the nearest sample. */
    public static Tensor interpolate(Tensor x, Shape size) {
        return Functional.interpolate(x, size, InterpolationMode.NEAREST);
    }

    public static Tensor interpolate(Tensor x, Shape size, InterpolationMode mode, boolean alignCorners) {
        return Functional.interpolate(x, size, mode, alignCorners, false);
    }

    /** At one size for all spatial dimensions, by the nearest sample. A whole number is a size, as in PyTorch; 2.0 is a factor. */
    public static Tensor interpolate(Tensor x, long size) {
        return interpolate(x, size, InterpolationMode.NEAREST);
    }

    /** At one size for all spatial dimensions. A whole number is a size, as in PyTorch; 2.0 is a factor. */
    public static Tensor interpolate(Tensor x, long size, InterpolationMode mode) {
        return interpolate(x, size, mode, false);
    }

    public static Tensor interpolate(Tensor x, long size, InterpolationMode mode, boolean alignCorners) {
        return interpolate(x, Shape.fill(Math.max(1, x.dim() - 2), size), mode, alignCorners);
    }

    /** At {@code scale} times the size, rounded down, by the nearest sample. */
    public static Tensor interpolate(Tensor x, double scale) {
        return Functional.interpolate(x, scale, InterpolationMode.NEAREST);
    }

    public static Tensor interpolate(Tensor x, double scale, InterpolationMode mode, boolean alignCorners) {
        return Functional.interpolate(x, new double[] {scale}, mode, alignCorners, false, false);
    }

    public static Tensor affineGrid(Tensor theta, Shape size) {
        return Functional.affineGrid(theta, size, false);
    }

    public static Tensor gridSample(Tensor x, Tensor grid, boolean alignCorners) {
        return Functional.gridSample(x, grid, false, PaddingMode.ZEROS, alignCorners);
    }

    public static Tensor gridSample(Tensor x, Tensor grid, InterpolationMode mode) {
        return gridSample(x, grid, mode, PaddingMode.ZEROS);
    }

    public static Tensor gridSample(Tensor x, Tensor grid, InterpolationMode mode, PaddingMode padding) {
        return gridSample(x, grid, mode, padding, false);
    }

    /** @param mode LINEAR or NEAREST */
    public static Tensor gridSample(
            Tensor x, Tensor grid, InterpolationMode mode, PaddingMode padding, boolean alignCorners) {
        if (mode != InterpolationMode.LINEAR && mode != InterpolationMode.NEAREST) {
            throw new IllegalArgumentException("gridSample takes the mode LINEAR or NEAREST, got " + mode);
        }
        return Functional.gridSample(x, grid, mode == InterpolationMode.NEAREST, padding, alignCorners);
    }

    // ---- windows as columns

    /** Every window of {@code [N, C, H, W]} as a column, a window an element. */
    public static Tensor unfold(Tensor x, Shape kernel) {
        return unfold(x, kernel, 1);
    }

    public static Tensor unfold(Tensor x, Shape kernel, long dilation) {
        return unfold(x, kernel, dilation, 0);
    }

    public static Tensor unfold(Tensor x, Shape kernel, long dilation, long padding) {
        return unfold(x, kernel, dilation, padding, 1);
    }

    public static Tensor unfold(Tensor x, Shape kernel, long dilation, long padding, long stride) {
        return Functional.unfold(x, kernel, convolution(2, stride, padding, dilation, 1));
    }

    public static Tensor fold(Tensor x, Shape size, Shape kernel) {
        return fold(x, size, kernel, 1);
    }

    public static Tensor fold(Tensor x, Shape size, Shape kernel, long dilation) {
        return fold(x, size, kernel, dilation, 0);
    }

    public static Tensor fold(Tensor x, Shape size, Shape kernel, long dilation, long padding) {
        return fold(x, size, kernel, dilation, padding, 1);
    }

    public static Tensor fold(Tensor x, Shape size, Shape kernel, long dilation, long padding, long stride) {
        return Functional.fold(x, size, kernel, convolution(2, stride, padding, dilation, 1));
    }

    // ---- normalisation

    /** By running statistics, for evaluation. */
    public static Tensor batchNorm(Tensor x, @Nullable Tensor runningMean, @Nullable Tensor runningVar) {
        return batchNorm(x, runningMean, runningVar, false);
    }

    public static Tensor batchNorm(
            Tensor x, @Nullable Tensor runningMean, @Nullable Tensor runningVar, boolean training) {
        return batchNorm(x, runningMean, runningVar, null, null, training);
    }

    public static Tensor batchNorm(
            Tensor x, @Nullable Tensor runningMean, @Nullable Tensor runningVar, @Nullable Tensor weight) {
        return batchNorm(x, runningMean, runningVar, weight, null);
    }

    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias) {
        return batchNorm(x, runningMean, runningVar, weight, bias, false);
    }

    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training) {
        return batchNorm(x, runningMean, runningVar, weight, bias, training, 0.1);
    }

    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training,
            double momentum) {
        return x.batchNorm(runningMean, runningVar, weight, bias, training, momentum, 1e-5);
    }

    /** Over the last dimensions, whose sizes these are. */
    public static Tensor layerNorm(Tensor x, long... shape) {
        if (shape.length == 0) {
            throw new IllegalArgumentException(
                    "layerNorm: over which last dimensions of input " + x.shape() + "? Give their sizes");
        }
        return layerNorm(x, Shape.of(shape));
    }

    public static Tensor layerNorm(Tensor x, Shape shape) {
        return layerNorm(x, shape, null);
    }

    public static Tensor layerNorm(Tensor x, Shape shape, @Nullable Tensor weight) {
        return layerNorm(x, shape, weight, null);
    }

    public static Tensor layerNorm(Tensor x, Shape shape, @Nullable Tensor weight, @Nullable Tensor bias) {
        return Functional.layerNorm(x, shape, weight, bias, 1e-5);
    }

    public static Tensor groupNorm(Tensor x, long groups) {
        return groupNorm(x, groups, null);
    }

    public static Tensor groupNorm(Tensor x, long groups, @Nullable Tensor weight) {
        return groupNorm(x, groups, weight, null);
    }

    public static Tensor groupNorm(Tensor x, long groups, @Nullable Tensor weight, @Nullable Tensor bias) {
        return Functional.groupNorm(x, groups, weight, bias, 1e-5);
    }

    public static Tensor instanceNorm(Tensor x) {
        return instanceNorm(x, null, null);
    }

    public static Tensor instanceNorm(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias) {
        return Functional.instanceNorm(x, weight, bias, 1e-5);
    }

    public static Tensor localResponseNorm(Tensor x, long size) {
        return localResponseNorm(x, size, 1e-4);
    }

    public static Tensor localResponseNorm(Tensor x, long size, double alpha) {
        return localResponseNorm(x, size, alpha, 0.75);
    }

    public static Tensor localResponseNorm(Tensor x, long size, double alpha, double beta) {
        return Functional.localResponseNorm(x, size, alpha, beta, 1);
    }

    /** By the Euclidean norm along dimension 1. */
    public static Tensor normalize(Tensor x) {
        return normalize(x, 2);
    }

    /** By the p-norm along dimension 1. */
    public static Tensor normalize(Tensor x, double p) {
        return Functional.normalize(x, p, 1);
    }

    // ---- other layers

    /** Along the last dimension. */
    public static Tensor glu(Tensor x) {
        return Functional.glu(x, -1);
    }

    public static Tensor embedding(Tensor index, Tensor weight) {
        return Functional.embedding(index, weight, -1);
    }

    /** In {@code dtype}. */
    public static Tensor softmin(Tensor x, int dim, DType dtype) {
        return Functional.softmin(x.to(dtype), dim);
    }

    /** A soft draw along the last dimension, with {@code tau} 1. */
    public static Tensor gumbelSoftmax(Tensor logits) {
        return gumbelSoftmax(logits, 1);
    }

    public static Tensor gumbelSoftmax(Tensor logits, double tau) {
        return gumbelSoftmax(logits, tau, false);
    }

    public static Tensor gumbelSoftmax(Tensor logits, boolean hard) {
        return gumbelSoftmax(logits, 1, hard);
    }

    public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard) {
        return Functional.gumbelSoftmax(logits, tau, hard, -1);
    }
}
