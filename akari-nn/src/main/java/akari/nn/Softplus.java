package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#softplus} as a layer; beta 1 and threshold 20 unless given. */
@KeepsNothing
public final class Softplus extends Module {
    private final double beta;
    private final double threshold;

    /** With beta 1 and threshold 20. */
    public Softplus() {
        this(1, 20);
    }

    /** With threshold 20. */
    public Softplus(double beta) {
        this(beta, 20);
    }

    /** {@code log(1 + e^(beta·x)) / beta}; the input itself where {@code beta·x} is above the threshold. */
    public Softplus(double beta, double threshold) {
        this.beta = beta;
        this.threshold = threshold;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.softplus(beta, threshold);
    }

    @Override
    protected String extraRepr() {
        return "beta=" + beta + ", threshold=" + threshold;
    }
}
