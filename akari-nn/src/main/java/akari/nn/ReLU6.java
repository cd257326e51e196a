package akari.nn;

import akari.backend.Activation;
import akari.tensor.Tensor;

/** {@link Tensor#relu6} as a layer. */
public final class ReLU6 extends Module {
    private final boolean inplace;

    public ReLU6() {
        this(false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public ReLU6(boolean inplace) {
        this.inplace = inplace;
    }

    @Override
    Activation activation() {
        return Activation.RELU6;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.relu6_() : x.relu6();
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
