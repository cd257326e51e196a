package akari.cpu.layer;

import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import akari.cpu.machine.Workers;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Adds up what threads have summed apart. */
public final class Sums {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long GRAIN = 1 << 14;

    static final Warmup.Scrap SCRAP = (m, n) -> add(m, m + Warmup.BYTES / 2, (long) n * F.length());
    public static final Warmup WARMUP = new Warmup(SCRAP);

    private Sums() {}

    /** {@code to += from}, {@code n} FLOAT32 elements. */
    public static void add(Workers workers, long from, long to, long n) {
        WARMUP.await();
        workers.run(Math.toIntExact(Math.ceilDiv(n, GRAIN)), i -> {
            long start = i * GRAIN * Float.BYTES;
            add(from + start, to + start, Math.min(GRAIN, n - i * GRAIN));
        });
    }

    public static void add(long from, long to, long n) {
        long whole = n - n % F.length();
        for (long i = 0; i < whole; i += F.length()) {
            load(to + i * Float.BYTES)
                    .add(load(from + i * Float.BYTES))
                    .intoMemorySegment(SystemMemory.ALL, to + i * Float.BYTES, ORDER);
        }
        for (long i = whole; i < n; i++) {
            float sum = at(to + i * Float.BYTES) + at(from + i * Float.BYTES);
            SystemMemory.ALL.set(ValueLayout.JAVA_FLOAT, to + i * Float.BYTES, sum);
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address, ORDER);
    }

    private static float at(long address) {
        return SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, address);
    }
}
