package akari.cpu.dnn;

import akari.backend.Activation;
import akari.backend.Buffer;
import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.layer.Finite;
import akari.cpu.layer.Layers;
import akari.cpu.layer.Sums;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * 3×3 convolutions with stride 1 by Winograd's minimal filtering F(4×4, 3×3): a tile of 4×4 outputs costs 36 multiplications for each
 * pair of channels instead of 144 (Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks", 2016).
 *
 * <pre>{@code
 * V = Bᵀ x B       6×6 input tiles, overlapping by two          inputs
 * U = G w Gᵀ       each 3×3 filter as 6×6                       filters
 * M = V · U        36 matrix products [tiles, C]·[C, K]         oneDNN
 * y = Aᵀ M A       4×4 output tiles                             outputs
 * }</pre>
 *
 * <p>The input gradient is the same with mirrored filters. The weight gradient correlates input tiles with tiles of the upstream
 * gradient, F(3×3, 4×4): {@code w' = Aᵀ (Bᵀ x B · G g Gᵀ) A}, summed over the tiles by the products.
 *
 * <p>Images are channels-last; a run of channels is what the transforms vectorise over. Tiles at the border read a line of zeros and
 * write to a line that nobody reads, so that all tiles take one path. Work is cut into blocks of tiles by size alone, and every
 * product runs on one thread: results do not depend on the number of threads. Rounding: relative root mean square error 1e-6
 * to 3e-6; a finite outlier rounds all outputs of the tiles that see it, see {@link akari.backend.Algorithms}.
 *
 * <p>Infinities and NaN would spread over their tile as NaN, and large numbers overflow in the transforms. So results that are not finite
 * are taken from a {@linkplain Direct direct} convolution instead, in which they reach only what reads them.
 */
final class Winograd {
    /** Tiles of a block: transformed, multiplied and transformed back while they are in the cache. */
    private static final int BLOCK = 64;

    /** Batches of products that different threads may take. */
    private static final int GROUPS = 4;

    private static final int POSITIONS = 36;

    /** Between rows of scratch memory, so that they do not fall on the same cache sets. */
    private static final int GAP = 64;

    /** Bytes that the weight gradient's partial sums may take: each part of the tiles has its own. */
    private static final long PARTS = 8 << 20;

    /** Bytes of a filter's transform that one thread takes at a time. */
    private static final long CHUNK = 2048;

    private final Workspace.Source workspaces;
    private final Workers workers;
    private final DnnCopies copies;
    private final PackedWeights packed;
    private final LongFunction<Buffer> memory;
    private final Layers.Sum sum;
    private final DnnCache<Product, Primitive> products = new DnnCache<>(Winograd::make);

    Winograd(
            Workspace.Source workspaces,
            Workers workers,
            DnnCopies copies,
            PackedWeights packed,
            LongFunction<Buffer> memory,
            Layers.Sum sum) {
        this.workspaces = workspaces;
        this.workers = workers;
        this.copies = copies;
        this.packed = packed;
        this.memory = memory;
        this.sum = sum;
    }

    /** The same pass without Winograd's sums, bias or epilogue. */
    interface Direct {
        void run(View out);
    }

    /** Whether this algorithm applies at all; {@code x} and {@code weight} are the convolution's. */
    static boolean applies(Convolution c, Shape x, Shape weight) {
        return c.dims() == 2
                && c.groups() == 1
                && c.stride().equals(Shape.of(1, 1))
                && c.dilation().equals(Shape.of(1, 1))
                && weight.get(2) == 3
                && weight.get(3) == 3
                && c.padding().get(0) <= 1
                && c.padding().get(1) <= 1
                && x.get(1) * Float.BYTES % WinogradTransforms.VECTOR == 0
                && weight.get(0) * Float.BYTES % WinogradTransforms.VECTOR == 0;
    }

    static boolean applies(Activation then) {
        return then == Activation.IDENTITY || then == Activation.RELU || then == Activation.RELU6;
    }

    // ---- the three passes

    void forward(Convolution c, View x, View weight, @Nullable View bias, Epilogue then, View y, Direct direct) {
        Tiles t = Tiles.of(x.shape(), y.shape(), c.padding().get(0), c.padding().get(1));
        correlate(t, x, weight, false, bias, then, y, direct);
    }

    void inputGradient(Convolution c, View g, View weight, View gx, Direct direct) {
        Tiles t = Tiles.of(
                g.shape(), gx.shape(), 2 - c.padding().get(0), 2 - c.padding().get(1));
        correlate(t, g, weight, true, null, Epilogue.NONE, gx, direct);
    }

    private void correlate(
            Tiles t, View x, View weight, boolean mirrored, @Nullable View bias, Epilogue then, View y, Direct direct) {
        try (Workspace w = workspaces.open()) {
            long from = copies.in(w, x, Layout.channelsLast(x.shape()));
            Layout target = Layout.channelsLast(y.shape());
            long to = copies.out(w, y, target);
            if (to != y.address() && then.accumulate()) {
                to = copies.in(w, y, target);
            }
            long c = x.shape().get(1);
            long k = y.shape().get(1);
            long filters = filters(w, weight, mirrored);
            Output out = Output.of(w, copies, bias, then, to, k);
            run(w, t, from, c, filters, mirrored, out);
            again(t, out, y.shape(), direct);
            copies.deliver(w, to, target, y);
        }
    }

    private void run(Workspace w, Tiles t, long from, long c, long filters, boolean mirrored, Output out) {
        int blocks = blocks(t.count());
        int block = Math.ceilDiv(t.count(), blocks);
        if (blocks > 1) {
            workers.run(blocks, i -> {
                int first = i * block;
                int n = Math.min(block, t.count() - first);
                try (Workspace own = workspaces.open()) {
                    Tiled v = Tiled.take(own, n, c);
                    Tiled m = Tiled.take(own, n, out.channels);
                    inputs(own, t, first, first, first + n, from, v);
                    product(POSITIONS, n, c, out.channels, mirrored ? Kind.MIRRORED : Kind.FORWARD)
                            .run(own, v.address, filters, m.address);
                    outputs(own, t, first, first, first + n, m, out);
                }
            });
            return;
        }
        int n = t.count();
        Tiled v = Tiled.take(w, n, c);
        Tiled m = Tiled.take(w, n, out.channels);
        slices(n, (own, a, b) -> inputs(own, t, 0, a, b, from, v));
        long step = span(c * out.channels);
        Primitive p = product(POSITIONS / GROUPS, n, c, out.channels, mirrored ? Kind.MIRRORED : Kind.FORWARD);
        groups((own, at) -> p.run(own, v.at(at), filters + at * step, m.at(at)));
        slices(n, (own, a, b) -> outputs(own, t, 0, a, b, m, out));
    }

    /** Takes the rows of tiles that are not finite from a direct convolution. */
    private void again(Tiles t, Output out, Shape shape, Direct direct) {
        if (out.spoilt.isEmpty()) {
            return;
        }
        View sums = new View(memory.apply(shape.numel() * Float.BYTES), DType.FLOAT32, Layout.channelsLast(shape));
        direct.run(sums);
        long row = out.channels * Float.BYTES;
        for (int k : out.spoilt) {
            int tile = k / 4;
            int y = t.y(tile) + k % 4;
            for (int x = t.x(tile); x < Math.min(t.x(tile) + 4, t.ow); x++) {
                long pixel = (((long) t.image(tile) * t.oh + y) * t.ow + x) * row;
                out.finish(sums.address() + pixel, out.address + pixel);
            }
        }
        sums.buffer().release("the end of a convolution");
    }

    void weightGradient(Convolution c, View x, View g, View gw, @Nullable View gb, Direct direct) {
        WinogradTransforms.WARMUP.await();
        WinogradTransforms.GRADIENT_WARMUP.await();
        Sums.WARMUP.await();
        Tiles t = Tiles.of(x.shape(), g.shape(), c.padding().get(0), c.padding().get(1));
        long in = x.shape().get(1);
        long out = g.shape().get(1);
        try (Workspace w = workspaces.open()) {
            long from = copies.in(w, x, Layout.channelsLast(x.shape()));
            long up = copies.in(w, g, Layout.channelsLast(g.shape()));
            int blocks = blocks(t.count());
            int block = Math.ceilDiv(t.count(), blocks);
            long step = span(in * out);
            long size = POSITIONS * step;
            int parts = blocks == 1 ? 1 : (int) Long.highestOneBit(Math.clamp(PARTS / size, 2, blocks));
            long sums = w.take(parts * size);
            if (parts == 1) {
                Tiled v = Tiled.take(w, block, in);
                Tiled d = Tiled.take(w, block, out);
                slices(block, (own, a, b) -> {
                    inputs(own, t, 0, a, b, from, v);
                    gradients(own, t, 0, a, b, up, d);
                });
                Primitive p = product(POSITIONS / GROUPS, block, in, out, Kind.WEIGHTS);
                groups((own, at) -> p.run(own, v.at(at), d.at(at), sums + at * step));
            } else {
                workers.run(parts, part -> {
                    int first = blocks * part / parts * block;
                    int last = Math.min(t.count(), blocks * (part + 1) / parts * block);
                    for (int at = first; at < last; at += block) {
                        int n = Math.min(block, last - at);
                        try (Workspace own = workspaces.open()) {
                            Tiled v = Tiled.take(own, n, in);
                            Tiled d = Tiled.take(own, n, out);
                            inputs(own, t, at, at, at + n, from, v);
                            gradients(own, t, at, at, at + n, up, d);
                            product(POSITIONS, n, in, out, at == first ? Kind.WEIGHTS : Kind.MORE_WEIGHTS)
                                    .run(own, v.address, d.address, sums + part * size);
                        }
                    }
                });
            }
            Layout taps = taps(gw.shape());
            long result = copies.out(w, gw, taps);
            chunks(in * out, (own, at, bytes) -> {
                long cell = bytes + GAP;
                long tmp = own.take(18 * cell);
                for (int part = 1; part < parts; part++) {
                    for (int i = 0; i < POSITIONS; i++) {
                        Sums.add(sums + part * size + i * step + at, sums + i * step + at, bytes / Float.BYTES);
                    }
                }
                for (int j = 0; j < 6; j++) {
                    long to = tmp + j * cell;
                    WinogradTransforms.taps(sums + j * step + at, 6 * step, to, to + 6 * cell, to + 12 * cell, bytes);
                }
                long tap = in * out * Float.BYTES;
                for (int i = 0; i < 3; i++) {
                    long to = result + 3 * i * tap + at;
                    WinogradTransforms.taps(tmp + 6 * i * cell, cell, to, to + tap, to + 2 * tap, bytes);
                }
            });
            if (Finite.all(workers, result, gw.numel())) {
                copies.deliver(w, result, taps, gw);
            } else {
                direct.run(gw);
            }
        }
        if (gb != null) {
            Layers.biasGradient(sum, g, gb);
        }
    }

    // ---- filters

    /** {@code [K, C, 3, 3]} in the memory order 3, 3, C, K: each tap of all filters is one run. */
    private static Layout taps(Shape weight) {
        long k = weight.get(0);
        long c = weight.get(1);
        return Layout.of(weight, new long[] {1, k, 3 * c * k, c * k}, 0);
    }

    private record Filters(Layout weight, boolean mirrored) {}

    /** 36 matrices {@code [C, K]}, of the mirrored filters for the input gradient. */
    private long filters(Workspace w, View weight, boolean mirrored) {
        long n = weight.numel() / 9;
        long step = span(n);
        return packed.of(w, weight, new Filters(weight.layout().at(0), mirrored), POSITIONS * step, u -> {
            try (Workspace scratch = workspaces.open()) {
                long taps = copies.in(scratch, weight, taps(weight.shape()));
                long tap = n * Float.BYTES;
                chunks(n, (own, at, bytes) -> {
                    long cell = bytes + GAP;
                    long tmp = own.take(18 * cell);
                    long first = taps + (mirrored ? 8 * tap : 0) + at;
                    long next = mirrored ? -tap : tap;
                    for (int j = 0; j < 3; j++) {
                        long s = first + j * next;
                        WinogradTransforms.filter(s, s + 3 * next, s + 6 * next, tmp + j * cell, 3 * cell, bytes);
                    }
                    for (int i = 0; i < 6; i++) {
                        long s = tmp + 3 * i * cell;
                        WinogradTransforms.filter(s, s + cell, s + 2 * cell, u + 6 * i * step + at, step, bytes);
                    }
                });
            }
        });
    }

    // ---- tiles

    /** An output cut into tiles of 4×4, and the input that these see. */
    private record Tiles(int h, int w, int oh, int ow, int top, int left, int rows, int columns, int count) {
        static Tiles of(Shape input, Shape output, long top, long left) {
            int oh = Math.toIntExact(output.get(2));
            int ow = Math.toIntExact(output.get(3));
            int rows = Math.ceilDiv(oh, 4);
            int columns = Math.ceilDiv(ow, 4);
            return new Tiles(
                    Math.toIntExact(input.get(2)),
                    Math.toIntExact(input.get(3)),
                    oh,
                    ow,
                    (int) top,
                    (int) left,
                    rows,
                    columns,
                    Math.toIntExact(output.get(0) * rows * columns));
        }

        int image(int tile) {
            return tile / (rows * columns);
        }

        int y(int tile) {
            return tile / columns % rows * 4;
        }

        int x(int tile) {
            return tile % columns * 4;
        }
    }

    /** 36 matrices {@code [tiles, channels]}. */
    private record Tiled(long address, long row, long step) {
        static Tiled take(Workspace w, int tiles, long channels) {
            return of(w.take(POSITIONS * span(tiles * channels)), tiles, channels);
        }

        static Tiled of(long address, int tiles, long channels) {
            return new Tiled(address, channels * Float.BYTES, span(tiles * channels));
        }

        long at(int position) {
            return address + position * step;
        }
    }

    /** One, or a multiple of {@link #GROUPS}, so that threads have equal shares. */
    private static int blocks(int tiles) {
        return tiles <= BLOCK ? 1 : Math.ceilDiv(tiles, BLOCK * GROUPS) * GROUPS;
    }

    private static long span(long elements) {
        return elements * Float.BYTES + GAP;
    }

    /**
     * Where the results go, and what happens to them on the way.
     *
     * @param spoilt the rows of tiles that are not finite, tile · 4 + row: nothing has happened to them
     */
    private record Output(
            long address,
            long channels,
            long bias,
            boolean accumulate,
            float low,
            float high,
            boolean plain,
            Collection<Integer> spoilt) {
        static Output of(
                Workspace w, DnnCopies copies, @Nullable View bias, Epilogue then, long address, long channels) {
            boolean plain = bias == null && then.equals(Epilogue.NONE);
            long b = 0;
            if (bias != null) {
                b = copies.in(w, bias, Layout.contiguous(bias.shape()));
            } else if (!plain) {
                b = zeros(w, channels);
            }
            boolean clipped = then.activation() != Activation.IDENTITY;
            return new Output(
                    address,
                    channels,
                    b,
                    then.accumulate(),
                    clipped ? 0 : Float.NEGATIVE_INFINITY,
                    then.activation() == Activation.RELU6 ? 6 : Float.POSITIVE_INFINITY,
                    plain,
                    new ConcurrentLinkedQueue<>());
        }

        /** Brings the sums of a pixel to their place. */
        void finish(long from, long to) {
            long bytes = channels * Float.BYTES;
            if (plain) {
                MemorySegment.copy(SystemMemory.ALL, from, SystemMemory.ALL, to, bytes);
            } else {
                WinogradTransforms.finish(from, bias, accumulate, low, high, to, bytes);
            }
        }
    }

    private static long zeros(Workspace w, long channels) {
        long a = w.floats(channels);
        SystemMemory.ALL.asSlice(a, channels * Float.BYTES).fill((byte) 0);
        return a;
    }

    /** Tiles {@code from .. to-1}; {@code v} starts with tile {@code first}. */
    private static void inputs(Workspace w, Tiles t, int first, int from, int to, long image, Tiled v) {
        long row = v.row;
        long cell = row + GAP;
        long tmp = w.take(POSITIONS * cell);
        long outside = zeros(w, row / Float.BYTES);
        long[] at = new long[POSITIONS];
        for (int tile = from; tile < to; tile++) {
            places(at, 6, t.image(tile), t.y(tile) - t.top, t.x(tile) - t.left, t.h, t.w, image, row, outside);
            for (int j = 0; j < 6; j++) {
                WinogradTransforms.input(
                        at[j],
                        at[6 + j],
                        at[12 + j],
                        at[18 + j],
                        at[24 + j],
                        at[30 + j],
                        tmp + j * cell,
                        6 * cell,
                        row);
            }
            long to0 = v.address + (tile - first) * row;
            for (int i = 0; i < 6; i++) {
                long s = tmp + 6 * i * cell;
                WinogradTransforms.input(
                        s,
                        s + cell,
                        s + 2 * cell,
                        s + 3 * cell,
                        s + 4 * cell,
                        s + 5 * cell,
                        to0 + 6 * i * v.step,
                        v.step,
                        row);
            }
        }
    }

    private static void gradients(Workspace w, Tiles t, int first, int from, int to, long image, Tiled d) {
        long row = d.row;
        long cell = row + GAP;
        long tmp = w.take(24 * cell);
        long outside = zeros(w, row / Float.BYTES);
        long[] at = new long[16];
        for (int tile = from; tile < to; tile++) {
            places(at, 4, t.image(tile), t.y(tile), t.x(tile), t.oh, t.ow, image, row, outside);
            for (int j = 0; j < 4; j++) {
                WinogradTransforms.gradient(at[j], at[4 + j], at[8 + j], at[12 + j], tmp + j * cell, 4 * cell, row);
            }
            long to0 = d.address + (tile - first) * row;
            for (int i = 0; i < 6; i++) {
                long s = tmp + 4 * i * cell;
                WinogradTransforms.gradient(s, s + cell, s + 2 * cell, s + 3 * cell, to0 + 6 * i * d.step, d.step, row);
            }
        }
    }

    private static void outputs(Workspace w, Tiles t, int first, int from, int to, Tiled m, Output out) {
        long row = m.row;
        long cell = row + GAP;
        long tmp = w.take(24 * cell);
        long outside = w.take(4 * cell);
        long[] at = new long[16];
        for (int tile = from; tile < to; tile++) {
            places(at, 4, t.image(tile), t.y(tile), t.x(tile), t.oh, t.ow, out.address, row, 0);
            long s = m.address + (tile - first) * row;
            for (int j = 0; j < 6; j++) {
                long d = tmp + j * cell;
                WinogradTransforms.output(
                        s + j * m.step, 6 * m.step, d, d + 6 * cell, d + 12 * cell, d + 18 * cell, row);
            }
            int rows = Math.min(4, t.oh - t.y(tile));
            for (int i = 0; i < rows; i++) {
                long d = tmp + 6 * i * cell;
                long d0 = out.plain ? at[4 * i] : outside;
                long d1 = out.plain && at[4 * i + 1] != 0 ? at[4 * i + 1] : outside + cell;
                long d2 = out.plain && at[4 * i + 2] != 0 ? at[4 * i + 2] : outside + 2 * cell;
                long d3 = out.plain && at[4 * i + 3] != 0 ? at[4 * i + 3] : outside + 3 * cell;
                if (!WinogradTransforms.finiteOutput(d, cell, d0, d1, d2, d3, row)) {
                    out.spoilt.add(4 * tile + i);
                    continue;
                }
                for (int j = 0; j < 4 && !out.plain; j++) {
                    if (at[4 * i + j] != 0) {
                        out.finish(outside + j * cell, at[4 * i + j]);
                    }
                }
            }
        }
    }

    /** Addresses of the {@code size}×{@code size} pixels from (y, x) on; {@code outside} for those beyond the image. */
    private static void places(
            long[] at, int size, int n, int y, int x, int h, int w, long image, long row, long outside) {
        for (int i = 0; i < size; i++) {
            boolean in = y + i >= 0 && y + i < h;
            long line = image + ((long) n * h + y + i) * w * row;
            for (int j = 0; j < size; j++) {
                at[i * size + j] = in && x + j >= 0 && x + j < w ? line + (x + j) * row : outside;
            }
        }
    }

    // ---- sharing the work

    private interface Slice {
        void run(Workspace own, int from, int to);
    }

    private interface Group {
        void run(Workspace own, int position);
    }

    private interface Chunk {
        void run(Workspace own, long offset, long bytes);
    }

    private void slices(int n, Slice body) {
        int parts = Math.min(n, 2 * GROUPS);
        workers.run(parts, i -> {
            try (Workspace own = workspaces.open()) {
                body.run(own, n * i / parts, n * (i + 1) / parts);
            }
        });
    }

    private void groups(Group body) {
        workers.run(GROUPS, i -> {
            try (Workspace own = workspaces.open()) {
                body.run(own, i * (POSITIONS / GROUPS));
            }
        });
    }

    private void chunks(long elements, Chunk body) {
        long bytes = elements * Float.BYTES;
        int parts = Math.toIntExact(Math.ceilDiv(bytes, 8 * CHUNK));
        workers.run(parts, i -> {
            for (long at = 8 * CHUNK * i; at < Math.min(bytes, 8 * CHUNK * (i + 1)); at += CHUNK) {
                try (Workspace own = workspaces.open()) {
                    body.run(own, at, Math.min(CHUNK, bytes - at));
                }
            }
        });
    }

    // ---- products

    private enum Kind {
        /** V·U. */
        FORWARD,
        /** V·Uᵀ: the filters' matrices are [inputs, outputs] of the forward convolution. */
        MIRRORED,
        /** Vᵀ·D. */
        WEIGHTS,
        /** {@link #WEIGHTS}, added to what is there. */
        MORE_WEIGHTS
    }

    private record Product(int batch, int tiles, long c, long k, Kind kind) {}

    private Primitive product(int batch, int tiles, long c, long k, Kind kind) {
        return products.get(new Product(batch, tiles, c, k, kind));
    }

    private static Primitive make(Product p) {
        boolean weights = p.kind == Kind.WEIGHTS || p.kind == Kind.MORE_WEIGHTS;
        long t = p.tiles;
        long v = matrices(p.batch, weights ? p.c : t, weights ? t : p.c, span(t * p.c), weights);
        long u = weights
                ? matrices(p.batch, t, p.k, span(t * p.k), false)
                : matrices(p.batch, p.c, p.k, span(p.c * p.k), p.kind == Kind.MIRRORED);
        long m = weights
                ? matrices(p.batch, p.c, p.k, span(p.c * p.k), false)
                : matrices(p.batch, t, p.k, span(t * p.k), false);
        Epilogue then = new Epilogue(Activation.IDENTITY, p.kind == Kind.MORE_WEIGHTS);
        OneDnn.threads(1);
        String what = "Winograd products " + p;
        long recipe = OneDnn.matmul(what, v, u, 0, then, m);
        Primitive made = new Primitive(what, 1, recipe, OneDnn.SRC, OneDnn.WEIGHTS, OneDnn.DST);
        OneDnn.destroyRecipe(recipe);
        for (long md : new long[] {v, u, m}) {
            OneDnn.destroyDescriptor(md);
        }
        return made;
    }

    private static long matrices(long batch, long rows, long columns, long step, boolean transposed) {
        long apart = step / Float.BYTES;
        return OneDnn.strided(
                new long[] {batch, rows, columns},
                transposed ? new long[] {apart, 1, rows} : new long[] {apart, columns, 1});
    }
}
