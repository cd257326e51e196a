package akari.cpu.dnn;

import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import org.jspecify.annotations.Nullable;

/** oneDNN's batch normalisation in training: channels-last where the input is, else channels first. */
final class DnnBatchNorm {
    private static final int[] FORWARD = {OneDnn.SRC, OneDnn.DST, OneDnn.MEAN, OneDnn.VARIANCE};
    private static final int[] FORWARD_AFFINE = {
        OneDnn.SRC, OneDnn.DST, OneDnn.MEAN, OneDnn.VARIANCE, OneDnn.SCALE, OneDnn.SHIFT
    };
    private static final int[] GRADIENT = {OneDnn.SRC, OneDnn.DIFF_DST, OneDnn.MEAN, OneDnn.VARIANCE, OneDnn.DIFF_SRC};
    private static final int[] GRADIENT_AFFINE = {
        OneDnn.SRC,
        OneDnn.DIFF_DST,
        OneDnn.MEAN,
        OneDnn.VARIANCE,
        OneDnn.DIFF_SRC,
        OneDnn.SCALE,
        OneDnn.DIFF_SCALE,
        OneDnn.DIFF_SHIFT
    };

    private final Workspace.Source workspaces;
    private final Workers workers;
    private final DnnCopies copies;
    private final DnnCache<Key, Primitive> cache = new DnnCache<>(DnnBatchNorm::make);

    DnnBatchNorm(Workspace.Source workspaces, Workers workers, DnnCopies copies) {
        this.workspaces = workspaces;
        this.workers = workers;
        this.copies = copies;
    }

    private record Key(boolean backward, Layout x, float eps, boolean affine, int threads) {
        @Override
        public String toString() {
            return "batch normalisation" + (backward ? " gradient" : "") + " of " + x + ", eps " + eps;
        }
    }

    void forward(View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance) {
        Layout want = format(x.layout());
        Layout vector = Layout.contiguous(mean.shape());
        Primitive p =
                cache.get(new Key(false, want, (float) eps, weight != null, DnnLayers.threads(workers, 8 * x.numel())));
        try (Workspace w = workspaces.open()) {
            long from = copies.in(w, x, want);
            long to = copies.out(w, out, want);
            long m = copies.out(w, mean, vector);
            long v = copies.out(w, variance, vector);
            if (weight == null || bias == null) {
                p.run(w, from, to, m, v);
            } else {
                p.run(w, from, to, m, v, copies.in(w, weight, vector), copies.in(w, bias, vector));
            }
            copies.deliver(w, to, want, out);
            copies.deliver(w, m, vector, mean);
            copies.deliver(w, v, vector, variance);
        }
    }

    void gradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            double eps,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        Layout want = format(x.layout());
        Layout vector = Layout.contiguous(mean.shape());
        Primitive p =
                cache.get(new Key(true, want, (float) eps, weight != null, DnnLayers.threads(workers, 8 * x.numel())));
        try (Workspace w = workspaces.open()) {
            long from = copies.in(w, x, want);
            long upstream = copies.in(w, g, want);
            long m = copies.in(w, mean, vector);
            long v = copies.in(w, variance, vector);
            long to = copies.out(w, gx, want);
            if (weight == null || gw == null || gb == null) {
                p.run(w, from, upstream, m, v, to);
            } else {
                long dw = copies.out(w, gw, vector);
                long db = copies.out(w, gb, vector);
                p.run(w, from, upstream, m, v, to, copies.in(w, weight, vector), dw, db);
                copies.deliver(w, dw, vector, gw);
                copies.deliver(w, db, vector, gb);
            }
            copies.deliver(w, to, want, gx);
        }
    }

    private static Layout format(Layout x) {
        Shape shape = x.shape();
        return x.isContiguous() ? Layout.contiguous(shape) : Layout.channelsLast(shape);
    }

    private static Primitive make(Key k) {
        OneDnn.threads(k.threads);
        String what = k.toString();
        long x = DnnCopies.descriptor(DType.FLOAT32, k.x);
        long forward = OneDnn.batchNorm(what, x, k.eps, k.affine);
        Primitive p;
        if (k.backward) {
            long recipe = OneDnn.batchNormBackward(what, x, k.eps, k.affine, forward);
            p = new Primitive(what, k.threads, recipe, k.affine ? GRADIENT_AFFINE : GRADIENT);
            OneDnn.destroyRecipe(recipe);
        } else {
            p = new Primitive(what, k.threads, forward, k.affine ? FORWARD_AFFINE : FORWARD);
        }
        OneDnn.destroyRecipe(forward);
        OneDnn.destroyDescriptor(x);
        return p;
    }
}
