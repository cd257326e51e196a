package akari.tensor;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is to be called when backward passes one node. */
final class Hooks {
    private record OnResult(int output, Gradients.GradientHook hook) {}

    private record Retained(int output, WeakReference<Tensor> tensor) {}

    private final List<OnResult> results = new CopyOnWriteArrayList<>();
    private final List<Retained> retained = new CopyOnWriteArrayList<>();
    private final List<Node.Prehook> before = new CopyOnWriteArrayList<>();
    private final List<Node.Hook> after = new CopyOnWriteArrayList<>();
    private final List<Consumer<Tensor>> accumulated = new CopyOnWriteArrayList<>();

    private static <T> RemovableHandle add(List<T> list, T hook) {
        list.add(hook);
        return new RemovableHandle(() -> list.remove(hook));
    }

    RemovableHandle onResult(int output, Gradients.GradientHook hook) {
        return add(results, new OnResult(output, hook));
    }

    RemovableHandle before(Node.Prehook hook) {
        return add(before, hook);
    }

    RemovableHandle after(Node.Hook hook) {
        return add(after, hook);
    }

    RemovableHandle accumulated(Consumer<Tensor> hook) {
        return add(accumulated, hook);
    }

    /** Keeps the gradient of {@code t}, result {@code output}, in its {@code grad}. */
    void retain(int output, Tensor t) {
        retained.add(new Retained(output, new WeakReference<>(t)));
    }

    boolean retains(Tensor t) {
        return retained.stream().anyMatch(r -> r.tensor.refersTo(t));
    }

    /** The results' gradients after their hooks; kept for those that asked for it. */
    void results(String node, @Nullable Tensor[] g) {
        for (OnResult r : results) {
            Tensor gi = g[r.output];
            if (gi != null) {
                Tensor changed = r.hook.apply(gi);
                g[r.output] = changed == null ? gi : like(node, gi, changed);
            }
        }
        for (Retained r : retained) {
            Tensor gi = g[r.output];
            Tensor t = r.tensor.get();
            if (gi != null && t != null) {
                Tensor had = t.borrowGrad();
                t.grad(had == null ? gi : had.add(gi));
            }
        }
    }

    void before(String node, @Nullable Tensor[] g) {
        for (Node.Prehook h : before) {
            replace(node, g, h.apply(g.clone()));
        }
    }

    void after(String node, @Nullable Tensor[] inputs, @Nullable Tensor[] outputs) {
        for (Node.Hook h : after) {
            replace(node, inputs, h.apply(inputs.clone(), outputs.clone()));
        }
    }

    void accumulated(Tensor leaf) {
        accumulated.forEach(h -> h.accept(leaf));
    }

    private static void replace(String node, @Nullable Tensor[] g, @Nullable Tensor @Nullable [] changed) {
        if (changed == null) {
            return;
        }
        if (changed.length != g.length) {
            throw new IllegalStateException("a hook on " + node + " returned " + changed.length
                    + " gradients instead of " + g.length + ": one for each it was given, or null for no change");
        }
        for (int i = 0; i < g.length; i++) {
            Tensor old = g[i];
            Tensor now = changed[i];
            g[i] = old == null || now == null ? now : like(node, old, now);
        }
    }

    private static Tensor like(String node, Tensor old, Tensor now) {
        if (!now.shape().equals(old.shape())
                || now.dtype() != old.dtype()
                || !now.device().equals(old.device())) {
            throw new IllegalStateException("a hook on " + node + " replaced a gradient of shape " + old.shape() + ", "
                    + old.dtype() + " on " + old.device() + " by one of shape " + now.shape() + ", " + now.dtype()
                    + " on " + now.device() + ": they must be alike");
        }
        return now;
    }
}
