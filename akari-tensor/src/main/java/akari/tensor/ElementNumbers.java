package akari.tensor;

import akari.backend.Conversions;
import akari.backend.Distribution;
import akari.core.DType;
import akari.errors.NullArgument;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Which whole numbers a type holds, and what Java's numbers are as its elements. */
final class ElementNumbers {
    private ElementNumbers() {}

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

    /** A number as the Long or the Double that it is; a whole number beyond int64 is an error. */
    static Number plain(Number n) {
        NullArgument.check(n, "the number");
        return switch (n) {
            case Long _, Double _ -> n;
            case Integer _, Short _, Byte _, AtomicInteger _, AtomicLong _ -> n.longValue();
            case BigInteger b when b.bitLength() < Long.SIZE -> b.longValue();
            case BigInteger b ->
                throw new IllegalArgumentException("the number " + b
                        + " does not fit int64, the widest integer type; give doubleValue() where the nearest will do");
            default -> n.doubleValue();
        };
    }

    /**
     * A number as an element of {@code t} holds it: for integer types a Long, its fraction cut off. One out of range is an error, as in
     * PyTorch, where only negative numbers wrap around in uint8: -1 is 255. To bool all but 0 is 1.
     */
    static Number held(String op, DType t, Number n) {
        NullArgument.check(t, "dtype");
        Number v = plain(n);
        if (t == DType.BOOL) {
            return v.doubleValue() == 0 ? 0L : 1L;
        }
        if (t.isFloating()) {
            return v;
        }
        long low = smallest(t);
        long high = largest(t);
        boolean fits = v instanceof Long w
                ? w >= (t == DType.UINT8 ? -high : low) && w <= high
                : v.doubleValue() >= low && (t == DType.INT64 ? v.doubleValue() < 0x1p63 : v.doubleValue() <= high);
        if (!fits) {
            throw new IllegalArgumentException(op + ": " + n + " does not fit " + t + ", which holds " + low + " to "
                    + high + "; convert the tensor to a wider type first");
        }
        return Conversions.wrap(t, v.longValue());
    }

    /** {@link #held}, where a finite number beyond a floating type is an error, too: it would be infinite. */
    static Number element(String op, DType t, Number n) {
        Number v = held(op, t, n);
        if (t.isFloating()
                && Double.isFinite(v.doubleValue())
                && Math.abs(v.doubleValue()) > t.finfo().max()) {
            throw new IllegalArgumentException(op + ": " + n + " does not fit " + t + ", whose largest number is "
                    + t.finfo().max()
                    + "; give Double.POSITIVE_INFINITY or its negative if that is meant, or convert the"
                    + " tensor to a wider type first");
        }
        return v;
    }

    static Number[] elements(String op, DType t, Number... numbers) {
        return Arrays.stream(numbers).map(n -> element(op, t, n)).toArray(Number[]::new);
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
