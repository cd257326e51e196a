package akari.cpu.layer;

import akari.backend.View;
import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import akari.cpu.machine.Workers;
import akari.cpu.transfer.Blocks;
import akari.cpu.transfer.LoopNest;
import akari.cpu.transfer.Transfer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Looks for infinities and NaN, which some kernels would lose or spread. */
public final class Finite {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;
    private static final short EXPONENT = 0x7F80;
    private static final FloatVector ZERO = FloatVector.zero(F);
    private static final int GRAIN = 1 << 15;

    /** Elements of a round of the loop, which has two chains of sums. */
    private static final int ROUND = 4 * F.length();

    public static final Warmup WARMUP =
            new Warmup((m, n) -> isFinite(m, n * ROUND), (m, n) -> areFinite(m, n * S.length()));

    private Finite() {}

    /** Whether {@code v} holds neither; it is not empty. Of FLOAT64, too large for FLOAT32 counts as infinite. */
    public static boolean all(Workers workers, View v) {
        WARMUP.await();
        LoopNest nest = new LoopNest(new View[] {v}).cut(GRAIN, false);
        boolean dense = v.dtype() == DType.FLOAT32 && nest.stride[0] == 1;
        boolean halves = v.dtype() == DType.BFLOAT16 && nest.stride[0] == 1;
        AtomicBoolean odd = new AtomicBoolean();
        long items = nest.items();
        long perTask = Math.max(1, GRAIN / nest.piece());
        workers.run(Math.toIntExact(Math.ceilDiv(items, perTask)), task -> {
            LoopNest.Cursor c = nest.cursor(task * perTask);
            for (long i = task * perTask; i < Math.min(items, (task + 1) * perTask) && !odd.get(); i++) {
                int whole = dense ? c.length() - c.length() % ROUND : halves ? c.length() - c.length() % S.length() : 0;
                if (!(halves ? areFinite(c.at[0], whole) : isFinite(c.at[0], whole))
                        || !isFinite(v.dtype(), c.at[0], nest.stride[0], whole, c.length())) {
                    odd.set(true);
                }
                c.next();
            }
        });
        return !odd.get();
    }

    /** Whether {@code n} dense FLOAT32 elements are; {@code n} is a multiple of {@link #ROUND}. */
    public static boolean all(Workers workers, long address, long n) {
        WARMUP.await();
        AtomicBoolean odd = new AtomicBoolean();
        workers.run(Math.toIntExact(Math.ceilDiv(n, GRAIN)), i -> {
            int count = (int) Math.min(GRAIN, n - i * (long) GRAIN);
            if (!isFinite(address + i * (long) GRAIN * Float.BYTES, count)) {
                odd.set(true);
            }
        });
        return !odd.get();
    }

    /** 0 times an infinity, or NaN, is NaN; {@code n} is a multiple of {@link #ROUND}. */
    private static boolean isFinite(long address, int n) {
        FloatVector a = ZERO;
        FloatVector b = ZERO;
        for (int i = 0; i < n; i += ROUND) {
            long at = address + (long) i * Float.BYTES;
            a = load(at, 1).fma(ZERO, load(at, 0).fma(ZERO, a));
            b = load(at, 3).fma(ZERO, load(at, 2).fma(ZERO, b));
        }
        return a.add(b).eq(ZERO).allTrue();
    }

    /** Of BFLOAT16: an exponent of ones alone; {@code n} is a multiple of the lanes. */
    private static boolean areFinite(long address, int n) {
        VectorMask<Short> odd = S.maskAll(false);
        for (int i = 0; i < n; i += S.length()) {
            ShortVector v = ShortVector.fromMemorySegment(S, SystemMemory.ALL, address + 2L * i, ORDER);
            odd = odd.or(v.and(EXPONENT).eq(EXPONENT));
        }
        return !odd.anyTrue();
    }

    private static FloatVector load(long address, int vector) {
        return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address + (long) vector * F.vectorByteSize(), ORDER);
    }

    private static boolean isFinite(DType type, long address, long stride, int from, int to) {
        float[] block = Blocks.get().floats;
        for (int i = from; i < to; i += block.length) {
            int n = Math.min(block.length, to - i);
            Transfer.load(type, address + i * stride * type.bytes(), stride, block, n);
            for (int k = 0; k < n; k++) {
                if (!Float.isFinite(block[k])) {
                    return false;
                }
            }
        }
        return true;
    }
}
