package akari.nn;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.tensor.Graph;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code torch.nn.functional}, for a static import, beside one of {@link Tensors} if you like: what both have, as
 * {@code relu}, {@code linear} or {@code softmax}, is one and the same. Optional arguments may be left out.
 */
public final class Functional extends LossFunctions {
    private Functional() {}

    // ---- layers

    /** Zeroes whole channels of {@code [N, C, L]}, or of {@code [C, L]} alone. */
    @Defaults({"0.5", "true"})
    public static Tensor dropout1d(Tensor x, double p, boolean training) {
        return channelDropout("dropout1d", x, p, training, 2);
    }

    /** Zeroes whole channels of {@code [N, C, H, W]}; of {@code [N, C, L]} too, as in PyTorch. */
    @Defaults({"0.5", "true"})
    public static Tensor dropout2d(Tensor x, double p, boolean training) {
        return channelDropout("dropout2d", x, p, training, -1);
    }

    /** Zeroes whole channels of {@code [N, C, D, H, W]}, or of {@code [C, D, H, W]} alone. */
    @Defaults({"0.5", "true"})
    public static Tensor dropout3d(Tensor x, double p, boolean training) {
        return channelDropout("dropout3d", x, p, training, 4);
    }

    private static Tensor channelDropout(String op, Tensor x, double p, boolean training, int single) {
        NullArgument.check(x, "x");
        if (x.dim() < 2) {
            throw new IllegalArgumentException(op + " needs channels, [N, C, …], got shape " + x.shape());
        }
        return x.dim() == single
                ? x.unsqueeze(0).featureDropout(p, training).squeeze(0)
                : x.featureDropout(p, training);
    }

    static double probability(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("dropout: a probability must lie in [0, 1], got " + p);
        }
        return p;
    }

    // ---- pooling

    /** Means of nearly equal parts, so that the spatial dimensions become {@code size}. */
    public static Tensor adaptiveAvgPool(Tensor x, Shape size) {
        return x.averagePool(Pooling.adaptive(size));
    }

    /** Largest elements of nearly equal parts. */
    public static Tensor adaptiveMaxPool(Tensor x, Shape size) {
        return x.maxPool(Pooling.adaptive(size));
    }

    static Pooling pooling(Shape kernel, Shape stride, Shape padding) {
        return new Pooling(kernel, stride, padding, Shape.fill(kernel.rank(), 1), false, true, 0, null);
    }

    static Shape pair(String name, Shape value) {
        NullArgument.check(value, name);
        return pair(name, value.toArray());
    }

    static Shape pair(String name, long[] value) {
        if (value.length != 1 && value.length != 2) {
            throw new IllegalArgumentException(name + " takes one number or two, got " + Arrays.toString(value));
        }
        return value.length == 1 ? Shape.fill(2, value[0]) : Shape.of(value);
    }

    // ---- padding

    /**
     * Adds a border, or with negative numbers removes one.
     *
     * @param sides before and after for each dimension, the last dimension first: {@code {left, right, top, bottom}}
     */
    @Defaults({"PaddingMode.ZEROS", "0"})
    public static Tensor pad(Tensor x, long[] sides, PaddingMode mode, Number value) {
        return Padding.pad(x, sides, mode, value);
    }

    // ---- other sizes

    /**
     * {@code [N, C, …]} at another size of its spatial dimensions, one number or one for each.
     *
     * @param alignCorners whether the outermost samples stay where they are, rather than the outer edges of their cells
     * @param antialias whether to smooth where an image becomes smaller, as image libraries do
     */
    @Defaults({"InterpolationMode.NEAREST", "false", "false"})
    public static Tensor interpolate(
            Tensor x, Shape size, InterpolationMode mode, boolean alignCorners, boolean antialias) {
        return Resampling.interpolate(x, size.toArray(), null, mode, alignCorners, false, antialias);
    }

    /**
     * At {@code scale} times the size, rounded down, by one factor or one for each dimension. A whole number is a size, as in PyTorch; 2.0
     * is a factor.
     *
     * @param recomputeScale whether the distance of samples follows from the sizes, rather than from {@code scale} itself
     */
    @Defaults({"InterpolationMode.NEAREST", "false", "false", "false"})
    public static Tensor interpolate(
            Tensor x,
            double[] scale,
            InterpolationMode mode,
            boolean alignCorners,
            boolean recomputeScale,
            boolean antialias) {
        return Resampling.interpolate(x, null, scale, mode, alignCorners, recomputeScale, antialias);
    }

    /** The grid for {@link #gridSample} that maps an image of {@code size} by {@code theta}, {@code [N, 2, 3]}; volumes by {@code [N, 3, 4]}. */
    @Defaults({"false"})
    public static Tensor affineGrid(Tensor theta, Shape size, boolean alignCorners) {
        return Resampling.affineGrid(theta, size, alignCorners);
    }

    /** Linear interpolation, zeros outside, {@code alignCorners} false. */
    public static Tensor gridSample(Tensor x, Tensor grid) {
        return gridSample(x, grid, false, PaddingMode.ZEROS, false);
    }

    /**
     * Samples of {@code [N, C, H, W]} at {@code grid}, {@code [N, h, w, 2]} of x and y from -1 to 1; volumes alike.
     *
     * @param nearest whether to take the nearest sample rather than to interpolate linearly
     * @param padding what lies outside: ZEROS, REPLICATE (PyTorch's border) or REFLECT
     */
    public static Tensor gridSample(Tensor x, Tensor grid, boolean nearest, PaddingMode padding, boolean alignCorners) {
        return Resampling.gridSample(x, grid, nearest, padding, alignCorners);
    }

    // ---- normalisation

    /** Zero mean and unit variance over the last dimensions, those of {@code shape}; PyTorch's default eps is 1e-5. */
    @Defaults({"null", "null", "1e-5"})
    public static Tensor layerNorm(Tensor x, Shape shape, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        int first = x.dim() - shape.rank();
        if (first < 0
                || !Shape.of(Arrays.copyOfRange(x.shape().toArray(), first, x.dim()))
                        .equals(shape)) {
            throw new IllegalArgumentException("layerNorm: input " + x.shape() + " does not end in " + shape);
        }
        return Precision.layer("layerNorm", x, wide -> {
            Tensor y = standardised(wide, range(first, x.dim()), eps);
            y = weight == null ? y : y.mul(weight);
            return bias == null ? y : y.add(bias);
        });
    }

    /** Zero mean and unit variance over each of {@code groups} parts of the channels of {@code [N, C, …]}. */
    @Defaults({"null", "null", "1e-5"})
    public static Tensor groupNorm(Tensor x, long groups, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        if (x.dim() < 2 || groups < 1 || x.size(1) % groups != 0) {
            throw new IllegalArgumentException(
                    "groupNorm: the channels of input " + x.shape() + " do not divide into " + groups + " groups");
        }
        return Precision.layer("groupNorm", x, wide -> {
            Tensor parts = wide.reshape(x.size(0), groups, -1);
            Tensor y = standardised(parts, new int[] {2}, eps).reshape(x.shape());
            y = weight == null ? y : y.mul(perChannel(weight, x));
            return bias == null ? y : y.add(perChannel(bias, x));
        });
    }

    /** Zero mean and unit variance over each channel of each image of {@code [N, C, …]}, by the input's own statistics. */
    @Defaults({"null", "null", "1e-5"})
    public static Tensor instanceNorm(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        return groupNorm(x, x.dim() < 2 ? 1 : x.size(1), weight, bias, eps);
    }

    /** Divides by a power of the mean square of {@code size} neighbouring channels (Krizhevsky et al. 2012). */
    @Defaults({"1e-4", "0.75", "1"})
    public static Tensor localResponseNorm(Tensor x, long size, double alpha, double beta, double k) {
        return Precision.layer("localResponseNorm", x, wide -> {
            Tensor squares = Padding.constant(wide.mul(wide), 1, size / 2, (size - 1) / 2, 0);
            Tensor sum = squares.narrow(1, 0, x.size(1));
            for (long i = 1; i < size; i++) {
                sum = sum.add(squares.narrow(1, i, x.size(1)));
            }
            return wide.div(sum.mul(alpha / size).add(k).pow(beta));
        });
    }

    /** Divides by the p-norm along {@code dim}, at least {@code eps}. */
    @Defaults({"2", "1", "1e-12"})
    public static Tensor normalize(Tensor x, double p, int dim, double eps) {
        return Precision.layer(
                "normalize", x, wide -> wide.div(wide.norm(p, dim, true).clamp(eps, null)));
    }

    /** In float64 where squares leave float32. */
    private static Tensor standardised(Tensor x, int[] dims, double eps) {
        Tensor centred = x.sub(x.mean(dims, true));
        Tensor variance = centred.square().mean(dims, true);
        if (x.dtype() == DType.FLOAT32 && !Graph.isCapturing() && overflows(variance)) {
            return standardised(x.to(DType.FLOAT64), dims, eps);
        }
        return centred.mul(variance.add(eps).rsqrt());
    }

    private static boolean overflows(Tensor variance) {
        return !Double.isFinite(Tensors.noGrad(() -> variance.sum()).item());
    }

    private static Tensor perChannel(Tensor t, Tensor x) {
        return t.reshape(Shape.fill(x.dim() - 1, 1).with(0, t.numel()));
    }

    private static int[] range(int from, int to) {
        int[] dims = new int[to - from];
        Arrays.setAll(dims, i -> from + i);
        return dims;
    }

    // ---- other layers

    /** The first half of {@code dim} times the sigmoid of the second. */
    @Defaults({"-1"})
    public static Tensor glu(Tensor x, int dim) {
        long half = x.size(dim) / 2;
        if (x.size(dim) % 2 != 0) {
            throw new IllegalArgumentException("glu: dimension " + dim + " of " + x.shape() + " does not halve");
        }
        return Precision.layer(
                "glu",
                x,
                wide -> wide.narrow(dim, 0, half)
                        .mul(wide.narrow(dim, half, half).sigmoid()));
    }

    /**
     * Rows of {@code weight} by number: {@code [*]} of int64 to {@code [*, D]}. The row {@code paddingIdx} gets no gradient.
     *
     * @param paddingIdx a row, or -1 for none
     */
    @Defaults({"-1"})
    public static Tensor embedding(Tensor index, Tensor weight, long paddingIdx) {
        long[] shape = Arrays.copyOf(index.shape().toArray(), index.dim() + 1);
        shape[index.dim()] = weight.size(1);
        return Tensors.composite("embedding", () -> {
            Tensor flat = index.reshape(-1);
            Tensor rows = weight.indexSelect(0, flat);
            if (paddingIdx >= 0) {
                Tensor padding = flat.eq(paddingIdx).unsqueeze(1);
                rows = rows.detach().where(padding.expand(rows.shape().toArray()), rows);
            }
            return rows.reshape(shape);
        });
    }

    /** Class numbers {@code [*]} as rows of zeros with a 1, {@code [*, classes]}, int64; -1 classes for as many as it takes. */
    @Defaults({"-1"})
    public static Tensor oneHot(Tensor index, long classes) {
        if (index.dtype() != DType.INT64) {
            throw new IllegalArgumentException("oneHot takes class numbers of int64, got " + index.dtype());
        }
        if (index.numel() == 0 && classes <= 0) {
            throw new IllegalArgumentException(
                    "oneHot: how many classes are there? An empty tensor " + index.shape() + " does not tell");
        }
        long largest = index.numel() == 0 ? -1 : index.max().itemLong();
        long smallest = index.numel() == 0 ? 0 : index.min().itemLong();
        long n = classes == -1 ? largest + 1 : classes;
        if (smallest < 0 || largest >= n) {
            throw new IllegalArgumentException("oneHot: class numbers from " + smallest + " to " + largest
                    + " do not lie in" + " [0, " + Math.max(n, 0) + ")");
        }
        return index.unsqueeze(-1).eq(Tensors.arange(n).to(index.device())).int64();
    }

    /** {@code softmax(-x)}. */
    public static Tensor softmin(Tensor x, int dim) {
        return Tensors.composite("softmin", () -> x.neg().softmax(dim));
    }

    /**
     * A draw from the categories along {@code dim}, softened by {@code tau} so that gradients reach the logits (Jang et al. 2017).
     *
     * @param hard whether to give zeros and a 1, with the gradient of the soft draw
     */
    @Defaults({"1", "false", "-1"})
    public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard, int dim) {
        // drawn in float32 for halves, which would round some draws to 0
        Tensor drawn = Tensors.emptyLike(Precision.raised(logits.detach())).exponential_();
        Tensor soft = Precision.layer(
                "gumbelSoftmax", logits, wide -> wide.sub(drawn.log()).div(tau).softmax(dim));
        if (!hard) {
            return soft;
        }
        Tensor at = soft.detach().max(dim, true).indices();
        Tensor one = Tensors.zerosLike(soft).scatter_(dim, at, 1);
        return one.sub(soft.detach()).add(soft);
    }

    /** Every window of {@code [N, C, H, W]} as a column: {@code [N, C·k², L]}; {@code c} gives stride, padding, dilation. */
    public static Tensor unfold(Tensor x, Shape kernel, Convolution c) {
        return ImageColumns.of(x, kernel, c);
    }

    /** Adds columns back into images of {@code size}: the adjoint of {@link #unfold}. */
    public static Tensor fold(Tensor x, Shape size, Shape kernel, Convolution c) {
        return ImageColumns.toImages(x, size, kernel, c);
    }
}
