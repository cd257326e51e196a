package akari.optim;

/** Multiplies the rate by {@code factor} until epoch {@code totalIters}. */
public final class ConstantLR extends Scheduler {
    private final double factor;
    private final int totalIters;

    /** A third of the rate for five steps. */
    public ConstantLR(Optimizer optimizer) {
        this(optimizer, 1.0 / 3, 5);
    }

    /** For five steps. */
    public ConstantLR(Optimizer optimizer, double factor) {
        this(optimizer, factor, 5);
    }

    /**
     * @param factor above 0, at most 1
     * @param totalIters the epoch at which the rate is whole again
     */
    public ConstantLR(Optimizer optimizer, double factor, int totalIters) {
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException("ConstantLR: factor must lie in (0, 1], got " + factor);
        }
        this.factor = factor;
        this.totalIters = totalIters;
        super(optimizer);
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        return epoch() == 0 ? lr * factor : epoch() == totalIters ? lr * (1 / factor) : lr;
    }
}
