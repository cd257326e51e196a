package akari.optim;

import akari.backend.DType;
import akari.backend.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
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
        add(parameters);
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
        ParamGroup group = add(parameters);
        options.accept(group);
        return group;
    }

    private ParamGroup add(Collection<Tensor> parameters) {
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
        ParamGroup group = new ParamGroup(parameters, defaults);
        groups.add(group);
        return group;
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

    /** Changes every parameter that has a gradient. */
    public final void step() {
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

    /** Changes {@code p}; {@code state.step} counts from 1. */
    abstract void update(Tensor p, Tensor g, ParamGroup group, State state);

    // ---- saving

    /**
     * Everything that a later run needs to go on exactly: {@code state.3.exp_avg} for parameter 3 (counted over all groups),
     * {@code state.3.step}, and the options as {@code group.0.lr}. The tensors share the optimiser's memory.
     */
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        int index = 0;
        for (int i = 0; i < groups.size(); i++) {
            for (Map.Entry<String, Double> o : groups.get(i).options().entrySet()) {
                all.put(
                        "group." + i + "." + o.getKey(),
                        Tensors.of(DType.FLOAT64, new double[] {o.getValue()}, Shape.SCALAR));
            }
            for (Tensor p : groups.get(i).parameters()) {
                State state = states.get(p);
                if (state != null) {
                    String prefix = "state." + index + ".";
                    all.put(prefix + "step", Tensors.tensor(state.step).reshape());
                    state.tensors.forEach((name, t) -> all.put(prefix + name, t));
                }
                index++;
            }
        }
        return all;
    }

    /** Takes over a saved {@link #stateDict}; groups and shapes must be those it was saved with. */
    public final void loadStateDict(Map<String, Tensor> saved) {
        List<Tensor> parameters =
                groups.stream().flatMap(g -> g.parameters().stream()).toList();
        Map<Integer, Map<String, Double>> options = new TreeMap<>();
        Map<Integer, State> loaded = new TreeMap<>();
        saved.forEach((key, t) -> {
            String[] part = key.split("\\.", 3);
            int i = part.length == 3 && part[1].matches("\\d{1,9}") ? Integer.parseInt(part[1]) : -1;
            if (part[0].equals("group") && i >= 0 && i < groups.size()) {
                options.computeIfAbsent(i, _ -> new LinkedHashMap<>()).put(part[2], t.item());
            } else if (part[0].equals("state") && i >= 0 && i < parameters.size()) {
                restore(key, part[2], t, parameters.get(i), loaded.computeIfAbsent(i, _ -> new State()));
            } else {
                throw new IllegalArgumentException("optimiser state: the key " + key + " does not fit an optimiser of "
                        + groups.size() + " groups and " + parameters.size() + " parameters");
            }
        });
        for (int i = 0; i < groups.size(); i++) {
            Map<String, Double> given = options.get(i);
            if (given == null || !given.keySet().containsAll(defaults.keySet())) {
                throw new IllegalArgumentException("optimiser state: group " + i + " lacks options: found "
                        + (given == null ? "none" : given.keySet()) + ", needs " + defaults.keySet());
            }
        }
        options.forEach((i, given) -> groups.get(i).restore(given));
        states.clear();
        loaded.forEach((i, state) -> states.put(parameters.get(i), state));
    }

    private static void restore(String key, String name, Tensor t, Tensor p, State state) {
        if (name.equals("step")) {
            state.step = t.itemLong();
            return;
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
