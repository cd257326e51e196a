package akari.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Several schedules of one optimiser at once: each changes the rate that the one before it left. */
public final class ChainedScheduler extends Scheduler {
    private final List<Scheduler> schedulers;

    /** @param schedulers at least one, all of the same optimiser; this steps them, nobody else */
    public ChainedScheduler(List<? extends Scheduler> schedulers) {
        super(first(schedulers).optimizer());
        for (Scheduler s : schedulers) {
            if (s.optimizer() != optimizer()) {
                throw new IllegalArgumentException("ChainedScheduler: all schedules must be of one optimiser");
            }
        }
        this.schedulers = List.copyOf(schedulers);
        begun(); // as the schedules have by themselves
    }

    private static Scheduler first(List<? extends Scheduler> schedulers) {
        if (Objects.requireNonNull(schedulers, "schedulers").isEmpty()) {
            throw new IllegalArgumentException("ChainedScheduler needs at least one schedule");
        }
        return schedulers.getFirst();
    }

    @Override
    void advance() {
        Map<String, Double> before = collect(Map.of(), schedulers);
        try {
            schedulers.forEach(Scheduler::step);
        } catch (RuntimeException | Error e) {
            distribute(before, schedulers);
            throw e;
        }
    }

    @Override
    void undo() {
        super.undo();
        schedulers.forEach(Scheduler::undo);
    }

    @Override
    void restart() {
        throw new UnsupportedOperationException("a ChainedScheduler cannot be a later part of a SequentialLR");
    }

    @Override
    public Map<String, Double> stateDict() {
        return collect(super.stateDict(), schedulers);
    }

    @Override
    public void loadStateDict(Map<String, Double> state) {
        super.loadStateDict(state);
        distribute(state, schedulers);
    }

    @Override
    void check(Map<String, Double> state) {
        super.check(state);
        checkParts(state, schedulers);
    }

    static void checkParts(Map<String, Double> all, List<Scheduler> parts) {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).check(part(all, i));
        }
    }

    static Map<String, Double> collect(Map<String, Double> own, List<Scheduler> parts) {
        Map<String, Double> all = new LinkedHashMap<>(own);
        for (int i = 0; i < parts.size(); i++) {
            String prefix = i + ".";
            parts.get(i).stateDict().forEach((k, v) -> all.put(prefix + k, v));
        }
        return all;
    }

    static void distribute(Map<String, Double> all, List<Scheduler> parts) {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).loadStateDict(part(all, i));
        }
    }

    private static Map<String, Double> part(Map<String, Double> all, int i) {
        String prefix = i + ".";
        Map<String, Double> part = new LinkedHashMap<>();
        all.forEach((k, v) -> {
            if (k.startsWith(prefix)) {
                part.put(k.substring(prefix.length()), v);
            }
        });
        return part;
    }
}
