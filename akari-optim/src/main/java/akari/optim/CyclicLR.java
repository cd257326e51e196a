package akari.optim;

import java.util.Objects;

/** Swings between {@code baseLr} and {@code maxLr}, the momentum (or beta1) the other way round (Smith 2017). */
public final class CyclicLR extends Scheduler {
    /** How the swings change with time. */
    public enum Mode {
        /** All of the same height. */
        TRIANGULAR,
        /** Half as high after each swing. */
        TRIANGULAR2,
        /** {@code gamma^step} as high. */
        EXP_RANGE
    }

    private final double baseLr;
    private final double maxLr;
    private final int up;
    private final int down;
    private final Mode mode;
    private final double gamma;

    /** Up in 2000 steps and down in as many. */
    public CyclicLR(Optimizer optimizer, double baseLr, double maxLr) {
        this(optimizer, baseLr, maxLr, 2000);
    }

    /** Up and down in so many steps each. */
    public CyclicLR(Optimizer optimizer, double baseLr, double maxLr, int up) {
        this(optimizer, baseLr, maxLr, up, up);
    }

    /** {@code up} steps up and {@code down} steps down, every swing of the same height. */
    public CyclicLR(Optimizer optimizer, double baseLr, double maxLr, int up, int down) {
        this(optimizer, baseLr, maxLr, up, down, Mode.TRIANGULAR);
    }

    /** With gamma 1. */
    public CyclicLR(Optimizer optimizer, double baseLr, double maxLr, int up, int down, Mode mode) {
        this(optimizer, baseLr, maxLr, up, down, mode, 1);
    }

    /**
     * @param up steps of the rise; PyTorch's default is 2000
     * @param down steps of the fall
     * @param gamma for {@code EXP_RANGE} alone
     */
    public CyclicLR(Optimizer optimizer, double baseLr, double maxLr, int up, int down, Mode mode, double gamma) {
        this.baseLr = finite("baseLr", baseLr);
        this.maxLr = finite("maxLr", maxLr);
        this.up = positive("up", up);
        this.down = positive("down", down);
        this.mode = Objects.requireNonNull(mode, "mode");
        this.gamma = finite("gamma", gamma);
        super(from(optimizer, baseLr));
        begin();
    }

    /** The optimiser, whose own rate plays no part. */
    private static Optimizer from(Optimizer optimizer, double baseLr) {
        fresh(optimizer).groups().forEach(g -> g.scheduled(baseLr));
        return optimizer;
    }

    @Override
    void others() {
        double momentum = 0.9 - 0.1 * height();
        optimizer().groups().forEach(g -> g.set(OneCycleLR.momentum(g), momentum));
    }

    @Override
    void restart() {
        moveTo(0);
    }

    @Override
    protected double next(double lr, double base) {
        double low =
                initial() ? base : baseLr; // PyTorch's: made after another schedule, it begins at the rate before both
        return low + (maxLr - low) * height();
    }

    private double height() {
        double total = up + down;
        double cycle = Math.floor(1 + epoch() / total);
        double x = 1 + epoch() / total - cycle;
        double ratio = up / total;
        double share = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
        return share
                * switch (mode) {
                    case TRIANGULAR -> 1;
                    case TRIANGULAR2 -> Math.pow(2, 1 - cycle);
                    case EXP_RANGE -> Math.pow(gamma, epoch());
                };
    }
}
