package akari.optim;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One schedule after another: the second takes over at {@code milestones[0]}, the third at {@code milestones[1]}. */
public final class SequentialLR extends Scheduler {
    private final List<Scheduler> schedulers;
    private final int[] milestones;

    /**
     * @param schedulers all of this optimiser; this steps them, nobody else
     * @param milestones epochs, rising: one fewer than schedules
     */
    public SequentialLR(Optimizer optimizer, List<? extends Scheduler> schedulers, int... milestones) {
        super(optimizer);
        if (Objects.requireNonNull(schedulers, "schedulers").size() != milestones.length + 1) {
            throw new IllegalArgumentException("SequentialLR needs one milestone fewer than schedules, got "
                    + schedulers.size() + " schedules and " + milestones.length + " milestones");
        }
        for (Scheduler s : schedulers) {
            if (s.optimizer() != optimizer) {
                throw new IllegalArgumentException("SequentialLR: all schedules must be of one optimiser");
            }
        }
        this.schedulers = List.copyOf(schedulers);
        this.milestones = milestones.clone();
        optimizer.groups().forEach(g -> g.scheduled(g.initialLr()));
        undo();
        begun();
        this.schedulers.getFirst().begin();
    }

    /** The parts alone: they begin anew, and this goes on counting. */
    @Override
    void undo() {
        schedulers.forEach(Scheduler::undo);
    }

    @Override
    void advance() {
        int turn = 0;
        while (turn < milestones.length && milestones[turn] <= epoch()) {
            turn++;
        }
        if (turn > 0 && milestones[turn - 1] == epoch()) {
            schedulers.get(turn).restart();
        } else {
            schedulers.get(turn).step();
        }
    }

    @Override
    void restart() {
        throw new UnsupportedOperationException("a SequentialLR cannot be a later part of another one");
    }

    @Override
    public Map<String, Double> stateDict() {
        return ChainedScheduler.collect(super.stateDict(), schedulers);
    }

    @Override
    void check(Map<String, Double> state) {
        super.check(state);
        ChainedScheduler.checkParts(state, schedulers);
    }

    @Override
    public void loadStateDict(Map<String, Double> state) {
        super.loadStateDict(state);
        ChainedScheduler.distribute(state, schedulers);
    }
}
