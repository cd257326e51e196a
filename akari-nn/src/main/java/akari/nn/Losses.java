package akari.nn;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.max;
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
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The losses behind {@link Functional} that compare element with element: a formula each, computed in one pass, then reduced. Slopes are
 * written out where a convention decides, or where the derived one is infinity times 0.
 */
final class Losses {
    private static final double[] NONE = {};

    /** PyTorch's 1e-12 is a float32 in every type. */
    private static final double EPSILON = 1e-12f;

    private Losses() {}

    // ---- differences

    private static final Expr D = in(0).minus(in(1));

    private static final Pointwise MSE =
            Pointwise.of("mseLoss", 2, 0, D.times(D)).slopes(D.plus(D), D.neg().plus(D.neg()));

    private static final Pointwise L1 = Pointwise.of("l1Loss", 2, 0, D.abs());

    /** Scalar 0 is the knee between square and straight. */
    private static final Pointwise SMOOTH_L1 = bent("smoothL1Loss", scalar(0), lit(1));

    private static final Pointwise HUBER = bent("huberLoss", lit(1), scalar(0));

    /** {@code d²/(2·width)} up to the knee, beyond it straight with slope {@code steepness}. */
    private static Pointwise bent(String name, Expr width, Expr steepness) {
        Expr size = D.abs();
        Expr square = size.times(size).times(0.5).over(width);
        Expr straight = size.minus(scalar(0).times(0.5)).times(steepness);
        Expr slope = select(
                Cmp.GE, D, scalar(0), steepness, select(Cmp.LE, D, scalar(0).neg(), steepness.neg(), D.over(width)));
        return Pointwise.of(name, 2, 1, select(Cmp.LT, size, scalar(0), square, straight))
                .slopes(slope, slope.neg());
    }

    static Tensor mse(Tensor x, Tensor y, Reduction reduction) {
        warnOfShapes("mseLoss", x, y);
        return loss(MSE, NONE, reduction, x, y);
    }

    static Tensor l1(Tensor x, Tensor y, Reduction reduction) {
        warnOfShapes("l1Loss", x, y);
        if (!Tensors.resultType(x, y).isFloating()) {
            return reduce(x.sub(y).abs(), reduction); // a whole number
        }
        return loss(L1, NONE, reduction, x, y);
    }

    static Tensor smoothL1(Tensor x, Tensor y, double beta, Reduction reduction) {
        return beta == 0 ? l1(x, y, reduction) : bent(SMOOTH_L1, x, y, beta, reduction);
    }

    static Tensor huber(Tensor x, Tensor y, double delta, Reduction reduction) {
        return bent(HUBER, x, y, delta, reduction);
    }

    private static Tensor bent(Pointwise f, Tensor x, Tensor y, double knee, Reduction reduction) {
        warnOfShapes(f.name(), x, y);
        if (!(knee > 0)) {
            throw new IllegalArgumentException(
                    f.name() + ": the knee between square and straight must be positive, got " + knee);
        }
        return loss(f, new double[] {knee}, reduction, x, y);
    }

    // ---- distributions

    private static final Expr T = in(1);

    /** 0·log 0 counts as 0. */
    private static final Pointwise KL_DIV = Pointwise.of(
                    "klDiv",
                    2,
                    0,
                    select(Cmp.EQ, T, lit(0), lit(0), T.times(T.log())).minus(T.times(in(0))))
            .slopes(
                    T.neg(),
                    select(Cmp.EQ, T, lit(0), in(0).neg(), T.log().plus(1).minus(in(0))));

    private static final Pointwise KL_DIV_LOG = Pointwise.of(
                    "klDiv", 2, 0, T.exp().times(T.minus(in(0))))
            .slopes(T.exp().neg(), T.exp().times(T.minus(in(0)).plus(1)));

    private static final Pointwise POISSON_LOG = Pointwise.of("poissonNllLoss", 2, 0, poissonLog());

    private static final Pointwise POISSON = Pointwise.of("poissonNllLoss", 2, 1, poisson());

    private static final Pointwise POISSON_LOG_FULL =
            Pointwise.of("poissonNllLoss", 2, 0, poissonLog().plus(stirling()));

    private static final Pointwise POISSON_FULL =
            Pointwise.of("poissonNllLoss", 2, 1, poisson().plus(stirling()));

    private static Expr poissonLog() {
        return in(0).exp().minus(T.times(in(0)));
    }

    private static Expr poisson() {
        return in(0).minus(T.times(in(0).plus(scalar(0)).log()));
    }

    private static Expr stirling() {
        Expr s = T.times(T.log()).minus(T).plus(T.times(2 * Math.PI).log().times(0.5));
        return select(Cmp.LE, T, lit(1), lit(0), s);
    }

    /** Scalar 0 bounds the variance from below, which its gradient does not see; scalar 1 is the constant term. */
    private static final Pointwise GAUSSIAN = gaussian();

    private static Pointwise gaussian() {
        Expr var = max(in(2), scalar(0));
        Expr share = D.times(D).over(var);
        Expr slope = D.over(var);
        return Pointwise.of(
                        "gaussianNllLoss",
                        3,
                        2,
                        var.log().plus(share).times(0.5).plus(scalar(1)))
                .slopes(slope, slope.neg(), lit(1).minus(share).over(var).times(0.5));
    }

    static Tensor klDiv(Tensor input, Tensor target, boolean logTarget, Reduction reduction) {
        sameShape("klDiv", input, target);
        return loss(logTarget ? KL_DIV_LOG : KL_DIV, NONE, reduction, input, target);
    }

    static Tensor poisson(
            Tensor input, Tensor target, boolean logInput, boolean full, double eps, Reduction reduction) {
        return logInput
                ? loss(full ? POISSON_LOG_FULL : POISSON_LOG, NONE, reduction, input, target)
                : loss(full ? POISSON_FULL : POISSON, new double[] {eps}, reduction, input, target);
    }

    static Tensor gaussian(
            Tensor input, Tensor target, Tensor variance, boolean full, double eps, Reduction reduction) {
        NullArgument.check(input, "input");
        NullArgument.check(variance, "var");
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
        double[] scalars = {eps, full ? 0.5 * Math.log(2 * Math.PI) : 0};
        return loss(GAUSSIAN, scalars, reduction, input, target, perRow ? variance.unsqueeze(-1) : variance);
    }

    // ---- two classes

    /** The gradient's denominator is bounded as in PyTorch, so that certain and right is 0; the target's slope is not. */
    private static final Pointwise BCE = bce();

    private static Pointwise bce() {
        Expr p = in(0);
        Expr yes = max(p.log(), lit(-100));
        Expr no = max(p.neg().log1p(), lit(-100));
        Expr spread = max(lit(1).minus(p).times(p), lit(EPSILON));
        return Pointwise.of("binaryCrossEntropy", 2, 0, T.minus(1).times(no).minus(T.times(yes)))
                .slopes(p.minus(T).over(spread), p.neg().log1p().minus(p.log()));
    }

    private static final Pointwise BCE_WITH_LOGITS = bceWithLogits(2, lit(1));

    /** Input 2 is the factor of the positive part. */
    private static final Pointwise BCE_WITH_LOGITS_POS = bceWithLogits(3, in(2));

    /**
     * Of {@code log σ(x)} and {@code log σ(-x)} neither comes from the other by subtraction, which would lose small losses. Only where PyTorch's
     * steps, which subtract, are no number, the result is theirs.
     */
    private static Pointwise bceWithLogits(int arity, Expr positive) {
        Expr x = in(0);
        Expr rest = lit(1).minus(T);
        Expr weight = T.times(positive);
        Expr e = x.abs().neg().exp(); // that both sides have
        Expr yes = max(x.neg(), lit(0)).plus(e.log1p());
        Expr no = max(x, lit(0)).plus(e.log1p());
        Expr up = select(Cmp.LT, x, lit(0), e, lit(1)).over(e.plus(1));
        Expr down = select(Cmp.LT, x, lit(0), lit(1), e).over(e.plus(1));
        Expr slope = rest.times(up).minus(weight.times(down));
        Expr stepwise = rest.times(x).plus(yes.times(T.times(positive.minus(1)).plus(1)));
        Expr loss =
                select(Cmp.EQ, stepwise.minus(stepwise), lit(0), rest.times(no).plus(weight.times(yes)), stepwise);
        Pointwise f = Pointwise.of("binaryCrossEntropyWithLogits", arity, 0, loss);
        return arity == 2
                ? f.slopes(slope, x.neg())
                : f.slopes(slope, positive.times(yes).minus(no), T.times(yes));
    }

    private static final Pointwise SOFT_MARGIN = Pointwise.of(
                    "softMarginLoss", 2, 0, softplus(in(0).times(T).neg()))
            .slopes(
                    T.neg().times(in(0).times(T).neg().sigmoid()),
                    in(0).neg().times(in(0).times(T).neg().sigmoid()));

    /** {@code log(1 + e^x)}. */
    private static Expr softplus(Expr x) {
        return max(x, lit(0)).plus(x.abs().neg().exp().log1p());
    }

    static Tensor bce(Tensor p, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        sameShape("binaryCrossEntropy", p, target);
        Tensor values = p.detach();
        double low = p.numel() == 0 ? 0 : values.amin().item();
        double high = p.numel() == 0 ? 1 : values.amax().item();
        if (!(low >= 0 && high <= 1)) {
            throw new IllegalArgumentException(
                    "binaryCrossEntropy: the inputs must be probabilities, from 0 to 1, but reach from " + low + " to "
                            + high + "; for logits there is binaryCrossEntropyWithLogits");
        }
        return weighted(BCE, weight, reduction, p, target);
    }

    static Tensor bceWithLogits(
            Tensor x, Tensor target, @Nullable Tensor weight, @Nullable Tensor posWeight, Reduction reduction) {
        sameShape("binaryCrossEntropyWithLogits", x, target);
        return posWeight == null
                ? weighted(BCE_WITH_LOGITS, weight, reduction, x, target)
                : weighted(BCE_WITH_LOGITS_POS, weight, reduction, x, target, posWeight);
    }

    static Tensor softMargin(Tensor x, Tensor target, Reduction reduction) {
        return loss(SOFT_MARGIN, NONE, reduction, x, target);
    }

    // ---- pairs; at a hinge itself the gradient passes, as it does in PyTorch's clamp_min

    /** Inputs x, y and which is to be the larger. */
    private static final Pointwise MARGIN_RANKING = marginRanking();

    private static Pointwise marginRanking() {
        Expr z = D.times(in(2)).neg().plus(scalar(0));
        return Pointwise.of("marginRankingLoss", 3, 1, max(z, lit(0)))
                .slopes(open(z, in(2).neg()), open(z, in(2)), open(z, D.neg()));
    }

    private static final Pointwise HINGE_EMBEDDING = hingeEmbedding();

    /** A target that is neither 1 nor -1 counts as both. */
    private static Pointwise hingeEmbedding() {
        Expr gap = scalar(0).minus(in(0));
        Expr apart = select(Cmp.EQ, T, lit(1), lit(0), max(gap, lit(0)));
        Expr near = select(Cmp.EQ, T, lit(-1), lit(0), in(0));
        Expr apartSlope = select(Cmp.EQ, T, lit(1), lit(0), open(gap, lit(-1)));
        Expr nearSlope = select(Cmp.EQ, T, lit(-1), lit(0), lit(1));
        return Pointwise.of("hingeEmbeddingLoss", 2, 1, apart.plus(near)).slopes(apartSlope.plus(nearSlope), lit(0));
    }

    /** Inputs: the cosine, and 1 or -1 for alike or not. */
    private static final Pointwise COSINE_EMBEDDING = cosineEmbedding();

    private static Pointwise cosineEmbedding() {
        Expr gap = in(0).minus(scalar(0));
        Expr unlike = select(Cmp.EQ, T, lit(-1), max(gap, lit(0)), lit(0));
        Expr unlikeSlope = select(Cmp.EQ, T, lit(-1), open(gap, lit(1)), lit(0));
        return Pointwise.of("cosineEmbeddingLoss", 2, 1, select(Cmp.EQ, T, lit(1), lit(1).minus(in(0)), unlike))
                .slopes(select(Cmp.EQ, T, lit(1), lit(-1), unlikeSlope), lit(0));
    }

    private static Expr open(Expr z, Expr slope) {
        return select(Cmp.GE, z, lit(0), slope, lit(0));
    }

    static Tensor marginRanking(Tensor x, Tensor y, Tensor target, double margin, Reduction reduction) {
        return loss(MARGIN_RANKING, new double[] {margin}, reduction, x, y, target);
    }

    static Tensor hingeEmbedding(Tensor x, Tensor target, double margin, Reduction reduction) {
        return loss(HINGE_EMBEDDING, new double[] {margin}, reduction, x, target);
    }

    /** The eps is added to squared lengths. */
    static Tensor cosineEmbedding(Tensor x, Tensor y, Tensor target, double margin, Reduction reduction) {
        DType type = Precision.ofLoss(x, y);
        return Tensors.composite("cosineEmbeddingLoss", () -> {
            Tensor a = Precision.raised(x);
            Tensor b = Precision.raised(y);
            Tensor lengths =
                    a.square().sum(-1).add(EPSILON).mul(b.square().sum(-1).add(EPSILON));
            Tensor cos = a.mul(b).sum(-1).div(lengths.sqrt());
            return reduce(
                            Tensors.pointwise(COSINE_EMBEDDING, new double[] {margin}, cos.dtype(), cos, target),
                            reduction)
                    .to(type);
        });
    }

    static Tensor triplet(
            String op,
            Tensor anchor,
            Tensor positive,
            Tensor negative,
            BinaryOperator<Tensor> distance,
            double margin,
            boolean swap,
            Reduction reduction) {
        DType type = Precision.ofLoss(anchor, positive, negative);
        return Tensors.composite(op, () -> {
            Tensor from = Precision.raised(anchor);
            Tensor to = Precision.raised(positive);
            Tensor not = Precision.raised(negative);
            Tensor near = distance.apply(from, to);
            Tensor far = distance.apply(from, not);
            far = swap ? far.minimum(distance.apply(to, not)) : far;
            return reduce(near.add(margin).sub(far).clampMin(0), reduction).to(type);
        });
    }

    // ---- what all share

    static Tensor reduce(Tensor losses, Reduction reduction) {
        NullArgument.check(reduction, "reduction");
        return switch (reduction) {
            case NONE -> losses;
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
            case BATCHMEAN -> losses.sum().div(losses.size(0));
        };
    }

    /** What PyTorch computes all the same: most often a column meets a row there. */
    private static void warnOfShapes(String op, Tensor input, Tensor target) {
        NullArgument.check(input, "input");
        NullArgument.check(target, "target");
        if (!input.shape().equals(target.shape())) {
            Shape common;
            try {
                common = Shape.broadcast(input.shape(), target.shape());
            } catch (IllegalArgumentException e) {
                throw unlike(op, input, target);
            }
            Warnings.once(op + ": input " + input.shape() + " and target " + target.shape() + " differ in shape and are"
                    + " compared as " + common + ", each element with several others; reshape one of them if you mean"
                    + " element by element");
        }
    }

    static void sameShape(String op, Tensor input, Tensor target) {
        NullArgument.check(input, "input");
        NullArgument.check(target, "target");
        if (!input.shape().equals(target.shape())) {
            throw unlike(op, input, target);
        }
    }

    private static IllegalArgumentException unlike(String op, Tensor input, Tensor target) {
        return new IllegalArgumentException(op + ": input " + input.shape() + " and target " + target.shape()
                + " must have one shape; reshape or expand one of them");
    }

    private static Tensor loss(Pointwise f, double[] scalars, Reduction reduction, Tensor... in) {
        DType type = Precision.ofLoss(in);
        return Tensors.composite(f.name(), () -> {
            DType each = reduction == Reduction.NONE ? type : type.compute();
            return reduce(Tensors.pointwise(f, scalars, each, in), reduction).to(type);
        });
    }

    private static Tensor weighted(Pointwise f, @Nullable Tensor weight, Reduction reduction, Tensor... in) {
        if (weight == null) {
            return loss(f, NONE, reduction, in);
        }
        DType type = Precision.ofLoss(in);
        return Tensors.composite(
                f.name(),
                () -> reduce(Tensors.pointwise(f, NONE, type.compute(), in).mul(weight), reduction)
                        .to(type));
    }
}
