package akari.formula;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What can be done with an {@link Expr}: evaluate, differentiate, substitute; and its functions in static form, for
 * {@code import static akari.formula.Formula.*}.
 */
public final class Formula {
    private static final Expr ZERO = Expr.lit(0);

    private Formula() {}

    /** The value in double precision of inputs and scalars: the oracle of every compiled form. */
    public static double eval(Expr e, double[] scalars, double... in) {
        return new Evaluation(scalars, in, new IdentityHashMap<>()).of(e);
    }

    /** Shared subterms are evaluated once: a formula may have exponentially many paths. */
    private record Evaluation(double[] scalars, double[] in, Map<Expr, Double> known) {
        double of(Expr e) {
            return switch (e) {
                case Expr.In(int i) -> in[i];
                case Expr.Scalar(int i) -> scalars[i];
                case Expr.Const(double v) -> v;
                default -> {
                    Double have = known.get(e);
                    if (have == null) {
                        have = inner(e);
                        known.put(e, have);
                    }
                    yield have;
                }
            };
        }

        private double inner(Expr e) {
            return switch (e) {
                case Expr.Unary(Expr.Fn fn, Expr a) -> unary(fn, of(a));
                case Expr.Binary(Expr.Op op, Expr a, Expr b) -> binary(op, of(a), of(b));
                case Expr.Fma(Expr a, Expr b, Expr c) -> Math.fma(of(a), of(b), of(c));
                case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) ->
                    compare(cmp, of(a), of(b)) ? of(t) : of(o);
                case Expr.In _, Expr.Scalar _, Expr.Const _ -> throw new AssertionError(e);
            };
        }
    }

    /** The value of a function of one number. */
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
            case EXP2 -> Math.pow(2, x);
            case EXPM1 -> Math.expm1(x);
            case LOG -> Math.log(x);
            case LOG2 -> Hyperbolic.log2(x);
            case LOG10 -> Math.log10(x);
            case LOG1P -> Math.log1p(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TAN -> Math.tan(x);
            case ASIN -> Math.asin(x);
            case ACOS -> Math.acos(x);
            case ATAN -> Math.atan(x);
            case SINH -> Math.sinh(x);
            case COSH -> Math.cosh(x);
            case TANH -> Math.tanh(x);
            case ASINH -> Hyperbolic.asinh(x);
            case ACOSH -> Hyperbolic.acosh(x);
            case ATANH -> Hyperbolic.atanh(x);
            case ERF -> Erf.erf(x);
            case ERFC -> Erf.erfc(x);
            case ERFINV -> Erf.inverse(x);
            case LGAMMA -> Gamma.log(x);
            case DIGAMMA -> Gamma.digamma(x);
        };
    }

    /** The value of a function of two numbers. */
    public static double binary(Expr.Op op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> pow(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case FMOD -> a % b;
            case COPYSIGN -> Math.copySign(a, b);
            case ATAN2 -> Math.atan2(a, b);
            case HYPOT -> Math.hypot(a, b);
            case POLYGAMMA -> Gamma.polygamma(a, b);
            case AND, OR, XOR, SHL, SHR -> bits(op, (long) a, (long) b);
        };
    }

    /** The value of an operation on bits; IllegalArgumentException for another. */
    public static long bits(Expr.Op op, long a, long b) {
        return switch (op) {
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case SHL -> b >= 0 && b < Long.SIZE ? a << b : 0;
            case SHR -> a >> (b >= 0 && b < Long.SIZE ? b : Long.SIZE - 1);
            default -> throw new IllegalArgumentException(op + " does not work on bits");
        };
    }

    /** C's pow: Java differs at {@code (±1)^±inf} and {@code 1^NaN}, which are 1 there. */
    public static double pow(double a, double b) {
        return a == 1 || a == -1 && Double.isInfinite(b) ? 1 : Math.pow(a, b);
    }

    /** Whether {@code a cmp b}. */
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
        return derivative(e, i, new IdentityHashMap<>());
    }

    private static Expr derivative(Expr e, int i, Map<Expr, Expr> known) {
        Expr have = known.get(e);
        if (have == null) {
            have = switch (e) {
                case Expr.In(int j) -> Expr.lit(i == j ? 1 : 0);
                case Expr.Scalar _, Expr.Const _ -> ZERO;
                case Expr.Unary(Expr.Fn fn, Expr a) -> {
                    Expr da = derivative(a, i, known);
                    yield isZero(da) ? da : da.times(slope(fn, a, e));
                }
                case Expr.Binary(Expr.Op op, Expr a, Expr b) ->
                    slope(op, a, b, derivative(a, i, known), derivative(b, i, known), e);
                case Expr.Fma(Expr a, Expr b, Expr c) ->
                    derivative(a, i, known)
                            .times(b)
                            .plus(a.times(derivative(b, i, known)))
                            .plus(derivative(c, i, known));
                case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) ->
                    Expr.select(cmp, a, b, derivative(t, i, known), derivative(o, i, known));
            };
            known.put(e, have);
        }
        return have;
    }

    private static boolean isZero(Expr e) {
        return e instanceof Expr.Const(double v) && v == 0;
    }

    private static Expr slope(Expr.Op op, Expr a, Expr b, Expr da, Expr db, Expr e) {
        if (isZero(da) && isZero(db)) {
            return ZERO;
        }
        return switch (op) {
            case ADD -> da.plus(db);
            case SUB -> da.minus(db);
            case MUL -> da.times(b).plus(a.times(db));
            case DIV -> da.over(b).minus(isZero(db) ? db : db.times(e).over(b));
            case POW -> powSlope(a, b, da, db, e);
            case MAX -> choose(Expr.Cmp.GT, a, b, da, db);
            case MIN -> choose(Expr.Cmp.LT, a, b, da, db);
            case FMOD -> da.minus(isZero(db) ? db : db.times(a.over(b).trunc()));
            case COPYSIGN -> da.times(Expr.lit(1).copysign(a)).times(Expr.lit(1).copysign(b));
            case ATAN2 -> da.times(b).minus(db.times(a)).over(a.times(a).plus(b.times(b)));
            case HYPOT -> da.times(a).plus(db.times(b)).over(e);
            case POLYGAMMA -> db.times(b.polygamma(a.plus(1)));
            case AND, OR, XOR, SHL, SHR -> ZERO;
        };
    }

    private static Expr choose(Expr.Cmp wins, Expr a, Expr b, Expr da, Expr db) {
        Expr tie = da.plus(db).times(0.5);
        return Expr.select(wins, a, b, da, Expr.select(Expr.Cmp.EQ, a, b, tie, db));
    }

    /** b·a^(b-1), 0 where b = 0; and a^b·ln a, 0 where a = 0 and b ≥ 0: PyTorch's conventions. */
    private static Expr powSlope(Expr a, Expr b, Expr da, Expr db, Expr e) {
        Expr zero = ZERO;
        Expr base = isZero(da)
                ? zero
                : Expr.select(Expr.Cmp.EQ, b, zero, zero, da.times(b).times(a.pow(b.minus(1))));
        Expr exponent = isZero(db)
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
        Expr one = Expr.lit(1);
        return switch (fn) {
            case NEG -> Expr.lit(-1);
            case ABS -> a.sign();
            case SIGN, FLOOR, CEIL, ROUND, TRUNC -> Expr.lit(0);
            case SQRT -> Expr.lit(0.5).over(y);
            case EXP -> y;
            case EXP2 -> y.times(Math.log(2));
            case EXPM1 -> y.plus(1);
            case LOG -> one.over(a);
            case LOG2 -> one.over(a.times(Math.log(2)));
            case LOG10 -> one.over(a.times(Math.log(10)));
            case LOG1P -> one.over(a.plus(1));
            case SIN -> a.cos();
            case COS -> a.sin().neg();
            case TAN -> y.times(y).plus(1);
            case ASIN -> one.over(one.minus(a.times(a)).sqrt());
            case ACOS -> Expr.lit(-1).over(one.minus(a.times(a)).sqrt());
            case ATAN -> one.over(a.times(a).plus(1));
            case SINH -> a.cosh();
            case COSH -> a.sinh();
            case TANH -> one.minus(y.times(y));
            case ASINH -> one.over(a.times(a).plus(1).sqrt());
            case ACOSH -> one.over(a.times(a).minus(1).sqrt());
            case ATANH -> one.over(one.minus(a.times(a)));
            case ERF -> a.times(a).neg().exp().times(2 / Math.sqrt(Math.PI));
            case ERFC -> a.times(a).neg().exp().times(-2 / Math.sqrt(Math.PI));
            case ERFINV -> y.times(y).exp().times(Math.sqrt(Math.PI) / 2);
            case LGAMMA -> a.digamma();
            case DIGAMMA -> a.polygamma(one);
        };
    }

    /** {@code e} with every leaf and subterm passed through {@code f}, outermost first; {@code f} returns its argument to descend. */
    public static Expr replace(Expr e, UnaryOperator<Expr> f) {
        return replace(e, f, new IdentityHashMap<>());
    }

    private static Expr replace(Expr e, UnaryOperator<Expr> f, Map<Expr, Expr> known) {
        Expr have = known.get(e);
        if (have == null) {
            have = f.apply(e);
            if (have == e) {
                have = switch (e) {
                    case Expr.In _, Expr.Scalar _, Expr.Const _ -> e;
                    case Expr.Unary(Expr.Fn fn, Expr a) -> new Expr.Unary(fn, replace(a, f, known));
                    case Expr.Binary(Expr.Op op, Expr a, Expr b) ->
                        new Expr.Binary(op, replace(a, f, known), replace(b, f, known));
                    case Expr.Fma(Expr a, Expr b, Expr c) ->
                        new Expr.Fma(replace(a, f, known), replace(b, f, known), replace(c, f, known));
                    case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) ->
                        new Expr.Select(
                                cmp,
                                replace(a, f, known),
                                replace(b, f, known),
                                replace(t, f, known),
                                replace(o, f, known));
                };
            }
            known.put(e, have);
        }
        return have;
    }

    /** Whether input {@code i} occurs in {@code e}. */
    public static boolean uses(Expr e, int i) {
        return leaves(e).contains(Expr.in(i));
    }

    /** The inputs and scalars that occur in {@code e}. */
    static Set<Expr> leaves(Expr e) {
        Set<Expr> leaves = new HashSet<>();
        replace(e, t -> {
            if (t instanceof Expr.In || t instanceof Expr.Scalar) {
                leaves.add(t);
            }
            return t;
        });
        return leaves;
    }

    // ---- the functions of formulas, static

    /** {@link Expr#neg}. */
    public static Expr neg(Expr x) {
        return x.neg();
    }

    /** {@link Expr#abs}. */
    public static Expr abs(Expr x) {
        return x.abs();
    }

    /** {@link Expr#sign}. */
    public static Expr sign(Expr x) {
        return x.sign();
    }

    /** {@link Expr#floor}. */
    public static Expr floor(Expr x) {
        return x.floor();
    }

    /** {@link Expr#ceil}. */
    public static Expr ceil(Expr x) {
        return x.ceil();
    }

    /** {@link Expr#round}. */
    public static Expr round(Expr x) {
        return x.round();
    }

    /** {@link Expr#trunc}. */
    public static Expr trunc(Expr x) {
        return x.trunc();
    }

    /** {@link Expr#sqrt}. */
    public static Expr sqrt(Expr x) {
        return x.sqrt();
    }

    /** {@link Expr#square}. */
    public static Expr square(Expr x) {
        return x.square();
    }

    /** {@link Expr#exp}. */
    public static Expr exp(Expr x) {
        return x.exp();
    }

    /** {@link Expr#exp2}. */
    public static Expr exp2(Expr x) {
        return x.exp2();
    }

    /** {@link Expr#expm1}. */
    public static Expr expm1(Expr x) {
        return x.expm1();
    }

    /** {@link Expr#log}. */
    public static Expr log(Expr x) {
        return x.log();
    }

    /** {@link Expr#log2}. */
    public static Expr log2(Expr x) {
        return x.log2();
    }

    /** {@link Expr#log10}. */
    public static Expr log10(Expr x) {
        return x.log10();
    }

    /** {@link Expr#log1p}. */
    public static Expr log1p(Expr x) {
        return x.log1p();
    }

    /** {@link Expr#sin}. */
    public static Expr sin(Expr x) {
        return x.sin();
    }

    /** {@link Expr#cos}. */
    public static Expr cos(Expr x) {
        return x.cos();
    }

    /** {@link Expr#tan}. */
    public static Expr tan(Expr x) {
        return x.tan();
    }

    /** {@link Expr#asin}. */
    public static Expr asin(Expr x) {
        return x.asin();
    }

    /** {@link Expr#acos}. */
    public static Expr acos(Expr x) {
        return x.acos();
    }

    /** {@link Expr#atan}. */
    public static Expr atan(Expr x) {
        return x.atan();
    }

    /** {@link Expr#sinh}. */
    public static Expr sinh(Expr x) {
        return x.sinh();
    }

    /** {@link Expr#cosh}. */
    public static Expr cosh(Expr x) {
        return x.cosh();
    }

    /** {@link Expr#tanh}. */
    public static Expr tanh(Expr x) {
        return x.tanh();
    }

    /** {@link Expr#asinh}. */
    public static Expr asinh(Expr x) {
        return x.asinh();
    }

    /** {@link Expr#acosh}. */
    public static Expr acosh(Expr x) {
        return x.acosh();
    }

    /** {@link Expr#atanh}. */
    public static Expr atanh(Expr x) {
        return x.atanh();
    }

    /** {@link Expr#erf}. */
    public static Expr erf(Expr x) {
        return x.erf();
    }

    /** {@link Expr#erfc}. */
    public static Expr erfc(Expr x) {
        return x.erfc();
    }

    /** {@link Expr#erfinv}. */
    public static Expr erfinv(Expr x) {
        return x.erfinv();
    }

    /** {@link Expr#lgamma}. */
    public static Expr lgamma(Expr x) {
        return x.lgamma();
    }

    /** {@link Expr#digamma}. */
    public static Expr digamma(Expr x) {
        return x.digamma();
    }

    /** {@link Expr#sigmoid}. */
    public static Expr sigmoid(Expr x) {
        return x.sigmoid();
    }

    /** {@link Expr#step}. */
    public static Expr step(Expr x) {
        return x.step();
    }

    /** {@link Expr#max}. */
    public static Expr max(Expr a, Expr b) {
        return Expr.max(a, b);
    }

    /** {@link Expr#max} with a number. */
    public static Expr max(Expr a, double b) {
        return Expr.max(a, Expr.lit(b));
    }

    /** {@link Expr#min}. */
    public static Expr min(Expr a, Expr b) {
        return Expr.min(a, b);
    }

    /** {@link Expr#min} with a number. */
    public static Expr min(Expr a, double b) {
        return Expr.min(a, Expr.lit(b));
    }
}
