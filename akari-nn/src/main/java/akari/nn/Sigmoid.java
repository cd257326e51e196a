package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#sigmoid} as a layer. */
@KeepsNothing
public final class Sigmoid extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.sigmoid();
    }
}
