package akari.cpu;

import akari.backend.DType;
import akari.backend.Distribution;
import akari.backend.Philox;
import akari.backend.View;

/** Random fills of contiguous memory, shared among the workers: each Philox block stands alone, so the numbers are the reference's. */
final class Draws {
    /** Elements of a task; four come from one block. */
    private static final int GRAIN = 1 << 14;

    private static final int ROW = 512;

    private final Workers workers;

    Draws(Workers workers) {
        this.workers = workers;
    }

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    boolean fill(Distribution kind, long seed, long offset, double a, double b, View out) {
        boolean narrow =
                out.dtype() == DType.FLOAT32 || kind == Distribution.BERNOULLI && Philox.perBlock(out.dtype()) == 4;
        if (!narrow || kind == Distribution.INTEGER || !out.layout().isContiguous()) {
            return false;
        }
        long n = out.numel();
        long address = out.address();
        int bytes = out.dtype().bytes();
        workers.run(Math.toIntExact(Math.ceilDiv(n, GRAIN)), t -> {
            int[] words = new int[4];
            float[] row = new float[ROW];
            long end = Math.min((t + 1L) * GRAIN, n);
            for (long from = (long) t * GRAIN; from < end; from += ROW) {
                for (int i = 0; i < ROW; i += 4) {
                    Philox.block(seed, offset + (from + i) / 4, words);
                    draw(kind, a, b, words, row, i);
                }
                Transfer.store(out.dtype(), row, address + from * bytes, 1, (int) Math.min(ROW, end - from));
            }
        });
        return true;
    }

    private static void draw(Distribution kind, double a, double b, int[] words, float[] to, int at) {
        for (int s = 0; s < 4; s += 2) {
            double u = Philox.uniform(words[s]);
            double v = Philox.uniform(words[s + 1]);
            switch (kind) {
                case UNIFORM -> {
                    to[at + s] = uniform(a, b, u);
                    to[at + s + 1] = uniform(a, b, v);
                }
                case BERNOULLI -> {
                    to[at + s] = u < a ? 1 : 0;
                    to[at + s + 1] = v < a ? 1 : 0;
                }
                default -> {
                    // Box and Muller; the shift keeps the logarithm finite
                    double r = Math.sqrt(-2 * Math.log(u + 0x1p-24));
                    double angle = 2 * Math.PI * v;
                    to[at + s] = (float) (a + b * r * Math.cos(angle));
                    to[at + s + 1] = (float) (a + b * r * Math.sin(angle));
                }
            }
        }
    }

    /** Rounding must not reach b. */
    private static float uniform(double a, double b, double u) {
        float v = (float) (a + (b - a) * u);
        return v < b || !(a < b) ? v : Math.nextDown((float) b);
    }
}
