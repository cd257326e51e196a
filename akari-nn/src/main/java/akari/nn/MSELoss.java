package akari.nn;

import akari.errors.NullArgument;
import akari.tensor.Tensor;

/** {@link Functional#mseLoss} as a module; the mean unless given. */
@KeepsNothing
public final class MSELoss extends Loss {
    private final Reduction reduction;

    /** The mean of the squared differences. */
    public MSELoss() {
        this(Reduction.MEAN);
    }

    /** @param reduction MEAN, SUM or NONE */
    public MSELoss(Reduction reduction) {
        NullArgument.check(reduction, "reduction");
        this.reduction = reduction;
    }

    @Override
    protected Tensor compute(Tensor input, Tensor target) {
        return Functional.mseLoss(input, target, reduction);
    }
}
