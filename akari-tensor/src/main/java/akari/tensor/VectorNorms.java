package akari.tensor;

import akari.core.DType;
import java.util.Arrays;

/**
 * Norms of the elements as of a vector: {@code sum(|x|^p)^(1/p)}, for infinite {@code p} the largest (or smallest) magnitude, for 0
 * the number of non-zero elements. Gradients are 0 where a norm is 0.
 */
public sealed interface VectorNorms permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** Euclidean norm of all elements. */
    default Tensor norm() {
        return norm(2);
    }

    default Tensor norm(double p) {
        return norm(p, ReductionOps.every(self()), false);
    }

    default Tensor norm(double p, int... dims) {
        return norm(p, dims, false);
    }

    default Tensor norm(double p, int dim, boolean keepdim) {
        return norm(p, new int[] {dim}, keepdim);
    }

    /** The {@code p}-norm over {@code dims}; over all if there are none. */
    default Tensor norm(double p, int[] dims, boolean keepdim) {
        ReductionOps.floating("norm", self());
        if (p < 0 || p == Double.POSITIVE_INFINITY) {
            for (int d : dims.length == 0 ? ReductionOps.every(self()) : dims) {
                if (self().dim() > 0 && self().size(d) == 0) {
                    throw new IllegalArgumentException("norm: the " + p + "-norm over the empty dimension " + d
                            + " of shape " + self().shape() + " does not exist");
                }
            }
        }
        return Tape.composite("norm", () -> {
            Tensor x = self().to(self().dtype().compute());
            return norm(x, p, dims, keepdim).to(self().dtype());
        });
    }

    /** The norm of this tensor converted to {@code dtype}. */
    default Tensor norm(double p, int[] dims, boolean keepdim, DType dtype) {
        return self().to(dtype).norm(p, dims, keepdim);
    }

    private static Tensor norm(Tensor x, double p, int[] dims, boolean keepdim) {
        if (p == Double.POSITIVE_INFINITY) {
            return x.abs().amax(dims, keepdim);
        } else if (p == Double.NEGATIVE_INFINITY) {
            return x.abs().amin(dims, keepdim);
        } else if (p == 0) {
            return Elementwise.floating(ComparisonFormulas.NONZERO, x).sum(dims, keepdim);
        } else if (p == 1) {
            return x.abs().sum(dims, keepdim);
        } else if (p == 2) {
            return ReductionOps.inRange(x, p, v -> ReductionOps.root(v.square().sum(dims, keepdim)));
        }
        return ReductionOps.inRange(x, p, v -> ofPowers(v, p, dims, keepdim));
    }

    private static Tensor ofPowers(Tensor x, double p, int[] dims, boolean keepdim) {
        Tensor size = x.abs();
        Tensor none = size.detach().eq(0);
        Tensor powers = p >= 1
                ? size.pow(p)
                : size.maskedFill(none, 1).pow(p).maskedFill(none, p < 0 ? Double.POSITIVE_INFINITY : 0);
        Tensor sum = powers.sum(dims, keepdim);
        Tensor zero = sum.detach().eq(0);
        return sum.maskedFill(zero, 1).pow(1 / p).maskedFill(zero, p < 0 ? Double.POSITIVE_INFINITY : 0);
    }

    /** Euclidean distance from {@code other}, over all elements of the broadcast difference. */
    default Tensor dist(Tensor other) {
        return dist(other, 2);
    }

    /** The {@code p}-norm of {@code this - other}. */
    default Tensor dist(Tensor other, double p) {
        return Tape.composite(
                "dist",
                () -> Elementwise.rounded(self(), other, (a, b) -> a.sub(b).norm(p)));
    }

    /** Each slice along {@code dim} scaled down so that its {@code p}-norm is at most {@code maxnorm}. */
    default Tensor renorm(double p, int dim, double maxnorm) {
        ReductionOps.floating("renorm", self());
        if (self().dim() < 2) {
            throw new IllegalArgumentException("renorm needs at least 2 dimensions, got shape " + self().shape());
        }
        if (!(p > 0) || !(maxnorm >= 0)) {
            throw new IllegalArgumentException(
                    "renorm: p must be positive and maxnorm not negative, got " + p + " and " + maxnorm);
        }
        int axis = self().shape().axis(dim);
        int[] others =
                Arrays.stream(ReductionOps.every(self())).filter(d -> d != axis).toArray();
        return Tape.composite("renorm", () -> {
            DType type = self().dtype().compute();
            Tensor norms = self().detach().to(type).norm(p, others, true);
            // the gradient divides by their squares
            Tensor x = self().to(ReductionOps.outside(norms, 1e-15, 1e15) ? DType.FLOAT64 : type);
            Tensor small = norms.gt(maxnorm).logicalNot();
            // what is not scaled takes no part: a norm of NaN would spoil its gradient
            Tensor large = x.maskedFill(small, 1);
            Tensor norm = large.norm(p, others, true);
            return x.where(small, large.mul(norm.add(1e-7).rdiv(maxnorm))).to(self().dtype());
        });
    }

    default Tensor renorm_(double p, int dim, double maxnorm) {
        self().checkInPlace("renorm_");
        VectorNorms before = self().requiresGrad() ? self().clone() : self(); // its gradient needs what is written over
        return self().copy_(before.renorm(p, dim, maxnorm));
    }
}
