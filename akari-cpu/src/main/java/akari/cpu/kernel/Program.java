package akari.cpu.kernel;

import akari.backend.Kernel;
import akari.formula.Expr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kernel as straight-line code over one kind of lane: every distinct subterm once, functions spelled out in elementary steps. It
 * is the one meaning that the interpreter and the compiler share, step by step, and that is why they give the same bits.
 */
final class Program {
    /** The elementary steps; each is exact or rounded once. */
    enum Op {
        INPUT(0),
        SCALAR(0),
        CONST(0),
        NEG(1),
        ABS(1),
        SQRT(1),
        ADD(2),
        SUB(2),
        MUL(2),
        DIV(2),
        MIN(2),
        MAX(2),
        FMA(3),
        /** {@code a < b ? c : d}, and so on. */
        LT(4),
        LE(4),
        GT(4),
        GE(4),
        EQ(4),
        NE(4),
        /** Magnitude of a, sign of b. */
        COPYSIGN(2),
        // of integers alone
        AND(2),
        OR(2),
        XOR(2),
        /** {@code 2^k} for {@code a = Functions.MAGIC + k}, k from -126 to 127; anything for NaN. */
        POWER2(1),
        /** The e of {@code a = m · 2^e}, m in [√½, √2); a is positive and normal. */
        EXPONENT(1),
        /** The m of {@link #EXPONENT}. */
        MANTISSA(1),
        // one element at a time, computed in double: a function without elementary steps, and an operation
        CALL(1),
        CALL2(2);

        final int arity;

        Op(int arity) {
            this.arity = arity;
        }

        /** Whether the step works on whole vectors. */
        boolean isVector() {
            return this != CALL && this != CALL2;
        }

        boolean isLeaf() {
            return arity == 0;
        }
    }

    /**
     * One step; {@code value} is the constant, the index of an input or scalar, or the ordinal of what is called, and {@code a … d}
     * are earlier steps.
     */
    record Node(Op op, double value, int a, int b, int c, int d) {
        int operand(int i) {
            return switch (i) {
                case 0 -> a;
                case 1 -> b;
                case 2 -> c;
                default -> d;
            };
        }
    }

    private final Lane lane;
    private final @Nullable Integers integers;
    private final List<Node> nodes = new ArrayList<>();
    private final int[] results;
    private final boolean vector;

    // while building
    private final Map<Expr, Integer> done = new IdentityHashMap<>();
    private final Map<Node, Integer> known = new HashMap<>();

    Program(Kernel kernel, Lane lane) {
        this.lane = lane;
        this.integers = lane.isFloating() ? null : new Integers(this);
        this.results = kernel.outputs().stream().mapToInt(this::lower).toArray();
        this.vector = nodes.stream().allMatch(n -> n.op.isVector());
        done.clear();
        known.clear();
    }

    Lane lane() {
        return lane;
    }

    /** Double precision instead of single. */
    boolean isWide() {
        return lane == Lane.DOUBLE;
    }

    /** Whether lanes of this width give what 64 bits would, up to wrapping around. */
    boolean isExact() {
        return integers == null || integers.isExact();
    }

    /** Whether output {@code i} is 0 or 1, whatever comes in. */
    boolean isTruth(int i) {
        return integers != null && integers.isTruth(results[i]);
    }

    List<Node> nodes() {
        return nodes;
    }

    /** The step that gives output {@code i}. */
    int result(int i) {
        return results[i];
    }

    int outputs() {
        return results.length;
    }

    /** Whether there is a vector form of every step. */
    boolean isVector() {
        return vector;
    }

    int lower(Expr e) {
        Integer have = done.get(e);
        if (have != null) {
            return have;
        }
        int id = integers != null ? integers.lower(e) : floating(e);
        done.put(e, id);
        return id;
    }

    private int floating(Expr e) {
        return switch (e) {
            case Expr.In(int i) -> add(Op.INPUT, i);
            case Expr.Scalar(int i) -> add(Op.SCALAR, i);
            case Expr.Const(double v) -> constant(v);
            case Expr.Unary(Expr.Fn fn, Expr a) -> Functions.unary(this, fn, lower(a));
            case Expr.Binary(Expr.Op op, Expr a, Expr b) -> binary(op, a, b);
            case Expr.Fma(Expr a, Expr b, Expr c) -> fma(lower(a), lower(b), lower(c));
            case Expr.Select(Expr.Cmp cmp, Expr a, Expr b, Expr t, Expr o) ->
                select(Op.valueOf(cmp.name()), lower(a), lower(b), lower(t), lower(o));
        };
    }

    private int binary(Expr.Op op, Expr left, Expr right) {
        int a = lower(left);
        if (op == Expr.Op.POW && !isWide() && right instanceof Expr.Const(double n)) {
            // in double precision the reference calls pow, and this must give the same bits
            if (n == 2) {
                return mul(a, a);
            } else if (n == 1) {
                return a;
            } else if (n == 0) {
                return constant(1);
            } else if (n == -1) {
                return div(constant(1), a);
            } else if (n == 3) {
                return mul(mul(a, a), a);
            }
        }
        int b = lower(right);
        return switch (op) {
            case ADD, SUB, MUL, DIV, MIN, MAX, COPYSIGN -> add(Op.valueOf(op.name()), a, b);
            case POW, FMOD, ATAN2, HYPOT, POLYGAMMA, AND, OR, XOR, SHL, SHR -> call(op, a, b);
        };
    }

    // ---- building

    int constant(double v) {
        return add(new Node(Op.CONST, lane == Lane.FLOAT ? (float) v : v, 0, 0, 0, 0));
    }

    int neg(int a) {
        return add(Op.NEG, a, 0);
    }

    int abs(int a) {
        return add(Op.ABS, a, 0);
    }

    int plus(int a, int b) {
        return add(Op.ADD, a, b);
    }

    int minus(int a, int b) {
        return add(Op.SUB, a, b);
    }

    int mul(int a, int b) {
        return add(Op.MUL, a, b);
    }

    int div(int a, int b) {
        return add(Op.DIV, a, b);
    }

    int fma(int a, int b, int c) {
        return add(new Node(Op.FMA, 0, a, b, c, 0));
    }

    int select(Op cmp, int a, int b, int then, int other) {
        return add(new Node(cmp, 0, a, b, then, other));
    }

    int add(Op op, int a, int b) {
        return add(new Node(op, 0, a, b, 0, 0));
    }

    /** A function that is computed one element at a time. */
    int call(Expr.Fn fn, int a) {
        return add(new Node(Op.CALL, fn.ordinal(), a, 0, 0, 0));
    }

    /** As {@link #call(Expr.Fn, int)}. */
    int call(Expr.Op op, int a, int b) {
        return add(new Node(Op.CALL2, op.ordinal(), a, b, 0, 0));
    }

    int leaf(Op op, double value) {
        return add(new Node(op, value, 0, 0, 0, 0));
    }

    private int add(Op op, int index) {
        return add(new Node(op, index, 0, 0, 0, 0));
    }

    private int add(Node n) {
        return known.computeIfAbsent(n, fresh -> {
            nodes.add(fresh);
            return nodes.size() - 1;
        });
    }
}
