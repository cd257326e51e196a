package akari.cpu.layer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import akari.backend.Kernel;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.kernel.Elements;
import akari.cpu.kernel.Loop;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Workers;
import akari.cpu.transfer.Strided;
import akari.formula.Expr;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Softmax of float32 along a dimension whose neighbours lie side by side: up to 256 of them advance together, lane by lane. Rows that are too
 * short to be worth a pass each are turned into such columns first. The passes are those of {@link SoftmaxRows}.
 */
final class SoftmaxColumns {
    private static final int LANES = 256;
    private static final int GRAIN = 1 << 15;
    /** Neighbours that are worth it. */
    private static final int FEWEST = 16;

    private static final Expr A = Expr.in(0);
    private static final Expr B = Expr.in(1);
    private static final Expr C = Expr.in(2);
    private static final Kernel EXPONENTIAL =
            new Kernel("softmax_columns_exp", 2, 0, List.of(A.minus(B).exp()));
    private static final Kernel SCALE = new Kernel("softmax_columns_scale", 2, 0, List.of(A.times(B)));
    private static final Kernel LOGARITHM =
            new Kernel("log_softmax_columns", 3, 0, List.of(A.minus(B).minus(C)));
    private static final Kernel GRADIENT = new Kernel("softmax_columns_grad", 3, 0, List.of(A.times(B.minus(C))));
    private static final Kernel LOG_GRADIENT =
            new Kernel("log_softmax_columns_grad", 3, 0, List.of(B.minus(A.exp().times(C))));
    private static final double[] NO_SCALARS = {};

    private final Elements elements;
    private final Workers workers;

    SoftmaxColumns(Elements elements, Workers workers) {
        this.elements = elements;
        this.workers = workers;
    }

    /** Whether this case has a fast path; if not, nothing was done. */
    boolean forward(View x, int dim, boolean log, View out) {
        Loop exponential = elements.rows(EXPONENTIAL, x.numel());
        Loop last = elements.rows(log ? LOGARITHM : SCALE, x.numel());
        return each(
                dim,
                1,
                (s, from, to, n) -> {
                    s.max(from[0], n);
                    s.clear(n);
                    for (long k = 0; k < s.length; k++) {
                        s.run(exponential, n, to + k * s.step, from[0] + k * s.step, s.first);
                        s.add(to + k * s.step, n);
                    }
                    s.finish(log, n);
                    for (long k = 0; k < s.length; k++) {
                        long row = to + k * s.step;
                        if (log) {
                            s.run(last, n, row, from[0] + k * s.step, s.first, s.second);
                        } else {
                            s.run(last, n, row, row, s.second);
                        }
                    }
                },
                x,
                out);
    }

    /** As {@link #forward}. */
    boolean gradient(View y, View g, int dim, boolean log, View gx) {
        Loop last = elements.rows(log ? LOG_GRADIENT : GRADIENT, y.numel());
        return each(
                dim,
                2,
                (s, from, to, n) -> {
                    s.clear(n);
                    for (long k = 0; k < s.length; k++) {
                        if (log) {
                            s.add(from[1] + k * s.step, n);
                        } else {
                            s.addProducts(from[0] + k * s.step, from[1] + k * s.step, n);
                        }
                    }
                    s.sums(n);
                    for (long k = 0; k < s.length; k++) {
                        s.run(last, n, to + k * s.step, from[0] + k * s.step, from[1] + k * s.step, s.second);
                    }
                },
                y,
                g,
                gx);
    }

    private interface Body {
        /** {@code n} columns side by side. */
        void run(Scratch s, long[] from, long to, int n);
    }

    private boolean each(int dim, int inputs, Body body, View... views) {
        for (View v : views) {
            if (v.dtype() != DType.FLOAT32
                    || !v.layout().isContiguous()
                    || v.numel() == 0
                    || v.shape().rank() == 0) {
                return false;
            }
        }
        int axis = views[0].shape().axis(dim);
        long length = views[0].shape().get(axis);
        long inner = 1;
        for (int d = axis + 1; d < views[0].shape().rank(); d++) {
            inner *= views[0].shape().get(d);
        }
        boolean turned = inner == 1 && length <= SoftmaxRows.SHORTEST;
        if (inner < FEWEST && !turned) {
            return false;
        }
        // [outer, length, inner], or [1, columns, length] turned
        long outer = turned ? 1 : views[0].numel() / length / inner;
        long columns = turned ? views[0].numel() / length : inner;
        long pieces = Math.ceilDiv(columns, LANES);
        long items = outer * pieces;
        long perTask = Math.max(1, GRAIN / (length * Math.min(columns, LANES)));
        workers.run(Math.toIntExact(Math.ceilDiv(items, perTask)), t -> {
            Scratch s = new Scratch(length, turned ? LANES * 4L : columns * 4, turned ? views.length : 0);
            long[] from = new long[inputs];
            for (long item = t * perTask; item < Math.min((t + 1) * perTask, items); item++) {
                long column = item % pieces * LANES;
                int n = (int) Math.min(LANES, columns - column);
                long at = turned ? column * length * 4 : (item / pieces * length * columns + column) * 4;
                long to = views[inputs].address() + at;
                if (!turned) {
                    for (int v = 0; v < inputs; v++) {
                        from[v] = views[v].address() + at;
                    }
                    body.run(s, from, to, n);
                    continue;
                }
                for (int v = 0; v < inputs; v++) {
                    from[v] = s.tile(v);
                    for (long k = 0; k < length; k++) {
                        Strided.line(4, n, views[v].address() + at + k * 4, length * 4, from[v] + k * s.step, 4);
                    }
                }
                body.run(s, from, s.tile(inputs), n);
                for (long k = 0; k < length; k++) {
                    Strided.line(4, n, s.tile(inputs) + k * s.step, 4, to + k * 4, length * 4);
                }
            }
            SystemMemory.give(s.first);
        });
        return true;
    }

    /** A task's lanes. */
    private static final class Scratch {
        final long length;
        /** Bytes from a column's element to its next. */
        final long step;
        /** Two rows of lanes in memory, for the loops. */
        final long first;

        final long second;
        private final float[] x = new float[LANES];
        private final float[] y = new float[LANES];
        private final float[] best = new float[LANES];
        private final double[] total = new double[LANES];

        Scratch(long length, long step, int tiles) {
            this.length = length;
            this.step = step;
            first = SystemMemory.need((2 + tiles * length) * LANES * 4);
            second = first + LANES * 4;
        }

        long tile(int i) {
            return second + LANES * 4 + i * length * LANES * 4;
        }

        void run(Loop loop, int n, long... at) {
            loop.run(at, NO_SCALARS, n);
        }

        private static void load(long address, float[] to, int n) {
            MemorySegment.copy(SystemMemory.ALL, JAVA_FLOAT, address, to, 0, n);
        }

        void max(long from, int n) {
            Arrays.fill(best, Float.NEGATIVE_INFINITY);
            for (long k = 0; k < length; k++) {
                load(from + k * step, x, n);
                SoftmaxRows.max(best, x, n);
            }
            MemorySegment.copy(best, 0, SystemMemory.ALL, JAVA_FLOAT, first, n);
        }

        void clear(int n) {
            Arrays.fill(total, 0, n, 0);
        }

        void add(long address, int n) {
            load(address, x, n);
            SoftmaxRows.add(total, x, n);
        }

        void addProducts(long a, long b, int n) {
            load(a, x, n);
            load(b, y, n);
            SoftmaxRows.addProducts(total, x, y, n);
        }

        /** What the last pass takes of the sums: their logarithms, or what to multiply with. */
        void finish(boolean log, int n) {
            for (int i = 0; i < n; i++) {
                total[i] = log ? Math.log(total[i]) : 1 / total[i];
            }
            sums(n);
        }

        void sums(int n) {
            for (int i = 0; i < n; i++) {
                x[i] = (float) total[i];
            }
            MemorySegment.copy(x, 0, SystemMemory.ALL, JAVA_FLOAT, second, n);
        }
    }
}
