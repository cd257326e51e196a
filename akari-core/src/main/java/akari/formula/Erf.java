package akari.formula;

/** The error function, its complement and its inverse in double precision. */
final class Erf {
    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

    private Erf() {}

    /** By the series where the result is not near 1, else by the complement. */
    static double erf(double x) {
        double a = Math.abs(x);
        if (a > 6) {
            return Math.signum(x);
        }
        return !(a >= 2) ? series(x) : Math.copySign(1 - fraction(a), x);
    }

    /** {@code 1 - erf(x)}, without its cancellation. */
    static double erfc(double x) {
        return x >= 0.8 ? fraction(x) : x <= -2 ? 2 - fraction(-x) : 1 - series(x);
    }

    /** {@code 2/√π · e^(-x²) · Σ 2ⁿx^(2n+1)/(2n+1)!!}, whose terms are all positive (Abramowitz and Stegun 7.1.6). */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
    }

    /** Laplace's continued fraction of the complement, from a fixed depth upwards (Abramowitz and Stegun 7.1.14); a is positive. */
    private static double fraction(double a) {
        if (a > 28) {
            return 0;
        }
        double f = a;
        for (int n = 10 + (int) (200 / (a * a)); n >= 1; n--) {
            f = a + n / 2.0 / f;
        }
        double square = a * a;
        double lost = Math.fma(a, a, -square);
        return Math.exp(-square) * (1 - lost) / (Math.sqrt(Math.PI) * f);
    }

    /** Two steps of Halley's method from S. Winitzki's approximation (2008), which is good to 2e-3. */
    static double inverse(double y) {
        double a = Math.abs(y);
        if (!(a < 1)) {
            return a == 1 ? y * Double.POSITIVE_INFINITY : Double.NaN;
        }
        double log = Math.log1p(-a * a);
        double c = 2 / (Math.PI * 0.147) + log / 2;
        double x = Math.sqrt(Math.max(0, Math.sqrt(c * c - log / 0.147) - c));
        for (int i = 0; i < 2; i++) {
            double error = a > 0.5 ? 1 - a - erfc(x) : series(x) - a;
            double step = error / (TWO_OVER_SQRT_PI * Math.exp(-x * x));
            x -= step / (1 + x * step);
        }
        return Math.copySign(x, y);
    }
}
