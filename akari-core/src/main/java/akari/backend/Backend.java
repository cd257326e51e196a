package akari.backend;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Device;
import akari.core.MemoryStats;
import akari.core.Pooling;
import akari.core.Shape;
import akari.formula.Expr;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device's kernels. A backend knows buffers, types and layouts, never tensors or gradients; it is found with
 * {@link java.util.ServiceLoader}, and {@code ReferenceBackend} defines what every method means.
 *
 * <p>Common rules. Shapes are already checked by the caller; operands may have any layout (strided, broadcast, empty, 0-d) unless
 * a method says otherwise; outputs never overlap themselves. An output may be the very same view as an input only in
 * {@link #pointwise}. A backend keeps every buffer of a call reachable until the work is finished. Equal calls give equal bits at
 * the same thread setting; timing never decides which kernel runs.
 */
public interface Backend {
    Device device();

    /** One line for people: library, version, instruction set, threads. */
    String describe();

    // ---- memory

    /** {@code bytes} of uninitialised memory, 64-byte aligned; 0 is allowed. */
    Buffer allocate(long bytes);

    /** Copies host memory into the buffer, from byte {@code offset} on. */
    void upload(MemorySegment from, Buffer to, long offset);

    /** Fills {@code to} from byte {@code offset} of the buffer, after all work on it has finished. */
    void download(Buffer from, long offset, MemorySegment to);

    MemoryStats memory();

    // ---- elements

    /**
     * Evaluates the kernel over views of one common shape. Inputs are converted to {@code compute} (FLOAT32, FLOAT64 or INT64),
     * results from it to the output's type, all by the rules of {@link Conversions}.
     */
    void pointwise(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs);

    /**
     * Reduces the dimensions in which {@code out} has size 1 and {@code in} has not (same rank). The ARG forms reduce exactly one
     * dimension or none. An empty reduction gives the identity (0, 1, ∓infinity). Float sums use fixed blocks, so the result does
     * not depend on the number of threads. {@code out} has {@code in}'s type, INT64 for ARG forms, BOOL for ANY and ALL; a sum
     * or product of BOOL or integers is INT64.
     */
    void reduce(ReduceOp op, View in, View out);

    /**
     * Fills {@code out} with draws of the {@link Philox} stream {@code seed}: element i of the row-major order comes from block
     * {@code offset + i/perBlock}; the fill uses up {@link Distribution#blocks} of them.
     */
    void random(Distribution kind, long seed, long offset, View out);

    /** {@code out[…,i,…] = x[…,index[…,i,…],…]} along {@code dim}, the indices INT64 and checked: out of range throws. */
    void gather(View x, int dim, View index, View out);

    /**
     * {@code out[…,index[…,i,…],…] = src[…,i,…]} along {@code dim}, or whatever {@code how} makes of the two; repeated indices are
     * taken in row-major order. The index has the shape of {@code src}, and of {@code out} no more in all other dimensions.
     */
    void scatter(View out, int dim, View index, View src, Combine how);

    /**
     * Running results along {@code dim}, from the front or from the back; the first one is the first element. {@code out} has
     * {@code x}'s shape and type; a sum or product of BOOL or integers is INT64.
     *
     * @param factor of x's shape and type, with LINEAR alone
     * @param index INT64, of x's shape, with MAX and MIN: where each result was found; null if nobody asks
     */
    void scan(Scan op, boolean reverse, View x, @Nullable View factor, int dim, View out, @Nullable View index);

    /**
     * Sorts along {@code dim}; equal elements keep their order. NaN is the largest of all, and zeros of both signs are equal.
     * {@code index} (INT64) gets each element's position in {@code x}. Both results have x's shape, or a smaller size in
     * {@code dim}: then they are the first so many of the order.
     */
    void sort(View x, int dim, boolean descending, View out, View index);

    // ---- layers of any floating type: operands may differ in precision, results are rounded once to their own type

    /**
     * {@code out = a·b (+ bias)}: {@code [batch…, m, k] · [batch…, k, n]}, batch dimensions already expanded; bias {@code [n]}. Also of
     * integers, all of one type, which wrap around as that type does.
     */
    void matmul(View a, View b, @Nullable View bias, View out);

    /** Decompositions of matrices, and systems of equations. */
    Factorizations factorizations();

    /** Whether convolutions, pooling and normalisation here run best on channels-last memory; callers then hand them such layouts. */
    boolean prefersChannelsLast();

    void convolution(Convolution c, View x, View weight, @Nullable View bias, View out);

    /** {@link #convolution} and what follows it, in one pass where the backend can; this is the definition. */
    default void convolution(Convolution c, View x, View weight, @Nullable View bias, Epilogue then, View out) {
        if (!then.accumulate()) {
            convolution(c, x, weight, bias, out);
            if (then.activation() != Activation.IDENTITY) {
                pointwise(
                        then.activation().kernel(false),
                        out.dtype().compute(),
                        NO_SCALARS,
                        new View[] {out},
                        new View[] {out});
            }
            return;
        }
        View sum = temporary(out);
        convolution(c, x, weight, bias, sum);
        pointwise(then.activation().kernel(true), out.dtype().compute(), NO_SCALARS, new View[] {out}, new View[] {
            sum, out
        });
        sum.buffer().release("the end of a convolution");
    }

    /** Gradient of {@link #convolution} with respect to {@code x}: also the transposed convolution. */
    void convolutionInputGradient(Convolution c, View g, View weight, View gx);

    /** Gradient with respect to the weight, and to the bias where {@code gb} is given. */
    void convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb);

    /**
     * Largest element of each window; {@code index} (INT64, out's shape) gets its position in the input's flattened spatial plane, unless it
     * is null.
     * Of equals the first counts; NaN wins, of several the last, as in PyTorch.
     */
    void maxPool(Pooling p, View x, View out, @Nullable View index);

    /**
     * Gradient of {@link #maxPool}: each element of {@code g} goes to the place that {@code index} names, and adds up there. This is
     * the definition; a backend may do it in one pass.
     */
    default void maxPoolGradient(View g, View index, View gx) {
        pointwise(ZERO, gx.dtype().compute(), NO_SCALARS, new View[] {gx}, new View[0]);
        View planes = planes(gx);
        View places = planes(index);
        View values = planes(g);
        if (planes != null && places != null && values != null) {
            scatter(planes, 2, places, values, Combine.ADD);
            return;
        }
        throw new IllegalArgumentException("maxPoolGradient: the spatial dimensions of " + gx.layout() + ", "
                + index.layout() + " and " + g.layout() + " do not lie in a row");
    }

    void averagePool(Pooling p, View x, View out);

    void averagePoolGradient(Pooling p, View g, View gx);

    /**
     * Training-mode batch normalisation over all dimensions but 1: {@code out = (x - mean) / sqrt(variance + eps) * weight + bias}.
     * {@code mean} and {@code variance} (biased) are outputs of shape {@code [C]}; weight and bias come together or not at all.
     */
    void batchNorm(View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance);

    /** Gradients of {@link #batchNorm}; {@code gw} and {@code gb} are given exactly when weight was. */
    void batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            double eps,
            View gx,
            @Nullable View gw,
            @Nullable View gb);

    /** {@link #batchNorm} followed by an activation, in one pass where the backend can; this is the definition. */
    default void batchNorm(
            View x,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View out,
            View mean,
            View variance) {
        batchNorm(x, weight, bias, eps, out, mean, variance);
        if (then != Activation.IDENTITY) {
            pointwise(then.kernel(false), out.dtype().compute(), NO_SCALARS, new View[] {out}, new View[] {out});
        }
    }

    /** Gradients of {@link #batchNorm} with an activation, from the upstream gradient {@code g} of the activation's result. */
    default void batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        if (then == Activation.IDENTITY) {
            batchNormGradient(x, g, mean, variance, weight, eps, gx, gw, gb);
            return;
        }
        View before = temporary(gx);
        View[] in = weight == null || bias == null
                ? new View[] {g, x, perChannel(mean, x), perChannel(variance, x)}
                : new View[] {
                    g, x, perChannel(mean, x), perChannel(variance, x), perChannel(weight, x), perChannel(bias, x)
                };
        pointwise(
                then.beforeNormalised(weight != null),
                gx.dtype().compute(),
                new double[] {eps},
                new View[] {before},
                in);
        batchNormGradient(x, before, mean, variance, weight, eps, gx, gw, gb);
        before.buffer().release("the end of a batch normalisation");
    }

    /** Softmax along {@code dim}, or its logarithm. */
    void softmax(View x, int dim, boolean log, View out);

    /** Gradient of {@link #softmax} from its result {@code y}. */
    void softmaxGradient(View y, View g, int dim, boolean log, View gx);

    // ---- for the definitions above

    double[] NO_SCALARS = {};
    Kernel ZERO = new Kernel("zero", 0, 0, List.of(Expr.lit(0)));

    /** {@code [N, C, spatial…]} seen as {@code [N, C, positions]}, where memory allows. */
    private static @Nullable View planes(View v) {
        Shape s = v.shape();
        long positions = 1;
        for (int d = 2; d < s.rank(); d++) {
            positions *= s.get(d);
        }
        Layout flat = v.layout().reshape(Shape.of(s.get(0), s.get(1), positions));
        return flat == null ? null : v.with(flat);
    }

    private View temporary(View like) {
        Layout layout = like.layout().like(like.shape());
        return new View(allocate(layout.numel() * like.dtype().bytes()), like.dtype(), layout);
    }

    /** {@code [C]} seen as the shape of {@code x}, {@code [N, C, …]}. */
    private static View perChannel(View vector, View x) {
        long[] strides = new long[x.layout().rank()];
        strides[1] = vector.layout().stride(0);
        return vector.with(Layout.of(x.shape(), strides, vector.layout().offset()));
    }

    // ---- threads

    int threads();

    /** One setting for all kernels of this backend. */
    void threads(int n);

    /** How this backend chooses; {@link Algorithms#STRICT} where there is nothing to choose. */
    default Algorithms algorithms() {
        return Algorithms.STRICT;
    }

    /** Takes effect for the next call. */
    default void algorithms(Algorithms a) {}

    /** The backend of {@code device}; for the CPU always one, if need be {@code ReferenceBackend}. */
    static Backend of(Device device) {
        return Backends.of(device);
    }
}
