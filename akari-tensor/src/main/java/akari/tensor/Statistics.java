package akari.tensor;

import akari.backend.Conversions;
import akari.core.DType;
import akari.core.Shape;
import org.jspecify.annotations.Nullable;

/** Histograms, counts and covariances. */
public sealed interface Statistics permits Tensor {

    /** The counts of a histogram, or their density, and the edges of its bins, one more than there are bins. */
    record Histogram(Tensor hist, Tensor binEdges) {}

    private Tensor self() {
        return (Tensor) this;
    }

    /** How often each of {@code 0, 1, …, max} occurs in this 1-d tensor of non-negative integers; int64. */
    default Tensor bincount() {
        return bincount(null, 0);
    }

    default Tensor bincount(Tensor weights) {
        return bincount(weights, 0);
    }

    /**
     * How often each number occurs, or the sum of its {@code weights}, for at least {@code minlength} numbers.
     *
     * @param weights of this tensor's shape; the result is float32 if they are, float64 otherwise; null to count
     */
    default Tensor bincount(@Nullable Tensor weights, long minlength) {
        if (self().dim() != 1 || self().dtype().isFloating()) {
            throw new IllegalArgumentException(
                    "bincount needs a 1-d integer tensor, got " + self().dtype() + " " + self().shape());
        }
        if (weights != null && !weights.shape().equals(self().shape())) {
            throw new IllegalArgumentException("bincount: weights of shape " + weights.shape()
                    + " for a tensor of shape " + self().shape() + "; they must be equal");
        }
        if (minlength < 0) {
            throw new IllegalArgumentException("bincount: minlength must not be negative, got " + minlength);
        }
        return Tensors.noGrad(() -> Tape.composite("bincount", () -> {
            Tensor x = self().to(DType.INT64);
            boolean empty = x.numel() == 0;
            if (empty && weights == null || !empty && x.min().itemLong() >= 0) {
                long bins = Math.max(minlength, empty ? 0 : x.max().itemLong() + 1);
                DType type = weights == null
                        ? DType.INT64
                        : weights.dtype() == DType.FLOAT32 ? DType.FLOAT32 : DType.FLOAT64;
                Tensor each = weights == null ? x.like(type, x.shape()).fill_(1) : weights.to(type);
                return x.like(type, Shape.of(bins)).zero_().scatterAdd(0, x, each);
            }
            if (empty) {
                return x.like(DType.INT64, Shape.of(minlength)).zero_();
            }
            throw new IllegalArgumentException(
                    "bincount: the numbers must not be negative, got " + x.min().itemLong());
        }));
    }

    /** {@link #histc(int, double, double)} with 100 bins between the smallest and the largest element. */
    default Tensor histc() {
        return histc(100, 0, 0);
    }

    default Tensor histc(int bins) {
        return histc(bins, 0, 0);
    }

    default Tensor histc(int bins, double min) {
        return histc(bins, min, 0);
    }

    /**
     * How many elements lie in each of {@code bins} bins of equal width from {@code min} to {@code max}, both included, of this
     * tensor's type. Elements outside and NaN count nowhere. Equal bounds stand for the smallest and the largest element.
     */
    default Tensor histc(int bins, double min, double max) {
        ReductionOps.floating("histc", self());
        if (bins < 1) {
            throw new IllegalArgumentException("histc: bins must be positive, got " + bins);
        }
        return Tensors.noGrad(() -> Tape.composite("histc", () -> {
            Tensor x = wide().flatten();
            double[] range = range("histc", x, min, max, 1);
            Tensor place = x.sub(range[0]).mul(bins).div(range[1] - range[0]).clamp(0, bins - 1);
            return counted(x, place.to(DType.INT64), range[0], range[1], bins, null)
                    .to(self().dtype());
        }));
    }

    /** {@link #histogram(int, double[], Tensor, boolean)} between the smallest and the largest element. */
    default Histogram histogram(int bins) {
        return histogram(bins, null, null, false);
    }

    default Histogram histogram(int bins, boolean density) {
        return histogram(bins, null, null, density);
    }

    /**
     * A histogram of {@code bins} bins of equal width.
     *
     * @param range the outer edges; null for the smallest and the largest element
     * @param weight what each element counts, of this tensor's shape; null for 1
     * @param density scale it so that its integral is 1
     */
    default Histogram histogram(int bins, double @Nullable [] range, @Nullable Tensor weight, boolean density) {
        ReductionOps.floating("histogram", self());
        if (bins < 1) {
            throw new IllegalArgumentException("histogram: bins must be positive, got " + bins);
        }
        if (range != null && (range.length != 2 || !(range[0] <= range[1]))) {
            throw new IllegalArgumentException("histogram: the range is two rising numbers");
        }
        double[] ends = Tensors.noGrad(() ->
                range == null ? range("histogram", self().flatten(), 0, 0, 0.5) : widened(range[0], range[1], 0.5));
        // in the tensor's own arithmetic, as that decides on which side of an edge a number falls
        DType t = self().dtype();
        double low = Conversions.round(t, ends[0]);
        double high = Conversions.round(t, ends[1]);
        double step = Conversions.round(t, Conversions.round(t, high - low) / bins);
        double[] edges = new double[OutOfMemory.array("histogram", bins + 1.0)];
        for (int i = 0; i <= bins; i++) {
            edges[i] = i < (bins + 1) / 2
                    ? low + Conversions.round(t, i * step)
                    : high - Conversions.round(t, (bins - i) * step);
        }
        Tensor at = Tensors.of(t, edges, Shape.of(bins + 1)).to(self().device());
        return histogram(at, weight, density);
    }

    default Histogram histogram(Tensor bins) {
        return histogram(bins, null, false);
    }

    default Histogram histogram(Tensor bins, boolean density) {
        return histogram(bins, null, density);
    }

    /** A histogram of bins between the given edges, which rise. A bin holds its lower edge, the last one its upper edge too. */
    default Histogram histogram(Tensor bins, @Nullable Tensor weight, boolean density) {
        ReductionOps.floating("histogram", self());
        if (bins.dim() != 1 || bins.size(0) < 2 || bins.dtype() != self().dtype()) {
            throw new IllegalArgumentException("histogram: the edges must be 1-d, at least two and " + self().dtype()
                    + ", got " + bins.dtype() + " " + bins.shape());
        }
        if (weight != null && (!weight.shape().equals(self().shape()) || weight.dtype() != self().dtype())) {
            throw new IllegalArgumentException("histogram: the weight must be " + self().dtype() + " of shape "
                    + self().shape() + ", got " + weight.dtype() + " " + weight.shape());
        }
        long n = bins.size(0) - 1;
        Tensor hist = Tensors.noGrad(() -> Tape.composite("histogram", () -> {
            Tensor x = self().flatten();
            double low = bins.select(0, 0).item();
            double high = bins.select(0, n).item();
            Tensor place = bins.searchsorted(x, true).sub(1).clamp(0, n - 1);
            Tensor counts = counted(x, place, low, high, n, weight).to(self().dtype());
            return density ? counts.div(counts.sum()).div(bins.diff()) : counts;
        }));
        return new Histogram(hist, bins);
    }

    /** How many elements between the bounds have each place; in int64, or in float64 if they are weighted. */
    private static Tensor counted(Tensor x, Tensor place, double low, double high, long bins, @Nullable Tensor weight) {
        Tensor inside = x.ge(low).logicalAnd(x.le(high));
        Tensor at = place.maskedFill(inside.logicalNot(), bins); // one more bin, for the others
        DType type = weight == null ? DType.INT64 : DType.FLOAT64;
        Tensor each = weight == null
                ? x.like(type, x.shape()).fill_(1)
                : weight.flatten().to(type);
        return x.like(type, Shape.of(bins + 1)).zero_().scatterAdd(0, at, each).narrow(0, 0, bins);
    }

    private static double[] range(String op, Tensor x, double min, double max, double margin) {
        double low = min;
        double high = max;
        if (low == high && x.numel() > 0) {
            low = x.min().item();
            high = x.max().item();
        }
        if (!(Double.isFinite(low) && Double.isFinite(high) && low <= high)) {
            throw new IllegalArgumentException(
                    op + ": the range from " + low + " to " + high + " is not finite and rising");
        }
        return widened(low, high, margin);
    }

    private static double[] widened(double low, double high, double margin) {
        return low == high ? new double[] {low - margin, high + margin} : new double[] {low, high};
    }

    private Tensor wide() {
        return self().to(self().dtype().compute());
    }

    // ---- covariance

    /** {@link #cov(int, Tensor, Tensor)} with {@code n - 1} and equal weights. */
    default Tensor cov() {
        return cov(1, null, null);
    }

    /**
     * The covariances of variables, one a row, from observations, one a column: {@code [rows, rows]}, or 0-d for a single variable.
     *
     * @param correction what is subtracted from the number of observations
     * @param fweights how often each observation was made, integers; null for once
     * @param aweights how much each observation counts; null for equally
     */
    default Tensor cov(int correction, @Nullable Tensor fweights, @Nullable Tensor aweights) {
        if (self().dim() > 2) {
            throw new IllegalArgumentException("cov needs at most 2 dimensions, got shape " + self().shape());
        }
        if (fweights != null && fweights.dtype().isFloating()
                || aweights != null && !aweights.dtype().isFloating()) {
            throw new IllegalArgumentException("cov: fweights are integers, aweights floating-point");
        }
        Tensor rows = self().dim() < 2 ? self().reshape(1, -1) : self();
        long n = rows.size(1);
        for (Tensor w : new @Nullable Tensor[] {fweights, aweights}) {
            if (w != null && (w.dim() != 1 || w.numel() != n)) {
                throw new IllegalArgumentException(
                        "cov: weights of shape " + w.shape() + " for " + n + " observations; one for each is needed");
            }
        }
        return Tape.composite("cov", () -> {
            DType type = rows.dtype().isFloating() ? rows.dtype() : DType.FLOAT32;
            Tensor x = rows.to(type.compute());
            Tensor w = fweights == null ? aweights : aweights == null ? fweights : fweights.mul(aweights);
            Tensor weight = w == null ? null : w.to(x.dtype());
            Tensor total = weight == null ? x.like(x.dtype(), Shape.of()).fill_(n) : weight.sum();
            Tensor sum = (weight == null ? x : x.mul(weight)).sum(new int[] {1}, true);
            Tensor norm = total.sub(correction);
            if (aweights != null && weight != null && correction != 0) {
                norm = total.sub(
                        weight.mul(aweights.to(x.dtype())).sum().div(total).mul(correction));
            }
            Tensor centred = x.sub(sum.div(total));
            Tensor weighted = weight == null ? centred : centred.mul(weight);
            Tensor c = centred.matmul(weighted.t()).div(norm.clamp(0, null));
            return (c.numel() == 1 ? c.reshape() : c.squeeze()).to(type);
        });
    }

    /** The correlation coefficients of variables, one a row: the covariances over both standard deviations, within [-1, 1]. */
    default Tensor corrcoef() {
        if (self().dim() > 2) {
            throw new IllegalArgumentException("corrcoef needs at most 2 dimensions, got shape " + self().shape());
        }
        return Tape.composite("corrcoef", () -> {
            DType type = self().dtype().isFloating() ? self().dtype() : DType.FLOAT32;
            Tensor c = self().to(type.compute()).cov();
            if (c.dim() == 0) {
                return c.div(c).to(type);
            }
            long n = c.size(0);
            Tensor deviation =
                    c.gather(1, Tensors.arange(n).to(c.device()).reshape(n, 1)).sqrt();
            return c.div(deviation).div(deviation.t()).clamp(-1, 1).to(type);
        });
    }
}
