package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#logSigmoid} as a layer. */
public final class LogSigmoid extends Module {
    @Override
    protected Tensor compute(Tensor x) {
        return x.logSigmoid();
    }
}
