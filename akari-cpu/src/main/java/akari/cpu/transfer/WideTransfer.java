package akari.cpu.transfer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import java.lang.foreign.MemorySegment;

/**
 * Moves elements {@code stride} elements apart between memory and arrays of the widest type of their kind: floating ones as double,
 * all others as long. {@code narrow} is scratch space of at least {@code n} floats.
 */
public final class WideTransfer {
    private static final MemorySegment ALL = SystemMemory.ALL;

    private WideTransfer() {}

    public static void load(DType t, long address, long stride, double[] to, int n, float[] narrow) {
        if (t != DType.FLOAT64) {
            Transfer.load(t, address, stride, narrow, n);
            for (int i = 0; i < n; i++) {
                to[i] = narrow[i];
            }
        } else if (stride == 1) {
            MemorySegment.copy(ALL, JAVA_DOUBLE_UNALIGNED, address, to, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                to[i] = ALL.get(JAVA_DOUBLE_UNALIGNED, address + i * stride * 8);
            }
        }
    }

    public static void store(DType t, double[] from, long address, long stride, int n, float[] narrow) {
        if (t != DType.FLOAT64) {
            for (int i = 0; i < n; i++) {
                narrow[i] = (float) from[i];
            }
            Transfer.store(t, narrow, address, stride, n);
        } else if (stride == 1) {
            MemorySegment.copy(from, 0, ALL, JAVA_DOUBLE_UNALIGNED, address, n);
        } else {
            for (int i = 0; i < n; i++) {
                ALL.set(JAVA_DOUBLE_UNALIGNED, address + i * stride * 8, from[i]);
            }
        }
    }

    public static void load(DType t, long address, long stride, long[] to, int n) {
        load(t, address, stride, to, 0, n);
    }

    public static void load(DType t, long address, long stride, long[] to, int at, int n) {
        if (stride == 1 && n > 1 && t.bytes() < Long.BYTES) {
            Blocks b = Blocks.get();
            for (int from = 0; from < n; from += Blocks.SIZE) {
                load(t, address + (long) from * t.bytes(), to, at + from, Math.min(Blocks.SIZE, n - from), b);
            }
            return;
        }
        long step = stride * t.bytes();
        switch (t) {
            case BOOL -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_BYTE, address + i * step) != 0 ? 1 : 0;
                }
            }
            case UINT8 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_BYTE, address + i * step) & 0xff;
                }
            }
            case INT8 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_BYTE, address + i * step);
                }
            }
            case INT16 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_SHORT_UNALIGNED, address + i * step);
                }
            }
            case INT32 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_INT_UNALIGNED, address + i * step);
                }
            }
            case INT64 -> {
                if (stride == 1) {
                    MemorySegment.copy(ALL, JAVA_LONG_UNALIGNED, address, to, at, n);
                    return;
                }
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_LONG_UNALIGNED, address + i * step);
                }
            }
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw new IllegalArgumentException(t + " is no integer");
        }
    }

    public static void store(DType t, long[] from, long address, long stride, int n) {
        if (t == DType.INT64 && stride == 1) {
            MemorySegment.copy(from, 0, ALL, JAVA_LONG_UNALIGNED, address, n);
            return;
        }
        if (stride == 1 && n > 1) {
            Blocks b = Blocks.get();
            for (int i = 0; i < n; i += Blocks.SIZE) {
                store(t, from, i, address + (long) i * t.bytes(), Math.min(Blocks.SIZE, n - i), b);
            }
            return;
        }
        long step = stride * t.bytes();
        for (int i = 0; i < n; i++) {
            store(t, from[i], address + i * step);
        }
    }

    // ---- contiguous elements, a block at a time

    private static void load(DType t, long address, long[] to, int at, int n, Blocks b) {
        switch (t) {
            case BOOL, UINT8, INT8 -> {
                bytes(t, address, n, b);
                for (int i = 0; i < n; i++) {
                    to[at + i] = b.ints[i];
                }
            }
            case INT16 -> {
                MemorySegment.copy(ALL, JAVA_SHORT_UNALIGNED, address, b.shorts, 0, n);
                for (int i = 0; i < n; i++) {
                    to[at + i] = b.shorts[i];
                }
            }
            case INT32 -> {
                MemorySegment.copy(ALL, JAVA_INT_UNALIGNED, address, b.ints, 0, n);
                for (int i = 0; i < n; i++) {
                    to[at + i] = b.ints[i];
                }
            }
            case INT64 -> MemorySegment.copy(ALL, JAVA_LONG_UNALIGNED, address, to, at, n);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw new IllegalArgumentException(t + " is no integer");
        }
    }

    /** What bytes hold, into {@code b.ints}. */
    static void bytes(DType t, long address, int n, Blocks b) {
        MemorySegment.copy(ALL, JAVA_BYTE, address, b.bytes, 0, n);
        Bytes.widen(b.bytes, b.ints, n);
        if (t == DType.BOOL) {
            Bytes.truths(b.ints, n);
        } else if (t == DType.UINT8) {
            for (int i = 0; i < n; i++) {
                b.ints[i] = b.ints[i] & 0xff;
            }
        }
    }

    private static void store(DType t, long[] from, int at, long address, int n, Blocks b) {
        switch (t) {
            case BOOL, UINT8, INT8 -> {
                if (t == DType.BOOL) {
                    for (int i = 0; i < n; i++) {
                        b.bytes[i] = (byte) ((from[at + i] | -from[at + i]) >>> 63);
                    }
                } else {
                    for (int i = 0; i < n; i++) {
                        b.bytes[i] = (byte) from[at + i];
                    }
                }
                MemorySegment.copy(b.bytes, 0, ALL, JAVA_BYTE, address, n);
            }
            case INT16 -> {
                for (int i = 0; i < n; i++) {
                    b.shorts[i] = (short) from[at + i];
                }
                MemorySegment.copy(b.shorts, 0, ALL, JAVA_SHORT_UNALIGNED, address, n);
            }
            case INT32 -> {
                for (int i = 0; i < n; i++) {
                    b.ints[i] = (int) from[at + i];
                }
                MemorySegment.copy(b.ints, 0, ALL, JAVA_INT_UNALIGNED, address, n);
            }
            case INT64 -> MemorySegment.copy(from, at, ALL, JAVA_LONG_UNALIGNED, address, n);
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    b.doubles[i] = from[at + i];
                }
                MemorySegment.copy(b.doubles, 0, ALL, JAVA_DOUBLE_UNALIGNED, address, n);
            }
            case FLOAT16, BFLOAT16, FLOAT32 -> {
                for (int i = 0; i < n; i++) {
                    b.floats[i] = from[at + i];
                }
                Transfer.store(t, b.floats, address, 1, n);
            }
        }
    }

    /** Writes one integer; as a float where {@code t} is floating. */
    public static void store(DType t, long v, long address) {
        switch (t) {
            case BOOL -> ALL.set(JAVA_BYTE, address, (byte) (v != 0 ? 1 : 0));
            case UINT8, INT8 -> ALL.set(JAVA_BYTE, address, (byte) v);
            case INT16 -> ALL.set(JAVA_SHORT_UNALIGNED, address, (short) v);
            case INT32 -> ALL.set(JAVA_INT_UNALIGNED, address, (int) v);
            case INT64 -> ALL.set(JAVA_LONG_UNALIGNED, address, v);
            case FLOAT16, BFLOAT16, FLOAT32 -> Transfer.store(t, (float) v, address);
            case FLOAT64 -> Transfer.store(t, v, address);
        }
    }
}
