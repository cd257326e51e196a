package akari.cpu;

import akari.backend.Activation;
import akari.backend.DType;
import akari.backend.Layout;
import akari.backend.View;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation of channels-last FLOAT32 in training, together with a ReLU or ReLU6 that follows: two passes over memory forward and
 * two backward, where the operations one by one take six and eight. The mask of the activation is computed again from {@code x}.
 *
 * <p>Pixels are taken together until their channels fill whole vectors ({@link Rows}); sums run over fixed blocks of rows, in FLOAT32
 * within a block and in double over the blocks, so that results do not depend on the number of threads. The variance is summed
 * around a pivot, the mean of a few rows, in the same pass as the mean.
 */
final class BatchNorm {
    /** Elements of a task. */
    private static final int GRAIN = 1 << 16;

    /** Elements of joined rows. */
    private static final int WIDE = 512;

    private static final int PIVOT_ROWS = 16;

    private final Workspace.Source workspaces;
    private final Workers workers;

    BatchNorm(Workspace.Source workspaces, Workers workers) {
        this.workspaces = workspaces;
        this.workers = workers;
    }

    /**
     * Memory as a matrix of {@code count} rows of {@code width} floats, a row being {@code pixels} times all channels.
     *
     * @param joined rows that a pass along the rows takes as one: short loops are slow ones
     * @param perTask rows of a task, a multiple of {@code joined}
     */
    private record Rows(long count, int width, int channels, int pixels, int joined, long perTask) {
        static @Nullable Rows of(Activation then, View... same) {
            View x = same[0];
            if (then != Activation.IDENTITY && then != Activation.RELU && then != Activation.RELU6) {
                return null;
            }
            long c = x.layout().size(1);
            int lanes = BatchNormLoops.LANES;
            long pixels = lanes / gcd(c, lanes);
            if (x.numel() == 0 || c * pixels > GRAIN || x.numel() / c % pixels != 0) {
                return null;
            }
            for (View v : same) {
                Layout l = v.layout();
                if (v.dtype() != DType.FLOAT32 || !DnnCopies.same(l, Layout.channelsLast(l.shape()))) {
                    return null;
                }
            }
            int width = (int) (c * pixels);
            long count = x.numel() / width;
            int joined = 1;
            while (2 * joined * width <= WIDE && count % (2 * joined) == 0) {
                joined *= 2;
            }
            return new Rows(count, width, (int) c, (int) pixels, joined, Math.max(1, GRAIN / width / joined) * joined);
        }

        private static long gcd(long a, long b) {
            return b == 0 ? a : gcd(b, a % b);
        }

        int tasks() {
            return Math.toIntExact(Math.ceilDiv(count, perTask));
        }

        long bytes() {
            return width * (long) Float.BYTES;
        }

        /** One value a channel, repeated over as many rows as are taken as one. */
        long spread(Workspace w, double[] values) {
            int n = joined * width;
            long to = w.floats(n);
            for (int i = 0, c = 0; i < n; i++, c = c + 1 == channels ? 0 : c + 1) {
                set(to, i, (float) values[c]);
            }
            return to;
        }

        /** The sum over the pixels of a row and over all tasks' rows, which lie {@code step} bytes apart. */
        double[] total(long from, long step) {
            double[] out = new double[channels];
            for (int t = 0; t < tasks(); t++) {
                for (int i = 0, c = 0; i < width; i++, c = c + 1 == channels ? 0 : c + 1) {
                    out[c] += get(from + t * step, i);
                }
            }
            return out;
        }

        double values() {
            return (double) count * pixels;
        }
    }

    private interface Task {
        void run(int task, long offset, long rows);
    }

    private void each(Rows r, Task body) {
        workers.run(r.tasks(), t -> {
            long first = t * r.perTask;
            body.run(t, first * r.bytes(), Math.min(r.perTask, r.count - first));
        });
    }

    /** Whether this case has a fast path; if not, nothing was done. */
    boolean forward(
            View x,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View out,
            View mean,
            View variance) {
        Rows r = Rows.of(then, x, out);
        if (r == null) {
            return false;
        }
        Warmup.NORM.await();
        try (Workspace w = workspaces.open()) {
            long from = x.address();
            long to = out.address();
            long bytes = r.bytes();
            double[] pivots = pivots(r, from);
            long pivot = r.spread(w, pivots);
            long sums = w.take(2 * bytes * r.tasks());
            each(r, (task, offset, rows) -> {
                long s = sums + 2 * bytes * task;
                BatchNormLoops.moments(from + offset, rows, bytes, pivot, s, s + bytes);
            });
            double[] sum = r.total(sums, 2 * bytes);
            double[] squares = r.total(sums + bytes, 2 * bytes);
            double n = r.values();
            for (int c = 0; c < r.channels; c++) {
                double d = sum[c] / n;
                double v = Math.max(0, squares[c] / n - d * d);
                put(mean, c, pivots[c] + d);
                put(variance, c, Double.isNaN(squares[c]) ? Double.NaN : v);
            }
            long center = r.spread(w, values(r, mean));
            long scale = r.spread(w, scales(r, variance, weight, eps));
            long shift = r.spread(w, values(r, bias));
            float high = high(then);
            long wide = bytes * r.joined;
            each(r, (task, offset, rows) -> {
                if (then == Activation.IDENTITY) {
                    BatchNormLoops.normalize(from + offset, rows / r.joined, wide, center, scale, shift, to + offset);
                } else {
                    BatchNormLoops.normalize(
                            from + offset, rows / r.joined, wide, center, scale, shift, high, to + offset);
                }
            });
        }
        return true;
    }

    /** One value a channel; 0 where there is no vector. */
    private static double[] values(Rows r, @Nullable View vector) {
        double[] out = new double[r.channels];
        Arrays.setAll(out, c -> get(vector, c, 0));
        return out;
    }

    private static double[] scales(Rows r, View variance, @Nullable View weight, double eps) {
        double[] out = new double[r.channels];
        Arrays.setAll(out, c -> get(weight, c, 1) / Math.sqrt(get(variance, c, 0) + eps));
        return out;
    }

    private static float high(Activation then) {
        return then == Activation.RELU6 ? 6 : Float.POSITIVE_INFINITY;
    }

    /** The mean of a few rows spread over the data: near enough for the squares around it not to cancel. */
    private static double[] pivots(Rows r, long from) {
        double[] out = new double[r.channels];
        int rows = (int) Math.min(PIVOT_ROWS, r.count);
        for (int i = 0; i < rows; i++) {
            long row = from + r.count * i / rows * r.bytes();
            for (int j = 0, c = 0; j < r.width; j++, c = c + 1 == r.channels ? 0 : c + 1) {
                out[c] += get(row, j);
            }
        }
        for (int c = 0; c < out.length; c++) {
            float p = (float) (out[c] / ((double) rows * r.pixels));
            out[c] = Float.isFinite(p) ? p : 0;
        }
        return out;
    }

    /**
     * As {@link #forward}. With v = x - mean, s = weight / √(variance + ε) and g' the gradient before the activation:
     * {@code gx = s·(g' - Σg'/n - v·Σ(g'v)/(n·(variance + ε)))}.
     */
    boolean gradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        Rows r = Rows.of(then, x, g, gx);
        if (r == null) {
            return false;
        }
        Warmup.NORM_GRADIENT.await();
        try (Workspace w = workspaces.open()) {
            long from = x.address();
            long up = g.address();
            long to = gx.address();
            long bytes = r.bytes();
            double[] scales = scales(r, variance, weight, eps);
            long center = r.spread(w, values(r, mean));
            long scale = r.spread(w, scales);
            long shift = r.spread(w, values(r, bias));
            long sums = w.take(2 * bytes * r.tasks());
            float high = high(then);
            each(r, (task, offset, rows) -> {
                long s = sums + 2 * bytes * task;
                if (then == Activation.IDENTITY) {
                    BatchNormLoops.sums(from + offset, up + offset, rows, bytes, center, s, s + bytes);
                } else {
                    BatchNormLoops.sums(
                            from + offset, up + offset, rows, bytes, center, scale, shift, high, s, s + bytes);
                }
            });
            double[] sum = r.total(sums, 2 * bytes);
            double[] product = r.total(sums + bytes, 2 * bytes);
            double[] slopes = new double[r.channels];
            double[] constants = new double[r.channels];
            for (int c = 0; c < r.channels; c++) {
                double spread = get(variance, c, 0) + eps;
                slopes[c] = -scales[c] * product[c] / (r.values() * spread);
                constants[c] = -scales[c] * sum[c] / r.values();
                if (gw != null && gb != null) {
                    put(gw, c, product[c] / Math.sqrt(spread));
                    put(gb, c, sum[c]);
                }
            }
            long slope = r.spread(w, slopes);
            long constant = r.spread(w, constants);
            long wide = bytes * r.joined;
            each(r, (task, offset, rows) -> {
                if (then == Activation.IDENTITY) {
                    BatchNormLoops.gradient(
                            from + offset,
                            up + offset,
                            rows / r.joined,
                            wide,
                            center,
                            scale,
                            slope,
                            constant,
                            to + offset);
                } else {
                    BatchNormLoops.gradient(
                            from + offset,
                            up + offset,
                            rows / r.joined,
                            wide,
                            center,
                            scale,
                            shift,
                            high,
                            slope,
                            constant,
                            to + offset);
                }
            });
        }
        return true;
    }

    // ---- single numbers

    private static float get(long address, long i) {
        return SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, address + i * Float.BYTES);
    }

    private static void set(long address, long i, float value) {
        SystemMemory.ALL.set(ValueLayout.JAVA_FLOAT, address + i * Float.BYTES, value);
    }

    private static double get(@Nullable View v, long i, double none) {
        return v == null ? none : get(v.address(), i * v.layout().stride(0));
    }

    private static void put(View v, long i, double value) {
        set(v.address(), i * v.layout().stride(0), (float) value);
    }
}
