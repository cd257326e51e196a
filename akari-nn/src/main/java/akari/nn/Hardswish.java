package akari.nn;

import akari.backend.Activation;
import akari.tensor.Tensor;

/** {@link Tensor#hardswish} as a layer. */
public final class Hardswish extends Module {
    @Override
    Activation activation() {
        return Activation.HARDSWISH;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.hardswish();
    }
}
