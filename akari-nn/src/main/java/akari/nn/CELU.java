package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#celu} as a layer; alpha 1 unless given. */
@KeepsNothing
public final class CELU extends InPlace {
    private final double alpha;

    /** With alpha 1. */
    public CELU() {
        this(1);
    }

    /** @param alpha the function tends to {@code -alpha} for very negative numbers */
    public CELU(double alpha) {
        this(alpha, false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public CELU(boolean inplace) {
        this(1, inplace);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public CELU(double alpha, boolean inplace) {
        super(inplace, "alpha=" + alpha);
        this.alpha = alpha;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.celu_(alpha) : x.celu(alpha);
    }
}
