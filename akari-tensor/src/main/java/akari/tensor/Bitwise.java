package akari.tensor;

import akari.core.DType;
import akari.errors.NullArgument;
import akari.formula.Pointwise;

/** Bits of integers; of bool tensors they are logic. Floating types are an error. */
public sealed interface Bitwise permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor bitwiseAnd(Tensor other) {
        return Elementwise.arithmetic(integers(BitwiseFormulas.BITS_AND, other), self(), other);
    }

    default Tensor bitwiseAnd(Number other) {
        return withNumber(BitwiseFormulas.BITS_AND_SCALAR, other);
    }

    default Tensor bitwiseAnd_(Tensor other) {
        return Elementwise.inPlace(integers(BitwiseFormulas.BITS_AND, other), self(), other);
    }

    default Tensor bitwiseAnd_(Number other) {
        return Elementwise.inPlace(
                integers(BitwiseFormulas.BITS_AND_SCALAR, self()),
                whole(BitwiseFormulas.BITS_AND_SCALAR, other),
                self());
    }

    default Tensor bitwiseOr(Tensor other) {
        return Elementwise.arithmetic(integers(BitwiseFormulas.BITS_OR, other), self(), other);
    }

    default Tensor bitwiseOr(Number other) {
        return withNumber(BitwiseFormulas.BITS_OR_SCALAR, other);
    }

    default Tensor bitwiseOr_(Tensor other) {
        return Elementwise.inPlace(integers(BitwiseFormulas.BITS_OR, other), self(), other);
    }

    default Tensor bitwiseOr_(Number other) {
        return Elementwise.inPlace(
                integers(BitwiseFormulas.BITS_OR_SCALAR, self()), whole(BitwiseFormulas.BITS_OR_SCALAR, other), self());
    }

    default Tensor bitwiseXor(Tensor other) {
        return Elementwise.arithmetic(integers(BitwiseFormulas.BITS_XOR, other), self(), other);
    }

    default Tensor bitwiseXor(Number other) {
        return withNumber(BitwiseFormulas.BITS_XOR_SCALAR, other);
    }

    default Tensor bitwiseXor_(Tensor other) {
        return Elementwise.inPlace(integers(BitwiseFormulas.BITS_XOR, other), self(), other);
    }

    default Tensor bitwiseXor_(Number other) {
        return Elementwise.inPlace(
                integers(BitwiseFormulas.BITS_XOR_SCALAR, self()),
                whole(BitwiseFormulas.BITS_XOR_SCALAR, other),
                self());
    }

    /** Shifted to the left; a shift by more than the bits there are gives 0. */
    default Tensor bitwiseLeftShift(Tensor other) {
        return Elementwise.arithmetic(integers(BitwiseFormulas.BITS_SHL, other), self(), other);
    }

    default Tensor bitwiseLeftShift(Number other) {
        return withNumber(BitwiseFormulas.BITS_SHL_SCALAR, other);
    }

    default Tensor bitwiseLeftShift_(Tensor other) {
        return Elementwise.inPlace(integers(BitwiseFormulas.BITS_SHL, other), self(), other);
    }

    default Tensor bitwiseLeftShift_(Number other) {
        return Elementwise.inPlace(
                integers(BitwiseFormulas.BITS_SHL_SCALAR, self()),
                whole(BitwiseFormulas.BITS_SHL_SCALAR, other),
                self());
    }

    /** Shifted to the right, the sign filling up. */
    default Tensor bitwiseRightShift(Tensor other) {
        return Elementwise.arithmetic(integers(BitwiseFormulas.BITS_SHR, other), self(), other);
    }

    default Tensor bitwiseRightShift(Number other) {
        return withNumber(BitwiseFormulas.BITS_SHR_SCALAR, other);
    }

    default Tensor bitwiseRightShift_(Tensor other) {
        return Elementwise.inPlace(integers(BitwiseFormulas.BITS_SHR, other), self(), other);
    }

    default Tensor bitwiseRightShift_(Number other) {
        return Elementwise.inPlace(
                integers(BitwiseFormulas.BITS_SHR_SCALAR, self()),
                whole(BitwiseFormulas.BITS_SHR_SCALAR, other),
                self());
    }

    /** Every bit flipped; of bool the logical not. */
    default Tensor bitwiseNot() {
        return self().dtype() == DType.BOOL
                ? self().logicalNot()
                : Elementwise.arithmetic(integers(BitwiseFormulas.BITS_NOT, self()), self());
    }

    default Tensor bitwiseNot_() {
        return self().dtype() == DType.BOOL
                ? self().logicalNot_()
                : Elementwise.inPlace(integers(BitwiseFormulas.BITS_NOT, self()), self());
    }

    private Tensor withNumber(Pointwise f, Number other) {
        return Elementwise.arithmetic(integers(f, self()), self(), whole(f, other));
    }

    private static Number whole(Pointwise f, Number other) {
        if (other instanceof Double || other instanceof Float) {
            throw new IllegalArgumentException(f + " works on integers, got " + other);
        }
        return other;
    }

    private Pointwise integers(Pointwise f, Tensor other) {
        NullArgument.check(other, "other");
        if (self().dtype().isFloating() || other.dtype().isFloating()) {
            throw new IllegalArgumentException(f + " works on integer and bool tensors, got "
                    + (self() == other ? "" : self().dtype() + " and ") + other.dtype());
        }
        return f;
    }
}
