package akari.backend;

import akari.core.DType;
import org.jspecify.annotations.Nullable;

/** Running results along one dimension: floats in double, everything else in long, a line at a time. */
final class ReferenceScan {
    private final Scan op;
    private final boolean reverse;
    private final int dim;
    private final View x;
    private final @Nullable View factor;
    private final View out;
    private final @Nullable View index;

    private ReferenceScan(
            Scan op, boolean reverse, int dim, View x, @Nullable View factor, View out, @Nullable View index) {
        this.op = op;
        this.reverse = reverse;
        this.dim = dim;
        this.x = x;
        this.factor = factor;
        this.out = out;
        this.index = index;
    }

    static void run(Scan op, boolean reverse, View x, @Nullable View factor, int dim, View out, @Nullable View index) {
        if (x.numel() > 0) {
            new ReferenceScan(op, reverse, dim, x, factor, out, index).run();
        }
    }

    private void run() {
        View f = factor == null ? x : factor;
        View places = index == null ? out : index;
        Rows rows = Rows.ordered(start(x), start(f), start(out), start(places));
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                if (x.dtype().isFloating()) {
                    doubles(rows.at(0, i), rows.at(1, i), rows.at(2, i), rows.at(3, i));
                } else {
                    longs(rows.at(0, i), rows.at(1, i), rows.at(2, i), rows.at(3, i));
                }
            }
        }
    }

    private View start(View v) {
        return v.layout().rank() == 0 ? v : v.with(v.layout().slice(dim, 0, 1, 1));
    }

    private long length() {
        return x.layout().rank() == 0 ? 1 : x.layout().size(dim);
    }

    /** Bytes from element {@code i} of the line to the line's start. */
    private long at(View v, long i) {
        return v.layout().rank() == 0
                ? 0
                : i * v.layout().stride(dim) * v.dtype().bytes();
    }

    private void doubles(long from, long factors, long to, long places) {
        double acc = 0;
        double f = 0;
        long where = 0;
        long n = length();
        for (long step = 0; step < n; step++) {
            long i = reverse ? n - 1 - step : step;
            double v = Memory.get(x.dtype(), from + at(x, i));
            double before = f;
            if (factor != null) {
                f = Memory.get(factor.dtype(), factors + at(factor, i));
            }
            if (step == 0) {
                acc = v;
                where = i;
            } else {
                switch (op) {
                    case SUM -> acc += v;
                    case PROD -> acc *= v;
                    case LINEAR -> acc = v + (reverse ? before : f) * acc;
                    case LOG_SUM_EXP -> acc = logAddExp(acc, v);
                    case MAX, MIN -> {
                        boolean better = op == Scan.MAX ? v >= acc : v <= acc;
                        if (Double.isNaN(v) || better) {
                            acc = v;
                            where = i;
                        }
                    }
                }
            }
            Memory.set(out.dtype(), to + at(out, i), acc);
            if (index != null) {
                Memory.setLong(DType.INT64, places + at(index, i), where);
            }
        }
    }

    private static double logAddExp(double a, double b) {
        double top = Math.max(a, b);
        return Double.isInfinite(top) ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top));
    }

    private void longs(long from, long factors, long to, long places) {
        long acc = 0;
        long f = 0;
        long where = 0;
        long n = length();
        for (long step = 0; step < n; step++) {
            long i = reverse ? n - 1 - step : step;
            long v = Memory.getLong(x.dtype(), from + at(x, i));
            long before = f;
            if (factor != null) {
                f = Memory.getLong(factor.dtype(), factors + at(factor, i));
            }
            if (step == 0) {
                acc = v;
                where = i;
            } else {
                switch (op) {
                    case SUM -> acc += v;
                    case PROD -> acc *= v;
                    case LINEAR -> acc = v + (reverse ? before : f) * acc;
                    case LOG_SUM_EXP -> throw new IllegalArgumentException("logcumsumexp of " + x.dtype());
                    case MAX, MIN -> {
                        if (op == Scan.MAX ? v >= acc : v <= acc) {
                            acc = v;
                            where = i;
                        }
                    }
                }
            }
            Memory.setLong(out.dtype(), to + at(out, i), acc);
            if (index != null) {
                Memory.setLong(DType.INT64, places + at(index, i), where);
            }
        }
    }
}
