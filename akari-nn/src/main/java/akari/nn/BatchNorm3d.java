package akari.nn;

import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation over {@code [N, C, D, H, W]} (Ioffe and Szegedy 2015): by the batch's statistics in training, by running ones in
 * evaluation. State: {@code weight, bias, running_mean, running_var, num_batches_tracked}.
 */
@KeepsNothing
public final class BatchNorm3d extends BatchNormNd<BatchNorm3d> {
    /**
     * For {@code features} channels, {@code C}, with PyTorch's defaults: eps 1e-5, momentum 0.1, affine, with running
     * statistics.
     */
    public BatchNorm3d(long features) {
        this(features, 1e-5);
    }

    /** With {@link #eps}, and momentum 0.1. */
    public BatchNorm3d(long features, double eps) {
        this(features, eps, 0.1);
    }

    /** In PyTorch's order. */
    public BatchNorm3d(long features, double eps, @Nullable Number momentum) {
        this(features, eps, momentum, true);
    }

    /** With {@link #affine}, in PyTorch's order; running statistics are kept. */
    public BatchNorm3d(long features, double eps, @Nullable Number momentum, boolean affine) {
        this(features, eps, momentum, affine, true);
    }

    /** The options as {@link #eps}, {@link #momentum}, {@link #affine} and {@link #trackRunningStats} have them. */
    public BatchNorm3d(
            long features, double eps, @Nullable Number momentum, boolean affine, boolean trackRunningStats) {
        super(features, eps, momentum, affine, trackRunningStats);
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
