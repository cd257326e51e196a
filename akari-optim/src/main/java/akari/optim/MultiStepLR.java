package akari.optim;

/** Multiplies the rate by {@code gamma} at each of the given epochs; an epoch given twice counts twice. */
public final class MultiStepLR extends Scheduler {
    private final int[] milestones;
    private final double gamma;

    /** PyTorch's default gamma is 0.1. */
    public MultiStepLR(Optimizer optimizer, double gamma, int... milestones) {
        super(optimizer);
        this.milestones = milestones.clone();
        this.gamma = gamma;
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        double now = lr;
        for (int milestone : milestones) {
            now *= milestone == epoch() ? gamma : 1;
        }
        return now;
    }
}
