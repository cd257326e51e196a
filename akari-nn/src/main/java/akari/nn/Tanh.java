package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#tanh} as a layer. */
@KeepsNothing
public final class Tanh extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.tanh();
    }
}
