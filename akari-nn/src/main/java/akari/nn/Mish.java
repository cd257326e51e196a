package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#mish} as a layer. */
public final class Mish extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.mish();
    }
}
