package akari.optim;

import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/** The initial rate times {@code factor(epoch)}. */
public final class LambdaLR extends Scheduler {
    private final IntToDoubleFunction factor;

    /** @param factor of an epoch, from 0 */
    public LambdaLR(Optimizer optimizer, IntToDoubleFunction factor) {
        super(optimizer);
        this.factor = Objects.requireNonNull(factor, "factor");
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        return base * factor.applyAsDouble(epoch());
    }
}
