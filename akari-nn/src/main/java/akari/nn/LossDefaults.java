package akari.nn;

import akari.tensor.Tensor;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The losses of {@link LossFunctions} with arguments left out, which then have PyTorch's defaults, and with all of them in PyTorch's
 * order; call them on {@link Functional}, which inherits them.
 */
public abstract sealed class LossDefaults extends LayerDefaults permits LossFunctions {
    LossDefaults() {}

    /** Without weights and label smoothing. */
    public static Tensor crossEntropy(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.crossEntropy(input, target, null, -100, 0, reduction);
    }

    /** With one factor for each class; the mean. */
    public static Tensor crossEntropy(Tensor input, Tensor target, @Nullable Tensor weight) {
        return LossFunctions.crossEntropy(input, target, weight, -100, 0, Reduction.MEAN);
    }

    /** With one factor for each class, or null. */
    public static Tensor crossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return LossFunctions.crossEntropy(input, target, weight, -100, 0, reduction);
    }

    /** The weighted mean over the labels other than {@code ignoreIndex}. */
    public static Tensor crossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex) {
        return LossFunctions.crossEntropy(input, target, weight, ignoreIndex, 0, Reduction.MEAN);
    }

    /** Without label smoothing. */
    public static Tensor crossEntropy(
            Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        return LossFunctions.crossEntropy(input, target, weight, ignoreIndex, 0, reduction);
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
            Reduction reduction,
            double labelSmoothing) {
        return LossFunctions.crossEntropy(input, target, weight, ignoreIndex, labelSmoothing, reduction);
    }

    /** Minus the log-probability of the class, from log-probabilities. */
    public static Tensor nllLoss(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.nllLoss(input, target, null, -100, reduction);
    }

    /** With one factor for each class; the mean. */
    public static Tensor nllLoss(Tensor input, Tensor target, @Nullable Tensor weight) {
        return LossFunctions.nllLoss(input, target, weight, -100, Reduction.MEAN);
    }

    /** With one factor for each class, or null. */
    public static Tensor nllLoss(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return LossFunctions.nllLoss(input, target, weight, -100, reduction);
    }

    /** The weighted mean over the labels other than {@code ignoreIndex}. */
    public static Tensor nllLoss(Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex) {
        return LossFunctions.nllLoss(input, target, weight, ignoreIndex, Reduction.MEAN);
    }

    /** With beta 1; the mean. */
    public static Tensor smoothL1Loss(Tensor input, Tensor target) {
        return LossFunctions.smoothL1Loss(input, target, 1, Reduction.MEAN);
    }

    /** With beta 1. */
    public static Tensor smoothL1Loss(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.smoothL1Loss(input, target, 1, reduction);
    }

    /** In PyTorch's order: {@code d²/(2 beta)} where {@code |d| < beta}, else {@code |d| - beta/2}. */
    public static Tensor smoothL1Loss(Tensor input, Tensor target, Reduction reduction, double beta) {
        return LossFunctions.smoothL1Loss(input, target, beta, reduction);
    }

    /** The mean of {@code d²/(2 beta)} where {@code |d| < beta}, else {@code |d| - beta/2}. */
    public static Tensor smoothL1Loss(Tensor input, Tensor target, double beta) {
        return LossFunctions.smoothL1Loss(input, target, beta, Reduction.MEAN);
    }

    /** With delta 1; the mean. */
    public static Tensor huberLoss(Tensor input, Tensor target) {
        return LossFunctions.huberLoss(input, target, 1, Reduction.MEAN);
    }

    /** With delta 1. */
    public static Tensor huberLoss(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.huberLoss(input, target, 1, reduction);
    }

    /** In PyTorch's order: {@code d²/2} where {@code |d| < delta}, else {@code delta (|d| - delta/2)}. */
    public static Tensor huberLoss(Tensor input, Tensor target, Reduction reduction, double delta) {
        return LossFunctions.huberLoss(input, target, delta, reduction);
    }

    /** The mean of {@code d²/2} where {@code |d| < delta}, else {@code delta (|d| - delta/2)}. */
    public static Tensor huberLoss(Tensor input, Tensor target, double delta) {
        return LossFunctions.huberLoss(input, target, delta, Reduction.MEAN);
    }

    /** The mean over all elements, as in PyTorch; {@link Reduction#BATCHMEAN} is the divergence itself. */
    public static Tensor klDiv(Tensor input, Tensor target) {
        return LossFunctions.klDiv(input, target, false, Reduction.MEAN);
    }

    /** From log-probabilities and probabilities. */
    public static Tensor klDiv(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.klDiv(input, target, false, reduction);
    }

    /**
     * The mean over all elements.
     *
     * @param logTarget whether the target, too, holds log-probabilities
     */
    public static Tensor klDiv(Tensor input, Tensor target, boolean logTarget) {
        return LossFunctions.klDiv(input, target, logTarget, Reduction.MEAN);
    }

    /**
     * In PyTorch's order.
     *
     * @param logTarget whether the target, too, holds log-probabilities
     */
    public static Tensor klDiv(Tensor input, Tensor target, Reduction reduction, boolean logTarget) {
        return LossFunctions.klDiv(input, target, logTarget, reduction);
    }

    /** For probabilities; the mean. */
    public static Tensor binaryCrossEntropy(Tensor input, Tensor target) {
        return LossFunctions.binaryCrossEntropy(input, target, null, Reduction.MEAN);
    }

    /** For probabilities. */
    public static Tensor binaryCrossEntropy(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.binaryCrossEntropy(input, target, null, reduction);
    }

    /** For probabilities, with a factor for each element or null; the mean. */
    public static Tensor binaryCrossEntropy(Tensor input, Tensor target, @Nullable Tensor weight) {
        return LossFunctions.binaryCrossEntropy(input, target, weight, Reduction.MEAN);
    }

    /** For logits; the mean. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, null, null, Reduction.MEAN);
    }

    /** For logits. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, null, null, reduction);
    }

    /** For logits, with a factor for each element or null; the mean. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target, @Nullable Tensor weight) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, weight, null, Reduction.MEAN);
    }

    /**
     * For logits.
     *
     * @param weight a factor for each element, or null
     */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, weight, null, reduction);
    }

    /** For logits, in PyTorch's order; {@code posWeight} multiplies the positive part. */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction, @Nullable Tensor posWeight) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, weight, posWeight, reduction);
    }

    /** The input being the logarithm of the mean, without Stirling's term; the mean. */
    public static Tensor poissonNllLoss(Tensor input, Tensor target) {
        return LossFunctions.poissonNllLoss(input, target, true, false, 1e-8, Reduction.MEAN);
    }

    /** The input being the logarithm of the mean, without Stirling's term. */
    public static Tensor poissonNllLoss(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.poissonNllLoss(input, target, true, false, 1e-8, reduction);
    }

    /**
     * Without Stirling's term; the mean.
     *
     * @param logInput whether the input is the logarithm of the mean rather than the mean itself
     */
    public static Tensor poissonNllLoss(Tensor input, Tensor target, boolean logInput) {
        return LossFunctions.poissonNllLoss(input, target, logInput, false, 1e-8, Reduction.MEAN);
    }

    /** For means {@code input} and variances {@code var}, without the constant term; the mean. */
    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var) {
        return LossFunctions.gaussianNllLoss(input, target, var, false, 1e-6, Reduction.MEAN);
    }

    /** For means {@code input} and variances {@code var}, without the constant term. */
    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var, Reduction reduction) {
        return LossFunctions.gaussianNllLoss(input, target, var, false, 1e-6, reduction);
    }

    /**
     * The mean.
     *
     * @param full whether to add the constant term
     */
    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var, boolean full) {
        return LossFunctions.gaussianNllLoss(input, target, var, full, 1e-6, Reduction.MEAN);
    }

    /**
     * The mean.
     *
     * @param full whether to add the constant term
     * @param eps a lower bound of the variance, which gradients do not see
     */
    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var, boolean full, double eps) {
        return LossFunctions.gaussianNllLoss(input, target, var, full, eps, Reduction.MEAN);
    }

    // ---- losses of pairs

    /** With margin 0; the mean. */
    public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target) {
        return LossFunctions.marginRankingLoss(x, y, target, 0, Reduction.MEAN);
    }

    /** With margin 0. */
    public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target, Reduction reduction) {
        return LossFunctions.marginRankingLoss(x, y, target, 0, reduction);
    }

    /** The mean of {@code max(0, margin - target·(x - y))}; target is 1 or -1. */
    public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target, double margin) {
        return LossFunctions.marginRankingLoss(x, y, target, margin, Reduction.MEAN);
    }

    /** With margin 0; the mean. */
    public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target) {
        return LossFunctions.cosineEmbeddingLoss(x, y, target, 0, Reduction.MEAN);
    }

    /** With margin 0. */
    public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target, Reduction reduction) {
        return LossFunctions.cosineEmbeddingLoss(x, y, target, 0, reduction);
    }

    /** The mean of {@code 1 - cos} where target is 1, {@code max(0, cos - margin)} where it is -1. */
    public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target, double margin) {
        return LossFunctions.cosineEmbeddingLoss(x, y, target, margin, Reduction.MEAN);
    }

    /** With margin 1; the mean. */
    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target) {
        return LossFunctions.hingeEmbeddingLoss(x, target, 1, Reduction.MEAN);
    }

    /** With margin 1. */
    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target, Reduction reduction) {
        return LossFunctions.hingeEmbeddingLoss(x, target, 1, reduction);
    }

    /** The mean of {@code x} where target is 1, {@code max(0, margin - x)} where it is -1. */
    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target, double margin) {
        return LossFunctions.hingeEmbeddingLoss(x, target, margin, Reduction.MEAN);
    }

    /** With margin 1; the mean. */
    public static Tensor multiMarginLoss(Tensor x, Tensor target) {
        return LossFunctions.multiMarginLoss(x, target, 1, Reduction.MEAN);
    }

    /** With margin 1. */
    public static Tensor multiMarginLoss(Tensor x, Tensor target, Reduction reduction) {
        return LossFunctions.multiMarginLoss(x, target, 1, reduction);
    }

    /** The mean of {@code log(1 + e^(-target·x))}; target is 1 or -1. */
    public static Tensor softMarginLoss(Tensor x, Tensor target) {
        return LossFunctions.softMarginLoss(x, target, Reduction.MEAN);
    }

    /** By Euclidean distances, with margin 1; the mean. */
    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative) {
        return LossFunctions.tripletMarginLoss(anchor, positive, negative, 1, Reduction.MEAN);
    }

    /** By Euclidean distances, with margin 1. */
    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, Reduction reduction) {
        return LossFunctions.tripletMarginLoss(anchor, positive, negative, 1, reduction);
    }

    /** By Euclidean distances; the mean. */
    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, double margin) {
        return LossFunctions.tripletMarginLoss(anchor, positive, negative, margin, Reduction.MEAN);
    }

    /** By p-norms of the differences; the mean. */
    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, double margin, double p) {
        return tripletMarginLoss(anchor, positive, negative, margin, p, 1e-6);
    }

    /** By p-norms of the differences, {@code eps} added to each; the mean. */
    public static Tensor tripletMarginLoss(
            Tensor anchor, Tensor positive, Tensor negative, double margin, double p, double eps) {
        return tripletMarginLoss(anchor, positive, negative, margin, p, eps, false);
    }

    /**
     * By Euclidean distances, with margin 1; the mean.
     *
     * @param swap whether the distance of positive and negative counts where it is the smaller one
     */
    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, boolean swap) {
        return tripletMarginLoss(anchor, positive, negative, 1, 2, 1e-6, swap);
    }

    /**
     * By p-norms of the differences; the mean.
     *
     * @param swap whether the distance of positive and negative counts where it is the smaller one
     */
    public static Tensor tripletMarginLoss(
            Tensor anchor, Tensor positive, Tensor negative, double margin, double p, double eps, boolean swap) {
        return tripletMarginLoss(anchor, positive, negative, margin, p, eps, swap, Reduction.MEAN);
    }

    /** By p-norms of the differences; with {@code swap} the distance of positive and negative counts where it is the smaller one. */
    public static Tensor tripletMarginLoss(
            Tensor anchor,
            Tensor positive,
            Tensor negative,
            double margin,
            double p,
            double eps,
            boolean swap,
            Reduction reduction) {
        return LossFunctions.tripletMarginWithDistanceLoss(
                anchor,
                positive,
                negative,
                (x, y) -> Functional.pairwiseDistance(x, y, p, eps),
                margin,
                swap,
                reduction);
    }

    /** With margin 1, without swap; the mean. */
    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance) {
        return LossFunctions.tripletMarginWithDistanceLoss(
                anchor, positive, negative, distance, 1, false, Reduction.MEAN);
    }

    /** With margin 1, without swap. */
    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance, Reduction reduction) {
        return LossFunctions.tripletMarginWithDistanceLoss(anchor, positive, negative, distance, 1, false, reduction);
    }

    /**
     * With margin 1; the mean.
     *
     * @param swap whether the distance of positive and negative counts where it is the smaller one
     */
    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance, boolean swap) {
        return LossFunctions.tripletMarginWithDistanceLoss(
                anchor, positive, negative, distance, 1, swap, Reduction.MEAN);
    }

    /** Without swap; the mean. */
    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance, double margin) {
        return LossFunctions.tripletMarginWithDistanceLoss(
                anchor, positive, negative, distance, margin, false, Reduction.MEAN);
    }

    /** By Euclidean distances, with margin 1, without swap; the mean. */
    public static Tensor tripletMarginWithDistanceLoss(Tensor anchor, Tensor positive, Tensor negative) {
        return tripletMarginWithDistanceLoss(anchor, positive, negative, Tensor::pairwiseDistance);
    }
}
