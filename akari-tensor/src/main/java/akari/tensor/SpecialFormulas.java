package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** The formulas behind {@link SpecialFunctions}. */
final class SpecialFormulas {
    private SpecialFormulas() {}

    static final Pointwise ERF = Pointwise.of("erf", x -> x.erf());
    static final Pointwise ERFC = Pointwise.of("erfc", x -> x.erfc());
    static final Pointwise ERFINV = Pointwise.of("erfinv", x -> x.erfinv());
    static final Pointwise LGAMMA = Pointwise.of("lgamma", x -> x.lgamma());
    static final Pointwise DIGAMMA = Pointwise.of("digamma", x -> x.digamma());
    static final Pointwise POLYGAMMA =
            Pointwise.of("polygamma", 1, 1, in(0).polygamma(scalar(0).ceil()));
    static final Pointwise LOGIT = Pointwise.of("logit", x -> logit(x))
            .slope((x, y) ->
                    select(Cmp.LT, x, lit(0), lit(Double.NaN), select(Cmp.GT, x, lit(1), lit(Double.NaN), odds(x))));

    /** The scalar keeps the argument that far away from 0 and 1. */
    static final Pointwise LOGIT_EPS = Pointwise.of("logit", 1, 1, logit(inside(in(0), scalar(0))))
            .slopes(select(
                    Cmp.LT,
                    in(0),
                    scalar(0),
                    lit(0),
                    select(Cmp.GT, in(0), lit(1).minus(scalar(0)), lit(0), odds(in(0)))));

    static final Pointwise XLOGY =
            Pointwise.of("xlogy", 2, 0, xlogy(in(0), in(1))).slopes(logOrZero(in(0), in(1)), in(0).over(in(1)));
    static final Pointwise XLOGY_SCALAR =
            Pointwise.of("xlogy", 1, 1, xlogy(in(0), scalar(0))).slopes(logOrZero(in(0), scalar(0)));
    static final Pointwise RXLOGY_SCALAR = Pointwise.of("xlogy", 1, 1, xlogy(scalar(0), in(0)))
            .slopes(scalar(0).over(in(0)));

    static final Pointwise I0 = Pointwise.of("i0", x -> bessel(0, x)).slope((x, y) -> bessel(1, x));

    /** The modified Bessel function of order n: a sum of positive numbers near 0, Hankel's series in 1/x far from it. */
    private static Expr bessel(int n, Expr x) {
        Expr q = x.times(x).times(0.25);
        Expr near = lit(1);
        for (int k = 48; k > 0; k--) {
            near = q.times(1.0 / ((double) k * (k + n))).times(near).plus(1);
        }
        Expr size = x.abs();
        Expr far = lit(1);
        for (int k = 30; k > 0; k--) {
            double odd = 2.0 * k - 1;
            far = lit((odd * odd - 4 * n * n) / (8 * k)).over(size).times(far).plus(1);
        }
        // the exponential in two halves: one alone overflows before the result does
        Expr half = size.times(0.5).exp();
        Expr large = half.times(far.over(size.sqrt()).times(1 / Math.sqrt(2 * Math.PI)))
                .times(half);
        return n == 0
                ? select(Cmp.LE, size, lit(20), near, large)
                : select(Cmp.LE, size, lit(20), near.times(x).times(0.5), large.copysign(x));
    }

    private static Expr logit(Expr z) {
        return z.over(lit(1).minus(z)).log();
    }

    private static Expr inside(Expr x, Expr eps) {
        Expr high = lit(1).minus(eps);
        return select(Cmp.LT, x, eps, eps, select(Cmp.GT, x, high, high, x));
    }

    private static Expr odds(Expr x) {
        Expr steep = lit(1).over(x.times(lit(1).minus(x)));
        return select(Cmp.EQ, x, lit(0), lit(Double.POSITIVE_INFINITY), steep); // -0 too
    }

    private static Expr xlogy(Expr x, Expr y) {
        return select(Cmp.NE, y, y, y, select(Cmp.EQ, x, lit(0), lit(0), x.times(y.log())));
    }

    private static Expr logOrZero(Expr x, Expr y) {
        return select(Cmp.EQ, x, lit(0), select(Cmp.LE, y, lit(0), lit(0), y.log()), y.log());
    }
}
