package akari.optim;

import java.util.Map;

/** Cosine annealing that starts again after {@code t0} epochs, then after {@code tMult} times as many, and so on (SGDR). */
public final class CosineAnnealingWarmRestarts extends Scheduler {
    private final int t0;
    private final int tMult;
    private final double etaMin;
    private int period;
    private double position;

    /** Equal periods, down to 0. */
    public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0) {
        this(optimizer, t0, 1, 0);
    }

    /** Down to 0. */
    public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0, int tMult) {
        this(optimizer, t0, tMult, 0);
    }

    /**
     * @param t0 epochs of the first period
     * @param tMult how many times as long each next one is, at least 1
     * @param etaMin the lowest rate
     */
    public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0, int tMult, double etaMin) {
        this.t0 = positive("t0", t0);
        this.period = t0;
        this.tMult = positive("tMult", tMult);
        this.etaMin = finite("etaMin", etaMin);
        super(optimizer);
        begin();
    }

    /** Goes to a given epoch, which may be a fraction: {@code step(epoch + batch / batches)}. */
    public void step(double epoch) {
        if (!(epoch >= 0)) {
            throw new IllegalArgumentException("an epoch is not negative, got " + epoch);
        }
        period = t0;
        position = epoch;
        while (position >= period) {
            position -= period;
            period *= tMult;
        }
        moveTo((int) epoch);
    }

    @Override
    void advance() {
        if (epoch() == 0) {
            position = 0;
        } else if (++position >= period) {
            position %= period; // after a fraction of an epoch it stays a fraction
            period *= tMult;
        }
        super.advance();
    }

    @Override
    void restart() {
        period = t0;
        position = 0;
        super.restart();
    }

    @Override
    protected double next(double lr, double base) {
        return etaMin + (base - etaMin) * (1 + Math.cos(Math.PI * position / period)) / 2;
    }

    @Override
    public Map<String, Double> stateDict() {
        Map<String, Double> state = super.stateDict();
        state.put("T_cur", position);
        state.put("T_i", (double) period);
        return state;
    }

    @Override
    void check(Map<String, Double> state) {
        super.check(state);
        whole(state, "T_i", 1);
        double at = value(state, "T_cur");
        if (!(at >= 0 && at < value(state, "T_i"))) {
            throw new IllegalArgumentException("schedule state: T_cur must lie in [0, T_i), got " + at);
        }
    }

    @Override
    public void loadStateDict(Map<String, Double> state) {
        super.loadStateDict(state);
        position = value(state, "T_cur");
        period = (int) value(state, "T_i");
    }
}
