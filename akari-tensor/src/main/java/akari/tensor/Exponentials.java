package akari.tensor;

import akari.core.DType;
import akari.errors.NullArgument;
import akari.formula.Pointwise;

/** Powers, roots, exponentials and logarithms. Integers become the default type, but for powers of integers. */
public sealed interface Exponentials permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this ** exponent}. Of integers an integer; to negative powers of them only 1 and -1 are not 0. */
    default Tensor pow(Tensor exponent) {
        return Elementwise.arithmetic(ExponentialFormulas.POW, self(), exponent);
    }

    /** {@code this ** exponent}; of integers an integer, for which a negative exponent is an error. */
    default Tensor pow(Number exponent) {
        checkExponent("pow", exponent);
        Pointwise formula = shortcut(exponent.doubleValue());
        return formula == ExponentialFormulas.POW_SCALAR
                ? Elementwise.arithmetic(ExponentialFormulas.POW_SCALAR, self(), exponent)
                : Elementwise.arithmetic(formula, self());
    }

    /** {@code base ** this}. */
    default Tensor rpow(Number base) {
        return Elementwise.arithmetic(ExponentialFormulas.RPOW_SCALAR, self(), base);
    }

    default Tensor pow_(Tensor exponent) {
        return Elementwise.inPlace(ExponentialFormulas.POW, self(), exponent);
    }

    default Tensor pow_(Number exponent) {
        checkExponent("pow_", exponent);
        Pointwise formula = shortcut(exponent.doubleValue());
        return formula == ExponentialFormulas.POW_SCALAR
                ? Elementwise.inPlace(ExponentialFormulas.POW_SCALAR, exponent, self())
                : Elementwise.inPlace(formula, self());
    }

    /** How PyTorch computes powers of floating numbers; in float16 roots are powers like others, which of -∞ are numbers. */
    private Pointwise shortcut(double exponent) {
        DType type = self().dtype();
        if (type.isFloating()) {
            if (exponent == 2) return ArithmeticFormulas.SQUARE;
            if (exponent == 3) return ExponentialFormulas.CUBE;
            if (exponent == 0.5 && type != DType.FLOAT16) return ExponentialFormulas.SQRT;
            if (exponent == -0.5 && type != DType.FLOAT16) return ExponentialFormulas.POW_INVERSE_ROOT;
        }
        return ExponentialFormulas.POW_SCALAR;
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
        return Elementwise.floating(ExponentialFormulas.SQRT, self());
    }

    default Tensor sqrt_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.SQRT, self());
    }

    /** {@code 1 / sqrt(this)}. */
    default Tensor rsqrt() {
        return Elementwise.floating(ExponentialFormulas.RSQRT, self());
    }

    default Tensor rsqrt_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.RSQRT, self());
    }

    default Tensor exp() {
        return Elementwise.floating(ExponentialFormulas.EXP, self());
    }

    default Tensor exp_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.EXP, self());
    }

    /** {@code 2 ** this}. */
    default Tensor exp2() {
        return Elementwise.floating(ExponentialFormulas.EXP2, self());
    }

    default Tensor exp2_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.EXP2, self());
    }

    /** {@code exp(this) - 1}, exact near 0. */
    default Tensor expm1() {
        return Elementwise.floating(ExponentialFormulas.EXPM1, self());
    }

    default Tensor expm1_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.EXPM1, self());
    }

    /** Natural logarithm. */
    default Tensor log() {
        return Elementwise.floating(ExponentialFormulas.LOG, self());
    }

    default Tensor log_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.LOG, self());
    }

    /** Exact for powers of two. */
    default Tensor log2() {
        return Elementwise.floating(ExponentialFormulas.LOG2, self());
    }

    default Tensor log2_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.LOG2, self());
    }

    default Tensor log10() {
        return Elementwise.floating(ExponentialFormulas.LOG10, self());
    }

    default Tensor log10_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.LOG10, self());
    }

    /** {@code log(1 + this)}, exact near 0. */
    default Tensor log1p() {
        return Elementwise.floating(ExponentialFormulas.LOG1P, self());
    }

    default Tensor log1p_() {
        return Elementwise.floatingInPlace(ExponentialFormulas.LOG1P, self());
    }

    /** {@code log(exp(this) + exp(other))}, without overflow. */
    default Tensor logaddexp(Tensor other) {
        return Elementwise.floating(ExponentialFormulas.LOGADDEXP, self(), other);
    }

    /** {@code log2(2 ** this + 2 ** other)}, without overflow. */
    default Tensor logaddexp2(Tensor other) {
        return Elementwise.floating(ExponentialFormulas.LOGADDEXP2, self(), other);
    }
}
