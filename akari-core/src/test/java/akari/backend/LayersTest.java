package akari.backend;

import static akari.backend.Samples.BACKEND;
import static akari.backend.Samples.dot;
import static akari.backend.Samples.get;
import static akari.backend.Samples.of;
import static akari.backend.Samples.set;
import static akari.backend.Samples.strided;
import static akari.backend.Samples.table;
import static akari.backend.Samples.values;
import static akari.backend.Samples.zeros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolution, pooling and batch normalisation against their definitions, their gradients against differences. */
class LayersTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    /** Compares {@code gx} with central differences of {@code f} in every element of {@code x}. */
    static void assertGradient(View x, View gx, DoubleSupplier f) {
        double h = 1e-5;
        double[] numeric = table(x.shape(), i -> {
            double v = get(x, i);
            set(x, v + h, i);
            double up = f.getAsDouble();
            set(x, v - h, i);
            double down = f.getAsDouble();
            set(x, v, i);
            return (up - down) / (2 * h);
        });
        assertThat(values(gx)).containsExactly(numeric, within(1e-7));
    }

    // ---- convolution

    /** The definition, for any number of spatial dimensions. */
    private static double convolve(Convolution c, View x, View w, long[] i) {
        double[] sum = {0};
        long perGroup = w.layout().size(0) / c.groups();
        long[] at = new long[i.length];
        Samples.each(w.shape().with(0, 1), tap -> {
            at[0] = i[0];
            at[1] = i[1] / perGroup * w.layout().size(1) + tap[1];
            for (int d = 0; d < c.dims(); d++) {
                at[d + 2] = i[d + 2] * c.stride().get(d)
                        - c.padding().get(d)
                        + tap[d + 2] * c.dilation().get(d);
                if (at[d + 2] < 0 || at[d + 2] >= x.layout().size(d + 2)) {
                    return;
                }
            }
            long[] weight = tap.clone();
            weight[0] = i[1];
            sum[0] += get(x, at) * get(w, weight);
        });
        return sum[0];
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void convolutionAndItsGradients(long seed) {
        Random random = new Random(seed);
        int dims = 1 + (int) (seed % 3);
        long groups = 1 + random.nextInt(3);
        long[] stride = new long[dims];
        long[] padding = new long[dims];
        long[] dilation = new long[dims];
        long[] in = new long[dims + 2];
        long[] weight = new long[dims + 2];
        in[0] = 1 + random.nextInt(3);
        in[1] = groups * (1 + random.nextInt(2));
        weight[0] = groups * (1 + random.nextInt(3));
        weight[1] = in[1] / groups;
        for (int d = 0; d < dims; d++) {
            stride[d] = 1 + random.nextInt(2);
            padding[d] = random.nextInt(3);
            dilation[d] = 1 + random.nextInt(2);
            weight[d + 2] = 1 + random.nextInt(3);
            in[d + 2] = dilation[d] * (weight[d + 2] - 1) + 1 + random.nextInt(dims == 1 ? 300 : 6);
        }
        Convolution c = new Convolution(Shape.of(stride), Shape.of(padding), Shape.of(dilation), groups);
        View x = strided(random, DType.FLOAT64, in);
        View w = strided(random, DType.FLOAT64, weight);
        View bias = strided(random, DType.FLOAT64, weight[0]);
        View y = strided(
                random, DType.FLOAT64, c.outputShape(x.shape(), w.shape()).toArray());

        BACKEND.convolution(c, x, w, bias, y);
        assertThat(values(y))
                .containsExactly(table(y.shape(), i -> convolve(c, x, w, i) + get(bias, i[1])), within(1e-12));
        BACKEND.convolution(c, x, w, null, y);

        // the map is linear in x and in w, so for its gradients ⟨gx, x⟩ = ⟨gw, w⟩ = ⟨g, y⟩ for every x, w and g
        View g = strided(random, DType.FLOAT64, y.shape().toArray());
        View gx = strided(random, DType.FLOAT64, in);
        View gw = strided(random, DType.FLOAT64, weight);
        View gb = strided(random, DType.FLOAT64, weight[0]);
        BACKEND.convolutionInputGradient(c, g, w, gx);
        BACKEND.convolutionWeightGradient(c, x, g, gw, gb);
        assertThat(dot(gx, x)).isCloseTo(dot(g, y), within(1e-9));
        assertThat(dot(gw, w)).isCloseTo(dot(g, y), within(1e-9));
        assertThat(values(gb))
                .containsExactly(
                        table(
                                gb.shape(),
                                o -> dot(
                                        channel(g, o[0]),
                                        of(DType.FLOAT64, channel(g, 0).shape(), ones(g)))),
                        within(1e-10));
        View other = strided(random, DType.FLOAT64, in);
        BACKEND.convolution(c, other, w, null, y);
        assertThat(dot(gx, other)).isCloseTo(dot(g, y), within(1e-9));
        View otherWeight = strided(random, DType.FLOAT64, weight);
        BACKEND.convolution(c, x, otherWeight, null, y);
        assertThat(dot(gw, otherWeight)).isCloseTo(dot(g, y), within(1e-9));
    }

    private static View channel(View v, long c) {
        return v.with(v.layout().select(1, c));
    }

    private static double[] ones(View like) {
        double[] out = new double[(int) channel(like, 0).numel()];
        Arrays.fill(out, 1);
        return out;
    }

    @Test
    void convolutionOfAnEmptyBatch() {
        Convolution c = new Convolution(Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), 1);
        View x = zeros(DType.FLOAT32, 0, 2, 5, 5);
        View w = strided(new Random(1), DType.FLOAT32, 3, 2, 3, 3);
        View y = zeros(DType.FLOAT32, 0, 3, 5, 5);
        BACKEND.convolution(c, x, w, null, y);
        BACKEND.convolutionInputGradient(c, y, w, x);
        View gw = strided(new Random(2), DType.FLOAT32, 3, 2, 3, 3);
        BACKEND.convolutionWeightGradient(c, x, y, gw, null);
        assertThat(values(gw)).containsOnly(0);
    }

    // ---- pooling

    @Test
    void outputSizesAsInPyTorch() {
        Pooling floor = pooling(1, 3, 2, 1, 1, false, true, 0);
        Pooling ceil = pooling(1, 3, 2, 1, 1, true, true, 0);
        assertThat(floor.outputSize(0, 8)).isEqualTo(4);
        assertThat(ceil.outputSize(0, 8)).isEqualTo(5);
        // the last window would start in the padding beyond the input: it is dropped
        assertThat(pooling(1, 2, 2, 1, 1, true, true, 0).outputSize(0, 7)).isEqualTo(4);
        assertThat(pooling(1, 2, 2, 1, 1, true, true, 0).outputSize(0, 8)).isEqualTo(5);
        assertThat(pooling(1, 2, 3, 1, 1, true, true, 0).outputSize(0, 5)).isEqualTo(2);
        Convolution c = new Convolution(Shape.of(2), Shape.of(3), Shape.of(1), 1);
        assertThat(c.outputShape(Shape.of(2, 3, 224), Shape.of(64, 3, 7))).isEqualTo(Shape.of(2, 64, 112));
    }

    private static Pooling pooling(
            int dims, long kernel, long stride, long padding, long dilation, boolean ceil, boolean pad, long divisor) {
        return new Pooling(
                Shape.fill(dims, kernel),
                Shape.fill(dims, stride),
                Shape.fill(dims, padding),
                Shape.fill(dims, dilation),
                ceil,
                pad,
                divisor,
                null);
    }

    private interface Visit {
        void at(long[] index, double value);
    }

    /** Every element of window {@code o} that lies in the input. */
    private static void window(Pooling p, View x, long[] o, Visit visit) {
        Samples.each(x.shape().with(0, 1).with(1, 1), i -> {
            for (int d = 0; d < p.dims(); d++) {
                long size = x.layout().size(d + 2);
                long away = i[d + 2] - p.start(d, o[d + 2], size);
                if (away < 0
                        || i[d + 2] >= p.end(d, o[d + 2], size)
                        || away % p.dilation().get(d) != 0) {
                    return;
                }
            }
            long[] at = i.clone();
            at[0] = o[0];
            at[1] = o[1];
            visit.at(at, get(x, at));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "1, 3, 2, 1, 1, false", "1, 3, 2, 1, 1, true", "2, 2, 2, 0, 1, false", "2, 3, 2, 1, 1, true",
        "2, 3, 1, 1, 1, false", "2, 2, 1, 0, 2, false", "2, 3, 2, 1, 2, true", "3, 2, 2, 1, 1, true",
        "3, 2, 2, 0, 1, false"
    })
    void maxPool(int dims, long kernel, long stride, long padding, long dilation, boolean ceil) {
        Random random = new Random(dims + kernel);
        Pooling p = pooling(dims, kernel, stride, padding, dilation, ceil, true, 0);
        View x = strided(random, DType.FLOAT32, Arrays.copyOf(new long[] {2, 3, 7, 8, 6}, dims + 2));
        assertMaxPool(random, p, x);
    }

    private static void assertMaxPool(Random random, Pooling p, View x) {
        View y = strided(random, DType.FLOAT32, p.outputShape(x.shape()).toArray());
        View index = strided(random, DType.INT64, y.shape().toArray());
        BACKEND.maxPool(p, x, y, index);
        Layout plane = Layout.contiguous(x.shape().with(0, 1).with(1, 1));
        double[][] best = new double[(int) y.numel()][];
        int[] n = {0};
        Samples.each(y.shape(), o -> {
            double[] b = {-INF, -1};
            window(p, x, o, (at, v) -> {
                if (b[1] < 0 || v > b[0]) {
                    b[0] = v;
                    long[] i = at.clone();
                    i[0] = 0;
                    i[1] = 0;
                    b[1] = Samples.position(plane, i);
                }
            });
            best[n[0]++] = b;
        });
        assertThat(values(y))
                .containsExactly(Arrays.stream(best).mapToDouble(b -> b[0]).toArray());
        assertThat(values(index))
                .containsExactly(Arrays.stream(best).mapToDouble(b -> b[1]).toArray());
    }

    @Test
    void maxPoolTiesAndNan() {
        Pooling p = pooling(2, 2, 2, 0, 1, false, true, 0);
        View x = of(DType.FLOAT64, Shape.of(1, 1, 2, 6), 0, 0, 1, NAN, -INF, -INF, 0, 0, NAN, 3, -INF, -INF);
        View y = zeros(DType.FLOAT64, 1, 1, 1, 3);
        View index = zeros(DType.INT64, 1, 1, 1, 3);
        BACKEND.maxPool(p, x, y, index);
        assertThat(values(y)).containsExactly(0, NAN, -INF);
        assertThat(values(index)).containsExactly(0, 8, 4);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 3, 2, 1, false, true, 0", "2, 3, 2, 1, true, true, 0", "2, 3, 2, 1, true, false, 0",
        "2, 3, 2, 0, true, true, 0", "2, 2, 2, 0, false, true, 3", "3, 2, 1, 1, false, false, 0"
    })
    void averagePool(int dims, long kernel, long stride, long padding, boolean ceil, boolean pad, long divisor) {
        Random random = new Random(dims);
        Pooling p = pooling(dims, kernel, stride, padding, 1, ceil, pad, divisor);
        View x = strided(random, DType.FLOAT64, Arrays.copyOf(new long[] {2, 3, 7, 8, 6}, dims + 2));
        View y = assertAveragePool(random, p, x);
        if (!pad) {
            // without padding in the divisor a constant stays constant
            Samples.each(x.shape(), i -> set(x, 4, i));
            BACKEND.averagePool(p, x, y);
            assertThat(values(y)).containsOnly(4);
        }
    }

    private static View assertAveragePool(Random random, Pooling p, View x) {
        View y = strided(random, DType.FLOAT64, p.outputShape(x.shape()).toArray());
        BACKEND.averagePool(p, x, y);
        double[] expected = table(y.shape(), o -> {
            double[] sum = {0};
            window(p, x, o, (at, v) -> sum[0] += v);
            double count = 1;
            for (int d = 0; d < p.dims(); d++) {
                count *= p.counted(d, o[d + 2], x.layout().size(d + 2));
            }
            return sum[0] / (p.divisor() == 0 ? count : p.divisor());
        });
        assertThat(values(y)).containsExactly(expected, within(1e-14));
        View g = strided(random, DType.FLOAT64, y.shape().toArray());
        View gx = strided(random, DType.FLOAT64, x.shape().toArray());
        BACKEND.averagePoolGradient(p, g, gx);
        assertThat(dot(gx, x)).isCloseTo(dot(g, y), within(1e-11));
        View other = strided(random, DType.FLOAT64, x.shape().toArray());
        BACKEND.averagePool(p, other, y);
        assertThat(dot(gx, other)).isCloseTo(dot(g, y), within(1e-11));
        return y;
    }

    @Test
    void averageDivisors() {
        // a row 1 2 3 4 5 under windows of 3, stride 2, padding 1: by hand
        View x = of(DType.FLOAT64, Shape.of(1, 1, 4), 1, 2, 3, 4);
        View y = zeros(DType.FLOAT64, 1, 1, 3);
        BACKEND.averagePool(pooling(1, 3, 2, 1, 1, true, true, 0), x, y);
        // the last window starts at 3 and ends where the padding does: 4 and one zero, divided by 2
        assertThat(values(y)).containsExactly(1, 3, 2);
        BACKEND.averagePool(pooling(1, 3, 2, 1, 1, true, false, 0), x, y);
        assertThat(values(y)).containsExactly(1.5, 3, 4);
    }

    @Test
    void adaptivePooling() {
        Random random = new Random(9);
        for (Shape size :
                new Shape[] {Shape.of(1, 1), Shape.of(3, 2), Shape.of(5, 5), Shape.of(7, 8), Shape.of(10, 9)}) {
            Pooling p = Pooling.adaptive(size);
            assertAveragePool(random, p, strided(random, DType.FLOAT64, 2, 3, 7, 8));
            assertMaxPool(random, p, strided(random, DType.FLOAT32, 2, 3, 7, 8));
        }
        View x = of(DType.FLOAT64, Shape.of(1, 1, 5), 1, 2, 3, 4, 5);
        View y = zeros(DType.FLOAT64, 1, 1, 3);
        BACKEND.averagePool(Pooling.adaptive(Shape.of(3)), x, y);
        assertThat(values(y)).containsExactly(1.5, 3, 4.5);
    }

    // ---- batch normalisation

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void batchNormAndItsGradient(boolean affine) {
        Random random = new Random(11);
        for (long[] shape : new long[][] {{5, 3}, {2, 3, 4}, {2, 3, 3, 4}, {2, 2, 2, 2, 3}}) {
            View x = strided(random, DType.FLOAT64, shape);
            View w = affine ? strided(random, DType.FLOAT64, shape[1]) : null;
            View b = affine ? strided(random, DType.FLOAT64, shape[1]) : null;
            View y = strided(random, DType.FLOAT64, shape);
            View mean = strided(random, DType.FLOAT64, shape[1]);
            View variance = strided(random, DType.FLOAT64, shape[1]);
            double eps = 0.01;
            BACKEND.batchNorm(x, w, b, eps, y, mean, variance);
            for (long c = 0; c < shape[1]; c++) {
                double[] v = values(channel(x, c));
                double m = Arrays.stream(v).average().orElseThrow();
                double s =
                        Arrays.stream(v).map(e -> (e - m) * (e - m)).average().orElseThrow();
                double scale = affine ? get(w, c) : 1;
                double shift = affine ? get(b, c) : 0;
                assertThat(get(mean, c)).isCloseTo(m, within(1e-14));
                assertThat(get(variance, c)).isCloseTo(s, within(1e-14));
                assertThat(values(channel(y, c)))
                        .containsExactly(
                                Arrays.stream(v)
                                        .map(e -> (e - m) / Math.sqrt(s + eps) * scale + shift)
                                        .toArray(),
                                within(1e-13));
            }

            View g = strided(random, DType.FLOAT64, shape);
            View gx = strided(random, DType.FLOAT64, shape);
            View gw = affine ? strided(random, DType.FLOAT64, shape[1]) : null;
            View gb = affine ? strided(random, DType.FLOAT64, shape[1]) : null;
            BACKEND.batchNormGradient(x, g, mean, variance, w, eps, gx, gw, gb);
            View out = zeros(DType.FLOAT64, shape);
            View m = zeros(DType.FLOAT64, shape[1]);
            View s = zeros(DType.FLOAT64, shape[1]);
            DoubleSupplier loss = () -> {
                BACKEND.batchNorm(x, w, b, eps, out, m, s);
                return dot(out, g);
            };
            assertGradient(x, gx, loss);
            if (w != null && gw != null && b != null && gb != null) {
                assertGradient(w, gw, loss);
                assertGradient(b, gb, loss);
            }
        }
    }
}
