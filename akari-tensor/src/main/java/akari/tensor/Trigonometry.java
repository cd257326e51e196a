package akari.tensor;

/** Angles and hyperbolic functions, in radians. Integers become the default type. */
public sealed interface Trigonometry permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor sin() {
        return Elementwise.floating(TrigonometryFormulas.SIN, self());
    }

    default Tensor sin_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.SIN, self());
    }

    default Tensor cos() {
        return Elementwise.floating(TrigonometryFormulas.COS, self());
    }

    default Tensor cos_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.COS, self());
    }

    default Tensor tan() {
        return Elementwise.floating(TrigonometryFormulas.TAN, self());
    }

    default Tensor tan_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.TAN, self());
    }

    /** NaN outside of [-1, 1]. */
    default Tensor asin() {
        return Elementwise.floating(TrigonometryFormulas.ASIN, self());
    }

    default Tensor asin_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.ASIN, self());
    }

    /** NaN outside of [-1, 1]. */
    default Tensor acos() {
        return Elementwise.floating(TrigonometryFormulas.ACOS, self());
    }

    default Tensor acos_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.ACOS, self());
    }

    default Tensor atan() {
        return Elementwise.floating(TrigonometryFormulas.ATAN, self());
    }

    default Tensor atan_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.ATAN, self());
    }

    default Tensor sinh() {
        return Elementwise.floating(TrigonometryFormulas.SINH, self());
    }

    default Tensor sinh_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.SINH, self());
    }

    default Tensor cosh() {
        return Elementwise.floating(TrigonometryFormulas.COSH, self());
    }

    default Tensor cosh_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.COSH, self());
    }

    default Tensor asinh() {
        return Elementwise.floating(TrigonometryFormulas.ASINH, self());
    }

    default Tensor asinh_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.ASINH, self());
    }

    /** NaN below 1. */
    default Tensor acosh() {
        return Elementwise.floating(TrigonometryFormulas.ACOSH, self());
    }

    default Tensor acosh_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.ACOSH, self());
    }

    /** NaN outside of [-1, 1]. */
    default Tensor atanh() {
        return Elementwise.floating(TrigonometryFormulas.ATANH, self());
    }

    default Tensor atanh_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.ATANH, self());
    }

    /** The angle of the point {@code (other, this)}, in [-π, π]. */
    default Tensor atan2(Tensor other) {
        return Elementwise.floating(TrigonometryFormulas.ATAN2, self(), other);
    }

    default Tensor atan2_(Tensor other) {
        return Elementwise.floatingInPlace(TrigonometryFormulas.ATAN2, self(), other);
    }

    /** {@code sqrt(this² + other²)}, without overflow. */
    default Tensor hypot(Tensor other) {
        return Elementwise.floating(TrigonometryFormulas.HYPOT, self(), other);
    }

    default Tensor hypot_(Tensor other) {
        return Elementwise.floatingInPlace(TrigonometryFormulas.HYPOT, self(), other);
    }

    /** Degrees to radians. */
    default Tensor deg2rad() {
        return Elementwise.floating(TrigonometryFormulas.DEG2RAD, self());
    }

    default Tensor deg2rad_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.DEG2RAD, self());
    }

    /** Radians to degrees. */
    default Tensor rad2deg() {
        return Elementwise.floating(TrigonometryFormulas.RAD2DEG, self());
    }

    default Tensor rad2deg_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.RAD2DEG, self());
    }

    /** {@code sin(πx)/(πx)}, 1 at 0. */
    default Tensor sinc() {
        return Elementwise.floating(TrigonometryFormulas.SINC, self());
    }

    default Tensor sinc_() {
        return Elementwise.floatingInPlace(TrigonometryFormulas.SINC, self());
    }

    /** 0 for positive numbers, π for negative ones. */
    default Tensor angle() {
        return Elementwise.floating(TrigonometryFormulas.ANGLE, self());
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
