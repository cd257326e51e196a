package akari.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.formula.Expr;
import akari.formula.Formula;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Seeded draws against the distribution functions: a right generator fails one test in a thousand, and then always. */
class DistributionTest {
    private static final int N = 100_000;

    private static double[] draw(Distribution kind, DType t) {
        View v = Samples.zeros(t, N);
        Samples.BACKEND.random(kind, 42, 7, v);
        return Samples.values(v);
    }

    private static double phi(double z) {
        return 0.5 * (1 + Formula.unary(Expr.Fn.ERF, z / Math.sqrt(2)));
    }

    static Stream<Arguments> continuous() {
        return Stream.of(
                Arguments.of(new Distribution.Uniform(-1, 3), (DoubleUnaryOperator) x -> (x + 1) / 4),
                Arguments.of(new Distribution.Normal(2, 3), (DoubleUnaryOperator) x -> phi((x - 2) / 3)),
                Arguments.of(new Distribution.LogNormal(1, 2), (DoubleUnaryOperator) x -> phi((Math.log(x) - 1) / 2)),
                Arguments.of(new Distribution.Exponential(0.5), (DoubleUnaryOperator) x -> -Math.expm1(-0.5 * x)),
                Arguments.of(new Distribution.Cauchy(1, 2), (DoubleUnaryOperator)
                        x -> 0.5 + Math.atan((x - 1) / 2) / Math.PI));
    }

    /** The test of Kolmogorov and Smirnov. */
    @ParameterizedTest
    @MethodSource
    void continuous(Distribution kind, DoubleUnaryOperator cdf) {
        for (DType t : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            double[] x = draw(kind, t);
            Arrays.sort(x);
            double distance = 0;
            for (int i = 0; i < N; i++) {
                double f = cdf.applyAsDouble(x[i]);
                distance = Math.max(distance, Math.max(f - i / (double) N, (i + 1) / (double) N - f));
            }
            assertThat(distance * Math.sqrt(N)).as("%s in %s", kind, t).isLessThan(1.95);
        }
    }

    @ParameterizedTest
    @MethodSource("continuous")
    void halvesAreRoundedOnce(Distribution kind, DoubleUnaryOperator cdf) {
        for (DType t : new DType[] {DType.FLOAT16, DType.BFLOAT16}) {
            double[] x = draw(kind, t);
            double[] exact = new double[4];
            int[] words = new int[4];
            for (int i = 0; i < 2000; i++) {
                int per = kind.perBlock(t);
                Philox.block(42, 7 + i / per, words);
                kind.draw(t, words, exact, 0);
                assertThat(x[i]).isEqualTo(Conversions.round(t, exact[i % per]));
                assertThat(cdf.applyAsDouble(exact[i % per])).isBetween(0.0, 1.0);
            }
        }
    }

    /** Pearson's test: counts of {@code lowest …} against probabilities, all above the last in one. */
    private static void counts(double[] x, long lowest, double[] p, String what) {
        long[] seen = new long[p.length];
        for (double v : x) {
            assertThat(v).isEqualTo(Math.rint(v)).isGreaterThanOrEqualTo(lowest);
            seen[(int) Math.min(v - lowest, p.length - 1)]++;
        }
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.pow(seen[i] - x.length * p[i], 2) / (x.length * p[i]);
        }
        double df = p.length - 1;
        double limit = df * Math.pow(1 - 2 / (9 * df) + 3.09 * Math.sqrt(2 / (9 * df)), 3);
        assertThat(sum).as("%s: %s", what, Arrays.toString(seen)).isLessThan(limit);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void bernoulli(DType t) {
        counts(draw(new Distribution.Bernoulli(0.3), t), 0, new double[] {0.7, 0.3}, t.toString());
        assertThat(draw(new Distribution.Bernoulli(1), t)).containsOnly(1);
        assertThat(draw(new Distribution.Bernoulli(0), t)).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = "BOOL")
    void geometric(DType t) {
        double[] p = new double[12];
        double rest = 1;
        for (int k = 0; k < p.length; k++) {
            p[k] = k < p.length - 1 ? rest * 0.3 : rest;
            rest *= 0.7;
        }
        counts(draw(new Distribution.Geometric(0.3), t), 1, p, t.toString());
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = "BOOL")
    void whole(DType t) {
        double[] p = new double[37];
        Arrays.fill(p, 1 / 37.0);
        counts(draw(new Distribution.Whole(3, 37), t), 3, p, t.toString());
    }

    @Test
    void wideRanges() {
        // three quarters of the numbers of 32 bits: one word for each would give a third of them twice as often
        double[] x = draw(new Distribution.Whole(Integer.MIN_VALUE, 3L << 30), DType.INT32);
        double[] quarters =
                Arrays.stream(x).map(v -> Math.floor(v / (1 << 28)) + 8).toArray();
        double[] p = new double[12];
        Arrays.fill(p, 1 / 12.0);
        counts(quarters, 0, p, "int32");
        counts(
                Arrays.stream(x).map(v -> Math.floorMod((long) v, 3)).toArray(),
                0,
                new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0},
                "rest");

        View all = Samples.zeros(DType.INT64, N);
        Samples.BACKEND.random(new Distribution.Whole(Long.MIN_VALUE, 0), 1, 0, all);
        long[] bits = new long[64];
        for (int i = 0; i < N; i++) {
            long v = Memory.getLong(DType.INT64, all.address() + 8L * i);
            for (int b = 0; b < 64; b++) {
                bits[b] += v >>> b & 1;
            }
        }
        for (long n : bits) {
            assertThat(n / (double) N).isCloseTo(0.5, within(0.006));
        }
    }

    @Test
    void uniformNeverReachesItsUpperBound() {
        for (DType t : new DType[] {DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64}) {
            double[] x = draw(new Distribution.Uniform(1, 1 + 0x1p-6), t);
            assertThat(Arrays.stream(x).min().orElseThrow()).isEqualTo(1, within(1e-4));
            assertThat(Arrays.stream(x).max().orElseThrow()).isLessThan(1 + 0x1p-6);
            assertThat(draw(new Distribution.Uniform(2, 2), t)).containsOnly(2);
        }
    }

    @Test
    void neighboursAreIndependent() {
        double[] u = draw(new Distribution.Uniform(0, 1), DType.FLOAT32);
        double[] z = draw(new Distribution.Normal(0, 1), DType.FLOAT32);
        for (int lag = 1; lag <= 4; lag++) {
            double uniform = 0;
            double normal = 0;
            double squares = 0;
            for (int i = lag; i < N; i++) {
                uniform += (u[i] - 0.5) * (u[i - lag] - 0.5) * 12;
                normal += z[i] * z[i - lag];
                squares += (z[i] * z[i] - 1) * (z[i - lag] * z[i - lag] - 1) / 2;
            }
            assertThat(uniform / N).as("lag %d", lag).isCloseTo(0, within(0.0104));
            assertThat(normal / N).as("lag %d", lag).isCloseTo(0, within(0.0104));
            assertThat(squares / N).as("lag %d", lag).isCloseTo(0, within(0.0104));
        }
    }

    @Test
    void tailsAreLong() {
        assertThat(Arrays.stream(draw(new Distribution.Exponential(1), DType.FLOAT32))
                        .min()
                        .orElseThrow())
                .isPositive();
        double[] rare = draw(new Distribution.Geometric(1e-12), DType.INT64);
        assertThat(Arrays.stream(rare).average().orElseThrow()).isCloseTo(1e12, within(1.1e10));
    }
}
