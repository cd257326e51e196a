package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#selu} as a layer. */
@KeepsNothing
public final class SELU extends InPlace {
    /** Leaves the input as it is. */
    public SELU() {
        this(false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public SELU(boolean inplace) {
        super(inplace);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.selu_() : x.selu();
    }
}
