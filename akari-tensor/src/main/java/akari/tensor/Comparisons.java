package akari.tensor;

import akari.core.DType;

/**
 * Comparisons give bool tensors; any comparison with NaN is false, except {@code ne}. In place they write 0 and 1 in the tensor's own
 * type.
 */
public sealed interface Comparisons permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor eq(Tensor other) {
        return Elementwise.compare(ComparisonFormulas.EQ, self(), other);
    }

    default Tensor eq(Number other) {
        return Elementwise.compare(ComparisonFormulas.EQ_SCALAR, self(), other);
    }

    default Tensor eq_(Tensor other) {
        return Elementwise.store(ComparisonFormulas.EQ, self(), eq(other));
    }

    default Tensor eq_(Number other) {
        return Elementwise.store(ComparisonFormulas.EQ, self(), eq(other));
    }

    default Tensor ne(Tensor other) {
        return Elementwise.compare(ComparisonFormulas.NE, self(), other);
    }

    default Tensor ne(Number other) {
        return Elementwise.compare(ComparisonFormulas.NE_SCALAR, self(), other);
    }

    default Tensor ne_(Tensor other) {
        return Elementwise.store(ComparisonFormulas.NE, self(), ne(other));
    }

    default Tensor ne_(Number other) {
        return Elementwise.store(ComparisonFormulas.NE, self(), ne(other));
    }

    default Tensor lt(Tensor other) {
        return Elementwise.compare(ComparisonFormulas.LT, self(), other);
    }

    default Tensor lt(Number other) {
        return Elementwise.compare(ComparisonFormulas.LT_SCALAR, self(), other);
    }

    default Tensor lt_(Tensor other) {
        return Elementwise.store(ComparisonFormulas.LT, self(), lt(other));
    }

    default Tensor lt_(Number other) {
        return Elementwise.store(ComparisonFormulas.LT, self(), lt(other));
    }

    default Tensor le(Tensor other) {
        return Elementwise.compare(ComparisonFormulas.LE, self(), other);
    }

    default Tensor le(Number other) {
        return Elementwise.compare(ComparisonFormulas.LE_SCALAR, self(), other);
    }

    default Tensor le_(Tensor other) {
        return Elementwise.store(ComparisonFormulas.LE, self(), le(other));
    }

    default Tensor le_(Number other) {
        return Elementwise.store(ComparisonFormulas.LE, self(), le(other));
    }

    default Tensor gt(Tensor other) {
        return Elementwise.compare(ComparisonFormulas.GT, self(), other);
    }

    default Tensor gt(Number other) {
        return Elementwise.compare(ComparisonFormulas.GT_SCALAR, self(), other);
    }

    default Tensor gt_(Tensor other) {
        return Elementwise.store(ComparisonFormulas.GT, self(), gt(other));
    }

    default Tensor gt_(Number other) {
        return Elementwise.store(ComparisonFormulas.GT, self(), gt(other));
    }

    default Tensor ge(Tensor other) {
        return Elementwise.compare(ComparisonFormulas.GE, self(), other);
    }

    default Tensor ge(Number other) {
        return Elementwise.compare(ComparisonFormulas.GE_SCALAR, self(), other);
    }

    default Tensor ge_(Tensor other) {
        return Elementwise.store(ComparisonFormulas.GE, self(), ge(other));
    }

    default Tensor ge_(Number other) {
        return Elementwise.store(ComparisonFormulas.GE, self(), ge(other));
    }

    /**
     * Whether {@code |this - other| <= atol + rtol * |other|}; equal infinities are close. A bool tensor.
     *
     * @param equalNan whether NaN is close to NaN
     */
    default Tensor isclose(Tensor other, double rtol, double atol, boolean equalNan) {
        if (!(rtol >= 0) || !(atol >= 0)) {
            throw new IllegalArgumentException("isclose: tolerances are at least 0, got " + rtol + " and " + atol);
        }
        DType type = Elementwise.promoted(self(), other);
        if (!type.isFloating() && rtol == 0 && atol == 0) {
            return eq(other); // to the last digit, of which float64 has too few
        }
        return Elementwise.compare(
                ComparisonFormulas.ISCLOSE,
                new double[] {rtol, atol, equalNan ? 1 : 0},
                type.isFloating() ? type : DType.FLOAT64, // integers times rtol are fractions
                self(),
                other);
    }

    /** {@link #isclose(Tensor, double, double, boolean)} with {@code rtol} 1e-5, {@code atol} 1e-8. */
    default Tensor isclose(Tensor other) {
        return isclose(other, 1e-5, 1e-8, false);
    }

    default Tensor isclose(Tensor other, double rtol) {
        return isclose(other, rtol, 1e-8);
    }

    default Tensor isclose(Tensor other, double rtol, double atol) {
        return isclose(other, rtol, atol, false);
    }

    default Tensor isclose(Tensor other, boolean equalNan) {
        return isclose(other, 1e-5, 1e-8, equalNan);
    }

    /** Whether all pairs are {@link #isclose}. */
    default boolean allclose(Tensor other, double rtol, double atol, boolean equalNan) {
        return isclose(other, rtol, atol, equalNan).all().item() != 0;
    }

    default boolean allclose(Tensor other) {
        return allclose(other, 1e-5, 1e-8, false);
    }

    default boolean allclose(Tensor other, double rtol) {
        return allclose(other, rtol, 1e-8);
    }

    default boolean allclose(Tensor other, double rtol, double atol) {
        return allclose(other, rtol, atol, false);
    }

    default boolean allclose(Tensor other, boolean equalNan) {
        return allclose(other, 1e-5, 1e-8, equalNan);
    }

    /** Whether both have the same shape and equal elements; NaN equals nothing. */
    default boolean equal(Tensor other) {
        return self().shape().equals(other.shape()) && eq(other).all().item() != 0;
    }

    // ---- under other names

    /** {@link #ne(Tensor)}. */
    default Tensor notEqual(Tensor other) {
        return self().ne(other);
    }

    default Tensor notEqual_(Tensor other) {
        return self().ne_(other);
    }

    /** {@link #ne(Number)}. */
    default Tensor notEqual(Number other) {
        return self().ne(other);
    }

    default Tensor notEqual_(Number other) {
        return self().ne_(other);
    }

    /** {@link #lt(Tensor)}. */
    default Tensor less(Tensor other) {
        return self().lt(other);
    }

    default Tensor less_(Tensor other) {
        return self().lt_(other);
    }

    /** {@link #lt(Number)}. */
    default Tensor less(Number other) {
        return self().lt(other);
    }

    default Tensor less_(Number other) {
        return self().lt_(other);
    }

    /** {@link #le(Tensor)}. */
    default Tensor lessEqual(Tensor other) {
        return self().le(other);
    }

    default Tensor lessEqual_(Tensor other) {
        return self().le_(other);
    }

    /** {@link #le(Number)}. */
    default Tensor lessEqual(Number other) {
        return self().le(other);
    }

    default Tensor lessEqual_(Number other) {
        return self().le_(other);
    }

    /** {@link #gt(Tensor)}. */
    default Tensor greater(Tensor other) {
        return self().gt(other);
    }

    default Tensor greater_(Tensor other) {
        return self().gt_(other);
    }

    /** {@link #gt(Number)}. */
    default Tensor greater(Number other) {
        return self().gt(other);
    }

    default Tensor greater_(Number other) {
        return self().gt_(other);
    }

    /** {@link #ge(Tensor)}. */
    default Tensor greaterEqual(Tensor other) {
        return self().ge(other);
    }

    default Tensor greaterEqual_(Tensor other) {
        return self().ge_(other);
    }

    /** {@link #ge(Number)}. */
    default Tensor greaterEqual(Number other) {
        return self().ge(other);
    }

    default Tensor greaterEqual_(Number other) {
        return self().ge_(other);
    }
}
