package akari.nn;

import akari.backend.Activation;
import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** What the batch normalisation layers share; {@code B} is the layer itself, for chained options. */
abstract sealed class BatchNormNd<B extends BatchNormNd<B>> extends Module
        permits BatchNorm1d, BatchNorm2d, BatchNorm3d {
    private final long features;
    private @Nullable Tensor weight;
    private @Nullable Tensor bias;

    @StateKey("running_mean")
    private @Nullable Tensor runningMean;

    @StateKey("running_var")
    private @Nullable Tensor runningVar;

    @StateKey("num_batches_tracked")
    private @Nullable Tensor batches;

    private double eps;
    private @Nullable Number momentum;

    BatchNormNd(long features, double eps, @Nullable Number momentum, boolean affine, boolean trackRunningStats) {
        this.features = features;
        this.eps = eps;
        this.momentum = momentum;
        affine(affine);
        trackRunningStats(trackRunningStats);
    }

    abstract B self();

    /** Whether {@code x} has the dimensions of this layer. */
    abstract boolean accepts(Tensor x);

    abstract String expected();

    // ---- options

    /** Added to the variance; default 1e-5. Returns this. */
    public B eps(double value) {
        eps = value;
        return self();
    }

    /** Share of the new batch in the running statistics, default 0.1; null for the plain average of all batches. Returns this. */
    public B momentum(@Nullable Number value) {
        momentum = value;
        return self();
    }

    /** Whether weight and bias are learned, by default yes. For right after construction. Returns this. */
    public B affine(boolean value) {
        unused("affine");
        weight = discard(weight);
        bias = discard(bias);
        if (value) {
            weight = parameter(Tensors.ones(features));
            bias = parameter(Tensors.zeros(features));
        }
        return self();
    }

    /**
     * Whether running statistics are kept for evaluation, by default yes; without them evaluation uses the batch's own. For right after
     * construction. Returns this.
     */
    public B trackRunningStats(boolean value) {
        unused("trackRunningStats");
        runningMean = discard(runningMean);
        runningVar = discard(runningVar);
        batches = discard(batches);
        if (value) {
            runningMean = buffer(Tensors.zeros(features));
            runningVar = buffer(Tensors.ones(features));
            batches = buffer(Tensors.zeros(DType.INT64));
        }
        return self();
    }

    // ---- what it is

    /** {@code [C]}, or null without {@link #affine}. */
    public final @Nullable Tensor weight() {
        return weight;
    }

    /** {@code [C]}, or null without {@link #affine}. */
    public final @Nullable Tensor bias() {
        return bias;
    }

    /** {@code [C]}, or null without {@link #trackRunningStats}. */
    public final @Nullable Tensor runningMean() {
        return runningMean;
    }

    /** {@code [C]}, the unbiased variance, or null without {@link #trackRunningStats}. */
    public final @Nullable Tensor runningVar() {
        return runningVar;
    }

    /** What is added to the variance. */
    public final double eps() {
        return eps;
    }

    /** Forgets the running statistics. */
    public final void resetRunningStats() {
        if (runningMean != null && runningVar != null && batches != null) {
            runningMean.zero_();
            runningVar.fill_(1);
            batches.zero_();
        }
    }

    /**
     * {@code then.forward(forward(x))}; in a single pass over the data where {@code then} is ReLU, ReLU6, SiLU or Hardswish and
     * neither module has hooks, which would want to see what lies between.
     */
    public final Tensor forward(Tensor x, Module then) {
        Activation activation = then.activation();
        return activation == null || isWatched() || then.isWatched()
                ? then.forward(forward(x))
                : within(() -> compute(x, activation));
    }

    @Override
    protected Tensor compute(Tensor x) {
        return compute(x, Activation.IDENTITY);
    }

    private Tensor compute(Tensor x, Activation then) {
        if (!accepts(x)) {
            throw new IllegalArgumentException("expected an input " + expected() + ", got shape " + x.shape());
        }
        boolean track = isTraining() && batches != null;
        double share = momentum == null ? 0 : momentum.doubleValue();
        if (track && batches != null && momentum == null) {
            share = 1.0 / (batches.itemLong() + 1);
        }
        boolean own = isTraining() || runningMean == null;
        Tensor y = x.batchNorm(runningMean, runningVar, weight, bias, own, share, eps, then);
        if (track && batches != null) {
            batches.add_(1); // a batch that was refused is none
        }
        return y;
    }

    @Override
    protected String extraRepr() {
        return features + ", eps=" + Python.number(eps) + ", momentum="
                + (momentum == null ? "None" : Python.number(momentum.doubleValue())) + ", affine="
                + Python.bool(weight != null)
                + ", track_running_stats=" + Python.bool(batches != null);
    }
}
