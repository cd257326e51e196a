package akari.optim;

import java.util.List;
import java.util.Objects;

/** Multiplies the rate by {@code gamma} at each of the given epochs; an epoch given twice counts twice. */
public final class MultiStepLR extends Scheduler {
    private final int[] milestones;
    private final double gamma;

    /** A tenth at each of the epochs. */
    public MultiStepLR(Optimizer optimizer, int... milestones) {
        this(optimizer, milestones, 0.1);
    }

    /** A tenth at each of the epochs. */
    public MultiStepLR(Optimizer optimizer, List<Integer> milestones) {
        this(optimizer, milestones, 0.1);
    }

    /**
     * @param milestones epochs, in any order
     * @param gamma PyTorch's default is 0.1
     */
    public MultiStepLR(Optimizer optimizer, List<Integer> milestones, double gamma) {
        this(
                optimizer,
                Objects.requireNonNull(milestones, "milestones").stream()
                        .mapToInt(Integer::intValue)
                        .toArray(),
                gamma);
    }

    /**
     * @param milestones epochs, in any order
     * @param gamma PyTorch's default is 0.1
     */
    public MultiStepLR(Optimizer optimizer, int[] milestones, double gamma) {
        this.milestones = Objects.requireNonNull(milestones, "milestones").clone();
        this.gamma = finite("gamma", gamma);
        super(optimizer);
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
