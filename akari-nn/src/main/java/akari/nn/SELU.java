package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#selu} as a layer. */
public final class SELU extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.selu();
    }
}
