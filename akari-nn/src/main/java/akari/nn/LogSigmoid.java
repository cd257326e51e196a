package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#logSigmoid} as a layer. */
@KeepsNothing
public final class LogSigmoid extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.logSigmoid();
    }
}
