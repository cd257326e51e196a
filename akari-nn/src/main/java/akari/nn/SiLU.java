package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#silu} as a layer. */
public final class SiLU extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.silu();
    }
}
