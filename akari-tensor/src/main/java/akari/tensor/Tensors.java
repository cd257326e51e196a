package akari.tensor;

import akari.backend.Backend;
import akari.backend.DType;
import akari.backend.Device;
import akari.backend.Distribution;
import akari.backend.Kernel;
import akari.backend.Layout;
import akari.backend.MemoryStats;
import akari.backend.Shape;
import akari.backend.View;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the {@code torch} namespace: creation, joining, modes, seeds. New tensors are float32 on the CPU unless said
 * otherwise; {@code x.to(device)} moves them.
 */
public final class Tensors {
    private static final Generator DEFAULT = new Generator(0);

    private Tensors() {}

    // ---- from values

    /** A tensor of the given numbers, float32 as in PyTorch. */
    public static Tensor tensor(double... values) {
        return of(DType.FLOAT32, values, Shape.of(values.length));
    }

    public static Tensor tensor(float... values) {
        return upload(DType.FLOAT32, Shape.of(values.length), MemorySegment.ofArray(values));
    }

    /** An int64 tensor. */
    public static Tensor tensor(long... values) {
        return upload(DType.INT64, Shape.of(values.length), MemorySegment.ofArray(values));
    }

    /** An int64 tensor. */
    public static Tensor tensor(int... values) {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return tensor(wide);
    }

    public static Tensor tensor(boolean... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return upload(DType.BOOL, Shape.of(values.length), MemorySegment.ofArray(bytes));
    }

    /** A uint8 tensor. */
    public static Tensor tensor(byte... values) {
        return upload(DType.UINT8, Shape.of(values.length), MemorySegment.ofArray(values));
    }

    /** An int16 tensor. */
    public static Tensor tensor(short... values) {
        return upload(DType.INT16, Shape.of(values.length), MemorySegment.ofArray(values));
    }

    /** A tensor from nested arrays, {@code new float[][] {{1, 2}, {3, 4}}}: rows of equal length, types as for flat ones. */
    public static Tensor tensor(Object[] nested) {
        List<Tensor> rows = new ArrayList<>();
        for (Object row : nested) {
            rows.add(
                    switch (row) {
                        case double[] r -> tensor(r);
                        case float[] r -> tensor(r);
                        case long[] r -> tensor(r);
                        case int[] r -> tensor(r);
                        case boolean[] r -> tensor(r);
                        case byte[] r -> tensor(r);
                        case short[] r -> tensor(r);
                        case Object[] r -> tensor(r);
                        default ->
                            throw new IllegalArgumentException(
                                    "tensor() takes arrays of numbers or booleans, got " + row.getClass());
                    });
        }
        if (rows.isEmpty()) {
            return zeros(0);
        }
        for (Tensor r : rows) {
            if (!r.shape().equals(rows.getFirst().shape())) {
                throw new IllegalArgumentException(
                        "tensor(): rows of different shape, " + rows.getFirst().shape() + " and " + r.shape()
                                + " (first of " + Array.getLength(nested) + ")");
            }
        }
        return stack(rows, 0);
    }

    /** A 0-d float32 tensor. */
    public static Tensor scalar(double value) {
        return full(value);
    }

    /** Values in row-major order, converted to {@code dtype}. */
    public static Tensor of(DType dtype, double[] values, Shape shape) {
        if (values.length != shape.numel()) {
            throw new IllegalArgumentException(values.length + " values for shape " + shape + " of " + shape.numel());
        }
        return upload(DType.FLOAT64, shape, MemorySegment.ofArray(values)).to(dtype);
    }

    /** Copies host memory holding a row-major tensor. */
    public static Tensor upload(DType dtype, Shape shape, MemorySegment values) {
        if (values.byteSize() != shape.numel() * dtype.bytes()) {
            throw new IllegalArgumentException(values.byteSize() + " bytes for " + dtype + " of shape " + shape
                    + ": expected " + shape.numel() * dtype.bytes());
        }
        Tensor t = empty(dtype, shape.toArray());
        if (t.numel() > 0) {
            t.backend().upload(values, t.view.buffer(), 0);
        }
        return t;
    }

    // ---- filled

    /** Uninitialised memory. */
    public static Tensor empty(DType dtype, long... shape) {
        for (long n : shape) {
            if (n < 0) {
                throw new IllegalArgumentException("negative size in shape " + Shape.of(shape));
            }
        }
        return Tensor.allocate(Backend.of(Device.CPU), dtype, Layout.contiguous(Shape.of(shape)));
    }

    public static Tensor zeros(long... shape) {
        return zeros(DType.FLOAT32, shape);
    }

    public static Tensor zeros(DType dtype, long... shape) {
        return full(dtype, 0, shape);
    }

    public static Tensor ones(long... shape) {
        return ones(DType.FLOAT32, shape);
    }

    public static Tensor ones(DType dtype, long... shape) {
        return full(dtype, 1, shape);
    }

    public static Tensor full(double value, long... shape) {
        return full(DType.FLOAT32, value, shape);
    }

    public static Tensor full(DType dtype, double value, long... shape) {
        return empty(dtype, shape).fill_(value);
    }

    public static Tensor zerosLike(Tensor t) {
        return emptyLike(t).zero_();
    }

    public static Tensor onesLike(Tensor t) {
        return emptyLike(t).fill_(1);
    }

    /** Uninitialised, with the type, shape, device and memory order of {@code t}. */
    public static Tensor emptyLike(Tensor t) {
        Layout layout = t.view.layout();
        return Tensor.allocate(
                t.backend(), t.dtype(), layout.isDense() ? layout.like(t.shape()) : Layout.contiguous(t.shape()));
    }

    /** {@code 0, 1, …, n-1}, int64. */
    public static Tensor arange(long n) {
        return arange(0, n, 1);
    }

    /** {@code start, start+step, …} below {@code end}, int64. */
    public static Tensor arange(long start, long end, long step) {
        if (step == 0 || (end - start) / (double) step < 0) {
            throw new IllegalArgumentException(
                    "arange from " + start + " to " + end + " never arrives with step " + step);
        }
        long n = Math.max(0, Math.ceilDiv(end - start, step));
        long[] values = new long[Math.toIntExact(n)];
        for (int i = 0; i < n; i++) {
            values[i] = start + i * step;
        }
        return tensor(values);
    }

    /** {@code steps} equally spaced numbers from {@code start} to {@code end}, both included, float32. */
    public static Tensor linspace(double start, double end, int steps) {
        double[] values = new double[steps];
        double step = steps > 1 ? (end - start) / (steps - 1) : 0;
        for (int i = 0; i < steps; i++) {
            values[i] = i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step;
        }
        return tensor(values);
    }

    /** The identity matrix, float32. */
    public static Tensor eye(int n) {
        double[] values = new double[n * n];
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 1;
        }
        return of(DType.FLOAT32, values, Shape.of(n, n));
    }

    // ---- random, from the default generator

    /** Seeds the default generator of this process. */
    public static Generator manualSeed(long seed) {
        return DEFAULT.manualSeed(seed);
    }

    /** The generator used where none is given. */
    public static Generator defaultGenerator() {
        return DEFAULT;
    }

    /** Uniform in [0, 1). */
    public static Tensor rand(long... shape) {
        return uniform_(empty(DType.FLOAT32, shape), 0, 1, DEFAULT);
    }

    public static Tensor rand(DType dtype, long... shape) {
        return uniform_(empty(Generator.floating(dtype), shape), 0, 1, DEFAULT);
    }

    /** Standard normal. */
    public static Tensor randn(long... shape) {
        return normal_(empty(DType.FLOAT32, shape), 0, 1, DEFAULT);
    }

    public static Tensor randn(DType dtype, long... shape) {
        return normal_(empty(Generator.floating(dtype), shape), 0, 1, DEFAULT);
    }

    /** Integers in {@code [low, high)}, int64. */
    public static Tensor randint(long low, long high, long... shape) {
        if (high <= low) {
            throw new IllegalArgumentException("randint needs low < high, got " + low + " and " + high);
        }
        return DEFAULT.fill(empty(DType.INT64, shape), Distribution.INTEGER, low, high);
    }

    /** A random order of {@code 0 .. n-1}, int64. */
    public static Tensor randperm(int n) {
        return tensor(DEFAULT.permutation(n));
    }

    /** Fills {@code t} with uniform numbers in {@code [low, high)}. Returns it. */
    public static Tensor uniform_(Tensor t, double low, double high, Generator generator) {
        Generator.floating(t.dtype());
        return generator.fill(t, Distribution.UNIFORM, low, high);
    }

    /** Fills {@code t} with normal numbers. Returns it. */
    public static Tensor normal_(Tensor t, double mean, double std, Generator generator) {
        Generator.floating(t.dtype());
        return generator.fill(t, Distribution.NORMAL, mean, std);
    }

    /** Fills {@code t} with 1 with probability {@code p}, else 0. Returns it. */
    public static Tensor bernoulli_(Tensor t, double p, Generator generator) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("a probability must lie in [0, 1], got " + p);
        }
        return generator.fill(t, Distribution.BERNOULLI, p, 0);
    }

    // ---- joining

    /** Concatenation along {@code dim}. */
    public static Tensor cat(List<Tensor> tensors, int dim) {
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException("cat needs at least one tensor");
        }
        return Tape.apply(new Shaping.Cat(tensors.getFirst().shape().axis(dim)), tensors.toArray(new Tensor[0]));
    }

    /** Tensors of one shape along a new dimension {@code dim}. */
    public static Tensor stack(List<Tensor> tensors, int dim) {
        return cat(tensors.stream().map(t -> t.unsqueeze(dim)).toList(), dim);
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

    /** Within {@link #autocast} a half as float32, for losses and whatever else needs the precision; otherwise {@code x}. */
    public static Tensor fullPrecision(Tensor x) {
        return Autocast.raise(x);
    }

    /**
     * Runs a function made of several operations. What it allocates beside its result is seen by nobody else, so that memory returns
     * to the pool at the end, or once backward has consumed it.
     */
    public static Tensor composite(String name, Supplier<Tensor> body) {
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

    // ---- gradients

    /**
     * Gradients of {@code outputs} with respect to {@code inputs}, without touching any {@code grad}: {@code torch.autograd.grad}.
     *
     * @param seeds one gradient per output; null entries, or a shorter array, for one-element outputs
     * @return one gradient per input; null where the outputs do not depend on it
     */
    public static @Nullable Tensor[] grad(
            Tensor[] outputs, @Nullable Tensor[] seeds, Tensor[] inputs, boolean retainGraph, boolean createGraph) {
        return Backward.run(outputs, seeds, inputs, retainGraph, createGraph);
    }

    /** The gradient of a one-element {@code output} with respect to {@code input}. */
    public static Tensor grad(Tensor output, Tensor input) {
        Tensor g = grad(new Tensor[] {output}, new Tensor[0], new Tensor[] {input}, false, false)[0];
        if (g == null) {
            throw new IllegalArgumentException("the output does not depend on the input of shape " + input.shape());
        }
        return g;
    }

    // ---- memory and threads

    /** Memory of the CPU backend. */
    public static MemoryStats memory() {
        return Backend.of(Device.CPU).memory();
    }
}
