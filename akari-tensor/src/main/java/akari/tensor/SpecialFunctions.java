package akari.tensor;

import akari.core.DType;
import akari.errors.NullArgument;
import org.jspecify.annotations.Nullable;

/** The error and gamma functions and their kin. Integers become the default type. */
public sealed interface SpecialFunctions permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The error function. */
    default Tensor erf() {
        return Elementwise.floating(SpecialFormulas.ERF, self());
    }

    default Tensor erf_() {
        return Elementwise.floatingInPlace(SpecialFormulas.ERF, self());
    }

    /** {@code 1 - erf(this)}, without cancellation. */
    default Tensor erfc() {
        return Elementwise.floating(SpecialFormulas.ERFC, self());
    }

    default Tensor erfc_() {
        return Elementwise.floatingInPlace(SpecialFormulas.ERFC, self());
    }

    /** Inverse of {@link #erf}; infinite at ±1, NaN beyond. */
    default Tensor erfinv() {
        return Elementwise.floating(SpecialFormulas.ERFINV, self());
    }

    default Tensor erfinv_() {
        return Elementwise.floatingInPlace(SpecialFormulas.ERFINV, self());
    }

    /** Logarithm of the magnitude of the gamma function. */
    default Tensor lgamma() {
        return Elementwise.floating(SpecialFormulas.LGAMMA, self());
    }

    default Tensor lgamma_() {
        return Elementwise.floatingInPlace(SpecialFormulas.LGAMMA, self());
    }

    /** Derivative of {@link #lgamma}. */
    default Tensor digamma() {
        return Elementwise.floating(SpecialFormulas.DIGAMMA, self());
    }

    default Tensor digamma_() {
        return Elementwise.floatingInPlace(SpecialFormulas.DIGAMMA, self());
    }

    /** The {@code n}-th derivative of {@link #digamma}. */
    default Tensor polygamma(int n) {
        return Elementwise.floating(SpecialFormulas.POLYGAMMA, order(n), self());
    }

    default Tensor polygamma_(int n) {
        return Elementwise.floatingInPlace(SpecialFormulas.POLYGAMMA, order(n), self());
    }

    private static double[] order(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("polygamma: the order is at least 0, got " + n);
        }
        return new double[] {n};
    }

    /** The modified Bessel function of the first kind, of order 0. */
    default Tensor i0() {
        return Elementwise.floating(SpecialFormulas.I0, self());
    }

    default Tensor i0_() {
        return Elementwise.floatingInPlace(SpecialFormulas.I0, self());
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
        return Elementwise.floating(SpecialFormulas.LOGIT, self());
    }

    /** As {@link #logit()} of the argument limited to {@code [eps, 1 - eps]}; null leaves it as it is. */
    default Tensor logit(@Nullable Double eps) {
        return eps == null ? logit() : Elementwise.floating(SpecialFormulas.LOGIT_EPS, new double[] {eps}, self());
    }

    default Tensor logit_() {
        return Elementwise.floatingInPlace(SpecialFormulas.LOGIT, self());
    }

    default Tensor logit_(@Nullable Double eps) {
        return eps == null
                ? logit_()
                : Elementwise.floatingInPlace(SpecialFormulas.LOGIT_EPS, new double[] {eps}, self());
    }

    /** {@code this * log(other)}, 0 where this is 0, NaN where {@code other} is. */
    default Tensor xlogy(Tensor other) {
        return Elementwise.floating(SpecialFormulas.XLOGY, self(), other);
    }

    default Tensor xlogy(Number other) {
        return Elementwise.floating(SpecialFormulas.XLOGY_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /** {@code x * log(this)}. */
    default Tensor rxlogy(Number x) {
        NullArgument.check(x, "x");
        return Elementwise.floating(SpecialFormulas.RXLOGY_SCALAR, new double[] {x.doubleValue()}, self());
    }

    default Tensor xlogy_(Tensor other) {
        return Elementwise.floatingInPlace(SpecialFormulas.XLOGY, self(), other);
    }

    default Tensor xlogy_(Number other) {
        return Elementwise.floatingInPlace(SpecialFormulas.XLOGY_SCALAR, new double[] {other.doubleValue()}, self());
    }
}
