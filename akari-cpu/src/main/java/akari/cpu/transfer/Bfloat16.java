package akari.cpu.transfer;

import akari.backend.Conversions;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Rows of bfloat16 to and from rows of float32, in memory; the same bits as {@link Conversions}, a vector at a time. */
public final class Bfloat16 {
    private static final VectorSpecies<Integer> WIDE = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> NARROW =
            VectorSpecies.of(short.class, VectorShape.forBitSize(WIDE.vectorBitSize() / 2));
    private static final MemorySegment ALL = SystemMemory.ALL;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    // to warm up with
    private static final short[] SHORTS = new short[Warmup.VECTORS * WIDE.length()];
    private static final float[] FLOATS = new float[Warmup.VECTORS * WIDE.length()];

    public static final Warmup WARMUP = new Warmup(
            (m, n) -> widen(m, m + Warmup.BYTES / 2, n * WIDE.length()),
            (m, n) -> narrow(m, m + Warmup.BYTES / 2, n * WIDE.length()),
            (m, n) -> widen(SHORTS, FLOATS, 0, n * WIDE.length()),
            (m, n) -> narrow(FLOATS, 0, SHORTS, n * WIDE.length()));

    private Bfloat16() {}

    public static void widen(long from, long to, int n) {
        int vectors = WIDE.loopBound(n);
        for (int i = 0; i < vectors; i += WIDE.length()) {
            IntVector bits = (IntVector) ShortVector.fromMemorySegment(NARROW, ALL, from + 2L * i, ORDER)
                    .convertShape(VectorOperators.S2I, WIDE, 0);
            bits.lanewise(VectorOperators.LSHL, 16).intoMemorySegment(ALL, to + 4L * i, ORDER);
        }
        for (int i = vectors; i < n; i++) {
            short bits = ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, from + 2L * i);
            ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + 4L * i, Conversions.fromBfloat16(bits));
        }
    }

    public static void narrow(long from, long to, int n) {
        int vectors = WIDE.loopBound(n);
        for (int i = 0; i < vectors; i += WIDE.length()) {
            IntVector bits = IntVector.fromMemorySegment(WIDE, ALL, from + 4L * i, ORDER);
            ((ShortVector) rounded(bits).convertShape(VectorOperators.I2S, NARROW, 0))
                    .intoMemorySegment(ALL, to + 2L * i, ORDER);
        }
        for (int i = vectors; i < n; i++) {
            float v = ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + 4L * i);
            ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, to + 2L * i, Conversions.toBfloat16(v));
        }
    }

    /** From the first elements of an array to another's, from {@code at} on. */
    static void widen(short[] from, float[] to, int at, int n) {
        int vectors = WIDE.loopBound(n);
        for (int i = 0; i < vectors; i += WIDE.length()) {
            IntVector bits =
                    (IntVector) ShortVector.fromArray(NARROW, from, i).convertShape(VectorOperators.S2I, WIDE, 0);
            bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, at + i);
        }
        for (int i = vectors; i < n; i++) {
            to[at + i] = Conversions.fromBfloat16(from[i]);
        }
    }

    /** From an array's elements, from {@code at} on, to the first of another. */
    static void narrow(float[] from, int at, short[] to, int n) {
        int vectors = WIDE.loopBound(n);
        for (int i = 0; i < vectors; i += WIDE.length()) {
            IntVector bits = FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, from, at + i)
                    .reinterpretAsInts();
            ((ShortVector) rounded(bits).convertShape(VectorOperators.I2S, NARROW, 0)).intoArray(to, i);
        }
        for (int i = vectors; i < n; i++) {
            to[i] = Conversions.toBfloat16(from[at + i]);
        }
    }

    /** To nearest even in the upper half, which then is the lower. */
    private static IntVector rounded(IntVector bits) {
        FloatVector v = bits.reinterpretAsFloats();
        VectorMask<Integer> nan = v.compare(VectorOperators.NE, v).cast(WIDE);
        IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
        IntVector even = bits.add(odd).add(0x7fff);
        return even.blend(bits.or(0x0040_0000), nan).lanewise(VectorOperators.LSHR, 16);
    }
}
