package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** Angles and hyperbolic functions, in radians. Integers become the default type. */
public sealed interface Trigonometry permits Tensor {
    Pointwise SIN = Pointwise.of("sin", x -> x.sin());
    Pointwise COS = Pointwise.of("cos", x -> x.cos());
    Pointwise TAN = Pointwise.of("tan", x -> x.tan());
    Pointwise ASIN = Pointwise.of("asin", x -> x.asin());
    Pointwise ACOS = Pointwise.of("acos", x -> x.acos());
    Pointwise ATAN = Pointwise.of("atan", x -> x.atan());
    Pointwise SINH = Pointwise.of("sinh", x -> x.sinh());
    Pointwise COSH = Pointwise.of("cosh", x -> x.cosh());
    Pointwise ASINH = Pointwise.of("asinh", x -> x.asinh());
    Pointwise ACOSH = Pointwise.of("acosh", x -> x.acosh());
    Pointwise ATANH = Pointwise.of("atanh", x -> x.atanh());
    /** Squares of small numbers would vanish: the slopes divide by the distance twice. At the origin they are 0, as in PyTorch. */
    Pointwise ATAN2 = Pointwise.of("atan2", (y, x) -> y.atan2(x))
            .slopes(perSquare(in(1), in(0).hypot(in(1))), perSquare(in(0).neg(), in(0).hypot(in(1))));

    Pointwise HYPOT = Pointwise.of("hypot", (a, b) -> a.hypot(b));
    Pointwise DEG2RAD = Pointwise.of("deg2rad", x -> x.times(Math.PI / 180));
    Pointwise RAD2DEG = Pointwise.of("rad2deg", x -> x.times(180 / Math.PI));

    /** {@code sin(πx)/(πx)}, 1 at 0. */
    Pointwise SINC = Pointwise.of(
                    "sinc",
                    x -> select(
                            Cmp.EQ, x, lit(0), lit(1), x.times(Math.PI).sin().over(x.times(Math.PI))))
            .slope((x, y) -> select(Cmp.LT, x.abs(), lit(0.1), sincSlopeNearZero(x), sincSlope(x)));

    /** Of real numbers: π for negative ones. */
    Pointwise ANGLE = Pointwise.of(
                    "angle", x -> select(Cmp.LT, x, lit(0), lit(Math.PI), select(Cmp.NE, x, x, x, lit(0))))
            .slopes(lit(0));

    private static Expr perSquare(Expr x, Expr distance) {
        return select(Cmp.EQ, distance, lit(0), lit(0), x.over(distance).over(distance));
    }

    private static Expr sincSlope(Expr x) {
        Expr u = x.times(Math.PI);
        return u.cos().minus(u.sin().over(u)).over(x);
    }

    /** Its Taylor series, where the difference above would lose all digits. */
    private static Expr sincSlopeNearZero(Expr x) {
        Expr u = x.times(Math.PI);
        Expr square = u.times(u);
        Expr sum = lit(1.0 / 45360).minus(square.times(1.0 / 3991680));
        sum = square.times(sum).minus(lit(1.0 / 840));
        sum = square.times(sum).plus(lit(1.0 / 30));
        sum = square.times(sum).minus(lit(1.0 / 3));
        return u.times(Math.PI).times(sum);
    }

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor sin() {
        return Elementwise.floating(SIN, self());
    }

    default Tensor sin_() {
        return Elementwise.floatingInPlace(SIN, self());
    }

    default Tensor cos() {
        return Elementwise.floating(COS, self());
    }

    default Tensor cos_() {
        return Elementwise.floatingInPlace(COS, self());
    }

    default Tensor tan() {
        return Elementwise.floating(TAN, self());
    }

    default Tensor tan_() {
        return Elementwise.floatingInPlace(TAN, self());
    }

    /** NaN outside of [-1, 1]. */
    default Tensor asin() {
        return Elementwise.floating(ASIN, self());
    }

    default Tensor asin_() {
        return Elementwise.floatingInPlace(ASIN, self());
    }

    /** NaN outside of [-1, 1]. */
    default Tensor acos() {
        return Elementwise.floating(ACOS, self());
    }

    default Tensor acos_() {
        return Elementwise.floatingInPlace(ACOS, self());
    }

    default Tensor atan() {
        return Elementwise.floating(ATAN, self());
    }

    default Tensor atan_() {
        return Elementwise.floatingInPlace(ATAN, self());
    }

    default Tensor sinh() {
        return Elementwise.floating(SINH, self());
    }

    default Tensor sinh_() {
        return Elementwise.floatingInPlace(SINH, self());
    }

    default Tensor cosh() {
        return Elementwise.floating(COSH, self());
    }

    default Tensor cosh_() {
        return Elementwise.floatingInPlace(COSH, self());
    }

    default Tensor asinh() {
        return Elementwise.floating(ASINH, self());
    }

    default Tensor asinh_() {
        return Elementwise.floatingInPlace(ASINH, self());
    }

    /** NaN below 1. */
    default Tensor acosh() {
        return Elementwise.floating(ACOSH, self());
    }

    default Tensor acosh_() {
        return Elementwise.floatingInPlace(ACOSH, self());
    }

    /** NaN outside of [-1, 1]. */
    default Tensor atanh() {
        return Elementwise.floating(ATANH, self());
    }

    default Tensor atanh_() {
        return Elementwise.floatingInPlace(ATANH, self());
    }

    /** The angle of the point {@code (other, this)}, in [-π, π]. */
    default Tensor atan2(Tensor other) {
        return Elementwise.floating(ATAN2, self(), other);
    }

    default Tensor atan2_(Tensor other) {
        return Elementwise.floatingInPlace(ATAN2, self(), other);
    }

    /** {@code sqrt(this² + other²)}, without overflow. */
    default Tensor hypot(Tensor other) {
        return Elementwise.floating(HYPOT, self(), other);
    }

    default Tensor hypot_(Tensor other) {
        return Elementwise.floatingInPlace(HYPOT, self(), other);
    }

    /** Degrees to radians. */
    default Tensor deg2rad() {
        return Elementwise.floating(DEG2RAD, self());
    }

    default Tensor deg2rad_() {
        return Elementwise.floatingInPlace(DEG2RAD, self());
    }

    /** Radians to degrees. */
    default Tensor rad2deg() {
        return Elementwise.floating(RAD2DEG, self());
    }

    default Tensor rad2deg_() {
        return Elementwise.floatingInPlace(RAD2DEG, self());
    }

    /** {@code sin(πx)/(πx)}, 1 at 0. */
    default Tensor sinc() {
        return Elementwise.floating(SINC, self());
    }

    default Tensor sinc_() {
        return Elementwise.floatingInPlace(SINC, self());
    }

    /** 0 for positive numbers, π for negative ones. */
    default Tensor angle() {
        return Elementwise.floating(ANGLE, self());
    }

    /** {@link #asin()}. */
    default Tensor arcsin() {
        return self().asin();
    }

    default Tensor arcsin_() {
        return self().asin_();
    }

    /** {@link #acos()}. */
    default Tensor arccos() {
        return self().acos();
    }

    default Tensor arccos_() {
        return self().acos_();
    }

    /** {@link #atan()}. */
    default Tensor arctan() {
        return self().atan();
    }

    default Tensor arctan_() {
        return self().atan_();
    }

    /** {@link #asinh()}. */
    default Tensor arcsinh() {
        return self().asinh();
    }

    default Tensor arcsinh_() {
        return self().asinh_();
    }

    /** {@link #acosh()}. */
    default Tensor arccosh() {
        return self().acosh();
    }

    default Tensor arccosh_() {
        return self().acosh_();
    }

    /** {@link #atanh()}. */
    default Tensor arctanh() {
        return self().atanh();
    }

    default Tensor arctanh_() {
        return self().atanh_();
    }

    /** {@link #atan2(Tensor)}. */
    default Tensor arctan2(Tensor other) {
        return self().atan2(other);
    }

    default Tensor arctan2_(Tensor other) {
        return self().atan2_(other);
    }
}
