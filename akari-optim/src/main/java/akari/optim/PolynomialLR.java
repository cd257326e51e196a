package akari.optim;

/** Lets the rate fall to 0 in {@code totalIters} epochs as {@code (1 - epoch/totalIters)^power}. */
public final class PolynomialLR extends Scheduler {
    private final int totalIters;
    private final double power;

    /** Straight to 0 in five steps. */
    public PolynomialLR(Optimizer optimizer) {
        this(optimizer, 5);
    }

    /** Straight to 0. */
    public PolynomialLR(Optimizer optimizer, int totalIters) {
        this(optimizer, totalIters, 1);
    }

    /**
     * @param totalIters at least 1, PyTorch's default is 5; later epochs keep the rate
     * @param power PyTorch's default is 1, a straight line
     */
    public PolynomialLR(Optimizer optimizer, int totalIters, double power) {
        this.totalIters = positive("totalIters", totalIters);
        this.power = finite("power", power);
        super(optimizer);
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        if (initial() || epoch() > totalIters) {
            return lr;
        }
        double left = 1 - (double) epoch() / totalIters;
        return lr * Math.pow(left / (1 - (epoch() - 1.0) / totalIters), power);
    }
}
