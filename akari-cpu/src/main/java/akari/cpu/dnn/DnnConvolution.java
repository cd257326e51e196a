package akari.cpu.dnn;

import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.dnn.DnnLayers.Pass;
import akari.cpu.layer.Finite;
import akari.cpu.layer.Sums;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's direct convolutions and their gradients. Activations are channels-last; weights go through whatever format the
 * primitive asks for.
 */
final class DnnConvolution {
    /** Multiply-adds from which a convolution is worth sharing. */
    private static final long PARALLEL = 1 << 21;

    /** Output channels that oneDNN takes together. */
    private static final long LANES = 16;

    private final Workspace.Source workspaces;
    private final Workers workers;
    private final DnnCopies copies;
    private final PackedWeights packed;
    private final DnnCache<Key, Plan> cache = new DnnCache<>(DnnConvolution::make);

    DnnConvolution(Workspace.Source workspaces, Workers workers, DnnCopies copies, PackedWeights packed) {
        this.workspaces = workspaces;
        this.workers = workers;
        this.copies = copies;
        this.packed = packed;
    }

    private record Key(
            Pass pass,
            Convolution c,
            DType type,
            Shape x,
            Layout weight,
            DType weightType,
            Shape y,
            @Nullable DType bias,
            Epilogue then,
            int threads) {
        /** What the packed weights depend on; to be safe, all but the bias and the epilogue. */
        Key weights() {
            return new Key(pass, c, type, x, weight, weightType, y, null, Epilogue.NONE, threads);
        }

        Key with(Convolution other, Shape input, Shape output, int n) {
            return new Key(pass, other, type, input, weight, weightType, output, bias, then, n);
        }

        @Override
        public String toString() {
            return "convolution (" + pass + ") of " + type + " " + x + " with " + weight.shape() + ", " + c;
        }
    }

    /** The primitive, and for each operand the copy between its own format and the primitive's where these differ. */
    private record Plan(
            Key key,
            Primitive primitive,
            @Nullable Primitive x,
            @Nullable Primitive weight,
            @Nullable Primitive y,
            @Nullable Primitive back) {}

    /**
     * A thread's part of a convolution: some images, or of one image some rows or some output channels.
     *
     * @param x where it begins, in bytes; likewise {@code y}
     * @param channel the first of some output channels; -1 for all
     */
    private record Piece(Plan plan, long x, long y, long channel) {
        boolean ofChannels() {
            return channel >= 0;
        }

        /** The bytes of its channels of one pixel. */
        long pixel() {
            return plan.key.y.get(1) * plan.key.type.bytes();
        }

        long pixels() {
            return plan.key.y.numel() / plan.key.y.get(1);
        }
    }

    void forward(Convolution c, View x, View weight, @Nullable View bias, Epilogue then, View y) {
        List<Piece> pieces = pieces(Pass.FORWARD, c, x, weight, y, bias, then);
        try (Workspace w = workspaces.open()) {
            long from = copies.in(w, x, format(x.shape()));
            long[] weights = weights(w, pieces, weight);
            boolean accumulate = then.accumulate();
            long result = accumulate ? copies.in(w, y, format(y.shape())) : copies.out(w, y, format(y.shape()));
            long add = bias == null ? 0 : copies.in(w, bias, Layout.contiguous(bias.shape()));
            run(pieces, (own, i, piece) -> {
                Plan plan = piece.plan;
                long source = pack(own, plan, 0, plan.x, from + piece.x);
                long all = result + piece.y;
                long pixel = y.shape().get(1) * y.dtype().bytes();
                long target = piece.ofChannels() ? own.take(piece.pixels() * piece.pixel()) : all;
                if (piece.ofChannels() && accumulate) {
                    pixels(piece, all, pixel, target, piece.pixel());
                }
                long to = place(own, plan, 2, plan.y, target);
                if (accumulate && plan.back != null) {
                    plan.back.run(own, target, to);
                }
                if (bias == null) {
                    plan.primitive.run(own, source, weights[i], to);
                } else {
                    long first = Math.max(0, piece.channel) * bias.dtype().bytes();
                    plan.primitive.run(own, source, weights[i], to, add + first);
                }
                unpack(own, plan.y, to, target);
                if (piece.ofChannels()) {
                    pixels(piece, target, piece.pixel(), all, pixel);
                }
            });
            copies.deliver(w, result, format(y.shape()), y);
        }
    }

    /** What is known of a weight's values, kept like a packed form. */
    private record Checked(Layout weight) {}

    /** Whether no operand of a forward convolution is infinite or NaN. */
    boolean isFinite(View x, View weight, @Nullable View bias) {
        try (Workspace w = workspaces.open()) {
            Checked kind = new Checked(weight.layout().at(0));
            long flag = packed.of(
                    w,
                    weight,
                    kind,
                    Integer.BYTES,
                    to -> SystemMemory.ALL.set(ValueLayout.JAVA_INT, to, Finite.all(workers, weight) ? 1 : 0));
            return SystemMemory.ALL.get(ValueLayout.JAVA_INT, flag) == 1
                    && Finite.all(workers, x)
                    && (bias == null || Finite.all(workers, bias));
        }
    }

    void inputGradient(Convolution c, View g, View weight, View gx) {
        List<Piece> pieces = pieces(Pass.INPUT_GRADIENT, c, gx, weight, g, null, Epilogue.NONE);
        try (Workspace w = workspaces.open()) {
            long up = copies.in(w, g, format(g.shape()));
            long[] weights = weights(w, pieces, weight);
            long result = copies.out(w, gx, format(gx.shape()));
            run(pieces, (own, i, piece) -> {
                Plan plan = piece.plan;
                long from = pack(own, plan, 2, plan.y, up + piece.y);
                long to = place(own, plan, 0, plan.x, result + piece.x);
                plan.primitive.run(own, to, weights[i], from);
                unpack(own, plan.x, to, result + piece.x);
            });
            copies.deliver(w, result, format(gx.shape()), gx);
        }
    }

    void weightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        List<Piece> pieces = pieces(Pass.WEIGHT_GRADIENT, c, x, gw, g, gb, Epilogue.NONE);
        Plan plan = pieces.getFirst().plan;
        try (Workspace w = workspaces.open()) {
            long from = copies.in(w, x, format(x.shape()));
            long up = copies.in(w, g, format(g.shape()));
            Layout vector = gb == null ? Layout.contiguous(Shape.SCALAR) : Layout.contiguous(gb.shape());
            long[] weights = new long[pieces.size()];
            long[] biases = new long[pieces.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = i == 0 ? place(w, plan, 1, plan.weight, gw.address()) : w.take(plan.primitive.bytes(1));
                if (gb != null) {
                    biases[i] = i == 0 ? copies.out(w, gb, vector) : w.floats(gb.numel());
                }
            }
            run(pieces, (own, i, piece) -> {
                long source = pack(own, piece.plan, 0, piece.plan.x, from + piece.x);
                long upstream = pack(own, piece.plan, 2, piece.plan.y, up + piece.y);
                if (gb == null) {
                    piece.plan.primitive.run(own, source, weights[i], upstream);
                } else {
                    piece.plan.primitive.run(own, source, weights[i], upstream, biases[i]);
                }
            });
            for (int i = 1; i < weights.length; i++) {
                Sums.add(workers, weights[i], weights[0], plan.primitive.bytes(1) / Float.BYTES);
                if (gb != null) {
                    Sums.add(workers, biases[i], biases[0], gb.numel());
                }
            }
            if (gb != null) {
                copies.deliver(w, biases[0], vector, gb);
            }
            unpack(w, plan.weight, weights[0], gw.address());
        }
    }

    /** Copies a piece's channels of every pixel from pixels {@code step} bytes apart to others. */
    private static void pixels(Piece piece, long from, long step, long to, long toStep) {
        for (long i = 0; i < piece.pixels(); i++) {
            MemorySegment.copy(SystemMemory.ALL, from + i * step, SystemMemory.ALL, to + i * toStep, piece.pixel());
        }
    }

    private interface Body {
        void run(Workspace own, int i, Piece piece);
    }

    private void run(List<Piece> pieces, Body body) {
        workers.run(pieces.size(), i -> {
            try (Workspace own = workspaces.open()) {
                body.run(own, i, pieces.get(i));
            }
        });
    }

    /** Packed weights of each piece: one form for all, unless oneDNN wants another for a piece of other size. */
    private long[] weights(Workspace w, List<Piece> pieces, View weight) {
        long[] at = new long[pieces.size()];
        Plan first = pieces.getFirst().plan;
        for (int i = 0; i < at.length; i++) {
            Piece piece = pieces.get(i);
            if (piece.ofChannels()) {
                long count = piece.plan.key.y.get(1);
                at[i] = weights(w, piece.plan, weight.with(weight.layout().slice(0, piece.channel, count, 1)));
            } else {
                at[i] = i > 0 && sameWeights(first, piece.plan) ? at[0] : weights(w, piece.plan, weight);
            }
        }
        return at;
    }

    private static boolean sameWeights(Plan a, Plan b) {
        return a == b || OneDnn.equal(a.primitive.layout(1), b.primitive.layout(1));
    }

    private long weights(Workspace w, Plan plan, View weight) {
        Primitive copy = plan.weight;
        long from = weight.address();
        if (copy == null) {
            return from;
        }
        return packed.of(w, weight, plan.key.weights(), plan.primitive.bytes(1), to -> copy.run(w, from, to));
    }

    /** The {@code i}-th argument in the primitive's format. */
    private static long pack(Workspace w, Plan plan, int i, @Nullable Primitive copy, long from) {
        if (copy == null) {
            return from;
        }
        long to = w.take(plan.primitive.bytes(i));
        copy.run(w, from, to);
        return to;
    }

    private static long place(Workspace w, Plan plan, int i, @Nullable Primitive copy, long result) {
        return copy == null ? result : w.take(plan.primitive.bytes(i));
    }

    private static void unpack(Workspace w, @Nullable Primitive copy, long from, long to) {
        if (copy != null) {
            copy.run(w, from, to);
        }
    }

    private static Layout format(Shape activation) {
        return Layout.channelsLast(activation);
    }

    /**
     * Whether the activations, too, go through the primitive's own format. Channels-last is best or close to it except for few
     * channels, where oneDNN's kernels for it are so slow that copying pays (measured on LeNet's layers).
     */
    private static boolean ownFormat(Key k) {
        long inputs = k.x.get(1);
        boolean few = k.pass == Pass.INPUT_GRADIENT ? inputs > 1 && inputs < 16 : inputs == 1 && k.y.get(1) <= 16;
        return k.c.groups() == 1 && few;
    }

    // ---- making a plan

    /**
     * The work cut into as many pieces as there are threads, each a primitive of one thread on the workers that run everything else:
     * images, or of a single image rows, or output channels where the weights are what takes most reading. Waking a second set of threads, OpenMP's, would cost more than many a layer takes, and
     * their cores would not have in cache what a worker wrote.
     */
    private List<Piece> pieces(
            Pass pass, Convolution c, View x, View weight, View y, @Nullable View bias, Epilogue then) {
        Key whole = new Key(
                pass,
                c,
                x.dtype(),
                x.shape(),
                weight.layout().at(0),
                weight.dtype(),
                y.shape(),
                bias == null ? null : bias.dtype(),
                then,
                1);
        long work = y.numel() * weight.numel() / weight.layout().size(0);
        int n = work < PARALLEL ? 1 : workers.threads();
        long images = x.shape().get(0);
        boolean narrowSums = pass == Pass.WEIGHT_GRADIENT && weight.dtype() != DType.FLOAT32;
        if (n > 1 && images >= n && !narrowSums) {
            List<Piece> pieces = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                pieces.add(images(whole, images * i / n, images * (i + 1) / n));
            }
            boolean sums = pieces.stream().allMatch(p -> sameWeights(pieces.getFirst().plan, p.plan));
            if (sums || pass != Pass.WEIGHT_GRADIENT) {
                return pieces;
            }
        }
        boolean one = n > 1 && images == 1 && pass == Pass.FORWARD;
        long channels = y.shape().get(1);
        if (one && c.groups() == 1 && channels % (n * LANES) == 0 && weight.numel() > x.numel() + y.numel()) {
            return IntStream.range(0, n)
                    .mapToObj(i -> channels(whole, channels / n * i, channels / n))
                    .toList();
        }
        if (one && y.shape().get(2) >= 2 * n) {
            long rows = y.shape().get(2);
            return IntStream.range(0, n)
                    .mapToObj(i -> rows(whole, rows * i / n, rows * (i + 1) / n))
                    .toList();
        }
        return List.of(new Piece(cache.get(whole.with(c, x.shape(), y.shape(), n)), 0, 0, -1));
    }

    private Piece images(Key k, long from, long to) {
        long count = to - from;
        Plan plan = cache.get(k.with(k.c, k.x.with(0, count), k.y.with(0, count), 1));
        int bytes = k.type.bytes();
        return new Piece(
                plan, from * (k.x.numel() / k.x.get(0)) * bytes, from * (k.y.numel() / k.y.get(0)) * bytes, -1);
    }

    private Piece rows(Key k, long from, long to) {
        long stride = k.c.stride().get(0);
        long reach = k.c.dilation().get(0) * (k.weight.size(2) - 1) + 1;
        long start = from * stride - k.c.padding().get(0);
        long end = Math.min(k.x.get(2), (to - 1) * stride - k.c.padding().get(0) + reach);
        long first = Math.max(0, start);
        Convolution c =
                new Convolution(k.c.stride(), k.c.padding().with(0, first - start), k.c.dilation(), k.c.groups());
        Plan plan = cache.get(k.with(c, k.x.with(2, end - first), k.y.with(2, to - from), 1));
        int bytes = k.type.bytes();
        return new Piece(
                plan, first * (k.x.numel() / k.x.get(2)) * bytes, from * (k.y.numel() / k.y.get(2)) * bytes, -1);
    }

    private Piece channels(Key k, long from, long count) {
        Layout part = k.weight.slice(0, 0, count, 1);
        Key key = new Key(k.pass, k.c, k.type, k.x, part, k.weightType, k.y.with(1, count), k.bias, k.then, 1);
        return new Piece(cache.get(key), 0, from * k.type.bytes(), from);
    }

    private static Plan make(Key k) {
        OneDnn.threads(k.threads);
        String what = k.toString();
        OneDnn.Window window = window(k.c, k.x, k.weight.shape(), k.y);
        Layout grouped = grouped(k.weight, k.c.groups());
        long user = DnnCopies.descriptor(k.weightType, grouped);
        long userX = DnnCopies.descriptor(k.type, format(k.x));
        long userY = DnnCopies.descriptor(k.type, format(k.y));
        long any = OneDnn.any(k.type, grouped.shape().toArray());
        long result = OneDnn.any(k.weightType, grouped.shape().toArray());
        long x = ownFormat(k) ? OneDnn.any(k.type, k.x.toArray()) : userX;
        long y = ownFormat(k) ? OneDnn.any(k.type, k.y.toArray()) : userY;
        long bias = k.bias == null ? 0 : OneDnn.strided(k.bias, new long[] {k.y.get(1)}, new long[] {1});
        long forward = OneDnn.convolution(what, window, x, any, bias, k.then, y);
        long recipe = switch (k.pass) {
            case FORWARD -> forward;
            case INPUT_GRADIENT -> OneDnn.convolutionBackwardData(what, window, x, any, y, forward);
            case WEIGHT_GRADIENT -> OneDnn.convolutionBackwardWeights(what, window, x, result, bias, y, forward);
        };
        Primitive p = new Primitive(what, k.threads, recipe, arguments(k.pass, k.bias != null));
        Plan plan = new Plan(
                k,
                p,
                copy(k, userX, p.layout(0), k.pass == Pass.INPUT_GRADIENT),
                copy(k, user, p.layout(1), k.pass == Pass.WEIGHT_GRADIENT),
                copy(k, userY, p.layout(2), k.pass == Pass.FORWARD),
                k.then.accumulate() ? copy(k, userY, p.layout(2), false) : null);
        OneDnn.destroyRecipe(forward);
        if (recipe != forward) {
            OneDnn.destroyRecipe(recipe);
        }
        LongStream.of(user, userX, userY, any, result, x, y, bias)
                .filter(md -> md != 0)
                .distinct()
                .forEach(OneDnn::destroyDescriptor);
        return plan;
    }

    /** From the user's format to the primitive's, or for a result the other way; null where they are the same. */
    private static @Nullable Primitive copy(Key k, long user, long own, boolean result) {
        if (OneDnn.equal(user, own)) {
            return null;
        }
        return DnnCopies.reorder("format of " + k, k.threads, result ? own : user, result ? user : own);
    }

    /** In the order input, weight, output; then the bias. */
    private static int[] arguments(Pass pass, boolean bias) {
        int[] all = switch (pass) {
            case FORWARD -> new int[] {OneDnn.SRC, OneDnn.WEIGHTS, OneDnn.DST, OneDnn.BIAS};
            case INPUT_GRADIENT -> new int[] {OneDnn.DIFF_SRC, OneDnn.WEIGHTS, OneDnn.DIFF_DST};
            case WEIGHT_GRADIENT -> new int[] {OneDnn.SRC, OneDnn.DIFF_WEIGHTS, OneDnn.DIFF_DST, OneDnn.DIFF_BIAS};
        };
        return bias ? all : Arrays.copyOf(all, 3);
    }

    private static OneDnn.Window window(Convolution c, Shape x, Shape weight, Shape y) {
        int n = c.dims();
        long[] dilation = new long[n];
        long[] after = new long[n];
        for (int d = 0; d < n; d++) {
            dilation[d] = c.dilation().get(d) - 1;
            long reach = c.dilation().get(d) * (weight.get(d + 2) - 1) + 1;
            // what the last window needs; negative where it leaves elements of the input unused
            after[d] = (y.get(d + 2) - 1) * c.stride().get(d)
                    + reach
                    - x.get(d + 2)
                    - c.padding().get(d);
        }
        return new OneDnn.Window(c.stride().toArray(), dilation, c.padding().toArray(), after);
    }

    /** {@code [O, I/G, kernel…]} seen as {@code [G, O/G, I/G, kernel…]}. */
    private static Layout grouped(Layout weight, long groups) {
        if (groups == 1) {
            return weight;
        }
        long[] size = new long[weight.rank() + 1];
        long[] stride = new long[weight.rank() + 1];
        size[0] = groups;
        size[1] = weight.size(0) / groups;
        stride[0] = size[1] * weight.stride(0);
        stride[1] = weight.stride(0);
        for (int d = 1; d < weight.rank(); d++) {
            size[d + 1] = weight.size(d);
            stride[d + 1] = weight.stride(d);
        }
        return Layout.of(Shape.of(size), stride, 0);
    }
}
