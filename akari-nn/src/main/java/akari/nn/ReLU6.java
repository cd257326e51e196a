package akari.nn;

import akari.backend.Activation;
import akari.tensor.Tensor;

/** {@link Tensor#relu6} as a layer. */
public final class ReLU6 extends Module {
    @Override
    Activation activation() {
        return Activation.RELU6;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.relu6();
    }
}
