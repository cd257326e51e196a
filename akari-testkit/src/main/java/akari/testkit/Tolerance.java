package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a figure may lie from the expected one: {@code |got - expected| <= relative * max(|expected|, floor * largest)}, where
 * {@code largest} is the largest expected magnitude of the tensor. The floor is for elements that cancellation leaves far below
 * their neighbours: they carry the neighbours' rounding. NaN equals NaN, and an infinity itself.
 */
public record Tolerance(double relative, double floor) {
    /** For float64: 1e-7, of at least a millionth of the largest element (an absolute error of 1e-13 of it). */
    public static final Tolerance FLOAT64 = new Tolerance(1e-7, 1e-6);

    /** For float32: 1e-4, of at least a tenth of the largest element. */
    public static final Tolerance FLOAT32 = new Tolerance(1e-4, 0.1);

    public static Tolerance of(DType dtype) {
        return dtype == DType.FLOAT32 ? FLOAT32 : FLOAT64;
    }

    /** What differs most, or null when all is close enough. */
    public @Nullable String difference(String what, double[] expected, Shape shape, double[] got) {
        return difference(what, expected, shape, got, largest(expected));
    }

    @Nullable
    String difference(String what, double[] expected, Shape shape, double[] got, double largest) {
        if (expected.length != got.length) {
            return what + " has " + got.length + " elements, expected " + expected.length;
        }
        int worst = -1;
        double excess = 1;
        for (int i = 0; i < got.length; i++) {
            double e = excess(expected[i], got[i], largest);
            if (e > excess) {
                worst = i;
                excess = e;
            }
        }
        if (worst < 0) {
            return null;
        }
        double e = expected[worst];
        double g = got[worst];
        return String.format(
                Locale.ROOT,
                "%s%s expected %.10g, got %.10g, relative error %.2g",
                what,
                shape.rank() == 0 ? "" : Arrays.toString(position(worst, shape)),
                e,
                g,
                Math.abs(g - e) / Math.abs(e));
    }

    /** The error in units of what is allowed. */
    private double excess(double expected, double got, double largest) {
        if (expected == got || Double.isNaN(expected) && Double.isNaN(got)) {
            return 0;
        }
        double error = Math.abs(got - expected);
        double allowed = relative * Math.max(Math.abs(expected), floor * largest);
        return error <= allowed
                ? 0
                : allowed > 0 && Double.isFinite(error) ? error / allowed : Double.POSITIVE_INFINITY;
    }

    static double largest(double[] values) {
        double m = 0;
        for (double v : values) {
            m = Double.isFinite(v) ? Math.max(m, Math.abs(v)) : m;
        }
        return m;
    }

    private static long[] position(int flat, Shape shape) {
        long[] at = new long[shape.rank()];
        long rest = flat;
        for (int d = at.length - 1; d >= 0; d--) {
            at[d] = rest % shape.get(d);
            rest /= shape.get(d);
        }
        return at;
    }
}
