package akari.cpu.dimension;

import akari.backend.Scan;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.machine.Workers;
import akari.cpu.transfer.WideTransfer;
import org.jspecify.annotations.Nullable;

/**
 * Running results. Lines that lie side by side in memory advance together, up to 512 at a time, in loops that the JIT vectorises; a
 * line that lies in a row advances by itself. Lines are shared among the workers, a single line is not, so the number of threads
 * changes nothing.
 */
public final class ScanLoops {
    private static final int LANES = 512;
    /** Elements of one task. */
    private static final int GRAIN = 1 << 15;

    private final Workers workers;

    public ScanLoops(Workers workers) {
        this.workers = workers;
    }

    public void run(Scan op, boolean reverse, View x, @Nullable View factor, int dim, View out, @Nullable View index) {
        if (x.numel() == 0) {
            return;
        }
        int axis = x.layout().rank() == 0 ? 0 : x.shape().axis(dim);
        Job job = new Job(op, reverse, x, factor == null ? x : factor, axis, out, index == null ? out : index);
        job.factors = factor != null;
        job.places = index != null;
        DimensionLines lines = job.lines;
        boolean together = lines.step(0) < lines.stride(0) && lines.width >= 8;
        int lanes = together ? (int) Math.min(LANES, lines.width) : 1;
        long perRow = Math.ceilDiv(lines.width, (long) lanes);
        long groups = lines.count / lines.width * perRow;
        long perTask = Math.max(1, GRAIN / (lines.length(0) * lanes));
        workers.run(Math.toIntExact(Math.ceilDiv(groups, perTask)), t -> {
            Scratch s = new Scratch(x.dtype().isFloating(), lanes == 1 ? LANES : lanes);
            for (long g = t * perTask; g < Math.min((t + 1) * perTask, groups); g++) {
                long first = g / perRow * lines.width + g % perRow * lanes;
                int n = (int) Math.min(lanes, lines.width - g % perRow * lanes);
                if (lanes == 1) {
                    job.along(first, s);
                } else {
                    job.across(first, n, s);
                }
            }
        });
    }

    private static final class Scratch {
        final double[] x;
        final double[] f;
        final double[] before;
        final double[] acc;
        final float[] narrow;
        final long[] n;
        final long[] nf;
        final long[] nBefore;
        final long[] nAcc;
        final long[] where;

        Scratch(boolean floating, int size) {
            int a = floating ? size : 0;
            int b = floating ? 0 : size;
            x = new double[a];
            f = new double[a];
            before = new double[a];
            acc = new double[a];
            narrow = new float[a];
            n = new long[b];
            nf = new long[b];
            nBefore = new long[b];
            nAcc = new long[b];
            where = new long[size];
        }
    }

    /** One call: what is read and written, and how. Views 0 to 3 of {@code lines} are x, the factors, the results, the places. */
    private static final class Job {
        final DimensionLines lines;
        boolean factors;
        boolean places;
        private final Scan op;
        private final boolean reverse;
        private final DType from;
        private final DType to;
        private final boolean floating;

        Job(Scan op, boolean reverse, View x, View factor, int dim, View out, View index) {
            this.op = op;
            this.reverse = reverse;
            this.lines = new DimensionLines(dim, x, factor, out, index);
            this.from = x.dtype();
            this.to = out.dtype();
            this.floating = from.isFloating();
        }

        private long element(int v, long line, long i) {
            int bytes = v == 3 ? Long.BYTES : v == 2 ? to.bytes() : from.bytes();
            return lines.address(v, line) + i * lines.stride(v) * bytes;
        }

        /** {@code n} neighbouring lines, an element of each at a time. */
        void across(long first, int n, Scratch s) {
            long length = lines.length(0);
            for (long k = 0; k < length; k++) {
                long i = reverse ? length - 1 - k : k;
                if (floating) {
                    WideTransfer.load(from, element(0, first, i), lines.step(0), s.x, n, s.narrow);
                    if (factors) {
                        System.arraycopy(s.f, 0, s.before, 0, n);
                        WideTransfer.load(from, element(1, first, i), lines.step(1), s.f, n, s.narrow);
                    }
                    step(k == 0, i, n, s);
                    WideTransfer.store(to, s.acc, element(2, first, i), lines.step(2), n, s.narrow);
                } else {
                    WideTransfer.load(from, element(0, first, i), lines.step(0), s.n, n);
                    if (factors) {
                        System.arraycopy(s.nf, 0, s.nBefore, 0, n);
                        WideTransfer.load(from, element(1, first, i), lines.step(1), s.nf, n);
                    }
                    longStep(k == 0, i, n, s);
                    WideTransfer.store(to, s.nAcc, element(2, first, i), lines.step(2), n);
                }
                if (places) {
                    WideTransfer.store(DType.INT64, s.where, element(3, first, i), lines.step(3), n);
                }
            }
        }

        private void step(boolean first, long i, int n, Scratch s) {
            if (first) {
                System.arraycopy(s.x, 0, s.acc, 0, n);
                fill(s.where, i, n);
                return;
            }
            switch (op) {
                case SUM -> add(s.acc, s.x, n);
                case PROD -> multiply(s.acc, s.x, n);
                case LINEAR -> chain(s.acc, reverse ? s.before : s.f, s.x, n);
                case LOG_SUM_EXP -> {
                    for (int j = 0; j < n; j++) {
                        s.acc[j] = logAddExp(s.acc[j], s.x[j]);
                    }
                }
                case MAX, MIN -> {
                    boolean largest = op == Scan.MAX;
                    for (int j = 0; j < n; j++) {
                        double v = s.x[j];
                        if ((largest ? v >= s.acc[j] : v <= s.acc[j]) || Double.isNaN(v)) {
                            s.acc[j] = v;
                            s.where[j] = i;
                        }
                    }
                }
            }
        }

        private void longStep(boolean first, long i, int n, Scratch s) {
            if (first) {
                System.arraycopy(s.n, 0, s.nAcc, 0, n);
                fill(s.where, i, n);
                return;
            }
            for (int j = 0; j < n; j++) {
                long v = s.n[j];
                switch (op) {
                    case SUM -> s.nAcc[j] += v;
                    case PROD -> s.nAcc[j] *= v;
                    case LINEAR -> s.nAcc[j] = v + (reverse ? s.nBefore[j] : s.nf[j]) * s.nAcc[j];
                    case LOG_SUM_EXP -> throw new IllegalArgumentException("logcumsumexp of " + from);
                    case MAX, MIN -> {
                        if (op == Scan.MAX ? v >= s.nAcc[j] : v <= s.nAcc[j]) {
                            s.nAcc[j] = v;
                            s.where[j] = i;
                        }
                    }
                }
            }
        }

        /** One line, in blocks of up to 512 elements. */
        void along(long line, Scratch s) {
            long length = lines.length(0);
            ScanState r = new ScanState(op, reverse);
            for (long k = 0; k < length; k += LANES) {
                int n = (int) Math.min(LANES, length - k);
                long i = reverse ? length - k - n : k;
                if (floating) {
                    WideTransfer.load(from, element(0, line, i), lines.stride(0), s.x, n, s.narrow);
                    if (factors) {
                        WideTransfer.load(from, element(1, line, i), lines.stride(1), s.f, n, s.narrow);
                    }
                    r.block(s.x, s.f, s.acc, s.where, i, n);
                    WideTransfer.store(to, s.acc, element(2, line, i), lines.stride(2), n, s.narrow);
                } else {
                    WideTransfer.load(from, element(0, line, i), lines.stride(0), s.n, n);
                    if (factors) {
                        WideTransfer.load(from, element(1, line, i), lines.stride(1), s.nf, n);
                    }
                    r.block(s.n, s.nf, s.nAcc, s.where, i, n);
                    WideTransfer.store(to, s.nAcc, element(2, line, i), lines.stride(2), n);
                }
                if (places) {
                    WideTransfer.store(DType.INT64, s.where, element(3, line, i), lines.stride(3), n);
                }
            }
        }
    }

    // ---- loops of one array index, which the JIT vectorises

    private static void fill(long[] to, long v, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = v;
        }
    }

    private static void add(double[] to, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = to[i] + x[i];
        }
    }

    private static void multiply(double[] to, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = to[i] * x[i];
        }
    }

    private static void chain(double[] to, double[] f, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = x[i] + f[i] * to[i];
        }
    }

    static double logAddExp(double a, double b) {
        double top = Math.max(a, b);
        return Double.isInfinite(top) ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top));
    }
}
