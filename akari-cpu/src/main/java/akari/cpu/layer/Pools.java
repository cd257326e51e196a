package akari.cpu.layer;

import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import akari.cpu.transfer.Strided;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Pooling of FLOAT32 in channels-last memory, a vector of channels at a time; other layouts are brought there and back. */
public final class Pools {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = F.length();

    /** Input elements below which rows are not worth a task. */
    private static final int GRAIN = 1 << 13;

    public static final Warmup WARMUP = new Warmup(scraps());

    /** Windows of 3×3 over 8×8 pixels of one vector, to 4×4. */
    private static Warmup.Scrap[] scraps() {
        Shape two = Shape.of(2, 2);
        Shape one = Shape.of(1, 1);
        Pooling p = new Pooling(Shape.of(3, 3), two, one, one, false, true, 0, null);
        Windows w = Windows.of(
                p, Layout.channelsLast(Shape.of(1, LANES, 8, 8)), Layout.channelsLast(Shape.of(1, LANES, 4, 4)));
        long out = Warmup.BYTES / 4;
        long index = Warmup.BYTES / 2;
        return new Warmup.Scrap[] {
            (m, n) -> w.max(n % 4, m, m + out, m + index),
            (m, n) -> Windows.greater(m, m + out, (long) n * F.vectorByteSize(), false),
            (m, n) -> Windows.columns(m, F.vectorByteSize(), n, 9, m + out),
            (m, n) -> Windows.put(m, LANES, 9, m + out, n),
            (m, n) -> Windows.add(m, LANES, 9, m + out, n),
            Sums.SCRAP
        };
    }

    private final Workspace.Source workspaces;
    private final Workers workers;

    public Pools(Workspace.Source workspaces, Workers workers) {
        this.workspaces = workspaces;
        this.workers = workers;
    }

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    public boolean max(Pooling p, View x, View out, @Nullable View index) {
        if (!covers(x, out)) {
            return false;
        }
        WARMUP.await();
        Windows windows = Windows.of(p, x.layout(), out.layout());
        try (Workspace w = workspaces.open()) {
            long from = in(w, x);
            long to = out(w, out);
            long at = index == null ? 0 : out(w, index);
            rows(windows, (own, row) -> {
                if (index != null) {
                    windows.max(row, from, to, at);
                } else {
                    windows.max(row, from, to, own);
                }
            });
            deliver(out, to);
            if (index != null) {
                deliver(index, at);
            }
        }
        return true;
    }

    public boolean maxGradient(View g, View index, View gx) {
        Layout from = g.layout();
        if (!covers(g, gx) || !from.isChannelsLast() || !index.layout().isChannelsLast()) {
            return false;
        }
        long n = from.size(0);
        long channels = from.size(1);
        long outputs = from.numel() / n;
        long inputs = gx.numel() / n;
        try (Workspace w = workspaces.open()) {
            long to = out(w, gx);
            // windows overlap within an image only
            workers.run(
                    Math.toIntExact(n),
                    i -> spread(
                            g.address() + i * outputs * Float.BYTES,
                            index.address() + i * outputs * Long.BYTES,
                            to + i * inputs * Float.BYTES,
                            (int) channels,
                            outputs,
                            inputs));
            deliver(gx, to);
        }
        return true;
    }

    private static void spread(long g, long index, long gx, int channels, long outputs, long inputs) {
        Strided.zero(gx, inputs * Float.BYTES);
        long places = inputs / channels;
        for (long first = 0; first < outputs; first += channels) {
            for (int c = 0; c < channels; c++) {
                long place = SystemMemory.ALL.get(ValueLayout.JAVA_LONG, index + (first + c) * Long.BYTES);
                Objects.checkIndex(place, places);
                long at = gx + (place * channels + c) * Float.BYTES;
                float sum = SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, at)
                        + SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, g + (first + c) * Float.BYTES);
                SystemMemory.ALL.set(ValueLayout.JAVA_FLOAT, at, sum);
            }
        }
    }

    public boolean average(Pooling p, View x, View out) {
        if (!covers(x, out)) {
            return false;
        }
        WARMUP.await();
        Windows windows = Windows.of(p, x.layout(), out.layout());
        try (Workspace w = workspaces.open()) {
            long from = in(w, x);
            long to = out(w, out);
            rows(windows, (own, row) -> windows.average(row, from, to, own));
            deliver(out, to);
        }
        return true;
    }

    public boolean averageGradient(Pooling p, View g, View gx) {
        if (!covers(g, gx)) {
            return false;
        }
        WARMUP.await();
        Windows windows = Windows.of(p, gx.layout(), g.layout());
        try (Workspace w = workspaces.open()) {
            long from = in(w, g);
            long to = out(w, gx);
            // windows overlap within an image only
            workers.run(Math.toIntExact(gx.layout().size(0)), n -> {
                try (Workspace own = workspaces.open()) {
                    windows.spread(n, from, to, own);
                }
            });
            deliver(gx, to);
        }
        return true;
    }

    private interface Row {
        void run(Workspace own, int row);
    }

    /** All rows of output pixels, some together. */
    private void rows(Windows windows, Row body) {
        int n = windows.rows();
        int some = Math.max(1, GRAIN / (windows.in[2] * windows.channels));
        workers.run(Math.ceilDiv(n, some), task -> {
            for (int row = task * some; row < Math.min(n, (task + 1) * some); row++) {
                try (Workspace own = workspaces.open()) {
                    body.run(own, row);
                }
            }
        });
    }

    private static boolean covers(View a, View b) {
        return a.dtype() == DType.FLOAT32
                && a.numel() > 0
                && b.numel() > 0
                && a.numel() / a.layout().size(0) < Integer.MAX_VALUE;
    }

    private long in(Workspace w, View v) {
        if (v.layout().isChannelsLast()) {
            return v.address();
        }
        int bytes = v.dtype().bytes();
        long to = w.take(v.numel() * bytes);
        Strided.copy(workers, bytes, v.address(), v.layout(), to, Layout.channelsLast(v.shape()));
        return to;
    }

    private static long out(Workspace w, View v) {
        return v.layout().isChannelsLast()
                ? v.address()
                : w.take(v.numel() * v.dtype().bytes());
    }

    private void deliver(View v, long written) {
        if (!v.layout().isChannelsLast()) {
            Strided.copy(workers, v.dtype().bytes(), written, Layout.channelsLast(v.shape()), v.address(), v.layout());
        }
    }

    /**
     * The windows of three spatial dimensions (leading ones of size 1 where there are fewer), clipped to the input: of each output
     * index the first input index and one past the last.
     */
    private record Windows(
            int channels,
            int images,
            int[] in,
            int[] out,
            int[] step,
            int[][] start,
            int[][] end,
            float[][] counted,
            float divisor) {

        static Windows of(Pooling p, Layout x, Layout y) {
            int lead = 3 - p.dims();
            int[] in = {1, 1, 1};
            int[] out = {1, 1, 1};
            int[] step = {1, 1, 1};
            int[][] start = {{0}, {0}, {0}};
            int[][] end = {{1}, {1}, {1}};
            float[][] counted = {{1}, {1}, {1}};
            for (int d = lead; d < 3; d++) {
                int spatial = d - lead;
                in[d] = (int) x.size(spatial + 2);
                out[d] = (int) y.size(spatial + 2);
                step[d] = (int) p.dilation().get(spatial);
                start[d] = new int[out[d]];
                end[d] = new int[out[d]];
                counted[d] = new float[out[d]];
                for (int o = 0; o < out[d]; o++) {
                    long first = p.start(spatial, o, in[d]);
                    // whole steps, because a dilated window has gaps
                    long skipped = first < 0 ? Math.ceilDiv(-first, step[d]) * step[d] : 0;
                    start[d][o] = (int) (first + skipped);
                    end[d][o] = (int) Math.min(p.end(spatial, o, in[d]), in[d]);
                    counted[d][o] = p.counted(spatial, o, in[d]);
                }
            }
            int channels = (int) x.size(1);
            int images = Math.toIntExact(x.size(0));
            return new Windows(channels, images, in, out, step, start, end, counted, p.divisor());
        }

        int rows() {
            return Math.multiplyExact(images, out[0] * out[1]);
        }

        private long image(long n) {
            return n * in[0] * in[1] * in[2] * channels;
        }

        private float divisor(int d, int h, int w) {
            return divisor != 0 ? divisor : counted[0][d] * counted[1][h] * counted[2][w];
        }

        /** Values alone: the maximum of the windows' rows first, for all columns, and then that of its columns. */
        void max(int task, long x, long y, Workspace w) {
            int oh = task % out[1];
            int od = task / out[1] % out[0];
            long row = (long) in[2] * channels * Float.BYTES;
            long pixel = (long) channels * Float.BYTES;
            long base = x + image(task / (out[0] * out[1])) * Float.BYTES;
            long rows = w.take(row);
            boolean first = true;
            for (int d = start[0][od]; d < end[0][od]; d += step[0]) {
                for (int h = start[1][oh]; h < end[1][oh]; h += step[1]) {
                    greater(base + ((long) d * in[1] + h) * row, rows, row, first);
                    first = false;
                }
            }
            for (int ow = 0; ow < out[2]; ow++) {
                long to = y + ((long) task * out[2] + ow) * pixel;
                for (int i = start[2][ow]; i < end[2][ow]; i += step[2]) {
                    greater(rows + i * pixel, to, pixel, i == start[2][ow]);
                }
            }
        }

        /** Elementwise {@code to = max(to, from)}; of equal ones the first stays, NaN wins. */
        private static void greater(long from, long to, long bytes, boolean copy) {
            if (copy) {
                MemorySegment.copy(SystemMemory.ALL, from, SystemMemory.ALL, to, bytes);
                return;
            }
            long o = 0;
            for (; o + F.vectorByteSize() <= bytes; o += F.vectorByteSize()) {
                greater(
                                FloatVector.fromMemorySegment(F, SystemMemory.ALL, from + o, ORDER),
                                FloatVector.fromMemorySegment(F, SystemMemory.ALL, to + o, ORDER))
                        .intoMemorySegment(SystemMemory.ALL, to + o, ORDER);
            }
            if (o < bytes) {
                VectorMask<Float> rest = F.indexInRange(0, (int) (bytes - o) / Float.BYTES);
                greater(load(from + o, rest), load(to + o, rest))
                        .intoMemorySegment(SystemMemory.ALL, to + o, ORDER, rest);
            }
        }

        private static FloatVector greater(FloatVector v, FloatVector best) {
            return best.blend(v, v.compare(VectorOperators.GT, best).or(v.test(VectorOperators.IS_NAN)));
        }

        void max(int task, long x, long y, long index) {
            int h = task % out[1];
            int d = task / out[1] % out[0];
            long base = x + image(task / (out[0] * out[1])) * Float.BYTES;
            for (int w = 0; w < out[2]; w++) {
                long pixel = ((long) task * out[2] + w) * channels;
                for (int c = 0; c < channels; c += LANES) {
                    max(base, d, h, w, c, y + (pixel + c) * Float.BYTES, index + (pixel + c) * Long.BYTES);
                }
            }
        }

        private void max(long base, int od, int oh, int ow, int c, long y, long index) {
            VectorMask<Float> lanes = F.indexInRange(c, channels);
            FloatVector best = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
            IntVector where = IntVector.broadcast(I, (start[0][od] * in[1] + start[1][oh]) * in[2] + start[2][ow]);
            for (int d = start[0][od]; d < end[0][od]; d += step[0]) {
                for (int h = start[1][oh]; h < end[1][oh]; h += step[1]) {
                    for (int w = start[2][ow]; w < end[2][ow]; w += step[2]) {
                        int at = (d * in[1] + h) * in[2] + w;
                        FloatVector v = load(base + ((long) at * channels + c) * Float.BYTES, lanes);
                        // as in PyTorch the last NaN of a window is the one pointed at
                        VectorMask<Float> take =
                                v.compare(VectorOperators.GT, best).or(v.test(VectorOperators.IS_NAN));
                        best = best.blend(v, take);
                        where = where.blend(at, take.cast(I));
                    }
                }
            }
            best.intoMemorySegment(SystemMemory.ALL, y, ORDER, lanes);
            for (int part = 0; part * L.length() < LANES; part++) {
                LongVector wide = (LongVector) where.convertShape(VectorOperators.I2L, L, part);
                wide.intoMemorySegment(
                        SystemMemory.ALL,
                        index + (long) part * L.vectorByteSize(),
                        ORDER,
                        L.indexInRange(c + part * L.length(), channels));
            }
        }

        /** The sum of the windows' rows first, for all columns, and then that of its columns. */
        void average(int task, long x, long y, Workspace w) {
            int oh = task % out[1];
            int od = task / out[1] % out[0];
            long row = (long) in[2] * channels;
            long pixel = (long) channels * Float.BYTES;
            long base = x + image(task / (out[0] * out[1])) * Float.BYTES;
            long rows = w.floats(row + LANES);
            Strided.zero(rows + row * Float.BYTES, F.vectorByteSize());
            boolean first = true;
            for (int d = start[0][od]; d < end[0][od]; d++) {
                for (int h = start[1][oh]; h < end[1][oh]; h++) {
                    long from = base + ((long) d * in[1] + h) * row * Float.BYTES;
                    if (first) {
                        MemorySegment.copy(SystemMemory.ALL, from, SystemMemory.ALL, rows, row * Float.BYTES);
                    } else {
                        Sums.add(from, rows, row);
                    }
                    first = false;
                }
            }
            long results = w.floats((long) out[2] * channels + LANES);
            boolean finite = true;
            for (int ow = 0; ow < out[2]; ow++) {
                long from = rows + start[2][ow] * pixel;
                int n = first ? 0 : end[2][ow] - start[2][ow];
                finite &= columns(from, pixel, n, divisor(od, oh, ow), results + ow * pixel);
            }
            if (!finite) {
                wider(base, od, oh, results);
            }
            long bytes = out[2] * pixel;
            MemorySegment.copy(SystemMemory.ALL, results, SystemMemory.ALL, y + task * bytes, bytes);
        }

        /**
         * The mean of {@code n} pixels; whole vectors, so that memory behind the result is overwritten, too.
         *
         * @return false if one of them is not finite
         */
        private static boolean columns(long from, long pixel, int n, float divisor, long to) {
            FloatVector odd = FloatVector.zero(F);
            for (long o = 0; o < pixel; o += F.vectorByteSize()) {
                FloatVector sum = FloatVector.zero(F);
                for (int i = 0; i < n; i++) {
                    sum = sum.add(FloatVector.fromMemorySegment(F, SystemMemory.ALL, from + i * pixel + o, ORDER));
                }
                FloatVector mean = sum.div(divisor);
                odd = mean.fma(FloatVector.zero(F), odd);
                mean.intoMemorySegment(SystemMemory.ALL, to + o, ORDER);
            }
            return odd.eq(0).allTrue();
        }

        /** Those means of a row that are not finite once more, in double: a sum overflows where the mean need not. */
        private void wider(long base, int od, int oh, long results) {
            for (int ow = 0; ow < out[2]; ow++) {
                for (int c = 0; c < channels; c++) {
                    long to = results + ((long) ow * channels + c) * Float.BYTES;
                    if (!Float.isFinite(SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, to))) {
                        double mean = sum(base, od, oh, ow, c) / divisor(od, oh, ow);
                        SystemMemory.ALL.set(ValueLayout.JAVA_FLOAT, to, (float) mean);
                    }
                }
            }
        }

        private double sum(long base, int od, int oh, int ow, int c) {
            double sum = 0;
            for (int d = start[0][od]; d < end[0][od]; d++) {
                for (int h = start[1][oh]; h < end[1][oh]; h++) {
                    for (int w = start[2][ow]; w < end[2][ow]; w++) {
                        long at = ((long) d * in[1] + h) * in[2] + w;
                        sum += SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, base + (at * channels + c) * Float.BYTES);
                    }
                }
            }
            return sum;
        }

        /** The other way round: each row of shares is spread over its columns, and then added to the rows of its windows. */
        void spread(int n, long g, long gx, Workspace w) {
            long base = gx + image(n) * Float.BYTES;
            Strided.zero(base, image(1) * Float.BYTES);
            long row = (long) in[2] * channels;
            long pixel = (long) channels * Float.BYTES;
            long shares = w.floats(row + LANES);
            boolean apart = apart(2);
            for (int d = 0; d < out[0]; d++) {
                for (int h = 0; h < out[1]; h++) {
                    Strided.zero(shares, row * Float.BYTES);
                    long from = g + (((long) n * out[0] + d) * out[1] + h) * out[2] * pixel;
                    for (int ow = 0; ow < out[2]; ow++) {
                        long to = shares + start[2][ow] * pixel;
                        int columns = end[2][ow] - start[2][ow];
                        if (apart) {
                            put(from + ow * pixel, channels, divisor(d, h, ow), to, columns);
                        } else {
                            add(from + ow * pixel, channels, divisor(d, h, ow), to, columns);
                        }
                    }
                    for (int i = start[0][d]; i < end[0][d]; i++) {
                        for (int j = start[1][h]; j < end[1][h]; j++) {
                            Sums.add(shares, base + ((long) i * in[1] + j) * row * Float.BYTES, row);
                        }
                    }
                }
            }
        }

        /** Whether no window begins before the one before it ends. */
        private boolean apart(int d) {
            for (int o = 1; o < out[d]; o++) {
                if (start[d][o] < end[d][o - 1]) {
                    return false;
                }
            }
            return true;
        }

        /** Writes a pixel's share to {@code n} pixels in turn; whole vectors, which the next ones overwrite. */
        private static void put(long g, int channels, float divisor, long to, int n) {
            for (int i = 0; i < n; i++) {
                for (int c = 0; c < channels; c += LANES) {
                    load(g + (long) c * Float.BYTES, F.indexInRange(c, channels))
                            .div(divisor)
                            .intoMemorySegment(SystemMemory.ALL, to + ((long) i * channels + c) * Float.BYTES, ORDER);
                }
            }
        }

        /** Adds a pixel's share to {@code n} pixels. */
        private static void add(long g, int channels, float divisor, long to, int n) {
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> lanes = F.indexInRange(c, channels);
                FloatVector share = load(g + (long) c * Float.BYTES, lanes).div(divisor);
                for (int i = 0; i < n; i++) {
                    long at = to + ((long) i * channels + c) * Float.BYTES;
                    load(at, lanes).add(share).intoMemorySegment(SystemMemory.ALL, at, ORDER, lanes);
                }
            }
        }

        private static FloatVector load(long address, VectorMask<Float> lanes) {
            return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address, ORDER, lanes);
        }
    }
}
