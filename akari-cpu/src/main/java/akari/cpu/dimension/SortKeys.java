package akari.cpu.dimension;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import akari.backend.Conversions;
import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import java.lang.foreign.MemorySegment;

/**
 * Elements as integers of the same order: NaN above all, both zeros equal. A line is read into longs with the key's upper 32 bits
 * above the element's position.
 */
final class SortKeys {
    private static final MemorySegment ALL = SystemMemory.ALL;
    private static final long POSITION = 0xffff_ffffL;

    private final DType type;
    private final long flip;
    private long from;
    private long step;

    SortKeys(DType type, boolean descending) {
        this.type = type;
        this.flip = descending ? -1 : 0;
    }

    /** Whether the upper 32 bits are the whole key. */
    boolean whole() {
        return type.bytes() < 8;
    }

    /** Where {@link #lower} finds the line. */
    void over(long address, long stride) {
        from = address;
        step = stride * type.bytes();
    }

    /** The keys of {@code n} elements {@code stride} elements apart, in {@code order} or in a longer array. */
    long[] read(long address, long stride, int n, long[] order) {
        over(address, stride);
        long[] to = order.length < n ? new long[n] : order;
        switch (type) {
            case FLOAT32 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = packed(key(ALL.get(JAVA_FLOAT_UNALIGNED, from + i * step)), i);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = packed(key(Float.float16ToFloat(ALL.get(JAVA_SHORT_UNALIGNED, from + i * step))), i);
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = packed(key(Conversions.fromBfloat16(ALL.get(JAVA_SHORT_UNALIGNED, from + i * step))), i);
                }
            }
            case FLOAT64, INT64 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = wide(i) & ~POSITION | i;
                }
            }
            case INT32 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = packed(ALL.get(JAVA_INT_UNALIGNED, from + i * step), i);
                }
            }
            case INT16 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = packed(ALL.get(JAVA_SHORT_UNALIGNED, from + i * step), i);
                }
            }
            case INT8 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = packed(ALL.get(JAVA_BYTE, from + i * step), i);
                }
            }
            case UINT8 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = packed(ALL.get(JAVA_BYTE, from + i * step) & 0xff, i);
                }
            }
            case BOOL -> {
                for (int i = 0; i < n; i++) {
                    to[i] = packed(ALL.get(JAVA_BYTE, from + i * step) != 0 ? 1 : 0, i);
                }
            }
        }
        return to;
    }

    /** A packed long of the line with the lower half of its element's key in the place of the upper one. */
    long lower(long packed) {
        int at = (int) packed;
        return (wide(at) ^ 0x8000_0000L) << 32 | at;
    }

    /** The key of element {@code i} of 64 bits. */
    private long wide(int i) {
        if (type == DType.INT64) {
            return ALL.get(JAVA_LONG_UNALIGNED, from + i * step) ^ flip;
        }
        double v = ALL.get(JAVA_DOUBLE_UNALIGNED, from + i * step);
        long bits = Double.doubleToRawLongBits(v + 0.0); // -0 + 0 is 0
        return (Double.isNaN(v) ? Long.MAX_VALUE : bits ^ bits >> 63 & Long.MAX_VALUE) ^ flip;
    }

    private static int key(float v) {
        int bits = Float.floatToRawIntBits(v + 0f);
        return Float.isNaN(v) ? Integer.MAX_VALUE : bits ^ bits >> 31 & Integer.MAX_VALUE;
    }

    private long packed(int key, int i) {
        return (key ^ flip) << 32 | i;
    }
}
