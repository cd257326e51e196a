package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#elu} as a layer; alpha 1 unless given. */
@KeepsNothing
public final class ELU extends InPlace {
    private final double alpha;

    /** With alpha 1. */
    public ELU() {
        this(1);
    }

    /** @param alpha the function tends to {@code -alpha} for very negative numbers */
    public ELU(double alpha) {
        this(alpha, false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public ELU(boolean inplace) {
        this(1, inplace);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public ELU(double alpha, boolean inplace) {
        super(inplace, "alpha=" + alpha);
        this.alpha = alpha;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.elu_(alpha) : x.elu(alpha);
    }
}
