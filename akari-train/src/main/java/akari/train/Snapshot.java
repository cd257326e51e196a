package akari.train;

import akari.nn.Module;
import akari.optim.Optimizer;
import akari.tensor.SafeTensors;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of a model and its optimiser at some step, to go back to after a step that went wrong. */
final class Snapshot {
    private static final String WEIGHTS = "model.";
    private static final String MOMENTS = "optimizer.";

    private final Map<String, Tensor> weights;
    private final Map<String, Tensor> moments;

    private Snapshot(Map<String, Tensor> weights, Map<String, Tensor> moments) {
        this.weights = weights;
        this.moments = moments;
    }

    static Snapshot of(Module model, Optimizer optimizer) {
        return new Snapshot(copy(model.stateDict()), copy(optimizer.stateDict()));
    }

    static Snapshot load(Path file) {
        Map<String, Tensor> all = SafeTensors.load(file).tensors();
        return new Snapshot(part(all, WEIGHTS), part(all, MOMENTS));
    }

    void save(Path file) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        weights.forEach((name, t) -> all.put(WEIGHTS + name, t));
        moments.forEach((name, t) -> all.put(MOMENTS + name, t));
        SafeTensors.save(all, file);
    }

    void restore(Module model, Optimizer optimizer) {
        model.loadStateDict(weights);
        optimizer.loadStateDict(moments);
    }

    private static Map<String, Tensor> part(Map<String, Tensor> all, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        all.forEach((name, t) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), t);
            }
        });
        return part;
    }

    private static Map<String, Tensor> copy(Map<String, Tensor> state) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        state.forEach((name, t) -> out.put(name, Tensors.outlive(Tensors.noGrad(() -> t.clone()))));
        return out;
    }
}
