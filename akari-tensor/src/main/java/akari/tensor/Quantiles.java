package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Quantiles of floating-point tensors, differentiable with respect to the elements and to {@code q}. */
public sealed interface Quantiles permits Tensor {

    /** The value of a quantile that falls between two neighbours {@code a <= b}. */
    enum Interpolation {
        /** {@code a + (b - a) * fraction}. */
        LINEAR,
        LOWER,
        HIGHER,
        /** {@code (a + b) / 2}. */
        MIDPOINT,
        /** The nearer one; halfway the one of even rank. */
        NEAREST
    }

    private Tensor self() {
        return (Tensor) this;
    }

    /** The {@code q}-quantile of all elements, {@code 0 <= q <= 1}; NaN if there is any. */
    default Tensor quantile(double q) {
        return quantile(level(q), null, false, Interpolation.LINEAR);
    }

    default Tensor quantile(double q, boolean keepdim) {
        return quantile(q, null, keepdim, Interpolation.LINEAR);
    }

    default Tensor quantile(double q, Interpolation interpolation) {
        return quantile(q, null, false, interpolation);
    }

    default Tensor quantile(double q, int dim) {
        return quantile(level(q), dim, false, Interpolation.LINEAR);
    }

    default Tensor quantile(double q, int dim, boolean keepdim) {
        return quantile(level(q), dim, keepdim, Interpolation.LINEAR);
    }

    default Tensor quantile(double q, @Nullable Integer dim, boolean keepdim, Interpolation interpolation) {
        return quantile(level(q), dim, keepdim, interpolation);
    }

    /** Quantiles of all elements: of the shape of {@code q}, which is 0-d or 1-d and of this tensor's type. */
    default Tensor quantile(Tensor q) {
        return quantile(q, null, false, Interpolation.LINEAR);
    }

    default Tensor quantile(Tensor q, boolean keepdim) {
        return quantile(q, null, keepdim, Interpolation.LINEAR);
    }

    default Tensor quantile(Tensor q, Interpolation interpolation) {
        return quantile(q, null, false, interpolation);
    }

    default Tensor quantile(Tensor q, int dim) {
        return quantile(q, dim, false, Interpolation.LINEAR);
    }

    default Tensor quantile(Tensor q, int dim, boolean keepdim) {
        return quantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /**
     * Quantiles along {@code dim}, or of all elements if it is null. The quantiles of a 1-d {@code q} lie along a new first
     * dimension.
     */
    default Tensor quantile(Tensor q, @Nullable Integer dim, boolean keepdim, Interpolation interpolation) {
        return of("quantile", q, dim, keepdim, interpolation, false);
    }

    /** As {@link #quantile(double)}, of all elements but NaN. */
    default Tensor nanquantile(double q) {
        return nanquantile(level(q), null, false, Interpolation.LINEAR);
    }

    default Tensor nanquantile(double q, boolean keepdim) {
        return nanquantile(q, null, keepdim, Interpolation.LINEAR);
    }

    default Tensor nanquantile(double q, Interpolation interpolation) {
        return nanquantile(q, null, false, interpolation);
    }

    default Tensor nanquantile(double q, int dim) {
        return nanquantile(level(q), dim, false, Interpolation.LINEAR);
    }

    default Tensor nanquantile(double q, int dim, boolean keepdim) {
        return nanquantile(level(q), dim, keepdim, Interpolation.LINEAR);
    }

    default Tensor nanquantile(double q, @Nullable Integer dim, boolean keepdim, Interpolation interpolation) {
        return nanquantile(level(q), dim, keepdim, interpolation);
    }

    default Tensor nanquantile(Tensor q) {
        return nanquantile(q, null, false, Interpolation.LINEAR);
    }

    default Tensor nanquantile(Tensor q, boolean keepdim) {
        return nanquantile(q, null, keepdim, Interpolation.LINEAR);
    }

    default Tensor nanquantile(Tensor q, Interpolation interpolation) {
        return nanquantile(q, null, false, interpolation);
    }

    default Tensor nanquantile(Tensor q, int dim) {
        return nanquantile(q, dim, false, Interpolation.LINEAR);
    }

    default Tensor nanquantile(Tensor q, int dim, boolean keepdim) {
        return nanquantile(q, dim, keepdim, Interpolation.LINEAR);
    }

    /** As {@link #quantile(Tensor, Integer, boolean, Interpolation)}, of all elements but NaN. */
    default Tensor nanquantile(Tensor q, @Nullable Integer dim, boolean keepdim, Interpolation interpolation) {
        return of("nanquantile", q, dim, keepdim, interpolation, true);
    }

    private Tensor level(double q) {
        return self().like(self().dtype(), Shape.of()).fill_(q);
    }

    private Tensor of(
            String name, Tensor q, @Nullable Integer dim, boolean keepdim, Interpolation how, boolean ignoreNan) {
        NullArgument.check(q, "q");
        ReductionOps.floating(name, self());
        if (q.dtype() != self().dtype() || q.dim() > 1) {
            throw new IllegalArgumentException(name + ": q must be 0-d or 1-d and of the tensor's type "
                    + self().dtype() + ", got " + q.dtype() + " " + q.shape());
        }
        for (double v : q.toDoubles()) {
            if (!(v >= 0 && v <= 1)) {
                throw new IllegalArgumentException(name + ": q must lie in [0, 1], got " + v);
            }
        }
        boolean flat = dim == null || self().dim() == 0;
        Tensor x = flat ? self().flatten() : self();
        int axis = dim == null ? 0 : self().shape().axis(dim);
        if (x.size(axis) == 0) {
            throw new IllegalArgumentException(
                    name + " of an empty dimension of shape " + self().shape() + " does not exist");
        }
        return Tape.composite(name, () -> {
            Tensor values = along(x, q, axis, how, ignoreNan); // the quantiles in the place of the dimension
            if (q.dim() == 1) {
                values = values.unsqueeze(0).transpose(0, axis + 1);
            }
            int at = axis + q.dim();
            if (!keepdim || flat) {
                values = values.squeeze(at);
            }
            if (keepdim && flat) {
                long[] ones = new long[self().dim() + q.dim()];
                Arrays.fill(ones, 1);
                if (q.dim() == 1) {
                    ones[0] = q.size(0);
                }
                values = values.reshape(ones);
            }
            return values;
        });
    }

    private static Tensor along(Tensor x, Tensor q, int axis, Interpolation how, boolean ignoreNan) {
        NullArgument.check(how, "how");
        long n = x.size(axis);
        Tensor sorted = x.sort(axis).values();
        Tensor levels = q.reshape(Shape.fill(x.dim(), 1).with(axis, q.numel()));
        Shape shape = x.shape().with(axis, q.numel());
        Tensor rank;
        if (ignoreNan) {
            Tensor numbers = sorted.detach().isnan().logicalNot().sum(new int[] {axis}, true);
            rank = levels.mul(numbers.sub(1).clamp(0, null).to(x.dtype()));
        } else {
            Tensor nan = sorted.detach().narrow(axis, n - 1, 1).isnan();
            rank = levels.mul(n - 1).expand(shape.toArray()).maskedFill(nan, n - 1); // where NaN was sorted to
        }
        Tensor below = rank.detach().floor();
        return switch (how) {
            case LOWER -> pick(sorted, axis, below);
            case HIGHER -> pick(sorted, axis, rank.detach().ceil());
            case NEAREST -> pick(sorted, axis, rank.detach().round());
            case LINEAR -> between(sorted, axis, rank, rank.sub(below));
            case MIDPOINT ->
                between(sorted, axis, rank, Tensors.zerosLike(below).add(0.5));
        };
    }

    private static Tensor pick(Tensor sorted, int axis, Tensor rank) {
        return sorted.gather(axis, rank.to(DType.INT64));
    }

    private static Tensor between(Tensor sorted, int axis, Tensor rank, Tensor weight) {
        Tensor a = pick(sorted, axis, rank.detach().floor());
        Tensor b = pick(sorted, axis, rank.detach().ceil());
        Tensor gap = b.sub(a);
        // from the nearer end, so that both ends are exact
        Tensor fromBelow = a.add(gap.mul(weight));
        Tensor fromAbove = b.sub(gap.mul(weight.rsub(1)));
        return fromBelow.where(weight.detach().lt(0.5), fromAbove);
    }
}
