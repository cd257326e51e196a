package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;

import akari.formula.Pointwise;
import akari.core.DType;
import akari.errors.NullArgument;

/** Bits of integers; of bool tensors they are logic. Floating types are an error. */
public sealed interface Bitwise permits Tensor {
    Pointwise BITS_AND = Pointwise.of("bitwise_and", (a, b) -> a.and(b));
    Pointwise BITS_AND_SCALAR = Pointwise.of("bitwise_and", 1, 1, in(0).and(scalar(0)));
    Pointwise BITS_OR = Pointwise.of("bitwise_or", (a, b) -> a.or(b));
    Pointwise BITS_OR_SCALAR = Pointwise.of("bitwise_or", 1, 1, in(0).or(scalar(0)));
    Pointwise BITS_XOR = Pointwise.of("bitwise_xor", (a, b) -> a.xor(b));
    Pointwise BITS_XOR_SCALAR = Pointwise.of("bitwise_xor", 1, 1, in(0).xor(scalar(0)));
    Pointwise BITS_SHL = Pointwise.of("bitwise_left_shift", (a, b) -> a.shl(b));
    Pointwise BITS_SHL_SCALAR = Pointwise.of("bitwise_left_shift", 1, 1, in(0).shl(scalar(0)));
    Pointwise BITS_SHR = Pointwise.of("bitwise_right_shift", (a, b) -> a.shr(b));
    Pointwise BITS_SHR_SCALAR = Pointwise.of("bitwise_right_shift", 1, 1, in(0).shr(scalar(0)));
    Pointwise BITS_NOT = Pointwise.of("bitwise_not", x -> x.xor(lit(-1)));

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor bitwiseAnd(Tensor other) {
        return Elementwise.arithmetic(integers(BITS_AND, other), self(), other);
    }

    default Tensor bitwiseAnd(Number other) {
        return withNumber(BITS_AND_SCALAR, other);
    }

    default Tensor bitwiseAnd_(Tensor other) {
        return Elementwise.inPlace(integers(BITS_AND, other), self(), other);
    }

    default Tensor bitwiseAnd_(Number other) {
        return Elementwise.inPlace(integers(BITS_AND_SCALAR, self()), whole(BITS_AND_SCALAR, other), self());
    }

    default Tensor bitwiseOr(Tensor other) {
        return Elementwise.arithmetic(integers(BITS_OR, other), self(), other);
    }

    default Tensor bitwiseOr(Number other) {
        return withNumber(BITS_OR_SCALAR, other);
    }

    default Tensor bitwiseOr_(Tensor other) {
        return Elementwise.inPlace(integers(BITS_OR, other), self(), other);
    }

    default Tensor bitwiseOr_(Number other) {
        return Elementwise.inPlace(integers(BITS_OR_SCALAR, self()), whole(BITS_OR_SCALAR, other), self());
    }

    default Tensor bitwiseXor(Tensor other) {
        return Elementwise.arithmetic(integers(BITS_XOR, other), self(), other);
    }

    default Tensor bitwiseXor(Number other) {
        return withNumber(BITS_XOR_SCALAR, other);
    }

    default Tensor bitwiseXor_(Tensor other) {
        return Elementwise.inPlace(integers(BITS_XOR, other), self(), other);
    }

    default Tensor bitwiseXor_(Number other) {
        return Elementwise.inPlace(integers(BITS_XOR_SCALAR, self()), whole(BITS_XOR_SCALAR, other), self());
    }

    /** Shifted to the left; a shift by more than the bits there are gives 0. */
    default Tensor bitwiseLeftShift(Tensor other) {
        return Elementwise.arithmetic(integers(BITS_SHL, other), self(), other);
    }

    default Tensor bitwiseLeftShift(Number other) {
        return withNumber(BITS_SHL_SCALAR, other);
    }

    default Tensor bitwiseLeftShift_(Tensor other) {
        return Elementwise.inPlace(integers(BITS_SHL, other), self(), other);
    }

    default Tensor bitwiseLeftShift_(Number other) {
        return Elementwise.inPlace(integers(BITS_SHL_SCALAR, self()), whole(BITS_SHL_SCALAR, other), self());
    }

    /** Shifted to the right, the sign filling up. */
    default Tensor bitwiseRightShift(Tensor other) {
        return Elementwise.arithmetic(integers(BITS_SHR, other), self(), other);
    }

    default Tensor bitwiseRightShift(Number other) {
        return withNumber(BITS_SHR_SCALAR, other);
    }

    default Tensor bitwiseRightShift_(Tensor other) {
        return Elementwise.inPlace(integers(BITS_SHR, other), self(), other);
    }

    default Tensor bitwiseRightShift_(Number other) {
        return Elementwise.inPlace(integers(BITS_SHR_SCALAR, self()), whole(BITS_SHR_SCALAR, other), self());
    }

    /** Every bit flipped; of bool the logical not. */
    default Tensor bitwiseNot() {
        return self().dtype() == DType.BOOL
                ? self().logicalNot()
                : Elementwise.arithmetic(integers(BITS_NOT, self()), self());
    }

    default Tensor bitwiseNot_() {
        return self().dtype() == DType.BOOL
                ? self().logicalNot_()
                : Elementwise.inPlace(integers(BITS_NOT, self()), self());
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
