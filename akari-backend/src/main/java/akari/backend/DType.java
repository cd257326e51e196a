package akari.backend;

import java.util.Locale;

/**
 * Element types of a tensor. Promotion follows PyTorch: bool &lt; uint8 &lt; int64 &lt; float32 &lt; float64.
 *
 * <p>A {@code BOOL} element is one byte, 0 or 1.
 */
public enum DType {
    BOOL(1),
    UINT8(1),
    INT64(8),
    FLOAT32(4),
    FLOAT64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** The type of {@code a op b} when both are tensors with at least one dimension. */
    public static DType promote(DType a, DType b) {
        return a.ordinal() >= b.ordinal() ? a : b;
    }

    /** bool, integer, floating: a scalar or 0-d operand only changes the result's type when its category is higher. */
    public int category() {
        return this == BOOL ? 0 : isFloating() ? 2 : 1;
    }

    /** PyTorch's spelling: {@code float32}, {@code int64}, … */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
