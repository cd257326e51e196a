package akari.nn;

import akari.core.Shape;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Values as Python prints them, so that a printed model reads as PyTorch's. */
final class Python {
    private Python() {}

    static String bool(boolean b) {
        return b ? "True" : "False";
    }

    /** {@code 0.1}, {@code 1e-05}, {@code 1.0}. */
    static String number(double v) {
        String java = Double.toString(v);
        int e = java.indexOf('E');
        if (e < 0) {
            return java;
        }
        int exponent = Integer.parseInt(java.substring(e + 1));
        if (exponent >= -4 && exponent < 16) {
            return new BigDecimal(java).stripTrailingZeros().toPlainString() + (exponent >= 0 ? ".0" : "");
        }
        String digits = java.substring(0, e).replaceFirst("\\.0$", "");
        return String.format(Locale.ROOT, "%se%s%02d", digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** {@code (3, 3)}. */
    static String tuple(Shape s) {
        String list = Arrays.stream(s.toArray()).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return "(" + list + (s.rank() == 1 ? ",)" : ")");
    }

    /** A tuple, or one number where all are equal. */
    static String sizes(Shape s) {
        return s.equals(Shape.fill(s.rank(), s.get(0))) ? Long.toString(s.get(0)) : tuple(s);
    }
}
