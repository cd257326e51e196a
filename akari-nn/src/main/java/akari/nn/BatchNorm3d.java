package akari.nn;

import akari.tensor.Tensor;

/**
 * Batch normalisation over {@code [N, C, D, H, W]} (Ioffe and Szegedy 2015): by the batch's statistics in training, by running ones in
 * evaluation. State: {@code weight, bias, running_mean, running_var, num_batches_tracked}.
 */
public final class BatchNorm3d extends BatchNormNd<BatchNorm3d> {
    public BatchNorm3d(long features) {
        super(features);
    }

    @Override
    BatchNorm3d self() {
        return this;
    }

    @Override
    boolean accepts(Tensor x) {
        return x.dim() == 5;
    }

    @Override
    String expected() {
        return "[N, C, D, H, W]";
    }
}
