package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#celu} as a layer; alpha 1 unless given. */
public final class CELU extends Module {
    private final double alpha;

    public CELU() {
        this(1);
    }

    public CELU(double alpha) {
        this.alpha = alpha;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.celu(alpha);
    }

    @Override
    protected String extraRepr() {
        return "alpha=" + alpha;
    }
}
