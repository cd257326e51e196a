package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#softsign} as a layer. */
@KeepsNothing
public final class Softsign extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.softsign();
    }
}
