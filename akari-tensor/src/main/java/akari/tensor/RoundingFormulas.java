package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** The formulas behind {@link Rounding}. */
final class RoundingFormulas {
    private RoundingFormulas() {}

    static final Pointwise FLOOR = Pointwise.of("floor", x -> x.floor());
    static final Pointwise CEIL = Pointwise.of("ceil", x -> x.ceil());
    static final Pointwise ROUND = Pointwise.of("round", x -> x.round());
    /** The scalar is ten to the power of the places behind the point that stay, or its inverse for those before. */
    static final Pointwise ROUND_BEHIND =
            Pointwise.of("round", 1, 1, in(0).times(scalar(0)).round().over(scalar(0)));

    static final Pointwise ROUND_BEFORE =
            Pointwise.of("round", 1, 1, in(0).over(scalar(0)).round().times(scalar(0)));
    static final Pointwise TRUNC = Pointwise.of("trunc", x -> x.trunc());
    static final Pointwise FRAC = Pointwise.of("frac", x -> x.minus(x.trunc()));
    static final Pointwise ABS = Pointwise.of("abs", x -> x.abs());
    static final Pointwise SIGN = Pointwise.of("sign", x -> x.sign());
    static final Pointwise SIGNBIT =
            Pointwise.of("signbit", x -> select(Cmp.LT, lit(1).copysign(x), lit(0), lit(1), lit(0)));
    static final Pointwise COPYSIGN = Pointwise.of("copysign", (a, b) -> a.copysign(b))
            .slopes(select(Cmp.EQ, in(0), lit(0), lit(0), one(in(0)).times(one(in(1)))), lit(0));
    static final Pointwise COPYSIGN_SCALAR = Pointwise.of("copysign", 1, 1, in(0).copysign(scalar(0)))
            .slopes(select(Cmp.EQ, in(0), lit(0), lit(0), one(in(0)).times(one(scalar(0)))));
    static final Pointwise HEAVISIDE = Pointwise.of(
            "heaviside", (x, v) -> select(Cmp.EQ, x, lit(0), v, select(Cmp.GT, x, lit(0), lit(1), lit(0))));
    /** The gradient goes to the side that is not less, to both by halves at a tie, to both in full beside NaN. */
    static final Pointwise MAXIMUM =
            Pointwise.of("maximum", Expr::max).slopes(unless(Cmp.LT, in(0), in(1)), unless(Cmp.LT, in(1), in(0)));

    static final Pointwise MINIMUM =
            Pointwise.of("minimum", Expr::min).slopes(unless(Cmp.GT, in(0), in(1)), unless(Cmp.GT, in(1), in(0)));

    /** NaN loses; at a tie the first gets the gradient. */
    static final Pointwise FMAX = Pointwise.of("fmax", (a, b) -> select(Cmp.GE, a, b, a, numberOf(b, a)))
            .slopes(winner(Cmp.GE, 1), winner(Cmp.GE, 0));

    static final Pointwise FMIN = Pointwise.of("fmin", (a, b) -> select(Cmp.LE, a, b, a, numberOf(b, a)))
            .slopes(winner(Cmp.LE, 1), winner(Cmp.LE, 0));

    /** At a bound the gradient passes, outside and at NaN it is 0; NaN stays NaN. */
    static final Pointwise CLAMP = Pointwise.of("clamp", 1, 2, Expr.min(Expr.max(in(0), scalar(0)), scalar(1)))
            .slopes(select(Cmp.GE, in(0), scalar(0), select(Cmp.LE, in(0), scalar(1), lit(1), lit(0)), lit(0)));

    static final Pointwise CLAMP_MIN = Pointwise.of("clamp_min", 1, 1, Expr.max(in(0), scalar(0)))
            .slopes(select(Cmp.GE, in(0), scalar(0), lit(1), lit(0)));
    static final Pointwise CLAMP_MAX = Pointwise.of("clamp_max", 1, 1, Expr.min(in(0), scalar(0)))
            .slopes(select(Cmp.LE, in(0), scalar(0), lit(1), lit(0)));
    static final Pointwise CLAMP_TENSORS = Pointwise.of("clamp", 3, 0, Expr.min(Expr.max(in(0), in(1)), in(2)))
            .slopes(
                    select(Cmp.GE, in(0), in(1), select(Cmp.LE, in(0), in(2), lit(1), lit(0)), lit(0)),
                    select(Cmp.LT, in(0), in(1), select(Cmp.LT, in(1), in(2), lit(1), lit(0)), lit(0)),
                    select(Cmp.GT, in(0), in(2), lit(1), select(Cmp.LT, in(2), in(1), lit(1), lit(0))));
    static final Pointwise CLAMP_MIN_TENSOR = Pointwise.of("clamp_min", Expr::max)
            .slopes(select(Cmp.GE, in(0), in(1), lit(1), lit(0)), select(Cmp.LT, in(0), in(1), lit(1), lit(0)));
    static final Pointwise CLAMP_MAX_TENSOR = Pointwise.of("clamp_max", Expr::min)
            .slopes(select(Cmp.LE, in(0), in(1), lit(1), lit(0)), select(Cmp.GT, in(0), in(1), lit(1), lit(0)));

    /** Scalars: for NaN, for infinity, for minus infinity. */
    static final Pointwise NAN_TO_NUM = Pointwise.of(
                    "nan_to_num",
                    1,
                    3,
                    select(
                            Cmp.NE,
                            in(0),
                            in(0),
                            scalar(0),
                            select(
                                    Cmp.EQ,
                                    in(0),
                                    lit(Double.POSITIVE_INFINITY),
                                    scalar(1),
                                    select(Cmp.EQ, in(0), lit(Double.NEGATIVE_INFINITY), scalar(2), in(0)))))
            .slopes(select(Cmp.LT, in(0).abs(), lit(Double.POSITIVE_INFINITY), lit(1), lit(0)));

    /** {@code b}, or {@code a} where that is NaN. */
    private static Expr numberOf(Expr b, Expr a) {
        return select(Cmp.NE, b, b, a, b);
    }

    private static Expr one(Expr sign) {
        return lit(1).copysign(sign);
    }

    private static Expr unless(Cmp loses, Expr a, Expr b) {
        return select(loses, a, b, lit(0), select(Cmp.EQ, a, b, lit(0.5), lit(1)));
    }

    private static Expr winner(Cmp first, int one) {
        Expr yes = lit(one);
        Expr no = lit(1 - one);
        return select(first, in(0), in(1), yes, select(Cmp.NE, in(1), in(1), yes, no));
    }
}
