package akari.optim;

import akari.tensor.Tensor;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parameters that share the options of an {@link Optimizer}. Options carry PyTorch's names; switches are 0 or 1. */
public final class ParamGroup {
    private final List<Tensor> parameters;
    private final Map<String, Double> options;

    ParamGroup(Collection<Tensor> parameters, Map<String, Double> options) {
        this.parameters = List.copyOf(parameters);
        this.options = new LinkedHashMap<>(options);
    }

    public List<Tensor> parameters() {
        return parameters;
    }

    public double lr() {
        return get("lr");
    }

    /** Returns this. */
    public ParamGroup lr(double value) {
        return set("lr", value);
    }

    /** Returns this. */
    public ParamGroup weightDecay(double value) {
        return set("weight_decay", value);
    }

    public double get(String option) {
        Double value = options.get(option);
        if (value == null) {
            throw unknown(option);
        }
        return value;
    }

    /** Sets an option that this optimiser has. Returns this. */
    public ParamGroup set(String option, double value) {
        if (!options.containsKey(option)) {
            throw unknown(option);
        }
        options.put(option, Optimizer.checked(option, value));
        return this;
    }

    private IllegalArgumentException unknown(String option) {
        return new IllegalArgumentException(
                "this optimiser has no option \"" + option + "\"; it has " + options.keySet());
    }

    public boolean has(String option) {
        return options.containsKey(option);
    }

    boolean on(String option) {
        return get(option) != 0;
    }

    /** The learning rate before any schedule, remembered by the first schedule that asks. */
    double initialLr() {
        return options.computeIfAbsent("initial_lr", _ -> lr());
    }

    /** Adopts saved options, {@code initial_lr} included. */
    void restore(Map<String, Double> saved) {
        options.putAll(saved);
    }

    /** All options, read-only. */
    public Map<String, Double> options() {
        return Collections.unmodifiableMap(options);
    }
}
