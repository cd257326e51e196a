package akari.cpu.layer;

import akari.backend.Activation;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import akari.cpu.transfer.Bfloat16;
import akari.cpu.transfer.Strided;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation of channels-last FLOAT32 or BFLOAT16 in training, together with a ReLU or ReLU6 that follows: two passes over memory forward and
 * two backward, where the operations one by one take six and eight. The mask of the activation is computed again from {@code x}.
 *
 * <p>Pixels are taken together until their channels fill whole vectors ({@link Rows}); sums run over fixed blocks of rows, in FLOAT32
 * within a block and in double over the blocks, so that results do not depend on the number of threads. The variance is summed
 * around a pivot, the mean of a few rows, in the same pass as the mean. Blocks of BFLOAT16 become FLOAT32 on their way through the cache.
 */
public final class BatchNorm {
    /** Elements of a task: three blocks of them, widened, fit a core's cache. */
    private static final int GRAIN = 1 << 15;

    /** Rows of a task: sums in FLOAT32 stay short enough to be exact to some units in the last place. */
    private static final int LONGEST = 512;

    /** Elements of joined rows. */
    private static final int WIDE = 512;

    private static final int PIVOT_ROWS = 16;

    private final Workspace.Source workspaces;
    private final Workers workers;

    public BatchNorm(Workspace.Source workspaces, Workers workers) {
        this.workspaces = workspaces;
        this.workers = workers;
    }

    /**
     * Memory as a matrix of {@code count} rows of {@code width} floats, a row being {@code pixels} times all channels.
     *
     * @param joined rows that a pass along the rows takes as one: short loops are slow ones
     * @param perTask rows of a task, a multiple of {@code joined}
     */
    private record Rows(DType type, long count, int width, int channels, int pixels, int joined, long perTask) {
        static @Nullable Rows of(Activation then, View[] same, @Nullable View... vectors) {
            View x = same[0];
            if (then != Activation.IDENTITY && then != Activation.RELU && then != Activation.RELU6) {
                return null;
            }
            long c = x.layout().size(1);
            int lanes = BatchNormLoops.LANES;
            long pixels = lanes / gcd(c, lanes);
            boolean known = x.dtype() == DType.FLOAT32 || x.dtype() == DType.BFLOAT16;
            if (!known || x.numel() == 0 || c * pixels > GRAIN || x.numel() / c % pixels != 0) {
                return null;
            }
            for (View v : same) {
                Layout l = v.layout();
                if (v.dtype() != x.dtype() || !Strided.same(l, Layout.channelsLast(l.shape()))) {
                    return null;
                }
            }
            for (View v : vectors) {
                if (v != null && v.dtype() != DType.FLOAT32) {
                    return null;
                }
            }
            int width = (int) (c * pixels);
            long count = x.numel() / width;
            int joined = 1;
            while (2 * joined * width <= WIDE && count % (2 * joined) == 0) {
                joined *= 2;
            }
            long perTask = Math.max(1, Math.min(LONGEST, GRAIN / width) / joined) * joined;
            return new Rows(x.dtype(), count, width, (int) c, (int) pixels, joined, perTask);
        }

        private static long gcd(long a, long b) {
            return b == 0 ? a : gcd(b, a % b);
        }

        int tasks() {
            return Math.toIntExact(Math.ceilDiv(count, perTask));
        }

        /** Of a row of FLOAT32. */
        long bytes() {
            return width * (long) Float.BYTES;
        }

        boolean half() {
            return type == DType.BFLOAT16;
        }

        /** Where row {@code first} lies. */
        private long at(long base, long first) {
            return base + first * width * type.bytes();
        }

        /** {@code rows} rows from {@code first} on, in FLOAT32. */
        long read(Workspace own, long base, long first, long rows) {
            if (!half()) {
                return at(base, first);
            }
            long to = own.floats(rows * width);
            Bfloat16.widen(at(base, first), to, (int) (rows * width));
            return to;
        }

        /** Where to write them in FLOAT32; then {@link #written}. */
        long write(Workspace own, long base, long first, long rows) {
            return half() ? own.floats(rows * width) : at(base, first);
        }

        void written(long block, long base, long first, long rows) {
            if (half()) {
                Bfloat16.narrow(block, at(base, first), (int) (rows * width));
            }
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
        void run(Workspace own, int task, long first, long rows);
    }

    private void each(Rows r, Task body) {
        workers.run(r.tasks(), t -> {
            long first = t * r.perTask;
            try (Workspace own = workspaces.open()) {
                body.run(own, t, first, Math.min(r.perTask, r.count - first));
            }
        });
    }

    private static void await(Rows r, Warmup loops) {
        loops.await();
        if (r.half()) {
            Bfloat16.WARMUP.await();
        }
    }

    /** Whether this case has a fast path; if not, nothing was done. */
    public boolean forward(
            View x,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View out,
            View mean,
            View variance) {
        Rows r = Rows.of(then, new View[] {x, out}, weight, bias, mean, variance);
        if (r == null) {
            return false;
        }
        await(r, BatchNormLoops.WARMUP);
        try (Workspace w = workspaces.open()) {
            long from = x.address();
            long to = out.address();
            long bytes = r.bytes();
            double[] pivots = pivots(w, r, from);
            long pivot = r.spread(w, pivots);
            long sums = w.take(2 * bytes * r.tasks());
            each(r, (own, task, first, rows) -> {
                long s = sums + 2 * bytes * task;
                BatchNormLoops.moments(r.read(own, from, first, rows), rows, bytes, pivot, s, s + bytes);
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
            each(r, (own, task, first, rows) -> {
                long in = r.read(own, from, first, rows);
                long result = r.write(own, to, first, rows);
                if (then == Activation.IDENTITY) {
                    BatchNormLoops.normalize(in, rows / r.joined, wide, center, scale, shift, result);
                } else {
                    BatchNormLoops.normalize(in, rows / r.joined, wide, center, scale, shift, high, result);
                }
                r.written(result, to, first, rows);
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
    private static double[] pivots(Workspace own, Rows r, long from) {
        double[] out = new double[r.channels];
        int rows = (int) Math.min(PIVOT_ROWS, r.count);
        for (int i = 0; i < rows; i++) {
            long row = r.read(own, from, r.count * i / rows, 1);
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
    public boolean gradient(
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
        Rows r = Rows.of(then, new View[] {x, g, gx}, weight, bias, mean, variance, gw, gb);
        if (r == null) {
            return false;
        }
        await(r, BatchNormLoops.GRADIENT_WARMUP);
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
            each(r, (own, task, first, rows) -> {
                long s = sums + 2 * bytes * task;
                long in = r.read(own, from, first, rows);
                long upstream = r.read(own, up, first, rows);
                if (then == Activation.IDENTITY) {
                    BatchNormLoops.sums(in, upstream, rows, bytes, center, s, s + bytes);
                } else {
                    BatchNormLoops.sums(in, upstream, rows, bytes, center, scale, shift, high, s, s + bytes);
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
            each(r, (own, task, first, rows) -> {
                long in = r.read(own, from, first, rows);
                long upstream = r.read(own, up, first, rows);
                long result = r.write(own, to, first, rows);
                long n = rows / r.joined;
                if (then == Activation.IDENTITY) {
                    BatchNormLoops.gradient(in, upstream, n, wide, center, scale, slope, constant, result);
                } else {
                    BatchNormLoops.gradient(in, upstream, n, wide, center, scale, shift, high, slope, constant, result);
                }
                r.written(result, to, first, rows);
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
