package akari.cpu.kernel;

import akari.core.DType;

/** What a program computes on, and what the lanes of its vectors are. */
enum Lane {
    FLOAT("Float", Float.BYTES, 0, 0),
    DOUBLE("Double", Double.BYTES, 0, 0),
    /** Bytes, of which any but 0 comes in as 1. */
    BOOL("Byte", Byte.BYTES, 0, 1),
    /** Unsigned. */
    BYTE("Byte", Byte.BYTES, 0, 255),
    INT("Int", Integer.BYTES, Integer.MIN_VALUE, Integer.MAX_VALUE),
    LONG("Long", Long.BYTES, Long.MIN_VALUE, Long.MAX_VALUE);

    /** As in the names of the Vector API. */
    final String title;

    final int bytes;
    /** The range of inputs, for integers. */
    final long low;

    final long high;

    Lane(String title, int bytes, long low, long high) {
        this.title = title;
        this.bytes = bytes;
        this.low = low;
        this.high = high;
    }

    boolean isFloating() {
        return this == FLOAT || this == DOUBLE;
    }

    boolean isUnsigned() {
        return bytes == 1;
    }

    /** The next one that holds more, for integers. */
    Lane wider() {
        return values()[Math.min(ordinal() + 1, LONG.ordinal())];
    }

    /** The narrowest for an operand of the type {@code t}. */
    static Lane of(DType t) {
        return switch (t) {
            case FLOAT16, BFLOAT16, FLOAT32 -> FLOAT;
            case FLOAT64 -> DOUBLE;
            case BOOL -> BOOL;
            case UINT8 -> BYTE;
            case INT8, INT16, INT32 -> INT;
            case INT64 -> LONG;
        };
    }

    /** Whether elements of {@code t} lie in memory as lanes do. */
    boolean is(DType t) {
        return switch (this) {
            case FLOAT -> t == DType.FLOAT32;
            case DOUBLE -> t == DType.FLOAT64;
            case BOOL, BYTE -> t.bytes() == 1;
            case INT -> t == DType.INT32;
            case LONG -> t == DType.INT64;
        };
    }

    /** Whether a kernel reads elements of {@code t} from memory as they lie there. */
    boolean reads(DType t) {
        return is(t) && (t != DType.BOOL || this == BOOL);
    }

    /** Whether a lane compares all numbers from {@code from} to {@code to} rightly. */
    boolean holds(long from, long to) {
        return isUnsigned() ? from >= 0 && to <= 255 : from >= low && to <= high;
    }
}
