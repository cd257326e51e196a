package akari.cpu.kernel;

import akari.backend.IntegerFormula;
import akari.backend.Kernel;
import akari.core.DType;
import akari.cpu.kernel.Program.Node;
import akari.cpu.transfer.WideTransfer;
import akari.formula.Expr;
import java.util.Arrays;

/** As {@link BlockInterpreter}, of integers in 64 bits, with errors such as division by zero. */
final class IntegerInterpreter {
    private static final int BLOCK = 256;
    private static final Expr.Fn[] FUNCTIONS = Expr.Fn.values();
    private static final Expr.Op[] OPERATIONS = Expr.Op.values();
    private static final ThreadLocal<long[][]> REGISTERS = ThreadLocal.withInitial(() -> new long[0][]);

    private final Kernel kernel;
    private final Program program;
    private final Node[] nodes;

    IntegerInterpreter(Kernel kernel, Program program) {
        this.kernel = kernel;
        this.program = program;
        this.nodes = program.nodes().toArray(Node[]::new);
    }

    /** Runs {@code n} elements of outputs and then inputs, given by address, distance in elements and type. */
    void run(long[] at, long[] stride, DType[] types, double[] scalars, long n) {
        long[][] r = registers();
        for (int k = 0; k < nodes.length; k++) {
            switch (nodes[k].op()) {
                case CONST -> Arrays.fill(r[k], (long) nodes[k].value());
                case SCALAR -> Arrays.fill(r[k], (long) scalars[(int) nodes[k].value()]);
                default -> {}
            }
        }
        int outputs = program.outputs();
        for (long from = 0; from < n; from += BLOCK) {
            int count = (int) Math.min(BLOCK, n - from);
            for (int k = 0; k < nodes.length; k++) {
                if (nodes[k].op() == Program.Op.INPUT) {
                    int v = outputs + (int) nodes[k].value();
                    long address = at[v] + from * stride[v] * types[v].bytes();
                    WideTransfer.load(types[v], address, stride[v], r[k], count);
                } else {
                    step(nodes[k], r, r[k], count);
                }
            }
            for (int v = 0; v < outputs; v++) {
                long address = at[v] + from * stride[v] * types[v].bytes();
                WideTransfer.store(types[v], r[program.result(v)], address, stride[v], count);
            }
        }
    }

    private long[][] registers() {
        long[][] r = REGISTERS.get();
        if (r.length < nodes.length) {
            r = new long[nodes.length][BLOCK];
            REGISTERS.set(r);
        }
        return r;
    }

    private void step(Node node, long[][] r, long[] y, int n) {
        long[] a = r[node.a()];
        long[] b = r[node.b()];
        long[] c = r[node.c()];
        long[] d = r[node.d()];
        switch (node.op()) {
            case INPUT, SCALAR, CONST -> {}
            case NEG -> neg(a, y, n);
            case ABS -> abs(a, y, n);
            case ADD -> add(a, b, y, n);
            case SUB -> sub(a, b, y, n);
            case MUL -> mul(a, b, y, n);
            case AND -> and(a, b, y, n);
            case OR -> or(a, b, y, n);
            case XOR -> xor(a, b, y, n);
            case LT -> less(a, b, c, d, y, n);
            case LE -> less(b, a, d, c, y, n);
            case GT -> less(b, a, c, d, y, n);
            case GE -> less(a, b, d, c, y, n);
            case EQ -> equal(a, b, c, d, y, n);
            case NE -> equal(a, b, d, c, y, n);
            case CALL -> {
                Expr.Fn fn = FUNCTIONS[(int) node.value()];
                for (int i = 0; i < n; i++) {
                    y[i] = IntegerFormula.unary(kernel, fn, a[i]);
                }
            }
            case CALL2 -> {
                Expr.Op op = OPERATIONS[(int) node.value()];
                for (int i = 0; i < n; i++) {
                    y[i] = IntegerFormula.binary(kernel, op, a[i], b[i]);
                }
            }
            case SQRT, DIV, MIN, MAX, FMA, COPYSIGN, POWER2, EXPONENT, MANTISSA ->
                throw new IllegalStateException("no step of integers: " + node);
        }
    }

    private static void neg(long[] a, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = -a[i];
        }
    }

    private static void abs(long[] a, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = Math.abs(a[i]);
        }
    }

    private static void add(long[] a, long[] b, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] + b[i];
        }
    }

    private static void sub(long[] a, long[] b, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] - b[i];
        }
    }

    private static void mul(long[] a, long[] b, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] * b[i];
        }
    }

    private static void and(long[] a, long[] b, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] & b[i];
        }
    }

    private static void or(long[] a, long[] b, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] | b[i];
        }
    }

    private static void xor(long[] a, long[] b, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] ^ b[i];
        }
    }

    private static void less(long[] a, long[] b, long[] c, long[] d, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            long then = c[i];
            long other = d[i];
            y[i] = a[i] < b[i] ? then : other;
        }
    }

    private static void equal(long[] a, long[] b, long[] c, long[] d, long[] y, int n) {
        for (int i = 0; i < n; i++) {
            long then = c[i];
            long other = d[i];
            y[i] = a[i] == b[i] ? then : other;
        }
    }
}
