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

/** Powers, roots, exponentials and logarithms. Integers become the default type, but for powers of integers. */
public sealed interface Exponentials permits Tensor {
    Pointwise POW = Pointwise.of("pow", (a, b) -> a.pow(b));
    Pointwise POW_SCALAR = Pointwise.of("pow", 1, 1, in(0).pow(scalar(0)));
    Pointwise CUBE = Pointwise.of("pow", x -> x.times(x).times(x))
            .slope((x, y) -> x.times(x).times(3));
    /** Of -∞ the power -1.5 in the slope is 0, as in PyTorch. */
    Pointwise POW_INVERSE_ROOT = Pointwise.of("pow", x -> lit(1).over(x.sqrt()))
            .slope((x, y) -> x.pow(lit(-1.5)).times(-0.5));

    Pointwise RPOW_SCALAR = Pointwise.of("pow", 1, 1, scalar(0).pow(in(0)));
    Pointwise SQRT = Pointwise.of("sqrt", x -> x.sqrt());
    Pointwise RSQRT = Pointwise.of("rsqrt", x -> lit(1).over(x.sqrt()))
            .slope((x, y) -> lit(-0.5).times(y.times(y).times(y)));
    Pointwise EXP = Pointwise.of("exp", x -> x.exp());
    Pointwise EXP2 = Pointwise.of("exp2", x -> x.exp2());
    Pointwise EXPM1 = Pointwise.of("expm1", x -> x.expm1());
    Pointwise LOG = Pointwise.of("log", x -> x.log());
    Pointwise LOG2 = Pointwise.of("log2", x -> x.log2());
    Pointwise LOG10 = Pointwise.of("log10", x -> x.log10());
    Pointwise LOG1P = Pointwise.of("log1p", x -> x.log1p());

    /** The larger plus a remainder below log 2, so that nothing overflows; equal infinities are themselves. */
    Pointwise LOGADDEXP = Pointwise.of(
                    "logaddexp",
                    (a, b) -> equalInfinities(
                            a,
                            b,
                            Expr.max(a, b).plus(a.minus(b).abs().neg().exp().log1p())))
            .slopes(share(in(1), in(0)), share(in(0), in(1)));

    /** As {@link #LOGADDEXP} with powers of two. */
    Pointwise LOGADDEXP2 = Pointwise.of(
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

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this ** exponent}. Of integers an integer; to negative powers of them only 1 and -1 are not 0. */
    default Tensor pow(Tensor exponent) {
        return Elementwise.arithmetic(POW, self(), exponent);
    }

    /** {@code this ** exponent}; of integers an integer, for which a negative exponent is an error. */
    default Tensor pow(Number exponent) {
        checkExponent("pow", exponent);
        Pointwise formula = shortcut(exponent.doubleValue());
        return formula == POW_SCALAR
                ? Elementwise.arithmetic(POW_SCALAR, self(), exponent)
                : Elementwise.arithmetic(formula, self());
    }

    /** {@code base ** this}. */
    default Tensor rpow(Number base) {
        return Elementwise.arithmetic(RPOW_SCALAR, self(), base);
    }

    default Tensor pow_(Tensor exponent) {
        return Elementwise.inPlace(POW, self(), exponent);
    }

    default Tensor pow_(Number exponent) {
        checkExponent("pow_", exponent);
        Pointwise formula = shortcut(exponent.doubleValue());
        return formula == POW_SCALAR
                ? Elementwise.inPlace(POW_SCALAR, exponent, self())
                : Elementwise.inPlace(formula, self());
    }

    /** How PyTorch computes powers of floating numbers; in float16 roots are powers like others, which of -∞ are numbers. */
    private Pointwise shortcut(double exponent) {
        DType type = self().dtype();
        if (type.isFloating()) {
            if (exponent == 2) return Arithmetic.SQUARE;
            if (exponent == 3) return CUBE;
            if (exponent == 0.5 && type != DType.FLOAT16) return SQRT;
            if (exponent == -0.5 && type != DType.FLOAT16) return POW_INVERSE_ROOT;
        }
        return POW_SCALAR;
    }

    private void checkExponent(String op, Number exponent) {
        NullArgument.check(exponent, "exponent");
        if (exponent.doubleValue() < 0
                && !Elementwise.promoted(self(), exponent).isFloating()) {
            throw new ArithmeticException(op + ": " + self().dtype() + " to the negative power " + exponent
                    + " is no integer; convert to a floating type first, or use floatPower");
        }
    }

    /** {@link #pow(Tensor)} in float64, whatever the operands' types. */
    default Tensor floatPower(Tensor exponent) {
        return self().float64().pow(exponent.float64());
    }

    default Tensor floatPower(Number exponent) {
        return self().float64().pow(exponent);
    }

    /** Of a float64 tensor. */
    default Tensor floatPower_(Tensor exponent) {
        checkDouble();
        return pow_(exponent.float64());
    }

    default Tensor floatPower_(Number exponent) {
        checkDouble();
        return pow_(exponent);
    }

    private void checkDouble() {
        if (self().dtype() != DType.FLOAT64) {
            throw new IllegalArgumentException("floatPower_: the result is float64 and does not fit into a "
                    + self().dtype() + " tensor; use floatPower");
        }
    }

    default Tensor sqrt() {
        return Elementwise.floating(SQRT, self());
    }

    default Tensor sqrt_() {
        return Elementwise.floatingInPlace(SQRT, self());
    }

    /** {@code 1 / sqrt(this)}. */
    default Tensor rsqrt() {
        return Elementwise.floating(RSQRT, self());
    }

    default Tensor rsqrt_() {
        return Elementwise.floatingInPlace(RSQRT, self());
    }

    default Tensor exp() {
        return Elementwise.floating(EXP, self());
    }

    default Tensor exp_() {
        return Elementwise.floatingInPlace(EXP, self());
    }

    /** {@code 2 ** this}. */
    default Tensor exp2() {
        return Elementwise.floating(EXP2, self());
    }

    default Tensor exp2_() {
        return Elementwise.floatingInPlace(EXP2, self());
    }

    /** {@code exp(this) - 1}, exact near 0. */
    default Tensor expm1() {
        return Elementwise.floating(EXPM1, self());
    }

    default Tensor expm1_() {
        return Elementwise.floatingInPlace(EXPM1, self());
    }

    /** Natural logarithm. */
    default Tensor log() {
        return Elementwise.floating(LOG, self());
    }

    default Tensor log_() {
        return Elementwise.floatingInPlace(LOG, self());
    }

    /** Exact for powers of two. */
    default Tensor log2() {
        return Elementwise.floating(LOG2, self());
    }

    default Tensor log2_() {
        return Elementwise.floatingInPlace(LOG2, self());
    }

    default Tensor log10() {
        return Elementwise.floating(LOG10, self());
    }

    default Tensor log10_() {
        return Elementwise.floatingInPlace(LOG10, self());
    }

    /** {@code log(1 + this)}, exact near 0. */
    default Tensor log1p() {
        return Elementwise.floating(LOG1P, self());
    }

    default Tensor log1p_() {
        return Elementwise.floatingInPlace(LOG1P, self());
    }

    /** {@code log(exp(this) + exp(other))}, without overflow. */
    default Tensor logaddexp(Tensor other) {
        return Elementwise.floating(LOGADDEXP, self(), other);
    }

    /** {@code log2(2 ** this + 2 ** other)}, without overflow. */
    default Tensor logaddexp2(Tensor other) {
        return Elementwise.floating(LOGADDEXP2, self(), other);
    }
}
