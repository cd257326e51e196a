package akari.nn;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the convolution layers share; {@code C} is the layer itself, for chained options. */
abstract sealed class ConvNd<C extends ConvNd<C>> extends Module permits Conv1d, Conv2d, Conv3d {
    private final int dims;
    private final long in;
    private final long out;
    private final Shape kernel;
    private Shape stride;
    private Shape padding;
    private Shape dilation;
    private long groups;
    private boolean same;
    private PaddingMode mode = PaddingMode.ZEROS;
    private Tensor weight;
    private @Nullable Tensor bias;

    ConvNd(
            int dims,
            long in,
            long out,
            Shape kernel,
            Shape stride,
            Shape padding,
            Shape dilation,
            long groups,
            boolean bias) {
        this.dims = dims;
        this.in = in;
        this.out = out;
        this.kernel = sizes("kernel", kernel, 1);
        this.stride = sizes("stride", stride, 1);
        this.padding = sizes("padding", padding, 0);
        this.dilation = sizes("dilation", dilation, 1);
        this.groups = divisor(groups);
        this.weight = fresh();
        bias(bias);
    }

    private long divisor(long groups) {
        if (groups < 1 || in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException(
                    "groups " + groups + " must divide the channels, " + in + " in and " + out + " out");
        }
        return groups;
    }

    private Tensor fresh() {
        long[] shape = new long[dims + 2];
        shape[0] = out;
        shape[1] = in / groups;
        System.arraycopy(kernel.toArray(), 0, shape, 2, dims);
        return parameter(Init.byFan(Tensors.empty(DType.FLOAT32, shape), fanIn()));
    }

    private long fanIn() {
        return in / groups * kernel.numel();
    }

    abstract C self();

    // ---- options

    /** One number for all dimensions, or one for each; default 1. Returns this. */
    public C stride(long... value) {
        stride = sizes("stride", value, 1);
        return self();
    }

    /** On both sides; default 0. Returns this. */
    public C padding(long... value) {
        padding = sizes("padding", value, 0);
        same = false;
        return self();
    }

    /** {@code "same"}, so that with stride 1 the size does not change, or {@code "valid"}, none. Returns this. */
    public C padding(String value) {
        NullArgument.check(value, "padding");
        same = switch (value) {
            case "same" -> true;
            case "valid" -> false;
            default ->
                throw new IllegalArgumentException("padding is a number, \"same\" or \"valid\", not \"" + value + "\"");
        };
        padding = Shape.fill(dims, 0);
        return self();
    }

    /** What the padding is made of; default zeros. Returns this. */
    public C paddingMode(PaddingMode value) {
        NullArgument.check(value, "paddingMode");
        mode = value;
        return self();
    }

    /** Distance between the kernel's elements; default 1. Returns this. */
    public C dilation(long... value) {
        dilation = sizes("dilation", value, 1);
        return self();
    }

    /** Divides the channels into groups that do not mix; draws the weight anew. For right after construction. Returns this. */
    public C groups(long value) {
        unused("groups");
        groups = divisor(value);
        discard(weight);
        weight = fresh();
        return bias(bias != null);
    }

    /** Whether a bias is added, by default yes. For right after construction. Returns this. */
    public C bias(boolean value) {
        unused("bias");
        bias = discard(bias);
        if (value) {
            bias = parameter(Init.byFan(Tensors.empty(DType.FLOAT32, out), fanIn()));
        }
        return self();
    }

    private Shape sizes(String name, Shape value, long least) {
        NullArgument.check(value, name);
        return sizes(name, value.toArray(), least);
    }

    private Shape sizes(String name, long[] value, long least) {
        Shape s = value.length == 1 ? Shape.fill(dims, value[0]) : Shape.of(value);
        if (s.rank() != dims || Arrays.stream(value).anyMatch(v -> v < least)) {
            throw new IllegalArgumentException(name + " takes one number or " + dims + ", at least " + least
                    + " each; got " + Arrays.toString(value));
        }
        return s;
    }

    // ---- what it is

    /** {@code [out, in/groups, kernel…]}. */
    public final Tensor weight() {
        return weight;
    }

    /** {@code [out]}, or null. */
    public final @Nullable Tensor bias() {
        return bias;
    }

    /** Channels of the input. */
    public final long inChannels() {
        return in;
    }

    /** Channels of the result. */
    public final long outChannels() {
        return out;
    }

    /** Stride, padding, dilation and groups; with {@code padding("same")} or another mode than zeros, padding comes before. */
    public final Convolution geometry() {
        return new Convolution(stride, padding, dilation, groups);
    }

    @Override
    protected Tensor compute(Tensor x) {
        if (!same && mode == PaddingMode.ZEROS) {
            return x.convolution(geometry(), weight, bias);
        }
        if (same && stride.numel() != 1) {
            throw new IllegalArgumentException("padding \"same\" needs stride 1, got " + stride);
        }
        long[] pad = new long[2 * dims]; // last dimension first, as pad wants it
        for (int d = 0; d < dims; d++) {
            long total = same ? dilation.get(d) * (kernel.get(d) - 1) : 2 * padding.get(d);
            pad[2 * (dims - 1 - d)] = total / 2;
            pad[2 * (dims - 1 - d) + 1] = total - total / 2;
        }
        Convolution bare = new Convolution(stride, Shape.fill(dims, 0), dilation, groups);
        return Tensors.composite(
                "conv" + dims + "d", () -> Functional.pad(x, pad, mode, 0).convolution(bare, weight, bias));
    }

    @Override
    protected String extraRepr() {
        StringBuilder s = new StringBuilder(
                in + ", " + out + ", kernel_size=" + Python.tuple(kernel) + ", stride=" + Python.tuple(stride));
        if (same) {
            s.append(", padding=same");
        } else if (!padding.equals(Shape.fill(dims, 0))) {
            s.append(", padding=").append(Python.tuple(padding));
        }
        if (!dilation.equals(Shape.fill(dims, 1))) {
            s.append(", dilation=").append(Python.tuple(dilation));
        }
        if (groups != 1) {
            s.append(", groups=").append(groups);
        }
        if (bias == null) {
            s.append(", bias=False");
        }
        if (mode != PaddingMode.ZEROS) {
            s.append(", padding_mode=").append(mode);
        }
        return s.toString();
    }
}
