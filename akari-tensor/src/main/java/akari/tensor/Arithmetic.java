package akari.tensor;

import akari.core.DType;
import akari.errors.NullArgument;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sums, products, quotients and what is made of them. Operands broadcast; a scalar promotes the type only to a higher category, as
 * in PyTorch. Integers wrap around; their division by zero is an {@link ArithmeticException}.
 */
public sealed interface Arithmetic permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this + other}. */
    default Tensor add(Tensor other) {
        return Elementwise.arithmetic(ArithmeticFormulas.ADD, self(), other);
    }

    default Tensor add(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.ADD_SCALAR, self(), Elementwise.term(self(), other));
    }

    /** {@code this + alpha * other}; beside integers alpha must be a whole number. */
    default Tensor add(Tensor other, Number alpha) {
        DType type = Elementwise.promoted(self(), other);
        return Elementwise.scaled(ArithmeticFormulas.ADD_SCALED, type, alpha("add", type, alpha), self(), other);
    }

    private static Number[] alpha(String op, DType type, Number alpha) {
        if (!type.isFloating() && Elementwise.isFractional(alpha)) {
            throw new IllegalArgumentException(op + ": alpha must be a whole number for integers, got " + alpha
                    + "; convert the tensors to a floating type first");
        }
        return new Number[] {ElementNumbers.element(op, type, alpha)};
    }

    private static Number minus(Number alpha) {
        Number n = ElementNumbers.plain(alpha);
        return n instanceof Long whole ? (Number) (-whole) : (Number) (-n.doubleValue());
    }

    /** {@code this - other}; of two bool tensors an error, as in PyTorch: use {@code logicalXor}. */
    default Tensor sub(Tensor other) {
        number("sub", self(), other);
        return Elementwise.arithmetic(ArithmeticFormulas.SUB, self(), other);
    }

    default Tensor sub(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.SUB_SCALAR, self(), Elementwise.term(self(), other));
    }

    /** {@code this - alpha * other}. */
    default Tensor sub(Tensor other, Number alpha) {
        number("sub", self(), other);
        return add(other, minus(alpha));
    }

    /** {@code other - this}. */
    default Tensor rsub(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.RSUB_SCALAR, self(), Elementwise.term(self(), other));
    }

    /** {@code other - this}. */
    default Tensor rsub(Tensor other) {
        return other.sub(self());
    }

    /** {@code this * other}. */
    default Tensor mul(Tensor other) {
        return Elementwise.arithmetic(ArithmeticFormulas.MUL, self(), other);
    }

    default Tensor mul(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.MUL_SCALAR, self(), other);
    }

    /** {@code this / other}, true division: integers give the default type. */
    default Tensor div(Tensor other) {
        return Elementwise.floating(ArithmeticFormulas.DIV, self(), other);
    }

    default Tensor div(Number other) {
        NullArgument.check(other, "other");
        return Elementwise.floating(ArithmeticFormulas.DIV_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /**
     * Division rounded to whole numbers; integers stay integers.
     *
     * @param roundingMode {@code "trunc"} towards zero, {@code "floor"} downwards, null for true division
     */
    default Tensor div(Tensor other, @Nullable String roundingMode) {
        return switch (roundingMode) {
            case null -> div(other);
            case "trunc" -> Elementwise.arithmetic(ArithmeticFormulas.DIV_TRUNC, self(), other);
            case "floor" -> floorDivide(other);
            default -> throw unknown(roundingMode);
        };
    }

    /** See {@link #div(Tensor, String)}. */
    default Tensor div(Number other, @Nullable String roundingMode) {
        return switch (roundingMode) {
            case null -> div(other);
            case "trunc" -> Elementwise.arithmetic(ArithmeticFormulas.DIV_TRUNC_SCALAR, self(), other);
            case "floor" -> floorDivide(other);
            default -> throw unknown(roundingMode);
        };
    }

    private static IllegalArgumentException unknown(String roundingMode) {
        return new IllegalArgumentException("div: the rounding mode \"" + roundingMode
                + "\" is unknown; it is \"trunc\", \"floor\", or null for true division");
    }

    private static void number(String op, Tensor a, Tensor b) {
        if (a.dtype() == DType.BOOL && b.dtype() == DType.BOOL) {
            throw new IllegalArgumentException(
                    a == b
                            ? op + " of a bool tensor has no meaning; use logicalNot, or convert it to an integer type"
                            : op + " of two bool tensors has no meaning; use logicalXor, or convert one to an integer"
                                    + " type");
        }
    }

    /** {@code other / this}. */
    default Tensor rdiv(Number other) {
        return Elementwise.floating(ArithmeticFormulas.RDIV_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /** {@code ⌊this / other⌋}, of integers an integer; it has no gradient. */
    default Tensor floorDivide(Tensor other) {
        return Elementwise.arithmetic(ArithmeticFormulas.FLOOR_DIVIDE, self(), other);
    }

    default Tensor floorDivide(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.FLOOR_DIVIDE_SCALAR, self(), other);
    }

    /** {@code ⌊other / this⌋}. */
    default Tensor rfloorDivide(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.RFLOOR_DIVIDE_SCALAR, self(), other);
    }

    /** What {@link #floorDivide} leaves, of the divisor's sign: Python's {@code %}. */
    default Tensor remainder(Tensor other) {
        return Elementwise.arithmetic(ArithmeticFormulas.REMAINDER, self(), other);
    }

    default Tensor remainder(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.REMAINDER_SCALAR, self(), other);
    }

    /** {@code other % this}. */
    default Tensor rremainder(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.RREMAINDER_SCALAR, self(), other);
    }

    /** What division towards zero leaves, of this tensor's sign: C's {@code fmod}. */
    default Tensor fmod(Tensor other) {
        return Elementwise.arithmetic(ArithmeticFormulas.FMOD, self(), other);
    }

    default Tensor fmod(Number other) {
        return Elementwise.arithmetic(ArithmeticFormulas.FMOD_SCALAR, self(), other);
    }

    default Tensor neg() {
        number("neg", self(), self());
        return Elementwise.arithmetic(ArithmeticFormulas.NEG, self());
    }

    /** This tensor: unary plus. */
    default Tensor positive() {
        return self();
    }

    /** {@code x * x}; of bool an int64, as {@code pow(2)}. */
    default Tensor square() {
        return Elementwise.arithmetic(
                ArithmeticFormulas.SQUARE, self().dtype() == DType.BOOL ? self().int64() : self());
    }

    default Tensor reciprocal() {
        return Elementwise.floating(ArithmeticFormulas.RECIPROCAL, self());
    }

    /** {@code this + value * tensor1 * tensor2}. */
    default Tensor addcmul(Tensor tensor1, Tensor tensor2, Number value) {
        DType type = Elementwise.promoted(self(), tensor1, tensor2);
        return Elementwise.scaled(ArithmeticFormulas.ADDCMUL, type, new Number[] {value}, self(), tensor1, tensor2);
    }

    default Tensor addcmul(Tensor tensor1, Tensor tensor2) {
        return addcmul(tensor1, tensor2, 1);
    }

    /** {@code this + value * tensor1 / tensor2}; all integers are an error, as in PyTorch. */
    default Tensor addcdiv(Tensor tensor1, Tensor tensor2, Number value) {
        return Elementwise.apply(
                ArithmeticFormulas.ADDCDIV,
                new double[] {value.doubleValue()},
                fractions(tensor1, tensor2),
                self(),
                tensor1,
                tensor2);
    }

    default Tensor addcdiv(Tensor tensor1, Tensor tensor2) {
        return addcdiv(tensor1, tensor2, 1);
    }

    private DType fractions(Tensor tensor1, Tensor tensor2) {
        NullArgument.check(tensor1, "tensor1");
        if (!tensor1.dtype().isFloating() && !tensor2.dtype().isFloating()) {
            throw new IllegalArgumentException("addcdiv: integer division of " + tensor1.dtype() + " by "
                    + tensor2.dtype() + "; convert one to a floating type, or use div with a rounding mode");
        }
        return Elementwise.promoted(self(), tensor1, tensor2);
    }

    /** {@code this + weight * (end - this)}. */
    default Tensor lerp(Tensor end, Tensor weight) {
        fractional("lerp", end);
        return Elementwise.arithmetic(ArithmeticFormulas.LERP, self(), end, weight);
    }

    private void fractional(String op, Tensor end) {
        if (!Elementwise.promoted(self(), end).isFloating()) {
            throw new IllegalArgumentException(op + ": between " + self().dtype() + " and " + end.dtype()
                    + " lie no fractions; convert them to a floating type first");
        }
    }

    default Tensor lerp(Tensor end, double weight) {
        fractional("lerp", end);
        return Elementwise.apply(
                ArithmeticFormulas.LERP_SCALAR, new double[] {weight}, Elementwise.promoted(self(), end), self(), end);
    }

    // ---- in place

    default Tensor add_(Tensor other) {
        return Elementwise.inPlace(ArithmeticFormulas.ADD, self(), other);
    }

    default Tensor add_(Number other) {
        return Elementwise.inPlace(ArithmeticFormulas.ADD_SCALAR, Elementwise.term(self(), other), self());
    }

    /** {@code this += alpha * other}. */
    default Tensor add_(Tensor other, Number alpha) {
        return Elementwise.scaledInPlace(
                ArithmeticFormulas.ADD_SCALED,
                alpha("add_", Elementwise.promoted(self(), other), alpha),
                self(),
                other);
    }

    default Tensor sub_(Tensor other) {
        number("sub_", self(), other);
        return Elementwise.inPlace(ArithmeticFormulas.SUB, self(), other);
    }

    default Tensor sub_(Number other) {
        return Elementwise.inPlace(ArithmeticFormulas.SUB_SCALAR, Elementwise.term(self(), other), self());
    }

    default Tensor sub_(Tensor other, Number alpha) {
        number("sub_", self(), other);
        return add_(other, minus(alpha));
    }

    default Tensor mul_(Tensor other) {
        return Elementwise.inPlace(ArithmeticFormulas.MUL, self(), other);
    }

    default Tensor mul_(Number other) {
        return Elementwise.inPlace(ArithmeticFormulas.MUL_SCALAR, other, self());
    }

    default Tensor div_(Tensor other) {
        return Elementwise.floatingInPlace(ArithmeticFormulas.DIV, self(), other);
    }

    default Tensor div_(Number other) {
        NullArgument.check(other, "other");
        return Elementwise.floatingInPlace(ArithmeticFormulas.DIV_SCALAR, new double[] {other.doubleValue()}, self());
    }

    /** See {@link #div(Tensor, String)}. */
    default Tensor div_(Tensor other, @Nullable String roundingMode) {
        return switch (roundingMode) {
            case null -> div_(other);
            case "trunc" -> Elementwise.inPlace(ArithmeticFormulas.DIV_TRUNC, self(), other);
            case "floor" -> floorDivide_(other);
            default -> throw unknown(roundingMode);
        };
    }

    /** See {@link #div(Tensor, String)}. */
    default Tensor div_(Number other, @Nullable String roundingMode) {
        return switch (roundingMode) {
            case null -> div_(other);
            case "trunc" -> Elementwise.inPlace(ArithmeticFormulas.DIV_TRUNC_SCALAR, other, self());
            case "floor" -> floorDivide_(other);
            default -> throw unknown(roundingMode);
        };
    }

    default Tensor floorDivide_(Tensor other) {
        return Elementwise.inPlace(ArithmeticFormulas.FLOOR_DIVIDE, self(), other);
    }

    default Tensor floorDivide_(Number other) {
        return Elementwise.inPlace(ArithmeticFormulas.FLOOR_DIVIDE_SCALAR, other, self());
    }

    default Tensor remainder_(Tensor other) {
        return Elementwise.inPlace(ArithmeticFormulas.REMAINDER, self(), other);
    }

    default Tensor remainder_(Number other) {
        return Elementwise.inPlace(ArithmeticFormulas.REMAINDER_SCALAR, other, self());
    }

    default Tensor fmod_(Tensor other) {
        return Elementwise.inPlace(ArithmeticFormulas.FMOD, self(), other);
    }

    default Tensor fmod_(Number other) {
        return Elementwise.inPlace(ArithmeticFormulas.FMOD_SCALAR, other, self());
    }

    default Tensor neg_() {
        number("neg_", self(), self());
        return Elementwise.inPlace(ArithmeticFormulas.NEG, self());
    }

    default Tensor square_() {
        return Elementwise.inPlace(ArithmeticFormulas.SQUARE, self());
    }

    default Tensor reciprocal_() {
        return Elementwise.floatingInPlace(ArithmeticFormulas.RECIPROCAL, self());
    }

    default Tensor addcmul_(Tensor tensor1, Tensor tensor2, Number value) {
        return Elementwise.scaledInPlace(ArithmeticFormulas.ADDCMUL, new Number[] {value}, self(), tensor1, tensor2);
    }

    default Tensor addcmul_(Tensor tensor1, Tensor tensor2) {
        return addcmul_(tensor1, tensor2, 1);
    }

    default Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Number value) {
        fractions(tensor1, tensor2);
        return Elementwise.inPlace(
                ArithmeticFormulas.ADDCDIV, new double[] {value.doubleValue()}, self(), tensor1, tensor2);
    }

    default Tensor addcdiv_(Tensor tensor1, Tensor tensor2) {
        return addcdiv_(tensor1, tensor2, 1);
    }

    default Tensor lerp_(Tensor end, Tensor weight) {
        fractional("lerp_", end);
        return Elementwise.inPlace(ArithmeticFormulas.LERP, self(), end, weight);
    }

    default Tensor lerp_(Tensor end, double weight) {
        fractional("lerp_", end);
        return Elementwise.inPlace(ArithmeticFormulas.LERP_SCALAR, new double[] {weight}, self(), end);
    }

    default Tensor zero_() {
        return fill_(0);
    }

    /** Sets every element to {@code value}, which the type must hold if it is finite; an integer type takes it without its fraction. */
    default Tensor fill_(Number value) {
        NullArgument.check(value, "value");
        // a single half becomes infinite in PyTorch, too
        DType type = self().dtype().isHalf() && self().numel() == 1 ? DType.FLOAT64 : self().dtype();
        Number v = ElementNumbers.element("fill_", type, value);
        return Elementwise.isExact(self().dtype(), v)
                ? Elementwise.inPlace(ArithmeticFormulas.FILL, new double[] {v.doubleValue()}, self())
                : fill_(Elementwise.scalarLike(self(), v));
    }

    /** 1 for true. */
    default Tensor fill_(boolean value) {
        return fill_(value ? 1 : 0);
    }

    /** Sets every element to that of a 0-d tensor, through which gradients flow. */
    default Tensor fill_(Tensor value) {
        if (value.dim() != 0) {
            throw new IllegalArgumentException(
                    "fill_ takes a number or a 0-d tensor, got shape " + value.shape() + "; copy_ broadcasts");
        }
        return copy_(value);
    }

    /** Takes the values of {@code source}, broadcast to this shape and converted to this type. */
    default Tensor copy_(Tensor source) {
        return Elementwise.inPlace(ArithmeticFormulas.COPY, self(), source.to(self().dtype()));
    }

    /** Replaces each element by {@code f} of it, computed in double on the host; slow, and without gradients. */
    default Tensor apply_(DoubleUnaryOperator f) {
        return map_(self(), (x, _) -> f.applyAsDouble(x));
    }

    /** Replaces each element by {@code f} of it and of the other's, as {@link #apply_}. */
    default Tensor map_(Tensor other, DoubleBinaryOperator f) {
        var values = new Blockwise.Reader(self(), DType.FLOAT64);
        var others = new Blockwise.Reader(other.expand(self().shape().toArray()), DType.FLOAT64);
        double[] with = new double[(int) Math.min(self().numel(), Blockwise.SIZE)];
        Tensor out = Blockwise.doubles(DType.FLOAT64, self().numel(), (from, block, n) -> {
            values.read(from, MemorySegment.ofArray(block).asSlice(0, 8L * n));
            others.read(from, MemorySegment.ofArray(with).asSlice(0, 8L * n));
            for (int i = 0; i < n; i++) {
                block[i] = f.applyAsDouble(block[i], with[i]);
            }
        });
        return copy_(out.reshape(self().shape()).to(self().device()));
    }

    // ---- under other names

    /** {@link #sub(Tensor)}. */
    default Tensor subtract(Tensor other) {
        return self().sub(other);
    }

    /** {@code this - alpha * other}. */
    default Tensor subtract(Tensor other, Number alpha) {
        return self().sub(other, alpha);
    }

    default Tensor subtract_(Tensor other) {
        return self().sub_(other);
    }

    default Tensor subtract_(Tensor other, Number alpha) {
        return self().sub_(other, alpha);
    }

    /** {@link #sub(Number)}. */
    default Tensor subtract(Number other) {
        return self().sub(other);
    }

    default Tensor subtract_(Number other) {
        return self().sub_(other);
    }

    /** {@link #mul(Tensor)}. */
    default Tensor multiply(Tensor other) {
        return self().mul(other);
    }

    default Tensor multiply_(Tensor other) {
        return self().mul_(other);
    }

    /** {@link #mul(Number)}. */
    default Tensor multiply(Number other) {
        return self().mul(other);
    }

    default Tensor multiply_(Number other) {
        return self().mul_(other);
    }

    /** {@link #div(Tensor)}. */
    default Tensor divide(Tensor other) {
        return self().div(other);
    }

    default Tensor divide_(Tensor other) {
        return self().div_(other);
    }

    /** {@link #div(Number)}. */
    default Tensor divide(Number other) {
        return self().div(other);
    }

    default Tensor divide_(Number other) {
        return self().div_(other);
    }

    /** {@link #div(Tensor)}. */
    default Tensor trueDivide(Tensor other) {
        return self().div(other);
    }

    default Tensor trueDivide_(Tensor other) {
        return self().div_(other);
    }

    /** {@link #div(Number)}. */
    default Tensor trueDivide(Number other) {
        return self().div(other);
    }

    default Tensor trueDivide_(Number other) {
        return self().div_(other);
    }

    /** {@link #div(Tensor, String)}. */
    default Tensor divide(Tensor other, @Nullable String roundingMode) {
        return self().div(other, roundingMode);
    }

    default Tensor divide_(Tensor other, @Nullable String roundingMode) {
        return self().div_(other, roundingMode);
    }

    /** {@link #div(Number, String)}. */
    default Tensor divide(Number other, @Nullable String roundingMode) {
        return self().div(other, roundingMode);
    }

    default Tensor divide_(Number other, @Nullable String roundingMode) {
        return self().div_(other, roundingMode);
    }

    /** {@link #neg()}. */
    default Tensor negative() {
        return self().neg();
    }

    default Tensor negative_() {
        return self().neg_();
    }
}
