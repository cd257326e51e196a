package akari.tensor;

import akari.backend.DType;
import akari.backend.Layout;
import akari.backend.Reduction;
import akari.backend.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reductions over all or some dimensions. {@code keepdim} leaves the reduced dimensions with size 1; PyTorch's default is false. */
public sealed interface Reductions permits Tensor {

    /** Values and their positions along a dimension. */
    record Indexed(Tensor values, Tensor indices) {}

    private Tensor self() {
        return (Tensor) this;
    }

    /** Sum of all elements; of bool and integer tensors an int64. */
    default Tensor sum() {
        return sum(all(self()), false);
    }

    default Tensor sum(int... dims) {
        return sum(dims, false);
    }

    default Tensor sum(int[] dims, boolean keepdim) {
        return reduce(Reduction.SUM, dims, keepdim);
    }

    /** Mean of all elements. */
    default Tensor mean() {
        return mean(all(self()), false);
    }

    default Tensor mean(int... dims) {
        return mean(dims, false);
    }

    default Tensor mean(int[] dims, boolean keepdim) {
        floating("mean");
        return Tape.composite("mean", () -> sum(dims, keepdim).div(count(dims)));
    }

    /** Variance over all elements, divided by {@code n - 1}. */
    default Tensor var() {
        return var(all(self()), true, false);
    }

    /** Variance over {@code dims}, divided by {@code n - 1} if {@code unbiased}, else by {@code n}. */
    default Tensor var(int[] dims, boolean unbiased, boolean keepdim) {
        floating("var");
        return Tape.composite("var", () -> {
            Tensor x = wide();
            Tensor centred = x.sub(x.mean(dims, true));
            Tensor squares = centred.square().sum(dims, keepdim);
            return squares.div(Math.max(0, count(dims) - (unbiased ? 1 : 0))).to(self().dtype());
        });
    }

    /** Standard deviation over all elements, with {@code n - 1}. */
    default Tensor std() {
        return std(all(self()), true, false);
    }

    default Tensor std(int[] dims, boolean unbiased, boolean keepdim) {
        floating("std");
        return Tape.composite(
                "std", () -> wide().var(dims, unbiased, keepdim).sqrt().to(self().dtype()));
    }

    /** {@code log(sum(exp(x)))} over {@code dims}, without overflow. */
    default Tensor logsumexp(int[] dims, boolean keepdim) {
        floating("logsumexp");
        return Tape.composite("logsumexp", () -> {
            if (count(dims) == 0) {
                return sum(dims, keepdim).log();
            }
            Tensor x = wide();
            Tensor top = x.detach().amax(dims, true);
            top = top.maskedFill(top.isfinite().logicalNot(), 0);
            Tensor sum = x.sub(top).exp().sum(dims, true).log().add(top).to(self().dtype());
            return keepdim ? sum : sum.reshape(reduced(self().shape(), dims, false));
        });
    }

    /** Euclidean norm of all elements; gradient 0 at 0. */
    default Tensor norm() {
        floating("norm");
        return Tape.composite("norm", () -> {
            Tensor squares = wide().square().sum();
            return (squares.item() == 0 ? squares.mul(0) : squares.sqrt()).to(self().dtype());
        });
    }

    /** Largest elements over {@code dims}; NaN wins; ties share the gradient. */
    default Tensor amax(int[] dims, boolean keepdim) {
        return reduce(Reduction.MAX, dims, keepdim);
    }

    default Tensor amin(int[] dims, boolean keepdim) {
        return reduce(Reduction.MIN, dims, keepdim);
    }

    /** The largest element. */
    default Tensor max() {
        return amax(all(self()), false);
    }

    /** The smallest element. */
    default Tensor min() {
        return amin(all(self()), false);
    }

    /** The largest elements along {@code dim} and the first position of each; the gradient goes there. */
    default Indexed max(int dim) {
        return indexed(argmax(dim, true), dim);
    }

    default Indexed min(int dim) {
        return indexed(argmin(dim, true), dim);
    }

    private Indexed indexed(Tensor at, int dim) {
        return new Indexed(self().gather(dim, at).squeeze(dim), at.squeeze(dim));
    }

    /** Position of the largest element along {@code dim}, int64; the first of equals. */
    default Tensor argmax(int dim) {
        return argmax(dim, false);
    }

    default Tensor argmax(int dim, boolean keepdim) {
        return reduce(Reduction.ARGMAX, new int[] {dim}, keepdim);
    }

    /** Position of the largest element in row-major order. */
    default Tensor argmax() {
        return self().flatten().argmax(0);
    }

    default Tensor argmin(int dim, boolean keepdim) {
        return reduce(Reduction.ARGMIN, new int[] {dim}, keepdim);
    }

    /** Whether any element is non-zero. */
    default Tensor any() {
        return reduce(Reduction.ANY, all(self()), false);
    }

    /** Whether all elements are non-zero. */
    default Tensor all() {
        return reduce(Reduction.ALL, all(self()), false);
    }

    private static int[] all(Tensor x) {
        int[] dims = new int[x.dim()];
        Arrays.setAll(dims, d -> d);
        return dims;
    }

    private long count(int[] dims) {
        long n = 1;
        for (int d : dims) {
            n *= self().dim() == 0 ? 1 : self().size(d);
        }
        return n;
    }

    /** This tensor in the type in which its arithmetic is done, so that a composite of several steps rounds once. */
    private Tensor wide() {
        return self().to(self().dtype().compute());
    }

    private void floating(String op) {
        if (!self().dtype().isFloating()) {
            throw new IllegalArgumentException(op + " needs a floating-point tensor, this one is " + self().dtype()
                    + "; convert it with to(FLOAT32)");
        }
    }

    private Tensor reduce(Reduction op, int[] dims, boolean keepdim) {
        boolean extreme =
                op == Reduction.MAX || op == Reduction.MIN || op == Reduction.ARGMAX || op == Reduction.ARGMIN;
        List<Integer> axes = new ArrayList<>();
        for (int d : dims) {
            int a = self().shape().axis(d);
            if (axes.contains(a)) {
                throw new IllegalArgumentException(
                        "dimension " + a + " appears twice in a reduction of shape " + self().shape());
            }
            if (extreme && self().dim() > 0 && self().size(a) == 0) {
                throw new IllegalArgumentException(
                        "the extreme of an empty dimension " + a + " of shape " + self().shape() + " does not exist");
            }
            axes.add(a);
        }
        return Tape.apply(new Reduce(op, axes, keepdim), self());
    }

    private static Shape reduced(Shape shape, int[] dims, boolean keepdim) {
        boolean[] gone = new boolean[shape.rank()];
        for (int d : dims) {
            if (shape.rank() > 0) {
                gone[shape.axis(d)] = true;
            }
        }
        List<Long> out = new ArrayList<>();
        for (int d = 0; d < gone.length; d++) {
            if (!gone[d]) {
                out.add(shape.get(d));
            } else if (keepdim) {
                out.add(1L);
            }
        }
        return Shape.of(out.stream().mapToLong(n -> n).toArray());
    }

    record Reduce(Reduction op, List<Integer> dims, boolean keepdim) implements Op {
        @Override
        public String name() {
            return op.name().toLowerCase(Locale.ROOT);
        }

        private Shape kept(Shape in, boolean keep) {
            return reduced(in, dims.stream().mapToInt(d -> d).toArray(), keep);
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
            if (call.recording() && (op == Reduction.MAX || op == Reduction.MIN)) {
                call.save(x);
                call.save(out);
            }
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Shape in = call.inputShape(0);
            Tensor spread = g.reshape(kept(in, true)).expand(in.toArray());
            if (op == Reduction.SUM) {
                return new Tensor[] {spread};
            }
            if (op == Reduction.MAX || op == Reduction.MIN) {
                Tensor x = call.saved(0);
                Tensor y = call.saved(1).reshape(kept(in, true));
                Tensor hit = x.eq(y).to(x.dtype());
                int[] axes = dims.stream().mapToInt(d -> d).toArray();
                return new Tensor[] {spread.mul(hit).div(hit.sum(axes, true))};
            }
            throw new UnsupportedOperationException("the gradient of " + name() + " is not defined");
        }
    }
}
