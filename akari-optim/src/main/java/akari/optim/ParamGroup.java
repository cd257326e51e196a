package akari.optim;

import akari.tensor.Tensor;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Parameters that share the options of an {@link Optimizer}. Options carry PyTorch's names; switches are 0 or 1. */
public final class ParamGroup {
    private final List<Tensor> parameters;
    private final Map<String, Double> options;
    private boolean resumed;

    ParamGroup(Collection<Tensor> parameters, Map<String, Double> options) {
        this.parameters = List.copyOf(parameters);
        this.options = new LinkedHashMap<>(options);
    }

    /** Read-only, in the order given. */
    public List<Tensor> parameters() {
        return parameters;
    }

    /** The present learning rate, as a schedule may have changed it. */
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

    /**
     * The present value of an option, by PyTorch's name, as {@code "weight_decay"}; switches are 0 or 1.
     *
     * @throws IllegalArgumentException if this optimiser has no such option
     */
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
        if (resumed && option.equals("lr")) { // a rate set by hand is a new beginning
            resumed = false;
            options.remove("initial_lr");
        }
        return this;
    }

    private IllegalArgumentException unknown(String option) {
        return new IllegalArgumentException(
                "this optimiser has no option \"" + option + "\"; it has " + options.keySet());
    }

    /** Whether this optimiser has an option of that name. */
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

    void initialLr(double value) {
        options.put("initial_lr", value);
    }

    /** The rate that a schedule sets; beyond its end a straight line may cross 0, as PyTorch's does. */
    void scheduled(double lr) {
        options.put("lr", checkedRate(lr));
    }

    static double checkedRate(double lr) {
        if (!Double.isFinite(lr)) {
            throw new IllegalArgumentException("a schedule gave the learning rate " + lr);
        }
        return lr;
    }

    /** Adopts saved options, {@code initial_lr} included. */
    void restore(Map<String, Double> saved) {
        options.putAll(saved);
        resumed = saved.containsKey("initial_lr");
    }

    /** Whether the rate is one that a schedule had set when the loaded state was saved. */
    boolean resumed() {
        return resumed;
    }

    /** All options, read-only. */
    public Map<String, Double> options() {
        return Collections.unmodifiableMap(options);
    }

    /** As in {@code ParamGroup(2 parameters, {lr=0.1, momentum=0})}. */
    @Override
    public String toString() {
        String values = options.entrySet().stream()
                .map(o -> o.getKey() + "=" + text(o.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        return "ParamGroup(" + parameters.size() + " parameters, " + values + ")";
    }

    /** As Python prints it; whole numbers, switches among them, without a point. */
    static String text(double value) {
        String java = Double.toString(value);
        return value == (int) value
                ? Integer.toString((int) value)
                : Math.abs(value) >= 1e-4
                        ? new BigDecimal(java).stripTrailingZeros().toPlainString()
                        : java.replaceFirst("E-(\\d)$", "E-0$1").replaceFirst("(\\.0)?E", "e");
    }
}
