package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;

/** Distances and angles between vectors. */
public sealed interface Distances permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@link #cdist(Tensor, double)} with the Euclidean norm. */
    default Tensor cdist(Tensor x2) {
        return cdist(x2, 2);
    }

    /**
     * The {@code p}-norm of the difference of every row of this and every row of {@code x2}: {@code [*, m, k]} and {@code [*, n, k]} give
     * {@code [*, m, n]}, batches broadcast. Any {@code p >= 0}, infinity among them. More than 25 rows on either side take the Euclidean
     * distance by way of a matrix product, as in PyTorch: faster, and less exact where two rows are close.
     */
    default Tensor cdist(Tensor x2, double p) {
        Tensor x1 = self();
        if (x1.dim() < 2 || x2.dim() < 2 || x1.size(-1) != x2.size(-1) || x1.dtype() != x2.dtype()) {
            throw new IllegalArgumentException("cdist needs [*, m, k] and [*, n, k] of one floating type, got "
                    + x1.dtype() + " " + x1.shape() + " and " + x2.dtype() + " " + x2.shape());
        }
        if (!x1.dtype().isFloating() || !(p >= 0)) {
            throw new IllegalArgumentException(
                    "cdist needs a floating type and p >= 0, got " + x1.dtype() + " and p = " + p);
        }
        DType type = x1.dtype();
        return Tape.composite(
                "cdist",
                () -> between(x1.to(type.compute()), x2.to(type.compute()), p).to(type));
    }

    private static Tensor between(Tensor x1, Tensor x2, double p) {
        if (p == 2 && (x1.size(-2) > 25 || x2.size(-2) > 25)) {
            return byProduct(x1, x2);
        }
        return norms(x1.unsqueeze(-2).sub(x2.unsqueeze(-3)), p);
    }

    private static Tensor norms(Tensor difference, double p) {
        if (difference.size(-1) == 0) {
            return difference.sum(-1);
        }
        if (p == 0) {
            return difference.abs().ceil().clamp(null, 1.0).sum(-1); // NaN stays, and the gradient is 0
        }
        return p == Double.POSITIVE_INFINITY ? largest(difference) : difference.norm(p, -1, false);
    }

    private static Tensor byProduct(Tensor x1, Tensor x2) {
        Tensor squares =
                x1.square().sum(new int[] {-1}, true).add(x2.square().sum(-1).unsqueeze(-2));
        Tensor d = squares.sub(x1.matmul(MatrixParts.transposed(x2)).mul(2));
        Tensor none = d.detach().le(0);
        return d.maskedFill(none, 1).sqrt().maskedFill(none, 0);
    }

    /** The largest magnitude along the last dimension; of equals each has the whole gradient, as PyTorch has it here. */
    private static Tensor largest(Tensor x) {
        Tensor size = x.abs();
        Tensor values = size.detach();
        Tensor top = values.amax(new int[] {-1}, true);
        return top.squeeze(-1)
                .add(size.sub(values).maskedFill(values.ne(top), 0).sum(-1));
    }

    /** {@link #pdist(double)} with the Euclidean norm. */
    default Tensor pdist() {
        return pdist(2);
    }

    /** The {@code p}-norms of the differences of all pairs of rows {@code i < j} of {@code [n, m]}, as a vector of n(n-1)/2 numbers. */
    default Tensor pdist(double p) {
        Tensor x = self();
        if (x.dim() != 2 || !x.dtype().isFloating() || !(p >= 0)) {
            throw new IllegalArgumentException("pdist needs a matrix of a floating type and p >= 0, got " + x.dtype()
                    + " " + x.shape() + " and p = " + p);
        }
        return Tape.composite("pdist", () -> {
            Tensor wide = x.to(x.dtype().compute());
            Tensor pairs = Tensors.triuIndices(x.size(0), x.size(0), 1).to(x.device());
            Tensor difference = wide.indexSelect(0, pairs.get(0)).sub(wide.indexSelect(0, pairs.get(1)));
            return norms(difference, p).to(x.dtype());
        });
    }

    /** {@code cosineSimilarity(x2, 1, 1e-8)}. */
    default Tensor cosineSimilarity(Tensor x2) {
        return cosineSimilarity(x2, 1, 1e-8);
    }

    default Tensor cosineSimilarity(Tensor x2, int dim) {
        return cosineSimilarity(x2, dim, 1e-8);
    }

    /** The cosine of the angle between the vectors along {@code dim}; norms below {@code eps} count as {@code eps}. The shapes broadcast. */
    default Tensor cosineSimilarity(Tensor x2, int dim, double eps) {
        NullArgument.check(x2, "x2");
        long[] shape = Shape.broadcast(self().shape(), x2.shape()).toArray();
        return Tape.composite(
                "cosineSimilarity",
                () -> Elementwise.rounded(
                        self(),
                        x2,
                        (a, b) -> unit(a.expand(shape), dim, eps)
                                .mul(unit(b.expand(shape), dim, eps))
                                .sum(dim)));
    }

    private static Tensor unit(Tensor x, int dim, double eps) {
        Tensor norm = x.norm(2, dim, true);
        Tensor value = norm.detach();
        // the gradient does not see the bound
        return x.div(norm.where(value.ge(eps), norm.sub(value).add(eps)));
    }

    /** {@code pairwiseDistance(x2, 2, 1e-6, false)}. */
    default Tensor pairwiseDistance(Tensor x2) {
        return pairwiseDistance(x2, 2, 1e-6, false);
    }

    default Tensor pairwiseDistance(Tensor x2, double p) {
        return pairwiseDistance(x2, p, 1e-6);
    }

    default Tensor pairwiseDistance(Tensor x2, double p, double eps) {
        return pairwiseDistance(x2, p, eps, false);
    }

    default Tensor pairwiseDistance(Tensor x2, boolean keepdim) {
        return pairwiseDistance(x2, 2, 1e-6, keepdim);
    }

    /** The {@code p}-norm of {@code this - x2 + eps} over the last dimension. */
    default Tensor pairwiseDistance(Tensor x2, double p, double eps, boolean keepdim) {
        return Tape.composite(
                "pairwiseDistance",
                () -> Elementwise.rounded(
                        self(), x2, (a, b) -> a.sub(b).add(eps).norm(p, -1, keepdim)));
    }
}
