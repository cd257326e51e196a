package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** The formulas behind {@link Logic}. */
final class LogicFormulas {
    private LogicFormulas() {}

    static final Pointwise ISNAN = Pointwise.of("isnan", x -> select(Cmp.NE, x, x, lit(1), lit(0)));
    static final Pointwise ISFINITE =
            Pointwise.of("isfinite", x -> select(Cmp.LT, x.abs(), lit(Double.POSITIVE_INFINITY), lit(1), lit(0)));
    static final Pointwise ISINF = Pointwise.of("isinf", x -> is(x.abs(), Double.POSITIVE_INFINITY));
    static final Pointwise ISPOSINF = Pointwise.of("isposinf", x -> is(x, Double.POSITIVE_INFINITY));
    static final Pointwise ISNEGINF = Pointwise.of("isneginf", x -> is(x, Double.NEGATIVE_INFINITY));
    static final Pointwise NOT = Pointwise.of("logical_not", x -> is(x, 0));
    static final Pointwise AND = Pointwise.of("logical_and", (a, b) -> select(Cmp.EQ, a, lit(0), lit(0), truth(b)));
    static final Pointwise OR = Pointwise.of("logical_or", (a, b) -> select(Cmp.EQ, a, lit(0), truth(b), lit(1)));
    static final Pointwise XOR = Pointwise.of("logical_xor", (a, b) -> select(Cmp.EQ, a, lit(0), truth(b), is(b, 0)));

    /** Inputs: the condition, which decides first on the order of memory; this where true, the other where false. */
    static final Pointwise WHERE = Pointwise.of("where", 3, 0, select(Cmp.NE, in(0), lit(0), in(1), in(2)));

    /** Inputs: the condition, this where true; the scalar where false. */
    static final Pointwise WHERE_SCALAR = Pointwise.of("where", 2, 1, select(Cmp.NE, in(0), lit(0), in(1), scalar(0)));

    static final Pointwise MASKED_FILL =
            Pointwise.of("masked_fill", 2, 1, select(Cmp.NE, in(1), lit(0), scalar(0), in(0)));

    private static Expr is(Expr x, double value) {
        return select(Cmp.EQ, x, lit(value), lit(1), lit(0));
    }

    private static Expr truth(Expr e) {
        return select(Cmp.EQ, e, lit(0), lit(0), lit(1));
    }
}
