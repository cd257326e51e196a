package akari.backend;

import akari.core.Convolution;
import akari.core.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and its gradients as matrix products over patches. The input of one group is copied into a zero-padded block on the
 * heap; element {@code k} of the patch at output position {@code q} is then at {@code tap[k] + origin[q]}, with no borders to mind. Only
 * infinite factors, which zeros of the padding would make NaN of, are multiplied one by one, and padding is left out.
 */
final class Patches {
    private static final int TILE = 256;

    private final Planes weight;
    private final int groups;
    /** Input and output channels of a group. */
    private final int cg;

    private final int og;
    private final int[] pad;
    private final int[] padded;
    private final int[] tap;
    private final int[] origin;
    /** Output positions of a sample, and how many samples are done together so that small images fill a tile. */
    private final int positions;

    private final int together;

    /** Which elements of the padded block are the input's; null where all are. */
    private final boolean @Nullable [] inside;

    private Patches(Convolution c, Planes x, Planes weight, Planes y) {
        this.weight = weight;
        groups = Math.toIntExact(c.groups());
        cg = x.channels / groups;
        og = y.channels / groups;
        pad = Planes.three(c.padding(), 0, 0);
        int[] stride = Planes.three(steps(c.stride()), 0, 1);
        int[] dilation = Planes.three(steps(c.dilation()), 0, 1);
        padded = new int[3];
        Arrays.setAll(padded, d -> x.size[d] + 2 * pad[d]);
        positions = y.volume();
        together = Math.clamp(TILE / Math.max(positions, 1), 1, Math.max(y.n, 1));
        tap = corners(cg, weight.size, dilation);
        origin = corners(together, y.size, stride);
        for (int r = 1; r < together; r++) {
            for (int q = 0; q < positions; q++) {
                origin[r * positions + q] = origin[q] + r * cg * volume();
            }
        }
        inside = Arrays.stream(pad).allMatch(n -> n == 0) ? null : inside(x.size);
    }

    private boolean[] inside(int[] size) {
        boolean[] in = new boolean[together * cg * volume()];
        for (int plane = 0; plane < together * cg; plane++) {
            for (int d = 0; d < size[0]; d++) {
                for (int h = 0; h < size[1]; h++) {
                    int at = interior(0, plane) + (d * padded[1] + h) * padded[2];
                    Arrays.fill(in, at, at + size[2], true);
                }
            }
        }
        return in;
    }

    private static boolean areFinite(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v * 0;
        }
        return sum == 0;
    }

    /** A step beyond any plane leads to no second place, however far it goes. */
    private static Shape steps(Shape s) {
        return Shape.of(Arrays.stream(s.toArray())
                .map(n -> Math.min(n, Integer.MAX_VALUE))
                .toArray());
    }

    /** Where in the padded block the points of a grid lie, its steps {@code step} apart, plane after plane. */
    private int[] corners(int planes, int[] size, int[] step) {
        int[] at = new int[planes * size[0] * size[1] * size[2]];
        int i = 0;
        for (int p = 0; p < planes; p++) {
            for (int d = 0; d < size[0]; d++) {
                for (int h = 0; h < size[1]; h++) {
                    for (int w = 0; w < size[2]; w++) {
                        at[i++] = p * volume() + (d * step[0] * padded[1] + h * step[1]) * padded[2] + w * step[2];
                    }
                }
            }
        }
        return at;
    }

    private int volume() {
        return padded[0] * padded[1] * padded[2];
    }

    // ---- the three passes

    static void forward(Convolution c, View x, View weight, @Nullable View bias, View out) {
        Planes from = new Planes(x);
        Planes to = new Planes(out);
        Patches p = new Patches(c, from, new Planes(weight), to);
        double[] b = new double[to.channels];
        if (bias != null) {
            Memory.load(bias.dtype(), bias.address(), bias.layout().stride(0), b, 0, b.length);
        }
        for (int g = 0; g < p.groups; g++) {
            double[] w = p.weights(g);
            for (int i = 0; i < from.n; i += p.together) {
                p.forward(from, g, i, Math.min(p.together, from.n - i), w, b, to);
            }
        }
    }

    private void forward(Planes from, int g, int i, int samples, double[] w, double[] bias, Planes to) {
        double[] x = load(from, g, i, samples);
        int total = samples * positions;
        double[] y = new double[og * total];
        for (int at = 0; at < total; at += TILE) {
            int n = Math.min(TILE, total - at);
            double[] patches = new double[tap.length * n];
            for (int k = 0; k < tap.length; k++) {
                for (int q = 0; q < n; q++) {
                    patches[k * n + q] = x[tap[k] + origin[at + q]];
                }
            }
            double[] tile = new double[og * n];
            for (int o = 0; o < og; o++) {
                Arrays.fill(tile, o * n, (o + 1) * n, bias[g * og + o]);
            }
            if (inside == null || areFinite(w)) {
                Matrices.multiplyAdd(w, patches, tile, og, n, tap.length);
            } else {
                for (int o = 0; o < og; o++) {
                    for (int k = 0; k < tap.length; k++) {
                        for (int q = 0; q < n; q++) {
                            if (inside[tap[k] + origin[at + q]]) {
                                tile[o * n + q] += w[o * tap.length + k] * patches[k * n + q];
                            }
                        }
                    }
                }
            }
            for (int o = 0; o < og; o++) {
                System.arraycopy(tile, o * n, y, o * total + at, n);
            }
        }
        for (int o = 0; o < og; o++) {
            for (int r = 0; r < samples; r++) {
                to.store(y, o * total + r * positions, i + r, g * og + o);
            }
        }
    }

    static void inputGradient(Convolution c, View gradient, View weight, View gx) {
        Planes from = new Planes(gradient);
        Planes to = new Planes(gx);
        Patches p = new Patches(c, to, new Planes(weight), from);
        for (int g = 0; g < p.groups; g++) {
            double[] w = transposed(p.weights(g), p.og, p.tap.length);
            for (int i = 0; i < from.n; i += p.together) {
                p.inputGradient(from, g, i, Math.min(p.together, from.n - i), w, to);
            }
        }
    }

    private void inputGradient(Planes from, int g, int i, int samples, double[] w, Planes to) {
        double[] x = new double[samples * cg * volume()];
        double[] y = outputs(from, g, i, samples);
        int total = samples * positions;
        for (int at = 0; at < total; at += TILE) {
            int n = Math.min(TILE, total - at);
            double[] patches = new double[tap.length * n];
            Matrices.multiplyAdd(w, columns(y, total, at, n), patches, tap.length, n, og);
            for (int k = 0; k < tap.length; k++) {
                for (int q = 0; q < n; q++) {
                    x[tap[k] + origin[at + q]] += patches[k * n + q];
                }
            }
        }
        for (int r = 0; r < samples; r++) {
            for (int channel = 0; channel < cg; channel++) {
                to.store(x, interior(r, channel), padded[1] * padded[2], padded[2], i + r, g * cg + channel);
            }
        }
    }

    static void weightGradient(Convolution c, View x, View gradient, View gw, @Nullable View gb) {
        Planes from = new Planes(x);
        Planes upstream = new Planes(gradient);
        Planes to = new Planes(gw);
        Patches p = new Patches(c, from, to, upstream);
        double[] bias = new double[upstream.channels];
        for (int g = 0; g < p.groups; g++) {
            double[] w = new double[p.og * p.tap.length];
            for (int i = 0; i < from.n; i += p.together) {
                p.weightGradient(from, upstream, g, i, Math.min(p.together, from.n - i), w, bias);
            }
            int taps = to.volume();
            for (int o = 0; o < p.og; o++) {
                for (int channel = 0; channel < p.cg; channel++) {
                    to.store(w, (o * p.cg + channel) * taps, g * p.og + o, channel);
                }
            }
        }
        if (gb != null) {
            Memory.store(gb.dtype(), bias, 0, gb.address(), gb.layout().stride(0), bias.length);
        }
    }

    private void weightGradient(Planes from, Planes upstream, int g, int i, int samples, double[] w, double[] bias) {
        double[] x = load(from, g, i, samples);
        double[] y = outputs(upstream, g, i, samples);
        int total = samples * positions;
        for (int at = 0; at < total; at += TILE) {
            int n = Math.min(TILE, total - at);
            double[] patches = new double[n * tap.length];
            for (int q = 0; q < n; q++) {
                for (int k = 0; k < tap.length; k++) {
                    patches[q * tap.length + k] = x[tap[k] + origin[at + q]];
                }
            }
            double[] tile = columns(y, total, at, n);
            if (inside == null || areFinite(tile)) {
                Matrices.multiplyAdd(tile, patches, w, og, tap.length, n);
            } else {
                for (int o = 0; o < og; o++) {
                    for (int q = 0; q < n; q++) {
                        for (int k = 0; k < tap.length; k++) {
                            if (inside[tap[k] + origin[at + q]]) {
                                w[o * tap.length + k] += tile[o * n + q] * patches[q * tap.length + k];
                            }
                        }
                    }
                }
            }
            for (int o = 0; o < og; o++) {
                double sum = 0;
                for (int q = 0; q < n; q++) {
                    sum += tile[o * n + q];
                }
                bias[g * og + o] += sum;
            }
        }
    }

    // ---- heap blocks

    /** The weight of a group: {@code [og, cg·kernel]}. */
    private double[] weights(int g) {
        double[] w = new double[og * tap.length];
        for (int o = 0; o < og; o++) {
            for (int channel = 0; channel < cg; channel++) {
                weight.load(g * og + o, channel, w, (o * cg + channel) * weight.volume());
            }
        }
        return w;
    }

    /** The padded input of a group, sample after sample. */
    private double[] load(Planes from, int g, int i, int samples) {
        double[] x = new double[samples * cg * volume()];
        for (int r = 0; r < samples; r++) {
            for (int channel = 0; channel < cg; channel++) {
                from.load(i + r, g * cg + channel, x, interior(r, channel), padded[1] * padded[2], padded[2]);
            }
        }
        return x;
    }

    /** First element within the padding. */
    private int interior(int sample, int channel) {
        return (sample * cg + channel) * volume() + (pad[0] * padded[1] + pad[1]) * padded[2] + pad[2];
    }

    /** A group's outputs: {@code [og, samples·positions]}. */
    private double[] outputs(Planes from, int g, int i, int samples) {
        double[] y = new double[og * samples * positions];
        for (int o = 0; o < og; o++) {
            for (int r = 0; r < samples; r++) {
                from.load(i + r, g * og + o, y, (o * samples + r) * positions);
            }
        }
        return y;
    }

    /** Columns {@code at … at+n-1} of a matrix {@code width} wide. */
    private static double[] columns(double[] m, int width, int at, int n) {
        int rows = m.length / Math.max(width, 1);
        double[] out = new double[rows * n];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(m, i * width + at, out, i * n, n);
        }
        return out;
    }

    private static double[] transposed(double[] m, int rows, int columns) {
        double[] out = new double[m.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[j * rows + i] = m[i * columns + j];
            }
        }
        return out;
    }
}
