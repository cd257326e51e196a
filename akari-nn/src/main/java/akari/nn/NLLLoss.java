package akari.nn;

import akari.tensor.Tensor;

/** {@link Functional#nllLoss} as a module. */
public final class NLLLoss extends Loss {
    @Override
    protected Tensor compute(Tensor input, Tensor target) {
        return Functional.nllLoss(input, target);
    }
}
