package akari.cpu;

import akari.backend.Convolution;
import akari.backend.DType;
import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.Shape;
import akari.backend.View;
import akari.cpu.DnnLayers.Pass;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's direct convolutions and their gradients. Activations are channels-last; weights go through whatever format the
 * primitive asks for.
 */
final class DnnConvolution {
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

    void forward(Convolution c, View x, View weight, @Nullable View bias, Epilogue then, View y) {
        Plan plan = plan(Pass.FORWARD, c, x, weight, y, bias, then);
        try (Workspace w = workspaces.open()) {
            long from = pack(w, plan, 0, plan.x, copies.in(w, x, format(x.shape())));
            long weights = weights(w, plan, weight);
            boolean accumulate = then.accumulate();
            long result = accumulate ? copies.in(w, y, format(y.shape())) : copies.out(w, y, format(y.shape()));
            long to = place(w, plan, 2, plan.y, result);
            if (accumulate && plan.back != null) {
                plan.back.run(w, result, to);
            }
            if (bias == null) {
                plan.primitive.run(w, from, weights, to);
            } else {
                plan.primitive.run(w, from, weights, to, copies.in(w, bias, Layout.contiguous(bias.shape())));
            }
            unpack(w, plan.y, to, result);
            copies.deliver(w, result, format(y.shape()), y);
        }
    }

    void inputGradient(Convolution c, View g, View weight, View gx) {
        Plan plan = plan(Pass.INPUT_GRADIENT, c, gx, weight, g, null, Epilogue.NONE);
        try (Workspace w = workspaces.open()) {
            long from = pack(w, plan, 2, plan.y, copies.in(w, g, format(g.shape())));
            long weights = weights(w, plan, weight);
            long result = copies.out(w, gx, format(gx.shape()));
            long to = place(w, plan, 0, plan.x, result);
            plan.primitive.run(w, to, weights, from);
            unpack(w, plan.x, to, result);
            copies.deliver(w, result, format(gx.shape()), gx);
        }
    }

    void weightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        Plan plan = plan(Pass.WEIGHT_GRADIENT, c, x, gw, g, gb, Epilogue.NONE);
        try (Workspace w = workspaces.open()) {
            long from = pack(w, plan, 0, plan.x, copies.in(w, x, format(x.shape())));
            long up = pack(w, plan, 2, plan.y, copies.in(w, g, format(g.shape())));
            long to = place(w, plan, 1, plan.weight, gw.address());
            if (gb == null) {
                plan.primitive.run(w, from, to, up);
            } else {
                Layout dense = Layout.contiguous(gb.shape());
                long sums = copies.out(w, gb, dense);
                plan.primitive.run(w, from, to, up, sums);
                copies.deliver(w, sums, dense, gb);
            }
            unpack(w, plan.weight, to, gw.address());
        }
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

    private Plan plan(Pass pass, Convolution c, View x, View weight, View y, @Nullable View bias, Epilogue then) {
        long work = y.numel() * weight.numel() / weight.layout().size(0);
        Key key = new Key(
                pass,
                c,
                x.dtype(),
                x.shape(),
                weight.layout().at(0),
                weight.dtype(),
                y.shape(),
                bias == null ? null : bias.dtype(),
                then,
                DnnLayers.threads(workers, work));
        return cache.get(key);
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
