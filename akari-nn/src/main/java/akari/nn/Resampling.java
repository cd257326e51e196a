package akari.nn;

import static java.util.Objects.requireNonNull;

import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import akari.tensor.AutogradFunction;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Other sizes of images: each dimension by itself, a new sample being a weighted sum of a few old ones. Where those lie is PyTorch's
 * convention (centres of cells, unless corners are aligned).
 */
final class Resampling {
    /** For each new sample the old ones and their weights; {@code at[k]} and {@code weight[k]} are the k-th of all samples. */
    private record Taps(long[][] at, double[][] weight) {}

    private Resampling() {}

    static Tensor interpolate(
            Tensor x,
            long @Nullable [] size,
            double @Nullable [] scale,
            InterpolationMode mode,
            boolean alignCorners,
            boolean recomputeScale,
            boolean antialias) {
        int spatial = x.dim() - 2;
        if (spatial < 1 || spatial > 3 || (size == null) == (scale == null)) {
            throw new IllegalArgumentException(
                    "interpolate takes [N, C, L], [N, C, H, W] or [N, C, D, H, W] and either a"
                            + " size or a scale; got " + x.shape() + ", size " + Arrays.toString(size) + ", scale "
                            + Arrays.toString(scale));
        }
        boolean smooth = mode == InterpolationMode.LINEAR || mode == InterpolationMode.BICUBIC;
        if (alignCorners && !smooth || antialias && (!smooth || spatial != 2)) {
            throw new IllegalArgumentException((antialias ? "antialias" : "alignCorners") + " has no meaning in mode "
                    + mode + " over " + spatial + " dimensions");
        }
        if (mode == InterpolationMode.BICUBIC && spatial != 2) {
            throw new IllegalArgumentException("BICUBIC is for [N, C, H, W], got " + x.shape());
        }
        long[] out = new long[spatial];
        for (int d = 0; d < spatial; d++) {
            double factor = scale == null ? 1 : scale[one(d, spatial, scale)];
            if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "interpolate: a scale is a positive factor of the size, got " + Arrays.toString(scale));
            }
            out[d] = size != null ? one("size", d, spatial, size) : (long) Math.floor(x.size(d + 2) * factor);
            if (out[d] < 1 || x.size(d + 2) < 1) {
                throw new IllegalArgumentException(
                        "interpolate: " + x.shape() + " to the size " + Arrays.toString(out) + " has nothing to show");
            }
        }
        if (mode == InterpolationMode.AREA) {
            return x.averagePool(Pooling.adaptive(Shape.of(out)));
        }
        boolean sameSize = Arrays.equals(out, Arrays.copyOfRange(x.shape().toArray(), 2, x.dim()));
        UnaryOperator<Tensor> resized = image -> {
            Tensor y = image.dtype().isFloating() ? image.to(image.dtype().compute()) : image;
            for (int d = spatial - 1; d >= 0; d--) { // PyTorch's order: another overflows elsewhere
                if (out[d] == x.size(d + 2) && (antialias || mode == InterpolationMode.LINEAR)) {
                    continue; // each sample is one of the old ones: PyTorch reads no neighbour then
                }
                double step = scale == null || recomputeScale
                        ? (double) x.size(d + 2) / out[d]
                        : 1 / scale[one(d, spatial, scale)];
                y = along(y, d + 2, taps(mode, x.size(d + 2), (int) out[d], step, alignCorners, antialias, y.dtype()));
            }
            return y == image ? image.clone() : y.to(image.dtype());
        };
        boolean copies = sameSize && mode == InterpolationMode.BICUBIC && !antialias;
        return copies && Tensors.isGradEnabled() && x.requiresGrad()
                ? new Copied(resized).apply(x)
                : Tensors.composite("interpolate", () -> resized.apply(x));
    }

    /** PyTorch's bicubic gradient to the same size is a copy, wherever the samples lie. */
    private record Copied(UnaryOperator<Tensor> resized) implements AutogradFunction {
        @Override
        public Tensor[] forward(Context ctx, Tensor[] in) {
            return new Tensor[] {resized.apply(in[0])};
        }

        @Override
        public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor[] gradients) {
            return gradients;
        }

        @Override
        public String name() {
            return "interpolate";
        }
    }

    private static long one(String name, int d, int spatial, long[] values) {
        if (values.length != 1 && values.length != spatial) {
            throw new IllegalArgumentException(
                    "interpolate: " + name + " takes 1 number or " + spatial + ", got " + Arrays.toString(values));
        }
        return values[values.length == 1 ? 0 : d];
    }

    private static int one(int d, int spatial, double[] values) {
        if (values.length != 1 && values.length != spatial) {
            throw new IllegalArgumentException(
                    "interpolate: scale takes 1 number or " + spatial + ", got " + Arrays.toString(values));
        }
        return values.length == 1 ? 0 : d;
    }

    private static Tensor along(Tensor x, int dim, Taps taps) {
        Tensor sum = null;
        for (int k = 0; k < taps.at.length; k++) {
            Tensor part = x.indexSelect(dim, Tensors.tensor(taps.at[k]).to(x.device()));
            if (taps.weight.length > 0) {
                Shape shape = Shape.fill(x.dim(), 1).with(dim, taps.weight[k].length);
                part = part.mul(Tensors.of(x.dtype(), taps.weight[k], shape).to(x.device()));
            }
            sum = sum == null ? part : sum.add(part);
        }
        return sum == null ? x : sum;
    }

    private static Taps taps(
            InterpolationMode mode, long in, int out, double step, boolean align, boolean antialias, DType arithmetic) {
        boolean cubic = mode == InterpolationMode.BICUBIC;
        double spacing = align ? out > 1 ? (double) (in - 1) / (out - 1) : 0 : step;
        return switch (mode) {
            case NEAREST, NEAREST_EXACT -> nearest(in, out, (float) step, mode == InterpolationMode.NEAREST ? 0 : 0.5f);
            default ->
                antialias ? smoothed(in, out, spacing, cubic) : between(in, out, spacing, align, cubic, arithmetic);
        };
    }

    /** PyTorch finds the place in float32, whatever the type. */
    private static Taps nearest(long in, int out, float step, float middle) {
        long[] at = new long[out];
        for (int i = 0; i < out; i++) {
            at[i] = Math.min((long) Math.floor((i + middle) * step), in - 1);
        }
        return new Taps(new long[][] {at}, new double[0][]);
    }

    private static Taps between(long in, int out, double step, boolean align, boolean cubic, DType arithmetic) {
        int n = cubic ? 4 : 2;
        long[][] at = new long[n][out];
        double[][] weight = new double[n][out];
        for (int i = 0; i < out; i++) {
            double place = place(i, step, align, arithmetic == DType.FLOAT32);
            if (!cubic) {
                place = Math.max(place, 0);
            }
            long floor = Math.min((long) Math.floor((float) place), in - 1); // PyTorch's floorf, of doubles too
            double rest = Math.clamp(place - floor, 0.0, 1.0);
            for (int k = 0; k < n; k++) {
                int from = cubic ? k - 1 : k;
                at[k][i] = Math.clamp(floor + from, 0, in - 1);
                weight[k][i] = cubic ? cubic(rest - from, -0.75) : k == 0 ? 1 - rest : rest;
            }
        }
        return new Taps(at, weight);
    }

    /** In the arithmetic of the samples and rounded as PyTorch's is, which decides whether a neighbour has weight 0 or nearly so. */
    private static double place(int i, double step, boolean align, boolean single) {
        if (single) {
            float s = (float) step;
            return align ? i * s : Math.fma(i + 0.5f, s, -0.5f);
        }
        return align ? i * step : Math.fma(i + 0.5, step, -0.5);
    }

    /** Where samples become fewer, the filter grows with the distance of the new ones. */
    private static Taps smoothed(long in, int out, double step, boolean cubic) {
        double grow = Math.max(step, 1);
        double reach = (cubic ? 2 : 1) * grow;
        long[] first = new long[out];
        double[][] weights = new double[out][];
        for (int i = 0; i < out; i++) {
            double centre = step * (i + 0.5);
            first[i] = Math.max((long) (centre - reach + 0.5), 0);
            double[] w = new double[(int) (Math.min((long) (centre + reach + 0.5), in) - first[i])];
            double sum = 0;
            for (int k = 0; k < w.length; k++) {
                double d = (k + first[i] - centre + 0.5) / grow;
                w[k] = cubic ? cubic(d, -0.5) : Math.max(0, 1 - Math.abs(d));
                sum += w[k];
            }
            for (int k = 0; k < w.length; k++) {
                w[k] /= sum;
            }
            weights[i] = w;
        }
        return turned(first, weights);
    }

    /**
     * Tap by tap. Samples with fewer taps than others read their last one several times, each time with a part of its weight: another
     * old sample times 0 would be NaN where that is infinite or NaN.
     */
    private static Taps turned(long[] first, double[][] weights) {
        int n = Arrays.stream(weights).mapToInt(w -> w.length).max().orElse(0);
        long[][] at = new long[n][first.length];
        double[][] weight = new double[n][first.length];
        for (int i = 0; i < first.length; i++) {
            int last = weights[i].length - 1;
            for (int k = 0; k < n; k++) {
                at[k][i] = first[i] + Math.min(k, last);
                weight[k][i] = k < last ? weights[i][k] : weights[i][last] / (n - last);
            }
        }
        return new Taps(at, weight);
    }

    /** Keys's kernel of cubic convolution. */
    private static double cubic(double x, double a) {
        double d = Math.abs(x);
        return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((d - 5) * d + 8) * d * a - 4 * a : 0;
    }

    // ---- at given places

    /** The places {@code [N, H, W, 2]} or {@code [N, D, H, W, 3]} to which an affine map takes those of an image of {@code size}. */
    static Tensor affineGrid(Tensor theta, Shape size, boolean alignCorners) {
        int spatial = size.rank() - 2;
        if (theta.dim() != 3
                || spatial < 2
                || spatial > 3
                || theta.size(0) != size.get(0)
                || theta.size(1) != spatial
                || theta.size(2) != spatial + 1) {
            throw new IllegalArgumentException("affineGrid: theta " + theta.shape() + " for the size " + size
                    + "; [N, 2, 3] goes with [N, C, H, W], and [N, 3, 4] with [N, C, D, H, W]");
        }
        return Tensors.composite("affineGrid", () -> {
            Shape grid = Shape.of(Arrays.copyOfRange(size.toArray(), 2, size.rank()));
            Tensor sum = null;
            for (int i = 0; i <= spatial; i++) {
                Tensor column = theta.select(2, i).to(theta.dtype().compute()).reshape(column(size.get(0), spatial));
                Tensor part = i == spatial ? column : column.mul(axis(column, grid, spatial - 1 - i, alignCorners));
                sum = sum == null ? part : sum.add(part);
            }
            return requireNonNull(sum).to(theta.dtype());
        });
    }

    private static long[] column(long n, int spatial) {
        long[] shape = new long[spatial + 2];
        Arrays.fill(shape, 1);
        shape[0] = n;
        shape[spatial + 1] = spatial;
        return shape;
    }

    /** The coordinates along dimension {@code d} of the grid, from -1 to 1, as {@code [1, D, H, W, 1]}. */
    private static Tensor axis(Tensor like, Shape grid, int d, boolean alignCorners) {
        int n = Math.toIntExact(grid.get(d));
        double[] at = new double[n];
        for (int i = 0; i < n; i++) {
            at[i] = alignCorners ? n == 1 ? 0 : -1 + 2.0 * i / (n - 1) : (2.0 * i + 1) / n - 1;
        }
        long[] shape = new long[grid.rank() + 2];
        Arrays.fill(shape, 1);
        shape[d + 1] = n;
        long[] full = new long[grid.rank() + 2];
        Arrays.fill(full, 1);
        System.arraycopy(grid.toArray(), 0, full, 1, grid.rank());
        return Tensors.of(like.dtype(), at, Shape.of(shape)).to(like.device()).expand(full);
    }

    /** Samples of {@code [N, C, H, W]} at the places of {@code [N, h, w, 2]}, or of volumes with one dimension more. */
    static Tensor gridSample(Tensor x, Tensor grid, boolean nearest, PaddingMode padding, boolean alignCorners) {
        int spatial = x.dim() - 2;
        if (spatial < 2
                || spatial > 3
                || grid.dim() != x.dim()
                || grid.size(-1) != spatial
                || grid.size(0) != x.size(0)
                || padding == PaddingMode.CIRCULAR) {
            throw new IllegalArgumentException(
                    "gridSample: input " + x.shape() + ", grid " + grid.shape() + ", padding "
                            + padding
                            + "; [N, C, H, W] takes [N, h, w, 2], [N, C, D, H, W] takes [N, d, h, w, 3], padding ZEROS,"
                            + " REPLICATE (PyTorch's border) or REFLECT");
        }
        return Tensors.composite("gridSample", () -> {
            Tensor[] place = new Tensor[spatial];
            for (int d = 0; d < spatial; d++) {
                long n = x.size(d + 2);
                Tensor g = grid.select(-1, spatial - 1 - d);
                Tensor at = alignCorners
                        ? g.add(1).mul((n - 1) / 2.0)
                        : g.add(1).mul(n).sub(1).div(2);
                place[d] = padding == PaddingMode.ZEROS ? at : inside(at, n, padding, alignCorners);
            }
            Tensor sum = null;
            for (int corner = 0; corner < (nearest ? 1 : 1 << spatial); corner++) {
                Tensor part = corner(x, place, corner, nearest);
                sum = sum == null ? part : sum.add(part);
            }
            return sum;
        });
    }

    private static Tensor inside(Tensor at, long n, PaddingMode padding, boolean alignCorners) {
        Tensor y = at;
        if (padding == PaddingMode.REFLECT) {
            double low = alignCorners ? 0 : -0.5;
            double span = alignCorners ? n - 1 : n;
            Tensor d = at.sub(low).abs();
            Tensor folds =
                    span == 0 ? Tensors.zerosLike(at) : d.div(span, "floor").detach();
            Tensor rest = span == 0 ? Tensors.zerosLike(at) : d.sub(folds.mul(span));
            y = rest.where(folds.remainder(2).eq(0), rest.rsub(span)).add(low);
        }
        return y.clamp(0, n - 1);
    }

    /** One of the neighbours of every place, times its weight; 0 outside. */
    private static Tensor corner(Tensor x, Tensor[] place, int corner, boolean nearest) {
        Tensor index = null;
        Tensor weight = null;
        Tensor in = null;
        for (int d = 0; d < place.length; d++) {
            long n = x.size(d + 2);
            boolean upper = (corner >> d & 1) == 1;
            Tensor floor = nearest ? place[d].round() : place[d].detach().floor();
            Tensor at = upper ? floor.add(1) : floor;
            Tensor within = at.ge(0).logicalAnd(at.lt(n));
            Tensor i = at.detach().maskedFill(within.logicalNot(), 0).int64();
            index = index == null ? i : index.mul(n).add(i);
            in = in == null ? within : in.logicalAnd(within);
            if (!nearest) {
                Tensor rest = place[d].sub(floor);
                Tensor w = upper ? rest : rest.rsub(1);
                weight = weight == null ? w : weight.mul(w);
            }
        }
        long batch = x.size(0);
        long channels = x.size(1);
        Tensor flat =
                requireNonNull(index).reshape(batch, 1, -1).expand(batch, channels, index.numel() / Math.max(batch, 1));
        long[] shape = new long[place.length + 2];
        System.arraycopy(index.shape().toArray(), 1, shape, 2, place.length);
        shape[0] = batch;
        shape[1] = channels;
        Tensor picked = x.reshape(batch, channels, -1).gather(2, flat).reshape(shape);
        picked = picked.maskedFill(requireNonNull(in).logicalNot().unsqueeze(1), 0);
        return weight == null ? picked : picked.mul(weight.unsqueeze(1));
    }
}
