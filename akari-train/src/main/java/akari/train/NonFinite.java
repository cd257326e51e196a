package akari.train;

import akari.nn.Module;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds where a NaN or an infinity came from. */
final class NonFinite {
    private NonFinite() {}

    /** A sentence naming the first culprit on the way from the input to the loss. */
    static String origin(Module model, Tensor input) {
        if (!finite(input)) {
            return "the batch itself holds a non-finite value";
        }
        for (Map.Entry<String, Tensor> p : model.namedParameters().entrySet()) {
            if (!finite(p.getValue())) {
                return "the parameter " + p.getKey() + " is no longer finite";
            }
        }
        List<String> found = new ArrayList<>();
        List<Runnable> remove = new ArrayList<>();
        model.namedModules()
                .forEach((path, m) -> remove.add(m.onForward((module, in, out) -> {
                    if (found.isEmpty() && !finite(out)) {
                        String name = path.isEmpty() ? module.getClass().getSimpleName() : path;
                        found.add("the first non-finite value came out of layer " + name + " ("
                                + module.toString().lines().findFirst().orElse("") + ")");
                    }
                })));
        try {
            Tensors.noGrad(() -> model.forward(input));
        } finally {
            remove.forEach(Runnable::run);
        }
        return found.isEmpty() ? "every layer's output is finite, so it arose in the loss" : found.getFirst();
    }

    private static boolean finite(Tensor t) {
        return Tensors.noGrad(() -> t.isfinite().all().itemLong() == 1);
    }
}
