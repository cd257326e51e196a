package akari.nn;

import akari.tensor.Tensor;

/** A module that compares an input with a target: {@code loss.forward(model.forward(x), y)}. */
public abstract class Loss extends Module {
    /** The loss, named in errors like any module. */
    public final Tensor forward(Tensor input, Tensor target) {
        return within(() -> compute(input, target));
    }

    /** What {@link #forward(Tensor, Tensor)} computes. */
    protected abstract Tensor compute(Tensor input, Tensor target);
}
