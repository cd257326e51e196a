package akari.nn;

import static akari.tensor.Tensors.fullPrecision;

import akari.backend.NullArgument;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** The losses among the functions of {@code torch.nn.functional}; call them on {@link Functional}, which inherits them. */
public abstract sealed class LossFunctions extends LossDefaults permits Functional {
    LossFunctions() {}

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
        NullArgument.check(target, "target");
        NullArgument.check(reduction, "reduction");
        return Losses.crossEntropy(fullPrecision(input), target, weight, ignoreIndex, labelSmoothing, reduction);
    }

    /** Minus the log-probability of the class, from log-probabilities; the mean. */
    public static Tensor nllLoss(Tensor input, Tensor target) {
        return nllLoss(input, target, null, -100, Reduction.MEAN);
    }

    public static Tensor nllLoss(
            Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        NullArgument.check(target, "target");
        NullArgument.check(reduction, "reduction");
        return Losses.nll(fullPrecision(input), target, weight, ignoreIndex, reduction);
    }

    /** Mean of the squared differences. */
    public static Tensor mseLoss(Tensor input, Tensor target) {
        return mseLoss(input, target, Reduction.MEAN);
    }

    public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction) {
        return Losses.mse(fullPrecision(input), target, reduction);
    }

    /** Mean of the absolute differences. */
    public static Tensor l1Loss(Tensor input, Tensor target) {
        return l1Loss(input, target, Reduction.MEAN);
    }

    public static Tensor l1Loss(Tensor input, Tensor target, Reduction reduction) {
        return Losses.l1(fullPrecision(input), target, reduction);
    }

    /** {@code d²/(2 beta)} where {@code |d| < beta}, else {@code |d| - beta/2}; PyTorch's default beta is 1. */
    public static Tensor smoothL1Loss(Tensor input, Tensor target, double beta, Reduction reduction) {
        return Losses.smoothL1(fullPrecision(input), target, beta, reduction);
    }

    /** {@code d²/2} where {@code |d| < delta}, else {@code delta (|d| - delta/2)}; PyTorch's default delta is 1. */
    public static Tensor huberLoss(Tensor input, Tensor target, double delta, Reduction reduction) {
        return Losses.huber(fullPrecision(input), target, delta, reduction);
    }

    /** {@code target·(log target - input)}, the input holding log-probabilities. */
    public static Tensor klDiv(Tensor input, Tensor target, boolean logTarget, Reduction reduction) {
        return Losses.klDiv(fullPrecision(input), target, logTarget, reduction);
    }

    /** For probabilities; the logarithm is cut at -100. */
    public static Tensor binaryCrossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return Losses.bce(fullPrecision(input), target, weight, reduction);
    }

    /** For logits; {@code posWeight} multiplies the positive part. */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, @Nullable Tensor posWeight, Reduction reduction) {
        return Losses.bceWithLogits(fullPrecision(input), target, weight, posWeight, reduction);
    }

    /**
     * Minus the log-probability of counts under Poisson's distribution.
     *
     * @param logInput whether the input is the logarithm of the mean; PyTorch's default is true
     * @param full whether to add Stirling's approximation of the target's own term; PyTorch's default is false
     * @param eps keeps the logarithm of a mean from 0; PyTorch's default is 1e-8
     */
    public static Tensor poissonNllLoss(
            Tensor input, Tensor target, boolean logInput, boolean full, double eps, Reduction reduction) {
        return Losses.poisson(fullPrecision(input), target, logInput, full, eps, reduction);
    }

    /**
     * Minus the log-probability under normal distributions of means {@code input} and variances {@code var}, the latter of the input's
     * shape, or with a last size of 1 or none.
     *
     * @param full whether to add the constant term; PyTorch's default is false
     * @param eps a lower bound of the variance, which gradients do not see; PyTorch's default is 1e-6
     */
    public static Tensor gaussianNllLoss(
            Tensor input, Tensor target, Tensor var, boolean full, double eps, Reduction reduction) {
        return Losses.gaussian(fullPrecision(input), target, fullPrecision(var), full, eps, reduction);
    }

    /**
     * Minus the log-probability that a sequence of distributions spells its target, blanks and repetitions left out.
     *
     * @param logProbs {@code [T, N, C]}, as logSoftmax gives them
     * @param targets {@code [N, S]}, or all behind each other in a vector
     * @param blank PyTorch's default is 0
     * @param reduction MEAN divides by the target lengths first
     * @param zeroInfinity whether targets that do not fit their input count as 0; PyTorch's default is false
     */
    public static Tensor ctcLoss(
            Tensor logProbs,
            Tensor targets,
            long[] inputLengths,
            long[] targetLengths,
            long blank,
            Reduction reduction,
            boolean zeroInfinity) {
        return Ctc.loss(fullPrecision(logProbs), targets, inputLengths, targetLengths, blank, reduction, zeroInfinity);
    }

    // ---- losses of pairs; target is 1 or -1

    /** {@code max(0, margin - target·(x - y))}. */
    public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target, double margin, Reduction reduction) {
        return Tensors.composite(
                "marginRankingLoss",
                () -> Losses.reduce(
                        target.neg()
                                .mul(fullPrecision(x).sub(fullPrecision(y)))
                                .add(margin)
                                .relu(),
                        reduction));
    }

    /** {@code x} where target is 1, {@code max(0, margin - x)} where it is -1; PyTorch's default margin is 1. */
    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target, double margin, Reduction reduction) {
        return Tensors.composite("hingeEmbeddingLoss", () -> {
            Tensor wide = fullPrecision(x);
            return Losses.reduce(wide.where(target.eq(1), wide.rsub(margin).relu()), reduction);
        });
    }

    /** {@code 1 - cos} where target is 1, {@code max(0, cos - margin)} where it is -1. */
    public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target, double margin, Reduction reduction) {
        return Tensors.composite("cosineEmbeddingLoss", () -> {
            Tensor cos = Functional.cosineSimilarity(fullPrecision(x), fullPrecision(y), -1, 1e-12);
            return Losses.reduce(cos.rsub(1).where(target.eq(1), cos.sub(margin).relu()), reduction);
        });
    }

    /** {@code max(0, |anchor - positive| - |anchor - negative| + margin)}; PyTorch's default margin is 1. */
    public static Tensor tripletMarginLoss(
            Tensor anchor, Tensor positive, Tensor negative, double margin, Reduction reduction) {
        return Tensors.composite("tripletMarginLoss", () -> {
            Tensor from = fullPrecision(anchor);
            Tensor near = Functional.pairwiseDistance(from, fullPrecision(positive), 2, 1e-6);
            Tensor far = Functional.pairwiseDistance(from, fullPrecision(negative), 2, 1e-6);
            return Losses.reduce(near.sub(far).add(margin).relu(), reduction);
        });
    }

    /**
     * {@link #tripletMarginLoss} by any distance.
     *
     * @param swap whether to take the distance of positive and negative where it is the smaller one; PyTorch's default is false
     */
    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor,
            Tensor positive,
            Tensor negative,
            BinaryOperator<Tensor> distance,
            double margin,
            boolean swap,
            Reduction reduction) {
        NullArgument.check(distance, "distance");
        NullArgument.check(reduction, "reduction");
        return Tensors.composite("tripletMarginWithDistanceLoss", () -> {
            Tensor from = fullPrecision(anchor);
            Tensor near = distance.apply(from, fullPrecision(positive));
            Tensor far = distance.apply(from, fullPrecision(negative));
            if (swap) {
                far = far.minimum(distance.apply(fullPrecision(positive), fullPrecision(negative)));
            }
            return Losses.reduce(near.sub(far).add(margin).clampMin(0), reduction);
        });
    }

    /** {@code log(1 + e^(-target·x))}. */
    public static Tensor softMarginLoss(Tensor x, Tensor target, Reduction reduction) {
        return Tensors.composite(
                "softMarginLoss",
                () -> Losses.reduce(target.mul(fullPrecision(x)).logSigmoid().neg(), reduction));
    }

    /** Mean over the classes of {@code max(0, margin - x[label] + x[j])} for the wrong ones j; PyTorch's default margin is 1. */
    public static Tensor multiMarginLoss(Tensor x, Tensor target, double margin, Reduction reduction) {
        return Tensors.composite("multiMarginLoss", () -> {
            Tensor wide = fullPrecision(x);
            Tensor right = wide.gather(1, target.unsqueeze(1));
            Tensor all = wide.sub(right).add(margin).relu().sum(1); // the right class adds the margin itself
            return Losses.reduce(all.sub(margin).div(x.size(1)), reduction);
        });
    }
}
