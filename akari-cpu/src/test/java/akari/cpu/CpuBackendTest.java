package akari.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.backend.Activation;
import akari.backend.Combine;
import akari.backend.Convolution;
import akari.backend.DType;
import akari.backend.Distribution;
import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.Pooling;
import akari.backend.Reduction;
import akari.backend.ReferenceBackend;
import akari.backend.Shape;
import akari.backend.View;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both forms of the CPU backend against the reference, over seeded shapes, layouts and types. */
final class CpuBackendTest {
    private static final CpuBackend NATIVE = new CpuBackend(true);
    private static final CpuBackend JAVA = new CpuBackend(false);
    private static final ReferenceBackend REFERENCE = new ReferenceBackend();
    private static final int CASES = 40;

    static List<CpuBackend> backends() {
        return List.of(NATIVE, JAVA);
    }

    // ---- operands

    private static MemorySegment memory(View v) {
        return MemorySegment.ofAddress(v.buffer().address())
                .reinterpret(v.buffer().bytes());
    }

    private static View filled(Random r, DType type, Layout layout) {
        long n = Math.max(1, layout.end());
        View v = new View(REFERENCE.allocate(n * type.bytes()), type, layout);
        for (long i = 0; i < n; i++) {
            if (type == DType.FLOAT32) {
                memory(v).setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) r.nextGaussian());
            } else if (type == DType.FLOAT64) {
                memory(v).setAtIndex(ValueLayout.JAVA_DOUBLE, i, r.nextGaussian());
            } else {
                memory(v).setAtIndex(ValueLayout.JAVA_LONG, i, r.nextInt(3));
            }
        }
        return v;
    }

    /** A layout of {@code shape} as views produce them: row-major, channels-last, permuted, cut out of something larger. */
    private static Layout layout(Random r, Shape shape) {
        int kind = r.nextInt(4);
        if (kind == 0 || shape.rank() == 0) {
            return Layout.contiguous(shape);
        }
        if (kind == 1) {
            return Layout.channelsLast(shape);
        }
        int a = r.nextInt(shape.rank());
        if (kind == 2) {
            int b = r.nextInt(shape.rank());
            Shape swapped = shape.with(a, shape.get(b)).with(b, shape.get(a));
            return Layout.contiguous(swapped).transpose(a, b);
        }
        Shape larger = shape.with(a, 2 * shape.get(a) + 3);
        return Layout.contiguous(larger).slice(a, 2, shape.get(a), 1 + r.nextInt(2));
    }

    /** As {@link #layout}, sometimes with one dimension repeated: only ever read. */
    private static Layout readable(Random r, Shape shape) {
        if (shape.rank() == 0 || r.nextInt(4) > 0) {
            return layout(r, shape);
        }
        return layout(r, shape.with(r.nextInt(shape.rank()), 1)).expand(shape);
    }

    private static DType type(Random r) {
        return r.nextInt(3) == 0 ? DType.FLOAT64 : DType.FLOAT32;
    }

    private static View twin(View v) {
        View w = new View(REFERENCE.allocate(v.buffer().bytes()), v.dtype(), v.layout());
        MemorySegment.copy(memory(v), 0, memory(w), 0, v.buffer().bytes());
        return w;
    }

    private static double[] values(View v) {
        double[] out = new double[Math.toIntExact(v.numel())];
        Shape s = v.shape();
        for (int i = 0; i < out.length; i++) {
            long at = v.layout().offset();
            long rest = i;
            for (int d = s.rank() - 1; d >= 0; d--) {
                at += rest % s.get(d) * v.layout().stride(d);
                rest /= s.get(d);
            }
            out[i] = switch (v.dtype()) {
                case FLOAT32 -> memory(v).getAtIndex(ValueLayout.JAVA_FLOAT, at);
                case FLOAT64 -> memory(v).getAtIndex(ValueLayout.JAVA_DOUBLE, at);
                default -> memory(v).getAtIndex(ValueLayout.JAVA_LONG, at);
            };
        }
        return out;
    }

    /** Equal up to rounding of sums of the expected values' size; NaN and infinities in the same places. */
    private static void same(String what, View actual, View expected) {
        double[] a = values(actual);
        double[] e = values(expected);
        double size = 1;
        for (double v : e) {
            size = Double.isFinite(v) ? Math.max(size, Math.abs(v)) : size;
        }
        double tolerance = size * (actual.dtype() == DType.FLOAT32 ? 1e-5 : 1e-13);
        for (int i = 0; i < e.length; i++) {
            if (Double.isFinite(e[i])) {
                assertThat(a[i])
                        .as("%s, element %d of %s", what, i, actual.layout())
                        .isCloseTo(e[i], within(tolerance));
            } else {
                assertThat((Double) a[i])
                        .as("%s, element %d of %s", what, i, actual.layout())
                        .isEqualTo((Double) e[i]);
            }
        }
    }

    private static int between(Random r, int low, int high) {
        return low + r.nextInt(high - low + 1);
    }

    // ---- layers

    @ParameterizedTest
    @MethodSource("backends")
    void matmul(CpuBackend cpu) {
        for (int seed = 0; seed < 2 * CASES; seed++) {
            Random r = new Random(seed);
            DType type = type(r);
            int batches = r.nextInt(3);
            long[] a = new long[batches + 2];
            for (int d = 0; d < batches; d++) {
                a[d] = between(r, 1, 3);
            }
            a[batches] = between(r, 1, 70);
            a[batches + 1] = r.nextInt(12) == 0 ? 0 : between(r, 1, 70);
            long[] b = a.clone();
            b[batches] = a[batches + 1];
            b[batches + 1] = between(r, 1, 70);
            View x = filled(r, type, readable(r, Shape.of(a)));
            View y = filled(r, type, readable(r, Shape.of(b)));
            View bias = r.nextBoolean() ? filled(r, type, readable(r, Shape.of(b[batches + 1]))) : null;
            View out = filled(r, type, layout(r, Shape.of(a).with(-1, b[batches + 1])));
            View expected = twin(out);
            cpu.matmul(x, y, bias, out);
            REFERENCE.matmul(x, y, bias, expected);
            same("seed " + seed + ": " + x.layout() + " by " + y.layout(), out, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void matmulKeepsWhatLiesAround(CpuBackend cpu) {
        Random r = new Random(1);
        View x = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(5, 7)));
        View y = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(7, 9)));
        Layout all = Layout.contiguous(Shape.of(7, 20));
        View out = filled(r, DType.FLOAT32, all).with(all.slice(0, 1, 5, 1).slice(1, 3, 9, 1));
        View expected = twin(out);
        cpu.matmul(x, y, null, out);
        REFERENCE.matmul(x, y, null, expected);
        same("whole buffer", out.with(all), expected.with(all));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void outerProductsOfRowsApart(CpuBackend cpu) {
        Random r = new Random(6);
        View x = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(2, 70, 1)));
        View y = filled(r, DType.FLOAT32, Layout.of(Shape.of(2, 1, 50), new long[] {250, 100, 1}, 0));
        View out = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(2, 70, 50)));
        View expected = twin(out);
        cpu.matmul(x, y, null, out);
        REFERENCE.matmul(x, y, null, expected);
        same("outer", out, expected);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void zeroTimesNanIsNan(CpuBackend cpu) {
        Random r = new Random(2);
        View x = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(20, 40)));
        View y = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(40, 50)));
        for (int i = 0; i < 40; i++) {
            memory(x).setAtIndex(ValueLayout.JAVA_FLOAT, 3 * 40 + i, 0);
        }
        memory(y).setAtIndex(ValueLayout.JAVA_FLOAT, 5 * 50 + 11, Float.NaN);
        memory(y).setAtIndex(ValueLayout.JAVA_FLOAT, 6 * 50 + 12, Float.POSITIVE_INFINITY);
        memory(y).setAtIndex(ValueLayout.JAVA_FLOAT, 7 * 50 + 13, 3e38f);
        View out = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(20, 50)));
        cpu.matmul(x, y, null, out);
        double[] v = values(out);
        assertThat(v[3 * 50 + 11]).isNaN();
        assertThat(v[3 * 50 + 12]).isNaN();
        assertThat(v[3 * 50 + 13]).isZero();
        assertThat(v[4 * 50 + 11]).isNaN();
        assertThat(v[4 * 50 + 12]).isInfinite();
        assertThat(v[4 * 50 + 14]).isFinite();
    }

    /** A random geometry whose output is not empty. */
    private record Case(Convolution c, Shape x, Shape weight, Shape y, DType type) {
        static Case of(Random r) {
            while (true) {
                int n = between(r, 1, 3);
                long groups = r.nextInt(3) == 0 ? between(r, 2, 4) : 1;
                long[] stride = new long[n];
                long[] padding = new long[n];
                long[] dilation = new long[n];
                long[] x = new long[n + 2];
                long[] w = new long[n + 2];
                x[0] = between(r, 1, 3);
                w[1] = r.nextInt(4) == 0 ? 1 : between(r, 1, 20);
                x[1] = groups * w[1];
                w[0] = groups * (r.nextInt(4) == 0 ? 1 : between(r, 1, 40));
                for (int d = 0; d < n; d++) {
                    stride[d] = between(r, 1, 3);
                    padding[d] = r.nextInt(3);
                    dilation[d] = between(r, 1, 2);
                    x[d + 2] = between(r, 1, n == 3 ? 6 : 13);
                    w[d + 2] = between(r, 1, n == 3 ? 3 : 5);
                }
                Convolution c = new Convolution(Shape.of(stride), Shape.of(padding), Shape.of(dilation), groups);
                Shape y = c.outputShape(Shape.of(x), Shape.of(w));
                boolean fits = true;
                for (int d = 2; d < y.rank(); d++) {
                    fits &= y.get(d) > 0;
                }
                if (fits) {
                    return new Case(c, Shape.of(x), Shape.of(w), y, CpuBackendTest.type(r));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void convolution(CpuBackend cpu) {
        for (int seed = 0; seed < 2 * CASES; seed++) {
            Random r = new Random(seed);
            Case k = Case.of(r);
            View x = filled(r, k.type, readable(r, k.x));
            View w = filled(r, k.type, layout(r, k.weight));
            View bias = r.nextBoolean() ? filled(r, k.type, readable(r, Shape.of(k.weight.get(0)))) : null;
            View out = filled(r, k.type, layout(r, k.y));
            View expected = twin(out);
            cpu.convolution(k.c, x, w, bias, out);
            REFERENCE.convolution(k.c, x, w, bias, expected);
            same("seed " + seed + " " + k, out, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void convolutionWithEpilogue(CpuBackend cpu) {
        for (int seed = 50; seed < 50 + CASES; seed++) {
            Random r = new Random(seed);
            Case k = Case.of(r);
            Epilogue then = new Epilogue(Activation.values()[seed % Activation.values().length], r.nextBoolean());
            View x = filled(r, k.type, readable(r, k.x));
            View w = filled(r, k.type, layout(r, k.weight));
            View bias = r.nextBoolean() ? filled(r, k.type, readable(r, Shape.of(k.weight.get(0)))) : null;
            View out = filled(r, k.type, layout(r, k.y));
            View expected = twin(out);
            cpu.convolution(k.c, x, w, bias, then, out);
            REFERENCE.convolution(k.c, x, w, bias, then, expected);
            same("seed " + seed + " " + k + " " + then, out, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void convolutionGradients(CpuBackend cpu) {
        for (int seed = 100; seed < 100 + 2 * CASES; seed++) {
            Random r = new Random(seed);
            Case k = Case.of(r);
            View x = filled(r, k.type, readable(r, k.x));
            View w = filled(r, k.type, layout(r, k.weight));
            View g = filled(r, k.type, readable(r, k.y));
            View gx = filled(r, k.type, layout(r, k.x));
            View expected = twin(gx);
            cpu.convolutionInputGradient(k.c, g, w, gx);
            REFERENCE.convolutionInputGradient(k.c, g, w, expected);
            same("gx, seed " + seed + " " + k, gx, expected);
            View gw = filled(r, k.type, layout(r, k.weight));
            View expectedWeight = twin(gw);
            View gb = r.nextBoolean() ? filled(r, k.type, layout(r, Shape.of(k.weight.get(0)))) : null;
            View expectedBias = gb == null ? null : twin(gb);
            cpu.convolutionWeightGradient(k.c, x, g, gw, gb);
            REFERENCE.convolutionWeightGradient(k.c, x, g, expectedWeight, expectedBias);
            same("gw, seed " + seed + " " + k, gw, expectedWeight);
            if (gb != null && expectedBias != null) {
                same("gb, seed " + seed + " " + k, gb, expectedBias);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void convolutionOfNothing(CpuBackend cpu) {
        Random r = new Random(3);
        Convolution c = new Convolution(Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), 1);
        View x = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(0, 3, 5, 5)));
        View g = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(0, 4, 5, 5)));
        View gw = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(4, 3, 3, 3)));
        View gb = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(4)));
        cpu.convolutionWeightGradient(c, x, g, gw, gb);
        assertThat(values(gw)).containsOnly(0);
        assertThat(values(gb)).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void convolutionPassesNanOn(CpuBackend cpu) {
        Random r = new Random(4);
        Convolution c = new Convolution(Shape.of(1, 1), Shape.of(0, 0), Shape.of(1, 1), 1);
        View x = filled(r, DType.FLOAT32, Layout.channelsLast(Shape.of(1, 17, 6, 6)));
        View w = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(18, 17, 3, 3)));
        memory(x).setAtIndex(ValueLayout.JAVA_FLOAT, 0, Float.NaN);
        View out = filled(r, DType.FLOAT32, Layout.channelsLast(Shape.of(1, 18, 4, 4)));
        View expected = twin(out);
        cpu.convolution(c, x, w, null, out);
        REFERENCE.convolution(c, x, w, null, expected);
        assertThat(values(expected)[0]).isNaN();
        same("NaN in a corner", out, expected);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void oneRowTimesAMatrix(CpuBackend cpu) {
        for (int seed = 0; seed < CASES; seed++) {
            Random r = new Random(seed);
            int k = between(r, 1, 70);
            int n = between(r, 1, 40);
            View a = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(1, k)));
            View b = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(n, k)).transpose(0, 1));
            View bias = r.nextBoolean() ? filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(n))) : null;
            View out = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(1, n)));
            View expected = twin(out);
            cpu.matmul(a, b, bias, out);
            REFERENCE.matmul(a, b, bias, expected);
            same("seed " + seed, out, expected);
        }
    }

    /** Three planes become pixels in vectors: sizes around theirs. */
    @Test
    void convolutionOfPlanes() {
        Random r = new Random(5);
        Convolution c = new Convolution(Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), 1);
        for (long size = 1; size < 9; size++) {
            View x = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(2, 3, size, size + 2)));
            View w = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(4, 3, 3, 3)));
            View out = filled(r, DType.FLOAT32, Layout.channelsLast(Shape.of(2, 4, size, size + 2)));
            View expected = twin(out);
            NATIVE.convolution(c, x, w, null, out);
            REFERENCE.convolution(c, x, w, null, expected);
            same("size " + size, out, expected);
        }
    }

    private static Pooling pooling(Random r, int n, boolean dilated) {
        if (r.nextInt(4) == 0) {
            return Pooling.adaptive(Shape.fill(n, between(r, 1, 4)));
        }
        long k = between(r, 1, 3);
        return new Pooling(
                Shape.fill(n, k),
                Shape.fill(n, between(r, 1, 3)),
                Shape.fill(n, r.nextInt((int) k / 2 + 1)),
                Shape.fill(n, dilated ? between(r, 1, 2) : 1),
                r.nextBoolean(),
                r.nextBoolean(),
                r.nextInt(4) == 0 ? 5 : 0,
                null);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void pooling(CpuBackend cpu) {
        for (int seed = 0; seed < CASES; seed++) {
            Random r = new Random(seed);
            int n = between(r, 1, 3);
            DType type = type(r);
            Shape shape = Shape.fill(n + 2, between(r, 6, 9))
                    .with(0, between(r, 1, 2))
                    .with(1, between(r, 1, 40));
            View x = filled(r, type, readable(r, shape));
            if (type == DType.FLOAT32) {
                for (int i = 0; i < 20; i++) {
                    float odd = i % 3 == 0 ? Float.NaN : i % 3 == 1 ? Float.NEGATIVE_INFINITY : 1;
                    memory(x)
                            .setAtIndex(
                                    ValueLayout.JAVA_FLOAT,
                                    r.nextInt((int) x.layout().end()),
                                    odd);
                }
            }
            Pooling p = pooling(r, n, true);
            Layout l = layout(r, p.outputShape(shape));
            View out = filled(r, type, l);
            View index = filled(r, DType.INT64, l);
            View expected = twin(out);
            View expectedIndex = twin(index);
            cpu.maxPool(p, x, out, index);
            REFERENCE.maxPool(p, x, expected, expectedIndex);
            same("max, seed " + seed + " " + p, out, expected);
            assertThat(values(index)).as("positions, seed %d %s", seed, p).containsExactly(values(expectedIndex));
            View alone = filled(r, type, layout(r, p.outputShape(shape)));
            cpu.maxPool(p, x, alone, null);
            assertThat(values(alone)).as("values alone, seed %d %s", seed, p).containsExactly(values(out));

            Pooling q = pooling(r, n, false);
            View mean = filled(r, type, layout(r, q.outputShape(shape)));
            View expectedMean = twin(mean);
            cpu.averagePool(q, x, mean);
            REFERENCE.averagePool(q, x, expectedMean);
            same("average, seed " + seed + " " + q, mean, expectedMean);
            View g = filled(r, type, readable(r, q.outputShape(shape)));
            View gx = filled(r, type, layout(r, shape));
            View expectedGradient = twin(gx);
            cpu.averagePoolGradient(q, g, gx);
            REFERENCE.averagePoolGradient(q, g, expectedGradient);
            same("average gradient, seed " + seed + " " + q, gx, expectedGradient);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void batchNorm(CpuBackend cpu) {
        for (int seed = 0; seed < 4 * CASES; seed++) {
            Random r = new Random(seed);
            DType type = type(r);
            Activation then = Activation.values()[seed % Activation.values().length];
            boolean last = r.nextBoolean();
            int rank = between(r, 2, 5);
            Shape shape =
                    Shape.fill(rank, between(r, 2, 5)).with(0, between(r, 3, 5)).with(1, between(r, 1, 40));
            Shape channels = Shape.of(shape.get(1));
            boolean affine = r.nextBoolean();
            View x = filled(r, type, last ? Layout.channelsLast(shape) : layout(r, shape));
            View weight = affine ? filled(r, type, layout(r, channels)) : null;
            View bias = affine ? filled(r, type, layout(r, channels)) : null;
            View[] actual = new View[3];
            View[] expected = new View[3];
            for (int i = 0; i < 3; i++) {
                actual[i] = filled(
                        r, type, i > 0 ? layout(r, channels) : last ? Layout.channelsLast(shape) : layout(r, shape));
                expected[i] = twin(actual[i]);
            }
            cpu.batchNorm(x, weight, bias, 1e-3, then, actual[0], actual[1], actual[2]);
            REFERENCE.batchNorm(x, weight, bias, 1e-3, then, expected[0], expected[1], expected[2]);
            for (int i = 0; i < 3; i++) {
                same("result " + i + ", seed " + seed, actual[i], expected[i]);
            }
            View g = filled(r, type, last ? Layout.channelsLast(shape) : readable(r, shape));
            View mean = expected[1];
            View variance = expected[2];
            View[] gradient = new View[3];
            View[] wanted = new View[3];
            for (int i = 0; i < 3; i++) {
                gradient[i] = filled(
                        r, type, i > 0 ? layout(r, channels) : last ? Layout.channelsLast(shape) : layout(r, shape));
                wanted[i] = twin(gradient[i]);
            }
            cpu.batchNormGradient(
                    x,
                    g,
                    mean,
                    variance,
                    weight,
                    bias,
                    1e-3,
                    then,
                    gradient[0],
                    affine ? gradient[1] : null,
                    affine ? gradient[2] : null);
            REFERENCE.batchNormGradient(
                    x,
                    g,
                    mean,
                    variance,
                    weight,
                    bias,
                    1e-3,
                    then,
                    wanted[0],
                    affine ? wanted[1] : null,
                    affine ? wanted[2] : null);
            for (int i = 0; i < 3; i++) {
                same("gradient " + i + ", seed " + seed, gradient[i], wanted[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void softmax(CpuBackend cpu) {
        for (int seed = 0; seed < CASES; seed++) {
            Random r = new Random(seed);
            DType type = type(r);
            Shape shape = Shape.of(between(r, 1, 5), between(r, 1, 30), between(r, 1, 30));
            int dim = r.nextInt(3);
            boolean log = r.nextBoolean();
            View x = filled(r, type, readable(r, shape));
            View y = filled(r, type, layout(r, shape));
            View expected = twin(y);
            cpu.softmax(x, dim, log, y);
            REFERENCE.softmax(x, dim, log, expected);
            same("softmax, seed " + seed, y, expected);
            View g = filled(r, type, readable(r, shape));
            View gx = filled(r, type, layout(r, shape));
            View expectedGradient = twin(gx);
            cpu.softmaxGradient(expected, g, dim, log, gx);
            REFERENCE.softmaxGradient(expected, g, dim, log, expectedGradient);
            same("softmax gradient, seed " + seed, gx, expectedGradient);
        }
    }

    // ---- elements

    @ParameterizedTest
    @MethodSource("backends")
    void reductionsAndIndexing(CpuBackend cpu) {
        for (int seed = 0; seed < CASES; seed++) {
            Random r = new Random(seed);
            DType type = type(r);
            Shape shape = Shape.of(between(r, 1, 9), between(r, 1, 40), between(r, 1, 9));
            int dim = r.nextInt(3);
            View x = filled(r, type, readable(r, shape));
            View out = filled(r, type, layout(r, shape.with(dim, 1)));
            View expected = twin(out);
            Reduction op = r.nextBoolean() ? Reduction.SUM : Reduction.MAX;
            cpu.reduce(op, x, out);
            REFERENCE.reduce(op, x, expected);
            same(op + ", seed " + seed, out, expected);

            View index = filled(r, DType.INT64, layout(r, shape.with(dim, between(r, 1, 5))));
            View source = filled(r, type, layout(r, shape.with(dim, 3)));
            View picked = filled(r, type, layout(r, index.shape()));
            View expectedPick = twin(picked);
            cpu.gather(source, dim, index, picked);
            REFERENCE.gather(source, dim, index, expectedPick);
            same("gather, seed " + seed, picked, expectedPick);
            View expectedSource = twin(source);
            cpu.scatter(source, dim, index, picked, Combine.ADD);
            REFERENCE.scatter(expectedSource, dim, index, expectedPick, Combine.ADD);
            same("scatter, seed " + seed, source, expectedSource);

            View drawn = filled(r, type, layout(r, shape));
            View expectedDraw = twin(drawn);
            cpu.random(new Distribution.Uniform(-1, 2), seed, 7, drawn);
            REFERENCE.random(new Distribution.Uniform(-1, 2), seed, 7, expectedDraw);
            same("uniform, seed " + seed, drawn, expectedDraw);
        }
    }

    // ---- threads

    @ParameterizedTest
    @MethodSource("backends")
    void threadsDoNotDisturbEachOther(CpuBackend cpu) throws Exception {
        Random r = new Random(5);
        Convolution c = new Convolution(Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), 1);
        View x = filled(r, DType.FLOAT32, Layout.channelsLast(Shape.of(2, 16, 9, 9)));
        View w = filled(r, DType.FLOAT32, Layout.contiguous(Shape.of(24, 16, 3, 3)));
        View expected = filled(r, DType.FLOAT32, Layout.channelsLast(Shape.of(2, 24, 9, 9)));
        cpu.convolution(c, x, w, null, expected);
        List<Callable<double[]>> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            View out = twin(expected);
            jobs.add(() -> {
                for (int repeat = 0; repeat < 50; repeat++) {
                    cpu.convolution(c, x, w, null, out);
                }
                return values(out);
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (Future<double[]> f : pool.invokeAll(jobs)) {
                assertThat(f.get()).containsExactly(values(expected));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void saysWhatItIs(CpuBackend cpu) {
        int before = cpu.threads();
        try {
            cpu.threads(1);
            assertThat(cpu.describe())
                    .matches("(oneDNN \\d+\\.\\d+ \\w+|plain Java \\(Vector API \\d+ bit\\)) · 1 thread");
        } finally {
            cpu.threads(before);
        }
    }
}
