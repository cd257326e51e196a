package akari.tensor;

import static akari.backend.Expr.in;
import static akari.backend.Expr.lit;
import static akari.backend.Expr.scalar;

import akari.backend.Expr;
import akari.backend.Pointwise;
import org.jspecify.annotations.Nullable;

/** Elementwise arithmetic. Operands broadcast; a scalar promotes the type only to a higher category, as in PyTorch. */
public sealed interface Arithmetic permits Tensor {
    Pointwise ADD = Pointwise.of("add", (a, b) -> a.plus(b));
    Pointwise ADD_SCALAR = Pointwise.of("add", 1, 1, in(0).plus(scalar(0)));
    Pointwise ADD_SCALED = Pointwise.of("add", 2, 1, in(0).plus(in(1).times(scalar(0))));
    Pointwise SUB = Pointwise.of("sub", (a, b) -> a.minus(b));
    Pointwise SUB_SCALAR = Pointwise.of("sub", 1, 1, in(0).minus(scalar(0)));
    Pointwise RSUB_SCALAR = Pointwise.of("rsub", 1, 1, scalar(0).minus(in(0)));
    Pointwise MUL = Pointwise.of("mul", (a, b) -> a.times(b));
    Pointwise MUL_SCALAR = Pointwise.of("mul", 1, 1, in(0).times(scalar(0)));
    Pointwise DIV = Pointwise.of("div", (a, b) -> a.over(b));
    Pointwise DIV_SCALAR = Pointwise.of("div", 1, 1, in(0).over(scalar(0)));
    Pointwise RDIV_SCALAR = Pointwise.of("rdiv", 1, 1, scalar(0).over(in(0)));
    Pointwise POW = Pointwise.of("pow", (a, b) -> a.pow(b));
    Pointwise POW_SCALAR = Pointwise.of("pow", 1, 1, in(0).pow(scalar(0)));
    Pointwise SQUARE = Pointwise.of("square", x -> x.times(x));
    Pointwise MAXIMUM = Pointwise.of("maximum", Expr::max);
    Pointwise MINIMUM = Pointwise.of("minimum", Expr::min);
    Pointwise NEG = Pointwise.of("neg", x -> x.neg());
    Pointwise ABS = Pointwise.of("abs", x -> x.abs());
    Pointwise SIGN = Pointwise.of("sign", x -> x.sign());
    Pointwise FLOOR = Pointwise.of("floor", x -> x.floor());
    Pointwise CEIL = Pointwise.of("ceil", x -> x.ceil());
    Pointwise ROUND = Pointwise.of("round", x -> x.round());
    Pointwise TRUNC = Pointwise.of("trunc", x -> x.trunc());
    Pointwise SQRT = Pointwise.of("sqrt", x -> x.sqrt());
    Pointwise RSQRT = Pointwise.of("rsqrt", x -> lit(1).over(x.sqrt()))
            .slope((x, y) -> lit(-0.5).times(y.times(y).times(y)));
    Pointwise RECIPROCAL = Pointwise.of("reciprocal", x -> lit(1).over(x))
            .slope((x, y) -> y.times(y).neg());
    Pointwise EXP = Pointwise.of("exp", x -> x.exp());
    Pointwise EXPM1 = Pointwise.of("expm1", x -> x.expm1());
    Pointwise LOG = Pointwise.of("log", x -> x.log());
    Pointwise LOG1P = Pointwise.of("log1p", x -> x.log1p());
    Pointwise SIN = Pointwise.of("sin", x -> x.sin());
    Pointwise COS = Pointwise.of("cos", x -> x.cos());
    Pointwise ERF = Pointwise.of("erf", x -> x.erf());
    Pointwise FILL = Pointwise.of("fill", 1, 1, scalar(0));
    Pointwise COPY = Pointwise.of("copy", 2, 0, in(1));

    /** At a bound the gradient passes, outside it is 0; NaN stays NaN. */
    Pointwise CLAMP = Pointwise.of("clamp", 1, 2, Expr.min(Expr.max(in(0), scalar(0)), scalar(1)))
            .slopes(Expr.select(
                    Expr.Cmp.LT, in(0), scalar(0), lit(0), Expr.select(Expr.Cmp.GT, in(0), scalar(1), lit(0), lit(1))));

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this + other}. */
    default Tensor add(Tensor other) {
        return Elementwise.arithmetic(ADD, self(), other);
    }

    default Tensor add(Number other) {
        return Elementwise.arithmetic(ADD_SCALAR, self(), Elementwise.term(self(), other));
    }

    /** {@code this + alpha * other}. */
    default Tensor add(Tensor other, double alpha) {
        return Elementwise.apply(ADD_SCALED, new double[] {alpha}, Elementwise.promoted(self(), other), self(), other);
    }

    /** {@code this - other}. */
    default Tensor sub(Tensor other) {
        return Elementwise.arithmetic(SUB, self(), other);
    }

    default Tensor sub(Number other) {
        return Elementwise.arithmetic(SUB_SCALAR, self(), Elementwise.term(self(), other));
    }

    /** {@code other - this}. */
    default Tensor rsub(Number other) {
        return Elementwise.arithmetic(RSUB_SCALAR, self(), Elementwise.term(self(), other));
    }

    /** {@code this * other}. */
    default Tensor mul(Tensor other) {
        return Elementwise.arithmetic(MUL, self(), other);
    }

    default Tensor mul(Number other) {
        return Elementwise.arithmetic(MUL_SCALAR, self(), other);
    }

    /** {@code this / other}, true division: integers give float32. */
    default Tensor div(Tensor other) {
        return Elementwise.floating(DIV, self(), other);
    }

    default Tensor div(Number other) {
        return Elementwise.floating(DIV_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /** {@code other / this}. */
    default Tensor rdiv(Number other) {
        return Elementwise.floating(RDIV_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /** {@code this ** exponent}; of integers an integer, for which a negative exponent is an error. */
    default Tensor pow(Tensor exponent) {
        return Elementwise.arithmetic(POW, self(), exponent);
    }

    default Tensor pow(Number exponent) {
        return exponent.doubleValue() == 2 && self().dtype().isFloating()
                ? square()
                : Elementwise.arithmetic(POW_SCALAR, self(), exponent);
    }

    default Tensor square() {
        return Elementwise.arithmetic(SQUARE, self());
    }

    /** The larger of each pair; NaN wins. At a tie both gradients get half. */
    default Tensor maximum(Tensor other) {
        return Elementwise.arithmetic(MAXIMUM, self(), other);
    }

    /** The smaller of each pair; NaN wins. At a tie both gradients get half. */
    default Tensor minimum(Tensor other) {
        return Elementwise.arithmetic(MINIMUM, self(), other);
    }

    default Tensor neg() {
        return Elementwise.arithmetic(NEG, self());
    }

    /** Absolute value; gradient 0 at 0. */
    default Tensor abs() {
        return Elementwise.arithmetic(ABS, self());
    }

    /** -1, 0 or 1. */
    default Tensor sign() {
        return Elementwise.arithmetic(SIGN, self());
    }

    default Tensor floor() {
        return rounded(FLOOR);
    }

    default Tensor ceil() {
        return rounded(CEIL);
    }

    /** To the nearest integer, halves to even. */
    default Tensor round() {
        return rounded(ROUND);
    }

    /** Towards zero. */
    default Tensor trunc() {
        return rounded(TRUNC);
    }

    private Tensor rounded(Pointwise f) {
        return self().dtype().isFloating() ? Elementwise.arithmetic(f, self()) : self().clone();
    }

    default Tensor sqrt() {
        return Elementwise.floating(SQRT, self());
    }

    /** {@code 1 / sqrt(this)}. */
    default Tensor rsqrt() {
        return Elementwise.floating(RSQRT, self());
    }

    default Tensor reciprocal() {
        return Elementwise.floating(RECIPROCAL, self());
    }

    default Tensor exp() {
        return Elementwise.floating(EXP, self());
    }

    /** {@code exp(this) - 1}, exact near 0. */
    default Tensor expm1() {
        return Elementwise.floating(EXPM1, self());
    }

    /** Natural logarithm. */
    default Tensor log() {
        return Elementwise.floating(LOG, self());
    }

    /** {@code log(1 + this)}, exact near 0. */
    default Tensor log1p() {
        return Elementwise.floating(LOG1P, self());
    }

    default Tensor sin() {
        return Elementwise.floating(SIN, self());
    }

    default Tensor cos() {
        return Elementwise.floating(COS, self());
    }

    /** The error function. */
    default Tensor erf() {
        return Elementwise.floating(ERF, self());
    }

    /** Limited to {@code [min, max]}; null leaves a side open. */
    default Tensor clamp(@Nullable Number min, @Nullable Number max) {
        if (min == null && max == null) {
            throw new IllegalArgumentException("clamp needs min, max or both");
        }
        double[] bounds = {
            min == null ? Double.NEGATIVE_INFINITY : min.doubleValue(),
            max == null ? Double.POSITIVE_INFINITY : max.doubleValue()
        };
        return Elementwise.apply(CLAMP, bounds, self().dtype(), self());
    }

    // ---- in place

    default Tensor add_(Tensor other) {
        return Elementwise.inPlace(ADD, new double[0], self(), other);
    }

    default Tensor add_(Number other) {
        return Elementwise.inPlace(ADD_SCALAR, Elementwise.term(self(), other), self());
    }

    /** {@code this += alpha * other}. */
    default Tensor add_(Tensor other, double alpha) {
        return Elementwise.inPlace(ADD_SCALED, new double[] {alpha}, self(), other);
    }

    default Tensor sub_(Tensor other) {
        return Elementwise.inPlace(SUB, new double[0], self(), other);
    }

    default Tensor sub_(Number other) {
        return Elementwise.inPlace(SUB_SCALAR, Elementwise.term(self(), other), self());
    }

    default Tensor mul_(Tensor other) {
        return Elementwise.inPlace(MUL, new double[0], self(), other);
    }

    default Tensor mul_(Number other) {
        return Elementwise.inPlace(MUL_SCALAR, other, self());
    }

    default Tensor div_(Tensor other) {
        return Elementwise.floatingInPlace(DIV, new double[0], self(), other);
    }

    default Tensor div_(Number other) {
        return Elementwise.floatingInPlace(DIV_SCALAR, new double[] {other.doubleValue()}, self());
    }

    default Tensor neg_() {
        return Elementwise.inPlace(NEG, new double[0], self());
    }

    default Tensor clamp_(double min, double max) {
        return Elementwise.inPlace(CLAMP, new double[] {min, max}, self());
    }

    default Tensor zero_() {
        return fill_(0);
    }

    /** Sets every element to {@code value}. */
    default Tensor fill_(Number value) {
        return Elementwise.inPlace(FILL, new double[] {value.doubleValue()}, self());
    }

    /** Takes the values of {@code source}, broadcast to this shape and converted to this type. */
    default Tensor copy_(Tensor source) {
        return Elementwise.inPlace(COPY, new double[0], self(), source.to(self().dtype()));
    }
}
