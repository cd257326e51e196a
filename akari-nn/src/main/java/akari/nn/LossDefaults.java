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

    public static Tensor crossEntropy(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.crossEntropy(input, target, null, -100, 0, reduction);
    }

    /** With one factor for each class; the mean. */
    public static Tensor crossEntropy(Tensor input, Tensor target, @Nullable Tensor weight) {
        return LossFunctions.crossEntropy(input, target, weight, -100, 0, Reduction.MEAN);
    }

    public static Tensor crossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return LossFunctions.crossEntropy(input, target, weight, -100, 0, reduction);
    }

    public static Tensor crossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex) {
        return LossFunctions.crossEntropy(input, target, weight, ignoreIndex, 0, Reduction.MEAN);
    }

    public static Tensor crossEntropy(
            Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        return LossFunctions.crossEntropy(input, target, weight, ignoreIndex, 0, reduction);
    }

    public static Tensor crossEntropy(
            Tensor input,
            Tensor target,
            @Nullable Tensor weight,
            long ignoreIndex,
            Reduction reduction,
            double labelSmoothing) {
        return LossFunctions.crossEntropy(input, target, weight, ignoreIndex, labelSmoothing, reduction);
    }

    public static Tensor nllLoss(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.nllLoss(input, target, null, -100, reduction);
    }

    /** With one factor for each class; the mean. */
    public static Tensor nllLoss(Tensor input, Tensor target, @Nullable Tensor weight) {
        return LossFunctions.nllLoss(input, target, weight, -100, Reduction.MEAN);
    }

    public static Tensor nllLoss(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return LossFunctions.nllLoss(input, target, weight, -100, reduction);
    }

    public static Tensor nllLoss(Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex) {
        return LossFunctions.nllLoss(input, target, weight, ignoreIndex, Reduction.MEAN);
    }

    public static Tensor smoothL1Loss(Tensor input, Tensor target) {
        return LossFunctions.smoothL1Loss(input, target, 1, Reduction.MEAN);
    }

    public static Tensor smoothL1Loss(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.smoothL1Loss(input, target, 1, reduction);
    }

    public static Tensor smoothL1Loss(Tensor input, Tensor target, Reduction reduction, double beta) {
        return LossFunctions.smoothL1Loss(input, target, beta, reduction);
    }

    public static Tensor smoothL1Loss(Tensor input, Tensor target, double beta) {
        return LossFunctions.smoothL1Loss(input, target, beta, Reduction.MEAN);
    }

    public static Tensor huberLoss(Tensor input, Tensor target) {
        return LossFunctions.huberLoss(input, target, 1, Reduction.MEAN);
    }

    public static Tensor huberLoss(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.huberLoss(input, target, 1, reduction);
    }

    public static Tensor huberLoss(Tensor input, Tensor target, Reduction reduction, double delta) {
        return LossFunctions.huberLoss(input, target, delta, reduction);
    }

    public static Tensor huberLoss(Tensor input, Tensor target, double delta) {
        return LossFunctions.huberLoss(input, target, delta, Reduction.MEAN);
    }

    /** The mean over all elements, as in PyTorch; {@link Reduction#BATCHMEAN} is the divergence itself. */
    public static Tensor klDiv(Tensor input, Tensor target) {
        return LossFunctions.klDiv(input, target, false, Reduction.MEAN);
    }

    public static Tensor klDiv(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.klDiv(input, target, false, reduction);
    }

    public static Tensor klDiv(Tensor input, Tensor target, boolean logTarget) {
        return LossFunctions.klDiv(input, target, logTarget, Reduction.MEAN);
    }

    public static Tensor klDiv(Tensor input, Tensor target, Reduction reduction, boolean logTarget) {
        return LossFunctions.klDiv(input, target, logTarget, reduction);
    }

    public static Tensor binaryCrossEntropy(Tensor input, Tensor target) {
        return LossFunctions.binaryCrossEntropy(input, target, null, Reduction.MEAN);
    }

    public static Tensor binaryCrossEntropy(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.binaryCrossEntropy(input, target, null, reduction);
    }

    public static Tensor binaryCrossEntropy(Tensor input, Tensor target, @Nullable Tensor weight) {
        return LossFunctions.binaryCrossEntropy(input, target, weight, Reduction.MEAN);
    }

    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, null, null, Reduction.MEAN);
    }

    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, null, null, reduction);
    }

    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target, @Nullable Tensor weight) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, weight, null, Reduction.MEAN);
    }

    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, weight, null, reduction);
    }

    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction, @Nullable Tensor posWeight) {
        return LossFunctions.binaryCrossEntropyWithLogits(input, target, weight, posWeight, reduction);
    }

    public static Tensor poissonNllLoss(Tensor input, Tensor target) {
        return LossFunctions.poissonNllLoss(input, target, true, false, 1e-8, Reduction.MEAN);
    }

    public static Tensor poissonNllLoss(Tensor input, Tensor target, Reduction reduction) {
        return LossFunctions.poissonNllLoss(input, target, true, false, 1e-8, reduction);
    }

    public static Tensor poissonNllLoss(Tensor input, Tensor target, boolean logInput) {
        return LossFunctions.poissonNllLoss(input, target, logInput, false, 1e-8, Reduction.MEAN);
    }

    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var) {
        return LossFunctions.gaussianNllLoss(input, target, var, false, 1e-6, Reduction.MEAN);
    }

    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var, Reduction reduction) {
        return LossFunctions.gaussianNllLoss(input, target, var, false, 1e-6, reduction);
    }

    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var, boolean full) {
        return LossFunctions.gaussianNllLoss(input, target, var, full, 1e-6, Reduction.MEAN);
    }

    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var, boolean full, double eps) {
        return LossFunctions.gaussianNllLoss(input, target, var, full, eps, Reduction.MEAN);
    }

    // ---- losses of pairs

    public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target) {
        return LossFunctions.marginRankingLoss(x, y, target, 0, Reduction.MEAN);
    }

    public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target, Reduction reduction) {
        return LossFunctions.marginRankingLoss(x, y, target, 0, reduction);
    }

    public static Tensor marginRankingLoss(Tensor x, Tensor y, Tensor target, double margin) {
        return LossFunctions.marginRankingLoss(x, y, target, margin, Reduction.MEAN);
    }

    public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target) {
        return LossFunctions.cosineEmbeddingLoss(x, y, target, 0, Reduction.MEAN);
    }

    public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target, Reduction reduction) {
        return LossFunctions.cosineEmbeddingLoss(x, y, target, 0, reduction);
    }

    public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target, double margin) {
        return LossFunctions.cosineEmbeddingLoss(x, y, target, margin, Reduction.MEAN);
    }

    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target) {
        return LossFunctions.hingeEmbeddingLoss(x, target, 1, Reduction.MEAN);
    }

    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target, Reduction reduction) {
        return LossFunctions.hingeEmbeddingLoss(x, target, 1, reduction);
    }

    public static Tensor hingeEmbeddingLoss(Tensor x, Tensor target, double margin) {
        return LossFunctions.hingeEmbeddingLoss(x, target, margin, Reduction.MEAN);
    }

    public static Tensor multiMarginLoss(Tensor x, Tensor target) {
        return LossFunctions.multiMarginLoss(x, target, 1, Reduction.MEAN);
    }

    public static Tensor multiMarginLoss(Tensor x, Tensor target, Reduction reduction) {
        return LossFunctions.multiMarginLoss(x, target, 1, reduction);
    }

    public static Tensor softMarginLoss(Tensor x, Tensor target) {
        return LossFunctions.softMarginLoss(x, target, Reduction.MEAN);
    }

    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative) {
        return LossFunctions.tripletMarginLoss(anchor, positive, negative, 1, Reduction.MEAN);
    }

    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, Reduction reduction) {
        return LossFunctions.tripletMarginLoss(anchor, positive, negative, 1, reduction);
    }

    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, double margin) {
        return LossFunctions.tripletMarginLoss(anchor, positive, negative, margin, Reduction.MEAN);
    }

    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, double margin, double p) {
        return tripletMarginLoss(anchor, positive, negative, margin, p, 1e-6);
    }

    public static Tensor tripletMarginLoss(
            Tensor anchor, Tensor positive, Tensor negative, double margin, double p, double eps) {
        return tripletMarginLoss(anchor, positive, negative, margin, p, eps, false);
    }

    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative, boolean swap) {
        return tripletMarginLoss(anchor, positive, negative, 1, 2, 1e-6, swap);
    }

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

    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance) {
        return LossFunctions.tripletMarginWithDistanceLoss(
                anchor, positive, negative, distance, 1, false, Reduction.MEAN);
    }

    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance, Reduction reduction) {
        return LossFunctions.tripletMarginWithDistanceLoss(anchor, positive, negative, distance, 1, false, reduction);
    }

    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance, boolean swap) {
        return LossFunctions.tripletMarginWithDistanceLoss(
                anchor, positive, negative, distance, 1, swap, Reduction.MEAN);
    }

    public static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor, Tensor positive, Tensor negative, BinaryOperator<Tensor> distance, double margin) {
        return LossFunctions.tripletMarginWithDistanceLoss(
                anchor, positive, negative, distance, margin, false, Reduction.MEAN);
    }

    public static Tensor tripletMarginWithDistanceLoss(Tensor anchor, Tensor positive, Tensor negative) {
        return tripletMarginWithDistanceLoss(anchor, positive, negative, Tensor::pairwiseDistance);
    }
}
