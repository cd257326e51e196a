package akari.tensor;

import java.util.List;

/** Where the gradients of a leaf end, for whoever hangs hooks on it or looks at the graph. */
final class AccumulateGrad implements Node {
    private final Tensor leaf;
    final Hooks hooks = new Hooks();

    AccumulateGrad(Tensor leaf) {
        this.leaf = leaf;
    }

    @Override
    public String name() {
        return "AccumulateGrad";
    }

    @Override
    public List<Edge> nextFunctions() {
        return List.of();
    }

    @Override
    public Tensor variable() {
        return leaf;
    }

    @Override
    public RemovableHandle registerHook(Hook hook) {
        return hooks.after(hook);
    }

    @Override
    public RemovableHandle registerPrehook(Prehook hook) {
        return hooks.before(hook);
    }

    @Override
    public String toString() {
        return "<AccumulateGrad>";
    }
}
