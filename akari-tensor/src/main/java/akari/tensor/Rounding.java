package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;
import akari.core.DType;
import org.jspecify.annotations.Nullable;

/** Rounding, signs, and the larger and smaller of two. */
public sealed interface Rounding permits Tensor {
    Pointwise FLOOR = Pointwise.of("floor", x -> x.floor());
    Pointwise CEIL = Pointwise.of("ceil", x -> x.ceil());
    Pointwise ROUND = Pointwise.of("round", x -> x.round());
    /** The scalar is ten to the power of the places behind the point that stay, or its inverse for those before. */
    Pointwise ROUND_BEHIND =
            Pointwise.of("round", 1, 1, in(0).times(scalar(0)).round().over(scalar(0)));

    Pointwise ROUND_BEFORE =
            Pointwise.of("round", 1, 1, in(0).over(scalar(0)).round().times(scalar(0)));
    Pointwise TRUNC = Pointwise.of("trunc", x -> x.trunc());
    Pointwise FRAC = Pointwise.of("frac", x -> x.minus(x.trunc()));
    Pointwise ABS = Pointwise.of("abs", x -> x.abs());
    Pointwise SIGN = Pointwise.of("sign", x -> x.sign());
    Pointwise SIGNBIT = Pointwise.of("signbit", x -> select(Cmp.LT, lit(1).copysign(x), lit(0), lit(1), lit(0)));
    Pointwise COPYSIGN = Pointwise.of("copysign", (a, b) -> a.copysign(b))
            .slopes(select(Cmp.EQ, in(0), lit(0), lit(0), one(in(0)).times(one(in(1)))), lit(0));
    Pointwise COPYSIGN_SCALAR = Pointwise.of("copysign", 1, 1, in(0).copysign(scalar(0)))
            .slopes(select(Cmp.EQ, in(0), lit(0), lit(0), one(in(0)).times(one(scalar(0)))));
    Pointwise HEAVISIDE = Pointwise.of(
            "heaviside", (x, v) -> select(Cmp.EQ, x, lit(0), v, select(Cmp.GT, x, lit(0), lit(1), lit(0))));
    /** The gradient goes to the side that is not less, to both by halves at a tie, to both in full beside NaN. */
    Pointwise MAXIMUM =
            Pointwise.of("maximum", Expr::max).slopes(unless(Cmp.LT, in(0), in(1)), unless(Cmp.LT, in(1), in(0)));

    Pointwise MINIMUM =
            Pointwise.of("minimum", Expr::min).slopes(unless(Cmp.GT, in(0), in(1)), unless(Cmp.GT, in(1), in(0)));

    /** NaN loses; at a tie the first gets the gradient. */
    Pointwise FMAX = Pointwise.of("fmax", (a, b) -> select(Cmp.GE, a, b, a, numberOf(b, a)))
            .slopes(winner(Cmp.GE, 1), winner(Cmp.GE, 0));

    Pointwise FMIN = Pointwise.of("fmin", (a, b) -> select(Cmp.LE, a, b, a, numberOf(b, a)))
            .slopes(winner(Cmp.LE, 1), winner(Cmp.LE, 0));

    /** At a bound the gradient passes, outside and at NaN it is 0; NaN stays NaN. */
    Pointwise CLAMP = Pointwise.of("clamp", 1, 2, Expr.min(Expr.max(in(0), scalar(0)), scalar(1)))
            .slopes(select(Cmp.GE, in(0), scalar(0), select(Cmp.LE, in(0), scalar(1), lit(1), lit(0)), lit(0)));

    Pointwise CLAMP_MIN = Pointwise.of("clamp_min", 1, 1, Expr.max(in(0), scalar(0)))
            .slopes(select(Cmp.GE, in(0), scalar(0), lit(1), lit(0)));
    Pointwise CLAMP_MAX = Pointwise.of("clamp_max", 1, 1, Expr.min(in(0), scalar(0)))
            .slopes(select(Cmp.LE, in(0), scalar(0), lit(1), lit(0)));
    Pointwise CLAMP_TENSORS = Pointwise.of("clamp", 3, 0, Expr.min(Expr.max(in(0), in(1)), in(2)))
            .slopes(
                    select(Cmp.GE, in(0), in(1), select(Cmp.LE, in(0), in(2), lit(1), lit(0)), lit(0)),
                    select(Cmp.LT, in(0), in(1), select(Cmp.LT, in(1), in(2), lit(1), lit(0)), lit(0)),
                    select(Cmp.GT, in(0), in(2), lit(1), select(Cmp.LT, in(2), in(1), lit(1), lit(0))));
    Pointwise CLAMP_MIN_TENSOR = Pointwise.of("clamp_min", Expr::max)
            .slopes(select(Cmp.GE, in(0), in(1), lit(1), lit(0)), select(Cmp.LT, in(0), in(1), lit(1), lit(0)));
    Pointwise CLAMP_MAX_TENSOR = Pointwise.of("clamp_max", Expr::min)
            .slopes(select(Cmp.LE, in(0), in(1), lit(1), lit(0)), select(Cmp.GT, in(0), in(1), lit(1), lit(0)));

    /** Scalars: for NaN, for infinity, for minus infinity. */
    Pointwise NAN_TO_NUM = Pointwise.of(
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

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor floor() {
        return rounded(FLOOR);
    }

    default Tensor floor_() {
        return self().dtype().isFloating() ? Elementwise.inPlace(FLOOR, self()) : self();
    }

    default Tensor ceil() {
        return rounded(CEIL);
    }

    default Tensor ceil_() {
        return self().dtype().isFloating() ? Elementwise.inPlace(CEIL, self()) : self();
    }

    /** To the nearest integer, halves to even. */
    default Tensor round() {
        return rounded(ROUND);
    }

    default Tensor round_() {
        return self().dtype().isFloating() ? Elementwise.inPlace(ROUND, self()) : self();
    }

    /** Towards zero. */
    default Tensor trunc() {
        return rounded(TRUNC);
    }

    default Tensor trunc_() {
        return self().dtype().isFloating() ? Elementwise.inPlace(TRUNC, self()) : self();
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
        return decimals > 0 ? ROUND_BEHIND : ROUND_BEFORE;
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
        return Elementwise.arithmetic(FRAC, self());
    }

    default Tensor frac_() {
        floating("frac_");
        return Elementwise.inPlace(FRAC, self());
    }

    // ---- signs

    /** Absolute value; gradient 0 at 0. */
    default Tensor abs() {
        return Elementwise.arithmetic(ABS, self());
    }

    default Tensor abs_() {
        return Elementwise.inPlace(ABS, self());
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
        return Elementwise.arithmetic(SIGN, self());
    }

    default Tensor sign_() {
        return Elementwise.inPlace(SIGN, self());
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
        return Elementwise.compare(SIGNBIT, new double[0], self().dtype(), self());
    }

    /** This magnitude with the sign of {@code other}; integers become the default type. */
    default Tensor copysign(Tensor other) {
        return Elementwise.floating(COPYSIGN, self(), other);
    }

    default Tensor copysign(Number other) {
        return Elementwise.floating(COPYSIGN_SCALAR, new double[] {other.doubleValue()}, self());
    }

    default Tensor copysign_(Tensor other) {
        return Elementwise.floatingInPlace(COPYSIGN, self(), other);
    }

    default Tensor copysign_(Number other) {
        return Elementwise.floatingInPlace(COPYSIGN_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /** 0 below 0, 1 above, {@code values} at 0. */
    default Tensor heaviside(Tensor values) {
        return Elementwise.arithmetic(HEAVISIDE, self(), values);
    }

    default Tensor heaviside_(Tensor values) {
        return Elementwise.inPlace(HEAVISIDE, self(), values);
    }

    // ---- the larger and the smaller

    /** The larger of each pair; NaN wins. At a tie both gradients get half. */
    default Tensor maximum(Tensor other) {
        return Elementwise.arithmetic(MAXIMUM, self(), other);
    }

    /** The smaller of each pair; NaN wins. At a tie both gradients get half. */
    default Tensor minimum(Tensor other) {
        return Elementwise.arithmetic(MINIMUM, self(), other);
    }

    /** The larger of each pair; NaN only where both are. */
    default Tensor fmax(Tensor other) {
        return Elementwise.arithmetic(FMAX, self(), other);
    }

    /** The smaller of each pair; NaN only where both are. */
    default Tensor fmin(Tensor other) {
        return Elementwise.arithmetic(FMIN, self(), other);
    }

    /** Limited to {@code [min, max]}; null leaves a side open. Where {@code min > max}, it is {@code max}. */
    default Tensor clamp(@Nullable Number min, @Nullable Number max) {
        if (min == null || max == null) {
            return min != null ? clampMin(min) : clampMax(bound(max));
        }
        DType type = Elementwise.promoted(Elementwise.promoted(self(), min), max);
        return Elementwise.scaled(CLAMP, type, ElementNumbers.elements("clamp", type, min, max), self());
    }

    default Tensor clamp(Number min) {
        return clamp(min, null);
    }

    /** Limited by tensors that broadcast; null leaves a side open. Where {@code min > max}, it is {@code max}. */
    default Tensor clamp(@Nullable Tensor min, @Nullable Tensor max) {
        if (min == null || max == null) {
            return min != null ? clampMin(min) : clampMax(bound(max));
        }
        return Elementwise.arithmetic(CLAMP_TENSORS, self(), min, max);
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
                ? Elementwise.scaledInPlace(CLAMP, ElementNumbers.elements("clamp_", type, min, max), self())
                : clampMin_(min).clampMax_(max);
    }

    default Tensor clamp_(Number min) {
        return clamp_(min, null);
    }

    default Tensor clamp_(@Nullable Tensor min, @Nullable Tensor max) {
        if (min == null || max == null) {
            return min != null ? clampMin_(min) : clampMax_(bound(max));
        }
        return Elementwise.inPlace(CLAMP_TENSORS, self(), min, max);
    }

    private Number limit(String op, Number n) {
        return ElementNumbers.element(op, Elementwise.promoted(self(), n), n);
    }

    default Tensor clamp_(Tensor min) {
        return clamp_(min, null);
    }

    /** At least {@code min}. */
    default Tensor clampMin(Number min) {
        return Elementwise.arithmetic(CLAMP_MIN, self(), limit("clampMin", min));
    }

    /** At least {@code min}. */
    default Tensor clampMin(Tensor min) {
        return Elementwise.arithmetic(CLAMP_MIN_TENSOR, self(), min);
    }

    default Tensor clampMin_(Number min) {
        return Elementwise.inPlace(CLAMP_MIN, limit("clampMin_", min), self());
    }

    default Tensor clampMin_(Tensor min) {
        return Elementwise.inPlace(CLAMP_MIN_TENSOR, self(), min);
    }

    /** At most {@code max}. */
    default Tensor clampMax(Number max) {
        return Elementwise.arithmetic(CLAMP_MAX, self(), limit("clampMax", max));
    }

    /** At most {@code max}. */
    default Tensor clampMax(Tensor max) {
        return Elementwise.arithmetic(CLAMP_MAX_TENSOR, self(), max);
    }

    default Tensor clampMax_(Number max) {
        return Elementwise.inPlace(CLAMP_MAX, limit("clampMax_", max), self());
    }

    default Tensor clampMax_(Tensor max) {
        return Elementwise.inPlace(CLAMP_MAX_TENSOR, self(), max);
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
                ? Elementwise.apply(NAN_TO_NUM, numbers(nan, posinf, neginf), self().dtype(), self())
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
                ? Elementwise.inPlace(NAN_TO_NUM, numbers(nan, posinf, neginf), self())
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
