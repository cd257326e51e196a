package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;
import akari.core.DType;
import akari.errors.NullArgument;
import org.jspecify.annotations.Nullable;

/** The error and gamma functions and their kin. Integers become the default type. */
public sealed interface SpecialFunctions permits Tensor {
    Pointwise ERF = Pointwise.of("erf", x -> x.erf());
    Pointwise ERFC = Pointwise.of("erfc", x -> x.erfc());
    Pointwise ERFINV = Pointwise.of("erfinv", x -> x.erfinv());
    Pointwise LGAMMA = Pointwise.of("lgamma", x -> x.lgamma());
    Pointwise DIGAMMA = Pointwise.of("digamma", x -> x.digamma());
    Pointwise POLYGAMMA =
            Pointwise.of("polygamma", 1, 1, in(0).polygamma(scalar(0).ceil()));
    Pointwise LOGIT = Pointwise.of("logit", x -> logit(x))
            .slope((x, y) ->
                    select(Cmp.LT, x, lit(0), lit(Double.NaN), select(Cmp.GT, x, lit(1), lit(Double.NaN), odds(x))));

    /** The scalar keeps the argument that far away from 0 and 1. */
    Pointwise LOGIT_EPS = Pointwise.of("logit", 1, 1, logit(inside(in(0), scalar(0))))
            .slopes(select(
                    Cmp.LT,
                    in(0),
                    scalar(0),
                    lit(0),
                    select(Cmp.GT, in(0), lit(1).minus(scalar(0)), lit(0), odds(in(0)))));

    Pointwise XLOGY =
            Pointwise.of("xlogy", 2, 0, xlogy(in(0), in(1))).slopes(logOrZero(in(0), in(1)), in(0).over(in(1)));
    Pointwise XLOGY_SCALAR =
            Pointwise.of("xlogy", 1, 1, xlogy(in(0), scalar(0))).slopes(logOrZero(in(0), scalar(0)));
    Pointwise RXLOGY_SCALAR = Pointwise.of("xlogy", 1, 1, xlogy(scalar(0), in(0)))
            .slopes(scalar(0).over(in(0)));

    Pointwise I0 = Pointwise.of("i0", x -> bessel(0, x)).slope((x, y) -> bessel(1, x));

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

    private Tensor self() {
        return (Tensor) this;
    }

    /** The error function. */
    default Tensor erf() {
        return Elementwise.floating(ERF, self());
    }

    default Tensor erf_() {
        return Elementwise.floatingInPlace(ERF, self());
    }

    /** {@code 1 - erf(this)}, without cancellation. */
    default Tensor erfc() {
        return Elementwise.floating(ERFC, self());
    }

    default Tensor erfc_() {
        return Elementwise.floatingInPlace(ERFC, self());
    }

    /** Inverse of {@link #erf}; infinite at ±1, NaN beyond. */
    default Tensor erfinv() {
        return Elementwise.floating(ERFINV, self());
    }

    default Tensor erfinv_() {
        return Elementwise.floatingInPlace(ERFINV, self());
    }

    /** Logarithm of the magnitude of the gamma function. */
    default Tensor lgamma() {
        return Elementwise.floating(LGAMMA, self());
    }

    default Tensor lgamma_() {
        return Elementwise.floatingInPlace(LGAMMA, self());
    }

    /** Derivative of {@link #lgamma}. */
    default Tensor digamma() {
        return Elementwise.floating(DIGAMMA, self());
    }

    default Tensor digamma_() {
        return Elementwise.floatingInPlace(DIGAMMA, self());
    }

    /** The {@code n}-th derivative of {@link #digamma}. */
    default Tensor polygamma(int n) {
        return Elementwise.floating(POLYGAMMA, order(n), self());
    }

    default Tensor polygamma_(int n) {
        return Elementwise.floatingInPlace(POLYGAMMA, order(n), self());
    }

    private static double[] order(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("polygamma: the order is at least 0, got " + n);
        }
        return new double[] {n};
    }

    /** The modified Bessel function of the first kind, of order 0. */
    default Tensor i0() {
        return Elementwise.floating(I0, self());
    }

    default Tensor i0_() {
        return Elementwise.floatingInPlace(I0, self());
    }

    /** Logarithm of the gamma function of {@code p} dimensions; NaN or infinite at {@code (p - 1) / 2} and below. */
    default Tensor mvlgamma(int p) {
        if (p < 1) {
            throw new IllegalArgumentException("mvlgamma: p is at least 1, got " + p);
        }
        return Tape.composite("mvlgamma", () -> {
            DType type = self().dtype().isFloating() ? self().dtype() : Tensors.defaultDType();
            Tensor x = self().to(type);
            Tensor shifts = Tensors.arange(type, 0, p, 1).mul(-0.5).to(x.device());
            double constant = p * (p - 1) / 4.0 * Math.log(Math.PI);
            return x.unsqueeze(-1).add(shifts).lgamma().sum(-1).add(constant);
        });
    }

    default Tensor mvlgamma_(int p) {
        return self().copy_(mvlgamma(p));
    }

    /** {@code log(x / (1 - x))}, NaN outside of [0, 1]. */
    default Tensor logit() {
        return Elementwise.floating(LOGIT, self());
    }

    /** As {@link #logit()} of the argument limited to {@code [eps, 1 - eps]}; null leaves it as it is. */
    default Tensor logit(@Nullable Double eps) {
        return eps == null ? logit() : Elementwise.floating(LOGIT_EPS, new double[] {eps}, self());
    }

    default Tensor logit_() {
        return Elementwise.floatingInPlace(LOGIT, self());
    }

    default Tensor logit_(@Nullable Double eps) {
        return eps == null ? logit_() : Elementwise.floatingInPlace(LOGIT_EPS, new double[] {eps}, self());
    }

    /** {@code this * log(other)}, 0 where this is 0, NaN where {@code other} is. */
    default Tensor xlogy(Tensor other) {
        return Elementwise.floating(XLOGY, self(), other);
    }

    default Tensor xlogy(Number other) {
        return Elementwise.floating(XLOGY_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /** {@code x * log(this)}. */
    default Tensor rxlogy(Number x) {
        NullArgument.check(x, "x");
        return Elementwise.floating(RXLOGY_SCALAR, new double[] {x.doubleValue()}, self());
    }

    default Tensor xlogy_(Tensor other) {
        return Elementwise.floatingInPlace(XLOGY, self(), other);
    }

    default Tensor xlogy_(Number other) {
        return Elementwise.floatingInPlace(XLOGY_SCALAR, new double[] {other.doubleValue()}, self());
    }
}
