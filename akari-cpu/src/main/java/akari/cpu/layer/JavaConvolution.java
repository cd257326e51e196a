package akari.cpu.layer;

import akari.backend.Layout;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.Shape;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import akari.cpu.transfer.Strided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions in plain Java, without unfolding: activations lie in padded channels-last memory, where the window of an output pixel
 * is a few runs of consecutive elements, and {@link Tile} reads these as its rows.
 *
 * <p>The input gradient is such a convolution too: of the upstream gradient, spread out by the stride, with the mirrored kernel. The
 * weight gradient has the window's elements as rows and the output pixels as the inner dimension.
 */
final class JavaConvolution {
    private static final int TILES_PER_TASK = 32;

    /** Output pixels between two accumulations of the weight gradient: what they touch stays in the cache. */
    private static final long PIXELS = 1024;

    private final Workspace.Source workspaces;
    private final Workers workers;
    private final Layers.Sum sum;

    JavaConvolution(Workspace.Source workspaces, Workers workers, Layers.Sum sum) {
        this.workspaces = workspaces;
        this.workers = workers;
        this.sum = sum;
    }

    void forward(Convolution c, View x, View weight, @Nullable View bias, View y) {
        long outputs = weight.layout().size(0) / c.groups();
        Tile tile = Tile.of(y.dtype(), outputs);
        long[] size = spatial(x.shape());
        for (int d = 0; d < size.length; d++) {
            size[d] += 2 * c.padding().get(d);
        }
        try (Workspace w = workspaces.open()) {
            Image image = place(w, tile, x, size, ones(size.length), c.padding().toArray());
            Window window =
                    Window.of(image, weight.shape(), c.dilation(), c.groups() == 1, image.channels / c.groups());
            long[] taps = new long[window.taps];
            for (int t = 0; t < taps.length; t++) {
                taps[t] = weight.address() + tap(weight.layout(), t, false) * tile.bytes();
            }
            Layout l = weight.layout();
            long packed = pack(
                    w, tile, taps, c.groups(), outputs, l.size(1), l.stride(0), l.stride(1), outputs * l.stride(0));
            run(w, tile, image, c.stride(), window, packed, c.groups(), outputs, bias, y);
        }
    }

    void inputGradient(Convolution c, View g, View weight, View gx) {
        Layout l = weight.layout();
        long outputs = gx.layout().size(1) / c.groups();
        long inputs = l.size(0) / c.groups();
        Tile tile = Tile.of(gx.dtype(), outputs);
        long[] size = spatial(gx.shape());
        long[] before = new long[size.length];
        for (int d = 0; d < size.length; d++) {
            long reach = c.dilation().get(d) * (l.size(d + 2) - 1);
            size[d] += reach;
            before[d] = reach - c.padding().get(d);
        }
        try (Workspace w = workspaces.open()) {
            Image image = place(w, tile, g, size, c.stride().toArray(), before);
            Window window = Window.of(image, weight.shape(), c.dilation(), c.groups() == 1, inputs);
            long[] taps = new long[window.taps];
            for (int t = 0; t < taps.length; t++) {
                taps[t] = weight.address() + tap(l, t, true) * tile.bytes();
            }
            long packed =
                    pack(w, tile, taps, c.groups(), outputs, inputs, l.stride(1), l.stride(0), inputs * l.stride(0));
            run(w, tile, image, Shape.fill(size.length, 1), window, packed, c.groups(), outputs, null, gx);
        }
    }

    void weightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        long outputs = gw.layout().size(0) / c.groups();
        long inputs = gw.layout().size(1);
        Tile tile = Tile.of(gw.dtype(), outputs);
        int bytes = tile.bytes();
        long[] size = spatial(x.shape());
        for (int d = 0; d < size.length; d++) {
            size[d] += 2 * c.padding().get(d);
        }
        try (Workspace w = workspaces.open()) {
            Image image = place(w, tile, x, size, ones(size.length), c.padding().toArray());
            Image up = place(w, tile, g, spatial(g.shape()), ones(size.length), new long[size.length]);
            Window window = Window.of(image, gw.shape(), c.dilation(), false, inputs);
            int elements = Math.toIntExact(window.taps * inputs);
            long result = w.take(c.groups() * elements * outputs * bytes);
            weightSums(tile, c, image, up, window, elements, inputs, outputs, result);
            long[] from = new long[gw.layout().rank()];
            from[0] = 1;
            from[1] = outputs;
            long step = inputs * outputs;
            for (int d = from.length - 1; d >= 2; d--) {
                from[d] = step;
                step *= gw.layout().size(d);
            }
            Layout part = gw.layout().slice(0, 0, outputs, 1);
            for (long i = 0; i < c.groups(); i++) {
                Strided.copy(
                        workers,
                        bytes,
                        result + i * elements * outputs * bytes,
                        Layout.of(part.shape(), from, 0),
                        gw.address() + i * outputs * part.stride(0) * bytes,
                        part);
            }
        }
        if (gb != null) {
            Layers.biasGradient(sum, g, gb);
        }
    }

    // ---- images and windows

    /** Dense channels-last memory: {@code steps} in bytes for the batch and the spatial dimensions. */
    private record Image(long address, long batch, long[] size, long channels, long[] steps) {
        /** Place of output pixel {@code p}, counted row-major over batch and spatial dimensions {@code out}. */
        long place(long p, long[] out, Shape stride) {
            long at = 0;
            for (int d = out.length - 1; d >= 0; d--) {
                at += p % out[d] * stride.get(d) * steps[d + 1];
                p /= out[d];
            }
            return at + p * steps[0];
        }
    }

    /**
     * @param taps positions of the kernel
     * @param runs their places, fewer where those of a kernel row lie side by side
     * @param length elements a run
     */
    private record Window(int taps, long[] runs, int length) {
        static Window of(Image image, Shape weight, Shape dilation, boolean join, long inputs) {
            int last = dilation.rank() - 1;
            boolean joined = join && (dilation.get(last) == 1 || weight.get(last + 2) == 1);
            int taps = 1;
            for (int d = 0; d <= last; d++) {
                taps = Math.multiplyExact(taps, Math.toIntExact(weight.get(d + 2)));
            }
            int row = joined ? (int) weight.get(last + 2) : 1;
            long[] runs = new long[taps / row];
            for (int i = 0; i < runs.length; i++) {
                long t = (long) i * row;
                for (int d = last; d >= 0; d--) {
                    runs[i] += t % weight.get(d + 2) * dilation.get(d) * image.steps[d + 1];
                    t /= weight.get(d + 2);
                }
            }
            return new Window(taps, runs, Math.toIntExact(inputs * row));
        }
    }

    private static long[] spatial(Shape s) {
        return Arrays.copyOfRange(s.toArray(), 2, s.rank());
    }

    private static long[] ones(int n) {
        return Shape.fill(n, 1).toArray();
    }

    /**
     * {@code v} in channels-last memory of spatial size {@code size}: element o of a dimension at {@code o * step + before}, zeros
     * between and around; what falls outside is cut off. {@code v}'s own memory where that already is so.
     */
    private Image place(Workspace w, Tile tile, View v, long[] size, long[] step, long[] before) {
        Layout source = v.layout();
        int n = size.length;
        long channels = source.size(1);
        long[] shape = source.shape().toArray();
        System.arraycopy(size, 0, shape, 2, n);
        Layout whole = Layout.channelsLast(Shape.of(shape));
        long[] steps = new long[n + 1];
        steps[0] = whole.stride(0) * tile.bytes();
        boolean asIs = source.isChannelsLast();
        long[] strides = whole.strides();
        long first = 0;
        boolean empty = false;
        for (int d = 0; d < n; d++) {
            steps[d + 1] = whole.stride(d + 2) * tile.bytes();
            asIs &= before[d] == 0 && step[d] == 1 && size[d] == source.size(d + 2);
            long from = Math.max(0, Math.ceilDiv(-before[d], step[d]));
            long to = Math.min(source.size(d + 2), Math.ceilDiv(size[d] - before[d], step[d]));
            empty |= to <= from;
            source = source.slice(d + 2, Math.min(from, source.size(d + 2)), Math.max(0, to - from), 1);
            first += (from * step[d] + before[d]) * strides[d + 2];
            strides[d + 2] *= step[d];
        }
        if (asIs) {
            return new Image(v.address(), shape[0], size, channels, steps);
        }
        long bytes = whole.numel() * tile.bytes();
        long target = w.take(bytes);
        Strided.zero(target, bytes);
        if (!empty) {
            Strided.copy(
                    workers,
                    tile.bytes(),
                    v.with(source).address(),
                    source,
                    target + first * tile.bytes(),
                    Layout.of(source.shape(), strides, 0));
        }
        return new Image(target, shape[0], size, channels, steps);
    }

    // ---- forward

    /** Offset of the kernel position that comes {@code t}-th in row-major order, from either end. */
    private static long tap(Layout weight, int t, boolean mirrored) {
        long at = 0;
        for (int d = weight.rank() - 1; d >= 2; d--) {
            long i = t % weight.size(d);
            t /= (int) weight.size(d);
            at += (mirrored ? weight.size(d) - 1 - i : i) * weight.stride(d);
        }
        return at;
    }

    /** Weights as {@code [group][panel of outputs][tap][input][column]}, filled up with zeros. */
    private long pack(
            Workspace w,
            Tile tile,
            long[] taps,
            long groups,
            long outputs,
            long inputs,
            long outputStep,
            long inputStep,
            long groupStep) {
        int columns = tile.columns();
        int bytes = tile.bytes();
        long panels = Math.ceilDiv(outputs, columns);
        long tapSize = inputs * columns * bytes;
        long packed = w.take(groups * panels * taps.length * tapSize);
        if (outputs % columns != 0) {
            Strided.zero(packed, groups * panels * taps.length * tapSize);
        }
        for (long i = 0; i < groups * panels; i++) {
            long first = i % panels * columns;
            Shape part = Shape.of(inputs, Math.min(columns, outputs - first));
            Layout from = Layout.of(part, new long[] {inputStep, outputStep}, 0);
            Layout to = Layout.of(part, new long[] {columns, 1}, 0);
            long offset = (i / panels * groupStep + first * outputStep) * bytes;
            for (int t = 0; t < taps.length; t++) {
                Strided.copy(workers, bytes, taps[t] + offset, from, packed + (i * taps.length + t) * tapSize, to);
            }
        }
        return packed;
    }

    private void run(
            Workspace w,
            Tile tile,
            Image image,
            Shape stride,
            Window window,
            long packed,
            long groups,
            long outputs,
            @Nullable View bias,
            View y) {
        int bytes = tile.bytes();
        long[] out = spatial(y.shape());
        long channels = y.layout().size(1);
        long pixels = y.numel() / channels;
        boolean direct = y.layout().isChannelsLast();
        long to = direct ? y.address() : w.take(y.numel() * bytes);
        long plus = 0;
        if (bias != null) {
            plus = w.take(channels * bytes);
            Strided.copy(workers, bytes, bias.address(), bias.layout(), plus, Layout.contiguous(bias.shape()));
        }
        long add = plus;
        int rows = tile.rows();
        int columns = tile.columns();
        long perTask = (long) TILES_PER_TASK * rows;
        long panels = Math.ceilDiv(outputs, columns);
        long panelSize = (long) window.runs.length * window.length * columns * bytes;
        long groupChannels = image.channels / groups * bytes;
        long line = out[out.length - 1];
        long step = stride.get(-1) * image.steps[out.length];
        workers.run(Math.toIntExact(Math.ceilDiv(pixels, perTask)), task -> {
            long first = task * perTask;
            long end = Math.min(pixels, first + perTask);
            long[] places = new long[rows];
            long x = first % line;
            long start = image.place(first - x, out, stride);
            try (Workspace scratch = workspaces.open()) {
                long sums = scratch.take(tile.size());
                for (long p = first; p < end; p += rows) {
                    int height = (int) Math.min(rows, end - p);
                    for (int q = 0; q < rows; q++) {
                        if (q >= height) {
                            places[q] = places[height - 1];
                            continue;
                        }
                        if (x == line) {
                            x = 0;
                            start = image.place(p + q, out, stride);
                        }
                        places[q] = start + x++ * step;
                    }
                    for (long i = 0; i < groups * panels; i++) {
                        long column = i / panels * outputs + i % panels * columns;
                        int width = (int) Math.min(columns, (i / panels + 1) * outputs - column);
                        tile.sum(
                                image.address + i / panels * groupChannels,
                                places,
                                window.runs,
                                window.length,
                                bytes,
                                packed + i * panelSize,
                                (long) columns * bytes,
                                sums);
                        long plusRow = add == 0 ? 0 : add + column * bytes;
                        tile.write(
                                sums,
                                height,
                                width,
                                plusRow,
                                0,
                                to + (p * channels + column) * bytes,
                                channels * bytes);
                    }
                }
            }
        });
        if (!direct) {
            Strided.copy(workers, bytes, to, Layout.channelsLast(y.shape()), y.address(), y.layout());
        }
    }

    // ---- weight gradient

    /** Sums over all output pixels of window element times upstream gradient, as {@code [group][element][output]}. */
    private void weightSums(
            Tile tile,
            Convolution c,
            Image image,
            Image up,
            Window window,
            int elements,
            long inputs,
            long outputs,
            long result) {
        int bytes = tile.bytes();
        int rows = tile.rows();
        int columns = tile.columns();
        int last = up.size.length - 1;
        int line = Math.toIntExact(up.size[last]);
        long lines = up.batch;
        for (int d = 0; d < last; d++) {
            lines *= up.size[d];
        }
        long allLines = lines;
        long pixelStep = up.channels * bytes;
        long linesPerChunk = Math.max(1, PIXELS / line);
        int panels = Math.toIntExact(Math.ceilDiv(outputs, columns));
        int blocks = Math.ceilDiv(elements, TILES_PER_TASK * rows);
        workers.run(Math.toIntExact(c.groups() * panels * blocks), task -> {
            long group = task / (panels * blocks);
            long column = (long) (task / blocks % panels) * columns;
            int width = (int) Math.min(columns, outputs - column);
            int firstRow = task % blocks * TILES_PER_TASK * rows;
            int endRow = Math.min(elements, firstRow + TILES_PER_TASK * rows);
            long from = image.address + group * inputs * bytes;
            long b = up.address + (group * outputs + column) * bytes;
            long to = result + (group * elements * outputs + column) * bytes;
            try (Workspace w = workspaces.open()) {
                long sums = w.take(tile.size());
                // a tile reads whole rows: those of the last line would reach beyond the end of memory
                long padded = w.take((long) line * columns * bytes);
                Layout tail = Layout.contiguous(Shape.of(line, width));
                Strided.copy(
                        workers,
                        bytes,
                        b + (allLines - 1) * line * pixelStep,
                        Layout.of(tail.shape(), new long[] {up.channels, 1}, 0),
                        padded,
                        Layout.of(tail.shape(), new long[] {columns, 1}, 0));
                long[] places = new long[rows];
                for (long l = 0; l < allLines; ) {
                    boolean end = l == allLines - 1;
                    int count = (int) (end ? 1 : Math.min(linesPerChunk, allLines - 1 - l));
                    long[] runs = new long[count];
                    for (int i = 0; i < count; i++) {
                        runs[i] = image.place((l + i) * line, up.size, c.stride());
                    }
                    for (int j = firstRow; j < endRow; j += rows) {
                        int height = Math.min(rows, endRow - j);
                        for (int q = 0; q < rows; q++) {
                            int element = j + Math.min(q, height - 1);
                            places[q] = window.runs[(int) (element / inputs)] + element % inputs * bytes;
                        }
                        tile.sum(
                                from,
                                places,
                                runs,
                                line,
                                c.stride().get(last) * image.steps[last + 1],
                                end ? padded : b + l * line * pixelStep,
                                end ? (long) columns * bytes : pixelStep,
                                sums);
                        long at = to + j * outputs * bytes;
                        tile.write(sums, height, width, l == 0 ? 0 : at, outputs * bytes, at, outputs * bytes);
                    }
                    l += count;
                }
            }
        });
    }
}
