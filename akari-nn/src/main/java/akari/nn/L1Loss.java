package akari.nn;

import akari.errors.NullArgument;
import akari.tensor.Tensor;

/** {@link Functional#l1Loss} as a module; the mean unless given. */
@KeepsNothing
public final class L1Loss extends Loss {
    private final Reduction reduction;

    /** The mean of the absolute differences. */
    public L1Loss() {
        this(Reduction.MEAN);
    }

    /** @param reduction MEAN, SUM or NONE */
    public L1Loss(Reduction reduction) {
        NullArgument.check(reduction, "reduction");
        this.reduction = reduction;
    }

    @Override
    protected Tensor compute(Tensor input, Tensor target) {
        return Functional.l1Loss(input, target, reduction);
    }
}
