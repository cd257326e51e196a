package akari.nn;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The layers of {@link Functional} with arguments left out, which then have PyTorch's defaults; call them on {@link Functional}, which
 * inherits them.
 */
public abstract sealed class LayerDefaults extends ShorterForms permits LossDefaults {
    LayerDefaults() {}

    // ---- borders and other sizes

    /** A border of zeros: before and after for each dimension, the last dimension first: {@code pad(x, left, right, top, bottom)}. */
    public static Tensor pad(Tensor x, long... sides) {
        return pad(x, sides, 0);
    }

    /** A border of {@code value}; {@code sides} as for {@link #pad(Tensor, long...)}. */
    public static Tensor pad(Tensor x, long[] sides, Number value) {
        return Functional.pad(x, sides, PaddingMode.ZEROS, value);
    }

    /** A border of {@code value}; {@code sides} as for {@link #pad(Tensor, long...)}. */
    public static Tensor pad(Tensor x, int[] sides, Number value) {
        return Functional.pad(x, sides, PaddingMode.ZEROS, value);
    }

    /**
     * Linear interpolation, zeros outside.
     *
     * @param alignCorners whether -1 and 1 are the centres of the outermost samples rather than their edges
     */
    public static Tensor gridSample(Tensor x, Tensor grid, boolean alignCorners) {
        return Functional.gridSample(x, grid, false, PaddingMode.ZEROS, alignCorners);
    }

    /**
     * Zeros outside, {@code alignCorners} false.
     *
     * @param mode LINEAR or NEAREST
     */
    public static Tensor gridSample(Tensor x, Tensor grid, InterpolationMode mode) {
        return gridSample(x, grid, mode, PaddingMode.ZEROS);
    }

    /**
     * {@code alignCorners} false.
     *
     * @param mode LINEAR or NEAREST
     * @param padding what lies outside: ZEROS, REPLICATE (PyTorch's border) or REFLECT
     */
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

    // ---- normalisation

    /** By running statistics, for evaluation. */
    public static Tensor batchNorm(Tensor x, @Nullable Tensor runningMean, @Nullable Tensor runningVar) {
        return batchNorm(x, runningMean, runningVar, false);
    }

    /**
     * By the batch's statistics if {@code training}, else by the running ones; no weight and bias, momentum 0.1, eps
     * 1e-5.
     */
    public static Tensor batchNorm(
            Tensor x, @Nullable Tensor runningMean, @Nullable Tensor runningVar, boolean training) {
        return batchNorm(x, runningMean, runningVar, null, null, training);
    }

    /** By running statistics, for evaluation, then times {@code weight}, {@code [C]}; eps 1e-5. */
    public static Tensor batchNorm(
            Tensor x, @Nullable Tensor runningMean, @Nullable Tensor runningVar, @Nullable Tensor weight) {
        return batchNorm(x, runningMean, runningVar, weight, null);
    }

    /**
     * By running statistics, for evaluation, then times {@code weight} plus {@code bias}, {@code [C]} each; eps 1e-5.
     */
    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias) {
        return batchNorm(x, runningMean, runningVar, weight, bias, false);
    }

    /** By the batch's statistics if {@code training}, which move the running ones by momentum 0.1; eps 1e-5. */
    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training) {
        return batchNorm(x, runningMean, runningVar, weight, bias, training, 0.1);
    }

    /** As {@link Tensor#batchNorm}, with eps 1e-5. */
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

    // ---- other layers

    /** In {@code dtype}. */
    public static Tensor softmin(Tensor x, int dim, DType dtype) {
        return Functional.softmin(x.to(dtype), dim);
    }

    // ---- along the dimension that PyTorch assumes

    /** Along dimension 1, or 0 of tensors with 0, 1 or 3 dimensions, as PyTorch guesses; a warning asks for the dimension. */
    public static Tensor softmax(Tensor x) {
        return Functional.softmax(x, assumed("softmax", x));
    }

    /** As {@link #softmax(Tensor)}. */
    public static Tensor logSoftmax(Tensor x) {
        return Functional.logSoftmax(x, assumed("logSoftmax", x));
    }

    /** As {@link #softmax(Tensor)}. */
    public static Tensor softmin(Tensor x) {
        return Functional.softmin(x, assumed("softmin", x));
    }

    private static int assumed(String op, Tensor x) {
        NullArgument.check(x, "x");
        int dim = x.dim() == 0 || x.dim() == 1 || x.dim() == 3 ? 0 : 1;
        Warnings.once(op + " without a dimension takes dimension " + dim + " of " + x.shape()
                + ", as PyTorch would; say which one you mean");
        return dim;
    }

    // ---- sizes as numbers of their own

    /** Means of nearly equal parts of {@code [N, C, H, W]}, to {@code [N, C, height, width]}. */
    public static Tensor adaptiveAvgPool2d(Tensor x, long height, long width) {
        return Functional.adaptiveAvgPool2d(x, Shape.of(height, width));
    }

    /** Means of nearly equal parts of {@code [N, C, D, H, W]}, to {@code [N, C, depth, height, width]}. */
    public static Tensor adaptiveAvgPool3d(Tensor x, long depth, long height, long width) {
        return Functional.adaptiveAvgPool3d(x, Shape.of(depth, height, width));
    }

    /** Largest elements of nearly equal parts of {@code [N, C, H, W]}, to {@code [N, C, height, width]}. */
    public static Tensor adaptiveMaxPool2d(Tensor x, long height, long width) {
        return Functional.adaptiveMaxPool2d(x, Shape.of(height, width));
    }

    /** Largest elements of nearly equal parts of {@code [N, C, D, H, W]}, to {@code [N, C, depth, height, width]}. */
    public static Tensor adaptiveMaxPool3d(Tensor x, long depth, long height, long width) {
        return Functional.adaptiveMaxPool3d(x, Shape.of(depth, height, width));
    }
}
