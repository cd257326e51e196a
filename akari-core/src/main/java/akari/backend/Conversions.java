package akari.backend;

import akari.core.DType;

/**
 * How an element becomes one of another type, as PyTorch does it on x86-64. Integers wrap around. Numbers are cut off towards zero
 * on their way to an integer, of 64 bits for {@code uint8} and {@code int64} and of 32 for the other types, which then wraps; what
 * does not fit those bits, NaN included, becomes their smallest value. {@code bool} is {@code != 0}, so NaN is true. Halves round
 * to nearest, ties to even, a float64 by way of float32.
 */
public final class Conversions {
    private Conversions() {}

    public static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The upper half of {@code v}'s bits, rounded to nearest even; NaN stays NaN, and quiet. */
    public static short toBfloat16(float v) {
        int bits = Float.floatToRawIntBits(v);
        int even = bits + 0x7fff + (bits >>> 16 & 1);
        return (short) ((Float.isNaN(v) ? bits | 0x0040_0000 : even) >>> 16);
    }

    /** The value that an element of the integer type {@code t} gets from {@code v}. */
    public static long toInteger(DType t, double v) {
        return switch (t) {
            case UINT8, INT64 -> wrap(t, toLong(v));
            case INT8, INT16, INT32 -> wrap(t, toInt(v));
            case BOOL, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw new IllegalArgumentException(t + " is no integer");
        };
    }

    /** The value that an element of the integer type {@code t} gets from {@code v}. */
    public static long wrap(DType t, long v) {
        return switch (t) {
            case UINT8 -> v & 0xff;
            case INT8 -> (byte) v;
            case INT16 -> (short) v;
            case INT32 -> (int) v;
            case INT64 -> v;
            case BOOL, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw new IllegalArgumentException(t + " is no integer");
        };
    }

    private static long toLong(double v) {
        return v >= -0x1p63 && v < 0x1p63 ? (long) v : Long.MIN_VALUE;
    }

    private static int toInt(double v) {
        return v > -0x1p31 - 1 && v < 0x1p31 ? (int) v : Integer.MIN_VALUE;
    }

    /** {@code v} as an element of the type holds it; by the rules above. */
    public static double round(DType type, double v) {
        return switch (type) {
            case BOOL -> v != 0 ? 1 : 0;
            case UINT8, INT8, INT16, INT32, INT64 -> toInteger(type, v);
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) v));
            case BFLOAT16 -> fromBfloat16(toBfloat16((float) v));
            case FLOAT32 -> (float) v;
            case FLOAT64 -> v;
        };
    }
}
