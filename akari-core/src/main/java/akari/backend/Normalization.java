package akari.backend;

import akari.core.DType;
import akari.core.Shape;
import org.jspecify.annotations.Nullable;

/** Softmax over a dimension and batch normalisation over all dimensions but 1, in double. */
final class Normalization {
    private static final int BLOCK = 256;

    private Normalization() {}

    // ---- softmax

    static void softmax(View x, int dim, boolean log, View out) {
        if (x.numel() == 0) {
            return; // a row may be longer than any array
        }
        Lines in = new Lines(x, dim);
        Lines to = new Lines(out, dim);
        double[] v = new double[in.length];
        Rows rows = Rows.ordered(to.starts, in.starts);
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                in.load(rows, 1, i, v);
                double max = Double.NEGATIVE_INFINITY;
                for (double e : v) {
                    max = Math.max(max, e);
                }
                double sum = 0;
                for (double e : v) {
                    sum += Math.exp(e - max);
                }
                double logSum = Math.log(sum);
                for (int j = 0; j < v.length; j++) {
                    v[j] = log ? v[j] - max - logSum : Math.exp(v[j] - max) / sum;
                }
                to.store(rows, 0, i, v);
            }
        }
    }

    static void softmaxGradient(View y, View g, int dim, boolean log, View gx) {
        if (y.numel() == 0) {
            return; // a row may be longer than any array
        }
        Lines value = new Lines(y, dim);
        Lines upstream = new Lines(g, dim);
        Lines to = new Lines(gx, dim);
        double[] v = new double[value.length];
        double[] u = new double[value.length];
        Rows rows = Rows.ordered(to.starts, value.starts, upstream.starts);
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                value.load(rows, 1, i, v);
                upstream.load(rows, 2, i, u);
                double sum = 0;
                for (int j = 0; j < v.length; j++) {
                    sum += log ? u[j] : u[j] * v[j];
                }
                for (int j = 0; j < v.length; j++) {
                    v[j] = log ? u[j] - Math.exp(v[j]) * sum : v[j] * (u[j] - sum);
                }
                to.store(rows, 0, i, v);
            }
        }
    }

    /** A view cut into its lines along one dimension; {@code starts} are their first elements. */
    private static final class Lines {
        final View starts;
        final int length;
        private final long stride;
        private final DType type;

        Lines(View v, int dim) {
            Layout layout = v.layout();
            type = v.dtype();
            if (layout.rank() == 0) {
                starts = v;
                length = 1;
                stride = 0;
                return;
            }
            length = Math.toIntExact(layout.size(dim));
            stride = layout.stride(dim);
            Shape cut = length == 0 ? layout.shape() : layout.shape().with(dim, 1);
            starts = v.with(Layout.of(cut, layout.strides(), layout.offset()));
        }

        void load(Rows rows, int view, long i, double[] to) {
            Memory.load(type, rows.at(view, i), stride, to, 0, length);
        }

        void store(Rows rows, int view, long i, double[] from) {
            Memory.store(type, from, 0, rows.at(view, i), stride, length);
        }
    }

    // ---- batch normalisation

    static void batchNorm(
            View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance) {
        double[] v = new double[BLOCK];
        for (long c = 0; c < x.layout().size(1); c++) {
            View channel = x.with(x.layout().select(1, c));
            View to = out.with(out.layout().select(1, c));
            long count = channel.numel();
            double sum = 0;
            Rows rows = Rows.anyOrder(channel);
            while (rows.next()) {
                for (long at = 0; at < rows.length; at += BLOCK) {
                    int n = load(channel, rows, 0, at, v);
                    double part = 0;
                    for (int j = 0; j < n; j++) {
                        part += v[j];
                    }
                    sum += part;
                }
            }
            double m = sum / count;
            double s = squares(channel, m) / count;
            double scale = element(weight, c, 1) / Math.sqrt(s + eps);
            double shift = element(bias, c, 0);
            rows = Rows.anyOrder(to, channel);
            while (rows.next()) {
                for (long at = 0; at < rows.length; at += BLOCK) {
                    int n = load(channel, rows, 1, at, v);
                    for (int j = 0; j < n; j++) {
                        v[j] = (v[j] - m) * scale + shift;
                    }
                    store(to, rows, at, v, n);
                }
            }
            set(mean, c, m);
            set(variance, c, s);
        }
    }

    private static double squares(View channel, double mean) {
        double[] v = new double[BLOCK];
        double squares = 0;
        Rows rows = Rows.anyOrder(channel);
        while (rows.next()) {
            for (long at = 0; at < rows.length; at += BLOCK) {
                int n = load(channel, rows, 0, at, v);
                double part = 0;
                for (int j = 0; j < n; j++) {
                    part += (v[j] - mean) * (v[j] - mean);
                }
                squares += part;
            }
        }
        return squares;
    }

    /** With x̂ the normalised input and m its count: {@code gx = w/√(σ²+ε) · (g - Σg/m - x̂·Σ(g·x̂)/m)}. */
    static void batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            double eps,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        double[] v = new double[BLOCK];
        double[] u = new double[BLOCK];
        for (long c = 0; c < x.layout().size(1); c++) {
            View channel = x.with(x.layout().select(1, c));
            View upstream = g.with(g.layout().select(1, c));
            View to = gx.with(gx.layout().select(1, c));
            double m = element(mean, c, 0);
            double spread = element(variance, c, 1);
            // beyond the range of the view's type, but not of double
            spread = Double.isInfinite(spread) ? squares(channel, m) / channel.numel() : spread;
            double inverse = 1 / Math.sqrt(spread + eps);
            double sum = 0;
            double product = 0;
            Rows rows = Rows.anyOrder(channel, upstream);
            while (rows.next()) {
                for (long at = 0; at < rows.length; at += BLOCK) {
                    int n = load(channel, rows, 0, at, v);
                    load(upstream, rows, 1, at, u);
                    double s = 0;
                    double p = 0;
                    for (int j = 0; j < n; j++) {
                        s += u[j];
                        p += u[j] * (v[j] - m);
                    }
                    sum += s;
                    product += p;
                }
            }
            product *= inverse;
            double scale = element(weight, c, 1) * inverse;
            double meanSum = sum / channel.numel();
            double meanProduct = product / channel.numel();
            rows = Rows.anyOrder(to, channel, upstream);
            while (rows.next()) {
                for (long at = 0; at < rows.length; at += BLOCK) {
                    int n = load(channel, rows, 1, at, v);
                    load(upstream, rows, 2, at, u);
                    for (int j = 0; j < n; j++) {
                        v[j] = scale * (u[j] - meanSum - (v[j] - m) * inverse * meanProduct);
                    }
                    store(to, rows, at, v, n);
                }
            }
            if (gw != null && gb != null) {
                set(gw, c, product);
                set(gb, c, sum);
            }
        }
    }

    private static int load(View v, Rows rows, int k, long at, double[] to) {
        int n = (int) Math.min(BLOCK, rows.length - at);
        DType t = v.dtype();
        Memory.load(t, rows.at(k, at), rows.stride[k], to, 0, n);
        return n;
    }

    private static void store(View v, Rows rows, long at, double[] from, int n) {
        DType t = v.dtype();
        Memory.store(t, from, 0, rows.at(0, at), rows.stride[0], n);
    }

    private static double element(@Nullable View v, long i, double none) {
        return v == null
                ? none
                : Memory.get(
                        v.dtype(),
                        v.address() + i * v.layout().stride(0) * v.dtype().bytes());
    }

    private static void set(View v, long i, double value) {
        Memory.set(v.dtype(), v.address() + i * v.layout().stride(0) * v.dtype().bytes(), value);
    }
}
