package akari.tensor;

import akari.backend.Backend;
import akari.backend.Kernel;
import akari.backend.View;
import akari.core.DType;
import akari.core.Device;
import akari.core.MemoryStats;
import akari.errors.NullArgument;
import akari.formula.Pointwise;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The functions of the {@code torch} namespace: creation, joining, modes, seeds, and every operation of {@link Tensor} with the tensor
 * as first argument: {@code relu(matmul(a, b))} is {@code a.matmul(b).relu()}. New tensors are of the
 * {@linkplain #defaultDType default type} on the CPU unless said otherwise; {@code x.to(device)} moves them.
 */
public final class Tensors extends SignalWindows {
    private Tensors() {}

    // ---- pointwise, with a number first

    /** {@code base ** exponent}. */
    public static Tensor pow(Number base, Tensor exponent) {
        return exponent.rpow(base);
    }

    /** {@code base ** exponent} in float64. */
    public static Tensor floatPower(Number base, Tensor exponent) {
        return exponent.float64().rpow(base);
    }

    /** {@code x * log(y)}, 0 where {@code x} is. */
    public static Tensor xlogy(Number x, Tensor y) {
        return y.rxlogy(x);
    }

    /** The {@code n}-th derivative of the digamma function at {@code x}. */
    public static Tensor polygamma(int n, Tensor x) {
        return x.polygamma(n);
    }

    // ---- products of several

    /**
     * Sums of products in Einstein's notation: {@code einsum("bij,bjk->bik", x, y)}. Letters name dimensions, of equal size or 1; those
     * missing from the result are summed over; a letter twice in one operand takes the diagonal; {@code ...} stands for dimensions
     * that broadcast. Without {@code ->} the result has the letters that occur once, in alphabetical order.
     */
    public static Tensor einsum(String equation, Tensor... operands) {
        return Einsum.of(equation, operands);
    }

    /** The product of several matrices, in the order of evaluation that takes the fewest multiplications. */
    public static Tensor chainMatmul(Tensor... matrices) {
        return Linalg.multiDot(matrices);
    }

    // ---- modes

    /** Runs {@code body} without recording gradients: {@code torch.no_grad}. */
    public static <T> T noGrad(Supplier<T> body) {
        Mode mode = Mode.current();
        boolean before = mode.grad;
        mode.grad = false;
        try {
            return body.get();
        } finally {
            mode.grad = before;
        }
    }

    public static void noGrad(Runnable body) {
        noGrad(() -> {
            body.run();
            return true;
        });
    }

    /** Runs {@code body} recording gradients, within {@link #noGrad}: {@code torch.enable_grad}. */
    public static <T> T enableGrad(Supplier<T> body) {
        return setGradEnabled(true, body);
    }

    public static void enableGrad(Runnable body) {
        enableGrad(() -> {
            body.run();
            return true;
        });
    }

    /** Runs {@code body} with or without recording gradients: {@code torch.set_grad_enabled} around a block. */
    public static <T> T setGradEnabled(boolean on, Supplier<T> body) {
        NullArgument.check(body, "body");
        Mode mode = Mode.current();
        boolean before = mode.grad;
        setGradEnabled(on);
        try {
            return body.get();
        } finally {
            mode.grad = before;
        }
    }

    /** Whether this thread records gradients from here on. Within {@link #inferenceMode} it never does. */
    public static void setGradEnabled(boolean on) {
        Mode mode = Mode.current();
        mode.grad = on && !mode.inference;
    }

    /**
     * Runs {@code body} without recording gradients, and makes tensors that can never take part in a graph:
     * {@code torch.inference_mode}. They have no version, and outside they can neither be changed in place nor be saved for backward
     * ({@code clone()} makes an ordinary tensor).
     */
    public static <T> T inferenceMode(Supplier<T> body) {
        return inferenceMode(true, body);
    }

    public static void inferenceMode(Runnable body) {
        inferenceMode(true, () -> {
            body.run();
            return true;
        });
    }

    /** @param on false leaves an outer inference mode; gradients are then recorded, as in PyTorch */
    public static <T> T inferenceMode(boolean on, Supplier<T> body) {
        Mode mode = Mode.current();
        boolean grad = mode.grad;
        boolean before = mode.inference;
        mode.inference = on;
        mode.grad = !on;
        try {
            return body.get();
        } finally {
            mode.inference = before;
            mode.grad = grad;
        }
    }

    public static boolean isInferenceModeEnabled() {
        return Mode.current().inference;
    }

    /** Whether operations are being recorded on this thread. */
    public static boolean isGradEnabled() {
        return Mode.current().grad;
    }

    /**
     * Runs {@code body} in mixed precision, {@code torch.autocast}: convolutions, {@code linear} and {@code matmul} compute in
     * {@code type}, with float32 weights, biases and sums; losses compute in float32; everything else keeps its operands' types, and
     * batch normalisation its float32 parameters and statistics. Weights are lowered once for each version of them within one call.
     * Gradients reach float32 parameters in float32; run backward outside.
     *
     * @param type BFLOAT16 or FLOAT16; FLOAT32 switches an outer autocast off
     */
    public static <T> T autocast(DType type, Supplier<T> body) {
        Mode mode = Mode.current();
        Autocast before = mode.autocast;
        Autocast now = new Autocast(type);
        mode.autocast = now;
        try {
            return body.get();
        } finally {
            mode.autocast = before;
            now.end();
        }
    }

    public static void autocast(DType type, Runnable body) {
        autocast(type, () -> {
            body.run();
            return true;
        });
    }

    /** Whether this thread computes in mixed precision: {@code torch.is_autocast_enabled}. */
    public static boolean isAutocastEnabled() {
        return Autocast.isOn();
    }

    /** See {@link Scope}. */
    public static Scope scope() {
        return new Scope("the end of a scope");
    }

    /** Takes a tensor out of whichever scope of this thread owns it: for state that outlives a step. Returns the tensor. */
    public static Tensor outlive(Tensor t) {
        Scope.free(t.view.buffer());
        return t;
    }

    /**
     * Gives the memory of {@code t} and of all its views back now, or once a recorded graph that saved it is done with it. For
     * owners who know that nobody else will read it; later use is an error.
     */
    public static void release(Tensor t) {
        t.view.buffer().abandon("Tensors.release");
    }

    // ---- building blocks for layers, losses and optimisers

    /**
     * A formula over the elements of {@code in}, which broadcast, with the gradients that follow from its slopes; of type {@code result}
     * and computed in the type of its arithmetic. With a wider result than the operands a loss of halves can be summed without overflow.
     */
    public static Tensor pointwise(Pointwise formula, double[] scalars, DType result, Tensor... in) {
        NullArgument.check(formula, "formula");
        NullArgument.check(scalars, "scalars");
        NullArgument.check(result, "result");
        NullArgument.check(in, "in");
        if (Arrays.asList(in).contains(null)) {
            throw NullArgument.among(in);
        }
        return Elementwise.apply(formula, scalars, result, in);
    }

    /**
     * Runs a function made of several operations. What it allocates beside its result is seen by nobody else, so that memory returns
     * to the pool at the end, or once backward has consumed it.
     */
    public static Tensor composite(String name, Supplier<Tensor> body) {
        NullArgument.check(name, "name");
        NullArgument.check(body, "body");
        return Tape.composite(name, body);
    }

    /**
     * One pass of {@code kernel} over tensors of one shape and device, writing {@code outputs} in place and recording nothing: for
     * optimisers. An output may be an input as well. Arithmetic is in the first output's type.
     */
    public static void fused(Kernel kernel, double[] scalars, Tensor[] outputs, Tensor[] inputs) {
        if (outputs.length != kernel.outputs().size()
                || inputs.length != kernel.inputs()
                || scalars.length != kernel.scalars()) {
            throw new IllegalArgumentException(kernel.name() + " takes " + kernel.inputs() + " inputs, "
                    + kernel.scalars() + " scalars and gives "
                    + kernel.outputs().size() + " results; got "
                    + inputs.length + ", " + scalars.length + " and " + outputs.length);
        }
        Tensor first = outputs[0];
        View[] out = views(kernel, first, outputs);
        View[] in = views(kernel, first, inputs);
        for (Tensor t : outputs) {
            if (t.view.layout().overlaps()) {
                throw new IllegalArgumentException(kernel.name() + ": several elements of an expanded result share one"
                        + " memory location; clone() it first");
            }
        }
        if (first.numel() > 0) {
            first.backend().pointwise(kernel, first.dtype().compute(), scalars, out, in);
        }
        for (Tensor t : outputs) {
            t.view.buffer().touch();
        }
    }

    private static View[] views(Kernel kernel, Tensor like, Tensor[] tensors) {
        View[] views = new View[tensors.length];
        for (int i = 0; i < views.length; i++) {
            Tensor t = tensors[i];
            if (!t.shape().equals(like.shape()) || t.backend() != like.backend()) {
                throw new IllegalArgumentException(kernel.name() + ": operands of shape " + t.shape() + " on "
                        + t.device() + " and " + like.shape() + " on " + like.device());
            }
            views[i] = t.view;
        }
        return views;
    }

    // ---- printing

    /** How {@link Tensor#toString} prints from now on, in the whole process: {@code torch.set_printoptions}. */
    public static void setPrintOptions(PrintOptions options) {
        NullArgument.check(options, "options");
        Printer.options = options;
    }

    public static PrintOptions printOptions() {
        return Printer.options;
    }

    // ---- memory and threads

    /** How many threads compute on the CPU: {@code torch.get_num_threads}. At first {@code -Dakari.threads}, or one a processor. */
    public static int numThreads() {
        return Backend.of(Device.CPU).threads();
    }

    /**
     * Sets {@link #numThreads} for the whole process, from the next operation on. Akari's own kernels give the same bits with any
     * number; where oneDNN sums in parts, the last digit may differ.
     */
    public static void setNumThreads(int n) {
        Backend.of(Device.CPU).threads(n);
    }

    /** Memory of the CPU backend. */
    public static MemoryStats memory() {
        return Backend.of(Device.CPU).memory();
    }
}
