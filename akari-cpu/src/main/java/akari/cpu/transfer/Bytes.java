package akari.cpu.transfer;

import akari.cpu.machine.Warmup;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Bytes to and from integers in arrays, which C2 does one by one; a vector at a time once that is {@linkplain Warmup warm}. */
public final class Bytes {
    private static final VectorSpecies<Integer> WIDE = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> NARROW =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, WIDE.vectorBitSize() / 4)));
    private static final boolean FITS = NARROW.length() == WIDE.length();

    // to warm up with
    private static final byte[] BYTES = new byte[Warmup.VECTORS * WIDE.length()];
    private static final int[] INTS = new int[BYTES.length];

    public static final Warmup WARMUP = FITS
            ? new Warmup(
                    (m, n) -> widenVectors(BYTES, INTS, n * WIDE.length()),
                    (m, n) -> narrowVectors(INTS, BYTES, n * WIDE.length()))
            : new Warmup();

    private Bytes() {}

    /** With their signs. */
    static void widen(byte[] from, int[] to, int n) {
        int done = FITS && n >= 64 && WARMUP.isWarm() ? widenVectors(from, to, n) : 0;
        for (int i = done; i < n; i++) {
            to[i] = from[i];
        }
    }

    static void narrow(int[] from, byte[] to, int n) {
        int done = FITS && n >= 64 && WARMUP.isWarm() ? narrowVectors(from, to, n) : 0;
        for (int i = done; i < n; i++) {
            to[i] = (byte) from[i];
        }
    }

    /** 1 for what is not 0; without branches, which random truth would mislead. */
    static void truths(int[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = (x[i] | -x[i]) >>> 31;
        }
    }

    private static int widenVectors(byte[] from, int[] to, int n) {
        int whole = WIDE.loopBound(n);
        for (int i = 0; i < whole; i += WIDE.length()) {
            ((IntVector) ByteVector.fromArray(NARROW, from, i).convertShape(VectorOperators.B2I, WIDE, 0))
                    .intoArray(to, i);
        }
        return whole;
    }

    private static int narrowVectors(int[] from, byte[] to, int n) {
        int whole = WIDE.loopBound(n);
        for (int i = 0; i < whole; i += WIDE.length()) {
            ((ByteVector) IntVector.fromArray(WIDE, from, i).convertShape(VectorOperators.I2B, NARROW, 0))
                    .intoArray(to, i);
        }
        return whole;
    }
}
