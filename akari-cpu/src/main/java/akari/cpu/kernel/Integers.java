package akari.cpu.kernel;

import akari.cpu.kernel.Program.Op;
import akari.formula.Expr;
import java.util.HashMap;
import java.util.Map;

/**
 * Integer formulas in elementary steps. Sums, products and the like are right in lanes of any width, up to wrapping around, which is
 * what storing them does; comparisons need the very numbers. So each step keeps the range that its numbers have in 64 bits.
 */
final class Integers {
    private static final Range ALL = new Range(Long.MIN_VALUE, Long.MAX_VALUE);
    private static final Range TRUTH = new Range(0, 1);

    private final Program p;
    private final Lane lane;
    private final Map<Integer, Range> ranges = new HashMap<>();
    private boolean exact = true;

    private record Range(long low, long high) {
        Range or(Range o) {
            return new Range(Math.min(low, o.low), Math.max(high, o.high));
        }
    }

    Integers(Program p) {
        this.p = p;
        this.lane = p.lane();
    }

    boolean isExact() {
        return exact;
    }

    boolean isTruth(int node) {
        Range r = range(node);
        return r.low >= 0 && r.high <= 1;
    }

    int lower(Expr e) {
        return switch (e) {
            case Expr.In(int i) -> ranged(p.leaf(Op.INPUT, i), new Range(lane.low, lane.high));
            case Expr.Scalar(int i) -> ranged(p.leaf(Op.SCALAR, i), new Range(lane.low, lane.high));
            case Expr.Const(double v) -> constant((long) v);
            case Expr.Unary(Expr.Fn fn, Expr x) -> unary(fn, p.lower(x));
            case Expr.Binary(Expr.Op op, Expr a, Expr b) -> binary(op, p.lower(a), p.lower(b));
            case Expr.Fma(Expr a, Expr b, Expr c) ->
                binary(Expr.Op.ADD, binary(Expr.Op.MUL, p.lower(a), p.lower(b)), p.lower(c));
            case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr then, Expr other) ->
                select(Op.valueOf(cmp.name()), p.lower(a), p.lower(b), p.lower(then), p.lower(other));
        };
    }

    private Range range(int node) {
        return ranges.getOrDefault(node, ALL);
    }

    private int ranged(int node, Range r) {
        ranges.put(node, r);
        return node;
    }

    private int constant(long v) {
        return ranged(p.leaf(Op.CONST, v), new Range(v, v));
    }

    private void compared(int node) {
        exact &= lane.holds(range(node).low, range(node).high);
    }

    private int select(Op cmp, int a, int b, int then, int other) {
        compared(a);
        compared(b);
        return ranged(p.select(cmp, a, b, then, other), range(then).or(range(other)));
    }

    private int unary(Expr.Fn fn, int x) {
        Range r = range(x);
        return switch (fn) {
            case FLOOR, CEIL, ROUND, TRUNC -> x;
            case NEG -> ranged(p.neg(x), r.low == Long.MIN_VALUE ? ALL : new Range(-r.high, -r.low));
            case ABS -> {
                compared(x);
                yield r.low >= 0 ? x : ranged(p.abs(x), ALL);
            }
            case SIGN -> {
                int zero = constant(0);
                int below = lane.isUnsigned() ? zero : select(Op.LT, x, zero, constant(-1), zero);
                yield select(Op.GT, x, zero, constant(1), below);
            }
            default -> p.call(fn, x);
        };
    }

    private int binary(Expr.Op op, int a, int b) {
        Range r = range(a);
        Range s = range(b);
        return switch (op) {
            case ADD -> ranged(p.plus(a, b), sum(r, s.low, s.high));
            case SUB -> ranged(p.minus(a, b), s.low == Long.MIN_VALUE ? ALL : sum(r, -s.high, -s.low));
            case MUL -> ranged(p.mul(a, b), isTruth(a) && isTruth(b) ? TRUTH : ALL);
            case MIN -> select(Op.LT, a, b, a, b);
            case MAX -> select(Op.GT, a, b, a, b);
            case AND, OR, XOR -> ranged(p.add(Op.valueOf(op.name()), a, b), isTruth(a) && isTruth(b) ? TRUTH : ALL);
            case DIV, POW, FMOD, COPYSIGN, ATAN2, HYPOT, POLYGAMMA, SHL, SHR -> p.call(op, a, b);
        };
    }

    private static Range sum(Range r, long low, long high) {
        try {
            return new Range(Math.addExact(r.low, low), Math.addExact(r.high, high));
        } catch (ArithmeticException e) {
            return ALL;
        }
    }
}
