package akari.formula;

/** Inverse hyperbolic functions and the binary logarithm in double precision, which {@link Math} lacks. */
final class Hyperbolic {
    private static final double LN2 = Math.log(2);

    private Hyperbolic() {}

    static double asinh(double x) {
        double a = Math.abs(x);
        if (!(a < 0x1p28)) {
            return Math.copySign(Math.log(a) + LN2, x);
        }
        return Math.copySign(Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1))), x);
    }

    static double acosh(double x) {
        if (x < 1) {
            return Double.NaN;
        }
        if (!(x < 0x1p28)) {
            return Math.log(x) + LN2;
        }
        double t = x - 1;
        return Math.log1p(t + Math.sqrt(2 * t + t * t));
    }

    static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(Math.log1p(2 * a / (1 - a)) / 2, x);
    }

    /** Exact for powers of two. */
    static double log2(double x) {
        if (!(x > 0) || x == Double.POSITIVE_INFINITY) {
            return Math.log(x);
        }
        int shift = x < Double.MIN_NORMAL ? 54 : 0;
        double normal = x * (1L << shift);
        int e = Math.getExponent(normal);
        double m = Math.scalb(normal, -e);
        if (m > Math.sqrt(2)) {
            m /= 2;
            e++;
        }
        return e - shift + Math.log(m) / LN2;
    }
}
