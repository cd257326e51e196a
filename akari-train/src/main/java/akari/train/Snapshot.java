package akari.train;

import akari.nn.Module;
import akari.optim.Optimizer;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of a model and its optimiser at some step, to go back to after a step that went wrong. */
final class Snapshot {
    private final Map<String, Tensor> weights;
    private final Map<String, Tensor> moments;

    Snapshot(Module model, Optimizer optimizer) {
        weights = copy(model.stateDict());
        moments = copy(optimizer.stateDict());
    }

    void restore(Module model, Optimizer optimizer) {
        model.loadStateDict(weights);
        optimizer.loadStateDict(moments);
    }

    private static Map<String, Tensor> copy(Map<String, Tensor> state) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        state.forEach((name, t) -> out.put(name, Tensors.outlive(Tensors.noGrad(() -> t.clone()))));
        return out;
    }
}
