package akari.optim;

/** Lets a factor of the rate go in a straight line from {@code start} to {@code end} in {@code totalIters} epochs: a warm-up. */
public final class LinearLR extends Scheduler {
    private final double start;
    private final double end;
    private final int totalIters;

    /** From a third of the rate to all of it in five steps. */
    public LinearLR(Optimizer optimizer) {
        this(optimizer, 1.0 / 3, 1, 5);
    }

    /** To all of the rate in five steps. */
    public LinearLR(Optimizer optimizer, double start) {
        this(optimizer, start, 1);
    }

    /** In five steps. */
    public LinearLR(Optimizer optimizer, double start, double end) {
        this(optimizer, start, end, 5);
    }

    /**
     * @param start above 0, at most 1
     * @param end 0 to 1
     * @param totalIters epochs of the way, at least 1
     */
    public LinearLR(Optimizer optimizer, double start, double end, int totalIters) {
        if (!(start > 0 && start <= 1 && end >= 0 && end <= 1)) {
            throw new IllegalArgumentException(
                    "LinearLR: factors must lie in (0, 1] and [0, 1], got " + start + " and " + end);
        }
        this.start = start;
        this.end = end;
        this.totalIters = positive("totalIters", totalIters);
        super(optimizer);
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        if (epoch() == 0) {
            return lr * start;
        }
        double slope = end - start;
        return epoch() > totalIters ? lr : lr * (1 + slope / (totalIters * start + (epoch() - 1) * slope));
    }
}
