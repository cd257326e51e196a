package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** The formulas behind {@link Comparisons}. */
final class ComparisonFormulas {
    private ComparisonFormulas() {}

    static final Pointwise EQ = pair("eq", Cmp.EQ);
    static final Pointwise NE = pair("ne", Cmp.NE);
    static final Pointwise LT = pair("lt", Cmp.LT);
    static final Pointwise LE = pair("le", Cmp.LE);
    static final Pointwise GT = pair("gt", Cmp.GT);
    static final Pointwise GE = pair("ge", Cmp.GE);
    static final Pointwise EQ_SCALAR = single("eq", Cmp.EQ);
    static final Pointwise NE_SCALAR = single("ne", Cmp.NE);
    static final Pointwise LT_SCALAR = single("lt", Cmp.LT);
    static final Pointwise LE_SCALAR = single("le", Cmp.LE);
    static final Pointwise GT_SCALAR = single("gt", Cmp.GT);
    static final Pointwise GE_SCALAR = single("ge", Cmp.GE);

    /** Scalars: relative and absolute tolerance, and whether NaN is close to NaN. */
    static final Pointwise ISCLOSE = Pointwise.of(
            "isclose",
            2,
            3,
            select(
                    Cmp.EQ,
                    in(0),
                    in(1),
                    lit(1),
                    select(Cmp.NE, in(0), in(0), select(Cmp.NE, in(1), in(1), nonzero(scalar(2)), lit(0)), near())));

    private static Expr near() {
        Expr difference = in(0).minus(in(1)).abs();
        Expr allowed = scalar(0).times(in(1)).abs().plus(scalar(1));
        return select(
                Cmp.LE,
                difference,
                allowed,
                select(Cmp.LT, difference, lit(Double.POSITIVE_INFINITY), lit(1), lit(0)),
                lit(0));
    }

    private static Expr nonzero(Expr e) {
        return select(Cmp.NE, e, lit(0), lit(1), lit(0));
    }

    private static Pointwise pair(String name, Cmp cmp) {
        return Pointwise.of(name, (a, b) -> select(cmp, a, b, lit(1), lit(0)));
    }

    private static Pointwise single(String name, Cmp cmp) {
        return Pointwise.of(name, 1, 1, select(cmp, in(0), scalar(0), lit(1), lit(0)));
    }

    /** A step, whose slope counts as 0. */
    static final Pointwise NONZERO = Pointwise.of("nonzero", 1, 0, select(Cmp.EQ, in(0), lit(0), lit(0), lit(1)));
}
