package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#tanhshrink} as a layer. */
@KeepsNothing
public final class Tanhshrink extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.tanhshrink();
    }
}
