package akari.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Multiplies the rate by {@code factor} when a metric has not improved for {@code patience} epochs. Options follow the constructor. */
public final class ReduceLROnPlateau {
    private final Optimizer optimizer;
    private final boolean max;
    private double factor = 0.1;
    private int patience = 10;
    private double threshold = 1e-4;
    private boolean absolute;
    private int cooldown;
    private double minLr;
    private double best;
    private int bad;
    private int resting;

    /** For a metric that should fall, as a loss. */
    public ReduceLROnPlateau(Optimizer optimizer) {
        this(optimizer, false);
    }

    /** @param max whether the metric should rise, as an accuracy */
    public ReduceLROnPlateau(Optimizer optimizer, boolean max) {
        this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
        this.max = max;
        this.best = max ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    /** @param mode {@code "min"} for a metric that should fall, {@code "max"} for one that should rise */
    public ReduceLROnPlateau(Optimizer optimizer, String mode) {
        this(optimizer, either("mode", mode, "min", "max"));
    }

    /** @param factor between 0 and 1; PyTorch's default is 0.1 */
    public ReduceLROnPlateau(Optimizer optimizer, String mode, double factor) {
        this(optimizer, mode);
        factor(factor);
    }

    /** @param patience epochs without improvement that are borne; PyTorch's default is 10 */
    public ReduceLROnPlateau(Optimizer optimizer, String mode, double factor, int patience) {
        this(optimizer, mode, factor);
        patience(patience);
    }

    /** @param threshold how much better is better, as a share of the best; PyTorch's default is 1e-4 */
    public ReduceLROnPlateau(Optimizer optimizer, String mode, double factor, int patience, double threshold) {
        this(optimizer, mode, factor, patience);
        threshold(threshold);
    }

    /** @param thresholdMode {@code "rel"} for {@link #threshold}, {@code "abs"} for {@link #absoluteThreshold} */
    public ReduceLROnPlateau(
            Optimizer optimizer, String mode, double factor, int patience, double threshold, String thresholdMode) {
        this(optimizer, mode, factor, patience, threshold);
        absolute = either("thresholdMode", thresholdMode, "rel", "abs");
    }

    /** @param cooldown epochs after a change in which nothing counts; PyTorch's default is 0 */
    public ReduceLROnPlateau(
            Optimizer optimizer,
            String mode,
            double factor,
            int patience,
            double threshold,
            String thresholdMode,
            int cooldown) {
        this(optimizer, mode, factor, patience, threshold, thresholdMode);
        cooldown(cooldown);
    }

    /** The options of the methods, in PyTorch's order. */
    public ReduceLROnPlateau(
            Optimizer optimizer,
            String mode,
            double factor,
            int patience,
            double threshold,
            String thresholdMode,
            int cooldown,
            double minLr) {
        this(optimizer, mode, factor, patience, threshold, thresholdMode, cooldown);
        minLr(minLr);
    }

    /** Whether the text is the second of the two that it may be. */
    private static boolean either(String name, String value, String first, String second) {
        if (!first.equals(value) && !second.equals(value)) {
            throw new IllegalArgumentException(name + " is \"" + first + "\" or \"" + second + "\", got "
                    + (value == null ? null : "\"" + value + "\""));
        }
        return second.equals(value);
    }

    /** Default 0.1. Returns this. */
    public ReduceLROnPlateau factor(double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException("factor must lie in (0, 1), got " + value);
        }
        factor = value;
        return this;
    }

    /** Epochs without improvement that are borne; default 10. Returns this. */
    public ReduceLROnPlateau patience(int value) {
        patience = value;
        return this;
    }

    /** How much better is better, as a share of the best; default 1e-4. Returns this. */
    public ReduceLROnPlateau threshold(double value) {
        threshold = value;
        absolute = false;
        return this;
    }

    /** How much better is better, in the metric's own unit. Returns this. */
    public ReduceLROnPlateau absoluteThreshold(double value) {
        threshold = value;
        absolute = true;
        return this;
    }

    /** Epochs after a change in which nothing counts; default 0. Returns this. */
    public ReduceLROnPlateau cooldown(int value) {
        cooldown = value;
        return this;
    }

    /** Never goes below; default 0. Returns this. */
    public ReduceLROnPlateau minLr(double value) {
        minLr = value;
        return this;
    }

    /** Takes note of an epoch's metric. */
    public void step(double metric) {
        if (better(metric)) {
            best = metric;
            bad = 0;
        } else {
            bad++;
        }
        if (resting > 0) {
            resting--;
            bad = 0;
        }
        if (bad > patience) {
            for (ParamGroup g : optimizer.groups()) {
                double lr = Math.max(g.lr() * factor, minLr);
                if (g.lr() - lr > 1e-8) {
                    g.lr(lr);
                }
            }
            resting = cooldown;
            bad = 0;
        }
    }

    private boolean better(double metric) {
        double margin = max ? threshold : -threshold;
        double bar = absolute ? best + margin : best * (1 + margin);
        return max ? metric > bar : metric < bar;
    }

    /** What a later run needs to go on exactly. */
    public Map<String, Double> stateDict() {
        Map<String, Double> state = new LinkedHashMap<>();
        state.put("best", best);
        state.put("num_bad_epochs", (double) bad);
        state.put("cooldown_counter", (double) resting);
        return state;
    }

    /** Takes over a saved {@link #stateDict}; nothing is changed where an entry is missing, unknown or out of range. */
    public void loadStateDict(Map<String, Double> state) {
        Scheduler.checkKeys(state, stateDict().keySet());
        Scheduler.whole(state, "num_bad_epochs", 0);
        Scheduler.whole(state, "cooldown_counter", 0);
        best = Scheduler.value(state, "best");
        bad = (int) Scheduler.value(state, "num_bad_epochs");
        resting = (int) Scheduler.value(state, "cooldown_counter");
    }

    /** As in {@code ReduceLROnPlateau(best=0.31, bad epochs=2, lr=[0.01])}. */
    @Override
    public String toString() {
        return "ReduceLROnPlateau(best=" + best + ", bad epochs=" + bad + ", lr="
                + optimizer.groups().stream().map(ParamGroup::lr).toList() + ")";
    }
}
