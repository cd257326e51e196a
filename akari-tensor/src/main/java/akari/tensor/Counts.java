package akari.tensor;

import akari.tensor.Generator.Source;
import java.util.Arrays;

/** Numbers of events: distributions whose draws take a number of uniform numbers that is itself random. */
final class Counts {
    private Counts() {}

    /**
     * Events at the mean {@code rate}. Below 10 by counting how many exponential waiting times fit, multiplied together; above by
     * transformed rejection (Hörmann: "The transformed rejection method for generating Poisson random variables", 1993, PTRS).
     */
    static double poisson(double rate, Source random) {
        if (rate < 10) {
            double limit = Math.exp(-rate);
            double product = random.uniform();
            int k = 0;
            while (product > limit) {
                product *= random.uniform();
                k++;
            }
            return k;
        }
        double b = 0.931 + 2.53 * Math.sqrt(rate);
        double a = -0.059 + 0.02483 * b;
        double squeeze = 0.9277 - 3.6224 / (b - 2);
        double scale = Math.log(1.1239 + 1.1328 / (b - 3.4));
        double logRate = Math.log(rate);
        while (true) {
            double u = random.uniform() - 0.5;
            double v = random.open();
            double edge = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / edge + b) * u + rate + 0.43);
            if (edge >= 0.07 && v <= squeeze) {
                return k;
            }
            boolean possible = k >= 0 && (edge >= 0.013 || v <= edge);
            if (possible
                    && Math.log(v) + scale - Math.log(a / (edge * edge) + b) <= k * logRate - rate - logFactorial(k)) {
                return k;
            }
        }
    }

    /**
     * Successes among {@code n} trials of probability {@code p}. Where few are expected by the gaps between them, which are geometric;
     * else by transformed rejection (Hörmann: "The generation of binomial random variates", 1993, BTRS).
     */
    static double binomial(double n, double p, Source random) {
        if (p > 0.5) {
            return n - binomial(n, 1 - p, random);
        }
        if (p == 0 || n == 0) {
            return 0;
        }
        if (n * p < 10) {
            double fail = Math.log1p(-p);
            double successes = -1;
            double trials = 0;
            while (trials <= n) {
                trials += Math.ceil(Math.log(random.open()) / fail);
                successes++;
            }
            return successes;
        }
        double deviation = Math.sqrt(n * p * (1 - p));
        double b = 1.15 + 2.53 * deviation;
        double a = -0.0873 + 0.0248 * b + 0.01 * p;
        double centre = n * p + 0.5;
        double squeeze = 0.92 - 4.2 / b;
        double alpha = (2.83 + 5.1 / b) * deviation;
        double odds = Math.log(p / (1 - p));
        double mode = Math.floor((n + 1) * p);
        double top = logFactorial(mode) + logFactorial(n - mode);
        while (true) {
            double u = random.uniform() - 0.5;
            double v = random.open();
            double edge = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / edge + b) * u + centre);
            if (k < 0 || k > n) {
                continue;
            }
            if (edge >= 0.07 && v <= squeeze) {
                return k;
            }
            double height = Math.log(v * alpha / (a / (edge * edge) + b));
            if (height <= top - logFactorial(k) - logFactorial(n - k) + (k - mode) * odds) {
                return k;
            }
        }
    }

    private static final double[] SMALL = new double[16];

    static {
        for (int k = 2; k < SMALL.length; k++) {
            SMALL[k] = SMALL[k - 1] + Math.log(k);
        }
    }

    /** {@code log k!}, from 16 on by Stirling's series. */
    static double logFactorial(double k) {
        if (k < SMALL.length) {
            return SMALL[(int) k];
        }
        double n = k + 1;
        double r = 1 / (n * n);
        double series = (1 / 12.0 - r * (1 / 360.0 - r * (1 / 1260.0 - r / 1680))) / n;
        return (n - 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
    }

    /** {@code n} categories in proportion to the {@code weights}, by searching their running sum. */
    static void withReplacement(double[] weights, Generator.Sources random, long[] out, int at, int n) {
        double[] sums = new double[weights.length];
        double sum = 0;
        int last = 0;
        for (int c = 0; c < sums.length; c++) {
            sums[c] = sum += weights[c];
            last = weights[c] > 0 ? c : last;
        }
        for (int i = at; i < at + n; i++) {
            double u = random.of(i).uniform() * sum;
            int found = Arrays.binarySearch(sums, 0, last, u);
            // the first whose sum exceeds u: of equal sums all but the first belong to weights of 0
            int c = found < 0 ? -found - 1 : found + 1;
            while (c < last && sums[c] <= u) {
                c++;
            }
            out[i] = Math.min(c, last);
        }
    }

    /** {@code n} different categories: waiting times at the rates {@code weights}, the shortest first. */
    static void withoutReplacement(double[] weights, Source random, long[] out, int at, int n) {
        double[] wait = new double[weights.length];
        int[] order = new int[weights.length];
        int possible = 0;
        for (int c = 0; c < weights.length; c++) {
            double e = -Math.log(random.open());
            if (weights[c] > 0) {
                wait[c] = e / weights[c];
                order[possible++] = c;
            }
        }
        int[] first = Arrays.stream(order, 0, possible)
                .boxed()
                .sorted((a, b) -> Double.compare(wait[a], wait[b]))
                .limit(n)
                .mapToInt(c -> c)
                .toArray();
        for (int i = 0; i < n; i++) {
            out[at + i] = first[i];
        }
    }
}
