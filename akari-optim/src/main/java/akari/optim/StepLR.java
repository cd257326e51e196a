package akari.optim;

/** Multiplies the rate by {@code gamma} every {@code stepSize} epochs. */
public final class StepLR extends Scheduler {
    private final int stepSize;
    private final double gamma;

    /** With gamma 0.1. */
    public StepLR(Optimizer optimizer, int stepSize) {
        this(optimizer, stepSize, 0.1);
    }

    /**
     * @param stepSize at least 1
     * @param gamma finite; PyTorch's default is 0.1
     */
    public StepLR(Optimizer optimizer, int stepSize, double gamma) {
        this.stepSize = positive("stepSize", stepSize);
        this.gamma = finite("gamma", gamma);
        super(optimizer);
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        return epoch() == 0 || epoch() % stepSize != 0 ? lr : lr * gamma;
    }
}
