package akari.tensor;

import akari.backend.Conversions;
import akari.core.DType;
import akari.formula.Expr;
import akari.formula.Formula;
import java.util.function.DoubleUnaryOperator;

/**
 * Where the value of a formula may lie when it is computed in a type's precision: interval arithmetic, every step widened by its
 * rounding, half a unit in the last place for arithmetic and {@value #STEPS} units for transcendental functions. A correct kernel
 * is inside whether it rounds each step or only the last; a bound that grows comes from the formula's own cancellation.
 */
record Enclosure(double low, double high, boolean mayBeNaN) {
    private static final int STEPS = 4;
    private static final Enclosure ANYTHING = new Enclosure(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);

    static Enclosure of(Expr e, DType type, double[] scalars, double... in) {
        return new Evaluation(type, scalars, in).of(e);
    }

    boolean contains(double v) {
        return v >= low && v <= high;
    }

    /** After the result was stored as {@code type}. */
    Enclosure rounded(DType type) {
        return new Enclosure(Conversions.round(type, low), Conversions.round(type, high), mayBeNaN);
    }

    private record Evaluation(DType type, double[] scalars, double[] in) {
        Enclosure of(Expr e) {
            return switch (e) {
                case Expr.In(int i) -> point(in[i]);
                case Expr.Scalar(int i) -> point(rounded(scalars[i]));
                case Expr.Const(double v) -> point(rounded(v));
                case Expr.Unary(Expr.Fn fn, Expr a) -> unary(fn, of(a));
                case Expr.Binary(Expr.Op op, Expr a, Expr b) -> binary(op, of(a), of(b));
                case Expr.Fma(Expr a, Expr b, Expr c) -> binary(Expr.Op.ADD, binary(Expr.Op.MUL, of(a), of(b)), of(c));
                case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) -> select(cmp, of(a), of(b), t, o);
            };
        }

        private Enclosure select(Expr.Cmp cmp, Enclosure a, Enclosure b, Expr t, Expr o) {
            boolean sure = a.low == a.high && b.low == b.high || a.high < b.low || b.high < a.low;
            if (sure || Double.isNaN(a.low) || Double.isNaN(b.low)) {
                return of(Formula.compare(cmp, a.low, b.low) ? t : o);
            }
            return union(of(t), of(o));
        }

        private Enclosure unary(Expr.Fn fn, Enclosure a) {
            DoubleUnaryOperator f = x -> Formula.unary(fn, x);
            return switch (fn) {
                case NEG -> new Enclosure(-a.high, -a.low, a.mayBeNaN);
                case SIGN, FLOOR, CEIL, ROUND, TRUNC -> monotone(f, a, 0);
                case ABS ->
                    a.low <= 0 && a.high >= 0
                            ? new Enclosure(0, Math.max(-a.low, a.high), a.mayBeNaN)
                            : union(point(Math.abs(a.low)), point(Math.abs(a.high)));
                case SQRT -> monotone(f, a, 1);
                case EXP,
                        EXP2,
                        EXPM1,
                        LOG,
                        LOG2,
                        LOG10,
                        LOG1P,
                        ASIN,
                        ACOS,
                        ATAN,
                        SINH,
                        TANH,
                        ASINH,
                        ACOSH,
                        ATANH,
                        ERF,
                        ERFC,
                        ERFINV -> monotone(f, a, STEPS);
                case TAN, COSH, LGAMMA, DIGAMMA -> a.low == a.high ? monotone(f, a, STEPS) : ANYTHING;
                case SIN, COS -> {
                    // slope at most 1
                    double width = a.high - a.low;
                    Enclosure ends = union(point(f.applyAsDouble(a.low)), point(f.applyAsDouble(a.high)));
                    yield widen(new Enclosure(ends.low - width, ends.high + width, ends.mayBeNaN || a.mayBeNaN), STEPS);
                }
            };
        }

        private Enclosure monotone(DoubleUnaryOperator f, Enclosure a, int ulps) {
            Enclosure ends = union(point(f.applyAsDouble(a.low)), point(f.applyAsDouble(a.high)));
            return widen(new Enclosure(ends.low, ends.high, ends.mayBeNaN || a.mayBeNaN), ulps);
        }

        private Enclosure binary(Expr.Op op, Enclosure a, Enclosure b) {
            if (op == Expr.Op.DIV && b.low <= 0 && b.high >= 0 && b.low != b.high) {
                return new Enclosure(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);
            }
            boolean points = a.low == a.high && b.low == b.high;
            if (!points
                    && switch (op) {
                        case ADD, SUB, MUL, DIV, POW, MIN, MAX, COPYSIGN -> false;
                        default -> true;
                    }) {
                return ANYTHING;
            }
            Enclosure all = point(Formula.binary(op, a.low, b.low));
            for (double x : new double[] {a.low, a.high}) {
                for (double y : new double[] {b.low, b.high, Math.max(b.low, Math.min(Math.rint(b.low), b.high))}) {
                    all = union(all, point(Formula.binary(op, x, y)));
                }
            }
            all = new Enclosure(all.low, all.high, all.mayBeNaN || a.mayBeNaN || b.mayBeNaN);
            return switch (op) {
                case MIN, MAX, FMOD, COPYSIGN -> all;
                case ADD, SUB, MUL, DIV, AND, OR, XOR, SHL, SHR ->
                    small(a) && small(b) && small(all) ? all : widen(all, 1);
                case POW, ATAN2, HYPOT, POLYGAMMA -> widen(all, STEPS);
            };
        }

        /** A small whole number: sums and products of such are exact. */
        private static boolean small(Enclosure a) {
            return a.low == a.high && a.low == Math.rint(a.low) && Math.abs(a.low) < 1 << 20;
        }

        private Enclosure widen(Enclosure a, int ulps) {
            if (ulps == 0) {
                return a;
            }
            return new Enclosure(a.low - ulps * ulp(a.low), a.high + ulps * ulp(a.high), a.mayBeNaN).overflowing(type);
        }

        private double ulp(double v) {
            if (!Double.isFinite(v)) {
                return 0;
            }
            return type == DType.FLOAT32 ? Math.abs(v) > Float.MAX_VALUE ? 0 : Math.ulp((float) v) : Math.ulp(v);
        }

        private double rounded(double v) {
            return type == DType.FLOAT32 ? (float) v : v;
        }
    }

    /** What leaves the type's range may be infinite there. */
    private Enclosure overflowing(DType type) {
        double max = type == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        return new Enclosure(
                low < -max ? Double.NEGATIVE_INFINITY : low, high > max ? Double.POSITIVE_INFINITY : high, mayBeNaN);
    }

    private static Enclosure point(double v) {
        return new Enclosure(v, v, Double.isNaN(v));
    }

    private static Enclosure union(Enclosure a, Enclosure b) {
        if (Double.isNaN(a.low)) {
            return new Enclosure(b.low, b.high, true);
        }
        if (Double.isNaN(b.low)) {
            return new Enclosure(a.low, a.high, true);
        }
        return new Enclosure(Math.min(a.low, b.low), Math.max(a.high, b.high), a.mayBeNaN || b.mayBeNaN);
    }
}
