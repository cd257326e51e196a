package akari.optim;

/** Swings between {@code baseLr} and {@code maxLr}, the momentum (or beta1) the other way round (Smith 2017). */
public final class CyclicLR extends Scheduler {
    /** How the swings change with time. */
    public enum Mode {
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

    /**
     * @param up steps of the rise; PyTorch's default is 2000
     * @param down steps of the fall
     * @param gamma for {@code EXP_RANGE} alone
     */
    public CyclicLR(Optimizer optimizer, double baseLr, double maxLr, int up, int down, Mode mode, double gamma) {
        super(optimizer);
        this.baseLr = baseLr;
        this.maxLr = maxLr;
        this.up = positive("up", up);
        this.down = positive("down", down);
        this.mode = mode;
        this.gamma = gamma;
        begin();
    }

    @Override
    void advance() {
        super.advance();
        double momentum = 0.9 - 0.1 * height();
        optimizer().groups().forEach(g -> g.set(OneCycleLR.momentum(g), momentum));
    }

    @Override
    protected double next(double lr, double base) {
        return baseLr + (maxLr - baseLr) * height();
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
