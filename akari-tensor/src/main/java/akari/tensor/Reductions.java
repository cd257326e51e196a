package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr.Cmp;
import akari.backend.Layout;
import akari.formula.Pointwise;
import akari.backend.ReduceOp;
import akari.backend.Scan;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reductions over all or some dimensions. Negative dimensions count from the end, an empty list of them means all, one that comes
 * twice is an error. {@code keepdim} leaves the reduced dimensions with size 1; PyTorch's default is false. With a {@code dtype}
 * the tensor is converted first, so that a sum does not overflow.
 */
public sealed interface Reductions permits Tensor {
    /** Whether an element is its group's extreme, or NaN, as the extreme is then. */
    Pointwise HIT = Pointwise.of("hit", (x, y) -> select(Cmp.EQ, x, y, lit(1), select(Cmp.NE, x, x, lit(1), lit(0))))
            .slopes(lit(0), lit(0));

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
        return sum(every(self()), false);
    }

    default Tensor sum(DType dtype) {
        return sum(every(self()), false, dtype);
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
        return nansum(every(self()), false);
    }

    default Tensor nansum(boolean keepdim) {
        return nansum(every(self()), keepdim);
    }

    default Tensor nansum(DType dtype) {
        return nansum(every(self()), false, dtype);
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
        return mean(every(self()), false);
    }

    default Tensor mean(DType dtype) {
        return mean(every(self()), false, dtype);
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
        floating("mean", self());
        return Tape.composite(
                "mean",
                () -> wide(self()).sum(dims, keepdim).div(count(self(), dims)).to(self().dtype()));
    }

    default Tensor mean(int[] dims, boolean keepdim, DType dtype) {
        return self().to(dtype).mean(dims, keepdim);
    }

    /** Mean of all elements but NaN; NaN where there is no other. */
    default Tensor nanmean() {
        return nanmean(every(self()), false);
    }

    default Tensor nanmean(boolean keepdim) {
        return nanmean(every(self()), keepdim);
    }

    default Tensor nanmean(DType dtype) {
        return nanmean(every(self()), false, dtype);
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
        floating("nanmean", self());
        return Tape.composite("nanmean", () -> {
            Tensor x = wide(self());
            Tensor numbers = x.detach().isnan().logicalNot().sum(dims, keepdim);
            return x.nansum(dims, keepdim).div(numbers).to(self().dtype());
        });
    }

    default Tensor nanmean(int[] dims, boolean keepdim, DType dtype) {
        return self().to(dtype).nanmean(dims, keepdim);
    }

    /** Product of all elements; of bool and integer tensors an int64. Its gradient is right where elements are 0. */
    default Tensor prod() {
        return prod(every(self()), false);
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
        return countNonzero(every(self()));
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
            if (count(self(), dims) == 0) {
                return x.sum(dims, keepdim).log().to(type);
            }
            Tensor top = x.detach().amax(dims, true);
            top = top.maskedFill(top.isfinite().logicalNot(), 0);
            Tensor sum = x.sub(top).exp().sum(dims, true).log().add(top).to(type);
            return keepdim ? sum : sum.reshape(reduced(self().shape(), axes("logsumexp", dims), false));
        });
    }

    // ---- extremes

    /** Largest elements over {@code dims}; NaN wins; ties share the gradient. */
    default Tensor amax(int... dims) {
        return amax(dims, false);
    }

    default Tensor amax(boolean keepdim) {
        return amax(every(self()), keepdim);
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
        return amin(every(self()), keepdim);
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
        return reduce("max", ReduceOp.MAX, every(self()), false);
    }

    /** The smallest element. */
    default Tensor min() {
        return reduce("min", ReduceOp.MIN, every(self()), false);
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
        return any(every(self()), false);
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
        return all(every(self()), false);
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

    // ---- range

    Pointwise OUTSIDE = Pointwise.of(
            "outside",
            1,
            2,
            select(Cmp.LT, in(0), scalar(0), lit(1), select(Cmp.GT, in(0), scalar(1), lit(1), lit(0))));

    /**
     * {@code f(x)}, a {@code p}-th root of a sum of {@code p}-th powers: in float32 where the sum keeps to its range, else in float64, as
     * the root may be a number where the sum is infinite or 0. A captured graph, which cannot look, takes float64 at once.
     */
    static Tensor inRange(Tensor x, double p, UnaryOperator<Tensor> f) {
        if (x.dtype() != DType.FLOAT32) {
            return f.apply(x);
        }
        if (Mode.current().recorder == null) {
            Tensor y = f.apply(x);
            if (!outside(y, Math.pow(1e-30, 1 / p), Math.pow(1e38, 1 / p))) {
                return y;
            }
        }
        return f.apply(x.to(DType.FLOAT64)).to(DType.FLOAT32);
    }

    /** Whether an element is a number beyond both, which come in either order. */
    static boolean outside(Tensor y, double one, double other) {
        double low = Math.min(one, other);
        double high = Math.max(one, other);
        if (y.numel() == 1) {
            double v = y.item();
            return v < low || v > high;
        }
        return Tensors.noGrad(() -> Elementwise.compare(OUTSIDE, new double[] {low, high}, y.dtype(), y)
                        .any()
                        .item())
                != 0;
    }

    /** Without the infinite slope at 0. */
    static Tensor root(Tensor x) {
        Tensor zero = x.detach().eq(0);
        return x.maskedFill(zero, 1).sqrt().maskedFill(zero, 0);
    }

    // ---- dimensions

    static int[] every(Tensor x) {
        int[] dims = new int[x.dim()];
        Arrays.setAll(dims, d -> d);
        return dims;
    }

    static long count(Tensor x, int[] dims) {
        NullArgument.check(dims, "dims");
        long n = 1;
        for (int d : dims.length == 0 ? every(x) : dims) {
            n *= x.dim() == 0 ? 1 : x.size(d);
        }
        return n;
    }

    /** In the type in which the arithmetic is done, so that a composite of several steps rounds once. */
    static Tensor wide(Tensor x) {
        return x.to(x.dtype().compute());
    }

    static void floating(String op, Tensor x) {
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    op + " needs a floating-point tensor, this one is " + x.dtype() + "; convert it with to(FLOAT32)");
        }
    }

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
        Tensor out = Tape.apply(new Reduce(op, axes, keepdim), self());
        boolean truth = op == ReduceOp.ANY || op == ReduceOp.ALL;
        return truth && self().dtype() == DType.UINT8 ? out.to(DType.UINT8) : out;
    }

    /** From 0 on, in their order; all if there are none. */
    private List<Integer> axes(String op, int[] dims) {
        NullArgument.check(dims, "dims");
        List<Integer> axes = new ArrayList<>();
        for (int d : dims.length == 0 ? every(self()) : dims) {
            int a = self().shape().axis(d);
            if (axes.contains(a)) {
                throw new IllegalArgumentException(
                        op + ": dimension " + a + " appears twice among " + Arrays.toString(dims));
            }
            axes.add(a);
        }
        return axes;
    }

    private static Shape reduced(Shape shape, List<Integer> dims, boolean keepdim) {
        List<Long> out = new ArrayList<>();
        for (int d = 0; d < shape.rank(); d++) {
            if (!dims.contains(d)) {
                out.add(shape.get(d));
            } else if (keepdim) {
                out.add(1L);
            }
        }
        return Shape.of(out.stream().mapToLong(n -> n).toArray());
    }

    record Reduce(ReduceOp op, List<Integer> dims, boolean keepdim) implements Op {
        @Override
        public String name() {
            return op.name().toLowerCase(Locale.ROOT);
        }

        private Shape kept(Shape in, boolean keep) {
            return reduced(in, dims, keep);
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            DType type = switch (op) {
                case SUM, PROD -> x.dtype().isFloating() ? x.dtype() : DType.INT64;
                case MAX, MIN -> x.dtype();
                case ARGMAX, ARGMIN -> DType.INT64;
                case ANY, ALL -> DType.BOOL;
            };
            Tensor out = x.like(type, kept(x.shape(), keepdim));
            x.backend().reduce(op, x.view, out.view.with(Layout.contiguous(kept(x.shape(), true))));
            if (call.recording() && (op == ReduceOp.MAX || op == ReduceOp.MIN || op == ReduceOp.PROD)) {
                call.save(x);
                call.save(out);
            }
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Shape in = call.inputShape(0);
            Tensor spread = g.reshape(kept(in, true)).expand(in.toArray());
            return new Tensor[] {
                switch (op) {
                    case SUM -> spread;
                    case PROD -> severalZeros(call.saved(0)) ? spread.mul(0) : spread.mul(others(call.saved(0)));
                    case MAX, MIN -> {
                        Tensor x = call.saved(0);
                        Tensor y = call.saved(1).reshape(kept(in, true));
                        Tensor hit = Elementwise.arithmetic(HIT, x, y);
                        int[] axes = dims.stream().mapToInt(d -> d).toArray();
                        yield spread.mul(hit).div(hit.sum(axes, true));
                    }
                    case ARGMAX, ARGMIN, ANY, ALL ->
                        throw new UnsupportedOperationException("the gradient of " + name() + " is not defined");
                }
            };
        }

        /** Then no product of all the others is anything else, as PyTorch has it of a product of all elements, beside infinities too. */
        private boolean severalZeros(Tensor x) {
            return dims.size() == x.dim() && Tensors.noGrad(() -> x.eq(0).sum().itemLong() > 1);
        }

        /** For each element the product of all the others that it was multiplied with: no division, so zeros need no care. */
        private Tensor others(Tensor x) {
            if (x.numel() == 0 || dims.isEmpty()) {
                return x.like(x.dtype(), x.shape()).fill_(1);
            }
            List<Integer> order = new ArrayList<>();
            for (int d = 0; d < x.dim(); d++) {
                if (!dims.contains(d)) {
                    order.add(d);
                }
            }
            order.addAll(dims);
            int[] there = order.stream().mapToInt(d -> d).toArray();
            int[] back = new int[there.length];
            for (int i = 0; i < there.length; i++) {
                back[there[i]] = i;
            }
            Tensor moved = x.to(x.dtype().compute()).permute(there);
            long groups = kept(x.shape(), false).numel();
            Tensor rows = moved.reshape(groups, x.numel() / groups);
            Tensor before = Tape.apply(new Scans.Cumulative(Scan.PROD, 1, false), rows);
            Tensor behind = Tape.apply(new Scans.Cumulative(Scan.PROD, 1, true), rows);
            Tensor rest = Scans.shifted(before, 1, false, 1).mul(Scans.shifted(behind, 1, true, 1));
            return rest.reshape(moved.shape()).permute(back);
        }
    }
}
