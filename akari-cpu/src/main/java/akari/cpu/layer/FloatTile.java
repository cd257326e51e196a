package akari.cpu.layer;

import akari.cpu.machine.SystemMemory;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Six rows by two vectors, in FLOAT32. */
final class FloatTile implements Tile {
    static final FloatTile TILE = new FloatTile();

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = F.length();
    private static final int VECTOR = F.vectorByteSize();

    private FloatTile() {}

    @Override
    public int bytes() {
        return Float.BYTES;
    }

    @Override
    public int rows() {
        return 6;
    }

    @Override
    public int columns() {
        return 2 * LANES;
    }

    // small and without branches: C2 stops inlining in larger methods, and then every vector is an object
    @Override
    public void sum(long a, long[] rows, long[] runs, int k, long ak, long b, long bk, long sums) {
        long a0 = a + rows[0];
        long a1 = a + rows[1];
        long a2 = a + rows[2];
        long a3 = a + rows[3];
        long a4 = a + rows[4];
        long a5 = a + rows[5];
        FloatVector c00 = FloatVector.zero(F);
        FloatVector c01 = c00;
        FloatVector c10 = FloatVector.zero(F);
        FloatVector c11 = c10;
        FloatVector c20 = FloatVector.zero(F);
        FloatVector c21 = c20;
        FloatVector c30 = FloatVector.zero(F);
        FloatVector c31 = c30;
        FloatVector c40 = FloatVector.zero(F);
        FloatVector c41 = c40;
        FloatVector c50 = FloatVector.zero(F);
        FloatVector c51 = c50;
        for (long run : runs) {
            long o = run;
            for (int i = 0; i < k; i++) {
                FloatVector b0 = load(b);
                FloatVector b1 = load(b + VECTOR);
                FloatVector x0 = spread(a0 + o);
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
                FloatVector x1 = spread(a1 + o);
                c10 = x1.fma(b0, c10);
                c11 = x1.fma(b1, c11);
                FloatVector x2 = spread(a2 + o);
                c20 = x2.fma(b0, c20);
                c21 = x2.fma(b1, c21);
                FloatVector x3 = spread(a3 + o);
                c30 = x3.fma(b0, c30);
                c31 = x3.fma(b1, c31);
                FloatVector x4 = spread(a4 + o);
                c40 = x4.fma(b0, c40);
                c41 = x4.fma(b1, c41);
                FloatVector x5 = spread(a5 + o);
                c50 = x5.fma(b0, c50);
                c51 = x5.fma(b1, c51);
                b += bk;
                o += ak;
            }
        }
        store(c00, sums + 0 * VECTOR);
        store(c01, sums + 1 * VECTOR);
        store(c10, sums + 2 * VECTOR);
        store(c11, sums + 3 * VECTOR);
        store(c20, sums + 4 * VECTOR);
        store(c21, sums + 5 * VECTOR);
        store(c30, sums + 6 * VECTOR);
        store(c31, sums + 7 * VECTOR);
        store(c40, sums + 8 * VECTOR);
        store(c41, sums + 9 * VECTOR);
        store(c50, sums + 10 * VECTOR);
        store(c51, sums + 11 * VECTOR);
    }

    @Override
    public void write(long sums, int height, int n, long plus, long plusStep, long c, long step) {
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> in = F.indexInRange(j, n);
            long at = (long) j * Float.BYTES;
            for (int i = 0; i < height; i++) {
                FloatVector v = load(sums + i * 2L * VECTOR + at);
                if (plus != 0) {
                    v = v.add(FloatVector.fromMemorySegment(F, SystemMemory.ALL, plus + i * plusStep + at, ORDER, in));
                }
                v.intoMemorySegment(SystemMemory.ALL, c + i * step + at, ORDER, in);
            }
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, SystemMemory.ALL, address, ORDER);
    }

    /** One element in all lanes. Through int, because that load and broadcast become one instruction. */
    private static FloatVector spread(long address) {
        return IntVector.broadcast(I, SystemMemory.ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address))
                .reinterpretAsFloats();
    }

    private static void store(FloatVector v, long address) {
        v.intoMemorySegment(SystemMemory.ALL, address, ORDER);
    }
}
