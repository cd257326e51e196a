package akari.optim;

import java.util.Map;

/**
 * One rise to {@code maxLr} and one long fall over {@code totalSteps} batches, the momentum (or beta1) the other way round (Smith and
 * Topin 2018). Options follow the constructor. The optimiser's own rate plays no part.
 */
public final class OneCycleLR extends Scheduler {
    private final double maxLr;
    private final int totalSteps;
    private final double[] ownMomentum;
    private double pctStart = 0.3;
    private double divFactor = 25;
    private double finalDivFactor = 1e4;
    private double baseMomentum = 0.85;
    private double maxMomentum = 0.95;
    private boolean cycleMomentum = true;
    private boolean linear;
    private boolean threePhase;

    /** For {@code totalSteps} batches in all; a step beyond them is an error. */
    public OneCycleLR(Optimizer optimizer, double maxLr, int totalSteps) {
        this.maxLr = finite("maxLr", maxLr);
        this.totalSteps = positive("totalSteps", totalSteps);
        super(optimizer);
        this.ownMomentum =
                optimizer.groups().stream().mapToDouble(g -> g.get(momentum(g))).toArray();
        remember();
        begin();
    }

    /** For {@code epochs · stepsPerEpoch} batches. */
    public OneCycleLR(Optimizer optimizer, double maxLr, int epochs, int stepsPerEpoch) {
        this(
                optimizer,
                maxLr,
                Math.multiplyExact(positive("epochs", epochs), positive("stepsPerEpoch", stepsPerEpoch)));
    }

    /** As PyTorch, has the first rate stand for the initial one of what comes after it. */
    private void remember() {
        optimizer().groups().forEach(g -> g.initialLr(maxLr / divFactor));
    }

    /** Share of the steps that rise; default 0.3. Returns this. */
    public OneCycleLR pctStart(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("pctStart must lie in [0, 1], got " + value);
        }
        pctStart = value;
        return again();
    }

    /** Starts at {@code maxLr / div} and ends at that divided by {@code finalDiv}; defaults 25 and 1e4. Returns this. */
    public OneCycleLR divFactors(double div, double finalDiv) {
        if (!(div > 0 && finalDiv > 0)) {
            throw new IllegalArgumentException("divFactors must be above 0, got " + div + " and " + finalDiv);
        }
        divFactor = div;
        finalDivFactor = finalDiv;
        return again();
    }

    /** Between which momenta it goes; defaults 0.85 and 0.95. Returns this. */
    public OneCycleLR momentum(double base, double max) {
        Optimizer.checked("beta1", base); // momentum or beta1, whichever the optimiser has
        Optimizer.checked("beta1", max);
        baseMomentum = base;
        maxMomentum = max;
        return again();
    }

    /** Whether the momentum changes; default yes. Returns this. */
    public OneCycleLR cycleMomentum(boolean value) {
        cycleMomentum = value;
        for (int i = 0; i < ownMomentum.length; i++) {
            ParamGroup g = optimizer().groups().get(i);
            g.set(momentum(g), ownMomentum[i]);
        }
        return again();
    }

    /** Straight lines instead of cosines. Returns this. */
    public OneCycleLR linear() {
        linear = true;
        return again();
    }

    /** Falls as long as it rose, then on to the end. Returns this. */
    public OneCycleLR threePhase() {
        threePhase = true;
        return again();
    }

    private OneCycleLR again() {
        remember();
        advance();
        return this;
    }

    @Override
    void advance() {
        if (epoch() > totalSteps) {
            throw new IllegalStateException("OneCycleLR was made for " + totalSteps + " steps and was asked for step "
                    + (totalSteps + 1) + "; make it with as many totalSteps as there are batches in all epochs");
        }
        super.advance();
    }

    @Override
    void check(Map<String, Double> state) {
        super.check(state);
        if (value(state, "last_epoch") > totalSteps) {
            throw new IllegalArgumentException("schedule state: last_epoch is " + value(state, "last_epoch")
                    + ", but this OneCycleLR was made for " + totalSteps + " steps");
        }
    }

    @Override
    void others() {
        if (cycleMomentum) {
            double momentum = threePhase
                    ? at(maxMomentum, baseMomentum, maxMomentum, maxMomentum)
                    : at(maxMomentum, baseMomentum, maxMomentum);
            optimizer().groups().forEach(g -> g.set(momentum(g), momentum));
        }
    }

    static String momentum(ParamGroup g) {
        return g.has("momentum") ? "momentum" : "beta1";
    }

    @Override
    protected double next(double lr, double base) {
        double start = maxLr / divFactor;
        double end = start / finalDivFactor;
        return threePhase ? at(start, maxLr, start, end) : at(start, maxLr, end);
    }

    /** The value now on the way through the given points. */
    private double at(double... points) {
        double from = 0;
        for (int i = 1; ; i++) {
            boolean last = i == points.length - 1;
            double to = last ? totalSteps - 1 : i * (pctStart * totalSteps - 1);
            if (last || epoch() <= to) {
                double share = to == from ? 1 : (epoch() - from) / (to - from);
                double a = points[i - 1];
                double b = points[i];
                return linear ? (b - a) * share + a : b + (a - b) / 2 * (Math.cos(Math.PI * share) + 1);
            }
            from = to;
        }
    }
}
