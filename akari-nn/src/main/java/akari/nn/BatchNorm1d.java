package akari.nn;

import akari.tensor.Tensor;

/**
 * Batch normalisation over {@code [N, C]} or {@code [N, C, L]} (Ioffe and Szegedy 2015): by the batch's statistics in training, by running ones in
 * evaluation. State: {@code weight, bias, running_mean, running_var, num_batches_tracked}.
 */
public final class BatchNorm1d extends BatchNormNd<BatchNorm1d> {
    public BatchNorm1d(long features) {
        super(features);
    }

    @Override
    BatchNorm1d self() {
        return this;
    }

    @Override
    boolean accepts(Tensor x) {
        return x.dim() == 2 || x.dim() == 3;
    }

    @Override
    String expected() {
        return "[N, C] or [N, C, L]";
    }
}
