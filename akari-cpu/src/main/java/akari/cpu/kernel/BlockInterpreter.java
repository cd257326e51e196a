package akari.cpu.kernel;

import akari.core.DType;
import akari.cpu.kernel.Program.Node;
import akari.cpu.transfer.Transfer;
import akari.formula.Expr;
import akari.formula.Formula;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Runs a single-precision program over blocks of elements in Java arrays, a step at a time; the loops are plain, so that the JIT
 * turns them into vector code. It serves while a kernel is not yet compiled, and where it cannot be.
 */
final class BlockInterpreter {
    static final int BLOCK = 256;

    private static final Expr.Fn[] FUNCTIONS = Expr.Fn.values();
    private static final Expr.Op[] OPERATIONS = Expr.Op.values();

    private static final ThreadLocal<float[][]> REGISTERS = ThreadLocal.withInitial(() -> new float[0][]);

    private final Program program;
    private final Node[] nodes;
    /** The register of each step; steps share registers when their lives do not overlap. */
    private final int[] register;

    private final int registers;

    BlockInterpreter(Program program) {
        this.program = program;
        this.nodes = program.nodes().toArray(Node[]::new);
        this.register = new int[nodes.length];
        int[] last = new int[nodes.length];
        for (int k = 0; k < nodes.length; k++) {
            for (int i = 0; i < nodes[k].op().arity; i++) {
                last[nodes[k].operand(i)] = k;
            }
        }
        for (int i = 0; i < program.outputs(); i++) {
            last[program.result(i)] = nodes.length;
        }
        Deque<Integer> free = new ArrayDeque<>();
        int count = 0;
        for (int k = 0; k < nodes.length; k++) {
            // constants are written once a run and keep their register
            register[k] = isConstant(nodes[k]) || free.isEmpty() ? count++ : free.pop();
            for (int i = 0; i < nodes[k].op().arity; i++) {
                int a = nodes[k].operand(i);
                if (last[a] == k && !isConstant(nodes[a])) {
                    last[a] = -1;
                    free.push(register[a]);
                }
            }
        }
        registers = count;
    }

    private static boolean isConstant(Node n) {
        return n.op() == Program.Op.CONST || n.op() == Program.Op.SCALAR;
    }

    /** Runs {@code n} elements of outputs and then inputs, given by address, distance in elements and type. */
    void run(long[] at, long[] stride, DType[] types, double[] scalars, long n) {
        float[][] r = registers();
        int widest = (int) Math.min(n, BLOCK);
        for (int k = 0; k < nodes.length; k++) {
            switch (nodes[k].op()) {
                case CONST -> Arrays.fill(r[register[k]], 0, widest, (float) nodes[k].value());
                case SCALAR -> Arrays.fill(r[register[k]], 0, widest, (float) scalars[(int) nodes[k].value()]);
                default -> {}
            }
        }
        int outputs = program.outputs();
        for (long from = 0; from < n; from += BLOCK) {
            int count = (int) Math.min(BLOCK, n - from);
            for (int k = 0; k < nodes.length; k++) {
                Node node = nodes[k];
                if (node.op() == Program.Op.INPUT) {
                    int v = outputs + (int) node.value();
                    long address = at[v] + from * stride[v] * types[v].bytes();
                    Transfer.load(types[v], address, stride[v], r[register[k]], count);
                } else if (!isConstant(node)) {
                    step(node, r, r[register[k]], count);
                }
            }
            for (int v = 0; v < outputs; v++) {
                long address = at[v] + from * stride[v] * types[v].bytes();
                Transfer.store(types[v], r[register[program.result(v)]], address, stride[v], count);
            }
        }
    }

    private float[][] registers() {
        float[][] r = REGISTERS.get();
        if (r.length < registers) {
            int have = r.length;
            r = Arrays.copyOf(r, registers);
            for (int i = have; i < registers; i++) {
                r[i] = new float[BLOCK];
            }
            REGISTERS.set(r);
        }
        return r;
    }

    private void step(Node node, float[][] r, float[] y, int n) {
        float[] a = r[register[node.a()]];
        float[] b = r[register[node.b()]];
        float[] c = r[register[node.c()]];
        float[] d = r[register[node.d()]];
        switch (node.op()) {
            case INPUT, SCALAR, CONST -> {}
            case NEG -> neg(a, y, n);
            case ABS -> abs(a, y, n);
            case SQRT -> sqrt(a, y, n);
            case ADD -> add(a, b, y, n);
            case SUB -> sub(a, b, y, n);
            case MUL -> mul(a, b, y, n);
            case DIV -> div(a, b, y, n);
            case MIN -> min(a, b, y, n);
            case MAX -> max(a, b, y, n);
            case FMA -> fma(a, b, c, y, n);
            case LT -> less(a, b, c, d, y, n);
            case LE -> lessOrEqual(a, b, c, d, y, n);
            case GT -> less(b, a, c, d, y, n);
            case GE -> lessOrEqual(b, a, c, d, y, n);
            case EQ -> equal(a, b, c, d, y, n);
            case NE -> equal(a, b, d, c, y, n);
            case COPYSIGN -> copySign(a, b, y, n);
            case POWER2 -> power2(a, y, n);
            case EXPONENT -> exponent(a, y, n);
            case MANTISSA -> mantissa(a, y, n);
            case CALL -> call(FUNCTIONS[(int) node.value()], a, y, n);
            case CALL2 -> call(OPERATIONS[(int) node.value()], a, b, y, n);
            case AND, OR, XOR -> throw new IllegalStateException("no step of floats: " + node);
        }
    }

    private static void neg(float[] a, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = -a[i];
        }
    }

    private static void abs(float[] a, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.abs(a[i]);
        }
    }

    private static void sqrt(float[] a, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) Math.sqrt(a[i]);
        }
    }

    private static void add(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] + b[i];
        }
    }

    private static void sub(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] - b[i];
        }
    }

    private static void mul(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] * b[i];
        }
    }

    private static void div(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] / b[i];
        }
    }

    private static void min(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.min(a[i], b[i]);
        }
    }

    private static void max(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.max(a[i], b[i]);
        }
    }

    private static void fma(float[] a, float[] b, float[] c, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.fma(a[i], b[i], c[i]);
        }
    }

    private static void less(float[] a, float[] b, float[] c, float[] d, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            float then = c[i];
            float other = d[i];
            y[i] = a[i] < b[i] ? then : other;
        }
    }

    private static void lessOrEqual(float[] a, float[] b, float[] c, float[] d, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            float then = c[i];
            float other = d[i];
            y[i] = a[i] <= b[i] ? then : other;
        }
    }

    private static void equal(float[] a, float[] b, float[] c, float[] d, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            float then = c[i];
            float other = d[i];
            y[i] = a[i] == b[i] ? then : other;
        }
    }

    private static void copySign(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.copySign(a[i], b[i]);
        }
    }

    private static void power2(float[] a, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Float.intBitsToFloat((Float.floatToRawIntBits(a[i]) << 23) + Functions.ONE_BITS);
        }
    }

    private static void exponent(float[] a, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Float.floatToRawIntBits(a[i]) - Functions.SQRT_HALF_BITS >> 23;
        }
    }

    private static void mantissa(float[] a, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            int bits = Float.floatToRawIntBits(a[i]);
            y[i] = Float.intBitsToFloat(bits - (bits - Functions.SQRT_HALF_BITS >> 23 << 23));
        }
    }

    private static void call(Expr.Fn fn, float[] a, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) Formula.unary(fn, a[i]);
        }
    }

    private static void call(Expr.Op op, float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) Formula.binary(op, a[i], b[i]);
        }
    }
}
