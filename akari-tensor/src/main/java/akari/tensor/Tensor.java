package akari.tensor;

import akari.backend.Backend;
import akari.backend.Buffer;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Device;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.formula.Pointwise;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array on a device, and a link to the operation that computed it. The twin of {@code torch.Tensor}: names,
 * defaults, broadcasting and type promotion are PyTorch's, in Java spelling; a trailing underscore means in place.
 *
 * <p>Operations come from the mixins, a family a file. There is nothing to close: memory returns to its pool when the library or
 * the garbage collector knows that a tensor is dead (see {@link Scope} for deciding it yourself). A tensor may be read by
 * several threads; changing it in place is for one thread at a time.
 */
public final class Tensor
        implements Index,
                Description,
                Arithmetic,
                Rounding,
                Exponentials,
                Trigonometry,
                SpecialFunctions,
                Bitwise,
                Divisors,
                FloatingPoint,
                Comparisons,
                Logic,
                Activations,
                Reductions,
                Spread,
                VectorNorms,
                Scans,
                Sorting,
                Searching,
                Quantiles,
                Statistics,
                Calculus,
                Shaping,
                Views,
                Inserting,
                Splitting,
                Rearranging,
                Indexing,
                Selection,
                LinearAlgebra,
                Products,
                Decompositions,
                Distances,
                Convolutions,
                Normalizations,
                Draws,
                Casts,
                Gradients {

    private static final long LARGE = 1 << 20;

    View view;
    private Backend backend;
    private boolean requiresGrad;
    private @Nullable Tensor grad;
    private boolean gradLent;
    private @Nullable Call producer;
    private int outputNr;
    private @Nullable AccumulateGrad accumulateGrad;
    private boolean inference;
    private boolean isView;
    /** Of a view that was taken while recording: the tensor whose memory it shows, itself no view, and who computed that then. */
    private @Nullable Tensor base;

    private @Nullable Call baseProducer;

    Tensor(Backend backend, View view) {
        this.backend = backend;
        this.view = view;
    }

    /** Uninitialised memory in the given layout, which must be dense. */
    static Tensor allocate(Backend backend, DType dtype, Layout layout) {
        NullArgument.check(dtype, "dtype");
        Mode mode = Mode.current();
        long bytes = layout.numel() * dtype.bytes();
        // numel may be anything; the limit is asked for only where it may matter, as that takes a lock
        boolean large = layout.numel() > LARGE;
        if (large && layout.numel() > backend.memory().limit() / dtype.bytes()) {
            throw OutOfMemory.never(dtype, layout.shape(), backend.memory().limit());
        }
        if (mode.arena != null) {
            return new Tensor(backend, new View(mode.arena.take(backend, bytes), dtype, layout));
        }
        Buffer buffer;
        try {
            buffer = backend.allocate(bytes);
        } catch (OutOfMemoryError e) {
            throw OutOfMemory.now(dtype, layout.shape(), e);
        }
        Tensor t = new Tensor(backend, new View(buffer, dtype, layout));
        t.inference = mode.inference;
        if (mode.scope != null) {
            mode.scope.own(t.view.buffer());
        }
        return t;
    }

    /** Uninitialised, contiguous, on this tensor's device. */
    Tensor like(DType dtype, Shape shape) {
        return allocate(backend, dtype, Layout.contiguous(shape));
    }

    /** The same memory under another layout. */
    Tensor viewed(Layout layout) {
        Tensor t = new Tensor(backend, view.with(layout));
        t.inference = inference;
        t.isView = true;
        return t;
    }

    /** Notes that this was taken from {@code source} while recording: a later change of either reaches the other's gradient. */
    void showing(Tensor source) {
        if (isView && view.buffer() == source.view.buffer()) {
            base = source.isView ? source.base : source;
            baseProducer = base == null ? null : base.producer;
        }
    }

    Backend backend() {
        return backend;
    }

    // ---- what it is

    /** Sizes, outermost first; {@code []} for a 0-d tensor. */
    public Shape shape() {
        return view.layout().shape();
    }

    /** Size of dimension {@code dim}; negative counts from the end. */
    public long size(int dim) {
        return shape().get(dim);
    }

    /** Number of dimensions. */
    public int dim() {
        return shape().rank();
    }

    public long numel() {
        return view.layout().numel();
    }

    public DType dtype() {
        return view.dtype();
    }

    public Device device() {
        return backend.device();
    }

    /** Steps between neighbours of each dimension, in elements. */
    public long[] stride() {
        return view.layout().strides();
    }

    /** Whether elements lie in row-major order without gaps. */
    public boolean isContiguous() {
        return view.layout().isContiguous();
    }

    /** How often this tensor's memory was changed in place so far, or replaced; PyTorch's {@code _version}. */
    public int version() {
        if (inference) {
            throw new IllegalStateException("a tensor made under inferenceMode has no version");
        }
        return view.buffer().version();
    }

    // ---- values on the host

    /** The value of a tensor with one element. */
    public double item() {
        one();
        return toDoubles()[0];
    }

    /** The value of a one-element integer or bool tensor, exactly. */
    public long itemLong() {
        one();
        return toLongs()[0];
    }

    private void one() {
        if (numel() != 1) {
            throw new IllegalArgumentException(
                    "item() needs a tensor with one element, this one has shape " + shape() + "; use toDoubles()");
        }
    }

    /** All elements in row-major order, converted to double. */
    public double[] toDoubles() {
        double[] out = new double[length("toDoubles", 8)];
        host(DType.FLOAT64, MemorySegment.ofArray(out));
        return out;
    }

    /** All elements in row-major order, converted to float. */
    public float[] toFloats() {
        float[] out = new float[length("toFloats", 4)];
        host(DType.FLOAT32, MemorySegment.ofArray(out));
        return out;
    }

    /** All elements in row-major order, converted to long (fractions are cut off). */
    public long[] toLongs() {
        long[] out = new long[length("toLongs", 8)];
        host(DType.INT64, MemorySegment.ofArray(out));
        return out;
    }

    /** All elements in row-major order, converted to int (fractions are cut off, larger numbers wrap around). */
    public int[] toInts() {
        int[] out = new int[length("toInts", 4)];
        host(DType.INT32, MemorySegment.ofArray(out));
        return out;
    }

    /** All elements in row-major order, one byte each; UINT8, INT8 and BOOL tensors only. */
    public byte[] toBytes() {
        if (dtype().bytes() != 1) {
            throw new IllegalArgumentException("toBytes() needs a uint8, int8 or bool tensor, this one is " + dtype());
        }
        byte[] out = new byte[length("toBytes", 1)];
        host(dtype(), MemorySegment.ofArray(out));
        return out;
    }

    /** All elements in row-major order, two bytes each: the numbers of an INT16 tensor, the bits of a FLOAT16 or BFLOAT16 one. */
    public short[] toShorts() {
        if (dtype().bytes() != 2) {
            throw new IllegalArgumentException(
                    "toShorts() needs an int16, float16 or bfloat16 tensor, this one is " + dtype());
        }
        short[] out = new short[length("toShorts", 2)];
        host(dtype(), MemorySegment.ofArray(out));
        return out;
    }

    private int length(String op, int bytes) {
        long n = numel();
        if (n > Integer.MAX_VALUE - 8 || n * bytes > Runtime.getRuntime().maxMemory()) {
            throw new IllegalArgumentException(op + ": a tensor of shape " + shape()
                    + " is too large for one Java array; take it by parts, as with narrow(), or give Java more memory"
                    + " with -Xmx");
        }
        return (int) n;
    }

    private void host(DType as, MemorySegment to) {
        if (to.byteSize() == 0) {
            return;
        }
        Graph.Recorder recorder = Mode.current().recorder;
        if (recorder != null) {
            recorder.read(this);
        }
        Tensor t = Tensors.noGrad(() -> to(as).contiguous());
        backend.download(t.view.buffer(), t.view.layout().offset() * as.bytes(), to);
        if (t.view.buffer() != view.buffer()) {
            t.view.buffer().release("copy to the host");
        }
    }

    // ---- copies

    /** A copy with its own memory, in the same order in memory where that is dense. Differentiable. */
    @Override
    public Tensor clone() {
        return Tape.apply(new ShapingOps.Copy(dtype(), false), this);
    }

    /** {@link #clone} without a graph. */
    Tensor copy() {
        return Tensors.noGrad(() -> clone());
    }

    /** This tensor in row-major order; itself if it is so already. */
    public Tensor contiguous() {
        return isContiguous() ? this : Tape.apply(new ShapingOps.Copy(dtype(), true), this);
    }

    /**
     * An own operation of this tensor and {@code others}, its inputs in that order, element by element: one compiled pass on every
     * device, its gradients derived from the formula, to any order. Shapes broadcast and types promote as those of {@code add};
     * formulas of one input take no others.
     *
     * <pre>{@code
     * static final Pointwise SNAKE = Pointwise.of("snake", (x, a) -> x.plus(sin(a.times(x)).square().over(a)));
     * Tensor y = x.apply(SNAKE, alpha);
     * }</pre>
     *
     * @return a tensor of the broadcast shape and the promoted type
     * @throws IllegalArgumentException for another number of operands than the formula has, for shapes that do not broadcast, and where
     *     the promoted type is an integer or bool
     */
    public Tensor apply(Pointwise f, Tensor... others) {
        NullArgument.check(others, "the other operands");
        return apply(f, Arrays.asList(others));
    }

    /**
     * As {@link #apply(Pointwise, Tensor...)}, with numbers in the other tensors' place, and for the formula's scalars after those:
     * {@code x.apply(SNAKE, 0.5)}. Other numbers compile nothing anew. Beside integers the result has the default type.
     */
    public Tensor apply(Pointwise f, double first, double... more) {
        NullArgument.check(f, "the operation");
        NullArgument.check(more, "the numbers");
        double[] numbers = new double[more.length + 1];
        numbers[0] = first;
        System.arraycopy(more, 0, numbers, 1, more.length);
        return Elementwise.own(f.inputsAsScalars(), numbers, this);
    }

    /** As {@link #apply(Pointwise, Tensor...)}, of a formula with scalars: {@code numbers} are their values, in order. */
    public Tensor apply(Pointwise f, List<Tensor> others, double... numbers) {
        NullArgument.check(f, "the operation");
        NullArgument.check(others, "the other operands");
        NullArgument.check(numbers, "the numbers");
        Tensor[] in = new Tensor[others.size() + 1];
        Arrays.setAll(in, i -> i == 0 ? this : others.get(i - 1));
        return Elementwise.own(f, numbers, in);
    }

    // ---- gradients

    /** Whether {@link #backward} computes a gradient through this tensor. */
    public boolean requiresGrad() {
        return edge() != null;
    }

    /** Asks for gradients of this leaf, or no longer. Returns this. */
    public Tensor requiresGrad_(boolean value) {
        if (value && !dtype().isFloating()) {
            throw new IllegalArgumentException("only floating-point tensors have gradients, this one is " + dtype()
                    + "; convert it with to(FLOAT32)");
        }
        if (!value && edge() instanceof Call) {
            throw new IllegalStateException("this tensor was computed by " + producerName()
                    + "; only a leaf's requiresGrad can be switched off: use detach()");
        }
        if (value && inference && !Mode.current().inference) {
            throw new IllegalStateException("a tensor of shape " + shape()
                    + " made under inferenceMode cannot require a gradient outside of it: clone() it first");
        }
        if (value && edge() == null) {
            requiresGrad = true;
            base = null; // from here on a leaf, whatever its memory is part of
        } else if (!value) {
            requiresGrad = false;
        }
        return this;
    }

    /** Which result of {@link #gradFn} this is; 0 for a leaf. */
    public int outputNr() {
        edge();
        return outputNr;
    }

    /** The accumulated gradient of this leaf, or null before the first backward and after zeroing. */
    public @Nullable Tensor grad() {
        gradLent = true;
        return grad;
    }

    /**
     * {@link #grad} for a reader that keeps no reference beyond the next zeroing, as an optimiser's step: a gradient that was only
     * ever borrowed gives its memory back at {@link #zeroGrad}, without waiting for the garbage collector.
     */
    public @Nullable Tensor borrowGrad() {
        return grad;
    }

    /** Replaces the gradient; null clears it. */
    public void grad(@Nullable Tensor g) {
        if (g != null && !g.shape().equals(shape())) {
            throw new IllegalArgumentException(
                    "a gradient of shape " + g.shape() + " for a tensor of shape " + shape());
        }
        grad = g;
        gradLent = true;
    }

    /** Forgets the gradient; the next backward starts a new one. */
    public void zeroGrad() {
        if (grad != null && !gradLent) {
            grad.view.buffer().release("zeroGrad");
        }
        grad = null;
    }

    /** The first gradient that backward delivers: nobody else has seen this tensor. */
    void ownGrad(Tensor g) {
        grad = g;
        gradLent = false;
    }

    /** The node in which this leaf's gradients end. */
    synchronized AccumulateGrad accumulateGrad() {
        AccumulateGrad a = accumulateGrad;
        if (a == null) {
            a = new AccumulateGrad(this);
            accumulateGrad = a;
        }
        return a;
    }

    /** A leaf's hooks, if it ever had any. */
    @Nullable
    Hooks hooks() {
        AccumulateGrad a = accumulateGrad;
        return a == null ? null : a.hooks;
    }

    /** The same values without a history; shares memory. */
    public Tensor detach() {
        Tensor t = new Tensor(backend, view);
        t.inference = inference;
        Graph.Recorder recorder = Mode.current().recorder;
        if (recorder != null) {
            recorder.alias(t, this);
        }
        return t;
    }

    /** Forgets this tensor's own history: it becomes a leaf that requires no gradient. Returns this. */
    public Tensor detach_() {
        if (isView && producer != null) {
            throw new IllegalStateException("detach_ on a view of shape " + shape()
                    + ": its base's history would still reach its memory. Use detach() instead");
        }
        producer = null;
        outputNr = 0;
        requiresGrad = false;
        return this;
    }

    /** Whether this tensor was made under {@link Tensors#inferenceMode}. */
    public boolean isInference() {
        return inference;
    }

    /**
     * Makes this leaf share the memory of {@code source}, its type, device and shape included, while it stays the same object for
     * optimisers and modules: {@code p.data = source} in PyTorch. A gradient of another type, device or shape is dropped.
     */
    public void data(Tensor source) {
        if (edge() instanceof Call c) {
            throw new IllegalStateException("only a leaf's memory can be replaced; this tensor of shape " + shape()
                    + " was computed by " + c.op.name());
        }
        if (requiresGrad && !source.dtype().isFloating()) {
            throw new IllegalArgumentException("a tensor that requires a gradient cannot become " + source.dtype());
        }
        if (source.view.buffer().version() == view.buffer().version()) {
            source.view.buffer().touch(); // a graph that saved the old memory notices the change
        }
        view = source.view;
        backend = source.backend;
        base = null;
        Tensor g = grad;
        if (g != null
                && (g.dtype() != dtype() || g.backend != backend || !g.shape().equals(shape()))) {
            grad = null;
        }
    }

    /** What a consumer's gradient flows to: a call, a leaf, or nothing. */
    @Nullable
    Object edge() {
        Tensor b = base;
        if (b != null && b.producer != baseProducer && !requiresGrad) {
            // the base was changed in place: this view shows part of what that change computed
            baseProducer = b.producer;
            outputNr = 0;
            producer = new Call(new ViewOps.AsStrided(view.layout(), b.view.layout()), new Tensor[] {b}, true);
        }
        return producer != null ? producer : requiresGrad ? this : null;
    }

    /** From now on this is result {@code output} of {@code call}. */
    void link(Call call, int output) {
        producer = call;
        outputNr = output;
        baseProducer = base == null ? null : base.producer;
    }

    /** Takes over the shape, layout and history of {@code other}, which is computed from this tensor: the in-place forms of views. */
    Tensor become(Tensor other) {
        view = other.view;
        Object edge = other.edge();
        producer = edge instanceof Call c ? c : null;
        outputNr = 0;
        if (base == null && isView) {
            base = other.base;
        }
        baseProducer = base == null ? null : base.producer;
        view.buffer().touch();
        Graph.Recorder recorder = Mode.current().recorder;
        if (recorder != null) {
            recorder.alias(this, other);
        }
        return this;
    }

    /** Records that {@code call} has changed this tensor in place. Through a view, its base is what changed. */
    void relink(Call call) {
        Tensor b = base;
        if (!isView) {
            link(call, 0);
        } else if (b == null) {
            throw new IllegalStateException(call.op.name() + " on a view of shape " + shape()
                    + " that was taken under noGrad: its base's gradient would miss the change. Take the view again"
                    + " while recording");
        } else if (b.view.layout().overlaps()) {
            throw new IllegalStateException(call.op.name() + " on a view of an expanded tensor of shape " + b.shape()
                    + " inside a recorded graph; clone() that tensor first");
        } else {
            b.link(new Call(new ViewChange(call, view.layout(), b.view.layout()), call, b), 0);
        }
    }

    /** Fails where an in-place change would make recorded gradients wrong. */
    void checkInPlace(String op) {
        Mode mode = Mode.current();
        if (inference && !mode.inference) {
            throw new IllegalStateException(op + " on a tensor of shape " + shape()
                    + " made under inferenceMode, outside of it: clone() it first, or use the out-of-place form");
        }
        if (!mode.grad) {
            return;
        }
        Tensor changed = base == null ? this : base;
        if (requiresGrad || changed.requiresGrad && changed.producer == null) {
            throw new IllegalStateException(op + " on " + (changed == this ? "" : "a view of ")
                    + "a leaf that requires a gradient (shape " + changed.shape()
                    + "): wrap the change in noGrad, or use the out-of-place form");
        }
    }

    // ---- printing

    /** PyTorch's text form: four digits, columns aligned, long dimensions summarised. */
    @Override
    public String toString() {
        return Printer.print(this);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return this == o;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** The operation that computed this tensor, as printed: {@code null} for a leaf. */
    @Nullable
    String producerName() {
        return edge() instanceof Call c ? c.op.name() : null;
    }
}
