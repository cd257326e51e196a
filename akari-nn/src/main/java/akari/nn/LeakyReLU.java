package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#leakyRelu} as a layer; slope 0.01 unless given. */
@KeepsNothing
public final class LeakyReLU extends InPlace {
    private final double negativeSlope;

    /** With slope 0.01. */
    public LeakyReLU() {
        this(0.01);
    }

    /** @param negativeSlope factor of negative numbers */
    public LeakyReLU(double negativeSlope) {
        this(negativeSlope, false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public LeakyReLU(boolean inplace) {
        this(0.01, inplace);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public LeakyReLU(double negativeSlope, boolean inplace) {
        super(inplace, "negative_slope=" + negativeSlope);
        this.negativeSlope = negativeSlope;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.leakyRelu_(negativeSlope) : x.leakyRelu(negativeSlope);
    }
}
