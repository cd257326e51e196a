package akari.nn;

import akari.errors.NullArgument;
import akari.tensor.Tensor;
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
        return ClassLosses.crossEntropy(input, target, weight, ignoreIndex, labelSmoothing, reduction);
    }

    /** Minus the log-probability of the class, from log-probabilities; the mean. */
    public static Tensor nllLoss(Tensor input, Tensor target) {
        return nllLoss(input, target, null, -100, Reduction.MEAN);
    }

    /**
     * From log-probabilities {@code [N, C, …]} (or {@code [C]}) and class numbers.
     *
     * @param weight one factor for each class, or null
     * @param ignoreIndex a label that does not count; PyTorch's default is -100
     */
    public static Tensor nllLoss(
            Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        NullArgument.check(target, "target");
        NullArgument.check(reduction, "reduction");
        return ClassLosses.nll(input, target, weight, ignoreIndex, reduction);
    }

    /** Mean of the squared differences; other shapes than the input's broadcast, with a warning. */
    public static Tensor mseLoss(Tensor input, Tensor target) {
        return mseLoss(input, target, Reduction.MEAN);
    }

    /** The squared differences, reduced; other shapes than the input's broadcast, with a warning. */
    public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction) {
        return Losses.mse(input, target, reduction);
    }

    /** Mean of the absolute differences; other shapes than the input's broadcast, with a warning. */
    public static Tensor l1Loss(Tensor input, Tensor target) {
        return l1Loss(input, target, Reduction.MEAN);
    }

    /** The absolute differences, reduced; other shapes than the input's broadcast, with a warning. */
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
    public static Tensor binaryCrossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return Losses.bce(input, target, weight, reduction);
    }

    /** For logits; {@code posWeight} multiplies the positive part. */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, @Nullable Tensor posWeight, Reduction reduction) {
        return Losses.bceWithLogits(input, target, weight, posWeight, reduction);
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
        return Losses.poisson(input, target, logInput, full, eps, reduction);
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
        return Losses.gaussian(input, target, var, full, eps, reduction);
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
    @Defaults({"0", "Reduction.MEAN", "false"})
    public static Tensor ctcLoss(
            Tensor logProbs,
            Tensor targets,
            long[] inputLengths,
            long[] targetLengths,
            long blank,
            Reduction reduction,
            boolean zeroInfinity) {
        return Ctc.loss(logProbs, targets, inputLengths, targetLengths, blank, reduction, zeroInfinity);
    }

    /** {@code ctcLoss} with the lengths in tensors of whole numbers. */
    @Defaults({"0", "Reduction.MEAN", "false"})
    public static Tensor ctcLoss(
            Tensor logProbs,
            Tensor targets,
            Tensor inputLengths,
            Tensor targetLengths,
            long blank,
            Reduction reduction,
            boolean zeroInfinity) {
        NullArgument.check(inputLengths, "inputLengths");
        NullArgument.check(targetLengths, "targetLengths");
        return ctcLoss(
                logProbs, targets, inputLengths.toLongs(), targetLengths.toLongs(), blank, reduction, zeroInfinity);
    }

    // ---- losses of pairs; target is 1 or -1

    /** {@code max(0, margin - target·(x - y))}. */
    public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target, double margin, Reduction reduction) {
        return Losses.marginRanking(x, y, target, margin, reduction);
    }

    /** {@code x} where target is 1, {@code max(0, margin - x)} where it is -1; PyTorch's default margin is 1. */
    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target, double margin, Reduction reduction) {
        return Losses.hingeEmbedding(x, target, margin, reduction);
    }

    /** {@code 1 - cos} where target is 1, {@code max(0, cos - margin)} where it is -1. */
    public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target, double margin, Reduction reduction) {
        return Losses.cosineEmbedding(x, y, target, margin, reduction);
    }

    /** {@code max(0, |anchor - positive| - |anchor - negative| + margin)}; PyTorch's default margin is 1. */
    public static Tensor tripletMarginLoss(
            Tensor anchor, Tensor positive, Tensor negative, double margin, Reduction reduction) {
        return Losses.triplet(
                "tripletMarginLoss",
                anchor,
                positive,
                negative,
                (x, y) -> x.pairwiseDistance(y, 2, 1e-6, false),
                margin,
                false,
                reduction);
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
        return Losses.triplet(
                "tripletMarginWithDistanceLoss", anchor, positive, negative, distance, margin, swap, reduction);
    }

    /** {@code log(1 + e^(-target·x))}. */
    public static Tensor softMarginLoss(Tensor x, Tensor target, Reduction reduction) {
        return Losses.softMargin(x, target, reduction);
    }

    /** Mean over the classes of {@code max(0, margin - x[label] + x[j])} for the wrong ones j; PyTorch's default margin is 1. */
    public static Tensor multiMarginLoss(Tensor x, Tensor target, double margin, Reduction reduction) {
        return ClassLosses.multiMargin(x, target, margin, reduction);
    }
}
