package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#elu} as a layer; alpha 1 unless given. */
public final class ELU extends Module {
    private final double alpha;

    public ELU() {
        this(1);
    }

    public ELU(double alpha) {
        this.alpha = alpha;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.elu(alpha);
    }

    @Override
    protected String extraRepr() {
        return "alpha=" + alpha;
    }
}
