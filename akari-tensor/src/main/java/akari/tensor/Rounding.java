package akari.tensor;

import akari.core.DType;
import akari.formula.Pointwise;
import org.jspecify.annotations.Nullable;

/** Rounding, signs, and the larger and smaller of two. */
public sealed interface Rounding permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor floor() {
        return rounded(RoundingFormulas.FLOOR);
    }

    default Tensor floor_() {
        return self().dtype().isFloating() ? Elementwise.inPlace(RoundingFormulas.FLOOR, self()) : self();
    }

    default Tensor ceil() {
        return rounded(RoundingFormulas.CEIL);
    }

    default Tensor ceil_() {
        return self().dtype().isFloating() ? Elementwise.inPlace(RoundingFormulas.CEIL, self()) : self();
    }

    /** To the nearest integer, halves to even. */
    default Tensor round() {
        return rounded(RoundingFormulas.ROUND);
    }

    default Tensor round_() {
        return self().dtype().isFloating() ? Elementwise.inPlace(RoundingFormulas.ROUND, self()) : self();
    }

    /** Towards zero. */
    default Tensor trunc() {
        return rounded(RoundingFormulas.TRUNC);
    }

    default Tensor trunc_() {
        return self().dtype().isFloating() ? Elementwise.inPlace(RoundingFormulas.TRUNC, self()) : self();
    }

    private Tensor rounded(Pointwise f) {
        return self().dtype().isFloating() ? Elementwise.arithmetic(f, self()) : self().clone();
    }

    /** To {@code decimals} places behind the point, halves to even; negative ones count before it. Floating types only. */
    default Tensor round(int decimals) {
        floating("round to decimals");
        return decimals == 0 ? round() : Elementwise.apply(places(decimals), ten(decimals), self().dtype(), self());
    }

    default Tensor round_(int decimals) {
        floating("round to decimals");
        return decimals == 0 ? round_() : Elementwise.inPlace(places(decimals), ten(decimals), self());
    }

    private static Pointwise places(int decimals) {
        return decimals > 0 ? RoundingFormulas.ROUND_BEHIND : RoundingFormulas.ROUND_BEFORE;
    }

    private static double[] ten(int decimals) {
        return new double[] {Math.pow(10, Math.abs(decimals))};
    }

    private void floating(String op) {
        if (!self().dtype().isFloating()) {
            throw new IllegalArgumentException(op + " needs a floating type, got " + self().dtype());
        }
    }

    /** {@link #trunc()}. */
    default Tensor fix() {
        return self().trunc();
    }

    default Tensor fix_() {
        return self().trunc_();
    }

    /** {@code this - trunc(this)}. Floating types only. */
    default Tensor frac() {
        floating("frac");
        return Elementwise.arithmetic(RoundingFormulas.FRAC, self());
    }

    default Tensor frac_() {
        floating("frac_");
        return Elementwise.inPlace(RoundingFormulas.FRAC, self());
    }

    // ---- signs

    /** Absolute value; gradient 0 at 0. */
    default Tensor abs() {
        return Elementwise.arithmetic(RoundingFormulas.ABS, self());
    }

    default Tensor abs_() {
        return Elementwise.inPlace(RoundingFormulas.ABS, self());
    }

    /** {@link #abs()}. */
    default Tensor absolute() {
        return self().abs();
    }

    default Tensor absolute_() {
        return self().abs_();
    }

    /** -1, 0 or 1; 0 for NaN. */
    default Tensor sign() {
        return Elementwise.arithmetic(RoundingFormulas.SIGN, self());
    }

    default Tensor sign_() {
        return Elementwise.inPlace(RoundingFormulas.SIGN, self());
    }

    /** {@link #sign()}. */
    default Tensor sgn() {
        return self().sign();
    }

    default Tensor sgn_() {
        return self().sign_();
    }

    /** Whether the sign is minus, also of -0 and NaN. A bool tensor. */
    default Tensor signbit() {
        return Elementwise.compare(RoundingFormulas.SIGNBIT, new double[0], self().dtype(), self());
    }

    /** This magnitude with the sign of {@code other}; integers become the default type. */
    default Tensor copysign(Tensor other) {
        return Elementwise.floating(RoundingFormulas.COPYSIGN, self(), other);
    }

    default Tensor copysign(Number other) {
        return Elementwise.floating(RoundingFormulas.COPYSIGN_SCALAR, new double[] {other.doubleValue()}, self());
    }

    default Tensor copysign_(Tensor other) {
        return Elementwise.floatingInPlace(RoundingFormulas.COPYSIGN, self(), other);
    }

    default Tensor copysign_(Number other) {
        return Elementwise.floatingInPlace(
                RoundingFormulas.COPYSIGN_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /** 0 below 0, 1 above, {@code values} at 0. */
    default Tensor heaviside(Tensor values) {
        return Elementwise.arithmetic(RoundingFormulas.HEAVISIDE, self(), values);
    }

    default Tensor heaviside_(Tensor values) {
        return Elementwise.inPlace(RoundingFormulas.HEAVISIDE, self(), values);
    }

    // ---- the larger and the smaller

    /** The larger of each pair; NaN wins. At a tie both gradients get half. */
    default Tensor maximum(Tensor other) {
        return Elementwise.arithmetic(RoundingFormulas.MAXIMUM, self(), other);
    }

    /** The smaller of each pair; NaN wins. At a tie both gradients get half. */
    default Tensor minimum(Tensor other) {
        return Elementwise.arithmetic(RoundingFormulas.MINIMUM, self(), other);
    }

    /** The larger of each pair; NaN only where both are. */
    default Tensor fmax(Tensor other) {
        return Elementwise.arithmetic(RoundingFormulas.FMAX, self(), other);
    }

    /** The smaller of each pair; NaN only where both are. */
    default Tensor fmin(Tensor other) {
        return Elementwise.arithmetic(RoundingFormulas.FMIN, self(), other);
    }

    /** Limited to {@code [min, max]}; null leaves a side open. Where {@code min > max}, it is {@code max}. */
    default Tensor clamp(@Nullable Number min, @Nullable Number max) {
        if (min == null || max == null) {
            return min != null ? clampMin(min) : clampMax(bound(max));
        }
        DType type = Elementwise.promoted(Elementwise.promoted(self(), min), max);
        return Elementwise.scaled(
                RoundingFormulas.CLAMP, type, ElementNumbers.elements("clamp", type, min, max), self());
    }

    default Tensor clamp(Number min) {
        return clamp(min, null);
    }

    /** Limited by tensors that broadcast; null leaves a side open. Where {@code min > max}, it is {@code max}. */
    default Tensor clamp(@Nullable Tensor min, @Nullable Tensor max) {
        if (min == null || max == null) {
            return min != null ? clampMin(min) : clampMax(bound(max));
        }
        return Elementwise.arithmetic(RoundingFormulas.CLAMP_TENSORS, self(), min, max);
    }

    default Tensor clamp(Tensor min) {
        return clamp(min, null);
    }

    private static <T> T bound(@Nullable T bound) {
        if (bound == null) {
            throw new IllegalArgumentException("clamp needs min, max or both");
        }
        return bound;
    }

    default Tensor clamp_(@Nullable Number min, @Nullable Number max) {
        if (min == null || max == null) {
            return min != null ? clampMin_(min) : clampMax_(bound(max));
        }
        DType type = Elementwise.promoted(Elementwise.promoted(self(), min), max);
        return type == self().dtype()
                ? Elementwise.scaledInPlace(
                        RoundingFormulas.CLAMP, ElementNumbers.elements("clamp_", type, min, max), self())
                : clampMin_(min).clampMax_(max);
    }

    default Tensor clamp_(Number min) {
        return clamp_(min, null);
    }

    default Tensor clamp_(@Nullable Tensor min, @Nullable Tensor max) {
        if (min == null || max == null) {
            return min != null ? clampMin_(min) : clampMax_(bound(max));
        }
        return Elementwise.inPlace(RoundingFormulas.CLAMP_TENSORS, self(), min, max);
    }

    private Number limit(String op, Number n) {
        return ElementNumbers.element(op, Elementwise.promoted(self(), n), n);
    }

    default Tensor clamp_(Tensor min) {
        return clamp_(min, null);
    }

    /** At least {@code min}. */
    default Tensor clampMin(Number min) {
        return Elementwise.arithmetic(RoundingFormulas.CLAMP_MIN, self(), limit("clampMin", min));
    }

    /** At least {@code min}. */
    default Tensor clampMin(Tensor min) {
        return Elementwise.arithmetic(RoundingFormulas.CLAMP_MIN_TENSOR, self(), min);
    }

    default Tensor clampMin_(Number min) {
        return Elementwise.inPlace(RoundingFormulas.CLAMP_MIN, limit("clampMin_", min), self());
    }

    default Tensor clampMin_(Tensor min) {
        return Elementwise.inPlace(RoundingFormulas.CLAMP_MIN_TENSOR, self(), min);
    }

    /** At most {@code max}. */
    default Tensor clampMax(Number max) {
        return Elementwise.arithmetic(RoundingFormulas.CLAMP_MAX, self(), limit("clampMax", max));
    }

    /** At most {@code max}. */
    default Tensor clampMax(Tensor max) {
        return Elementwise.arithmetic(RoundingFormulas.CLAMP_MAX_TENSOR, self(), max);
    }

    default Tensor clampMax_(Number max) {
        return Elementwise.inPlace(RoundingFormulas.CLAMP_MAX, limit("clampMax_", max), self());
    }

    default Tensor clampMax_(Tensor max) {
        return Elementwise.inPlace(RoundingFormulas.CLAMP_MAX_TENSOR, self(), max);
    }

    /** {@link #clamp(Number, Number)}. */
    default Tensor clip(@Nullable Number min, @Nullable Number max) {
        return self().clamp(min, max);
    }

    default Tensor clip(Number min) {
        return clip(min, null);
    }

    default Tensor clip_(@Nullable Number min, @Nullable Number max) {
        return self().clamp_(min, max);
    }

    default Tensor clip_(Number min) {
        return clip_(min, null);
    }

    /** {@link #clamp(Tensor, Tensor)}. */
    default Tensor clip(@Nullable Tensor min, @Nullable Tensor max) {
        return self().clamp(min, max);
    }

    default Tensor clip(Tensor min) {
        return clip(min, null);
    }

    default Tensor clip_(@Nullable Tensor min, @Nullable Tensor max) {
        return self().clamp_(min, max);
    }

    default Tensor clip_(Tensor min) {
        return clip_(min, null);
    }

    /**
     * NaN and infinities replaced by numbers; integers have none.
     *
     * @param posinf for infinity; null for the type's largest number
     * @param neginf for minus infinity; null for the type's smallest
     */
    default Tensor nanToNum(double nan, @Nullable Double posinf, @Nullable Double neginf) {
        return self().dtype().isFloating()
                ? Elementwise.apply(RoundingFormulas.NAN_TO_NUM, numbers(nan, posinf, neginf), self().dtype(), self())
                : self().clone();
    }

    default Tensor nanToNum() {
        return nanToNum(0, null, null);
    }

    default Tensor nanToNum(double nan) {
        return nanToNum(nan, null, null);
    }

    default Tensor nanToNum(double nan, @Nullable Double posinf) {
        return nanToNum(nan, posinf, null);
    }

    default Tensor nanToNum_(double nan, @Nullable Double posinf, @Nullable Double neginf) {
        return self().dtype().isFloating()
                ? Elementwise.inPlace(RoundingFormulas.NAN_TO_NUM, numbers(nan, posinf, neginf), self())
                : self();
    }

    default Tensor nanToNum_() {
        return nanToNum_(0, null, null);
    }

    default Tensor nanToNum_(double nan) {
        return nanToNum_(nan, null, null);
    }

    default Tensor nanToNum_(double nan, @Nullable Double posinf) {
        return nanToNum_(nan, posinf, null);
    }

    private double[] numbers(double nan, @Nullable Double posinf, @Nullable Double neginf) {
        double max = self().dtype().finfo().max();
        return new double[] {nan, posinf == null ? max : posinf, neginf == null ? -max : neginf};
    }
}
