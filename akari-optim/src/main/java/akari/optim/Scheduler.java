package akari.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes the learning rates of an optimiser as training goes on, {@code torch.optim.lr_scheduler}. Making one sets the rate of epoch 0;
 * {@link #step} after each epoch, or each batch, sets the next. What is an epoch is for the caller to say.
 *
 * <p>Schedules act on the present rate, as PyTorch's do, so several can act on one optimiser (see {@link ChainedScheduler}).
 */
public abstract class Scheduler {
    private final Optimizer optimizer;
    private int epoch = -1;

    /** The subclass calls {@link #begin} at the end of its own constructor. */
    protected Scheduler(Optimizer optimizer) {
        this.optimizer = optimizer;
        optimizer.groups().forEach(ParamGroup::initialLr);
    }

    /** Sets the rates of epoch 0. */
    protected final void begin() {
        step();
    }

    /** Goes on to the next epoch. */
    public final void step() {
        epoch++;
        advance();
    }

    /** Changes the rates for this {@link #epoch}. */
    void advance() {
        change();
    }

    /** Takes {@code now} as the epoch, and changes the rates for it. */
    final void moveTo(int now) {
        epoch = now;
        change();
    }

    private void change() {
        for (ParamGroup g : optimizer.groups()) {
            g.lr(next(g.lr(), g.initialLr()));
        }
    }

    /** Begins again, from the initial rates. */
    void restart() {
        epoch = 0;
        for (ParamGroup g : optimizer.groups()) {
            g.lr(next(g.initialLr(), g.initialLr()));
        }
    }

    /** Takes back the begin of a schedule whose turn comes later. */
    final void undo() {
        epoch--;
    }

    /** The rate of this {@link #epoch}, from the present one and the initial one. */
    protected double next(double lr, double base) {
        return lr;
    }

    /** Epochs gone by; 0 at first. */
    public final int epoch() {
        return epoch;
    }

    public final Optimizer optimizer() {
        return optimizer;
    }

    /** The present rate of each group. */
    public final List<Double> lastLr() {
        return optimizer.groups().stream().map(ParamGroup::lr).toList();
    }

    /** What a later run needs, beside the optimiser's own state, to go on exactly. */
    public Map<String, Double> stateDict() {
        Map<String, Double> state = new LinkedHashMap<>();
        state.put("last_epoch", (double) epoch);
        return state;
    }

    /** Takes over a saved {@link #stateDict}; load the optimiser's state as well, which holds the rates. */
    public void loadStateDict(Map<String, Double> state) {
        epoch = (int) value(state, "last_epoch");
    }

    static double value(Map<String, Double> state, String key) {
        Double v = state.get(key);
        if (v == null) {
            throw new IllegalArgumentException("schedule state lacks " + key + "; it has " + state.keySet());
        }
        return v;
    }

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, got " + value);
        }
        return value;
    }
}
