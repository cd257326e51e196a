package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;

import akari.formula.Pointwise;

/** The formulas behind {@link Bitwise}. */
final class BitwiseFormulas {
    private BitwiseFormulas() {}

    static final Pointwise BITS_AND = Pointwise.of("bitwise_and", (a, b) -> a.and(b));
    static final Pointwise BITS_AND_SCALAR = Pointwise.of("bitwise_and", 1, 1, in(0).and(scalar(0)));
    static final Pointwise BITS_OR = Pointwise.of("bitwise_or", (a, b) -> a.or(b));
    static final Pointwise BITS_OR_SCALAR = Pointwise.of("bitwise_or", 1, 1, in(0).or(scalar(0)));
    static final Pointwise BITS_XOR = Pointwise.of("bitwise_xor", (a, b) -> a.xor(b));
    static final Pointwise BITS_XOR_SCALAR = Pointwise.of("bitwise_xor", 1, 1, in(0).xor(scalar(0)));
    static final Pointwise BITS_SHL = Pointwise.of("bitwise_left_shift", (a, b) -> a.shl(b));
    static final Pointwise BITS_SHL_SCALAR = Pointwise.of("bitwise_left_shift", 1, 1, in(0).shl(scalar(0)));
    static final Pointwise BITS_SHR = Pointwise.of("bitwise_right_shift", (a, b) -> a.shr(b));
    static final Pointwise BITS_SHR_SCALAR = Pointwise.of("bitwise_right_shift", 1, 1, in(0).shr(scalar(0)));
    static final Pointwise BITS_NOT = Pointwise.of("bitwise_not", x -> x.xor(lit(-1)));
}
