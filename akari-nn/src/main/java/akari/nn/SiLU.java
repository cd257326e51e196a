package akari.nn;

import akari.backend.Activation;
import akari.tensor.Tensor;

/** {@link Tensor#silu} as a layer. */
public final class SiLU extends Module {
    @Override
    Activation activation() {
        return Activation.SILU;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.silu();
    }
}
