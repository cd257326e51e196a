package akari.formula;

/**
 * The logarithm of the gamma function and its derivatives in double precision, by the asymptotic series for large arguments, to which
 * recurrence and reflection lead (Abramowitz and Stegun, chapter 6), and by the Taylor series at 2, where the logarithm has a zero.
 */
final class Gamma {
    private static final double EULER = 0.57721566490153286061;

    /** Bernoulli numbers B₂, B₄, … */
    private static final double[] BERNOULLI = {
        1 / 6.0,
        -1 / 30.0,
        1 / 42.0,
        -1 / 30.0,
        5 / 66.0,
        -691 / 2730.0,
        7 / 6.0,
        -3617 / 510.0,
        43867 / 798.0,
        -174611 / 330.0,
        854513 / 138.0,
        -236364091 / 2730.0
    };

    /** {@code (ζ(k) - 1)/k} with alternating signs: coefficients of the Taylor series of log Γ(2 + z). */
    private static final double[] TAYLOR = new double[32];

    static {
        TAYLOR[1] = 1 - EULER;
        for (int k = 2; k < TAYLOR.length; k++) {
            TAYLOR[k] = (k % 2 == 0 ? 1 : -1) * zeta(k, 2) / k;
        }
    }

    private Gamma() {}

    /** {@code log |Γ(x)|}. */
    static double log(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (Double.isInfinite(x) || x <= 0 && x == Math.rint(x)) {
            return Double.POSITIVE_INFINITY;
        }
        if (x < 0 && x > -0x1p-60) {
            return -Math.log(-x); // the square below would vanish
        }
        if (x < 0) {
            return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * (x - Math.rint(x))) * x)) - log(-x);
        }
        if (x < 0.5) {
            return nearTwo(x) - Math.log(x) - Math.log1p(x);
        }
        if (x < 1.5) {
            return nearTwo(x - 1) - Math.log1p(x - 1);
        }
        if (x < 8) {
            double product = 1;
            double v = x;
            while (v > 2.5) {
                v -= 1;
                product *= v;
            }
            return nearTwo(v - 2) + Math.log(product);
        }
        double square = 1 / (x * x);
        double tail = 0;
        for (int k = 9; k >= 0; k--) {
            tail = tail * square + BERNOULLI[k] / ((2 * k + 2) * (2 * k + 1));
        }
        return (x - 0.5) * Math.log(x) - x + 0.91893853320467274178 + tail / x;
    }

    /** {@code log Γ(2 + z)} for {@code |z| <= 1/2}. */
    private static double nearTwo(double z) {
        double y = 0;
        for (int k = TAYLOR.length - 1; k > 0; k--) {
            y = (y + TAYLOR[k]) * z;
        }
        return y;
    }

    /** The derivative of {@link #log}. */
    static double digamma(double x) {
        if (x == 0) {
            return Math.copySign(Double.POSITIVE_INFINITY, -x);
        }
        if (x < 0) {
            return x == Math.rint(x) ? Double.NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.rint(x)));
        }
        double sum = 0;
        double v = x;
        while (v < 10) {
            sum -= 1 / v;
            v += 1;
        }
        double square = 1 / (v * v);
        double tail = 0;
        for (int k = 7; k >= 0; k--) {
            tail = (tail + BERNOULLI[k] / (2 * k + 2)) * square;
        }
        return sum + (Math.log(v) - 0.5 / v - tail);
    }

    /** The {@code n}-th derivative of {@link #digamma}; NaN unless n is a natural number. */
    static double polygamma(double n, double x) {
        if (n == 0) {
            return digamma(x);
        }
        if (!(n > 0 && n < Double.POSITIVE_INFINITY) || n != Math.rint(n)) {
            return Double.NaN;
        }
        double factorial = n > 170 ? Double.POSITIVE_INFINITY : 1;
        for (int i = 2; i <= n && n <= 170; i++) {
            factorial *= i;
        }
        return (n % 2 == 0 ? -factorial : factorial) * zeta(n + 1, x);
    }

    /** Hurwitz's zeta function {@code Σ (q + k)^-s} over all k ≥ 0, for whole s > 1, by Euler and Maclaurin's formula. */
    private static double zeta(double s, double q) {
        if (q <= 0) {
            double below = Math.floor(q);
            if (q == below) {
                return Double.POSITIVE_INFINITY;
            }
            // the sum over all whole k, less those beyond either end
            double f = q - below;
            double others = zeta(s, 1 - f) - zeta(s, 1 - q);
            return zeta(s, f) + (s % 2 == 0 ? others : -others);
        }
        if (q == Double.POSITIVE_INFINITY) {
            return 0;
        }
        double sum = 0;
        double a = q;
        while (a < 12 + s / 2) {
            double term = Math.pow(a, -s);
            sum += term;
            if (!(term > sum * 1e-18)) {
                return sum; // so do all the rest
            }
            a += 1;
        }
        double power = Math.pow(a, -s);
        sum += Math.pow(a, 1 - s) / (s - 1) + power / 2;
        double factor = s * power / a;
        for (int k = 0; k < BERNOULLI.length; k++) {
            // B₂ₖ/(2k)! · s(s+1)…(s+2k-2) · a^-(s+2k-1)
            factor /= (2 * k + 1) * (2 * k + 2);
            sum += BERNOULLI[k] * factor;
            factor *= (s + 2 * k + 1) * (s + 2 * k + 2) / (a * a);
        }
        return sum;
    }
}
