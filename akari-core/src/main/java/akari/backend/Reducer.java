package akari.backend;

import akari.core.DType;
import akari.core.Shape;

/** Reductions: floats in double, everything else in long. A sum adds the sums of blocks of 256, which keeps rounding small. */
final class Reducer {
    private static final int BLOCK = 256;

    private final ReduceOp op;
    private final DType type;
    private final Rows region;
    private final double[] x = new double[BLOCK];
    private final long[] n = new long[BLOCK];

    private Reducer(ReduceOp op, View reduced) {
        this.op = op;
        this.type = reduced.dtype();
        this.region = Rows.ordered(reduced);
    }

    static void run(ReduceOp op, View in, View out) {
        Shape kept = out.shape();
        Shape reduced = in.shape();
        for (int d = 0; d < kept.rank(); d++) {
            if (kept.get(d) == in.shape().get(d)) {
                reduced = reduced.with(d, 1);
            }
        }
        long[] strides = in.layout().strides();
        View start = in.with(Layout.of(kept, strides, in.layout().offset()));
        Reducer reducer = new Reducer(op, in.with(Layout.of(reduced, strides, 0)));
        Rows rows = Rows.anyOrder(out, start);
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                long to = rows.at(0, i);
                reducer.region.restart(rows.at(1, i));
                if (in.dtype().isFloating()) {
                    Memory.set(out.dtype(), to, reducer.doubles());
                } else {
                    Memory.setLong(out.dtype(), to, reducer.longs());
                }
            }
        }
    }

    private double doubles() {
        double acc = switch (op) {
            case SUM, ANY -> 0;
            case PROD, ALL -> 1;
            case MAX, ARGMAX -> Double.NEGATIVE_INFINITY;
            case MIN, ARGMIN -> Double.POSITIVE_INFINITY;
        };
        long best = 0;
        long seen = 0;
        while (region.next()) {
            for (long at = 0; at < region.length; at += BLOCK) {
                int count = (int) Math.min(BLOCK, region.length - at);
                Memory.load(type, region.at(0, at), region.stride[0], x, 0, count);
                switch (op) {
                    case SUM -> {
                        double sum = 0;
                        for (int i = 0; i < count; i++) {
                            sum += x[i];
                        }
                        acc += sum;
                    }
                    case PROD -> {
                        for (int i = 0; i < count; i++) {
                            acc *= x[i];
                        }
                    }
                    case ANY, ALL -> {
                        for (int i = 0; i < count; i++) {
                            boolean yes = x[i] != 0;
                            acc = op == ReduceOp.ANY ? (yes ? 1 : acc) : (yes ? acc : 0);
                        }
                    }
                    case MAX, ARGMAX, MIN, ARGMIN -> {
                        boolean max = op == ReduceOp.MAX || op == ReduceOp.ARGMAX;
                        for (int i = 0; i < count; i++) {
                            boolean first = Double.isNaN(x[i]) && !Double.isNaN(acc);
                            if (first || (max ? x[i] > acc : x[i] < acc)) {
                                acc = x[i];
                                best = seen + i;
                            }
                        }
                    }
                }
                seen += count;
            }
        }
        return op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN ? best : acc;
    }

    private long longs() {
        long acc = switch (op) {
            case SUM, ANY -> 0;
            case PROD, ALL -> 1;
            case MAX, ARGMAX -> Long.MIN_VALUE;
            case MIN, ARGMIN -> Long.MAX_VALUE;
        };
        long best = 0;
        long seen = 0;
        while (region.next()) {
            for (long at = 0; at < region.length; at += BLOCK) {
                int count = (int) Math.min(BLOCK, region.length - at);
                Memory.load(type, region.at(0, at), region.stride[0], n, 0, count);
                for (int i = 0; i < count; i++) {
                    long v = n[i];
                    switch (op) {
                        case SUM -> acc += v;
                        case PROD -> acc *= v;
                        case ANY -> acc = v != 0 ? 1 : acc;
                        case ALL -> acc = v != 0 ? acc : 0;
                        case MAX, ARGMAX -> {
                            best = v > acc ? seen + i : best;
                            acc = Math.max(acc, v);
                        }
                        case MIN, ARGMIN -> {
                            best = v < acc ? seen + i : best;
                            acc = Math.min(acc, v);
                        }
                    }
                }
                seen += count;
            }
        }
        return op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN ? best : acc;
    }
}
