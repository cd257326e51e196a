package akari.tensor;

import akari.core.DType;
import akari.errors.NullArgument;
import akari.formula.Pointwise;

/** Logic, in which all but 0 is true (NaN as well); tests of numbers; choices by a condition. */
public sealed interface Logic permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor isnan() {
        return test(LogicFormulas.ISNAN);
    }

    /** Neither infinite nor NaN. */
    default Tensor isfinite() {
        return test(LogicFormulas.ISFINITE);
    }

    default Tensor isinf() {
        return test(LogicFormulas.ISINF);
    }

    default Tensor isposinf() {
        return test(LogicFormulas.ISPOSINF);
    }

    default Tensor isneginf() {
        return test(LogicFormulas.ISNEGINF);
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
        return Elementwise.compare(LogicFormulas.NOT, new double[0], self().dtype(), self());
    }

    default Tensor logicalNot_() {
        return Elementwise.store(LogicFormulas.NOT, self(), logicalNot());
    }

    default Tensor logicalAnd(Tensor other) {
        return Elementwise.compare(LogicFormulas.AND, self(), other);
    }

    default Tensor logicalAnd_(Tensor other) {
        return Elementwise.store(LogicFormulas.AND, self(), logicalAnd(other));
    }

    default Tensor logicalOr(Tensor other) {
        return Elementwise.compare(LogicFormulas.OR, self(), other);
    }

    default Tensor logicalOr_(Tensor other) {
        return Elementwise.store(LogicFormulas.OR, self(), logicalOr(other));
    }

    default Tensor logicalXor(Tensor other) {
        return Elementwise.compare(LogicFormulas.XOR, self(), other);
    }

    default Tensor logicalXor_(Tensor other) {
        return Elementwise.store(LogicFormulas.XOR, self(), logicalXor(other));
    }

    /** This where {@code condition} (bool) is true, {@code other} where it is false. */
    default Tensor where(Tensor condition, Tensor other) {
        if (condition.dtype() != DType.BOOL && self().dtype() == DType.BOOL) {
            throw new IllegalArgumentException("where: the mask is the first argument, as in x.where(mask, other); got "
                    + condition.dtype() + " there, called on a bool tensor");
        }
        bool("where", condition);
        DType type = Elementwise.promoted(self(), other);
        return Elementwise.apply(LogicFormulas.WHERE, new double[0], type, condition, self(), other);
    }

    /** This where {@code condition} (bool) is true, {@code other} where it is false. */
    default Tensor where(Tensor condition, Number other) {
        bool("where", condition);
        DType type = Elementwise.promoted(self(), other);
        // the number is a float32 before it is a half, as in PyTorch
        Number v = ElementNumbers.element("where", type.isHalf() ? type.compute() : type, other);
        return Elementwise.isExact(type, v)
                ? Elementwise.apply(LogicFormulas.WHERE_SCALAR, new double[] {v.doubleValue()}, type, condition, self())
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
                ? Elementwise.apply(
                        LogicFormulas.MASKED_FILL, new double[] {v.doubleValue()}, self().dtype(), self(), mask)
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
                ? Elementwise.inPlace(LogicFormulas.MASKED_FILL, new double[] {v.doubleValue()}, self(), mask)
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
