package akari.nn;

import akari.backend.Activation;
import akari.tensor.Tensor;

/** {@link Tensor#relu} as a layer. */
@KeepsNothing
public final class ReLU extends InPlace {
    /** Leaves the input as it is. */
    public ReLU() {
        this(false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public ReLU(boolean inplace) {
        super(inplace);
    }

    @Override
    Activation activation() {
        return Activation.RELU;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.relu_() : x.relu();
    }
}
