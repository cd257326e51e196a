package akari.nn;

import akari.backend.DType;
import akari.backend.NullArgument;
import akari.backend.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The losses behind {@link Functional}. Class dimension of an input is 1: {@code [N, C, …]}, or {@code [C]} alone. */
final class Losses {
    private Losses() {}

    static Tensor reduce(Tensor losses, Reduction reduction) {
        NullArgument.check(reduction, "reduction");
        return switch (reduction) {
            case NONE -> losses;
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
            case BATCHMEAN -> losses.sum().div(losses.size(0));
        };
    }

    static void sameShape(String op, Tensor input, Tensor target) {
        NullArgument.check(input, "input");
        NullArgument.check(target, "target");
        if (!input.shape().equals(target.shape())) {
            throw new IllegalArgumentException(op + ": input " + input.shape() + " and target " + target.shape()
                    + " must have one shape; reshape or expand one of them");
        }
    }

    // ---- distributions

    static Tensor poisson(
            Tensor input, Tensor target, boolean logInput, boolean full, double eps, Reduction reduction) {
        NullArgument.check(input, "input");
        NullArgument.check(target, "target");
        return Tensors.composite("poissonNllLoss", () -> {
            Tensor loss = logInput
                    ? input.exp().sub(target.mul(input))
                    : input.sub(target.mul(input.add(eps).log()));
            if (full) {
                Tensor stirling = target.mul(target.log())
                        .sub(target)
                        .add(target.mul(2 * Math.PI).log().mul(0.5));
                loss = loss.add(stirling.maskedFill(target.le(1), 0));
            }
            return reduce(loss, reduction);
        });
    }

    static Tensor gaussian(
            Tensor input, Tensor target, Tensor variance, boolean full, double eps, Reduction reduction) {
        NullArgument.check(input, "input");
        NullArgument.check(variance, "variance");
        Shape shape = input.shape();
        Shape row = Shape.of(Arrays.copyOf(shape.toArray(), Math.max(0, shape.rank() - 1)));
        boolean perRow = !variance.shape().equals(shape) && variance.shape().equals(row);
        if (!perRow
                && variance.numel() != 1
                && !variance.shape().equals(shape)
                && !(shape.rank() > 0 && variance.shape().equals(shape.with(shape.rank() - 1, 1)))) {
            throw new IllegalArgumentException("gaussianNllLoss: a variance of shape " + variance.shape()
                    + " for an input of " + shape + "; give it that shape, or 1 or nothing for the last size");
        }
        if (variance.lt(0).any().item() != 0) {
            throw new IllegalArgumentException("gaussianNllLoss: a variance is negative");
        }
        return Tensors.composite("gaussianNllLoss", () -> {
            Tensor var = perRow ? variance.unsqueeze(-1) : variance;
            Tensor value = var.detach();
            Tensor bounded = var.add(value.clamp(eps, null).sub(value)); // the gradient does not see the bound
            Tensor loss =
                    bounded.log().add(input.sub(target).square().div(bounded)).mul(0.5);
            return reduce(full ? loss.add(0.5 * Math.log(2 * Math.PI)) : loss, reduction);
        });
    }

    // ---- classes

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
        return Tensors.composite("crossEntropy", () -> {
            if (target.dtype().isFloating()) {
                if (input.dim() > 0 && target.shape().equals(without(input.shape()))) {
                    throw new IllegalArgumentException("crossEntropy: class numbers are int64, these are "
                            + target.dtype() + " " + target.shape() + " for input " + input.shape()
                            + "; give target.int64(), or probabilities of the input's shape");
                }
                sameShape("crossEntropy with probabilities", input, target);
                return soft(batched(input), batched(target), weight, smoothing, reduction, input.dim() == 1);
            }
            return hard(
                    "crossEntropy",
                    batched(input).logSoftmax(1),
                    input,
                    target,
                    weight,
                    ignoreIndex,
                    smoothing,
                    reduction);
        });
    }

    static Tensor nll(Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        return Tensors.composite(
                "nllLoss", () -> hard("nllLoss", batched(input), input, target, weight, ignoreIndex, 0, reduction));
    }

    private static Tensor batched(Tensor x) {
        NullArgument.check(x, "x");
        return x.dim() == 1 ? x.unsqueeze(0) : x;
    }

    private static Tensor soft(
            Tensor x, Tensor target, @Nullable Tensor weight, double smoothing, Reduction reduction, boolean single) {
        NullArgument.check(reduction, "reduction");
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
        NullArgument.check(target, "target");
        Shape expected = without(input.shape());
        if (!target.shape().equals(expected)) {
            throw new IllegalArgumentException(op + ": input " + input.shape() + " needs a target of class numbers "
                    + expected + (input.dim() > 1 ? ", or of probabilities " + input.shape() : "") + "; got "
                    + target.dtype()
                    + " " + target.shape());
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

    // ---- differences

    static Tensor mse(Tensor x, Tensor y, Reduction reduction) {
        sameShape("mseLoss", x, y);
        return Tensors.composite("mseLoss", () -> reduce(x.sub(y).square(), reduction));
    }

    static Tensor l1(Tensor x, Tensor y, Reduction reduction) {
        sameShape("l1Loss", x, y);
        return Tensors.composite("l1Loss", () -> reduce(x.sub(y).abs(), reduction));
    }

    static Tensor smoothL1(Tensor x, Tensor y, double beta, Reduction reduction) {
        return beta == 0 ? l1(x, y, reduction) : bent("smoothL1Loss", x, y, beta, 1 / beta, reduction);
    }

    static Tensor huber(Tensor x, Tensor y, double delta, Reduction reduction) {
        return bent("huberLoss", x, y, delta, 1, reduction);
    }

    /** {@code scale·d²/2} up to the knee, straight with the same slope beyond: with c = min(|d|, knee), scale·(c·|d| - c²/2). */
    private static Tensor bent(String op, Tensor x, Tensor y, double knee, double scale, Reduction reduction) {
        sameShape(op, x, y);
        if (!(knee > 0)) {
            throw new IllegalArgumentException(
                    op + ": the knee between square and straight must be positive, got " + knee);
        }
        return Tensors.composite(op, () -> {
            Tensor d = x.sub(y).abs();
            Tensor c = d.clamp(null, knee);
            return reduce(c.mul(d.sub(c.mul(0.5))).mul(scale), reduction);
        });
    }

    static Tensor klDiv(Tensor input, Tensor target, boolean logTarget, Reduction reduction) {
        sameShape("klDiv", input, target);
        return Tensors.composite("klDiv", () -> {
            // 0·log 0 counts as 0
            Tensor losses = logTarget
                    ? target.exp().mul(target.sub(input))
                    : target.mul(target.maskedFill(target.le(0), 1).log()).sub(target.mul(input));
            return reduce(losses, reduction);
        });
    }

    // ---- two classes

    static Tensor bce(Tensor p, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        sameShape("binaryCrossEntropy", p, target);
        return Tensors.composite("binaryCrossEntropy", () -> {
            Tensor losses = target.mul(p.log().clamp(-100, null))
                    .add(target.rsub(1).mul(p.neg().log1p().clamp(-100, null)))
                    .neg();
            return reduce(weight == null ? losses : losses.mul(weight), reduction);
        });
    }

    static Tensor bceWithLogits(
            Tensor x, Tensor target, @Nullable Tensor weight, @Nullable Tensor posWeight, Reduction reduction) {
        sameShape("binaryCrossEntropyWithLogits", x, target);
        return Tensors.composite("binaryCrossEntropyWithLogits", () -> {
            Tensor log = x.logSigmoid(); // log σ(x); log(1 - σ(x)) = log σ(x) - x
            Tensor positive =
                    posWeight == null ? log.mul(target) : log.mul(target).mul(posWeight);
            Tensor losses = target.rsub(1).mul(x.sub(log)).sub(positive);
            return reduce(weight == null ? losses : losses.mul(weight), reduction);
        });
    }
}
