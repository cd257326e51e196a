package akari.cpu.dimension;

import akari.backend.Scan;

/** The state of one line of a {@link Scan}, advanced a block at a time. */
final class ScanState {
    private final Scan op;
    private final boolean reverse;
    private boolean started;
    private double acc;
    private double factor;
    private long nAcc;
    private long nFactor;
    private long where;

    ScanState(Scan op, boolean reverse) {
        this.op = op;
        this.reverse = reverse;
    }

    /** Advances over {@code n} elements, the first of which is number {@code base} of its line. */
    void block(double[] x, double[] f, double[] out, long[] places, long base, int n) {
        int from = reverse ? n - 1 : 0;
        int by = reverse ? -1 : 1;
        int left = n;
        if (!started) {
            started = true;
            acc = x[from];
            where = base + from;
            out[from] = acc;
            places[from] = where;
            factor = op == Scan.LINEAR ? f[from] : 0;
            from += by;
            left--;
        }
        switch (op) {
            case SUM -> {
                for (int i = from; left > 0; i += by, left--) {
                    acc += x[i];
                    out[i] = acc;
                }
            }
            case PROD -> {
                for (int i = from; left > 0; i += by, left--) {
                    acc *= x[i];
                    out[i] = acc;
                }
            }
            case LINEAR -> {
                for (int i = from; left > 0; i += by, left--) {
                    acc = x[i] + (reverse ? factor : f[i]) * acc;
                    factor = f[i];
                    out[i] = acc;
                }
            }
            case LOG_SUM_EXP -> {
                for (int i = from; left > 0; i += by, left--) {
                    acc = ScanLoops.logAddExp(acc, x[i]);
                    out[i] = acc;
                }
            }
            case MAX, MIN -> {
                boolean largest = op == Scan.MAX;
                for (int i = from; left > 0; i += by, left--) {
                    double v = x[i];
                    if ((largest ? v >= acc : v <= acc) || Double.isNaN(v)) {
                        acc = v;
                        where = base + i;
                    }
                    out[i] = acc;
                    places[i] = where;
                }
            }
        }
    }

    /** As the other, for integers. */
    void block(long[] x, long[] f, long[] out, long[] places, long base, int n) {
        int i = reverse ? n - 1 : 0;
        int by = reverse ? -1 : 1;
        for (int left = n; left > 0; i += by, left--) {
            long v = x[i];
            if (!started) {
                started = true;
                nAcc = v;
                where = base + i;
            } else {
                switch (op) {
                    case SUM -> nAcc += v;
                    case PROD -> nAcc *= v;
                    case LINEAR -> nAcc = v + (reverse ? nFactor : f[i]) * nAcc;
                    case LOG_SUM_EXP -> throw new IllegalArgumentException("logcumsumexp of integers");
                    case MAX, MIN -> {
                        if (op == Scan.MAX ? v >= nAcc : v <= nAcc) {
                            nAcc = v;
                            where = base + i;
                        }
                    }
                }
            }
            nFactor = op == Scan.LINEAR ? f[i] : 0;
            out[i] = nAcc;
            places[i] = where;
        }
    }
}
