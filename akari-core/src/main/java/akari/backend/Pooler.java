package akari.backend;

import akari.core.Pooling;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Pooling, plane by plane and window by window. */
final class Pooler {
    private final Planes in;
    private final Planes out;
    private final int[] dilation;
    private final long divisor;
    /** Of each dimension and output index: first input index, one past the last, both clipped, and the size that counts. */
    private final int[][] start = new int[3][];

    private final int[][] end = new int[3][];
    private final long[][] counted = new long[3][];

    private Pooler(Pooling p, Planes in, Planes out) {
        this.in = in;
        this.out = out;
        this.dilation = Planes.three(p.dilation(), 0, 1);
        this.divisor = p.divisor();
        int lead = 3 - p.dims();
        for (int d = 0; d < 3; d++) {
            start[d] = new int[out.size[d]];
            end[d] = new int[out.size[d]];
            counted[d] = new long[out.size[d]];
            for (int o = 0; o < out.size[d]; o++) {
                if (d < lead) {
                    end[d][o] = 1;
                    counted[d][o] = 1;
                    continue;
                }
                long first = p.start(d - lead, o, in.size[d]);
                // a dilated window has gaps: skip whole steps to get inside
                long skip = first < 0 ? Math.ceilDiv(-first, dilation[d]) : 0;
                start[d][o] = (int) (first + skip * dilation[d]);
                end[d][o] = (int) Math.min(p.end(d - lead, o, in.size[d]), in.size[d]);
                counted[d][o] = p.counted(d - lead, o, in.size[d]);
            }
        }
    }

    /** What happens at one output position {@code o} of the plane. */
    private interface Window {
        void at(int o, int od, int oh, int ow);
    }

    private void each(Window window) {
        int o = 0;
        for (int od = 0; od < out.size[0]; od++) {
            for (int oh = 0; oh < out.size[1]; oh++) {
                for (int ow = 0; ow < out.size[2]; ow++) {
                    window.at(o++, od, oh, ow);
                }
            }
        }
    }

    /** An empty batch, as when shapes are asked for, needs no memory for planes, however large they would be. */
    private static boolean empty(Planes in) {
        return in.n == 0 || in.channels == 0;
    }

    static void max(Pooling p, View x, View y, @Nullable View index) {
        Planes in = new Planes(x);
        Planes out = new Planes(y);
        Planes positions = index == null ? null : new Planes(index);
        Pooler pooler = new Pooler(p, in, out);
        if (empty(in)) {
            return;
        }
        double[] plane = new double[in.volume()];
        double[] best = new double[out.volume()];
        double[] at = new double[out.volume()];
        for (int i = 0; i < in.n; i++) {
            for (int c = 0; c < in.channels; c++) {
                in.load(i, c, plane, 0);
                pooler.each((o, od, oh, ow) -> pooler.max(plane, best, at, o, od, oh, ow));
                out.store(best, 0, i, c);
                if (positions != null) {
                    positions.store(at, 0, i, c);
                }
            }
        }
    }

    private void max(double[] plane, double[] best, double[] at, int o, int od, int oh, int ow) {
        double max = Double.NEGATIVE_INFINITY;
        int where = (start[0][od] * in.size[1] + start[1][oh]) * in.size[2] + start[2][ow];
        for (int d = start[0][od]; d < end[0][od]; d += dilation[0]) {
            for (int h = start[1][oh]; h < end[1][oh]; h += dilation[1]) {
                for (int w = start[2][ow]; w < end[2][ow]; w += dilation[2]) {
                    int i = (d * in.size[1] + h) * in.size[2] + w;
                    // as in PyTorch the last NaN of a window is the one pointed at
                    if (plane[i] > max || Double.isNaN(plane[i])) {
                        max = plane[i];
                        where = i;
                    }
                }
            }
        }
        best[o] = max;
        at[o] = where;
    }

    static void average(Pooling p, View x, View y) {
        Planes in = new Planes(x);
        Planes out = new Planes(y);
        Pooler pooler = new Pooler(p, in, out);
        if (empty(in)) {
            return;
        }
        double[] plane = new double[in.volume()];
        double[] mean = new double[out.volume()];
        for (int i = 0; i < in.n; i++) {
            for (int c = 0; c < in.channels; c++) {
                in.load(i, c, plane, 0);
                pooler.each((o, od, oh, ow) -> mean[o] = pooler.sum(plane, od, oh, ow) / pooler.divisor(od, oh, ow));
                out.store(mean, 0, i, c);
            }
        }
    }

    private double sum(double[] plane, int od, int oh, int ow) {
        double sum = 0;
        for (int d = start[0][od]; d < end[0][od]; d++) {
            for (int h = start[1][oh]; h < end[1][oh]; h++) {
                for (int w = start[2][ow]; w < end[2][ow]; w++) {
                    sum += plane[(d * in.size[1] + h) * in.size[2] + w];
                }
            }
        }
        return sum;
    }

    private double divisor(int od, int oh, int ow) {
        return divisor != 0 ? divisor : counted[0][od] * counted[1][oh] * counted[2][ow];
    }

    static void averageGradient(Pooling p, View g, View gx) {
        Planes in = new Planes(gx);
        Planes out = new Planes(g);
        Pooler pooler = new Pooler(p, in, out);
        if (empty(in)) {
            return;
        }
        double[] plane = new double[in.volume()];
        double[] upstream = new double[out.volume()];
        for (int i = 0; i < in.n; i++) {
            for (int c = 0; c < in.channels; c++) {
                out.load(i, c, upstream, 0);
                Arrays.fill(plane, 0);
                pooler.each((o, od, oh, ow) -> pooler.spread(plane, upstream[o], od, oh, ow));
                in.store(plane, 0, i, c);
            }
        }
    }

    private void spread(double[] plane, double g, int od, int oh, int ow) {
        double share = g / divisor(od, oh, ow);
        for (int d = start[0][od]; d < end[0][od]; d++) {
            for (int h = start[1][oh]; h < end[1][oh]; h++) {
                for (int w = start[2][ow]; w < end[2][ow]; w++) {
                    plane[(d * in.size[1] + h) * in.size[2] + w] += share;
                }
            }
        }
    }
}
