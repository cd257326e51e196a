package akari.nn;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The losses behind {@link Functional} whose targets are classes. Class dimension of an input is 1: {@code [N, C, …]}, or {@code [C]} alone. */
final class ClassLosses {
    private ClassLosses() {}

    static Tensor crossEntropy(
            Tensor input,
            Tensor target,
            @Nullable Tensor weight,
            long ignoreIndex,
            double smoothing,
            Reduction reduction) {
        if (!(smoothing >= 0 && smoothing <= 1)) {
            throw new IllegalArgumentException("crossEntropy: labelSmoothing must lie in [0, 1], got " + smoothing);
        }
        if (target.dtype().isFloating() && !target.shape().equals(input.shape())) {
            throw misfit("crossEntropy", input, target);
        }
        DType type = target.dtype().isFloating() ? Precision.ofLoss(input, target) : Precision.ofLoss(input);
        return Tensors.composite("crossEntropy", () -> {
            Tensor x = batched(Precision.raised(input));
            Tensor loss = target.dtype().isFloating()
                    ? soft(x, batched(Precision.raised(target)), weight, smoothing, reduction, input.dim() == 1)
                    : hard("crossEntropy", x.logSoftmax(1), input, target, weight, ignoreIndex, smoothing, reduction);
            return loss.to(type);
        });
    }

    static Tensor nll(Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        NullArgument.check(input, "input");
        if (target.dtype().isFloating()) {
            throw misfit("nllLoss", input, target);
        }
        DType type = Precision.ofLoss(input);
        return Tensors.composite("nllLoss", () -> {
            Tensor x = batched(Precision.raised(input));
            return hard("nllLoss", x, input, target, weight, ignoreIndex, 0, reduction)
                    .to(type);
        });
    }

    private static Tensor batched(Tensor x) {
        return x.dim() == 1 ? x.unsqueeze(0) : x;
    }

    private static Tensor soft(
            Tensor x, Tensor target, @Nullable Tensor weight, double smoothing, Reduction reduction, boolean single) {
        long classes = x.size(1);
        Tensor t = smoothing == 0 ? target : target.mul(1 - smoothing).add(smoothing / classes);
        Tensor terms = x.logSoftmax(1).mul(t);
        if (weight != null) {
            terms = terms.mul(perClass("crossEntropy", weight, x));
        }
        return switch (reduction) {
            case NONE -> single ? terms.sum(1).neg().squeeze(0) : terms.sum(1).neg();
            case MEAN, BATCHMEAN -> terms.sum().mul(-(double) classes / x.numel());
            case SUM -> terms.sum().neg();
        };
    }

    private static Tensor perClass(String op, Tensor weight, Tensor x) {
        if (!weight.shape().equals(Shape.of(x.size(1)))) {
            throw new IllegalArgumentException(op + ": weight " + weight.shape() + " needs one number for each of the "
                    + x.size(1) + " classes of input " + x.shape());
        }
        return weight.to(x.dtype()).reshape(Shape.fill(x.dim() - 1, 1).with(0, x.size(1)));
    }

    /** Of the labels one number comes to the host: whether all count, some are ignored, or one is wrong, which is then named. */
    private static Tensor hard(
            String op,
            Tensor logp,
            Tensor input,
            Tensor target,
            @Nullable Tensor weight,
            long ignoreIndex,
            double smoothing,
            Reduction reduction) {
        Shape expected = without(input.shape());
        if (!target.shape().equals(expected)) {
            throw misfit(op, input, target);
        }
        long classes = logp.size(1);
        Tensor perClass = weight == null ? null : perClass(op, weight, logp);
        Tensor labels = target.to(DType.INT64).reshape(logp.shape().with(1, 1));
        Tensor ignored = labels.eq(ignoreIndex);
        int state = state(labels, ignored, classes);
        if (state == WRONG) {
            throw outside(op, target, input.shape(), classes, ignoreIndex);
        }
        Tensor index = state == ALL ? labels : labels.maskedFill(ignored, 0);
        Tensor picked = logp.gather(1, index);
        if (state == ALL && weight == null && smoothing == 0) {
            return switch (reduction) {
                case NONE -> picked.neg().reshape(expected);
                case MEAN, BATCHMEAN -> picked.sum().mul(-1.0 / picked.numel());
                case SUM -> picked.sum().neg();
            };
        }
        Tensor counted = ignored.logicalNot().to(logp.dtype());
        Tensor factor = perClass == null
                ? counted
                : perClass.detach()
                        .reshape(classes)
                        .indexSelect(0, index.reshape(index.numel()))
                        .reshape(index.shape())
                        .mul(counted);
        Tensor losses = scaled(picked, factor, -(1 - smoothing));
        if (smoothing > 0) {
            Tensor smooth = (perClass == null ? logp : logp.mul(perClass)).sum(new int[] {1}, true);
            losses = losses.add(scaled(smooth, counted, -smoothing / classes));
        }
        return switch (reduction) {
            case NONE -> losses.reshape(expected);
            case MEAN, BATCHMEAN -> losses.sum().div(factor.sum());
            case SUM -> losses.sum();
        };
    }

    /** What is wrong with a target that is neither of int64 class numbers nor, for cross entropy, of probabilities. */
    private static IllegalArgumentException misfit(String op, Tensor input, Tensor target) {
        Shape labels = without(input.shape());
        String got = "; got " + target.dtype() + " " + target.shape();
        if (target.dtype().isFloating() && target.shape().equals(labels)) {
            return new IllegalArgumentException(op + ": the class numbers " + labels + " for input " + input.shape()
                    + " must be int64" + got + "; convert them with target.int64()");
        }
        boolean both = op.equals("crossEntropy");
        return new IllegalArgumentException(
                op + ": input " + input.shape() + " needs a target of class numbers " + labels + ", int64"
                        + (both ? ", or of probabilities " + input.shape() + ", " + input.dtype() : "") + got);
    }

    private static final int ALL = 0;
    private static final int WRONG = 2;

    /** 0 where all labels count, 1 where some are ignored, 2 where one is neither a class nor ignored. */
    private static int state(Tensor labels, Tensor ignored, long classes) {
        if (labels.numel() == 0) {
            return ALL;
        }
        Tensor wrong = labels.lt(0).logicalOr(labels.ge(classes));
        return (int) wrong.uint8().mul(WRONG).maskedFill(ignored, 1).max().itemLong();
    }

    private static IllegalArgumentException outside(
            String op, Tensor target, Shape input, long classes, long ignoreIndex) {
        long[] labels = target.toLongs();
        int i = 0;
        while (labels[i] == ignoreIndex || labels[i] >= 0 && labels[i] < classes) {
            i++;
        }
        return new IllegalArgumentException(op + ": label " + labels[i] + " at " + position(i, target.shape())
                + " lies outside the " + classes + " classes 0 to " + (classes - 1) + " of input " + input
                + "; correct the data, give the model more classes, or pass it as ignoreIndex");
    }

    /** Zero where the factor is 0, even against infinity. */
    private static Tensor scaled(Tensor x, Tensor factor, double by) {
        return x.mul(factor).mul(by).maskedFill(factor.eq(0), 0);
    }

    private static Shape without(Shape s) {
        long[] out = new long[s.rank() - 1];
        for (int d = 0, o = 0; d < s.rank(); d++) {
            if (d != Math.min(1, s.rank() - 1)) {
                out[o++] = s.get(d);
            }
        }
        return Shape.of(out);
    }

    private static String position(int flat, Shape shape) {
        long[] at = new long[shape.rank()];
        long rest = flat;
        for (int d = at.length - 1; d >= 0; d--) {
            at[d] = rest % shape.get(d);
            rest /= shape.get(d);
        }
        return "position " + Arrays.toString(at);
    }

    // ---- margins

    /** Inputs: a logit, and that of the right class. NaN counts as 0, as in PyTorch. */
    private static final Pointwise MULTI_MARGIN = multiMargin();

    private static Pointwise multiMargin() {
        Expr gap = scalar(0).minus(in(1)).plus(in(0));
        return Pointwise.of("multiMarginLoss", 2, 1, select(Cmp.GT, gap, lit(0), gap, lit(0)));
    }

    static Tensor multiMargin(Tensor input, Tensor target, double margin, Reduction reduction) {
        NullArgument.check(target, "target");
        DType type = Precision.ofLoss(input);
        return Tensors.composite("multiMarginLoss", () -> {
            Tensor x = batched(Precision.raised(input));
            Tensor label = target.reshape(x.size(0), 1);
            Tensor wrong = x.scatter(1, label, Double.NEGATIVE_INFINITY); // far from any margin: the right class itself
            Tensor gaps = Tensors.pointwise(MULTI_MARGIN, new double[] {margin}, x.dtype(), wrong, x.gather(1, label));
            Tensor losses = gaps.sum(1).div(x.size(1));
            losses = input.dim() == 1 ? losses.squeeze(0) : losses;
            return Losses.reduce(losses, reduction).to(type);
        });
    }
}
