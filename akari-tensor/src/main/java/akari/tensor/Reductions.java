package akari.tensor;

import akari.backend.ReduceOp;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reductions over all or some dimensions. Negative dimensions count from the end, an empty list of them means all, one that comes
 * twice is an error. {@code keepdim} leaves the reduced dimensions with size 1; PyTorch's default is false. With a {@code dtype}
 * the tensor is converted first, so that a sum does not overflow.
 */
public sealed interface Reductions permits Tensor {

    /** Values and their positions along a dimension. */
    record Indexed(Tensor values, Tensor indices) {
        /** Without {@code dim}, which has size 1, unless it is to be kept. */
        Indexed kept(int dim, boolean keepdim) {
            return keepdim ? this : new Indexed(values.squeeze(dim), indices.squeeze(dim));
        }
    }

    /** The smallest and the largest elements. */
    record MinMax(Tensor min, Tensor max) {}

    /** Variances and means over the same elements. */
    record VarMean(Tensor var, Tensor mean) {}

    /** Standard deviations and means over the same elements. */
    record StdMean(Tensor std, Tensor mean) {}

    private Tensor self() {
        return (Tensor) this;
    }

    // ---- sums

    /** Sum of all elements; of bool and integer tensors an int64. */
    default Tensor sum() {
        return sum(ReductionOps.every(self()), false);
    }

    default Tensor sum(DType dtype) {
        return sum(ReductionOps.every(self()), false, dtype);
    }

    default Tensor sum(int... dims) {
        return sum(dims, false);
    }

    default Tensor sum(int dim, boolean keepdim) {
        return sum(new int[] {dim}, keepdim);
    }

    default Tensor sum(int dim, DType dtype) {
        return sum(new int[] {dim}, false, dtype);
    }

    default Tensor sum(int[] dims, boolean keepdim) {
        return reduce(ReduceOp.SUM, dims, keepdim);
    }

    default Tensor sum(int[] dims, boolean keepdim, DType dtype) {
        return self().to(dtype).sum(dims, keepdim).to(dtype);
    }

    /** Sum of all elements but NaN. */
    default Tensor nansum() {
        return nansum(ReductionOps.every(self()), false);
    }

    default Tensor nansum(boolean keepdim) {
        return nansum(ReductionOps.every(self()), keepdim);
    }

    default Tensor nansum(DType dtype) {
        return nansum(ReductionOps.every(self()), false, dtype);
    }

    default Tensor nansum(int dim, DType dtype) {
        return nansum(new int[] {dim}, false, dtype);
    }

    default Tensor nansum(int... dims) {
        return nansum(dims, false);
    }

    default Tensor nansum(int dim, boolean keepdim) {
        return nansum(new int[] {dim}, keepdim);
    }

    default Tensor nansum(int[] dims, boolean keepdim) {
        return self().dtype().isFloating()
                ? Tape.composite(
                        "nansum",
                        () -> self().maskedFill(self().detach().isnan(), 0).sum(dims, keepdim))
                : sum(dims, keepdim);
    }

    default Tensor nansum(int[] dims, boolean keepdim, DType dtype) {
        return self().to(dtype).nansum(dims, keepdim).to(dtype);
    }

    /** Mean of all elements. */
    default Tensor mean() {
        return mean(ReductionOps.every(self()), false);
    }

    default Tensor mean(DType dtype) {
        return mean(ReductionOps.every(self()), false, dtype);
    }

    default Tensor mean(int... dims) {
        return mean(dims, false);
    }

    default Tensor mean(int dim, boolean keepdim) {
        return mean(new int[] {dim}, keepdim);
    }

    default Tensor mean(int dim, DType dtype) {
        return mean(new int[] {dim}, false, dtype);
    }

    default Tensor mean(int[] dims, boolean keepdim) {
        ReductionOps.floating("mean", self());
        return Tape.composite(
                "mean",
                () -> ReductionOps.wide(self())
                        .sum(dims, keepdim)
                        .div(ReductionOps.count(self(), dims))
                        .to(self().dtype()));
    }

    default Tensor mean(int[] dims, boolean keepdim, DType dtype) {
        return self().to(dtype).mean(dims, keepdim);
    }

    /** Mean of all elements but NaN; NaN where there is no other. */
    default Tensor nanmean() {
        return nanmean(ReductionOps.every(self()), false);
    }

    default Tensor nanmean(boolean keepdim) {
        return nanmean(ReductionOps.every(self()), keepdim);
    }

    default Tensor nanmean(DType dtype) {
        return nanmean(ReductionOps.every(self()), false, dtype);
    }

    default Tensor nanmean(int dim, DType dtype) {
        return nanmean(new int[] {dim}, false, dtype);
    }

    default Tensor nanmean(int... dims) {
        return nanmean(dims, false);
    }

    default Tensor nanmean(int dim, boolean keepdim) {
        return nanmean(new int[] {dim}, keepdim);
    }

    default Tensor nanmean(int[] dims, boolean keepdim) {
        ReductionOps.floating("nanmean", self());
        return Tape.composite("nanmean", () -> {
            Tensor x = ReductionOps.wide(self());
            Tensor numbers = x.detach().isnan().logicalNot().sum(dims, keepdim);
            return x.nansum(dims, keepdim).div(numbers).to(self().dtype());
        });
    }

    default Tensor nanmean(int[] dims, boolean keepdim, DType dtype) {
        return self().to(dtype).nanmean(dims, keepdim);
    }

    /** Product of all elements; of bool and integer tensors an int64. Its gradient is right where elements are 0. */
    default Tensor prod() {
        return prod(ReductionOps.every(self()), false);
    }

    default Tensor prod(DType dtype) {
        return self().to(dtype).prod().to(dtype);
    }

    default Tensor prod(int... dims) {
        return prod(dims, false);
    }

    default Tensor prod(int dim, boolean keepdim) {
        return prod(new int[] {dim}, keepdim);
    }

    default Tensor prod(int dim, DType dtype) {
        return prod(new int[] {dim}, false, dtype);
    }

    default Tensor prod(int dim, boolean keepdim, DType dtype) {
        return prod(new int[] {dim}, keepdim, dtype);
    }

    default Tensor prod(int[] dims, boolean keepdim) {
        return reduce(ReduceOp.PROD, dims, keepdim);
    }

    default Tensor prod(int[] dims, boolean keepdim, DType dtype) {
        return self().to(dtype).prod(dims, keepdim).to(dtype);
    }

    /** How many elements are not 0; int64. NaN is not 0. */
    default Tensor countNonzero() {
        return countNonzero(ReductionOps.every(self()));
    }

    default Tensor countNonzero(int... dims) {
        return Tensors.noGrad(
                () -> Tape.composite("countNonzero", () -> self().ne(0).sum(dims)));
    }

    /** {@code log(sum(exp(x)))} over {@code dims}, without overflow; integers become float32. */
    default Tensor logsumexp(int... dims) {
        return logsumexp(dims, false);
    }

    default Tensor logsumexp(int dim, boolean keepdim) {
        return logsumexp(new int[] {dim}, keepdim);
    }

    default Tensor logsumexp(int[] dims, boolean keepdim) {
        DType type = self().dtype().isFloating() ? self().dtype() : DType.FLOAT32;
        return Tape.composite("logsumexp", () -> {
            Tensor x = self().to(type.compute());
            if (ReductionOps.count(self(), dims) == 0) {
                return x.sum(dims, keepdim).log().to(type);
            }
            Tensor top = x.detach().amax(dims, true);
            top = top.maskedFill(top.isfinite().logicalNot(), 0);
            Tensor sum = x.sub(top).exp().sum(dims, true).log().add(top).to(type);
            return keepdim ? sum : sum.reshape(ReductionOps.reduced(self().shape(), axes("logsumexp", dims), false));
        });
    }

    // ---- extremes

    /** Largest elements over {@code dims}; NaN wins; ties share the gradient. */
    default Tensor amax(int... dims) {
        return amax(dims, false);
    }

    default Tensor amax(boolean keepdim) {
        return amax(ReductionOps.every(self()), keepdim);
    }

    default Tensor amax(int dim, boolean keepdim) {
        return amax(new int[] {dim}, keepdim);
    }

    default Tensor amax(int[] dims, boolean keepdim) {
        return reduce("amax", ReduceOp.MAX, dims, keepdim);
    }

    /** Smallest elements over {@code dims}; NaN wins; ties share the gradient. */
    default Tensor amin(int... dims) {
        return amin(dims, false);
    }

    default Tensor amin(boolean keepdim) {
        return amin(ReductionOps.every(self()), keepdim);
    }

    default Tensor amin(int dim, boolean keepdim) {
        return amin(new int[] {dim}, keepdim);
    }

    default Tensor amin(int[] dims, boolean keepdim) {
        return reduce("amin", ReduceOp.MIN, dims, keepdim);
    }

    default MinMax aminmax() {
        return new MinMax(amin(), amax());
    }

    default MinMax aminmax(boolean keepdim) {
        return new MinMax(amin(keepdim), amax(keepdim));
    }

    default MinMax aminmax(int dim) {
        return aminmax(dim, false);
    }

    default MinMax aminmax(int dim, boolean keepdim) {
        return new MinMax(amin(dim, keepdim), amax(dim, keepdim));
    }

    /** The largest element. */
    default Tensor max() {
        return reduce("max", ReduceOp.MAX, ReductionOps.every(self()), false);
    }

    /** The smallest element. */
    default Tensor min() {
        return reduce("min", ReduceOp.MIN, ReductionOps.every(self()), false);
    }

    /** {@link Tensor#maximum}. */
    default Tensor max(Tensor other) {
        return self().maximum(other);
    }

    /** {@link Tensor#minimum}. */
    default Tensor min(Tensor other) {
        return self().minimum(other);
    }

    /** The largest elements along {@code dim} and the first position of each; the gradient goes there. */
    default Indexed max(int dim) {
        return max(dim, false);
    }

    default Indexed max(int dim, boolean keepdim) {
        return indexed(reduce("max", ReduceOp.ARGMAX, new int[] {dim}, true), dim, keepdim);
    }

    /** The smallest elements along {@code dim} and the first position of each; the gradient goes there. */
    default Indexed min(int dim) {
        return min(dim, false);
    }

    default Indexed min(int dim, boolean keepdim) {
        return indexed(reduce("min", ReduceOp.ARGMIN, new int[] {dim}, true), dim, keepdim);
    }

    private Indexed indexed(Tensor at, int dim, boolean keepdim) {
        return new Indexed(self().gather(dim, at), at).kept(dim, keepdim);
    }

    /** Position of the largest element in row-major order, int64; the first of equals. */
    default Tensor argmax() {
        return self().flatten().argmax(0);
    }

    default Tensor argmax(boolean keepdim) {
        return keepdim ? argmax().reshape(Shape.fill(self().dim(), 1)) : argmax();
    }

    /** Position of the largest element along {@code dim}, int64; the first of equals. */
    default Tensor argmax(int dim) {
        return argmax(dim, false);
    }

    default Tensor argmax(int dim, boolean keepdim) {
        return reduce("argmax", ReduceOp.ARGMAX, new int[] {dim}, keepdim);
    }

    /** Position of the smallest element in row-major order, int64; the first of equals. */
    default Tensor argmin() {
        return self().flatten().argmin(0);
    }

    default Tensor argmin(boolean keepdim) {
        return keepdim ? argmin().reshape(Shape.fill(self().dim(), 1)) : argmin();
    }

    default Tensor argmin(int dim) {
        return argmin(dim, false);
    }

    default Tensor argmin(int dim, boolean keepdim) {
        return reduce("argmin", ReduceOp.ARGMIN, new int[] {dim}, keepdim);
    }

    // ---- truth

    /** Whether any element is non-zero; NaN is. Bool, of a uint8 tensor uint8. */
    default Tensor any() {
        return any(ReductionOps.every(self()), false);
    }

    default Tensor any(int... dims) {
        return any(dims, false);
    }

    default Tensor any(int dim, boolean keepdim) {
        return any(new int[] {dim}, keepdim);
    }

    default Tensor any(int[] dims, boolean keepdim) {
        return reduce(ReduceOp.ANY, dims, keepdim);
    }

    /** Whether all elements are non-zero. Bool, of a uint8 tensor uint8. */
    default Tensor all() {
        return all(ReductionOps.every(self()), false);
    }

    default Tensor all(int... dims) {
        return all(dims, false);
    }

    default Tensor all(int dim, boolean keepdim) {
        return all(new int[] {dim}, keepdim);
    }

    default Tensor all(int[] dims, boolean keepdim) {
        return reduce(ReduceOp.ALL, dims, keepdim);
    }

    // ---- dimensions

    private Tensor reduce(ReduceOp op, int[] dims, boolean keepdim) {
        return reduce(op.name().toLowerCase(Locale.ROOT), op, dims, keepdim);
    }

    private Tensor reduce(String name, ReduceOp op, int[] dims, boolean keepdim) {
        boolean extreme = op == ReduceOp.MAX || op == ReduceOp.MIN || op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
        List<Integer> axes = axes(name, dims);
        for (int a : axes) {
            if (extreme && self().dim() > 0 && self().size(a) == 0) {
                throw new IllegalArgumentException(name + " over the empty dimension " + a + " of shape "
                        + self().shape() + " does not exist; reduce a dimension that has elements");
            }
        }
        Tensor out = Tape.apply(new ReductionOps.Reduce(op, axes, keepdim), self());
        boolean truth = op == ReduceOp.ANY || op == ReduceOp.ALL;
        return truth && self().dtype() == DType.UINT8 ? out.to(DType.UINT8) : out;
    }

    /** From 0 on, in their order; all if there are none. */
    private List<Integer> axes(String op, int[] dims) {
        NullArgument.check(dims, "dims");
        List<Integer> axes = new ArrayList<>();
        for (int d : dims.length == 0 ? ReductionOps.every(self()) : dims) {
            int a = self().shape().axis(d);
            if (axes.contains(a)) {
                throw new IllegalArgumentException(
                        op + ": dimension " + a + " appears twice among " + Arrays.toString(dims));
            }
            axes.add(a);
        }
        return axes;
    }
}
