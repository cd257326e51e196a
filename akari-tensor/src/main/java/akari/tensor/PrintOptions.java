package akari.tensor;

import org.jspecify.annotations.Nullable;

/**
 * How tensors are printed, for {@link Tensors#setPrintOptions}.
 *
 * @param precision digits after the point
 * @param threshold more elements than this are summarised
 * @param edgeItems elements shown at either end of a dimension that is summarised
 * @param lineWidth characters after which a row is broken
 * @param sciMode whether floating numbers are in scientific notation; null decides by their magnitudes
 */
public record PrintOptions(
        int precision,
        long threshold,
        int edgeItems,
        int lineWidth,
        @Nullable Boolean sciMode) {
    /** Four digits, summarised above 1000 elements, three of them at either end, 80 characters a line. */
    public static final PrintOptions DEFAULT = new PrintOptions(4, 1000, 3, 80, null);

    /** Two digits and two elements at either end. */
    public static final PrintOptions SHORT = new PrintOptions(2, 1000, 2, 80, null);

    /** Never summarised. */
    public static final PrintOptions FULL = new PrintOptions(4, Long.MAX_VALUE, 3, 80, null);

    public PrintOptions {
        if (precision < 0 || threshold < 0 || edgeItems < 0 || lineWidth < 1) {
            throw new IllegalArgumentException("print options must not be negative, got precision " + precision
                    + ", threshold " + threshold + ", edgeItems " + edgeItems + ", lineWidth " + lineWidth);
        }
    }

    public PrintOptions withPrecision(int digits) {
        return new PrintOptions(digits, threshold, edgeItems, lineWidth, sciMode);
    }

    public PrintOptions withThreshold(long elements) {
        return new PrintOptions(precision, elements, edgeItems, lineWidth, sciMode);
    }

    public PrintOptions withEdgeItems(int elements) {
        return new PrintOptions(precision, threshold, elements, lineWidth, sciMode);
    }

    public PrintOptions withLineWidth(int characters) {
        return new PrintOptions(precision, threshold, edgeItems, characters, sciMode);
    }

    public PrintOptions withSciMode(@Nullable Boolean on) {
        return new PrintOptions(precision, threshold, edgeItems, lineWidth, on);
    }
}
