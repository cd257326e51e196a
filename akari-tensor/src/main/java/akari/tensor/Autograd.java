package akari.tensor;

import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code torch.autograd}: gradients of several results at once, without touching any {@code grad}, checks of
 * gradients, and the search for NaN. {@link Tensor#backward()} is the everyday form; functions of your own implement
 * {@link akari.tensor.Function}.
 *
 * <p>Graphs of different threads are independent. A leaf may be shared: each pass adds to its {@code grad} as a whole, one after
 * the other. Do not run backward through one and the same graph from two threads unless both retain it.
 */
public final class Autograd {
    private Autograd() {}

    // ---- gradients

    /** {@code torch.autograd.backward}: the gradients of several one-element results, added to the leaves' {@code grad}. */
    public static void backward(List<Tensor> tensors) {
        backward(tensors, List.of(), false, false, null);
    }

    /**
     * Adds to the {@code grad} of every leaf that {@code tensors} depend on, or of {@code inputs} alone, leaves or not.
     *
     * @param gradTensors the gradient of each of {@code tensors}; null entries, or none at all, for one-element results
     * @param retainGraph keep what was saved, so that backward can run again
     * @param createGraph record the backward itself; implies retainGraph
     * @param inputs null for all leaves
     */
    public static void backward(
            List<Tensor> tensors,
            List<? extends @Nullable Tensor> gradTensors,
            boolean retainGraph,
            boolean createGraph,
            @Nullable List<Tensor> inputs) {
        Tensor[] roots = tensors.toArray(new Tensor[0]);
        @Nullable Tensor[] seeds = seeds("backward", tensors, gradTensors);
        if (inputs == null) {
            Backward.run(roots, seeds, null, retainGraph, createGraph);
            return;
        }
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("backward: inputs is empty; leave it out for all leaves");
        }
        Tensor[] targets = inputs.stream().distinct().toArray(Tensor[]::new);
        @Nullable Tensor[] g = Backward.run(roots, seeds, targets, retainGraph, createGraph);
        for (int i = 0; i < targets.length; i++) {
            Tensor gi = g[i];
            if (gi != null) {
                Backward.add(targets[i], gi, createGraph);
            }
        }
    }

    /** The gradient of a one-element {@code output} with respect to {@code input}. */
    public static Tensor grad(Tensor output, Tensor input) {
        NullArgument.check(output, "output");
        NullArgument.check(input, "input");
        return grad(output, List.of(input)).getFirst();
    }

    /** The gradients of a one-element {@code output} with respect to {@code inputs}. */
    public static List<Tensor> grad(Tensor output, List<Tensor> inputs) {
        NullArgument.check(output, "output");
        NullArgument.check(inputs, "inputs");
        return grad(List.of(output), inputs, List.of(), false, false);
    }

    /**
     * {@code torch.autograd.grad}: gradients of {@code outputs} with respect to {@code inputs}, leaves or intermediates, without
     * touching any {@code grad}, and computing nothing that they do not need.
     *
     * @param gradOutputs the gradient of each output; null entries, or null or an empty list for all, for one-element outputs
     * @param retainGraph keep what was saved, so that backward can run again
     * @param createGraph record the backward itself, so that the gradients can be differentiated; implies retainGraph
     * @throws IllegalArgumentException if the outputs do not depend on one of the inputs; see {@link #gradAllowUnused}
     */
    public static List<Tensor> grad(
            List<Tensor> outputs,
            List<Tensor> inputs,
            @Nullable List<? extends @Nullable Tensor> gradOutputs,
            boolean retainGraph,
            boolean createGraph) {
        List<Tensor> out = new ArrayList<>();
        for (Tensor g : gradAllowUnused(outputs, inputs, gradOutputs, retainGraph, createGraph)) {
            if (g == null) {
                int i = out.size();
                throw new IllegalArgumentException("grad: the outputs do not depend on input " + i + " of shape "
                        + inputs.get(i).shape() + ": leave it out, or use gradAllowUnused, which returns null for it");
            }
            out.add(g);
        }
        return Collections.unmodifiableList(out);
    }

    /** As {@link #grad(List, List, List, boolean, boolean)} with PyTorch's {@code allow_unused=True}: null for such inputs. */
    public static List<@Nullable Tensor> gradAllowUnused(
            List<Tensor> outputs,
            List<Tensor> inputs,
            @Nullable List<? extends @Nullable Tensor> gradOutputs,
            boolean retainGraph,
            boolean createGraph) {
        NullArgument.check(inputs, "inputs");
        NullArgument.check(outputs, "outputs");
        @Nullable
        Tensor[] g = Backward.run(
                outputs.toArray(new Tensor[0]),
                seeds("grad", outputs, gradOutputs),
                inputs.toArray(new Tensor[0]),
                retainGraph,
                createGraph);
        return Collections.unmodifiableList(Arrays.asList(g));
    }

    private static @Nullable Tensor[] seeds(
            String name, List<Tensor> outputs, @Nullable List<? extends @Nullable Tensor> gradients) {
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException(name + " needs at least one result to start from");
        }
        if (gradients == null) {
            return new @Nullable Tensor[0];
        }
        if (!gradients.isEmpty() && gradients.size() != outputs.size()) {
            throw new IllegalArgumentException(name + ": " + gradients.size() + " gradients for " + outputs.size()
                    + " results; give one for each (null for a result of one element), or none");
        }
        return gradients.toArray(new @Nullable Tensor[0]);
    }

    // ---- checks

    /** A gradient that does not agree with finite differences. */
    public static final class GradcheckError extends RuntimeException {
        GradcheckError(String message) {
            super(message);
        }
    }

    /** {@link #gradcheck(Function, Tensor[], double, double, double)} with PyTorch's defaults: 1e-6, 1e-5, 1e-3. */
    public static boolean gradcheck(Function<Tensor[], Tensor> f, Tensor... inputs) {
        return gradcheck(f, inputs, 1e-6, 1e-5, 1e-3);
    }

    /**
     * Compares the gradients of {@code f} with finite differences, for every input that requires a gradient; these should be float64
     * and lie away from kinks. Returns true.
     *
     * @param eps step of the differences
     * @param atol allowed absolute error
     * @param rtol allowed error relative to the difference quotient
     * @throws GradcheckError that names the input, the element and both values, if they disagree, or if backward gives different
     *     numbers when it runs again
     */
    public static boolean gradcheck(
            Function<Tensor[], Tensor> f, Tensor[] inputs, double eps, double atol, double rtol) {
        return gradcheckAll(in -> new Tensor[] {f.apply(in)}, inputs, eps, atol, rtol);
    }

    /** {@link #gradcheck(Function, Tensor[], double, double, double)} of a function with several results. */
    public static boolean gradcheckAll(
            Function<Tensor[], Tensor[]> f, Tensor[] inputs, double eps, double atol, double rtol) {
        new Gradcheck(f, eps, atol, rtol).first(inputs);
        return true;
    }

    /** {@link #gradgradcheck(Function, Tensor[], double, double, double)} with PyTorch's defaults: 1e-6, 1e-5, 1e-3. */
    public static boolean gradgradcheck(Function<Tensor[], Tensor> f, Tensor... inputs) {
        return gradgradcheck(f, inputs, 1e-6, 1e-5, 1e-3);
    }

    /** As {@link #gradcheck(Function, Tensor[], double, double, double)}, for the second derivatives. */
    public static boolean gradgradcheck(
            Function<Tensor[], Tensor> f, Tensor[] inputs, double eps, double atol, double rtol) {
        new Gradcheck(in -> new Tensor[] {f.apply(in)}, eps, atol, rtol).second(inputs);
        return true;
    }

    // ---- modes

    /**
     * Runs {@code body}, which holds a forward and its backward, in search of NaN: {@code torch.autograd.detect_anomaly}. A backward
     * that makes a NaN fails, and the error names the line that called that operation in the forward, and the line where the first NaN
     * of the forward came from; its cause has the whole stack of the forward call. Slow.
     */
    public static <T> T detectAnomaly(Supplier<T> body) {
        return detectAnomaly(true, body);
    }

    public static void detectAnomaly(Runnable body) {
        detectAnomaly(true, () -> {
            body.run();
            return true;
        });
    }

    /** @param checkNan false to remember only where operations were called, for errors in their backward */
    public static <T> T detectAnomaly(boolean checkNan, Supplier<T> body) {
        Mode mode = Mode.current();
        Anomaly before = mode.anomaly;
        mode.anomaly = new Anomaly(checkNan);
        try {
            return body.get();
        } finally {
            mode.anomaly = before;
        }
    }

    /** Switches {@link #detectAnomaly} on or off for what this thread does from here on. */
    public static void setDetectAnomaly(boolean on) {
        setDetectAnomaly(on, true);
    }

    /** @param checkNan see {@link #detectAnomaly(boolean, Supplier)} */
    public static void setDetectAnomaly(boolean on, boolean checkNan) {
        Mode.current().anomaly = on ? new Anomaly(checkNan) : null;
    }

    /** Whether this thread looks for anomalies. */
    public static boolean isAnomalyEnabled() {
        return Mode.current().anomaly != null;
    }

    /**
     * Runs {@code body} so that what operations save for backward is kept in another form: what {@code pack} makes of a tensor, until
     * backward asks {@code unpack} for it. {@code torch.autograd.graph.saved_tensors_hooks}. Leaves that require gradients are not
     * packed, they live on anyway.
     */
    public static <T> T savedTensorsHooks(
            Function<Tensor, Object> pack, Function<Object, Tensor> unpack, Supplier<T> body) {
        NullArgument.check(pack, "pack");
        NullArgument.check(unpack, "unpack");
        return packing(new SavedTensorsHooks.Given(pack, unpack), body);
    }

    static <T> T packing(@Nullable SavedTensorsHooks hooks, Supplier<T> body) {
        NullArgument.check(body, "body");
        Mode mode = Mode.current();
        SavedTensorsHooks before = mode.packing;
        mode.packing = hooks;
        try {
            return body.get();
        } finally {
            mode.packing = before;
        }
    }
}
