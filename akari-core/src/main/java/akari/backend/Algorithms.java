package akari.backend;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a backend chooses between algorithms that give results of different rounding, such as direct and Winograd convolution. No choice
 * depends on timing, but for {@link #tuned}, which writes down what it chose.
 *
 * @param kind which rule
 * @param file of choices, for {@link Kind#TUNED}
 */
public record Algorithms(Kind kind, @Nullable Path file) {
    public enum Kind {
        /**
         * By shape, by a fixed rule that benchmarks calibrated. Where that takes Winograd's algorithm, a result of a convolution may be off by
         * {@code 4·2⁻²⁴·m·Σ|w|}, with m the largest magnitude in its tile of 6×6 inputs. Infinities and NaN reach only what reads them.
         */
        DEFAULT,
        /** The most exact one: direct convolution, in which a result is rounded by what it reads alone. */
        STRICT,
        /** The fastest one here, measured at the first use of a shape, and then always the same. */
        TUNED
    }

    public static final Algorithms DEFAULT = new Algorithms(Kind.DEFAULT, null);
    public static final Algorithms STRICT = new Algorithms(Kind.STRICT, null);

    public Algorithms {
        if ((kind == Kind.TUNED) != (file != null)) {
            throw new IllegalArgumentException(
                    "tuned algorithms need a file for their choices, and only they have one");
        }
    }

    /**
     * Choices from {@code file}; what it does not hold is measured once and added to it. Runs that start from equal files and meet
     * only shapes that are in it give equal bits.
     */
    public static Algorithms tuned(Path file) {
        return new Algorithms(Kind.TUNED, file);
    }

    /** {@code default}, {@code strict} or {@code tuned:FILE}, as in the system property {@code akari.algorithms}. */
    public static Algorithms parse(String text) {
        if (text.startsWith("tuned:") && text.length() > "tuned:".length()) {
            return tuned(Path.of(text.substring("tuned:".length())));
        }
        return switch (text) {
            case "default" -> DEFAULT;
            case "strict" -> STRICT;
            default ->
                throw new IllegalArgumentException(
                        "akari.algorithms=" + text + " is not known: write default, strict or tuned:FILE");
        };
    }
}
