package akari.optim;

/** Multiplies the rate by {@code gamma} every epoch. */
public final class ExponentialLR extends Scheduler {
    private final double gamma;

    /** @param gamma factor of each epoch, finite */
    public ExponentialLR(Optimizer optimizer, double gamma) {
        this.gamma = finite("gamma", gamma);
        super(optimizer);
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        return initial() ? lr : lr * gamma;
    }
}
