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

/** Logic, in which all but 0 is true (NaN as well); tests of numbers; choices by a condition. */
public sealed interface Logic permits Tensor {
    Pointwise ISNAN = Pointwise.of("isnan", x -> select(Cmp.NE, x, x, lit(1), lit(0)));
    Pointwise ISFINITE =
            Pointwise.of("isfinite", x -> select(Cmp.LT, x.abs(), lit(Double.POSITIVE_INFINITY), lit(1), lit(0)));
    Pointwise ISINF = Pointwise.of("isinf", x -> is(x.abs(), Double.POSITIVE_INFINITY));
    Pointwise ISPOSINF = Pointwise.of("isposinf", x -> is(x, Double.POSITIVE_INFINITY));
    Pointwise ISNEGINF = Pointwise.of("isneginf", x -> is(x, Double.NEGATIVE_INFINITY));
    Pointwise NOT = Pointwise.of("logical_not", x -> is(x, 0));
    Pointwise AND = Pointwise.of("logical_and", (a, b) -> select(Cmp.EQ, a, lit(0), lit(0), truth(b)));
    Pointwise OR = Pointwise.of("logical_or", (a, b) -> select(Cmp.EQ, a, lit(0), truth(b), lit(1)));
    Pointwise XOR = Pointwise.of("logical_xor", (a, b) -> select(Cmp.EQ, a, lit(0), truth(b), is(b, 0)));

    /** Inputs: the condition, which decides first on the order of memory; this where true, the other where false. */
    Pointwise WHERE = Pointwise.of("where", 3, 0, select(Cmp.NE, in(0), lit(0), in(1), in(2)));

    /** Inputs: the condition, this where true; the scalar where false. */
    Pointwise WHERE_SCALAR = Pointwise.of("where", 2, 1, select(Cmp.NE, in(0), lit(0), in(1), scalar(0)));

    Pointwise MASKED_FILL = Pointwise.of("masked_fill", 2, 1, select(Cmp.NE, in(1), lit(0), scalar(0), in(0)));

    private static Expr is(Expr x, double value) {
        return select(Cmp.EQ, x, lit(value), lit(1), lit(0));
    }

    private static Expr truth(Expr e) {
        return select(Cmp.EQ, e, lit(0), lit(0), lit(1));
    }

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor isnan() {
        return test(ISNAN);
    }

    /** Neither infinite nor NaN. */
    default Tensor isfinite() {
        return test(ISFINITE);
    }

    default Tensor isinf() {
        return test(ISINF);
    }

    default Tensor isposinf() {
        return test(ISPOSINF);
    }

    default Tensor isneginf() {
        return test(ISNEGINF);
    }

    /** True everywhere: there are no complex numbers. */
    default Tensor isreal() {
        return Tensors.ones(DType.BOOL, self().shape().toArray()).to(self().device());
    }

    private Tensor test(Pointwise f) {
        DType type = self().dtype();
        return Elementwise.compare(f, new double[0], type.isFloating() ? type : DType.FLOAT64, self());
    }

    default Tensor logicalNot() {
        return Elementwise.compare(NOT, new double[0], self().dtype(), self());
    }

    default Tensor logicalNot_() {
        return Elementwise.store(NOT, self(), logicalNot());
    }

    default Tensor logicalAnd(Tensor other) {
        return Elementwise.compare(AND, self(), other);
    }

    default Tensor logicalAnd_(Tensor other) {
        return Elementwise.store(AND, self(), logicalAnd(other));
    }

    default Tensor logicalOr(Tensor other) {
        return Elementwise.compare(OR, self(), other);
    }

    default Tensor logicalOr_(Tensor other) {
        return Elementwise.store(OR, self(), logicalOr(other));
    }

    default Tensor logicalXor(Tensor other) {
        return Elementwise.compare(XOR, self(), other);
    }

    default Tensor logicalXor_(Tensor other) {
        return Elementwise.store(XOR, self(), logicalXor(other));
    }

    /** This where {@code condition} (bool) is true, {@code other} where it is false. */
    default Tensor where(Tensor condition, Tensor other) {
        if (condition.dtype() != DType.BOOL && self().dtype() == DType.BOOL) {
            throw new IllegalArgumentException("where: the mask is the first argument, as in x.where(mask, other); got "
                    + condition.dtype() + " there, called on a bool tensor");
        }
        bool("where", condition);
        DType type = Elementwise.promoted(self(), other);
        return Elementwise.apply(WHERE, new double[0], type, condition, self(), other);
    }

    /** This where {@code condition} (bool) is true, {@code other} where it is false. */
    default Tensor where(Tensor condition, Number other) {
        bool("where", condition);
        DType type = Elementwise.promoted(self(), other);
        // the number is a float32 before it is a half, as in PyTorch
        Number v = ElementNumbers.element("where", type.isHalf() ? type.compute() : type, other);
        return Elementwise.isExact(type, v)
                ? Elementwise.apply(WHERE_SCALAR, new double[] {v.doubleValue()}, type, condition, self())
                : where(condition, Elementwise.scalarLike(self(), v));
    }

    /** With 1 for true. */
    default Tensor maskedFill(Tensor mask, boolean value) {
        return maskedFill(mask, value ? 1 : 0);
    }

    /** {@code value} where {@code mask} (bool) is true. */
    default Tensor maskedFill(Tensor mask, Number value) {
        bool("maskedFill", mask);
        Number v = ElementNumbers.element("maskedFill", self().dtype(), value);
        return Elementwise.isExact(self().dtype(), v)
                ? Elementwise.apply(MASKED_FILL, new double[] {v.doubleValue()}, self().dtype(), self(), mask)
                : self().maskedFill(mask, Elementwise.scalarLike(self(), v));
    }

    /** With 1 for true. */
    default Tensor maskedFill_(Tensor mask, boolean value) {
        return maskedFill_(mask, value ? 1 : 0);
    }

    /** {@link #maskedFill} of this very tensor; the mask is broadcast to its shape. */
    default Tensor maskedFill_(Tensor mask, Number value) {
        bool("maskedFill_", mask);
        Number v = ElementNumbers.element("maskedFill_", self().dtype(), value);
        return Elementwise.isExact(self().dtype(), v)
                ? Elementwise.inPlace(MASKED_FILL, new double[] {v.doubleValue()}, self(), mask)
                : self().maskedFill_(mask, Elementwise.scalarLike(self(), v));
    }

    private static void bool(String op, Tensor mask) {
        NullArgument.check(mask, "mask");
        if (mask.dtype() != DType.BOOL) {
            throw new IllegalArgumentException(
                    op + " needs a bool mask, got " + mask.dtype() + "; compare first, as in x.ne(0)");
        }
    }
}
