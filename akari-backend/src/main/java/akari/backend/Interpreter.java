package akari.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a kernel's formulas over blocks of elements: every distinct subterm once a block, into a register of its own. FLOAT32
 * inputs, scalars and constants are float values, but the formula is evaluated in double and its result rounded once.
 */
final class Interpreter {
    private static final int BLOCK = 256;

    private final Kernel kernel;
    private final DType compute;
    private final List<Expr> terms = new ArrayList<>();
    private final List<int[]> operands = new ArrayList<>();
    private final Map<Expr, Integer> register = new HashMap<>();
    private final int[] result;

    private Interpreter(Kernel kernel, DType compute) {
        this.kernel = kernel;
        this.compute = compute;
        result = kernel.outputs().stream().mapToInt(this::number).toArray();
    }

    static void run(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        View[] views = new View[outputs.length + inputs.length];
        System.arraycopy(outputs, 0, views, 0, outputs.length);
        System.arraycopy(inputs, 0, views, outputs.length, inputs.length);
        Interpreter program = new Interpreter(kernel, compute);
        if (compute == DType.INT64) {
            program.runLongs(scalars, views);
        } else {
            program.runDoubles(scalars, views);
        }
    }

    private int number(Expr e) {
        Integer have = register.get(e);
        if (have != null) {
            return have;
        }
        int[] args = switch (e) {
            case Expr.In _, Expr.Scalar _, Expr.Const _ -> new int[0];
            case Expr.Unary(Expr.Fn _, Expr a) -> new int[] {number(a)};
            case Expr.Binary(Expr.Op _, Expr a, Expr b) -> new int[] {number(a), number(b)};
            case Expr.Fma(Expr a, Expr b, Expr c) -> new int[] {number(a), number(b), number(c)};
            case Expr.Select(Expr.Cmp _, Expr a, Expr b, Expr t, Expr o) ->
                new int[] {number(a), number(b), number(t), number(o)};
        };
        register.put(e, terms.size());
        terms.add(e);
        operands.add(args);
        return terms.size() - 1;
    }

    private void runDoubles(double[] scalars, View[] views) {
        double[][] r = new double[terms.size()][BLOCK];
        for (int k = 0; k < r.length; k++) {
            switch (terms.get(k)) {
                case Expr.Scalar(int i) -> Arrays.fill(r[k], rounded(scalars[i]));
                case Expr.Const(double v) -> Arrays.fill(r[k], rounded(v));
                default -> {}
            }
        }
        int outputs = kernel.outputs().size();
        Rows rows = Rows.anyOrder(views);
        while (rows.next()) {
            for (long at = 0; at < rows.length; at += BLOCK) {
                int n = (int) Math.min(BLOCK, rows.length - at);
                for (int k = 0; k < r.length; k++) {
                    if (terms.get(k) instanceof Expr.In(int i)) {
                        int v = outputs + i;
                        DType t = views[v].dtype();
                        Memory.load(t, rows.at(v, at), rows.stride[v], r[k], 0, n);
                        if (compute == DType.FLOAT32 && !t.fitsFloat32()) {
                            for (int j = 0; j < n; j++) {
                                r[k][j] = (float) r[k][j];
                            }
                        }
                    } else {
                        step(k, r, n);
                    }
                }
                for (int v = 0; v < outputs; v++) {
                    double[] y = r[result[v]];
                    DType t = views[v].dtype();
                    if (compute == DType.FLOAT32 && t != DType.FLOAT32) {
                        for (int j = 0; j < n; j++) {
                            y[j] = (float) y[j];
                        }
                    }
                    Memory.store(t, y, 0, rows.at(v, at), rows.stride[v], n);
                }
            }
        }
    }

    private double rounded(double v) {
        return compute == DType.FLOAT32 ? (float) v : v;
    }

    private void step(int k, double[][] r, int n) {
        int[] arg = operands.get(k);
        double[] to = r[k];
        switch (terms.get(k)) {
            case Expr.In _, Expr.Scalar _, Expr.Const _ -> {}
            case Expr.Unary(Expr.Fn fn, Expr _) -> {
                double[] a = r[arg[0]];
                for (int j = 0; j < n; j++) {
                    to[j] = Formula.unary(fn, a[j]);
                }
            }
            case Expr.Binary(Expr.Op op, Expr _, Expr _) -> {
                double[] a = r[arg[0]];
                double[] b = r[arg[1]];
                for (int j = 0; j < n; j++) {
                    to[j] = Formula.binary(op, a[j], b[j]);
                }
            }
            case Expr.Fma _ -> {
                for (int j = 0; j < n; j++) {
                    to[j] = Math.fma(r[arg[0]][j], r[arg[1]][j], r[arg[2]][j]);
                }
            }
            case Expr.Select(Expr.Cmp cmp, Expr _, Expr _, Expr _, Expr _) -> {
                double[] a = r[arg[0]];
                double[] b = r[arg[1]];
                for (int j = 0; j < n; j++) {
                    to[j] = Formula.compare(cmp, a[j], b[j]) ? r[arg[2]][j] : r[arg[3]][j];
                }
            }
        }
    }

    private void runLongs(double[] scalars, View[] views) {
        long[][] r = new long[terms.size()][BLOCK];
        int outputs = kernel.outputs().size();
        Rows rows = Rows.anyOrder(views);
        while (rows.next()) {
            for (long at = 0; at < rows.length; at += BLOCK) {
                int n = (int) Math.min(BLOCK, rows.length - at);
                for (int k = 0; k < r.length; k++) {
                    if (terms.get(k) instanceof Expr.In(int i)) {
                        int v = outputs + i;
                        DType t = views[v].dtype();
                        Memory.load(t, rows.at(v, at), rows.stride[v], r[k], 0, n);
                    } else {
                        for (int j = 0; j < n; j++) {
                            r[k][j] = value(k, scalars, r, j);
                        }
                    }
                }
                for (int v = 0; v < outputs; v++) {
                    DType t = views[v].dtype();
                    Memory.store(t, r[result[v]], 0, rows.at(v, at), rows.stride[v], n);
                }
            }
        }
    }

    private long value(int k, double[] scalars, long[][] r, int j) {
        int[] arg = operands.get(k);
        return switch (terms.get(k)) {
            case Expr.In _ -> r[k][j];
            case Expr.Scalar(int i) -> (long) scalars[i];
            case Expr.Const(double v) -> (long) v;
            case Expr.Unary(Expr.Fn fn, Expr _) -> unary(fn, r[arg[0]][j]);
            case Expr.Binary(Expr.Op op, Expr _, Expr _) -> binary(op, r[arg[0]][j], r[arg[1]][j]);
            case Expr.Fma _ -> r[arg[0]][j] * r[arg[1]][j] + r[arg[2]][j];
            case Expr.Select(Expr.Cmp cmp, Expr _, Expr _, Expr _, Expr _) ->
                compare(cmp, r[arg[0]][j], r[arg[1]][j]) ? r[arg[2]][j] : r[arg[3]][j];
        };
    }

    private long unary(Expr.Fn fn, long a) {
        return switch (fn) {
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case SIGN -> Long.signum(a);
            case FLOOR, CEIL, ROUND, TRUNC -> a;
            case SQRT, EXP, EXPM1, LOG, LOG1P, SIN, COS, TANH, ERF ->
                throw new IllegalArgumentException("kernel " + kernel + " has no meaning on int64: it uses " + fn
                        + "; convert the operands to a floating type first");
        };
    }

    private long binary(Expr.Op op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> {
                if (b == 0) {
                    throw new ArithmeticException("kernel " + kernel + ": integer division by zero");
                }
                yield a / b;
            }
            case POW -> power(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
        };
    }

    private long power(long a, long b) {
        if (b < 0) {
            throw new ArithmeticException("kernel " + kernel + ": integer " + a + " to the negative power " + b
                    + " is no integer; convert to a floating type first");
        }
        long y = 1;
        for (long x = a; b > 0; b >>= 1, x *= x) {
            y = (b & 1) != 0 ? y * x : y;
        }
        return y;
    }

    private static boolean compare(Expr.Cmp cmp, long a, long b) {
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
