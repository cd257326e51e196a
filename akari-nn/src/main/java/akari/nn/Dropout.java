package akari.nn;

import akari.tensor.Tensor;

/** Zeroes each element with probability {@code p} and scales the rest by {@code 1/(1-p)}, in training; otherwise the identity. */
public final class Dropout extends Module {
    private final double p;

    public Dropout() {
        this(0.5);
    }

    public Dropout(double p) {
        this.p = Functional.probability(p);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Functional.dropout(x, p, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "p=" + p + ", inplace=False";
    }
}
