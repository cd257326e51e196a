package akari.optim;

import java.util.function.IntToDoubleFunction;

/** Multiplies the rate by {@code factor(epoch)} every epoch but the first. */
public final class MultiplicativeLR extends Scheduler {
    private final IntToDoubleFunction factor;

    public MultiplicativeLR(Optimizer optimizer, IntToDoubleFunction factor) {
        super(optimizer);
        this.factor = factor;
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        return epoch() == 0 ? lr : lr * factor.applyAsDouble(epoch());
    }
}
