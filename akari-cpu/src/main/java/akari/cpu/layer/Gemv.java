package akari.cpu.layer;

import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import akari.cpu.machine.Workers;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * One row times a matrix that lies by columns: a linear layer on a single sample. It is read once, so that memory sets the pace; each
 * result is the dot product of two runs.
 */
public final class Gemv {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = F.length();
    private static final int COLUMNS = 4;

    private static final VectorShuffle<Float> BY_8 = turned(8);
    private static final VectorShuffle<Float> BY_4 = turned(4);
    private static final VectorShuffle<Float> BY_2 = turned(2);
    private static final VectorShuffle<Float> BY_1 = turned(1);

    /** Elements of the matrix that a task reads. */
    private static final long GRAIN = 1 << 16;

    public static final Warmup WARMUP = new Warmup((m, n) -> dot4(m, m, 64, n * LANES - 3, 0, m + 4096));

    private final Workers workers;

    public Gemv(Workers workers) {
        this.workers = workers;
    }

    /** Whether this is such a product; if not, nothing was done. */
    public boolean run(View a, View b, @Nullable View bias, View out) {
        Layout l = b.layout();
        if (l.rank() != 2
                || a.layout().size(0) != 1
                || a.dtype() != DType.FLOAT32
                || b.dtype() != DType.FLOAT32
                || out.dtype() != DType.FLOAT32
                || a.layout().stride(1) != 1
                || l.stride(0) != 1
                || l.size(1) < COLUMNS
                || out.layout().stride(1) != 1
                || bias != null
                        && (bias.dtype() != DType.FLOAT32 || bias.layout().stride(0) != 1)) {
            return false;
        }
        WARMUP.await();
        int k = Math.toIntExact(l.size(0));
        int n = Math.toIntExact(l.size(1));
        long step = l.stride(1) * Float.BYTES;
        long x = a.address();
        long w = b.address();
        long plus = bias == null ? 0 : bias.address();
        long to = out.address();
        int perTask = (int) Math.max(1, GRAIN / Math.max(1, (long) k * COLUMNS)) * COLUMNS;
        workers.run(Math.ceilDiv(n, perTask), task -> {
            int last = Math.min(n, (task + 1) * perTask);
            for (int j = task * perTask; j < last; j += COLUMNS) {
                int at = Math.min(j, n - COLUMNS); // the last columns may be computed twice
                long bytes = (long) at * Float.BYTES;
                dot4(x, w + at * step, step, k, plus == 0 ? 0 : plus + bytes, to + bytes);
            }
        });
        return true;
    }

    private static void dot4(long x, long w, long step, int k, long bias, long to) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i + LANES <= k; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector v = load(x + at);
            s0 = v.fma(load(w + at), s0);
            s1 = v.fma(load(w + step + at), s1);
            s2 = v.fma(load(w + 2 * step + at), s2);
            s3 = v.fma(load(w + 3 * step + at), s3);
        }
        if (i < k) {
            VectorMask<Float> in = F.indexInRange(i, k);
            long at = (long) i * Float.BYTES;
            FloatVector v = load(x + at, in);
            s0 = v.fma(load(w + at, in), s0);
            s1 = v.fma(load(w + step + at, in), s1);
            s2 = v.fma(load(w + 2 * step + at, in), s2);
            s3 = v.fma(load(w + 3 * step + at, in), s3);
        }
        set(to, s0, bias);
        set(to + 4, s1, bias == 0 ? 0 : bias + 4);
        set(to + 8, s2, bias == 0 ? 0 : bias + 8);
        set(to + 12, s3, bias == 0 ? 0 : bias + 12);
    }

    private static void set(long to, FloatVector sum, long bias) {
        float v = total(sum);
        SystemMemory.ALL.set(
                ValueLayout.JAVA_FLOAT, to, bias == 0 ? v : v + SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, bias));
    }

    /**
     * The sum of all lanes, by halves. {@code reduceLanes} leaves the order open, and interpreter and compiler differ in it: the same
     * product would have other bits once it is compiled.
     */
    private static float total(FloatVector v) {
        if (LANES > 16) {
            return inOrder(v);
        }
        FloatVector sum = LANES > 8 ? v.add(v.rearrange(BY_8)) : v;
        sum = LANES > 4 ? sum.add(sum.rearrange(BY_4)) : sum;
        sum = LANES > 2 ? sum.add(sum.rearrange(BY_2)) : sum;
        return (LANES > 1 ? sum.add(sum.rearrange(BY_1)) : sum).lane(0);
    }

    /** For processors with longer vectors than those that this was written for. */
    private static float inOrder(FloatVector v) {
        float sum = 0;
        for (int i = 0; i < LANES; i++) {
            sum += v.lane(i);
        }
        return sum;
    }

    private static VectorShuffle<Float> turned(int by) {
        return VectorShuffle.fromOp(F, i -> (i + by) % LANES);
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address, ORDER);
    }

    private static FloatVector load(long address, VectorMask<Float> in) {
        return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address, ORDER, in);
    }
}
