package akari.cpu.layer;

import akari.backend.Kernel;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.kernel.Elements;
import akari.cpu.kernel.Loop;
import akari.cpu.machine.Workers;
import akari.cpu.transfer.Transfer;
import akari.formula.Expr;
import java.util.Arrays;
import java.util.List;

/**
 * Softmax of float32 along a contiguous last dimension. Each row is in the cache while it is passed over a few times: its
 * maximum, the exponentials (a compiled kernel), their sum in double, and the scaling. A row with NaN or +infinity, or of nothing but
 * -infinity, becomes NaN.
 */
public final class SoftmaxRows {
    private static final int LANES = 512;
    private static final int GRAIN = 1 << 15;
    /** Shorter rows are not worth a kernel call each. */
    static final int SHORTEST = 64;

    private static final Expr X = Expr.in(0);
    private static final Expr Y = Expr.in(1);
    private static final Expr A = Expr.scalar(0);
    private static final Kernel EXPONENTIAL =
            new Kernel("softmax_exp", 1, 1, List.of(X.minus(A).exp()));
    private static final Kernel SCALE = new Kernel("softmax_scale", 1, 1, List.of(X.times(A)));
    private static final Kernel LOGARITHM =
            new Kernel("log_softmax", 1, 2, List.of(X.minus(A).minus(Expr.scalar(1))));
    private static final Kernel GRADIENT = new Kernel("softmax_grad", 2, 1, List.of(X.times(Y.minus(A))));
    private static final Kernel LOG_GRADIENT =
            new Kernel("log_softmax_grad", 2, 1, List.of(Y.minus(X.exp().times(A))));

    private final Elements elements;
    private final Workers workers;
    private final SoftmaxColumns columns;

    public SoftmaxRows(Elements elements, Workers workers) {
        this.elements = elements;
        this.workers = workers;
        this.columns = new SoftmaxColumns(elements, workers);
    }

    private static boolean isFast(int dim, View... views) {
        for (View v : views) {
            if (v.dtype() != DType.FLOAT32 || !v.layout().isContiguous()) {
                return false;
            }
        }
        int rank = views[0].layout().rank();
        if (rank == 0 || views[0].shape().axis(dim) != rank - 1 || views[0].numel() == 0) {
            return false;
        }
        long length = views[0].layout().size(rank - 1);
        return length >= SHORTEST && length <= 1 << 24;
    }

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    public boolean forward(View x, int dim, boolean log, View out) {
        if (!isFast(dim, x, out)) {
            return columns.forward(x, dim, log, out);
        }
        long all = x.numel();
        int length = (int) x.shape().get(-1);
        Loop exponential = elements.rows(EXPONENTIAL, all);
        Loop last = elements.rows(log ? LOGARITHM : SCALE, all);
        long from = x.address();
        long to = out.address();
        eachRow(all / length, length, (row, s) -> {
            long offset = row * length * 4;
            double max = s.max(from + offset, length);
            s.at[0] = to + offset;
            s.at[1] = from + offset;
            s.scalars[0] = max;
            exponential.run(s.at, s.scalars, length);
            double sum = s.sum(to + offset, length);
            if (log) {
                s.scalars[1] = Math.log(sum);
            } else {
                s.scalars[0] = 1 / sum;
                s.at[1] = to + offset;
            }
            last.run(s.at, s.scalars, length);
        });
        return true;
    }

    /** As {@link #forward}. */
    public boolean gradient(View y, View g, int dim, boolean log, View gx) {
        if (!isFast(dim, y, g, gx)) {
            return columns.gradient(y, g, dim, log, gx);
        }
        long all = y.numel();
        int length = (int) y.shape().get(-1);
        Loop last = elements.rows(log ? LOG_GRADIENT : GRADIENT, all);
        long value = y.address();
        long upstream = g.address();
        long to = gx.address();
        eachRow(all / length, length, (row, s) -> {
            long offset = row * length * 4;
            s.scalars[0] = log ? s.sum(upstream + offset, length) : s.dot(value + offset, upstream + offset, length);
            s.at[0] = to + offset;
            s.at[1] = value + offset;
            s.at[2] = upstream + offset;
            last.run(s.at, s.scalars, length);
        });
        return true;
    }

    private interface Row {
        void run(long row, Scratch s);
    }

    private void eachRow(long rows, int length, Row body) {
        long perTask = Math.max(1, GRAIN / length);
        workers.run(Math.toIntExact(Math.ceilDiv(rows, perTask)), t -> {
            Scratch s = new Scratch(Math.min(length, LANES));
            for (long r = t * perTask; r < Math.min((t + 1) * perTask, rows); r++) {
                body.run(r, s);
            }
        });
    }

    /** A task's lanes, and the passes that end in a single number. */
    private static final class Scratch {
        final long[] at = new long[3];
        final double[] scalars = new double[2];
        private final int lanes;
        private final float[] x;
        private final float[] y;
        private final float[] best;
        private final double[] total;

        Scratch(int lanes) {
            this.lanes = lanes;
            x = new float[lanes];
            y = new float[lanes];
            best = new float[lanes];
            total = new double[lanes];
        }

        double max(long address, int n) {
            Arrays.fill(best, Float.NEGATIVE_INFINITY);
            for (int from = 0; from < n; from += lanes) {
                int count = Math.min(lanes, n - from);
                Transfer.load(DType.FLOAT32, address + from * 4L, 1, x, count);
                SoftmaxRows.max(best, x, count);
            }
            float max = best[0];
            for (int i = 1; i < lanes; i++) {
                max = Math.max(max, best[i]);
            }
            return max;
        }

        double sum(long address, int n) {
            Arrays.fill(total, 0);
            for (int from = 0; from < n; from += lanes) {
                int count = Math.min(lanes, n - from);
                Transfer.load(DType.FLOAT32, address + from * 4L, 1, x, count);
                SoftmaxRows.add(total, x, count);
            }
            return folded();
        }

        double dot(long a, long b, int n) {
            Arrays.fill(total, 0);
            for (int from = 0; from < n; from += lanes) {
                int count = Math.min(lanes, n - from);
                Transfer.load(DType.FLOAT32, a + from * 4L, 1, x, count);
                Transfer.load(DType.FLOAT32, b + from * 4L, 1, y, count);
                SoftmaxRows.addProducts(total, x, y, count);
            }
            return folded();
        }

        private double folded() {
            double sum = 0;
            for (double t : total) {
                sum += t;
            }
            return sum;
        }
    }

    // ---- loops with one index, for the JIT

    static void max(float[] to, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.max(to[i], x[i]);
        }
    }

    static void add(double[] to, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = to[i] + x[i];
        }
    }

    static void addProducts(double[] to, float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = to[i] + (double) x[i] * y[i];
        }
    }
}
