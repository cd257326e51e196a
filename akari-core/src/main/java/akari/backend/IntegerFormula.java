package akari.backend;

import akari.formula.Expr;
import akari.formula.Formula;

/** The functions and operations of formulas on INT64; they wrap around. The kernel is named in errors. */
public final class IntegerFormula {
    private IntegerFormula() {}

    public static long unary(Kernel kernel, Expr.Fn fn, long a) {
        return switch (fn) {
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case SIGN -> Long.signum(a);
            case FLOOR, CEIL, ROUND, TRUNC -> a;
            default -> throw fractional(kernel, fn);
        };
    }

    private static IllegalArgumentException fractional(Kernel kernel, Enum<?> function) {
        return new IllegalArgumentException("kernel " + kernel + " has no meaning on int64: it uses " + function
                + "; convert the operands to a floating type first");
    }

    public static long binary(Kernel kernel, Expr.Op op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / nonzero(kernel, b);
            case FMOD -> a % nonzero(kernel, b);
            case POW -> power(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case COPYSIGN -> a < 0 == b < 0 ? a : -a;
            case AND, OR, XOR, SHL, SHR -> Formula.bits(op, a, b);
            case ATAN2, HYPOT, POLYGAMMA -> throw fractional(kernel, op);
        };
    }

    private static long nonzero(Kernel kernel, long divisor) {
        if (divisor == 0) {
            throw new ArithmeticException("kernel " + kernel
                    + ": integer division by zero; replace zeros first, or convert to a floating type for inf and nan");
        }
        return divisor;
    }

    /** To a negative power only 1 and -1 are integers; all else becomes 0, as in PyTorch. */
    private static long power(long a, long b) {
        if (b < 0) {
            return a == 1 ? 1 : a == -1 ? (b & 1) == 0 ? 1 : -1 : 0;
        }
        long y = 1;
        for (long x = a; b > 0; b >>= 1, x *= x) {
            y = (b & 1) != 0 ? y * x : y;
        }
        return y;
    }

    public static boolean compare(Expr.Cmp cmp, long a, long b) {
        return switch (cmp) {
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
            case EQ -> a == b;
            case NE -> a != b;
        };
    }
}
