package akari.backend;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import akari.core.DType;
import java.lang.foreign.MemorySegment;

/** Elements by address, as double or as long, converted by the rules of {@link Conversions}. */
final class Memory {
    /** All of the host's memory. */
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {}

    static double get(DType t, long address) {
        return switch (t) {
            case FLOAT16 -> Float.float16ToFloat(ALL.get(JAVA_SHORT_UNALIGNED, address));
            case BFLOAT16 -> Conversions.fromBfloat16(ALL.get(JAVA_SHORT_UNALIGNED, address));
            case FLOAT32 -> ALL.get(JAVA_FLOAT_UNALIGNED, address);
            case FLOAT64 -> ALL.get(JAVA_DOUBLE_UNALIGNED, address);
            case BOOL, UINT8, INT8, INT16, INT32, INT64 -> getLong(t, address);
        };
    }

    static long getLong(DType t, long address) {
        return switch (t) {
            case BOOL -> ALL.get(JAVA_BYTE, address) != 0 ? 1 : 0;
            case UINT8 -> ALL.get(JAVA_BYTE, address) & 0xff;
            case INT8 -> ALL.get(JAVA_BYTE, address);
            case INT16 -> ALL.get(JAVA_SHORT_UNALIGNED, address);
            case INT32 -> ALL.get(JAVA_INT_UNALIGNED, address);
            case INT64 -> ALL.get(JAVA_LONG_UNALIGNED, address);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> Conversions.toInteger(DType.INT64, get(t, address));
        };
    }

    static void set(DType t, long address, double v) {
        switch (t) {
            case FLOAT16 -> ALL.set(JAVA_SHORT_UNALIGNED, address, Float.floatToFloat16((float) v));
            case BFLOAT16 -> ALL.set(JAVA_SHORT_UNALIGNED, address, Conversions.toBfloat16((float) v));
            case FLOAT32 -> ALL.set(JAVA_FLOAT_UNALIGNED, address, (float) v);
            case FLOAT64 -> ALL.set(JAVA_DOUBLE_UNALIGNED, address, v);
            case BOOL -> ALL.set(JAVA_BYTE, address, (byte) (v != 0 ? 1 : 0));
            case UINT8, INT8, INT16, INT32, INT64 -> setLong(t, address, Conversions.toInteger(t, v));
        }
    }

    static void setLong(DType t, long address, long v) {
        switch (t) {
            case BOOL -> ALL.set(JAVA_BYTE, address, (byte) (v != 0 ? 1 : 0));
            case UINT8, INT8 -> ALL.set(JAVA_BYTE, address, (byte) v);
            case INT16 -> ALL.set(JAVA_SHORT_UNALIGNED, address, (short) v);
            case INT32 -> ALL.set(JAVA_INT_UNALIGNED, address, (int) v);
            case INT64 -> ALL.set(JAVA_LONG_UNALIGNED, address, v);
            case FLOAT16, BFLOAT16, FLOAT32 -> set(t, address, (float) v);
            case FLOAT64 -> set(t, address, (double) v);
        }
    }

    /** Reads {@code n} elements, {@code stride} elements apart. */
    static void load(DType t, long address, long stride, double[] to, int at, int n) {
        long step = stride * t.bytes();
        switch (t) {
            case FLOAT32 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_FLOAT_UNALIGNED, address + i * step);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_DOUBLE_UNALIGNED, address + i * step);
                }
            }
            case BOOL, UINT8, INT8, INT16, INT32, INT64, FLOAT16, BFLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = get(t, address + i * step);
                }
            }
        }
    }

    static void load(DType t, long address, long stride, long[] to, int at, int n) {
        for (int i = 0; i < n; i++) {
            to[at + i] = getLong(t, address + i * stride * t.bytes());
        }
    }

    /** Writes {@code n} elements, {@code stride} elements apart. */
    static void store(DType t, double[] from, int at, long address, long stride, int n) {
        long step = stride * t.bytes();
        switch (t) {
            case FLOAT32 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_FLOAT_UNALIGNED, address + i * step, (float) from[at + i]);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_DOUBLE_UNALIGNED, address + i * step, from[at + i]);
                }
            }
            case BOOL, UINT8, INT8, INT16, INT32, INT64, FLOAT16, BFLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    set(t, address + i * step, from[at + i]);
                }
            }
        }
    }

    static void store(DType t, long[] from, int at, long address, long stride, int n) {
        for (int i = 0; i < n; i++) {
            setLong(t, address + i * stride * t.bytes(), from[at + i]);
        }
    }

    /** Copies one element of {@code bytes} bytes unchanged. */
    static void copy(int bytes, long from, long to) {
        if (bytes == 8) {
            ALL.set(JAVA_LONG_UNALIGNED, to, ALL.get(JAVA_LONG_UNALIGNED, from));
        } else {
            MemorySegment.copy(ALL, from, ALL, to, bytes);
        }
    }
}
