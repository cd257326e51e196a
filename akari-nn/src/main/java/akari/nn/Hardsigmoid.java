package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#hardsigmoid} as a layer. */
public final class Hardsigmoid extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.hardsigmoid();
    }
}
