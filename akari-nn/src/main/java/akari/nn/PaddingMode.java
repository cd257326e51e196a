package akari.nn;

import java.util.Locale;

/** What lies around an input. */
public enum PaddingMode {
    /** Zeros; in {@code pad} any constant. */
    ZEROS,
    /** Mirrored at the edge, without repeating it. */
    REFLECT,
    /** The edge repeated. */
    REPLICATE,
    /** From the other side. */
    CIRCULAR;

    /** PyTorch's name in {@code pad}, where the constant is 0 unless given. */
    public static final PaddingMode CONSTANT = ZEROS;

    /** PyTorch's name in {@code grid_sample}. */
    public static final PaddingMode BORDER = REPLICATE;

    /** PyTorch's name in {@code grid_sample}. */
    public static final PaddingMode REFLECTION = REFLECT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
