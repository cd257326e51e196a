package akari.tensor;

import static akari.backend.Expr.in;
import static akari.backend.Expr.lit;
import static akari.backend.Expr.scalar;
import static akari.backend.Expr.select;

import akari.backend.DType;
import akari.backend.Expr;
import akari.backend.Expr.Cmp;
import akari.backend.Pointwise;

/** Comparisons give bool tensors; any comparison with NaN is false, except {@code ne}. */
public sealed interface Comparisons permits Tensor {
    Pointwise EQ = pair("eq", Cmp.EQ);
    Pointwise NE = pair("ne", Cmp.NE);
    Pointwise LT = pair("lt", Cmp.LT);
    Pointwise LE = pair("le", Cmp.LE);
    Pointwise GT = pair("gt", Cmp.GT);
    Pointwise GE = pair("ge", Cmp.GE);
    Pointwise EQ_SCALAR = single("eq", Cmp.EQ);
    Pointwise NE_SCALAR = single("ne", Cmp.NE);
    Pointwise LT_SCALAR = single("lt", Cmp.LT);
    Pointwise LE_SCALAR = single("le", Cmp.LE);
    Pointwise GT_SCALAR = single("gt", Cmp.GT);
    Pointwise GE_SCALAR = single("ge", Cmp.GE);
    Pointwise ISNAN = Pointwise.of("isnan", x -> select(Cmp.NE, x, x, lit(1), lit(0)));
    Pointwise ISFINITE =
            Pointwise.of("isfinite", x -> select(Cmp.LT, x.abs(), lit(Double.POSITIVE_INFINITY), lit(1), lit(0)));
    Pointwise NOT = Pointwise.of("logical_not", x -> select(Cmp.EQ, x, lit(0), lit(1), lit(0)));
    Pointwise AND = Pointwise.of("logical_and", (a, b) -> select(Cmp.EQ, a, lit(0), lit(0), truth(b)));
    Pointwise OR = Pointwise.of("logical_or", (a, b) -> select(Cmp.EQ, a, lit(0), truth(b), lit(1)));

    /** Inputs: this where true, the other where false, the condition. */
    Pointwise WHERE = Pointwise.of("where", 3, 0, select(Cmp.NE, in(2), lit(0), in(0), in(1)));

    Pointwise MASKED_FILL = Pointwise.of("masked_fill", 2, 1, select(Cmp.NE, in(1), lit(0), scalar(0), in(0)));

    private static Pointwise pair(String name, Cmp cmp) {
        return Pointwise.of(name, (a, b) -> select(cmp, a, b, lit(1), lit(0)));
    }

    private static Pointwise single(String name, Cmp cmp) {
        return Pointwise.of(name, 1, 1, select(cmp, in(0), scalar(0), lit(1), lit(0)));
    }

    private static Expr truth(Expr e) {
        return select(Cmp.EQ, e, lit(0), lit(0), lit(1));
    }

    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor eq(Tensor other) {
        return Elementwise.compare(EQ, self(), other);
    }

    default Tensor eq(Number other) {
        return Elementwise.compare(EQ_SCALAR, self(), other);
    }

    default Tensor ne(Tensor other) {
        return Elementwise.compare(NE, self(), other);
    }

    default Tensor ne(Number other) {
        return Elementwise.compare(NE_SCALAR, self(), other);
    }

    default Tensor lt(Tensor other) {
        return Elementwise.compare(LT, self(), other);
    }

    default Tensor lt(Number other) {
        return Elementwise.compare(LT_SCALAR, self(), other);
    }

    default Tensor le(Tensor other) {
        return Elementwise.compare(LE, self(), other);
    }

    default Tensor le(Number other) {
        return Elementwise.compare(LE_SCALAR, self(), other);
    }

    default Tensor gt(Tensor other) {
        return Elementwise.compare(GT, self(), other);
    }

    default Tensor gt(Number other) {
        return Elementwise.compare(GT_SCALAR, self(), other);
    }

    default Tensor ge(Tensor other) {
        return Elementwise.compare(GE, self(), other);
    }

    default Tensor ge(Number other) {
        return Elementwise.compare(GE_SCALAR, self(), other);
    }

    default Tensor isnan() {
        return test(ISNAN);
    }

    /** Neither infinite nor NaN. */
    default Tensor isfinite() {
        return test(ISFINITE);
    }

    default Tensor logicalNot() {
        return test(NOT);
    }

    private Tensor test(Pointwise f) {
        DType compute = self().dtype().compute();
        if (f == ISFINITE && compute == DType.INT64) {
            compute = DType.FLOAT64;
        }
        return Tape.apply(new Elementwise(f, new double[0], DType.BOOL, compute), self());
    }

    default Tensor logicalAnd(Tensor other) {
        return Elementwise.compare(AND, self(), other);
    }

    default Tensor logicalOr(Tensor other) {
        return Elementwise.compare(OR, self(), other);
    }

    /** This where {@code condition} (bool) is true, {@code other} where it is false. */
    default Tensor where(Tensor condition, Tensor other) {
        bool("where", condition);
        DType type = Elementwise.promoted(self(), other);
        return Elementwise.apply(WHERE, new double[0], type, self(), other, condition);
    }

    /** {@code value} where {@code mask} (bool) is true. */
    default Tensor maskedFill(Tensor mask, Number value) {
        bool("maskedFill", mask);
        return Elementwise.apply(MASKED_FILL, new double[] {value.doubleValue()}, self().dtype(), self(), mask);
    }

    private static void bool(String op, Tensor mask) {
        if (mask.dtype() != DType.BOOL) {
            throw new IllegalArgumentException(
                    op + " needs a bool mask, got " + mask.dtype() + "; compare first, as in x.ne(0)");
        }
    }
}
