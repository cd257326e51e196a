package akari.nn;

import akari.core.DType;
import akari.core.Device;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.tensor.Graph;
import akari.tensor.Plan;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module made fast for evaluation: its forward is captured once for each shape of input, batch normalisation is folded into the
 * convolutions before it, activations and residual sums are computed on the way, and all intermediate memory is planned.
 *
 * <pre>{@code
 * var fast = Inference.of(model);
 * Tensor logits = fast.forward(images);
 * }</pre>
 *
 * <p>The result equals the module's in {@code eval()} up to rounding (1e-5 of the largest logit), has no gradient and belongs to the
 * caller. A new shape, type or device of the input is captured when it comes, and so is everything after a change of a parameter; the
 * last {@value #PLANS} plans are kept. A module whose forward depends on the values of its input, not only on their shape, cannot be
 * captured and says so. Calls from several threads take turns, and another thread may train the module meanwhile: its mode is not
 * touched. It computes in the types of its
 * parameters: {@link Tensors#autocast} around it has no effect.
 *
 * <p>A plan holds a folded copy of the convolutions' weights. Changes in place of parameters and buffers are noticed, also by
 * {@code loadStateDict}, an optimiser or {@code to}; layers added or replaced after the first call are not: make a new one then.
 */
public final class Inference {
    private static final int PLANS = 8;

    private record StateKey(Shape shape, DType dtype, Device device, boolean contiguous) {}

    private final Module module;
    private final Map<StateKey, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);
    private List<Tensor> state = List.of();
    private int @Nullable [] versions;

    private Inference(Module module) {
        this.module = module;
    }

    /** Captures nothing yet: the first {@link #forward} does. */
    public static Inference of(Module module) {
        NullArgument.check(module, "module");
        return new Inference(module);
    }

    /** The module's result in evaluation mode, without a gradient. */
    public synchronized Tensor forward(Tensor x) {
        return Tensors.autocast(DType.FLOAT32, () -> plan(x).run(x));
    }

    /** The operations for inputs like {@code x}, as they are run. */
    public synchronized String describe(Tensor x) {
        return Tensors.autocast(DType.FLOAT32, () -> plan(x).toString());
    }

    private Plan plan(Tensor x) {
        if (hasChanged()) {
            plans.clear();
            remember();
        }
        StateKey key = new StateKey(x.shape(), x.dtype(), x.device(), x.isContiguous());
        Plan plan = plans.get(key);
        if (plan == null) {
            plan = capture(x);
            plans.put(key, plan);
            if (plans.size() > PLANS) {
                plans.remove(plans.keySet().iterator().next());
            }
        }
        return plan;
    }

    private Plan capture(Tensor x) {
        return module.evaluating(() -> {
            Graph graph = Graph.capture(module::forward, x, ModuleStack::where);
            graph.name(state());
            return new Plan(graph, x);
        });
    }

    private boolean hasChanged() {
        int[] then = versions;
        if (then == null) {
            return true;
        }
        for (int i = 0; i < then.length; i++) {
            if (state.get(i).version() != then[i]) {
                return true;
            }
        }
        return false;
    }

    private Map<String, Tensor> state() {
        Map<String, Tensor> all = new LinkedHashMap<>(module.namedParameters());
        all.putAll(module.namedBuffers());
        return all;
    }

    private void remember() {
        state = List.copyOf(state().values());
        versions = state.stream().mapToInt(Tensor::version).toArray();
    }

    /** The module that it runs. */
    @Override
    public String toString() {
        return "Inference(" + module + ")";
    }
}
