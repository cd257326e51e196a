package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#softsign} as a layer. */
public final class Softsign extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.softsign();
    }
}
