package akari.nn;

import akari.tensor.Tensor;

/**
 * Batch normalisation over {@code [N, C, H, W]} (Ioffe and Szegedy 2015): by the batch's statistics in training, by running ones in
 * evaluation. State: {@code weight, bias, running_mean, running_var, num_batches_tracked}.
 */
public final class BatchNorm2d extends BatchNormNd<BatchNorm2d> {
    public BatchNorm2d(long features) {
        super(features);
    }

    @Override
    BatchNorm2d self() {
        return this;
    }

    @Override
    boolean accepts(Tensor x) {
        return x.dim() == 4;
    }

    @Override
    String expected() {
        return "[N, C, H, W]";
    }
}
