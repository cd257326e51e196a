package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.core.Shape;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random tensors as a user sees them; the distributions themselves are tested in akari-core. */
class RandomTest {
    private static final int N = 20_000;

    private static double mean(Tensor t) {
        return Arrays.stream(t.toDoubles()).average().orElseThrow();
    }

    private static double variance(Tensor t) {
        double m = mean(t);
        return Arrays.stream(t.toDoubles())
                .map(v -> (v - m) * (v - m))
                .average()
                .orElseThrow();
    }

    private static void fails(Runnable draw, String... message) {
        assertThatThrownBy(draw::run)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(message);
    }

    // ---- generators

    @Test
    void seedsAndStates() {
        Generator g = new Generator(5);
        double[] first = Tensors.randn(g, 9).toDoubles();
        assertThat(g.initialSeed()).isEqualTo(5);
        assertThat(g.offset()).isEqualTo(3);
        Tensor state = g.state();
        Generator twin = g.clone();
        double[] second = Tensors.randn(g, 9).toDoubles();
        assertThat(second).isNotEqualTo(first);
        assertThat(Tensors.randn(twin, 9).toDoubles()).isEqualTo(second);
        assertThat(Tensors.randn(g.setState(state), 9).toDoubles()).isEqualTo(second);
        assertThat(Tensors.randn(g.manualSeed(5), 9).toDoubles()).isEqualTo(first);

        long fresh = g.seed();
        assertThat(g.initialSeed()).isEqualTo(fresh);
        assertThat(g.offset()).isZero();
        assertThat(new Generator().seed()).isNotEqualTo(fresh);
        fails(() -> g.setState(Tensors.zeros(16)), "uint8 tensor of 16", "float32 [16]");
    }

    @Test
    void theDefaultGenerator() {
        Tensor before = Tensors.rngState();
        try {
            assertThat(Tensors.manualSeed(-3)).isSameAs(Tensors.defaultGenerator());
            assertThat(Tensors.initialSeed()).isEqualTo(-3);
            double[] a = Tensors.rand(7).toDoubles();
            Tensor between = Tensors.rngState();
            double[] b = Tensors.empty(DType.FLOAT32, 7).exponential_().toDoubles();
            Tensors.setRngState(between);
            assertThat(Tensors.empty(DType.FLOAT32, 7).exponential_().toDoubles())
                    .isEqualTo(b);
            assertThat(Tensors.rand(new Generator(-3), 7).toDoubles()).isEqualTo(a);
            assertThat(Tensors.seed()).isEqualTo(Tensors.initialSeed());
        } finally {
            Tensors.setRngState(before);
        }
    }

    @Test
    void generatorsAreIndependentOfEachOther() {
        double[] a = Tensors.randn(new Generator(1), N).toDoubles();
        double[] b = Tensors.randn(new Generator(2), N).toDoubles();
        double sum = 0;
        for (int i = 0; i < N; i++) {
            sum += a[i] * b[i];
        }
        assertThat(sum / N).isCloseTo(0, within(0.024));
    }

    // ---- types and layouts

    @ParameterizedTest
    @EnumSource(DType.class)
    void whatEachTypeAllows(DType t) {
        Map<String, Consumer<Tensor>> continuous = new HashMap<>();
        continuous.put("uniform_", Tensor::uniform_);
        continuous.put("normal_", Tensor::normal_);
        continuous.put("logNormal_", Tensor::logNormal_);
        continuous.put("exponential_", Tensor::exponential_);
        continuous.put("cauchy_", Tensor::cauchy_);
        continuous.put("geometric_", x -> x.geometric_(0.5));
        Tensor x = Tensors.zeros(t, 3, 4);
        continuous.forEach((name, fill) -> {
            if (t.isFloating() || name.equals("geometric_") && t != DType.BOOL) {
                fill.accept(x);
            } else {
                fails(() -> fill.accept(x), name + " needs a floating type", "this tensor is " + t, "to(FLOAT32)");
            }
        });
        x.bernoulli_().bernoulli_(Tensors.full(0.5, 4)).random_().random_(1).random_(0, 2);
        assertThat(x.dtype()).isEqualTo(t);
    }

    @Test
    void viewsAreFilledInPlaceAndNowhereElse() {
        Tensor x = Tensors.zeros(4, 6);
        x.t().narrow(0, 1, 2).uniform_(1, 2, new Generator(3));
        assertThat(x.narrow(1, 1, 2).t().contiguous().toDoubles())
                .isEqualTo(Tensors.empty(DType.FLOAT32, 2, 4)
                        .uniform_(1, 2, new Generator(3))
                        .toDoubles());
        assertThat(x.narrow(1, 0, 1).toDoubles()).containsOnly(0);
        assertThat(x.narrow(1, 3, 3).toDoubles()).containsOnly(0);
        fails(() -> Tensors.zeros(1).expand(5).uniform_(), "share one memory", "clone()");
        assertThat(Tensors.zeros(0, 3).normal_().shape()).isEqualTo(Shape.of(0, 3));
        assertThat(Tensors.rand().dim()).isZero();
    }

    @Test
    void likeForms() {
        Tensor x = Tensors.zeros(DType.FLOAT64, 2, 3).t();
        for (Tensor y : List.of(
                Tensors.randLike(x), Tensors.randnLike(x), Tensors.randintLike(x, 9), Tensors.randintLike(x, 3, 9))) {
            assertThat(y.dtype()).isEqualTo(DType.FLOAT64);
            assertThat(y.stride()).isEqualTo(x.stride());
        }
        assertThat(Tensors.randLike(x, DType.BFLOAT16).dtype()).isEqualTo(DType.BFLOAT16);
        assertThat(Tensors.randnLike(x, DType.FLOAT32).shape()).isEqualTo(x.shape());
        assertThat(Tensors.randintLike(x, 3, 5, DType.UINT8).toLongs())
                .containsAnyOf(3, 4)
                .doesNotContain(0, 1, 2, 5);
        assertThat(Tensors.randint(5, Shape.of(2, 3)).dtype()).isEqualTo(DType.INT64);
        assertThat(Tensors.randint(DType.INT8, -128, 128, 2, 3).dtype()).isEqualTo(DType.INT8);
    }

    @Test
    void wholeNumbersOverTheWholeType() {
        Tensor bytes = Tensors.empty(DType.INT8, N).random_(new Generator(1));
        assertThat(Arrays.stream(bytes.toLongs()).min().orElseThrow()).isZero();
        assertThat(Arrays.stream(bytes.toLongs()).max().orElseThrow()).isEqualTo(127);
        assertThat(mean(Tensors.empty(DType.BOOL, N).random_(new Generator(1)))).isCloseTo(0.5, within(0.012));
        double[] halves =
                Tensors.empty(DType.FLOAT16, N).random_(new Generator(1)).toDoubles();
        assertThat(Arrays.stream(halves).max().orElseThrow()).isEqualTo(2048);
        long[] longs = Tensors.empty(DType.INT64, N).random_(new Generator(1)).toLongs();
        assertThat(Arrays.stream(longs).min().orElseThrow()).isNotNegative();
        assertThat(Arrays.stream(longs).filter(v -> (v & 1) == 1).count() / (double) N)
                .isCloseTo(0.5, within(0.012));
        long big = 1L << 60;
        long[] far = Tensors.randint(new Generator(1), big, big + 3, N).toLongs();
        assertThat(Arrays.stream(far).distinct().sorted().toArray()).containsExactly(big, big + 1, big + 2);
        long[] all = Tensors.randint(new Generator(1), Long.MIN_VALUE, Long.MAX_VALUE, N)
                .toLongs();
        assertThat(Arrays.stream(all).filter(v -> v < 0).count() / (double) N).isCloseTo(0.5, within(0.012));
    }

    // ---- parameters

    @Test
    void parametersAreChecked() {
        Tensor x = Tensors.zeros(3);
        BiConsumer<Runnable, String> f = RandomTest::fails;
        f.accept(() -> x.uniform_(2, 1), "uniform_ needs low <= high");
        f.accept(() -> x.uniform_(-3e38, 3e38), "a difference that fits float32");
        f.accept(() -> x.uniform_(Double.NaN, 1), "uniform_ needs low <= high");
        f.accept(() -> x.normal_(0, -1), "normal_: std must not be negative, got -1.0");
        f.accept(() -> x.logNormal_(0, 0), "logNormal_: std must be positive, got 0.0");
        f.accept(() -> x.exponential_(0), "exponential_: rate must be positive, got 0.0");
        f.accept(() -> x.cauchy_(0, 0), "cauchy_: scale must be positive, got 0.0");
        f.accept(() -> x.geometric_(1), "geometric_: p must lie in (0, 1), got 1.0");
        f.accept(() -> x.bernoulli_(1.5), "bernoulli_: p must lie in [0, 1], got 1.5");
        f.accept(() -> x.bernoulli_(Double.NaN), "bernoulli_: p must lie in [0, 1], got NaN");
        f.accept(() -> tensor(0.5, -0.1).bernoulli(), "probabilities must lie in [0, 1], one is -0.1");
        f.accept(() -> tensor(0.5, Double.NaN).bernoulli(), "one is NaN");
        f.accept(() -> tensor(1L).bernoulli(), "floating type, got int64");
        f.accept(() -> x.random_(3, 3), "random_ needs from < to, got 3 and 3");
        f.accept(
                () -> Tensors.zeros(DType.UINT8, 2).random_(-1, 5),
                "numbers from -1 to 4 do not all fit uint8, which holds 0 to 255");
        f.accept(() -> Tensors.randint(DType.INT8, 0, 129, 2), "do not all fit int8, which holds -128 to 127");
        f.accept(() -> Tensors.randint(5, 5, 2), "randint needs from < to");
        f.accept(() -> Tensors.randperm(-1), "randperm");
        f.accept(() -> Tensors.randperm(300, DType.UINT8), "uint8 holds whole numbers up to 255");
        f.accept(() -> tensor(1.0, -1).poisson(), "poisson: a rate must be finite and not negative, got -1.0");
        f.accept(() -> tensor(1L).poisson(), "poisson needs a floating tensor, got int64");
        f.accept(() -> tensor(4.0).binomial(tensor(1.5)), "binomial: a probability must lie in [0, 1], got 1.5");
        f.accept(() -> tensor(4.0).binomial(tensor(0.5).float64()), "counts are float32, probabilities float64");
        f.accept(() -> Tensors.normal(tensor(0.0), tensor(-1.0)), "normal: a std must not be negative");
        f.accept(
                () -> tensor(1.0, 0, 0).multinomial(2),
                "has 1 positive weights, too few for 2 samples without replacement");
        f.accept(() -> tensor(0.0, 0).multinomial(1, true), "has 0 positive weights");
        f.accept(() -> tensor(1.0, -1).multinomial(1), "a weight must be finite and not negative, got -1.0");
        f.accept(() -> Tensors.ones(2, 2, 2).multinomial(1), "[rows, categories], got 1 from [2, 2, 2]");
        f.accept(() -> x.dropout(1.5, true), "dropout: p must lie in [0, 1], got 1.5");
        f.accept(() -> tensor(1L).dropout(0.5, true), "dropout needs a floating tensor");
        f.accept(() -> x.rrelu(0.5, 0.25, true), "rrelu: lower must not be above upper");
    }

    // ---- parameters that are tensors

    @Test
    void normalOfTensors() {
        Tensor mean = tensor(-5.0, 5).unsqueeze(1);
        Tensor std = Tensors.full(DType.FLOAT64, 2, N);
        Tensor x = Tensors.normal(mean, std, new Generator(4));
        assertThat(x.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(x.shape()).isEqualTo(Shape.of(2, N));
        assertThat(mean(x.get(0))).isCloseTo(-5, within(0.05));
        assertThat(mean(x.get(1))).isCloseTo(5, within(0.05));
        assertThat(variance(x.get(0))).isCloseTo(4, within(0.13));
        assertThat(mean(Tensors.normal(Tensors.full(3.0, N), 0.1, new Generator(4))))
                .isCloseTo(3, within(0.01));
        assertThat(mean(Tensors.normal(3, Tensors.full(0.1, N), new Generator(4))))
                .isCloseTo(3, within(0.01));
        assertThat(Tensors.normal(2, 0, 3).toDoubles()).containsOnly(2);
    }

    @Test
    void bernoulliOfTensors() {
        Tensor p = tensor(0.0, 0.25, 1).unsqueeze(1).expand(3, N);
        Tensor x = p.bernoulli(new Generator(4));
        assertThat(mean(x.get(0))).isZero();
        assertThat(mean(x.get(1))).isCloseTo(0.25, within(0.0101));
        assertThat(mean(x.get(2))).isEqualTo(1);
        Tensor y = Tensors.zeros(DType.BOOL, 3, N).bernoulli_(p, new Generator(4));
        assertThat(y.toDoubles()).isEqualTo(x.toDoubles());
        assertThat(Tensors.zeros(2, 3).bernoulli(1).toDoubles()).containsOnly(1);
    }

    /** Pearson's test against probabilities of 0, 1, …; all above the last in one. */
    private static void counts(double[] x, double... p) {
        double[] seen = new double[p.length];
        for (double v : x) {
            assertThat(v).isEqualTo(Math.rint(v)).isNotNegative();
            seen[(int) Math.min(v, p.length - 1)]++;
        }
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.pow(seen[i] - x.length * p[i], 2) / (x.length * p[i]);
        }
        double df = p.length - 1;
        assertThat(sum)
                .as("%s against %s", Arrays.toString(seen), Arrays.toString(p))
                .isLessThan(df * Math.pow(1 - 2 / (9 * df) + 3.09 * Math.sqrt(2 / (9 * df)), 3));
    }

    @Test
    void poissonCounts() {
        for (double rate : new double[] {0.3, 4, 9.9, 10, 25}) {
            double[] p = new double[rate < 1 ? 5 : (int) (2.2 * rate + 6)];
            double rest = 1;
            for (int k = 0; k < p.length; k++) {
                p[k] = k == p.length - 1
                        ? rest
                        : Math.exp(k * Math.log(rate) - rate - CountDistributions.logFactorial(k));
                rest -= p[k];
            }
            int low = 0; // rare small counts go together
            while (p[low] * N < 5) {
                p[low + 1] += p[low++];
            }
            int from = low;
            double[] x = Tensors.full(DType.FLOAT64, rate, N)
                    .poisson(new Generator(8))
                    .toDoubles();
            counts(Arrays.stream(x).map(k -> Math.max(k - from, 0)).toArray(), Arrays.copyOfRange(p, low, p.length));
        }
        Tensor large = Tensors.full(DType.FLOAT64, 1e6, N).poisson(new Generator(8));
        assertThat(mean(large)).isCloseTo(1e6, within(24.0));
        assertThat(variance(large)).isCloseTo(1e6, within(3.3e4));
        assertThat(Tensors.zeros(5).poisson().toDoubles()).containsOnly(0);
        assertThat(Tensors.ones(DType.FLOAT16, 2, 3).poisson().dtype()).isEqualTo(DType.FLOAT16);
    }

    @Test
    void binomialCounts() {
        for (double[] np : new double[][] {{5, 0.3}, {5, 0.8}, {60, 0.3}, {60, 0.75}, {1, 0.5}}) {
            int n = (int) np[0];
            double[] p = new double[n + 1];
            for (int k = 0; k <= n; k++) {
                p[k] = Math.exp(CountDistributions.logFactorial(n)
                        - CountDistributions.logFactorial(k)
                        - CountDistributions.logFactorial(n - k)
                        + k * Math.log(np[1])
                        + (n - k) * Math.log1p(-np[1]));
            }
            int low = 0;
            while (p[low] * N < 5) {
                p[low + 1] += p[low++];
            }
            int high = n;
            while (p[high] * N < 5) {
                p[high - 1] += p[high--];
            }
            int from = low;
            double[] x = Tensors.full(np[0], N)
                    .binomial(tensor(np[1]).float32(), new Generator(8))
                    .toDoubles();
            assertThat(Arrays.stream(x).max().orElseThrow()).isLessThanOrEqualTo(n);
            counts(Arrays.stream(x).map(k -> Math.max(k - from, 0)).toArray(), Arrays.copyOfRange(p, low, high + 1));
        }
        assertThat(tensor(3.0, 0, 7).binomial(tensor(1.0)).toDoubles()).containsExactly(3, 0, 7);
        assertThat(tensor(3.0, 0, 7).binomial(tensor(0.0)).toDoubles()).containsOnly(0);
    }

    @Test
    void logFactorials() {
        double exact = 0;
        for (int k = 1; k < 200; k++) {
            exact += Math.log(k);
            assertThat(CountDistributions.logFactorial(k)).isCloseTo(exact, within(1e-12 * Math.max(exact, 1)));
        }
    }

    // ---- orders and categories

    @Test
    void everyOrderIsEquallyProbable() {
        Generator g = new Generator(12);
        double[] which = new double[24_000];
        for (int i = 0; i < which.length; i++) {
            long[] order = Tensors.randperm(4, g).toLongs();
            int rank = 0;
            for (int a = 0; a < 4; a++) {
                int smaller = 0;
                for (int b = a + 1; b < 4; b++) {
                    smaller += order[b] < order[a] ? 1 : 0;
                }
                rank = rank * (4 - a) + smaller;
            }
            which[i] = rank;
        }
        double[] p = new double[24];
        Arrays.fill(p, 1 / 24.0);
        counts(which, p);
        assertThat(Tensors.randperm(0).numel()).isZero();
        assertThat(Tensors.randperm(256, DType.UINT8).dtype()).isEqualTo(DType.UINT8);
        long[] sorted = Tensors.randperm(1000).toLongs();
        Arrays.sort(sorted);
        assertThat(sorted).isEqualTo(Tensors.arange(1000).toLongs());
    }

    @Test
    void categoriesWithReplacement() {
        Tensor w = tensor(new double[][] {{0, 1, 0, 3, 0, 4, 0, 0}, {2, 0, 0, 2, 4, 0, 0, 0}});
        Tensor x = w.multinomial(N, true, new Generator(3));
        assertThat(x.shape()).isEqualTo(Shape.of(2, N));
        assertThat(x.dtype()).isEqualTo(DType.INT64);
        double[] first = x.get(0).toDoubles();
        assertThat(Arrays.stream(first).distinct().sorted().toArray()).containsExactly(1, 3, 5);
        counts(Arrays.stream(first).map(v -> (v - 1) / 2).toArray(), 1 / 8.0, 3 / 8.0, 4 / 8.0);
        counts(Arrays.stream(x.get(1).toDoubles()).map(v -> v == 0 ? 0 : v - 2).toArray(), 0.25, 0.25, 0.5);
        assertThat(tensor(0.0, 1).multinomial(4, true).toLongs()).containsOnly(1);
    }

    @Test
    void categoriesWithoutReplacement() {
        // pairs in order: the first by its weight, the second by its weight among the rest; weights of 0 never
        double[] w = {0, 1, 2, 0, 5};
        Tensor x = tensor(w).expand(N, 5).multinomial(2, false, new Generator(9));
        int[] names = {1, 2, 4};
        double[] p = new double[9];
        double[] seen = new double[N];
        long[] pairs = x.toLongs();
        for (int i = 0; i < N; i++) {
            seen[i] = 3 * Arrays.binarySearch(names, (int) pairs[2 * i])
                    + Arrays.binarySearch(names, (int) pairs[2 * i + 1]);
        }
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                p[3 * a + b] = a == b ? 0 : w[names[a]] / 8 * w[names[b]] / (8 - w[names[a]]);
            }
        }
        int[] possible = {1, 2, 3, 5, 6, 7};
        counts(
                Arrays.stream(seen)
                        .map(v -> Arrays.binarySearch(possible, (int) v))
                        .toArray(),
                Arrays.stream(possible).mapToDouble(i -> p[i]).toArray());
        long[] all = tensor(w).multinomial(3).toLongs();
        Arrays.sort(all);
        assertThat(all).containsExactly(1, 2, 4);
    }

    /** The weights lie outside the Java heap, and so do their sums. Waiting times are sorted as topk sorts, on the heap only if it has room. */
    @Test
    void categoriesTakeNoHeap() {
        long n = 3L << 20;
        Tensor w = Tensors.zeros(n);
        w.narrow(0, n - 5, 5).fill_(1);
        Tensor rows = Tensors.ones(1000, 2);
        long[] last = w.multinomial(3, false, new Generator(1)).toLongs();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long[] again = w.multinomial(3, true, new Generator(1)).toLongs();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(n / 2 * Long.BYTES);
        assertThat(Arrays.stream(last).distinct()).hasSize(3).allMatch(i -> i >= n - 5 && i < n);
        assertThat(Arrays.stream(again).boxed()).hasSize(3).allMatch(i -> i >= n - 5 && i < n);
        Tensor each = rows.multinomial(1, true, new Generator(1));
        assertThat(each.shape()).isEqualTo(Shape.of(1000, 1));
        assertThat(Tensors.zeros(0, 4).multinomial(2).shape()).isEqualTo(Shape.of(0, 2));
    }

    // ---- noise in a network, and gradients

    @Test
    void dropout() {
        Tensors.manualSeed(3);
        Tensor x = Tensors.ones(N).requiresGrad_();
        Tensor y = x.dropout(0.2, true);
        assertThat(Arrays.stream(y.toDoubles()).distinct().sorted().toArray()).containsExactly(0, 1.25);
        assertThat(mean(y)).isCloseTo(1, within(0.012));
        y.sum().backward();
        assertThat(x.grad().toDoubles()).isEqualTo(y.toDoubles());
        assertThat(x.dropout(0.2, false)).isSameAs(x);
        assertThat(x.dropout(1, true).toDoubles()).containsOnly(0);
        Tensor z = Tensors.ones(N).bfloat16();
        assertThat(z.dropout_(0.5, true)).isSameAs(z);
        assertThat(mean(z)).isCloseTo(1, within(0.024));
    }

    @Test
    void rrelu() {
        Tensors.manualSeed(3);
        Tensor x = tensor(-2.0, 3, -0.0, 0).requiresGrad_();
        assertThat(x.rrelu(0.25, 0.75, false).toDoubles()).containsExactly(-1, 3, -0.0, 0);
        Tensor y = x.expand(N, 4).rrelu(0.25, 0.75, true);
        double[] slopes =
                Arrays.stream(y.select(1, 0).toDoubles()).map(v -> v / -2).toArray();
        assertThat(Arrays.stream(slopes).min().orElseThrow()).isBetween(0.25, 0.2502);
        assertThat(Arrays.stream(slopes).max().orElseThrow()).isBetween(0.7498, 0.75);
        assertThat(y.select(1, 1).toDoubles()).containsOnly(3);
        y.sum().backward();
        assertThat(x.grad().toDoubles()[0] / N)
                .isCloseTo(Arrays.stream(slopes).average().orElseThrow(), within(1e-5));
        assertThat(x.grad().toDoubles()[1]).isEqualTo(N);
    }

    @Test
    void whatWasOverwrittenGetsNoGradient() {
        Tensor x = Tensors.ones(3).requiresGrad_();
        Tensor y = x.mul(2);
        Tensor z = x.mul(3);
        y.uniform_();
        z.bernoulli_(Tensors.full(0.5, 3));
        y.add(z).add(x).sum().backward();
        assertThat(x.grad().toDoubles()).containsOnly(1);
        Tensor part = x.detach().requiresGrad_();
        Tensor w2 = part.mul(2);
        w2.get(1).exponential_();
        w2.sum().backward();
        assertThat(part.grad().toDoubles()).containsExactly(2, 0, 2);
        assertThatThrownBy(x::normal_).isInstanceOf(IllegalStateException.class).hasMessageContaining("noGrad");
        Tensor saved = x.mul(x.mul(1));
        Tensor w = x.mul(2);
        Tensor product = w.mul(w);
        w.normal_();
        assertThatThrownBy(() -> product.sum().backward()).hasMessageContaining("changed in place");
        saved.sum().backward();
    }

    @Test
    void drawsTakeTheDocumentedBlocks() {
        Generator g = new Generator(1);
        long[] before = {0};
        BiConsumer<Runnable, Long> takes = (draw, blocks) -> {
            draw.run();
            assertThat(g.offset() - before[0]).isEqualTo(blocks);
            before[0] = g.offset();
        };
        takes.accept(() -> Tensors.randn(g, 10), 3L);
        takes.accept(() -> Tensors.randn(g, DType.FLOAT64, 10), 5L);
        takes.accept(() -> Tensors.zeros(10).exponential_(1, g), 5L);
        takes.accept(() -> Tensors.zeros(DType.INT32, 10).random_(0, 1 << 20, g), 5L);
        takes.accept(() -> Tensors.ones(10).poisson(g), 10L);
        takes.accept(() -> Tensors.ones(2, 10).multinomial(3, true, g), 6L);
        takes.accept(() -> Tensors.ones(2, 10).multinomial(3, false, g), 2L);
        takes.accept(() -> Tensors.randperm(10, g), 10L);
    }
}
