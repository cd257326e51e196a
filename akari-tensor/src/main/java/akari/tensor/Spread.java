package akari.tensor;

import akari.core.DType;
import akari.tensor.Reductions.StdMean;
import akari.tensor.Reductions.VarMean;

/** How far elements lie from their mean, over all or some dimensions, which are given as for {@link Reductions}. */
public sealed interface Spread permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** Variance over all elements, divided by {@code n - 1}. */
    default Tensor var() {
        return var(ReductionOps.every(self()), 1, false);
    }

    default Tensor var(boolean unbiased) {
        return var(ReductionOps.every(self()), unbiased, false);
    }

    default Tensor var(int... dims) {
        return var(dims, 1, false);
    }

    /** As in PyTorch, a flag right after the dimension tells what it divides by; {@code keepdim} comes after it. */
    default Tensor var(int dim, boolean unbiased) {
        return var(dim, unbiased, false);
    }

    /** As {@link #var(int, boolean)}. */
    default Tensor var(int[] dims, boolean unbiased) {
        return var(dims, unbiased, false);
    }

    default Tensor var(int dim, boolean unbiased, boolean keepdim) {
        return var(new int[] {dim}, unbiased, keepdim);
    }

    /** Variance over {@code dims}, divided by {@code n - 1} if {@code unbiased}, else by {@code n}. */
    default Tensor var(int[] dims, boolean unbiased, boolean keepdim) {
        return var(dims, unbiased ? 1 : 0, keepdim);
    }

    /** Variance over {@code dims}, divided by {@code n - correction}, or by 0 if that is negative. */
    default Tensor var(int[] dims, int correction, boolean keepdim) {
        ReductionOps.floating("var", self());
        return Tape.composite(
                "var",
                () -> ReductionOps.inRange(ReductionOps.wide(self()), 1, x -> variance(x, dims, correction, keepdim))
                        .to(self().dtype()));
    }

    private static Tensor variance(Tensor x, int[] dims, int correction, boolean keepdim) {
        Tensor centred = x.sub(x.mean(dims, true));
        long n = ReductionOps.count(x, dims);
        return centred.square().sum(dims, keepdim).div(Math.max(0, n - correction));
    }

    /** Standard deviation over all elements, with {@code n - 1}; gradient 0 where it is 0. */
    default Tensor std() {
        return std(ReductionOps.every(self()), 1, false);
    }

    default Tensor std(boolean unbiased) {
        return std(ReductionOps.every(self()), unbiased, false);
    }

    default Tensor std(int... dims) {
        return std(dims, 1, false);
    }

    /** As in PyTorch, a flag right after the dimension tells what it divides by; {@code keepdim} comes after it. */
    default Tensor std(int dim, boolean unbiased) {
        return std(dim, unbiased, false);
    }

    /** As {@link #std(int, boolean)}. */
    default Tensor std(int[] dims, boolean unbiased) {
        return std(dims, unbiased, false);
    }

    default Tensor std(int dim, boolean unbiased, boolean keepdim) {
        return std(new int[] {dim}, unbiased, keepdim);
    }

    default Tensor std(int[] dims, boolean unbiased, boolean keepdim) {
        return std(dims, unbiased ? 1 : 0, keepdim);
    }

    /** The root of {@link #var(int[], int, boolean)}. */
    default Tensor std(int[] dims, int correction, boolean keepdim) {
        ReductionOps.floating("std", self());
        return Tape.composite(
                "std",
                () -> ReductionOps.inRange(
                                ReductionOps.wide(self()),
                                2,
                                x -> ReductionOps.root(variance(x, dims, correction, keepdim)))
                        .to(self().dtype()));
    }

    default VarMean varMean() {
        return varMean(ReductionOps.every(self()), 1, false);
    }

    default VarMean varMean(boolean unbiased) {
        return varMean(ReductionOps.every(self()), unbiased, false);
    }

    default VarMean varMean(int... dims) {
        return varMean(dims, 1, false);
    }

    /** As {@link #var(int, boolean)}. */
    default VarMean varMean(int dim, boolean unbiased) {
        return varMean(dim, unbiased, false);
    }

    /** As {@link #var(int, boolean)}. */
    default VarMean varMean(int[] dims, boolean unbiased) {
        return varMean(dims, unbiased, false);
    }

    default VarMean varMean(int dim, boolean unbiased, boolean keepdim) {
        return varMean(new int[] {dim}, unbiased, keepdim);
    }

    default VarMean varMean(int[] dims, boolean unbiased, boolean keepdim) {
        return varMean(dims, unbiased ? 1 : 0, keepdim);
    }

    default VarMean varMean(int[] dims, int correction, boolean keepdim) {
        return new VarMean(var(dims, correction, keepdim), middle(dims, keepdim));
    }

    default StdMean stdMean() {
        return stdMean(ReductionOps.every(self()), 1, false);
    }

    default StdMean stdMean(boolean unbiased) {
        return stdMean(ReductionOps.every(self()), unbiased, false);
    }

    default StdMean stdMean(int... dims) {
        return stdMean(dims, 1, false);
    }

    /** As {@link #var(int, boolean)}. */
    default StdMean stdMean(int dim, boolean unbiased) {
        return stdMean(dim, unbiased, false);
    }

    /** As {@link #var(int, boolean)}. */
    default StdMean stdMean(int[] dims, boolean unbiased) {
        return stdMean(dims, unbiased, false);
    }

    default StdMean stdMean(int dim, boolean unbiased, boolean keepdim) {
        return stdMean(new int[] {dim}, unbiased, keepdim);
    }

    default StdMean stdMean(int[] dims, boolean unbiased, boolean keepdim) {
        return stdMean(dims, unbiased ? 1 : 0, keepdim);
    }

    default StdMean stdMean(int[] dims, int correction, boolean keepdim) {
        return new StdMean(std(dims, correction, keepdim), middle(dims, keepdim));
    }

    /** The mean beside a variance, which PyTorch finds without a sum: that one overflows in float32 does not show. */
    private Tensor middle(int[] dims, boolean keepdim) {
        DType type = self().dtype();
        if (type == DType.FLOAT64) {
            return self().mean(dims, keepdim);
        }
        return Tape.composite("mean", () -> {
            if (Mode.current().recorder == null) {
                Tensor m = self().mean(dims, keepdim);
                if (Tensors.noGrad(() -> m.isfinite().all().item()) != 0) {
                    return m;
                }
            }
            return self().to(DType.FLOAT64).mean(dims, keepdim).to(type);
        });
    }
}
