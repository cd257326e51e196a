package akari.tensor;

import akari.backend.Buffer;
import akari.core.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One backward pass: finds the calls that the roots depend on, then walks them by falling sequence number, so that every consumer of
 * a result has delivered its gradient before the call that made it is reached. No recursion anywhere: depth costs memory only. The
 * pass's own temporaries return to the pool as soon as the last consumer has read them.
 */
final class Backward {
    /** Gradients on their way to one call, or to one leaf. */
    private static final class Station {
        final @Nullable Tensor[] gradients;
        /** For each result the places of {@code found} that want its gradient; null where there are none. */
        @Nullable
        List<int[]> wanted;

        /** Whether some target lies below. */
        boolean needed;
        /** How many inputs of calls yet to be walked may still deliver: a leaf is finished with the last one. */
        int waiting;

        Station(int results) {
            gradients = new Tensor[results];
        }
    }

    private final Map<Object, Station> stations = new IdentityHashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<Buffer, int[]> uses = new IdentityHashMap<>();
    private final Set<Buffer> owned = Collections.newSetFromMap(new IdentityHashMap<>());
    private final @Nullable Tensor[] found;
    private final boolean targeted;
    private final boolean retain;
    private final boolean createGraph;
    private final @Nullable Anomaly anomaly = Mode.current().anomaly;

    /**
     * Propagates {@code seeds} from {@code roots}. Without {@code targets}, gradients are added to the leaves' {@code grad}; with
     * them, their gradients are returned and nothing else changes, nor is anything computed that they do not need.
     *
     * @param seeds null, or missing at the end, for roots of one element
     */
    static @Nullable Tensor[] run(
            Tensor[] roots,
            @Nullable Tensor[] seeds,
            Tensor @Nullable [] targets,
            boolean retainGraph,
            boolean createGraph) {
        Backward pass = new Backward(targets, retainGraph || createGraph, createGraph);
        Mode mode = Mode.current();
        boolean before = mode.grad;
        Autocast autocast = mode.autocast;
        SavedTensorsHooks packing = mode.packing;
        mode.grad = createGraph;
        mode.autocast = null; // the types are those of forward
        mode.packing = createGraph ? packing : null;
        try {
            pass.discover(roots);
            pass.choose(targets);
            for (int i = 0; i < roots.length; i++) {
                pass.seed(roots[i], i < seeds.length ? seeds[i] : null);
            }
            pass.walk();
        } finally {
            mode.grad = before;
            mode.autocast = autocast;
            mode.packing = packing;
        }
        return pass.found;
    }

    private Backward(Tensor @Nullable [] targets, boolean retain, boolean createGraph) {
        this.targeted = targets != null;
        this.retain = retain;
        this.createGraph = createGraph;
        this.found = new Tensor[targets == null ? 0 : targets.length];
    }

    // ---- the part of the graph that matters

    private void discover(Tensor[] roots) {
        ArrayDeque<Call> open = new ArrayDeque<>();
        for (Tensor root : roots) {
            Object edge = root.edge();
            if (edge == null) {
                throw new IllegalStateException(
                        "backward on a tensor without a graph: no input of it required a gradient"
                                + " (requiresGrad_()), or it was computed under noGrad, or detached");
            }
            meet(edge, open);
        }
        Call call;
        while ((call = open.poll()) != null) {
            for (int i = 0; i < call.inputs(); i++) {
                Object edge = call.edge(i);
                if (edge != null) {
                    meet(edge, open);
                }
            }
        }
        calls.sort(Comparator.comparingLong(c -> c.sequence));
    }

    private void meet(Object edge, ArrayDeque<Call> open) {
        if (stations.containsKey(edge)) {
            return;
        }
        if (edge instanceof Call call) {
            stations.put(call, new Station(call.outputs()));
            calls.add(call);
            open.add(call);
        } else {
            stations.put(edge, new Station(1));
        }
    }

    /** Marks what leads to a target (to any leaf, without targets), and counts what each leaf has to wait for. */
    private void choose(Tensor @Nullable [] targets) {
        for (int i = 0; targets != null && i < targets.length; i++) {
            Object edge = targets[i].edge();
            if (edge == null) {
                throw new IllegalArgumentException("input " + i + " of grad, of shape " + targets[i].shape()
                        + ", does not require a gradient: call requiresGrad_() before it is used");
            }
            Station s = stations.get(edge);
            if (s != null) {
                if (s.wanted == null) {
                    s.wanted = new ArrayList<>();
                }
                s.wanted.add(new int[] {targets[i].outputNr(), i});
            }
        }
        for (Call call : calls) {
            Station s = station(call);
            for (int i = 0; i < call.inputs(); i++) {
                Object edge = call.edge(i);
                if (edge != null) {
                    Station below = station(edge);
                    s.needed |= !targeted || below.needed || below.wanted != null;
                    below.waiting += edge instanceof Call ? 0 : 1;
                }
            }
        }
    }

    private Station station(Object edge) {
        Station s = stations.get(edge);
        if (s == null) {
            throw new AssertionError("not discovered: " + edge);
        }
        return s;
    }

    private void seed(Tensor root, @Nullable Tensor given) {
        Tensor g;
        if (given == null) {
            if (root.numel() != 1) {
                throw new IllegalArgumentException(
                        "backward without a gradient needs a result of one element, got shape " + root.shape()
                                + ": reduce it first (sum, mean), or pass the gradient");
            }
            g = root.like(root.dtype(), root.shape()).fill_(1);
            own(g);
        } else {
            if (!given.shape().equals(root.shape())) {
                throw new IllegalArgumentException(
                        "the gradient has shape " + given.shape() + ", the result has shape " + root.shape());
            }
            g = given.to(root.dtype());
        }
        Object edge = root.edge();
        if (edge == null) {
            throw new AssertionError("discovered");
        }
        hold(g);
        deliver(station(edge), root.outputNr(), g);
        drop(g);
    }

    // ---- the walk

    private void walk() {
        stations.forEach((edge, s) -> {
            if (edge instanceof Tensor leaf && s.waiting == 0) {
                finish(leaf, s);
            }
        });
        while (!calls.isEmpty()) {
            Call call = calls.removeLast();
            Station s = station(call);
            visit(call, s);
            for (int j = 0; j < call.inputs(); j++) {
                if (call.edge(j) instanceof Tensor leaf) {
                    Station below = station(leaf);
                    if (--below.waiting == 0) {
                        finish(leaf, below);
                    }
                }
            }
            stations.remove(call);
        }
    }

    private void visit(Call call, Station s) {
        boolean arrived = false;
        for (Tensor g : s.gradients) {
            arrived |= g != null;
        }
        if (!arrived || !s.needed && s.wanted == null) {
            drop(s.gradients);
            return;
        }
        Hooks hooks = call.hooks;
        if (hooks != null) {
            shown(s.gradients, () -> hooks.results(call.name(), s.gradients));
        }
        capture(s);
        if (s.needed) {
            if (hooks != null) {
                shown(s.gradients, () -> hooks.before(call.name(), s.gradients));
            }
            call.begin();
            pass(call, s.gradients, hooks);
        }
        drop(s.gradients);
        if (s.needed && !retain) {
            call.consume();
        }
    }

    private void pass(Call call, @Nullable Tensor[] outputs, @Nullable Hooks hooks) {
        @Nullable Tensor[] gradients;
        try {
            gradients = differentiate(targeted ? restricted(call) : call, outputs);
        } catch (RuntimeException e) {
            if (call.trace != null) {
                e.addSuppressed(call.trace.exception());
            }
            throw e;
        }
        if (anomaly != null) {
            anomaly.check(call, gradients, calls);
        }
        hold(gradients); // two gradients may share memory: neither may free it under the other
        if (hooks != null) {
            escape(outputs);
            shown(gradients, () -> hooks.after(call.name(), gradients, outputs));
        }
        for (int i = 0; i < gradients.length; i++) {
            Tensor g = gradients[i];
            Object edge = call.edge(i);
            if (g != null && edge != null) {
                deliver(station(edge), call.edgeOutput(i), checked(call, i, g));
            }
        }
        drop(gradients);
    }

    /** Where only some gradients are wanted, the others are not computed. */
    private Call restricted(Call call) {
        boolean[] wanted = new boolean[call.inputs()];
        boolean all = true;
        for (int i = 0; i < wanted.length; i++) {
            Object edge = call.edge(i);
            if (edge != null) {
                Station below = station(edge);
                wanted[i] = below.needed || below.wanted != null;
                all &= wanted[i];
            }
        }
        return all ? call : call.only(wanted);
    }

    private @Nullable Tensor[] differentiate(Call call, @Nullable Tensor[] g) {
        if (createGraph || call.op instanceof CustomOp) {
            escape(g);
            return typed(call, derive(call, g));
        }
        try (Scope scope = new Scope("backward")) {
            @Nullable Tensor[] gradients = typed(call, derive(call, g));
            for (Tensor t : gradients) {
                if (t != null && scope.disown(t.view.buffer())) {
                    owned.add(t.view.buffer());
                }
            }
            return gradients;
        }
    }

    static @Nullable Tensor[] derive(Call call, @Nullable Tensor[] g) {
        if (call.op instanceof MultiOp op) {
            return op.backward(call, g.clone());
        }
        Tensor only = g[0];
        if (only == null) {
            throw new AssertionError("visited without a gradient");
        }
        return call.op.backward(call, only);
    }

    /** A gradient has its input's type, whatever the arithmetic of backward promoted it to. */
    private static @Nullable Tensor[] typed(Call call, @Nullable Tensor[] gradients) {
        for (int i = 0; i < gradients.length; i++) {
            Tensor g = gradients[i];
            if (g != null) {
                gradients[i] = g.to(call.inputType(i));
            }
        }
        return gradients;
    }

    private static Tensor checked(Call call, int i, Tensor g) {
        Shape want = call.inputShape(i);
        if (!g.shape().equals(want)) {
            throw new IllegalStateException("the backward of " + call.op.name() + " returned a gradient of shape "
                    + g.shape() + " for input " + i + ", whose shape is " + want);
        }
        return g;
    }

    private void deliver(Station to, int output, Tensor g) {
        Tensor sum = to.gradients[output];
        if (sum == null) {
            to.gradients[output] = hold(g);
        } else if (mine(sum)) {
            sum.add_(g);
        } else {
            Tensor s = sum.add(g);
            if (!createGraph) {
                own(s);
            }
            to.gradients[output] = hold(s);
            drop(sum);
        }
    }

    /** Whether {@code g} is read by nobody else and may be changed. */
    private boolean mine(Tensor g) {
        Buffer b = g.view.buffer();
        int[] readers = uses.get(b);
        return !createGraph
                && owned.contains(b)
                && readers != null
                && readers[0] == 1
                && !g.view.layout().overlaps();
    }

    private void own(Tensor t) {
        owned.add(t.view.buffer());
        Scope.free(t.view.buffer());
    }

    private void capture(Station s) {
        if (s.wanted != null) {
            for (int[] at : s.wanted) {
                Tensor g = s.gradients[at[0]];
                found[at[1]] = g;
                if (g != null) {
                    escape(g);
                }
            }
        }
    }

    // ---- leaves

    /** Adds a finished gradient to that of {@code t}, which others may see. */
    static void add(Tensor t, Tensor g, boolean createGraph) {
        synchronized (t) {
            Tensor had = t.borrowGrad();
            if (had == null) {
                t.grad(createGraph ? g : g.detach().clone());
            } else if (createGraph) {
                t.grad(had.add(g));
            } else {
                Tensors.noGrad(() -> had.add_(g));
            }
        }
        Hooks hooks = t.hooks();
        if (hooks != null) {
            hooks.accumulated(t);
        }
    }

    /** All gradients of a leaf have arrived. */
    private void finish(Tensor leaf, Station s) {
        Tensor g = s.gradients[0];
        if (g == null) {
            return;
        }
        if (!targeted || s.wanted != null) {
            Hooks hooks = leaf.hooks();
            if (hooks != null) {
                shown(s.gradients, () -> hooks.results("AccumulateGrad", s.gradients));
            }
            capture(s);
            if (!targeted) {
                if (hooks != null) {
                    shown(s.gradients, () -> hooks.before("AccumulateGrad", s.gradients));
                }
                Tensor now = s.gradients[0];
                if (now != null) {
                    synchronized (leaf) { // other threads' passes may end in the same leaf
                        accumulate(leaf, now);
                    }
                }
                if (hooks != null) {
                    hooks.after("AccumulateGrad", new Tensor[0], s.gradients);
                    hooks.accumulated(leaf);
                }
            }
        }
        drop(s.gradients);
        s.gradients[0] = null;
    }

    private void accumulate(Tensor leaf, Tensor g) {
        Tensor had = leaf.borrowGrad();
        if (createGraph) {
            leaf.grad(had == null ? g : had.add(g));
            return;
        }
        if (had != null) {
            had.add_(g);
            return;
        }
        Buffer b = g.view.buffer();
        boolean whole = g.numel() * g.dtype().bytes() == b.bytes()
                && Arrays.equals(g.stride(), leaf.stride()); // optimisers read both in one pass
        if (whole && mine(g)) {
            escape(g);
            leaf.ownGrad(g.detach());
        } else {
            Tensor copy = Tensors.emptyLike(leaf).copy_(g);
            Scope.free(copy.view.buffer());
            leaf.ownGrad(copy);
        }
    }

    // ---- who still reads a gradient's memory

    /** Runs hooks, which may keep what they are shown, or put something else in its place. */
    private void shown(@Nullable Tensor[] gradients, Runnable hooks) {
        escape(gradients);
        @Nullable Tensor[] before = gradients.clone();
        hooks.run();
        for (int i = 0; i < gradients.length; i++) {
            Tensor now = gradients[i];
            if (now != before[i]) {
                if (now != null) {
                    hold(now);
                }
                Tensor old = before[i];
                if (old != null) {
                    drop(old);
                }
            }
        }
    }

    private void escape(Tensor g) {
        owned.remove(g.view.buffer());
    }

    private void escape(@Nullable Tensor[] gradients) {
        for (Tensor g : gradients) {
            if (g != null) {
                escape(g);
            }
        }
    }

    private Tensor hold(Tensor g) {
        uses.computeIfAbsent(g.view.buffer(), _ -> new int[1])[0]++;
        return g;
    }

    private void hold(@Nullable Tensor[] gradients) {
        for (Tensor g : gradients) {
            if (g != null) {
                hold(g);
            }
        }
    }

    private void drop(Tensor g) {
        int[] n = uses.get(g.view.buffer());
        if (n != null && --n[0] == 0) {
            Buffer b = g.view.buffer();
            uses.remove(b);
            if (!createGraph && owned.remove(b)) {
                b.release("backward");
            }
        }
    }

    private void drop(@Nullable Tensor[] gradients) {
        for (Tensor g : gradients) {
            if (g != null) {
                drop(g);
            }
        }
    }
}
