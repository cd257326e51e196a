package akari.cpu.kernel;

import akari.backend.Distribution;
import akari.backend.Layout;
import akari.backend.Philox;
import akari.backend.View;
import akari.core.Shape;
import akari.cpu.machine.Workers;

/** Random fills, of contiguous memory shared among the workers: each Philox block stands alone, so the numbers are the reference's. */
public final class RandomFill {
    /** Elements of a task, a multiple of those of a block. */
    private static final int GRAIN = 1 << 14;

    private final Workers workers;

    public RandomFill(Workers workers) {
        this.workers = workers;
    }

    public void fill(Distribution kind, long seed, long offset, View out) {
        if (!out.layout().isContiguous()) {
            Philox.fill(kind, seed, offset, out);
            return;
        }
        long start = out.layout().offset();
        long n = out.numel();
        int per = kind.perBlock(out.dtype());
        workers.run(Math.toIntExact(Math.ceilDiv(n, GRAIN)), t -> {
            long from = (long) t * GRAIN;
            Layout part = Layout.of(Shape.of(Math.min(GRAIN, n - from)), new long[] {1}, start + from);
            Philox.fill(kind, seed, offset + from / per, out.with(part));
        });
    }
}
