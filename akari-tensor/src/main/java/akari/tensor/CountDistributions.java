package akari.tensor;

import akari.core.DType;
import akari.tensor.Generator.Source;
import java.lang.foreign.MemorySegment;

/** Numbers of events: distributions whose draws take a number of uniform numbers that is itself random. */
final class CountDistributions {
    private CountDistributions() {}

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

    /** Of each row of weights {@code n} categories in proportion to them, by searching their running sum. */
    static Tensor withReplacement(Tensor weights, int n, Generator generator) {
        long rows = weights.size(0);
        Generator.Sources random = generator.sources(rows * n);
        var running = new Object() {
            double sum;
        };
        Tensor sums = byCategory(weights, 1, (category, w, _) -> running.sum = category == 0 ? w : running.sum + w);
        Tensor total = sums.narrow(1, weights.size(1) - 1, 1);
        Tensor uniform = Blockwise.doubles(DType.FLOAT64, rows * n, (from, block, count) -> {
                    for (int i = 0; i < count; i++) {
                        block[i] = random.of(from + i).uniform();
                    }
                })
                .reshape(rows, n);
        // the first whose sum exceeds the drawn share; where rounding made that the whole, the last that has a weight
        Tensor found = sums.searchsorted(uniform.mul(total), true);
        return found.minimum(sums.searchsorted(total.contiguous()));
    }

    /** Of each row of weights {@code n} different categories: waiting times at the rates {@code weights}, the shortest first. */
    static Tensor withoutReplacement(Tensor weights, int n, Generator generator) {
        Generator.Sources random = generator.sources(weights.size(0));
        var row = new Object() {
            Source source = random.of(0);
        };
        Tensor waits = byCategory(weights, n, (category, w, r) -> {
            row.source = category == 0 ? random.of(r) : row.source;
            double e = -Math.log(row.source.open());
            return w > 0 ? e / w : Double.POSITIVE_INFINITY;
        });
        return waits.topk(n, 1, false).indices();
    }

    /** A number for a weight, asked for row after row. */
    private interface OfWeight {
        double of(long category, double weight, long row);
    }

    /** {@code f} of every weight of {@code [rows, categories]}, float64 on the CPU, where each row has {@code least} that are positive. */
    private static Tensor byCategory(Tensor weights, int least, OfWeight f) {
        long categories = weights.size(1);
        if (categories == 0 && weights.size(0) > 0) {
            throw tooFew(weights, 0, 0, least);
        }
        var reader = new Blockwise.Reader(weights, DType.FLOAT64);
        var at = new Object() {
            long row;
            long category;
            long positive;
        };
        return Blockwise.doubles(DType.FLOAT64, weights.numel(), (from, block, n) -> {
                    reader.read(from, MemorySegment.ofArray(block).asSlice(0, 8L * n));
                    for (int i = 0; i < n; i++) {
                        double w = block[i];
                        if (!(w >= 0 && w < Double.POSITIVE_INFINITY)) {
                            throw new IllegalArgumentException(
                                    "multinomial: a weight must be finite and not negative, got " + w);
                        }
                        at.positive += w > 0 ? 1 : 0;
                        block[i] = f.of(at.category, w, at.row);
                        if (++at.category == categories) {
                            if (at.positive < least) {
                                throw tooFew(weights, at.row, at.positive, least);
                            }
                            at.row++;
                            at.category = 0;
                            at.positive = 0;
                        }
                    }
                })
                .reshape(weights.shape());
    }

    private static IllegalArgumentException tooFew(Tensor weights, long row, long positive, int least) {
        return new IllegalArgumentException("multinomial: row " + row + " of weights " + weights.shape() + " has "
                + positive + " positive weights, too few for "
                + (least == 1 ? "a sample" : least + " samples without replacement"));
    }
}
