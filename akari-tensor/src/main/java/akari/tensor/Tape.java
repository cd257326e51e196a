package akari.tensor;

import akari.backend.Buffer;
import akari.backend.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records operations as the program runs them and walks them backwards. The graph is nothing but the calls that a result
 * references, so whatever the program did (a branch, a loop, a recursion) is what is differentiated.
 */
final class Tape {
    private Tape() {}

    static Tensor apply(Op op, Tensor... in) {
        return call(op, in).output();
    }

    /** A call and its main result. */
    record Result(Call call, Tensor output) {}

    /**
     * Runs a composite. What it allocates beside its result is seen by nobody else: it returns to the pool at the end, or once
     * backward has consumed it.
     */
    static Tensor composite(String name, Supplier<Tensor> body) {
        try (Scope scope = new Scope(name)) {
            return scope.keep(body.get());
        }
    }

    static Result call(Op op, Tensor... in) {
        Mode mode = Mode.current();
        boolean record = mode.grad && anyRequiresGrad(in);
        Call call = new Call(op, in, record);
        boolean before = mode.grad;
        Graph.Recorder recorder = mode.recorder;
        mode.grad = false;
        mode.recorder = null; // what an operation is made of is its own affair
        Tensor out;
        try {
            out = op.forward(call, in);
        } finally {
            mode.grad = before;
            mode.recorder = recorder;
        }
        if (recorder != null) {
            recorder.record(call, in, out);
        }
        if (record && out.dtype().isFloating()) {
            out.link(call);
        }
        return new Result(call, out);
    }

    static boolean anyRequiresGrad(Tensor[] in) {
        for (Tensor t : in) {
            if (t.requiresGrad()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Propagates {@code seeds} from {@code roots}. Without {@code targets}, gradients are added to the leaves' {@code grad}; with
     * them, their gradients are returned and nothing else changes.
     */
    static @Nullable Tensor[] backward(
            Tensor[] roots,
            @Nullable Tensor[] seeds,
            Tensor @Nullable [] targets,
            boolean retainGraph,
            boolean createGraph) {
        Run run = new Run(targets, createGraph);
        for (int i = 0; i < roots.length; i++) {
            run.seed(roots[i], i < seeds.length ? seeds[i] : null);
        }
        Mode mode = Mode.current();
        boolean before = mode.grad;
        Autocast autocast = mode.autocast;
        mode.grad = createGraph;
        mode.autocast = null; // the types are those of forward
        try {
            run.walk(retainGraph || createGraph);
        } finally {
            mode.grad = before;
            mode.autocast = autocast;
        }
        return run.found;
    }

    /** One backward pass. Its own temporaries return to the pool as soon as the last consumer has read them. */
    private static final class Run {
        private final PriorityQueue<Call> queue = new PriorityQueue<>((a, b) -> Long.compare(b.sequence, a.sequence));
        private final Map<Call, Tensor> pending = new IdentityHashMap<>();
        private final Map<Buffer, int[]> uses = new IdentityHashMap<>();
        private final Set<Buffer> owned = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Map<Object, List<Integer>> wanted = new IdentityHashMap<>();
        private final @Nullable Tensor[] found;
        private final boolean targeted;
        private final boolean createGraph;

        Run(Tensor @Nullable [] targets, boolean createGraph) {
            this.targeted = targets != null;
            this.createGraph = createGraph;
            this.found = new Tensor[targets == null ? 0 : targets.length];
            if (targets != null) {
                for (int i = 0; i < targets.length; i++) {
                    Object edge = targets[i].edge();
                    if (edge == null) {
                        throw new IllegalArgumentException("input " + i + " of grad, of shape " + targets[i].shape()
                                + ", does not require a gradient: call requiresGrad_() before it is used");
                    }
                    wanted.computeIfAbsent(edge, _ -> new ArrayList<>()).add(i);
                }
            }
        }

        void seed(Tensor root, @Nullable Tensor given) {
            Object edge = root.edge();
            if (edge == null) {
                throw new IllegalStateException(
                        "backward on a tensor without a graph: no input of it required a gradient"
                                + " (requiresGrad_()), or it was computed under noGrad, or detached");
            }
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
                g = given;
            }
            deliver(edge, hold(g));
            drop(g);
        }

        void walk(boolean retain) {
            Call call;
            while ((call = queue.poll()) != null) {
                Tensor g = pending.remove(call);
                if (g == null) {
                    throw new AssertionError("a queued call has a gradient");
                }
                List<Integer> at = wanted.get(call);
                if (at != null) {
                    capture(at, g);
                }
                call.begin();
                @Nullable Tensor[] gradients = differentiate(call, g);
                for (Tensor gi : gradients) {
                    if (gi != null) {
                        hold(gi); // two gradients may share memory: neither may free it under the other
                    }
                }
                for (int i = 0; i < gradients.length; i++) {
                    Tensor gi = gradients[i];
                    Object edge = call.edge(i);
                    if (gi != null) {
                        if (edge != null) {
                            deliver(edge, checked(call, i, gi));
                        }
                        drop(gi);
                    }
                }
                drop(g);
                if (!retain) {
                    call.consume();
                }
            }
        }

        private @Nullable Tensor[] differentiate(Call call, Tensor g) {
            if (createGraph) {
                return typed(call, call.op.backward(call, g));
            }
            try (Scope scope = new Scope("backward")) {
                @Nullable Tensor[] gradients = typed(call, call.op.backward(call, g));
                for (Tensor t : gradients) {
                    if (t != null && scope.disown(t.view.buffer())) {
                        owned.add(t.view.buffer());
                    }
                }
                return gradients;
            }
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
                throw new AssertionError(
                        "gradient " + i + " of " + call.op.name() + " has shape " + g.shape() + ", not " + want);
            }
            return g;
        }

        private void deliver(Object edge, Tensor g) {
            if (edge instanceof Call call) {
                Tensor sum = pending.get(call);
                if (sum == null) {
                    pending.put(call, hold(g));
                    queue.add(call);
                } else {
                    pending.put(call, hold(sum(sum, g)));
                    drop(sum);
                }
                return;
            }
            Tensor leaf = (Tensor) edge;
            if (targeted) {
                List<Integer> at = wanted.get(leaf);
                if (at != null) {
                    capture(at, g);
                }
            } else {
                accumulate(leaf, g);
            }
        }

        private Tensor sum(Tensor a, Tensor b) {
            if (createGraph) {
                return a.add(b);
            }
            Tensor s = a.add(b);
            own(s);
            return s;
        }

        private void own(Tensor t) {
            owned.add(t.view.buffer());
            Scope.free(t.view.buffer());
        }

        private void capture(List<Integer> at, Tensor g) {
            for (int i : at) {
                Tensor had = found[i];
                found[i] = had == null ? g : had.add(g);
                escape(g);
            }
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
            int[] readers = uses.get(b);
            if (whole && owned.contains(b) && readers != null && readers[0] == 1) {
                escape(g);
                leaf.ownGrad(g.detach());
            } else {
                Tensor copy = Tensors.emptyLike(leaf).copy_(g);
                Scope.free(copy.view.buffer());
                leaf.ownGrad(copy);
            }
        }

        private void escape(Tensor g) {
            owned.remove(g.view.buffer());
        }

        // ---- counting who still reads a gradient's memory

        private Tensor hold(Tensor g) {
            uses.computeIfAbsent(g.view.buffer(), _ -> new int[1])[0]++;
            return g;
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
    }
}
