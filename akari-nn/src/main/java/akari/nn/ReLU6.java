package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#relu6} as a layer. */
public final class ReLU6 extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.relu6();
    }
}
