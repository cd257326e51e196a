package akari.backend;

import akari.backend.Terms.Term;
import akari.core.DType;
import akari.formula.Expr;
import akari.formula.Formula;
import java.util.Arrays;

/**
 * Runs a kernel's formulas over blocks of elements: every distinct subterm once a block, into a register of its own. FLOAT32
 * inputs, scalars and constants are float values, but the formula is evaluated in double and its result rounded once.
 */
final class FormulaInterpreter {
    private static final int BLOCK = 256;

    private final Kernel kernel;
    private final DType compute;
    private final Terms terms;

    private FormulaInterpreter(Kernel kernel, DType compute) {
        this.kernel = kernel;
        this.compute = compute;
        terms = kernel.terms();
    }

    static void run(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        View[] views = new View[outputs.length + inputs.length];
        System.arraycopy(outputs, 0, views, 0, outputs.length);
        System.arraycopy(inputs, 0, views, outputs.length, inputs.length);
        FormulaInterpreter program = new FormulaInterpreter(kernel, compute);
        if (compute == DType.INT64) {
            program.runLongs(scalars, views);
        } else {
            program.runDoubles(scalars, views);
        }
    }

    private void runDoubles(double[] scalars, View[] views) {
        double[][] r = new double[terms.size()][BLOCK];
        for (int k = 0; k < r.length; k++) {
            switch (terms.get(k).head()) {
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
                    if (terms.get(k).head() instanceof Expr.In(int i)) {
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
                    double[] y = r[terms.result(v)];
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
        Term t = terms.get(k);
        double[] to = r[k];
        double[] a = r[t.a()];
        double[] b = r[t.b()];
        double[] c = r[t.c()];
        double[] d = r[t.d()];
        switch (t.head()) {
            case Expr.Fn fn -> {
                for (int j = 0; j < n; j++) {
                    to[j] = Formula.unary(fn, a[j]);
                }
            }
            case Expr.Op op -> {
                for (int j = 0; j < n; j++) {
                    to[j] = Formula.binary(op, a[j], b[j]);
                }
            }
            case Terms.Fused _ -> {
                for (int j = 0; j < n; j++) {
                    to[j] = Math.fma(a[j], b[j], c[j]);
                }
            }
            case Expr.Cmp cmp -> {
                for (int j = 0; j < n; j++) {
                    to[j] = Formula.compare(cmp, a[j], b[j]) ? c[j] : d[j];
                }
            }
            default -> {} // leaves are filled
        }
    }

    private void runLongs(double[] scalars, View[] views) {
        long[][] r = new long[terms.size()][BLOCK];
        for (int k = 0; k < r.length; k++) {
            switch (terms.get(k).head()) {
                case Expr.Scalar(int i) -> Arrays.fill(r[k], (long) scalars[i]);
                case Expr.Const(double v) -> Arrays.fill(r[k], (long) v);
                default -> {}
            }
        }
        int outputs = kernel.outputs().size();
        Rows rows = Rows.anyOrder(views);
        while (rows.next()) {
            for (long at = 0; at < rows.length; at += BLOCK) {
                int n = (int) Math.min(BLOCK, rows.length - at);
                for (int k = 0; k < r.length; k++) {
                    if (terms.get(k).head() instanceof Expr.In(int i)) {
                        int v = outputs + i;
                        DType t = views[v].dtype();
                        Memory.load(t, rows.at(v, at), rows.stride[v], r[k], 0, n);
                    } else {
                        step(k, r, n);
                    }
                }
                for (int v = 0; v < outputs; v++) {
                    DType t = views[v].dtype();
                    Memory.store(t, r[terms.result(v)], 0, rows.at(v, at), rows.stride[v], n);
                }
            }
        }
    }

    private void step(int k, long[][] r, int n) {
        Term t = terms.get(k);
        long[] to = r[k];
        long[] a = r[t.a()];
        long[] b = r[t.b()];
        long[] c = r[t.c()];
        long[] d = r[t.d()];
        switch (t.head()) {
            case Expr.Fn fn -> {
                for (int j = 0; j < n; j++) {
                    to[j] = IntegerFormula.unary(kernel, fn, a[j]);
                }
            }
            case Expr.Op op -> {
                for (int j = 0; j < n; j++) {
                    to[j] = IntegerFormula.binary(kernel, op, a[j], b[j]);
                }
            }
            case Terms.Fused _ -> {
                for (int j = 0; j < n; j++) {
                    to[j] = a[j] * b[j] + c[j];
                }
            }
            case Expr.Cmp cmp -> {
                for (int j = 0; j < n; j++) {
                    to[j] = IntegerFormula.compare(cmp, a[j], b[j]) ? c[j] : d[j];
                }
            }
            default -> {} // leaves are filled
        }
    }
}
