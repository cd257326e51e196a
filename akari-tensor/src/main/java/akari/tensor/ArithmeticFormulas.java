package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** The formulas behind {@link Arithmetic}. */
final class ArithmeticFormulas {
    private ArithmeticFormulas() {}

    static final Pointwise ADD = Pointwise.of("add", (a, b) -> a.plus(b));
    static final Pointwise ADD_SCALAR = Pointwise.of("add", 1, 1, in(0).plus(scalar(0)));
    static final Pointwise ADD_SCALED = Pointwise.of("add", 2, 1, in(0).plus(in(1).times(scalar(0))));
    static final Pointwise SUB = Pointwise.of("sub", (a, b) -> a.minus(b));
    static final Pointwise SUB_SCALAR = Pointwise.of("sub", 1, 1, in(0).minus(scalar(0)));
    static final Pointwise RSUB_SCALAR = Pointwise.of("rsub", 1, 1, scalar(0).minus(in(0)));
    static final Pointwise MUL = Pointwise.of("mul", (a, b) -> a.times(b));
    static final Pointwise MUL_SCALAR = Pointwise.of("mul", 1, 1, in(0).times(scalar(0)));
    static final Pointwise DIV = Pointwise.of("div", (a, b) -> a.over(b));
    static final Pointwise DIV_SCALAR = Pointwise.of("div", 1, 1, in(0).over(scalar(0)));
    static final Pointwise RDIV_SCALAR = Pointwise.of("rdiv", 1, 1, scalar(0).over(in(0)));
    static final Pointwise DIV_TRUNC =
            Pointwise.of("div_trunc", (a, b) -> a.over(b).trunc());
    static final Pointwise DIV_TRUNC_SCALAR =
            Pointwise.of("div_trunc", 1, 1, in(0).over(scalar(0)).trunc());
    static final Pointwise FLOOR_DIVIDE =
            Pointwise.of("floor_divide", ArithmeticFormulas::quotient).slopes(lit(0), lit(0));
    static final Pointwise FLOOR_DIVIDE_SCALAR =
            Pointwise.of("floor_divide", 1, 1, quotient(in(0), scalar(0))).slopes(lit(0));
    static final Pointwise RFLOOR_DIVIDE_SCALAR =
            Pointwise.of("rfloor_divide", 1, 1, quotient(scalar(0), in(0))).slopes(lit(0));
    static final Pointwise REMAINDER = Pointwise.of("remainder", ArithmeticFormulas::modulo)
            .slopes(lit(1), quotient(in(0), in(1)).neg());
    static final Pointwise REMAINDER_SCALAR =
            Pointwise.of("remainder", 1, 1, modulo(in(0), scalar(0))).slopes(lit(1));
    static final Pointwise RREMAINDER_SCALAR = Pointwise.of("rremainder", 1, 1, modulo(scalar(0), in(0)))
            .slopes(quotient(scalar(0), in(0)).neg());
    static final Pointwise FMOD = Pointwise.of("fmod", (a, b) -> a.fmod(b));
    static final Pointwise FMOD_SCALAR = Pointwise.of("fmod", 1, 1, in(0).fmod(scalar(0)));
    static final Pointwise NEG = Pointwise.of("neg", x -> x.neg());
    static final Pointwise SQUARE = Pointwise.of("square", x -> x.times(x));
    static final Pointwise RECIPROCAL = Pointwise.of("reciprocal", x -> lit(1).over(x))
            .slope((x, y) -> y.times(y).neg());
    static final Pointwise ADDCMUL =
            Pointwise.of("addcmul", 3, 1, scalar(0).times(in(1)).fma(in(2), in(0)));
    static final Pointwise ADDCDIV = Pointwise.of(
                    "addcdiv", 3, 1, in(0).plus(scalar(0).times(in(1)).over(in(2))))
            .slopes(lit(1), scalar(0).over(in(2)), scalar(0).times(in(1)).neg().over(in(2).times(in(2))));

    /** From the nearer end, so that both ends are met exactly. */
    static final Pointwise LERP = Pointwise.of("lerp", 3, 0, between(in(0), in(1), in(2)))
            .slopes(lit(1).minus(in(2)), in(2), in(1).minus(in(0)));

    static final Pointwise LERP_SCALAR =
            Pointwise.of("lerp", 2, 1, between(in(0), in(1), scalar(0))).slopes(lit(1).minus(scalar(0)), scalar(0));
    static final Pointwise FILL = Pointwise.of("fill", 1, 1, scalar(0));
    static final Pointwise COPY = Pointwise.of("copy", 2, 0, in(1));

    /** {@code ⌊a/b⌋} of what {@code fmod} leaves to divide: rounding {@code a/b} first could reach the next integer. */
    private static Expr quotient(Expr a, Expr b) {
        Expr rest = a.fmod(b);
        Expr exact = a.minus(rest).over(b);
        Expr down = ifOpposite(rest, b, exact.minus(1), exact);
        Expr whole =
                select(Cmp.GT, down.minus(down.floor()), lit(0.5), down.floor().plus(1), down.floor());
        Expr signed = select(Cmp.EQ, down, lit(0), lit(0).copysign(a.over(b)), whole);
        return select(Cmp.EQ, b, lit(0), a.over(b), signed);
    }

    /** {@code a - b*⌊a/b⌋}, which has b's sign. */
    private static Expr modulo(Expr a, Expr b) {
        Expr rest = a.fmod(b);
        return ifOpposite(rest, b, rest.plus(b), rest);
    }

    private static Expr ifOpposite(Expr rest, Expr b, Expr then, Expr other) {
        return select(
                Cmp.GT,
                rest,
                lit(0),
                select(Cmp.LT, b, lit(0), then, other),
                select(Cmp.LT, rest, lit(0), select(Cmp.LT, b, lit(0), other, then), other));
    }

    private static Expr between(Expr start, Expr end, Expr weight) {
        Expr way = end.minus(start);
        return select(
                Cmp.LT,
                weight.abs(),
                lit(0.5),
                start.plus(weight.times(way)),
                end.minus(way.times(lit(1).minus(weight))));
    }

    /** Inputs x and a product, scalars beta and alpha: rounded once. Of a beta of 0 the x counts nowhere. */
    static final Pointwise PLUS_PRODUCT = Pointwise.of(
            "addmm",
            2,
            2,
            select(Cmp.EQ, scalar(0), lit(0), lit(0), in(0).times(scalar(0))).plus(in(1).times(scalar(1))));
}
