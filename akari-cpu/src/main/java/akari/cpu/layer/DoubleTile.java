package akari.cpu.layer;

import akari.cpu.machine.SystemMemory;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Six rows by two vectors, in FLOAT64. */
final class DoubleTile implements Tile {
    static final DoubleTile TILE = new DoubleTile();

    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = D.length();
    private static final int VECTOR = D.vectorByteSize();

    private DoubleTile() {}

    @Override
    public int bytes() {
        return Double.BYTES;
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
        DoubleVector c00 = DoubleVector.zero(D);
        DoubleVector c01 = c00;
        DoubleVector c10 = DoubleVector.zero(D);
        DoubleVector c11 = c10;
        DoubleVector c20 = DoubleVector.zero(D);
        DoubleVector c21 = c20;
        DoubleVector c30 = DoubleVector.zero(D);
        DoubleVector c31 = c30;
        DoubleVector c40 = DoubleVector.zero(D);
        DoubleVector c41 = c40;
        DoubleVector c50 = DoubleVector.zero(D);
        DoubleVector c51 = c50;
        for (long run : runs) {
            long o = run;
            for (int i = 0; i < k; i++) {
                DoubleVector b0 = load(b);
                DoubleVector b1 = load(b + VECTOR);
                DoubleVector x0 = spread(a0 + o);
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
                DoubleVector x1 = spread(a1 + o);
                c10 = x1.fma(b0, c10);
                c11 = x1.fma(b1, c11);
                DoubleVector x2 = spread(a2 + o);
                c20 = x2.fma(b0, c20);
                c21 = x2.fma(b1, c21);
                DoubleVector x3 = spread(a3 + o);
                c30 = x3.fma(b0, c30);
                c31 = x3.fma(b1, c31);
                DoubleVector x4 = spread(a4 + o);
                c40 = x4.fma(b0, c40);
                c41 = x4.fma(b1, c41);
                DoubleVector x5 = spread(a5 + o);
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
            VectorMask<Double> in = D.indexInRange(j, n);
            long at = (long) j * Double.BYTES;
            for (int i = 0; i < height; i++) {
                DoubleVector v = load(sums + i * 2L * VECTOR + at);
                if (plus != 0) {
                    v = v.add(DoubleVector.fromMemorySegment(D, SystemMemory.ALL, plus + i * plusStep + at, ORDER, in));
                }
                v.intoMemorySegment(SystemMemory.ALL, c + i * step + at, ORDER, in);
            }
        }
    }

    private static DoubleVector load(long address) {
        return DoubleVector.fromMemorySegment(D, SystemMemory.ALL, address, ORDER);
    }

    /** One element in all lanes. Through long, because that load and broadcast become one instruction. */
    private static DoubleVector spread(long address) {
        return LongVector.broadcast(L, SystemMemory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address))
                .reinterpretAsDoubles();
    }

    private static void store(DoubleVector v, long address) {
        v.intoMemorySegment(SystemMemory.ALL, address, ORDER);
    }
}
