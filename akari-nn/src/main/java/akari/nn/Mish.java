package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#mish} as a layer. */
@KeepsNothing
public final class Mish extends InPlace {
    /** Leaves the input as it is. */
    public Mish() {
        this(false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public Mish(boolean inplace) {
        super(inplace);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.mish_() : x.mish();
    }
}
