package akari.backend;

import java.util.function.UnaryOperator;

/** What can be done with an {@link Expr}: evaluate, differentiate, substitute. */
public final class Formula {
    private Formula() {}

    /** The value in double precision: the oracle of every compiled form. */
    public static double eval(Expr e, double[] scalars, double... in) {
        return switch (e) {
            case Expr.In(int i) -> in[i];
            case Expr.Scalar(int i) -> scalars[i];
            case Expr.Const(double v) -> v;
            case Expr.Unary(Expr.Fn fn, Expr a) -> unary(fn, eval(a, scalars, in));
            case Expr.Binary(Expr.Op op, Expr a, Expr b) -> binary(op, eval(a, scalars, in), eval(b, scalars, in));
            case Expr.Fma(Expr a, Expr b, Expr c) ->
                Math.fma(eval(a, scalars, in), eval(b, scalars, in), eval(c, scalars, in));
            case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) ->
                compare(cmp, eval(a, scalars, in), eval(b, scalars, in)) ? eval(t, scalars, in) : eval(o, scalars, in);
        };
    }

    public static double unary(Expr.Fn fn, double x) {
        return switch (fn) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> x > 0 ? 1 : x < 0 ? -1 : 0;
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case TRUNC -> x < 0 ? Math.ceil(x) : Math.floor(x);
            case SQRT -> Math.sqrt(x);
            case EXP -> Math.exp(x);
            case EXPM1 -> Math.expm1(x);
            case LOG -> Math.log(x);
            case LOG1P -> Math.log1p(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TANH -> Math.tanh(x);
            case ERF -> Erf.erf(x);
        };
    }

    public static double binary(Expr.Op op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> pow(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
        };
    }

    /** C's pow: Java differs at {@code (±1)^±inf} and {@code 1^NaN}, which are 1 there. */
    public static double pow(double a, double b) {
        return a == 1 || a == -1 && Double.isInfinite(b) ? 1 : Math.pow(a, b);
    }

    public static boolean compare(Expr.Cmp cmp, double a, double b) {
        return switch (cmp) {
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
            case EQ -> a == b;
            case NE -> a != b;
        };
    }

    /** Partial derivative with respect to input {@code i}. At a tie of MIN or MAX both sides get half, as in PyTorch. */
    public static Expr derivative(Expr e, int i) {
        return switch (e) {
            case Expr.In(int j) -> Expr.lit(i == j ? 1 : 0);
            case Expr.Scalar _, Expr.Const _ -> Expr.lit(0);
            case Expr.Unary(Expr.Fn fn, Expr a) -> {
                Expr da = derivative(a, i);
                yield da.equals(Expr.lit(0)) ? da : da.times(slope(fn, a, e));
            }
            case Expr.Binary(Expr.Op op, Expr a, Expr b) -> {
                Expr da = derivative(a, i);
                Expr db = derivative(b, i);
                yield switch (op) {
                    case ADD -> da.plus(db);
                    case SUB -> da.minus(db);
                    case MUL -> da.times(b).plus(a.times(db));
                    case DIV ->
                        da.over(b)
                                .minus(db.equals(Expr.lit(0)) ? db : db.times(e).over(b));
                    case POW -> powSlope(a, b, da, db, e);
                    case MAX -> choose(Expr.Cmp.GT, a, b, da, db);
                    case MIN -> choose(Expr.Cmp.LT, a, b, da, db);
                };
            }
            case Expr.Fma(Expr a, Expr b, Expr c) ->
                derivative(a, i).times(b).plus(a.times(derivative(b, i))).plus(derivative(c, i));
            case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) ->
                Expr.select(cmp, a, b, derivative(t, i), derivative(o, i));
        };
    }

    private static Expr choose(Expr.Cmp wins, Expr a, Expr b, Expr da, Expr db) {
        Expr tie = da.plus(db).times(0.5);
        return Expr.select(wins, a, b, da, Expr.select(Expr.Cmp.EQ, a, b, tie, db));
    }

    /** b·a^(b-1), 0 where b = 0; and a^b·ln a, 0 where a = 0 and b ≥ 0: PyTorch's conventions. */
    private static Expr powSlope(Expr a, Expr b, Expr da, Expr db, Expr e) {
        Expr zero = Expr.lit(0);
        Expr base = da.equals(zero)
                ? zero
                : Expr.select(Expr.Cmp.EQ, b, zero, zero, da.times(b).times(a.pow(b.minus(1))));
        Expr exponent = db.equals(zero)
                ? zero
                : Expr.select(
                        Expr.Cmp.EQ,
                        a,
                        zero,
                        Expr.select(Expr.Cmp.GE, b, zero, zero, db.times(e).times(a.log())),
                        db.times(e).times(a.log()));
        return base.plus(exponent);
    }

    private static Expr slope(Expr.Fn fn, Expr a, Expr y) {
        return switch (fn) {
            case NEG -> Expr.lit(-1);
            case ABS -> a.sign();
            case SIGN, FLOOR, CEIL, ROUND, TRUNC -> Expr.lit(0);
            case SQRT -> Expr.lit(0.5).over(y);
            case EXP -> y;
            case EXPM1 -> y.plus(1);
            case LOG -> Expr.lit(1).over(a);
            case LOG1P -> Expr.lit(1).over(a.plus(1));
            case SIN -> a.cos();
            case COS -> a.sin().neg();
            case TANH -> Expr.lit(1).minus(y.times(y));
            case ERF -> a.times(a).neg().exp().times(2 / Math.sqrt(Math.PI));
        };
    }

    /** {@code e} with every leaf and subterm passed through {@code f}, outermost first; {@code f} returns its argument to descend. */
    public static Expr replace(Expr e, UnaryOperator<Expr> f) {
        Expr r = f.apply(e);
        if (r != e) {
            return r;
        }
        return switch (e) {
            case Expr.In _, Expr.Scalar _, Expr.Const _ -> e;
            case Expr.Unary(Expr.Fn fn, Expr a) -> new Expr.Unary(fn, replace(a, f));
            case Expr.Binary(Expr.Op op, Expr a, Expr b) -> new Expr.Binary(op, replace(a, f), replace(b, f));
            case Expr.Fma(Expr a, Expr b, Expr c) -> new Expr.Fma(replace(a, f), replace(b, f), replace(c, f));
            case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) ->
                new Expr.Select(cmp, replace(a, f), replace(b, f), replace(t, f), replace(o, f));
        };
    }

    /** Whether input {@code i} occurs in {@code e}. */
    public static boolean uses(Expr e, int i) {
        return switch (e) {
            case Expr.In(int j) -> i == j;
            case Expr.Scalar _, Expr.Const _ -> false;
            case Expr.Unary(Expr.Fn _, Expr a) -> uses(a, i);
            case Expr.Binary(Expr.Op _, Expr a, Expr b) -> uses(a, i) || uses(b, i);
            case Expr.Fma(Expr a, Expr b, Expr c) -> uses(a, i) || uses(b, i) || uses(c, i);
            case Expr.Select(Expr.Cmp _, Expr a, Expr b, Expr t, Expr o) ->
                uses(a, i) || uses(b, i) || uses(t, i) || uses(o, i);
        };
    }
}
