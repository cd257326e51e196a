package akari.cpu.dnn;

import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import akari.cpu.machine.Workers;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Three planes of FLOAT32, red, green and blue as a rule, to pixels of three channels: what a first convolution reads. */
public final class Interleave {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = F.length();
    private static final int VECTOR = F.vectorByteSize();
    private static final int GRAIN = 1 << 13;

    // element q of the result is channel q % 3 of pixel q / 3; a vector of each plane becomes three of the result
    private static final VectorShuffle<Float> PIXELS0 = pixels(0);
    private static final VectorShuffle<Float> PIXELS1 = pixels(1);
    private static final VectorShuffle<Float> PIXELS2 = pixels(2);
    private static final VectorMask<Float> GREEN0 = channel(0, 1);
    private static final VectorMask<Float> GREEN1 = channel(1, 1);
    private static final VectorMask<Float> GREEN2 = channel(2, 1);
    private static final VectorMask<Float> BLUE0 = channel(0, 2);
    private static final VectorMask<Float> BLUE1 = channel(1, 2);
    private static final VectorMask<Float> BLUE2 = channel(2, 2);

    public static final Warmup WARMUP = new Warmup((m, n) -> run(m, m + 1024, m + 2048, m + 4096, n * LANES));

    private Interleave() {}

    private static VectorShuffle<Float> pixels(int part) {
        return VectorShuffle.fromOp(F, i -> (part * LANES + i) / 3);
    }

    private static VectorMask<Float> channel(int part, int c) {
        boolean[] is = new boolean[LANES];
        for (int i = 0; i < LANES; i++) {
            is[i] = (part * LANES + i) % 3 == c;
        }
        return VectorMask.fromArray(F, is, 0);
    }

    /** {@code images} times three planes of {@code pixels} each. */
    static void run(Workers workers, long from, long images, long pixels, long to) {
        WARMUP.await();
        long parts = Math.ceilDiv(pixels, GRAIN);
        workers.run(Math.toIntExact(images * parts), task -> {
            long first = task % parts * GRAIN;
            long plane = from + (task / parts * 3 * pixels + first) * Float.BYTES;
            long step = pixels * Float.BYTES;
            run(plane, plane + step, plane + 2 * step, to + (task / parts * pixels + first) * 3 * Float.BYTES, (int)
                    Math.min(GRAIN, pixels - first));
        });
    }

    private static void run(long r, long g, long b, long to, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            long at = (long) i * Float.BYTES;
            vector(load(r + at), load(g + at), load(b + at), to + 3 * at);
        }
        for (; i < n; i++) {
            long at = (long) i * Float.BYTES;
            copy(r + at, to + 3 * at);
            copy(g + at, to + 3 * at + Float.BYTES);
            copy(b + at, to + 3 * at + 2 * Float.BYTES);
        }
    }

    private static void vector(FloatVector r, FloatVector g, FloatVector b, long to) {
        store(r.rearrange(PIXELS0).blend(g.rearrange(PIXELS0), GREEN0).blend(b.rearrange(PIXELS0), BLUE0), to);
        store(r.rearrange(PIXELS1).blend(g.rearrange(PIXELS1), GREEN1).blend(b.rearrange(PIXELS1), BLUE1), to + VECTOR);
        store(
                r.rearrange(PIXELS2).blend(g.rearrange(PIXELS2), GREEN2).blend(b.rearrange(PIXELS2), BLUE2),
                to + 2 * VECTOR);
    }

    private static void copy(long from, long to) {
        SystemMemory.ALL.set(ValueLayout.JAVA_FLOAT, to, SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, from));
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address, ORDER);
    }

    private static void store(FloatVector v, long address) {
        v.intoMemorySegment(SystemMemory.ALL, address, ORDER);
    }
}
