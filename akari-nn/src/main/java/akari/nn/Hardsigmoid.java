package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#hardsigmoid} as a layer. */
@KeepsNothing
public final class Hardsigmoid extends InPlace {
    /** Leaves the input as it is. */
    public Hardsigmoid() {
        this(false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public Hardsigmoid(boolean inplace) {
        super(inplace);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.hardsigmoid_() : x.hardsigmoid();
    }
}
