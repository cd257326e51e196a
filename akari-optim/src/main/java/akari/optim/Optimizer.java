package akari.optim;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes parameters by their gradients, {@code torch.optim.Optimizer}. Options follow the constructor and hold for every group;
 * a further group starts from them:
 *
 * <pre>{@code
 * var opt = new SGD(backbone.parameters()).lr(0.01).momentum(0.9);
 * opt.addGroup(head.parameters(), g -> g.lr(0.1));
 * }</pre>
 *
 * <p>Each parameter is updated in one fused pass over its memory.
 */
public abstract class Optimizer {
    /** Among the saved options: how many parameters the group has. */
    private static final String COUNT = "params";

    /** Options that are on or off. */
    private static final Set<String> FLAGS = Set.of("amsgrad", "maximize", "nesterov");

    /** What is remembered about one parameter. */
    static final class State {
        long step;
        final Map<String, Tensor> tensors = new LinkedHashMap<>();

        /** The named tensor, at first zeros of the parameter's shape and memory order. */
        Tensor of(String name, Tensor p) {
            return tensors.computeIfAbsent(name, _ -> Tensors.outlive(Tensors.zerosLike(p)));
        }

        @Nullable
        Tensor get(String name) {
            return tensors.get(name);
        }
    }

    private final List<ParamGroup> groups = new ArrayList<>();
    private final Map<String, Double> defaults;
    private final Map<Tensor, State> states = new IdentityHashMap<>();

    Optimizer(Collection<Tensor> parameters, Map<String, Double> defaults) {
        this.defaults = new LinkedHashMap<>(defaults);
        groups.add(group(parameters));
    }

    static Map<String, Double> options(Object... pairs) {
        Map<String, Double> options = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            options.put((String) pairs[i], ((Number) pairs[i + 1]).doubleValue());
        }
        return options;
    }

    /** Sets an option of every group, and of those to come. */
    final void option(String name, double value) {
        defaults.put(name, checked(name, value));
        groups.forEach(g -> g.set(name, value));
    }

    static double checked(String option, double value) {
        boolean fits = switch (option) {
            case "beta1", "beta2" -> value >= 0 && value < 1;
            case "dampening" -> Double.isFinite(value);
            default -> value >= 0 && Double.isFinite(value);
        };
        if (!fits) {
            throw new IllegalArgumentException(option + " = " + value + " is out of range: "
                    + (option.startsWith("beta") ? "it must lie in [0, 1)" : "it must be finite and not negative"));
        }
        return value;
    }

    // ---- groups

    /** Adds parameters with the present options, changed by {@code options}. */
    public final ParamGroup addGroup(Collection<Tensor> parameters, Consumer<ParamGroup> options) {
        ParamGroup group = group(parameters);
        options.accept(group);
        groups.add(group);
        return group;
    }

    private ParamGroup group(Collection<Tensor> parameters) {
        if (Objects.requireNonNull(parameters, "parameters").isEmpty()) {
            throw new IllegalArgumentException("an optimiser needs at least one parameter");
        }
        var known = Collections.newSetFromMap(new IdentityHashMap<Tensor, Boolean>());
        groups.forEach(g -> known.addAll(g.parameters()));
        int i = 0;
        for (Tensor p : parameters) {
            if (!p.isLeaf() || !p.dtype().isFloating()) {
                throw new IllegalArgumentException("parameter " + i + " of shape " + p.shape()
                        + " is no floating-point leaf, so it cannot be optimised; pass module.parameters()");
            }
            if (!known.add(p)) {
                throw new IllegalArgumentException(
                        "parameter " + i + " of shape " + p.shape() + " is already in this optimiser");
            }
            i++;
        }
        return new ParamGroup(parameters, defaults);
    }

    /** The groups, in the order in which they were added. */
    public final List<ParamGroup> groups() {
        return Collections.unmodifiableList(groups);
    }

    // ---- stepping

    /** Clears the gradients of all parameters. */
    public final void zeroGrad() {
        groups.forEach(g -> g.parameters().forEach(p -> p.zeroGrad()));
    }

    /** Changes every parameter that has a gradient; options that contradict each other change none. */
    public final void step() {
        groups.forEach(this::check);
        for (ParamGroup group : groups) {
            for (Tensor p : group.parameters()) {
                Tensor g = p.borrowGrad();
                if (g != null) {
                    State state = states.computeIfAbsent(p, _ -> new State());
                    state.step++;
                    Tensors.noGrad(() -> update(p, g, group, state));
                }
            }
        }
    }

    /** Refuses options that contradict each other. */
    void check(ParamGroup group) {}

    /** Names of the tensors that are remembered about each parameter under these options. */
    abstract Set<String> remembered(Map<String, Double> options);

    static boolean on(Map<String, Double> options, String name) {
        Double v = options.get(name);
        return v != null && v != 0;
    }

    /** Changes {@code p}; {@code state.step} counts from 1. */
    abstract void update(Tensor p, Tensor g, ParamGroup group, State state);

    // ---- saving

    /**
     * Everything that a later run needs to go on exactly: {@code state.3.exp_avg} for parameter 3 (counted over all groups),
     * {@code state.3.step}, the options as {@code group.0.lr} and how many parameters a group has as {@code group.0.params}. The tensors
     * share the optimiser's memory.
     */
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        int index = 0;
        for (int i = 0; i < groups.size(); i++) {
            ParamGroup group = groups.get(i);
            Map<String, Double> options = new LinkedHashMap<>(group.options());
            options.put(COUNT, (double) group.parameters().size());
            for (Map.Entry<String, Double> o : options.entrySet()) {
                all.put(
                        "group." + i + "." + o.getKey(),
                        Tensors.of(DType.FLOAT64, new double[] {o.getValue()}, Shape.SCALAR));
            }
            for (Tensor p : group.parameters()) {
                State state = states.get(p);
                if (state != null) {
                    String prefix = "state." + index + ".";
                    all.put(prefix + "step", Tensors.tensor(state.step).reshape());
                    state.tensors.forEach((name, t) -> all.put(prefix + name, t));
                    for (String name : remembered(options)) { // one switched on since the last step is as good as zeros
                        all.computeIfAbsent(prefix + name, _ -> Tensors.zerosLike(p));
                    }
                }
                index++;
            }
        }
        return all;
    }

    /**
     * Takes over a saved {@link #stateDict}; groups and shapes must be those it was saved with. Nothing is changed where an entry is
     * missing, unknown or out of range.
     */
    public final void loadStateDict(Map<String, Tensor> saved) {
        List<Tensor> parameters =
                groups.stream().flatMap(g -> g.parameters().stream()).toList();
        Map<Integer, Map<String, Double>> options = new TreeMap<>();
        Map<Integer, State> loaded = new TreeMap<>();
        Set<Integer> stepped = new HashSet<>();
        Objects.requireNonNull(saved, "saved").forEach((key, t) -> {
            String[] part = key.split("\\.", 3);
            int i = part.length == 3 && part[1].matches("\\d{1,9}") ? Integer.parseInt(part[1]) : -1;
            if (t == null) {
                throw new IllegalArgumentException("optimiser state: " + key + " is null");
            } else if (part[0].equals("group") && i >= 0 && i < groups.size()) {
                options.computeIfAbsent(i, _ -> new LinkedHashMap<>()).put(part[2], option(key, part[2], t));
            } else if (part[0].equals("state") && i >= 0 && i < parameters.size()) {
                State state = loaded.computeIfAbsent(i, _ -> new State());
                if (part[2].equals("step")) {
                    state.step = step(key, t);
                    stepped.add(i);
                } else {
                    restore(key, part[2], t, parameters.get(i), state);
                }
            } else {
                throw new IllegalArgumentException("optimiser state: the key " + key + " does not fit an optimiser of "
                        + groups.size() + " groups and " + parameters.size() + " parameters");
            }
        });
        int index = 0;
        for (int i = 0; i < groups.size(); i++) {
            Map<String, Double> given = options.get(i);
            checkOptions(i, given);
            for (int k = 0; k < groups.get(i).parameters().size(); k++, index++) {
                State state = loaded.get(index);
                if (state != null) {
                    checkState(index, state, stepped.contains(index), remembered(Objects.requireNonNull(given)));
                }
            }
        }
        options.forEach((i, given) -> {
            given.remove(COUNT);
            groups.get(i).restore(given);
        });
        states.clear();
        loaded.forEach((i, state) -> states.put(parameters.get(i), state));
    }

    private void checkOptions(int i, @Nullable Map<String, Double> given) {
        Set<String> needed = new LinkedHashSet<>(defaults.keySet());
        needed.add(COUNT);
        if (given == null || !given.keySet().containsAll(needed)) {
            throw new IllegalArgumentException("optimiser state: group " + i + " lacks options: found "
                    + (given == null ? "none" : given.keySet()) + ", needs " + needed);
        }
        needed.add("initial_lr");
        if (!needed.containsAll(given.keySet())) {
            throw new IllegalArgumentException("optimiser state: group " + i + " has the options " + given.keySet()
                    + ", but " + getClass().getSimpleName() + " knows " + needed);
        }
        int own = groups.get(i).parameters().size();
        double count = given.getOrDefault(COUNT, 0.0);
        if (count != own) {
            throw new IllegalArgumentException("optimiser state: group " + i + " was saved with "
                    + ParamGroup.text(count) + " parameters, this one has " + own);
        }
    }

    private void checkState(int index, State state, boolean stepped, Set<String> needed) {
        if (!stepped || !state.tensors.keySet().containsAll(needed)) {
            throw new IllegalArgumentException("optimiser state: parameter " + index + " lacks entries: found "
                    + (stepped ? "step, " : "") + state.tensors.keySet() + ", needs step, " + new TreeSet<>(needed));
        }
    }

    /** A rate may be below 0: a schedule past its end leaves such a one. */
    private static double option(String key, String name, Tensor t) {
        if (t.numel() != 1) {
            throw new IllegalArgumentException("optimiser state: " + key + " has shape " + t.shape() + ", expected []");
        }
        double v = t.item();
        if (!name.equals("lr") && !name.equals("initial_lr")) {
            return checked(name, v);
        }
        if (!Double.isFinite(v)) {
            throw new IllegalArgumentException("optimiser state: " + key + " is " + v);
        }
        return v;
    }

    private static long step(String key, Tensor t) {
        double v = t.numel() == 1 ? t.item() : Double.NaN;
        if (!(v >= 0 && v == Math.rint(v))) {
            throw new IllegalArgumentException(
                    "optimiser state: " + key + " must be a whole number, got " + (t.numel() == 1 ? v : t.shape()));
        }
        return (long) v;
    }

    private void restore(String key, String name, Tensor t, Tensor p, State state) {
        Map<String, Double> everything = new LinkedHashMap<>(defaults);
        everything.replaceAll((_, _) -> 1.0);
        if (!remembered(everything).contains(name)) {
            throw new IllegalArgumentException("optimiser state: the key " + key + " is unknown");
        }
        if (!t.shape().equals(p.shape())) {
            throw new IllegalArgumentException(
                    "optimiser state: " + key + " has shape " + t.shape() + ", its parameter has shape " + p.shape());
        }
        Tensors.noGrad(() -> state.of(name, p).copy_(t.to(p.device())));
    }

    /** As PyTorch prints it: the options of each group. */
    @Override
    public final String toString() {
        StringBuilder text = new StringBuilder(getClass().getSimpleName()).append(" (\n");
        for (int i = 0; i < groups.size(); i++) {
            text.append("Parameter Group ").append(i).append('\n');
            printed(groups.get(i))
                    .forEach((name, value) -> text.append("    ")
                            .append(name)
                            .append(": ")
                            .append(value)
                            .append('\n'));
        }
        return text.append(')').toString();
    }

    private static Map<String, String> printed(ParamGroup group) {
        Map<String, String> all = new TreeMap<>();
        group.options()
                .forEach((name, value) ->
                        all.put(name, FLAGS.contains(name) ? (value == 0 ? "False" : "True") : ParamGroup.text(value)));
        if (all.containsKey("beta1")) {
            all.put("betas", "(" + all.remove("beta1") + ", " + all.remove("beta2") + ")");
        }
        return all;
    }
}
