package akari.nn;

import akari.backend.Activation;
import akari.tensor.Tensor;

/** {@link Tensor#hardswish} as a layer. */
@KeepsNothing
public final class Hardswish extends InPlace {
    /** Leaves the input as it is. */
    public Hardswish() {
        this(false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public Hardswish(boolean inplace) {
        super(inplace);
    }

    @Override
    Activation activation() {
        return Activation.HARDSWISH;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.hardswish_() : x.hardswish();
    }
}
