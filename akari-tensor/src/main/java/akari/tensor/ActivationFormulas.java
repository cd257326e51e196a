package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.backend.Activation;
import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** The formulas behind {@link Activations}. */
final class ActivationFormulas {
    private ActivationFormulas() {}

    static final Pointwise RELU = Activation.RELU.formula();
    static final Pointwise RELU6 = Activation.RELU6.formula();
    static final Pointwise HARDTANH = Pointwise.of("hardtanh", 1, 2, clip(in(0), scalar(0), scalar(1)))
            .slopes(inside(in(0), scalar(0), scalar(1)));
    static final Pointwise LEAKY_RELU = Pointwise.of(
                    "leaky_relu", 1, 1, select(Cmp.GT, in(0), lit(0), in(0), in(0).times(scalar(0))))
            .slopes(select(Cmp.GT, in(0), lit(0), lit(1), scalar(0)));
    static final Pointwise THRESHOLD = Pointwise.of(
                    "threshold", 1, 2, select(Cmp.LE, in(0), scalar(0), scalar(1), in(0)))
            .slopes(select(Cmp.LE, in(0), scalar(0), lit(0), lit(1)));

    /** {@code scale·(x > 0 ? x : alpha·(e^(x·rate) - 1))}: scalars alpha, scale, rate; elu, selu and celu are cases of it. */
    static final Pointwise ELU = Pointwise.of(
                    "elu",
                    1,
                    3,
                    select(
                            Cmp.GT,
                            in(0),
                            lit(0),
                            in(0).times(scalar(1)),
                            in(0).times(scalar(2)).expm1().times(scalar(0).times(scalar(1)))))
            .slopes(select(
                    Cmp.LE,
                    in(0),
                    lit(0),
                    in(0).times(scalar(2))
                            .exp()
                            .times(scalar(0).times(scalar(1)).times(scalar(2))),
                    scalar(1)));

    /** Written so that no intermediate overflows: e^(-|x|) is at most 1. */
    static final Pointwise SIGMOID = Pointwise.of("sigmoid", x -> sigmoid(x)).slope((x, y) -> y.times(lit(1).minus(y)));

    static final Pointwise SILU = Activation.SILU.formula();
    static final Pointwise TANH = Pointwise.of("tanh", x -> x.tanh());
    static final Pointwise TANHSHRINK = Pointwise.of("tanhshrink", x -> x.minus(x.tanh()))
            .slope((x, y) -> x.tanh().times(x.tanh()));
    static final Pointwise SOFTSIGN = Pointwise.of(
                    "softsign", x -> x.over(x.abs().plus(1)))
            .slope((x, y) -> lit(1).over(x.abs().plus(1).times(x.abs().plus(1))));
    static final Pointwise SOFTSHRINK = Pointwise.of(
                    "softshrink",
                    1,
                    1,
                    select(
                            Cmp.GT,
                            in(0),
                            scalar(0),
                            in(0).minus(scalar(0)),
                            // x - x is 0, and keeps NaN
                            select(Cmp.LT, in(0), scalar(0).neg(), in(0).plus(scalar(0)), in(0).minus(in(0)))))
            .slopes(outside(in(0), scalar(0)));
    static final Pointwise HARDSHRINK = Pointwise.of(
                    "hardshrink", 1, 1, select(Cmp.LE, in(0).abs(), scalar(0), lit(0), in(0)))
            .slopes(outside(in(0), scalar(0)));

    /** Scalars beta, threshold; above the threshold it is the identity. */
    static final Pointwise SOFTPLUS = Pointwise.of(
                    "softplus",
                    1,
                    2,
                    select(
                            Cmp.GT,
                            in(0).times(scalar(0)),
                            scalar(1),
                            in(0),
                            softplus(in(0).times(scalar(0))).over(scalar(0))))
            .slopes(select(Cmp.GT, in(0).times(scalar(0)), scalar(1), lit(1), sigmoid(in(0).times(scalar(0)))));

    static final Pointwise LOGSIGMOID =
            Pointwise.of("logsigmoid", x -> softplus(x.neg()).neg()).slope((x, y) -> sigmoid(x.neg()));
    static final Pointwise MISH = Pointwise.of("mish", x -> x.times(softplus(x).tanh()))
            .slope((x, y) -> softplus(x)
                    .tanh()
                    .plus(x.times(sigmoid(x))
                            .times(lit(1).minus(
                                            softplus(x).tanh().times(softplus(x).tanh())))));
    static final Pointwise GELU = Pointwise.of(
                    "gelu",
                    x -> x.times(0.5).times(x.times(Math.sqrt(0.5)).erf().plus(1)))
            .slope((x, y) -> x.times(Math.sqrt(0.5))
                    .erf()
                    .plus(1)
                    .times(0.5)
                    .plus(x.times(x.times(x).times(-0.5).exp().times(1 / Math.sqrt(2 * Math.PI)))));
    /** Beyond ±20 the bell is 0, and the clip keeps its other factor from overflowing. */
    static final Pointwise GELU_TANH = Pointwise.of(
                    "gelu_tanh", x -> x.times(0.5).times(bend(x).plus(1)))
            .slope((x, y) -> {
                Expr c = clip(x, lit(-20), lit(20));
                Expr rise = c.times(c).times(3 * 0.044715).plus(1).times(Math.sqrt(2 / Math.PI));
                Expr bell = lit(1).minus(bend(x).times(bend(x)));
                return bend(x).plus(1).plus(c.times(rise).times(bell)).times(0.5);
            });

    static final Pointwise HARDSIGMOID = Pointwise.of(
                    "hardsigmoid", x -> clip(x.plus(3), lit(0), lit(6)).over(6))
            .slope((x, y) -> select(Cmp.GT, x, lit(-3), select(Cmp.LT, x, lit(3), lit(1.0 / 6), lit(0)), lit(0)));
    static final Pointwise HARDSWISH = Activation.HARDSWISH.formula();
    static final Pointwise PRELU = Pointwise.of("prelu", (x, w) -> select(Cmp.GT, x, lit(0), x, x.times(w)))
            .slopes(select(Cmp.GT, in(0), lit(0), lit(1), in(1)), select(Cmp.GT, in(0), lit(0), lit(0), in(0)));

    private static Expr sigmoid(Expr x) {
        Expr e = x.abs().neg().exp();
        return select(Cmp.LT, x, lit(0), e, lit(1)).over(e.plus(1));
    }

    /** {@code log(1 + e^x)}, as max(x, 0) + log1p(e^-|x|). */
    private static Expr softplus(Expr x) {
        return select(Cmp.LT, x, lit(0), lit(0), x).plus(x.abs().neg().exp().log1p());
    }

    /** {@code tanh(√(2/π)·(x + 0.044715 x³))}. */
    private static Expr bend(Expr x) {
        return x.plus(x.times(x).times(x).times(0.044715))
                .times(Math.sqrt(2 / Math.PI))
                .tanh();
    }

    private static Expr clip(Expr x, Expr low, Expr high) {
        return select(Cmp.LT, x, low, low, select(Cmp.GT, x, high, high, x));
    }

    /** 1 strictly between the bounds, else 0. */
    private static Expr inside(Expr x, Expr low, Expr high) {
        return select(Cmp.LE, x, low, lit(0), select(Cmp.GE, x, high, lit(0), lit(1)));
    }

    private static Expr outside(Expr x, Expr lambda) {
        return select(Cmp.LE, x.abs(), lambda, lit(0), lit(1));
    }
}
