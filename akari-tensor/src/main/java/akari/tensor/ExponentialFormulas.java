package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** The formulas behind {@link Exponentials}. */
final class ExponentialFormulas {
    private ExponentialFormulas() {}

    static final Pointwise POW = Pointwise.of("pow", (a, b) -> a.pow(b));
    static final Pointwise POW_SCALAR = Pointwise.of("pow", 1, 1, in(0).pow(scalar(0)));
    static final Pointwise CUBE = Pointwise.of("pow", x -> x.times(x).times(x))
            .slope((x, y) -> x.times(x).times(3));
    /** Of -∞ the power -1.5 in the slope is 0, as in PyTorch. */
    static final Pointwise POW_INVERSE_ROOT = Pointwise.of("pow", x -> lit(1).over(x.sqrt()))
            .slope((x, y) -> x.pow(lit(-1.5)).times(-0.5));

    static final Pointwise RPOW_SCALAR = Pointwise.of("pow", 1, 1, scalar(0).pow(in(0)));
    static final Pointwise SQRT = Pointwise.of("sqrt", x -> x.sqrt());
    static final Pointwise RSQRT = Pointwise.of("rsqrt", x -> lit(1).over(x.sqrt()))
            .slope((x, y) -> lit(-0.5).times(y.times(y).times(y)));
    static final Pointwise EXP = Pointwise.of("exp", x -> x.exp());
    static final Pointwise EXP2 = Pointwise.of("exp2", x -> x.exp2());
    static final Pointwise EXPM1 = Pointwise.of("expm1", x -> x.expm1());
    static final Pointwise LOG = Pointwise.of("log", x -> x.log());
    static final Pointwise LOG2 = Pointwise.of("log2", x -> x.log2());
    static final Pointwise LOG10 = Pointwise.of("log10", x -> x.log10());
    static final Pointwise LOG1P = Pointwise.of("log1p", x -> x.log1p());

    /** The larger plus a remainder below log 2, so that nothing overflows; equal infinities are themselves. */
    static final Pointwise LOGADDEXP = Pointwise.of(
                    "logaddexp",
                    (a, b) -> equalInfinities(
                            a,
                            b,
                            Expr.max(a, b).plus(a.minus(b).abs().neg().exp().log1p())))
            .slopes(share(in(1), in(0)), share(in(0), in(1)));

    /** As {@link #LOGADDEXP} with powers of two. */
    static final Pointwise LOGADDEXP2 = Pointwise.of(
                    "logaddexp2",
                    (a, b) -> equalInfinities(
                            a,
                            b,
                            Expr.max(a, b)
                                    .plus(a.minus(b).abs().neg().exp2().log1p().over(Math.log(2)))))
            .slopes(
                    lit(1).over(in(1).minus(in(0)).exp2().plus(1)),
                    lit(1).over(in(0).minus(in(1)).exp2().plus(1)));

    private static Expr equalInfinities(Expr a, Expr b, Expr otherwise) {
        return select(Cmp.EQ, a.abs(), lit(Double.POSITIVE_INFINITY), select(Cmp.EQ, a, b, a, otherwise), otherwise);
    }

    private static Expr share(Expr other, Expr own) {
        return lit(1).over(other.minus(own).exp().plus(1));
    }
}
