package akari.backend;

/** The error function in double precision. */
final class Erf {
    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

    private Erf() {}

    /**
     * Below 2 the series {@code 2/√π · e^(-x²) · Σ 2ⁿx^(2n+1)/(2n+1)!!}, whose terms are all positive; above, 1 minus Laplace's
     * continued fraction of erfc, evaluated from a fixed depth upwards (Abramowitz and Stegun 7.1.6 and 7.1.14).
     */
    static double erf(double x) {
        double a = Math.abs(x);
        if (a > 6) {
            return Math.signum(x);
        }
        if (!(a >= 2)) {
            double term = x;
            double sum = x;
            for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }
            return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
        }
        double f = a;
        for (int n = 60; n >= 1; n--) {
            f = a + n / 2.0 / f;
        }
        return Math.copySign(1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * f), x);
    }
}
