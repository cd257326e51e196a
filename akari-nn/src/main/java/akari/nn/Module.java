package akari.nn;

import akari.backend.Activation;
import akari.core.DType;
import akari.core.Device;
import akari.errors.NullArgument;
import akari.tensor.RemovableHandle;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A layer or a network: a function with parameters. The twin of {@code torch.nn.Module}.
 *
 * <pre>{@code
 * final class Net extends Module {
 *     private final Linear fc1 = new Linear(784, 128);
 *     private final Linear fc2 = new Linear(128, 10);
 *
 *     @Override
 *     protected Tensor compute(Tensor x) {
 *         return fc2.forward(fc1.forward(x).relu());
 *     }
 * }
 * }</pre>
 *
 * <p>Modules and tensors are found in the fields, superclass first, in the order of declaration; modules also in lists, arrays and
 * maps. The field's name, or its {@link StateKey}, is the name in {@link #stateDict}: {@code fc1.weight}. A tensor that belongs to the state
 * passes through {@link #parameter} or {@link #buffer}; other tensor fields are the module's own affair, and transient fields are not
 * looked at. A class in a named Java module opens its package to {@code akari.nn}.
 *
 * <p>A subclass overrides {@link #compute}; callers call {@link #forward}, which lets errors name the module in which they arose. As
 * {@code java.lang} has a {@code Module} too, import this one by its name, not with a star.
 */
public abstract class Module {
    /** Keys that {@link #loadStateDict} did not find in the map, and keys of the map that it did not use. */
    public record IncompatibleKeys(List<String> missing, List<String> unexpected) {}

    /** Sees a module's input and output after each {@link #forward}. */
    @FunctionalInterface
    public interface Hook {
        /**
         * Called with what went into {@link #forward} and what came out, hooks in the order in which they were added.
         */
        void after(Module module, Tensor input, Tensor output);
    }

    /** What this module itself holds, without its children's. */
    private record State(Map<String, Tensor> parameters, Map<String, Tensor> buffers, Map<String, Module> children) {}

    /** What {@link #isClosed} found when so many {@link #CHANGES} had been made. */
    private record Closed(int at, boolean closed) {}

    /** New modules, new children and hooks anywhere: {@link #isClosed} looks again. */
    private static final AtomicInteger CHANGES = new AtomicInteger();

    /** The modules that this thread sees in evaluation mode, whatever their own. */
    private static final ScopedValue<Set<Module>> EVALUATED = ScopedValue.newInstance();

    private final Map<Tensor, Boolean> tensors = new IdentityHashMap<>(); // true for a parameter, false for a buffer
    private final Map<String, Object> registered = new LinkedHashMap<>();
    private final List<Hook> hooks = new CopyOnWriteArrayList<>();
    private volatile boolean training = true;
    private boolean used;
    private Closed closed = new Closed(-1, false);

    /** Starts in training mode; fields may be filled later. */
    protected Module() {
        CHANGES.incrementAndGet();
    }

    // ---- calling

    /** Applies this module. Errors name it by its path, {@code in Net.fc1 (Linear(…)): …}. */
    public final Tensor forward(Tensor x) {
        if (x == null) {
            throw NullArgument.of("the input of " + getClass().getSimpleName());
        }
        Tensor y =
                within(() -> isClosed() ? Tensors.composite(getClass().getSimpleName(), () -> compute(x)) : compute(x));
        for (Hook hook : hooks) {
            hook.after(this, x, y);
        }
        return y;
    }

    /** The function of this module; PyTorch's {@code forward}, overridden here and called through {@link #forward}. */
    protected Tensor compute(Tensor x) {
        throw new UnsupportedOperationException(
                getClass().getSimpleName() + " has no compute(Tensor): override it, or call the module's own method");
    }

    /** Runs the body of a forward method with another signature, so that its errors name this module too. */
    protected final <T> T within(Supplier<T> body) {
        used = true;
        return ModuleStack.in(this, body);
    }

    /** Calls {@code hook} after each forward, until the returned action is run; running it again does nothing. */
    public final Runnable onForward(Hook hook) {
        hooks.add(hook);
        CHANGES.incrementAndGet();
        return new RemovableHandle(() -> {
            hooks.remove(hook);
            CHANGES.incrementAndGet();
        })::remove;
    }

    /**
     * Whether what this module computes on the way to its result is seen by nobody else, so that the memory can return early: it has
     * children, all below it say that they {@linkplain KeepsNothing keep nothing}, and no hook looks on.
     */
    private boolean isClosed() {
        int now = CHANGES.get();
        Closed known = closed;
        if (known.at != now) {
            Collection<Module> below = modules();
            known = new Closed(
                    now,
                    below.size() > 1
                            && below.stream()
                                    .allMatch(m ->
                                            m.hooks.isEmpty() && m.getClass().isAnnotationPresent(KeepsNothing.class)));
            closed = known;
        }
        return known.closed;
    }

    /** The activation that this module is, where a layer before it can apply it in its own pass; else null. */
    @Nullable
    Activation activation() {
        return null;
    }

    final boolean isWatched() {
        return !hooks.isEmpty();
    }

    // ---- declaring state

    /** Declares a tensor, held by a field, as a parameter; it will require a gradient. Returns it. */
    protected final Tensor parameter(Tensor t) {
        tensors.put(Tensors.outlive(t).requiresGrad_(), true);
        return t;
    }

    /** Declares a tensor, held by a field, as a buffer: state without a gradient, as running statistics. Returns it. */
    protected final Tensor buffer(Tensor t) {
        tensors.put(Tensors.outlive(t), false);
        return t;
    }

    /** Undeclares a tensor whose field goes. Returns null, for the field. */
    protected final @Nullable Tensor discard(@Nullable Tensor t) {
        if (t != null) {
            tensors.remove(t);
        }
        return null;
    }

    /** Adds a child under a name that no field gives; it comes after the fields'. Returns it. */
    protected final <M extends Module> M register(String name, M child) {
        put(name, child);
        return child;
    }

    /** Names a tensor that passed through {@link #parameter} or {@link #buffer} and that no field holds. Returns it. */
    protected final Tensor register(String name, Tensor t) {
        put(name, t);
        return t;
    }

    private void put(String name, Object value) {
        NullArgument.check(value, name);
        CHANGES.incrementAndGet();
        if (name.isEmpty() || registered.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName() + ": the name \"" + name + "\" is empty or already taken");
        }
    }

    /** Fails once the module was called or its state was listed: for options that replace parameters. */
    protected final void unused(String option) {
        if (used) {
            throw new IllegalStateException(getClass().getSimpleName() + "." + option
                    + " replaces parameters: set it right after construction, before the module is used or its parameters"
                    + " are listed");
        }
    }

    private State state() {
        State s = new State(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        Set<Tensor> open = Collections.newSetFromMap(new IdentityHashMap<>());
        open.addAll(tensors.keySet());
        BiConsumer<String, Object> found = (name, value) -> {
            if (value instanceof Module m) {
                s.children.put(name, m);
                return;
            }
            Tensor t = (Tensor) value;
            Boolean parameter = tensors.get(t);
            if (parameter != null) {
                (parameter ? s.parameters : s.buffers).put(name, t);
                open.remove(t);
            } else if (t.isLeaf() && t.requiresGrad()) {
                throw new IllegalStateException(getClass().getSimpleName() + "." + name
                        + " requires a gradient but is not declared: assign parameter(…) to the field");
            }
        };
        Members.visit(this, found);
        registered.forEach(found);
        if (!open.isEmpty()) {
            throw new IllegalStateException(getClass().getSimpleName() + ": a declared tensor of shape "
                    + open.iterator().next().shape()
                    + " is held by no field; keep it in one, or register(name, tensor)");
        }
        return s;
    }

    // ---- listing state

    /** Children by name, as {@code named_children}; those of lists as {@code blocks.0}. */
    public final Map<String, Module> namedChildren() {
        return Collections.unmodifiableMap(state().children);
    }

    /** As {@link #namedChildren}, without the names; only the direct ones. */
    public final Collection<Module> children() {
        return namedChildren().values();
    }

    /** This module, named {@code ""}, and all below it, each once. */
    public final Map<String, Module> namedModules() {
        Map<String, Module> all = new LinkedHashMap<>();
        walk("", Collections.newSetFromMap(new IdentityHashMap<>()), true, all::put);
        return all;
    }

    /** This module and all below it, each once, parents first. */
    public final Collection<Module> modules() {
        return namedModules().values();
    }

    /** Parameters by their full name, each once. */
    public final Map<String, Tensor> namedParameters() {
        return each(State::parameters);
    }

    /** As {@link #namedParameters}, without the names: what an optimiser takes. */
    public final List<Tensor> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /** Buffers by their full name, each once. */
    public final Map<String, Tensor> namedBuffers() {
        return each(State::buffers);
    }

    /** As {@link #namedBuffers}, without the names. */
    public final List<Tensor> buffers() {
        return List.copyOf(namedBuffers().values());
    }

    private Map<String, Tensor> each(Function<State, Map<String, Tensor>> part) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Set<Tensor> seen = new LinkedHashSet<>();
        namedModules().forEach((path, m) -> {
            m.used = true;
            part.apply(m.state()).forEach((name, t) -> {
                if (seen.add(t)) {
                    all.put(join(path, name), t);
                }
            });
        });
        return all;
    }

    private Map<String, Tensor> all() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        walk("", Collections.newSetFromMap(new IdentityHashMap<>()), false, (path, m) -> {
            m.used = true;
            State s = m.state();
            s.parameters.forEach((name, t) -> all.put(join(path, name), t));
            s.buffers.forEach((name, t) -> all.put(join(path, name), t));
        });
        return all;
    }

    /** Parent before child. Without {@code once}, a module reached twice is visited twice, as in state_dict. */
    private void walk(String path, Set<Module> seen, boolean once, BiConsumer<String, Module> visit) {
        if (!seen.add(this)) {
            if (once) {
                return;
            }
            throw new IllegalStateException("the module at " + path + " contains itself");
        }
        visit.accept(path, this);
        state().children.forEach((name, child) -> child.walk(join(path, name), seen, once, visit));
        if (!once) {
            seen.remove(this);
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Parameters and buffers by name, in PyTorch's order; the tensors share the module's memory. */
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> all = all();
        all.replaceAll((_, t) -> t.detach());
        return all;
    }

    /** Copies values into parameters and buffers; every key must match. */
    public final void loadStateDict(Map<String, Tensor> values) {
        loadStateDict(values, true);
    }

    /**
     * Copies values into parameters and buffers, converting types. Nothing is changed when a shape differs or, if {@code strict}, when
     * a key is missing or unexpected.
     */
    public final IncompatibleKeys loadStateDict(Map<String, Tensor> values, boolean strict) {
        Map<String, Tensor> own = all();
        List<String> missing =
                own.keySet().stream().filter(k -> !values.containsKey(k)).toList();
        List<String> unexpected =
                values.keySet().stream().filter(k -> !own.containsKey(k)).toList();
        List<String> faults = new ArrayList<>();
        own.forEach((key, t) -> {
            Tensor v = values.get(key);
            if (v == null && values.containsKey(key)) {
                faults.add(key + " is null in the given state");
            } else if (v != null && !v.shape().equals(t.shape())) {
                faults.add(key + " has shape " + v.shape() + " in the given state, " + t.shape() + " in the model");
            }
        });
        if (strict && !missing.isEmpty()) {
            faults.addFirst("missing keys: " + String.join(", ", missing));
        }
        if (strict && !unexpected.isEmpty()) {
            faults.addFirst("unexpected keys: " + String.join(", ", unexpected));
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    "cannot load this state into " + getClass().getSimpleName() + ": " + String.join("; ", faults));
        }
        Tensors.noGrad(() -> own.forEach((key, t) -> {
            Tensor v = values.get(key);
            if (v != null) {
                t.copy_(v.to(t.device()));
            }
        }));
        return new IncompatibleKeys(missing, unexpected);
    }

    // ---- changing state

    /** Training mode: dropout drops, batch normalisation uses the batch. The default. */
    public final Module train() {
        return train(true);
    }

    /** Evaluation mode. */
    public final Module eval() {
        return train(false);
    }

    /** Training or, if {@code mode} is false, evaluation mode for this module and all below it. Returns this. */
    public final Module train(boolean mode) {
        modules().forEach(m -> m.training = mode);
        return this;
    }

    /** Whether this module trains, as the calling thread sees it: within {@link #evaluating} it does not. */
    public final boolean isTraining() {
        return training && !(EVALUATED.isBound() && EVALUATED.get().contains(this));
    }

    /**
     * Runs {@code body} with this module and all below it in evaluation mode, as the calling thread alone sees it: the modes that were
     * set stay as they are, so that another thread may train the same module meanwhile. Returns what {@code body} returns.
     */
    public final <T> T evaluating(Supplier<T> body) {
        Set<Module> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(modules());
        if (EVALUATED.isBound()) {
            all.addAll(EVALUATED.get());
        }
        return ScopedValue.where(EVALUATED, all).call(body::get);
    }

    /** Moves parameters, gradients and buffers; the tensors remain the same objects, so optimisers keep them. Returns this. */
    public final Module to(Device device) {
        return convert(t -> t.to(device));
    }

    /** Converts floating parameters, gradients and buffers. Returns this. */
    public final Module to(DType dtype) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("a module converts to floating types only, not to " + dtype);
        }
        return convert(t -> t.dtype().isFloating() ? t.to(dtype) : t);
    }

    /** What a tensor of this module becomes. */
    private record Converted(
            Tensor of, Tensor data, @Nullable Tensor grad) {}

    /** All are converted before the first is replaced, so that one that fails leaves none changed. */
    private Module convert(UnaryOperator<Tensor> change) {
        Tensors.noGrad(() -> {
            List<Converted> all = new ArrayList<>();
            for (Tensor t : new LinkedHashSet<>(all().values())) {
                Tensor data = change.apply(t);
                if (data != t) {
                    Tensor grad = t.grad();
                    all.add(new Converted(t, data, grad == null ? null : change.apply(grad)));
                }
            }
            for (Converted c : all) {
                c.of.data(Tensors.outlive(c.data));
                c.of.grad(c.grad == null ? null : Tensors.outlive(c.grad));
            }
        });
        return this;
    }

    /** Clears all gradients. */
    public final void zeroGrad() {
        parameters().forEach(p -> p.zeroGrad());
    }

    /** Freezes ({@code false}) or thaws all parameters. Returns this. */
    public final Module requiresGrad_(boolean value) {
        parameters().forEach(p -> p.requiresGrad_(value));
        return this;
    }

    /** Calls {@code f} on every module, children first: for initialisation. Returns this. */
    public final Module apply(Consumer<Module> f) {
        List<Module> all = new ArrayList<>(modules());
        all.reversed().forEach(f);
        return this;
    }

    // ---- printing

    /** Arguments as printed between the parentheses: {@code in_features=3, out_features=2, bias=True}. */
    protected String extraRepr() {
        return "";
    }

    /** PyTorch's text form, a line a module. */
    @Override
    public final String toString() {
        Map<String, Module> children = state().children;
        StringBuilder s =
                new StringBuilder(getClass().getSimpleName()).append('(').append(extraRepr());
        if (children.isEmpty()) {
            return s.append(')').toString();
        }
        String group = "";
        for (Map.Entry<String, Module> e : children.entrySet()) {
            int dot = e.getKey().lastIndexOf('.');
            String outer = dot < 0 ? "" : e.getKey().substring(0, dot);
            if (!outer.equals(group)) {
                s.append(group.isEmpty() ? "" : "\n  )")
                        .append(outer.isEmpty() ? "" : "\n  (" + outer + "): ModuleList(");
                group = outer;
            }
            String indent = group.isEmpty() ? "  " : "    ";
            s.append('\n')
                    .append(indent)
                    .append('(')
                    .append(e.getKey().substring(dot + 1))
                    .append("): ");
            s.append(e.getValue().toString().replace("\n", "\n" + indent));
        }
        return s.append(group.isEmpty() ? "" : "\n  )").append("\n)").toString();
    }

    /** One line for errors: with its arguments if it is a leaf. */
    final String line() {
        return state().children.isEmpty() ? toString() : getClass().getSimpleName();
    }
}
