package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;

/** The formulas behind {@link Trigonometry}. */
final class TrigonometryFormulas {
    private TrigonometryFormulas() {}

    static final Pointwise SIN = Pointwise.of("sin", x -> x.sin());
    static final Pointwise COS = Pointwise.of("cos", x -> x.cos());
    static final Pointwise TAN = Pointwise.of("tan", x -> x.tan());
    static final Pointwise ASIN = Pointwise.of("asin", x -> x.asin());
    static final Pointwise ACOS = Pointwise.of("acos", x -> x.acos());
    static final Pointwise ATAN = Pointwise.of("atan", x -> x.atan());
    static final Pointwise SINH = Pointwise.of("sinh", x -> x.sinh());
    static final Pointwise COSH = Pointwise.of("cosh", x -> x.cosh());
    static final Pointwise ASINH = Pointwise.of("asinh", x -> x.asinh());
    static final Pointwise ACOSH = Pointwise.of("acosh", x -> x.acosh());
    static final Pointwise ATANH = Pointwise.of("atanh", x -> x.atanh());
    /** Squares of small numbers would vanish: the slopes divide by the distance twice. At the origin they are 0, as in PyTorch. */
    static final Pointwise ATAN2 = Pointwise.of("atan2", (y, x) -> y.atan2(x))
            .slopes(perSquare(in(1), in(0).hypot(in(1))), perSquare(in(0).neg(), in(0).hypot(in(1))));

    static final Pointwise HYPOT = Pointwise.of("hypot", (a, b) -> a.hypot(b));
    static final Pointwise DEG2RAD = Pointwise.of("deg2rad", x -> x.times(Math.PI / 180));
    static final Pointwise RAD2DEG = Pointwise.of("rad2deg", x -> x.times(180 / Math.PI));

    /** {@code sin(πx)/(πx)}, 1 at 0. */
    static final Pointwise SINC = Pointwise.of(
                    "sinc",
                    x -> select(
                            Cmp.EQ, x, lit(0), lit(1), x.times(Math.PI).sin().over(x.times(Math.PI))))
            .slope((x, y) -> select(Cmp.LT, x.abs(), lit(0.1), sincSlopeNearZero(x), sincSlope(x)));

    /** Of real numbers: π for negative ones. */
    static final Pointwise ANGLE = Pointwise.of(
                    "angle", x -> select(Cmp.LT, x, lit(0), lit(Math.PI), select(Cmp.NE, x, x, x, lit(0))))
            .slopes(lit(0));

    private static Expr perSquare(Expr x, Expr distance) {
        return select(Cmp.EQ, distance, lit(0), lit(0), x.over(distance).over(distance));
    }

    private static Expr sincSlope(Expr x) {
        Expr u = x.times(Math.PI);
        return u.cos().minus(u.sin().over(u)).over(x);
    }

    /** Its Taylor series, where the difference above would lose all digits. */
    private static Expr sincSlopeNearZero(Expr x) {
        Expr u = x.times(Math.PI);
        Expr square = u.times(u);
        Expr sum = lit(1.0 / 45360).minus(square.times(1.0 / 3991680));
        sum = square.times(sum).minus(lit(1.0 / 840));
        sum = square.times(sum).plus(lit(1.0 / 30));
        sum = square.times(sum).minus(lit(1.0 / 3));
        return u.times(Math.PI).times(sum);
    }
}
