package akari.optim;

/** Lets the rate fall along half a cosine from the initial one to {@code etaMin} in {@code tMax} epochs (Loshchilov and Hutter 2017). */
public final class CosineAnnealingLR extends Scheduler {
    private final int tMax;
    private final double etaMin;

    /** Down to 0. */
    public CosineAnnealingLR(Optimizer optimizer, int tMax) {
        this(optimizer, tMax, 0);
    }

    /**
     * @param tMax epochs of the fall; going on, the rate rises again
     * @param etaMin the lowest rate
     */
    public CosineAnnealingLR(Optimizer optimizer, int tMax, double etaMin) {
        this.tMax = positive("tMax", tMax);
        this.etaMin = finite("etaMin", etaMin);
        super(optimizer);
        begin();
    }

    @Override
    protected double next(double lr, double base) {
        if (initial()) {
            return lr;
        }
        if (Math.floorMod(epoch() - 1 - tMax, 2 * tMax) == 0) { // leaving the bottom, where the ratio below is 0/0
            return lr + (base - etaMin) * (1 - Math.cos(Math.PI / tMax)) / 2;
        }
        double ratio = (1 + Math.cos(Math.PI * epoch() / tMax)) / (1 + Math.cos(Math.PI * (epoch() - 1) / tMax));
        return ratio * (lr - etaMin) + etaMin;
    }
}
