package akari.nn;

import java.util.Locale;

/** What lies around an input. */
public enum PaddingMode {
    ZEROS,
    /** Mirrored at the edge, without repeating it. */
    REFLECT,
    /** The edge repeated. */
    REPLICATE,
    /** From the other side. */
    CIRCULAR;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
