package akari.cpu.transfer;

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

/** Moves elements of any type and distance between memory and float arrays, by the rules of {@link Conversions}. */
public final class Transfer {
    private static final MemorySegment ALL = SystemMemory.ALL;

    private Transfer() {}

    /** Reads {@code n} elements that lie {@code stride} elements apart. */
    public static void load(DType t, long address, long stride, float[] to, int n) {
        load(t, address, stride, to, 0, n);
    }

    /** As the other, to place {@code at} and on. */
    public static void load(DType t, long address, long stride, float[] to, int at, int n) {
        if (stride == 1 && n > 1 && t != DType.FLOAT32) {
            Blocks b = Blocks.get();
            for (int from = 0; from < n; from += Blocks.SIZE) {
                load(t, address + (long) from * t.bytes(), to, at + from, Math.min(Blocks.SIZE, n - from), b);
            }
            return;
        }
        switch (t) {
            case FLOAT32 -> loadFloats(address, stride, to, at, n);
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = (float) ALL.get(JAVA_DOUBLE_UNALIGNED, address + i * stride * 8);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = Float.float16ToFloat(ALL.get(JAVA_SHORT_UNALIGNED, address + i * stride * 2));
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = Conversions.fromBfloat16(ALL.get(JAVA_SHORT_UNALIGNED, address + i * stride * 2));
                }
            }
            case INT64 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_LONG_UNALIGNED, address + i * stride * 8);
                }
            }
            case INT32 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_INT_UNALIGNED, address + i * stride * 4);
                }
            }
            case INT16 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_SHORT_UNALIGNED, address + i * stride * 2);
                }
            }
            case INT8 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_BYTE, address + i * stride);
                }
            }
            case UINT8 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_BYTE, address + i * stride) & 0xff;
                }
            }
            case BOOL -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = ALL.get(JAVA_BYTE, address + i * stride) != 0 ? 1 : 0;
                }
            }
        }
    }

    private static void loadFloats(long address, long stride, float[] to, int at, int n) {
        if (stride == 1) {
            MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, address, to, at, n);
        } else {
            for (int i = 0; i < n; i++) {
                to[at + i] = ALL.get(JAVA_FLOAT_UNALIGNED, address + i * stride * 4);
            }
        }
    }

    /** Writes {@code n} elements {@code stride} elements apart. */
    public static void store(DType t, float[] from, long address, long stride, int n) {
        if (stride == 1 && n > 1 && t != DType.FLOAT32) {
            Blocks b = Blocks.get();
            for (int i = 0; i < n; i += Blocks.SIZE) {
                store(t, from, i, address + (long) i * t.bytes(), Math.min(Blocks.SIZE, n - i), b);
            }
            return;
        }
        switch (t) {
            case FLOAT32 -> storeFloats(from, address, stride, n);
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_DOUBLE_UNALIGNED, address + i * stride * 8, from[i]);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_SHORT_UNALIGNED, address + i * stride * 2, Float.floatToFloat16(from[i]));
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_SHORT_UNALIGNED, address + i * stride * 2, Conversions.toBfloat16(from[i]));
                }
            }
            case INT64 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_LONG_UNALIGNED, address + i * stride * 8, Conversions.toInteger(t, from[i]));
                }
            }
            case INT32 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_INT_UNALIGNED, address + i * stride * 4, (int) Conversions.toInteger(t, from[i]));
                }
            }
            case INT16 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_SHORT_UNALIGNED, address + i * stride * 2, (short) Conversions.toInteger(t, from[i]));
                }
            }
            case INT8, UINT8 -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_BYTE, address + i * stride, (byte) Conversions.toInteger(t, from[i]));
                }
            }
            case BOOL -> {
                for (int i = 0; i < n; i++) {
                    ALL.set(JAVA_BYTE, address + i * stride, (byte) (from[i] != 0 ? 1 : 0));
                }
            }
        }
    }

    /** Writes one number. */
    public static void store(DType t, double v, long address) {
        switch (t) {
            case FLOAT16 -> ALL.set(JAVA_SHORT_UNALIGNED, address, Float.floatToFloat16((float) v));
            case BFLOAT16 -> ALL.set(JAVA_SHORT_UNALIGNED, address, Conversions.toBfloat16((float) v));
            case FLOAT32 -> ALL.set(JAVA_FLOAT_UNALIGNED, address, (float) v);
            case FLOAT64 -> ALL.set(JAVA_DOUBLE_UNALIGNED, address, v);
            case INT64 -> ALL.set(JAVA_LONG_UNALIGNED, address, Conversions.toInteger(t, v));
            case INT32 -> ALL.set(JAVA_INT_UNALIGNED, address, (int) Conversions.toInteger(t, v));
            case INT16 -> ALL.set(JAVA_SHORT_UNALIGNED, address, (short) Conversions.toInteger(t, v));
            case INT8, UINT8 -> ALL.set(JAVA_BYTE, address, (byte) Conversions.toInteger(t, v));
            case BOOL -> ALL.set(JAVA_BYTE, address, (byte) (v != 0 ? 1 : 0));
        }
    }

    // ---- contiguous elements, a block at a time

    private static void load(DType t, long address, float[] to, int at, int n, Blocks b) {
        switch (t) {
            case FLOAT32 -> MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, address, to, at, n);
            case FLOAT64 -> {
                MemorySegment.copy(ALL, JAVA_DOUBLE_UNALIGNED, address, b.doubles, 0, n);
                for (int i = 0; i < n; i++) {
                    to[at + i] = (float) b.doubles[i];
                }
            }
            case FLOAT16 -> {
                MemorySegment.copy(ALL, JAVA_SHORT_UNALIGNED, address, b.shorts, 0, n);
                for (int i = 0; i < n; i++) {
                    to[at + i] = Float.float16ToFloat(b.shorts[i]);
                }
            }
            case BFLOAT16 -> {
                MemorySegment.copy(ALL, JAVA_SHORT_UNALIGNED, address, b.shorts, 0, n);
                Bfloat16.WARMUP.await();
                Bfloat16.widen(b.shorts, to, at, n);
            }
            case INT64 -> {
                MemorySegment.copy(ALL, JAVA_LONG_UNALIGNED, address, b.longs, 0, n);
                for (int i = 0; i < n; i++) {
                    to[at + i] = b.longs[i];
                }
            }
            case INT32 -> {
                MemorySegment.copy(ALL, JAVA_INT_UNALIGNED, address, b.ints, 0, n);
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
            case INT8, UINT8, BOOL -> {
                WideTransfer.bytes(t, address, n, b);
                for (int i = 0; i < n; i++) {
                    to[at + i] = b.ints[i];
                }
            }
        }
    }

    private static void store(DType t, float[] from, int at, long address, int n, Blocks b) {
        switch (t) {
            case FLOAT32 -> MemorySegment.copy(from, at, ALL, JAVA_FLOAT_UNALIGNED, address, n);
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    b.doubles[i] = from[at + i];
                }
                MemorySegment.copy(b.doubles, 0, ALL, JAVA_DOUBLE_UNALIGNED, address, n);
            }
            case FLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    b.shorts[i] = Float.floatToFloat16(from[at + i]);
                }
                MemorySegment.copy(b.shorts, 0, ALL, JAVA_SHORT_UNALIGNED, address, n);
            }
            case BFLOAT16 -> {
                Bfloat16.WARMUP.await();
                Bfloat16.narrow(from, at, b.shorts, n);
                MemorySegment.copy(b.shorts, 0, ALL, JAVA_SHORT_UNALIGNED, address, n);
            }
            case INT64, INT32, INT16, INT8, UINT8 -> {
                integers(t, from, at, b.longs, n);
                WideTransfer.store(t, b.longs, address, 1, n);
            }
            case BOOL -> {
                for (int i = 0; i < n; i++) {
                    b.ints[i] = Float.floatToRawIntBits(from[at + i]) & 0x7fff_ffff;
                }
                Bytes.truths(b.ints, n);
                Bytes.narrow(b.ints, b.bytes, n);
                MemorySegment.copy(b.bytes, 0, ALL, JAVA_BYTE, address, n);
            }
        }
    }

    /** By the rules of {@link Conversions#toInteger}, up to wrapping; what fits 32 bits, as a rule everything, needs no care. */
    private static void integers(DType t, float[] from, int at, long[] to, int n) {
        float top = 0;
        for (int i = 0; i < n; i++) {
            top = Math.max(top, Math.abs(from[at + i]));
        }
        if (top < 0x1p31f) {
            for (int i = 0; i < n; i++) {
                to[i] = (long) from[at + i];
            }
        } else {
            for (int i = 0; i < n; i++) {
                to[i] = Conversions.toInteger(t, from[at + i]);
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
