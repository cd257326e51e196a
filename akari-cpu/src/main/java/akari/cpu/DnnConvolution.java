package akari.cpu;

import akari.backend.Convolution;
import akari.backend.Layout;
import akari.backend.Shape;
import akari.backend.View;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's direct convolutions and their gradients. Activations are channels-last; weights go through whatever format the
 * primitive asks for.
 */
final class DnnConvolution {
    private final Workspace.Source workspaces;
    private final Workers workers;
    private final DnnCopies copies;
    private final ConcurrentMap<Key, Plan> cache = new ConcurrentHashMap<>();

    DnnConvolution(Workspace.Source workspaces, Workers workers, DnnCopies copies) {
        this.workspaces = workspaces;
        this.workers = workers;
        this.copies = copies;
    }

    private enum Pass {
        FORWARD,
        INPUT_GRADIENT,
        WEIGHT_GRADIENT
    }

    private record Key(Pass pass, Convolution c, Shape x, Layout weight, Shape y, boolean bias, int threads) {
        @Override
        public String toString() {
            return "convolution (" + pass + ") of " + x + " with " + weight.shape() + ", " + c;
        }
    }

    /** @param reorder between the user's weights and the primitive's, where these differ */
    private record Plan(Primitive primitive, @Nullable Primitive reorder) {}

    void forward(Convolution c, View x, View weight, @Nullable View bias, View y) {
        Plan plan = plan(Pass.FORWARD, c, x.shape(), weight, y.shape(), bias != null);
        try (Workspace w = workspaces.open()) {
            Layout want = format(y.shape());
            long from = copies.in(w, x, format(x.shape()));
            long packed = weightsIn(w, plan, weight);
            long to = copies.out(w, y, want);
            if (bias == null) {
                plan.primitive.run(w, from, packed, to);
            } else {
                plan.primitive.run(w, from, packed, to, copies.in(w, bias, Layout.contiguous(bias.shape())));
            }
            copies.deliver(w, to, want, y);
        }
    }

    void inputGradient(Convolution c, View g, View weight, View gx) {
        Plan plan = plan(Pass.INPUT_GRADIENT, c, gx.shape(), weight, g.shape(), false);
        try (Workspace w = workspaces.open()) {
            Layout want = format(gx.shape());
            long from = copies.in(w, g, format(g.shape()));
            long packed = weightsIn(w, plan, weight);
            long to = copies.out(w, gx, want);
            plan.primitive.run(w, to, packed, from);
            copies.deliver(w, to, want, gx);
        }
    }

    void weightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        Plan plan = plan(Pass.WEIGHT_GRADIENT, c, x.shape(), gw, g.shape(), gb != null);
        try (Workspace w = workspaces.open()) {
            long a = copies.in(w, x, format(x.shape()));
            long b = copies.in(w, g, format(g.shape()));
            long to = plan.reorder == null ? gw.address() : w.take(plan.primitive.bytes(2));
            if (gb == null) {
                plan.primitive.run(w, a, b, to);
            } else {
                Layout dense = Layout.contiguous(gb.shape());
                long sums = copies.out(w, gb, dense);
                plan.primitive.run(w, a, b, to, sums);
                copies.deliver(w, sums, dense, gb);
            }
            if (plan.reorder != null) {
                plan.reorder.run(w, to, gw.address());
            }
        }
    }

    private static Layout format(Shape activation) {
        return Layout.channelsLast(activation);
    }

    private static long weightsIn(Workspace w, Plan plan, View weight) {
        if (plan.reorder == null) {
            return weight.address();
        }
        long packed = w.take(plan.primitive.bytes(1));
        plan.reorder.run(w, weight.address(), packed);
        return packed;
    }

    // ---- making a plan

    private Plan plan(Pass pass, Convolution c, Shape x, View weight, Shape y, boolean bias) {
        Key key = new Key(pass, c, x, weight.layout().at(0), y, bias, workers.threads());
        Plan plan = cache.get(key);
        return plan == null ? cache.computeIfAbsent(key, DnnConvolution::make) : plan;
    }

    private static Plan make(Key k) {
        OneDnn.threads(k.threads);
        String what = k.toString();
        OneDnn.Window window = window(k.c, k.x, k.weight.shape(), k.y);
        Layout grouped = grouped(k.weight, k.c.groups());
        long x = DnnCopies.descriptor(format(k.x));
        long y = DnnCopies.descriptor(format(k.y));
        long any = OneDnn.any(grouped.shape().toArray());
        long bias = k.bias ? OneDnn.strided(new long[] {k.y.get(1)}, new long[] {1}) : 0;
        long user = DnnCopies.descriptor(grouped);
        long forward = OneDnn.convolution(what, window, x, any, bias, y);
        long recipe =
                switch (k.pass) {
                    case FORWARD -> forward;
                    case INPUT_GRADIENT -> OneDnn.convolutionBackwardData(what, window, x, any, y, forward);
                    case WEIGHT_GRADIENT -> OneDnn.convolutionBackwardWeights(what, window, x, any, bias, y, forward);
                };
        Primitive p = new Primitive(what, k.threads, recipe, arguments(k.pass, k.bias));
        long packed = p.layout(k.pass == Pass.WEIGHT_GRADIENT ? 2 : 1);
        Primitive reorder = null;
        if (!OneDnn.equal(packed, user)) {
            boolean back = k.pass == Pass.WEIGHT_GRADIENT;
            reorder = DnnCopies.reorder("weights of " + what, k.threads, back ? packed : user, back ? user : packed);
        }
        OneDnn.destroyRecipe(forward);
        if (recipe != forward) {
            OneDnn.destroyRecipe(recipe);
        }
        for (long md : new long[] {x, y, any, user}) {
            OneDnn.destroyDescriptor(md);
        }
        if (bias != 0) {
            OneDnn.destroyDescriptor(bias);
        }
        return new Plan(p, reorder);
    }

    private static int[] arguments(Pass pass, boolean bias) {
        return switch (pass) {
            case FORWARD ->
                bias
                        ? new int[] {OneDnn.SRC, OneDnn.WEIGHTS, OneDnn.DST, OneDnn.BIAS}
                        : new int[] {OneDnn.SRC, OneDnn.WEIGHTS, OneDnn.DST};
            case INPUT_GRADIENT -> new int[] {OneDnn.DIFF_SRC, OneDnn.WEIGHTS, OneDnn.DIFF_DST};
            case WEIGHT_GRADIENT ->
                bias
                        ? new int[] {OneDnn.SRC, OneDnn.DIFF_DST, OneDnn.DIFF_WEIGHTS, OneDnn.DIFF_BIAS}
                        : new int[] {OneDnn.SRC, OneDnn.DIFF_DST, OneDnn.DIFF_WEIGHTS};
        };
    }

    private static OneDnn.Window window(Convolution c, Shape x, Shape weight, Shape y) {
        int n = c.dims();
        long[] dilation = new long[n];
        long[] after = new long[n];
        for (int d = 0; d < n; d++) {
            dilation[d] = c.dilation().get(d) - 1;
            long reach = c.dilation().get(d) * (weight.get(d + 2) - 1) + 1;
            // what the last window needs; negative where it leaves elements of the input unused
            after[d] = (y.get(d + 2) - 1) * c.stride().get(d) + reach - x.get(d + 2) - c.padding().get(d);
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
