package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#hardswish} as a layer. */
public final class Hardswish extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.hardswish();
    }
}
