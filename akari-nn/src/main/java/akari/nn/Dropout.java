package akari.nn;

import akari.tensor.Tensor;

/** Zeroes each element with probability {@code p} and scales the rest by {@code 1/(1-p)}, in training; otherwise the identity. */
@KeepsNothing
public final class Dropout extends Module {
    private final double p;
    private final boolean inplace;

    /** With p 0.5. */
    public Dropout() {
        this(0.5);
    }

    /** @param p probability of zeroing an element, 0 to 1 */
    public Dropout(double p) {
        this(p, false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public Dropout(boolean inplace) {
        this(0.5, inplace);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public Dropout(double p, boolean inplace) {
        this.p = Functional.probability(p);
        this.inplace = inplace;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.dropout_(p, isTraining()) : x.dropout(p, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "p=" + p + ", inplace=" + Python.bool(inplace);
    }
}
