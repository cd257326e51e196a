package akari.tensor;

import akari.backend.DType;
import akari.backend.Distribution;
import akari.backend.NullArgument;

/** Which whole numbers a type holds. */
final class Wholes {
    private Wholes() {}

    /** The numbers in {@code [from, to)}, both bounds within the type. */
    static Distribution.Whole range(String op, DType t, long from, long to) {
        if (from >= to) {
            throw new IllegalArgumentException(op + " needs from < to, got " + from + " and " + to);
        }
        long least = t.isFloating() ? Long.MIN_VALUE : smallest(t);
        long most = t.isFloating() ? Long.MAX_VALUE : largest(t);
        boolean fits = t == DType.FLOAT16
                ? Math.max(Math.abs(from), Math.abs(to - 1)) <= 65504
                : from >= least && to - 1 <= most;
        if (!fits) {
            throw new IllegalArgumentException(op + ": numbers from " + from + " to " + (to - 1) + " do not all fit "
                    + t + (t.isFloating() ? "" : ", which holds " + least + " to " + most));
        }
        return new Distribution.Whole(from, to - from);
    }

    static long smallest(DType t) {
        return t == DType.BOOL || t == DType.UINT8 ? 0 : -1L << 8 * t.bytes() - 1;
    }

    static long largest(DType t) {
        return t == DType.BOOL ? 1 : t == DType.UINT8 ? 255 : -1 - smallest(t);
    }

    /** The power of two up to which a floating type holds every whole number. */
    static long exact(DType t) {
        NullArgument.check(t, "t");
        return switch (t) {
            case FLOAT64 -> 1L << 53;
            case FLOAT32 -> 1 << 24;
            case FLOAT16 -> 1 << 11;
            case BFLOAT16 -> 1 << 8;
            case BOOL, UINT8, INT8, INT16, INT32, INT64 -> largest(t);
        };
    }
}
