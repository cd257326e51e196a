package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.backend.Layout;
import akari.backend.ReduceOp;
import akari.backend.Scan;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Reductions}. */
final class ReductionOps {
    private ReductionOps() {}

    /** Whether an element is its group's extreme, or NaN, as the extreme is then. */
    static final Pointwise HIT = Pointwise.of(
                    "hit", (x, y) -> select(Cmp.EQ, x, y, lit(1), select(Cmp.NE, x, x, lit(1), lit(0))))
            .slopes(lit(0), lit(0));

    static final Pointwise OUTSIDE = Pointwise.of(
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

    static Shape reduced(Shape shape, List<Integer> dims, boolean keepdim) {
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
            Tensor before = Tape.apply(new ScanOps.Cumulative(Scan.PROD, 1, false), rows);
            Tensor behind = Tape.apply(new ScanOps.Cumulative(Scan.PROD, 1, true), rows);
            Tensor rest = ScanOps.shifted(before, 1, false, 1).mul(ScanOps.shifted(behind, 1, true, 1));
            return rest.reshape(moved.shape()).permute(back);
        }
    }
}
