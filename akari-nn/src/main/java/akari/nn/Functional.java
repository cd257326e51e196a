package akari.nn;

import akari.backend.Convolution;
import akari.backend.Pooling;
import akari.backend.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code torch.nn.functional}, for a static import. Activations are methods of {@link Tensor}:
 * {@code x.relu()}, {@code x.gelu()}, {@code x.softmax(1)}.
 */
public final class Functional {
    private Functional() {}

    // ---- layers

    /** {@code x · weightᵀ + bias}. */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return x.linear(weight, bias);
    }

    /** Convolution over {@code [N, C, H, W]} with equal numbers for both dimensions. */
    public static Tensor conv2d(
            Tensor x, Tensor weight, @Nullable Tensor bias, long stride, long padding, long dilation, long groups) {
        return x.convolution(
                new Convolution(Shape.fill(2, stride), Shape.fill(2, padding), Shape.fill(2, dilation), groups),
                weight,
                bias);
    }

    public static Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return conv2d(x, weight, bias, 1, 0, 1, 1);
    }

    /** See {@link Tensor#batchNorm}. */
    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training,
            double momentum,
            double eps) {
        return x.batchNorm(runningMean, runningVar, weight, bias, training, momentum, eps);
    }

    /** Zeroes elements with probability {@code p} and scales the rest by {@code 1/(1-p)}; the identity unless {@code training}. */
    public static Tensor dropout(Tensor x, double p, boolean training) {
        probability(p);
        if (!training || p == 0) {
            return x;
        }
        return Tensors.composite("dropout", () -> {
            Tensor mask = Tensors.bernoulli_(Tensors.emptyLike(x), 1 - p, Tensors.defaultGenerator());
            return x.mul(p == 1 ? mask : mask.mul_(1 / (1 - p)));
        });
    }

    static double probability(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("dropout: a probability must lie in [0, 1], got " + p);
        }
        return p;
    }

    // ---- pooling

    /** Largest element of each window of {@code kernel}², a window every {@code stride} elements. */
    public static Tensor maxPool2d(Tensor x, long kernel, long stride, long padding) {
        return x.maxPool(pooling(Shape.fill(2, kernel), Shape.fill(2, stride), Shape.fill(2, padding)));
    }

    /** Windows that do not overlap. */
    public static Tensor maxPool2d(Tensor x, long kernel) {
        return maxPool2d(x, kernel, kernel, 0);
    }

    /** Mean of each window, padding included. */
    public static Tensor avgPool2d(Tensor x, long kernel, long stride, long padding) {
        return x.averagePool(pooling(Shape.fill(2, kernel), Shape.fill(2, stride), Shape.fill(2, padding)));
    }

    public static Tensor avgPool2d(Tensor x, long kernel) {
        return avgPool2d(x, kernel, kernel, 0);
    }

    /** Means over {@code [N, C, L]}. */
    public static Tensor avgPool1d(Tensor x, long kernel, long stride, long padding) {
        return x.averagePool(pooling(Shape.of(kernel), Shape.of(stride), Shape.of(padding)));
    }

    /** Means of nearly equal parts, so that the spatial dimensions become {@code size}. */
    public static Tensor adaptiveAvgPool(Tensor x, Shape size) {
        return x.averagePool(Pooling.adaptive(size));
    }

    /** Largest elements of nearly equal parts. */
    public static Tensor adaptiveMaxPool(Tensor x, Shape size) {
        return x.maxPool(Pooling.adaptive(size));
    }

    public static Tensor adaptiveAvgPool2d(Tensor x, long side) {
        return adaptiveAvgPool(x, Shape.fill(2, side));
    }

    public static Tensor adaptiveMaxPool2d(Tensor x, long side) {
        return adaptiveMaxPool(x, Shape.fill(2, side));
    }

    static Pooling pooling(Shape kernel, Shape stride, Shape padding) {
        return new Pooling(kernel, stride, padding, Shape.fill(kernel.rank(), 1), false, true, 0, null);
    }

    static Shape pair(String name, long[] value) {
        if (value.length != 1 && value.length != 2) {
            throw new IllegalArgumentException(name + " takes one number or two, got " + Arrays.toString(value));
        }
        return value.length == 1 ? Shape.fill(2, value[0]) : Shape.of(value);
    }

    // ---- padding

    /**
     * Adds a border, or with negative numbers removes one.
     *
     * @param sides before and after for each dimension, the last dimension first: {@code {left, right, top, bottom}}
     */
    public static Tensor pad(Tensor x, long[] sides, PaddingMode mode, double value) {
        if (sides.length % 2 != 0 || sides.length > 2 * x.dim()) {
            throw new IllegalArgumentException("pad takes two numbers for each of the last dimensions of " + x.shape()
                    + ", got " + Arrays.toString(sides));
        }
        return Tensors.composite("pad", () -> {
            Tensor y = x;
            for (int i = 0; i < sides.length / 2; i++) {
                int dim = x.dim() - 1 - i;
                y = mode == PaddingMode.ZEROS
                        ? constant(y, dim, sides[2 * i], sides[2 * i + 1], value)
                        : mirrored(y, dim, sides[2 * i], sides[2 * i + 1], mode);
            }
            return y;
        });
    }

    private static Tensor constant(Tensor x, int dim, long before, long after, double value) {
        long start = Math.max(0, -before);
        long length = x.size(dim) - start - Math.max(0, -after);
        if (length < 0) {
            throw new IllegalArgumentException(
                    "pad: removing " + -before + " and " + -after + " from dimension " + dim + " of " + x.shape());
        }
        List<Tensor> parts = new ArrayList<>();
        if (before > 0) {
            parts.add(border(x, dim, before, value));
        }
        parts.add(x.narrow(dim, start, length));
        if (after > 0) {
            parts.add(border(x, dim, after, value));
        }
        return parts.size() == 1 ? parts.getFirst() : Tensors.cat(parts, dim);
    }

    private static Tensor border(Tensor x, int dim, long size, double value) {
        return Tensors.full(x.dtype(), value, x.shape().with(dim, size).toArray()).to(x.device());
    }

    private static Tensor mirrored(Tensor x, int dim, long before, long after, PaddingMode mode) {
        long n = x.size(dim);
        long most = mode == PaddingMode.REFLECT ? n - 1 : mode == PaddingMode.CIRCULAR ? n : Long.MAX_VALUE;
        if (before < 0 || after < 0 || before > most || after > most) {
            throw new IllegalArgumentException("pad: " + before + " and " + after + " at dimension " + dim + " of "
                    + x.shape() + " must lie between 0 and " + most + " in mode " + mode);
        }
        if (before == 0 && after == 0) {
            return x;
        }
        long[] from = new long[Math.toIntExact(before + n + after)];
        for (int i = 0; i < from.length; i++) {
            long at = i - before;
            from[i] = switch (mode) {
                case REPLICATE, ZEROS -> Math.clamp(at, 0, n - 1);
                case CIRCULAR -> Math.floorMod(at, n);
                case REFLECT -> at < 0 ? -at : at >= n ? 2 * (n - 1) - at : at;
            };
        }
        return x.indexSelect(dim, Tensors.tensor(from).to(x.device()));
    }

    // ---- losses

    /**
     * Cross entropy of logits {@code [N, C, …]} (or {@code [C]}) against class numbers {@code [N, …]}, or probabilities of the input's
     * shape; the mean.
     */
    public static Tensor crossEntropy(Tensor input, Tensor target) {
        return crossEntropy(input, target, null, -100, 0, Reduction.MEAN);
    }

    /**
     * @param weight one factor for each class, or null
     * @param ignoreIndex a label that does not count; PyTorch's default is -100
     * @param labelSmoothing share of the target that is spread evenly over the classes
     */
    public static Tensor crossEntropy(
            Tensor input,
            Tensor target,
            @Nullable Tensor weight,
            long ignoreIndex,
            double labelSmoothing,
            Reduction reduction) {
        return Losses.crossEntropy(input, target, weight, ignoreIndex, labelSmoothing, reduction);
    }

    /** Minus the log-probability of the class, from log-probabilities; the mean. */
    public static Tensor nllLoss(Tensor input, Tensor target) {
        return nllLoss(input, target, null, -100, Reduction.MEAN);
    }

    public static Tensor nllLoss(
            Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        return Losses.nll(input, target, weight, ignoreIndex, reduction);
    }

    /** Mean of the squared differences. */
    public static Tensor mseLoss(Tensor input, Tensor target) {
        return mseLoss(input, target, Reduction.MEAN);
    }

    public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction) {
        return Losses.mse(input, target, reduction);
    }

    /** Mean of the absolute differences. */
    public static Tensor l1Loss(Tensor input, Tensor target) {
        return l1Loss(input, target, Reduction.MEAN);
    }

    public static Tensor l1Loss(Tensor input, Tensor target, Reduction reduction) {
        return Losses.l1(input, target, reduction);
    }

    /** {@code d²/(2 beta)} where {@code |d| < beta}, else {@code |d| - beta/2}; PyTorch's default beta is 1. */
    public static Tensor smoothL1Loss(Tensor input, Tensor target, double beta, Reduction reduction) {
        return Losses.smoothL1(input, target, beta, reduction);
    }

    /** {@code d²/2} where {@code |d| < delta}, else {@code delta (|d| - delta/2)}; PyTorch's default delta is 1. */
    public static Tensor huberLoss(Tensor input, Tensor target, double delta, Reduction reduction) {
        return Losses.huber(input, target, delta, reduction);
    }

    /** {@code target·(log target - input)}, the input holding log-probabilities. */
    public static Tensor klDiv(Tensor input, Tensor target, boolean logTarget, Reduction reduction) {
        return Losses.klDiv(input, target, logTarget, reduction);
    }

    /** For probabilities; the logarithm is cut at -100. */
    public static Tensor binaryCrossEntropy(
            Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return Losses.bce(input, target, weight, reduction);
    }

    /** For logits; {@code posWeight} multiplies the positive part. */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input,
            Tensor target,
            @Nullable Tensor weight,
            @Nullable Tensor posWeight,
            Reduction reduction) {
        return Losses.bceWithLogits(input, target, weight, posWeight, reduction);
    }
}
