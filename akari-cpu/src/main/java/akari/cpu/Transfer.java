package akari.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import akari.backend.DType;
import java.lang.foreign.MemorySegment;

/** Moves elements of any type and distance between memory and float arrays. */
final class Transfer {
    private static final MemorySegment ALL = SystemMemory.ALL;

    private Transfer() {}

    /** Reads {@code n} elements that lie {@code stride} elements apart. */
    static void load(DType t, long address, long stride, float[] to, int n) {
        switch (t) {
            case FLOAT32 -> loadFloats(address, stride, to, n);
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = (float) ALL.get(JAVA_DOUBLE_UNALIGNED, address + i * stride * 8);
                }
            }
            case INT64 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = ALL.get(JAVA_LONG_UNALIGNED, address + i * stride * 8);
                }
            }
            case UINT8 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = ALL.get(JAVA_BYTE, address + i * stride) & 0xff;
                }
            }
            case BOOL -> {
                for (int i = 0; i < n; i++) {
                    to[i] = ALL.get(JAVA_BYTE, address + i * stride) != 0 ? 1 : 0;
                }
            }
        }
    }

    private static void loadFloats(long address, long stride, float[] to, int n) {
        if (stride == 1) {
            MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, address, to, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                to[i] = ALL.get(JAVA_FLOAT_UNALIGNED, address + i * stride * 4);
            }
        }
    }

    /** Writes {@code n} elements {@code stride} elements apart: integers truncated and wrapped around, BOOL as {@code != 0}. */
    static void store(DType t, float[] from, long address, long stride, int n) {
        switch (t) {
            case FLOAT32 -> storeFloats(from, address, stride, n);
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_DOUBLE_UNALIGNED, address + i * stride * 8, from[i]);
                }
            }
            case INT64 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_LONG_UNALIGNED, address + i * stride * 8, (long) from[i]);
                }
            }
            case UINT8 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_BYTE, address + i * stride, (byte) (long) from[i]);
                }
            }
            case BOOL -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_BYTE, address + i * stride, (byte) (from[i] != 0 ? 1 : 0));
                }
            }
        }
    }

    private static void storeFloats(float[] from, long address, long stride, int n) {
        if (stride == 1) {
            MemorySegment.copy(from, 0, ALL, JAVA_FLOAT_UNALIGNED, address, n);
        } else {
            for (int i = 0; i < n; i++) {
                ALL.set(JAVA_FLOAT_UNALIGNED, address + i * stride * 4, from[i]);
            }
        }
    }
}
