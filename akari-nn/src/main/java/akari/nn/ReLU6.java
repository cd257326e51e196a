package akari.nn;

import akari.backend.Activation;
import akari.tensor.Tensor;

/** {@link Tensor#relu6} as a layer. */
@KeepsNothing
public final class ReLU6 extends InPlace {
    /** Leaves the input as it is. */
    public ReLU6() {
        this(false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public ReLU6(boolean inplace) {
        super(inplace);
    }

    @Override
    Activation activation() {
        return Activation.RELU6;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.relu6_() : x.relu6();
    }
}
