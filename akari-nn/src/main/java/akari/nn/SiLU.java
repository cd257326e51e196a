package akari.nn;

import akari.backend.Activation;
import akari.tensor.Tensor;

/** {@link Tensor#silu} as a layer. */
@KeepsNothing
public final class SiLU extends InPlace {
    /** Leaves the input as it is. */
    public SiLU() {
        this(false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public SiLU(boolean inplace) {
        super(inplace);
    }

    @Override
    Activation activation() {
        return Activation.SILU;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.silu_() : x.silu();
    }
}
