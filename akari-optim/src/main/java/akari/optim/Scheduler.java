package akari.optim;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Changes the learning rates of an optimiser as training goes on, {@code torch.optim.lr_scheduler}. Making one sets the rate of epoch 0;
 * {@link #step} after each epoch, or each batch, sets the next. What is an epoch is for the caller to say.
 *
 * <p>Schedules act on the present rate, as PyTorch's do, so several can act on one optimiser (see {@link ChainedScheduler}). For the
 * same reason a schedule is made before a saved state is loaded, never after:
 *
 * <pre>{@code
 * var opt = new SGD(model.parameters()).lr(0.1);
 * var schedule = new CosineAnnealingLR(opt, 100);
 * opt.loadStateDict(savedOptimizer);
 * schedule.loadStateDict(savedSchedule);
 * }</pre>
 */
public abstract class Scheduler {
    private final Optimizer optimizer;
    private final Map<ParamGroup, Double> base = new IdentityHashMap<>();
    private int epoch = -1;
    private boolean initial;

    /**
     * The subclass calls {@link #begin} at the end of its own constructor.
     *
     * @throws IllegalStateException where the optimiser's rates are those of a schedule in a state that was loaded
     */
    protected Scheduler(Optimizer optimizer) {
        this.optimizer = fresh(optimizer);
        optimizer.groups().forEach(this::base);
    }

    /** The optimiser, if no loaded state has put it in the middle of a schedule. */
    static Optimizer fresh(Optimizer optimizer) {
        for (ParamGroup g : Objects.requireNonNull(optimizer, "optimizer").groups()) {
            if (g.resumed()) {
                throw new IllegalStateException("a schedule made after loadStateDict of its optimiser would start from"
                        + " a rate in the middle of the saved schedule, " + g.lr()
                        + ": make the schedule first, then load"
                        + " the optimiser's state and the schedule's own; to begin a new schedule from this state, set the"
                        + " optimiser's rate before, as in lr(" + g.initialLr() + ")");
            }
        }
        return optimizer;
    }

    /** The rate that a group had before any schedule, as it was when this one was made. */
    private double base(ParamGroup g) {
        return base.computeIfAbsent(g, ParamGroup::initialLr);
    }

    /** Sets the rates of epoch 0. */
    protected final void begin() {
        initial = true;
        try {
            step();
        } finally {
            initial = false;
        }
    }

    /** Whether this step is the first, which {@link #begin} takes by itself. */
    final boolean initial() {
        return initial;
    }

    /** Goes on to the next epoch; a step that fails leaves the schedule at this one. */
    public final void step() {
        epoch++;
        try {
            advance();
        } catch (RuntimeException | Error e) {
            epoch--;
            throw e;
        }
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
        Map<ParamGroup, Double> rates = new LinkedHashMap<>();
        for (ParamGroup g : optimizer.groups()) {
            rates.put(g, ParamGroup.checkedRate(next(g.lr(), base(g))));
        }
        rates.forEach(ParamGroup::scheduled);
        others();
    }

    /** Changes what a schedule moves beside the rates, by the {@link #epoch} alone. */
    void others() {}

    /** Begins at a turn within a {@link SequentialLR}, whatever the rates are by then. */
    void restart() {
        epoch = 0;
        initial = true;
        for (ParamGroup g : optimizer.groups()) {
            g.scheduled(next(base(g), base(g)));
        }
        initial = false;
        others();
    }

    /** Is at epoch 0 without a change of the rates. */
    final void begun() {
        epoch = 0;
    }

    /** Takes back the begin of a schedule whose turn comes later. */
    void undo() {
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

    /** The one whose rates this changes. */
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
        List<ParamGroup> groups = optimizer.groups();
        for (int i = 0; i < groups.size(); i++) {
            state.put("base_lr." + i, base(groups.get(i)));
            state.put("last_lr." + i, groups.get(i).lr());
        }
        return state;
    }

    /**
     * Takes over a saved {@link #stateDict}, the rates included; load the optimiser's state as well. Nothing is changed where an entry
     * is missing, unknown or out of range.
     */
    public void loadStateDict(Map<String, Double> state) {
        checkKeys(state, stateDict().keySet());
        check(state);
        epoch = (int) value(state, "last_epoch");
        List<ParamGroup> groups = optimizer.groups();
        for (int i = 0; i < groups.size(); i++) {
            base.put(groups.get(i), value(state, "base_lr." + i));
            groups.get(i).scheduled(value(state, "last_lr." + i));
        }
        if (epoch >= 0) { // else its turn comes later
            others();
        }
    }

    /** Refuses values that this schedule cannot have; all keys are there. */
    void check(Map<String, Double> state) {
        state.forEach((key, v) -> {
            if (v == null || !Double.isFinite(v)) {
                throw new IllegalArgumentException("schedule state: " + key + " is " + v);
            }
        });
        whole(state, "last_epoch", Integer.MIN_VALUE); // parts of a sequence count from below 0
    }

    static void whole(Map<String, Double> state, String key, int least) {
        double v = value(state, key);
        if (v != (int) v || v < least) {
            throw new IllegalArgumentException(
                    "schedule state: " + key + " must be a whole number from " + least + " on, got " + v);
        }
    }

    static void checkKeys(Map<String, Double> state, Set<String> own) {
        List<String> missing = own.stream().filter(k -> !state.containsKey(k)).toList();
        List<String> unknown =
                state.keySet().stream().filter(k -> !own.contains(k)).toList();
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException("schedule state"
                    + (missing.isEmpty() ? "" : " lacks " + String.join(", ", missing))
                    + (missing.isEmpty() || unknown.isEmpty() ? "" : " and")
                    + (unknown.isEmpty() ? "" : " has the unknown " + String.join(", ", unknown))
                    + "; it was saved from another schedule, or for another number of parameter groups");
        }
    }

    static double value(Map<String, Double> state, String key) {
        return Objects.requireNonNull(state.get(key), key);
    }

    static double finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " must be finite, got " + value);
        }
        return value;
    }

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, got " + value);
        }
        return value;
    }

    /** As in {@code StepLR(epoch=3, lr=[0.01])}. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "(epoch=" + epoch + ", lr=" + lastLr() + ")";
    }
}
