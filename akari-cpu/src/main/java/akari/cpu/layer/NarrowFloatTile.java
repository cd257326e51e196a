package akari.cpu.layer;

import akari.cpu.machine.SystemMemory;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Eight rows by one vector, in FLOAT32. */
final class NarrowFloatTile implements Tile {
    static final NarrowFloatTile TILE = new NarrowFloatTile();

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = F.length();
    private static final int VECTOR = F.vectorByteSize();

    private NarrowFloatTile() {}

    @Override
    public int bytes() {
        return Float.BYTES;
    }

    @Override
    public int rows() {
        return 8;
    }

    @Override
    public int columns() {
        return LANES;
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
        long a6 = a + rows[6];
        long a7 = a + rows[7];
        FloatVector c0 = FloatVector.zero(F);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        for (long run : runs) {
            long o = run;
            for (int i = 0; i < k; i++) {
                FloatVector row = load(b);
                c0 = spread(a0 + o).fma(row, c0);
                c1 = spread(a1 + o).fma(row, c1);
                c2 = spread(a2 + o).fma(row, c2);
                c3 = spread(a3 + o).fma(row, c3);
                c4 = spread(a4 + o).fma(row, c4);
                c5 = spread(a5 + o).fma(row, c5);
                c6 = spread(a6 + o).fma(row, c6);
                c7 = spread(a7 + o).fma(row, c7);
                b += bk;
                o += ak;
            }
        }
        store(c0, sums + 0 * VECTOR);
        store(c1, sums + 1 * VECTOR);
        store(c2, sums + 2 * VECTOR);
        store(c3, sums + 3 * VECTOR);
        store(c4, sums + 4 * VECTOR);
        store(c5, sums + 5 * VECTOR);
        store(c6, sums + 6 * VECTOR);
        store(c7, sums + 7 * VECTOR);
    }

    @Override
    public void write(long sums, int height, int n, long plus, long plusStep, long c, long step) {
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> in = F.indexInRange(j, n);
            long at = (long) j * Float.BYTES;
            for (int i = 0; i < height; i++) {
                FloatVector v = load(sums + i * 1L * VECTOR + at);
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
