package akari.core;

import akari.errors.NullArgument;
import java.util.Locale;

/**
 * Element types of a tensor, with PyTorch's promotion. A {@code BOOL} element is one byte, 0 or 1; {@code FLOAT16} is IEEE's half
 * precision, {@code BFLOAT16} the upper half of a float32.
 */
public enum DType {
    /** True or false. */
    BOOL(1, 0),
    /** 0 to 255. */
    UINT8(1, 1),
    /** -128 to 127. */
    INT8(1, 1),
    /** -32768 to 32767. */
    INT16(2, 1),
    /** Java's {@code int}. */
    INT32(4, 1),
    /** Java's {@code long}: what indices and labels are. */
    INT64(8, 1),
    /** IEEE's half precision: 11 significant bits, numbers up to 65504. */
    FLOAT16(2, 2),
    /** The range of float32 with 8 significant bits. */
    BFLOAT16(2, 2),
    /** Java's {@code float}: the type of floating tensors unless another is asked for. */
    FLOAT32(4, 2),
    /** Java's {@code double}. */
    FLOAT64(8, 2);

    /** PyTorch's other name of {@link #INT16}. */
    public static final DType SHORT = INT16;

    /** PyTorch's other name of {@link #INT32}. */
    public static final DType INT = INT32;

    /** PyTorch's other name of {@link #INT64}. */
    public static final DType LONG = INT64;

    /** PyTorch's other name of {@link #FLOAT16}. */
    public static final DType HALF = FLOAT16;

    /** PyTorch's other name of {@link #FLOAT32}. */
    public static final DType FLOAT = FLOAT32;

    /** PyTorch's other name of {@link #FLOAT64}. */
    public static final DType DOUBLE = FLOAT64;

    private final int bytes;
    private final int category;

    DType(int bytes, int category) {
        this.bytes = bytes;
        this.category = category;
    }

    /**
     * The limits of a floating type: {@code torch.finfo}.
     *
     * @param eps distance from 1 to the next larger number
     * @param tiny smallest positive normal number
     * @param resolution 10 to the minus number of decimal digits that survive
     */
    public record FloatLimits(int bits, double eps, double max, double tiny, double resolution) {
        /** The most negative finite number. */
        public double min() {
            return -max;
        }

        /** The same as {@link #tiny}, under PyTorch's newer name. */
        public double smallestNormal() {
            return tiny;
        }
    }

    /** The limits of an integer type: {@code torch.iinfo}. */
    public record IntegerLimits(int bits, long min, long max) {}

    /** @throws IllegalArgumentException if this is no floating type */
    public FloatLimits finfo() {
        return switch (this) {
            case FLOAT16 -> new FloatLimits(16, 0x1p-10, 65504, 0x1p-14, 1e-3);
            case BFLOAT16 -> new FloatLimits(16, 0x1p-7, 0x1.fep127, Float.MIN_NORMAL, 1e-2);
            case FLOAT32 -> new FloatLimits(32, 0x1p-23, Float.MAX_VALUE, Float.MIN_NORMAL, 1e-6);
            case FLOAT64 -> new FloatLimits(64, 0x1p-52, Double.MAX_VALUE, Double.MIN_NORMAL, 1e-15);
            case BOOL, UINT8, INT8, INT16, INT32, INT64 ->
                throw new IllegalArgumentException("finfo needs a floating type, got " + this + "; use iinfo");
        };
    }

    /** @throws IllegalArgumentException if this is no integer type */
    public IntegerLimits iinfo() {
        if (category != 1) {
            throw new IllegalArgumentException(
                    "iinfo needs an integer type, got " + this + (isFloating() ? "; use finfo" : ""));
        }
        int bits = 8 * bytes;
        return this == UINT8
                ? new IntegerLimits(8, 0, 255)
                : new IntegerLimits(bits, -1L << bits - 1, (1L << bits - 1) - 1);
    }

    /** Whether numbers of this type can be negative. */
    public boolean isSigned() {
        return this != BOOL && this != UINT8;
    }

    /** Whether PyTorch converts {@code from} to {@code to} by itself, as for a result in place: never to a lower category. */
    public static boolean canCast(DType from, DType to) {
        return from.category <= to.category;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether this is FLOAT16, BFLOAT16, FLOAT32 or FLOAT64. */
    public boolean isFloating() {
        return category == 2;
    }

    /** Whether this is a floating type of two bytes: stored so, computed with in float32. */
    public boolean isHalf() {
        return this == FLOAT16 || this == BFLOAT16;
    }

    /**
     * The type of {@code a op b} when both are tensors with at least one dimension: the later one in the order of this enum, except
     * that {@code uint8} and {@code int8} meet in {@code int16}, {@code float16} and {@code bfloat16} in {@code float32}.
     */
    public static DType promote(DType a, DType b) {
        NullArgument.check(a, "a");
        NullArgument.check(b, "b");
        DType low = a.ordinal() < b.ordinal() ? a : b;
        DType high = low == a ? b : a;
        if (low == UINT8 && high == INT8) {
            return INT16;
        }
        return low == FLOAT16 && high == BFLOAT16 ? FLOAT32 : high;
    }

    /** bool 0, integer 1, floating 2: a scalar or 0-d operand only changes the result's type when its category is higher. */
    public int category() {
        return category;
    }

    /** The type in which arithmetic on elements of this one is done: FLOAT32 for the halves, INT64 for bool and integers. */
    public DType compute() {
        return !isFloating() ? INT64 : isHalf() ? FLOAT32 : this;
    }

    /** Whether every value of this type is one of float32 as well. */
    public boolean fitsFloat32() {
        return isFloating() ? this != FLOAT64 : bytes <= 2;
    }

    /** PyTorch's spelling: {@code float32}, {@code int64}, … */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
