package akari.train;

import akari.nn.Module;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds where a NaN or an infinity came from. */
final class NonFinite {
    private NonFinite() {}

    /** Whether every value is finite. A sum says so in one pass; only one that overflows asks for a second. */
    static boolean finite(Tensor t) {
        return Tensors.noGrad(() -> {
            try (var scope = Tensors.scope()) {
                return Double.isFinite(t.sum().item()) || t.isfinite().all().itemLong() == 1;
            }
        });
    }

    /** The first parameter whose gradient is not finite, {@code "the gradient of …"}; null if there is none. */
    static @Nullable String gradient(Map<String, Tensor> parameters) {
        for (Map.Entry<String, Tensor> p : parameters.entrySet()) {
            Tensor g = p.getValue().borrowGrad();
            if (g != null && !finite(g)) {
                return "the gradient of " + p.getKey();
            }
        }
        return null;
    }

    /** The first parameter or buffer that is not finite, {@code "the parameter …"}; null if there is none. */
    static @Nullable String state(Module model) {
        for (Map.Entry<String, Tensor> p : model.namedParameters().entrySet()) {
            if (!finite(p.getValue())) {
                return "the parameter " + p.getKey();
            }
        }
        for (Map.Entry<String, Tensor> b : model.namedBuffers().entrySet()) {
            if (!finite(b.getValue())) {
                return "the buffer " + b.getKey();
            }
        }
        return null;
    }

    /** Whether every value is finite and within {@code ±limit}. */
    private static boolean within(double limit, Tensor t) {
        return finite(t)
                && (t.numel() == 0
                        || limit == Double.POSITIVE_INFINITY
                        || Tensors.noGrad(() -> t.abs().max().item()) <= limit);
    }

    /**
     * A sentence naming the first culprit on the way from the input, which is finite, to the loss.
     *
     * @param limit beyond which values of a layer are to blame, too
     */
    static String origin(Module model, Tensor input, double limit) {
        String state = state(model);
        if (state != null) {
            return state + " is no longer finite";
        }
        Thread own = Thread.currentThread(); // others may use the model meanwhile
        List<String> found = new ArrayList<>();
        List<Runnable> remove = new ArrayList<>();
        model.namedModules()
                .forEach((path, m) -> remove.add(m.onForward((module, in, out) -> {
                    if (Thread.currentThread() == own && found.isEmpty() && !within(limit, out)) {
                        String name = path.isEmpty() ? module.getClass().getSimpleName() : path;
                        String kind = finite(out) ? "value beyond " + limit : "non-finite value";
                        found.add("the first " + kind + " came out of layer " + name + " ("
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
}
