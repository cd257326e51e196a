package akari.optim;

import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/** Multiplies the rate by {@code factor(epoch)} every epoch but the first. As a later part of a {@link SequentialLR} it goes on from the rate it finds. */
public final class MultiplicativeLR extends Scheduler {
    private final IntToDoubleFunction factor;

    /** @param factor of an epoch, by which the rate of the epoch before is multiplied */
    public MultiplicativeLR(Optimizer optimizer, IntToDoubleFunction factor) {
        super(optimizer);
        this.factor = Objects.requireNonNull(factor, "factor");
        begin();
    }

    @Override
    void restart() {
        moveTo(0);
    }

    @Override
    protected double next(double lr, double base) {
        return initial() ? lr : lr * factor.applyAsDouble(epoch());
    }
}
