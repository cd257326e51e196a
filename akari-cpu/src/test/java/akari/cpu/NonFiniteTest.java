package akari.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Activation;
import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.ReferenceBackend;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Infinities and NaN reach the results that read them and no others, whatever algorithm computes a layer. */
class NonFiniteTest {
    private static final CpuBackend ONE_DNN = new CpuBackend(true);
    private static final CpuBackend JAVA = new CpuBackend(false);
    private static final ReferenceBackend REFERENCE = new ReferenceBackend();

    private static final float[] ODD = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN};

    static Stream<Arguments> seeds() {
        return Stream.of(ONE_DNN, JAVA)
                .flatMap(cpu -> IntStream.range(0, 40).mapToObj(seed -> Arguments.of(cpu, seed)));
    }

    private record Case(Convolution c, Shape x, Shape weight, Shape y) {
        /** Every third is one for Winograd, the others are grouped, strided, dilated and padded. */
        static Case of(Random r, int seed) {
            boolean winograd = seed % 3 == 0;
            long groups = winograd ? 1 : new long[] {1, 1, 2, 4}[r.nextInt(4)];
            long in = winograd ? 64 : groups * (1 + r.nextInt(9));
            long out = winograd ? 64 + 16 * r.nextInt(2) : groups * (1 + r.nextInt(9));
            long side = winograd ? 3 : 1 + r.nextInt(4);
            Shape weight = Shape.of(out, in / groups, side, winograd ? 3 : 1 + r.nextInt(4));
            Shape x = Shape.of(1 + r.nextInt(3), in, 8 + r.nextInt(9), 8 + r.nextInt(9));
            Convolution c = new Convolution(
                    winograd ? Shape.of(1, 1) : Shape.of(1 + r.nextInt(2), 1 + r.nextInt(2)),
                    Shape.of(r.nextInt(2), r.nextInt(2)),
                    winograd ? Shape.of(1, 1) : Shape.of(1 + r.nextInt(2), 1),
                    groups);
            return new Case(c, x, weight, c.outputShape(x, weight));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void convolutions(CpuBackend cpu, int seed) {
        Random r = new Random(seed);
        Case k = Case.of(r, seed);
        View x = filled(r, layout(r, k.x));
        View w = filled(r, layout(r, k.weight));
        View g = filled(r, layout(r, k.y));
        spoil(r, x);
        if (seed % 4 == 1) {
            spoil(r, w);
        }
        spoil(r, g);
        View bias = r.nextBoolean() ? filled(r, Layout.contiguous(Shape.of(k.weight.get(0)))) : null;
        Epilogue then = new Epilogue(
                new Activation[] {Activation.IDENTITY, Activation.RELU, Activation.RELU6}[r.nextInt(3)],
                r.nextBoolean());
        View y = filled(r, layout(r, k.y));
        View expected = twin(y);
        cpu.convolution(k.c, x, w, bias, then, y);
        REFERENCE.convolution(k.c, x, w, bias, then, expected);
        agree("output", y, expected);

        View gx = filled(r, layout(r, k.x));
        View expectedGx = twin(gx);
        cpu.convolutionInputGradient(k.c, g, w, gx);
        REFERENCE.convolutionInputGradient(k.c, g, w, expectedGx);
        agree("input gradient", gx, expectedGx);

        View gw = filled(r, layout(r, k.weight));
        View expectedGw = twin(gw);
        View gb = bias == null ? null : filled(r, bias.layout());
        View expectedGb = gb == null ? null : twin(gb);
        cpu.convolutionWeightGradient(k.c, x, g, gw, gb);
        REFERENCE.convolutionWeightGradient(k.c, x, g, expectedGw, expectedGb);
        agree("weight gradient", gw, expectedGw);
        if (gb != null && expectedGb != null) {
            agree("bias gradient", gb, expectedGb);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void products(CpuBackend cpu, int seed) {
        Random r = new Random(seed);
        long m = 1 + r.nextInt(seed % 2 == 0 ? 3 : 40);
        long k = 1 + r.nextInt(70);
        long n = 1 + r.nextInt(70);
        View a = filled(r, Layout.contiguous(Shape.of(m, k)));
        View b = filled(r, r.nextBoolean() ? Layout.contiguous(Shape.of(k, n)) : byColumns(k, n));
        spoil(r, a);
        if (seed % 4 == 1) {
            spoil(r, b);
        }
        View bias = r.nextBoolean() ? filled(r, Layout.contiguous(Shape.of(n))) : null;
        View out = filled(r, Layout.contiguous(Shape.of(m, n)));
        View expected = twin(out);
        cpu.matmul(a, b, bias, out);
        REFERENCE.matmul(a, b, bias, expected);
        agree("output", out, expected);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void pools(CpuBackend cpu, int seed) {
        Random r = new Random(seed);
        Shape s = Shape.of(1 + r.nextInt(2), 1 + r.nextInt(40), 5 + r.nextInt(12), 5 + r.nextInt(12));
        long side = 1 + r.nextInt(4);
        Pooling p = r.nextInt(4) == 0
                ? Pooling.adaptive(Shape.of(1 + r.nextInt(5), 1 + r.nextInt(5)))
                : new Pooling(
                        Shape.of(side, 1 + r.nextInt(4)),
                        Shape.of(1 + r.nextInt(3), 1 + r.nextInt(3)),
                        Shape.of(side / 2, 0),
                        Shape.of(1, 1),
                        r.nextBoolean(),
                        r.nextBoolean(),
                        0,
                        null);
        View x = filled(r, layout(r, s));
        spoil(r, x);
        View y = filled(r, layout(r, p.outputShape(s)));
        View expected = twin(y);
        cpu.averagePool(p, x, y);
        REFERENCE.averagePool(p, x, expected);
        agree("output", y, expected);
        View index = new View(REFERENCE.allocate(y.numel() * 8), DType.INT64, y.layout());
        View expectedIndex = new View(REFERENCE.allocate(y.numel() * 8), DType.INT64, y.layout());
        cpu.maxPool(p, x, y, index);
        REFERENCE.maxPool(p, x, expected, expectedIndex);
        agree("output", y, expected);
        assertThat(index.buffer().bytes()).isEqualTo(expectedIndex.buffer().bytes());
        assertThat(memory(index).mismatch(memory(expectedIndex))).isEqualTo(-1);

        View g = filled(r, y.layout());
        spoil(r, g);
        View gx = filled(r, x.layout());
        View expectedGx = twin(gx);
        cpu.averagePoolGradient(p, g, gx);
        REFERENCE.averagePoolGradient(p, g, expectedGx);
        agree("input gradient", gx, expectedGx);
        cpu.maxPoolGradient(g, index, gx);
        REFERENCE.maxPoolGradient(g, index, expectedGx);
        agree("input gradient", gx, expectedGx);
    }

    // ---- views

    private static void spoil(Random r, View v) {
        long n = v.numel();
        for (int i = 0; i < 1 + n / 3000; i++) {
            memory(v).setAtIndex(ValueLayout.JAVA_FLOAT, r.nextLong(n), ODD[r.nextInt(ODD.length)]);
        }
        v.buffer().touch();
    }

    private static void agree(String what, View actual, View expected) {
        for (long i = 0; i < actual.numel(); i++) {
            float a = memory(actual).getAtIndex(ValueLayout.JAVA_FLOAT, i);
            float e = memory(expected).getAtIndex(ValueLayout.JAVA_FLOAT, i);
            boolean same = Float.isFinite(e) ? Math.abs(a - e) <= 2e-4 + 1e-5 * Math.abs(e) : Float.compare(a, e) == 0;
            assertThat(same)
                    .as("%s %s, element %d: %s instead of %s", what, actual.shape(), i, a, e)
                    .isTrue();
        }
    }

    private static MemorySegment memory(View v) {
        return MemorySegment.ofAddress(v.buffer().address())
                .reinterpret(v.buffer().bytes());
    }

    private static View filled(Random r, Layout layout) {
        View v = new View(REFERENCE.allocate(layout.numel() * 4), DType.FLOAT32, layout);
        for (long i = 0; i < layout.numel(); i++) {
            memory(v).setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) r.nextGaussian());
        }
        return v;
    }

    private static View twin(View v) {
        View w = new View(REFERENCE.allocate(v.buffer().bytes()), v.dtype(), v.layout());
        MemorySegment.copy(memory(v), 0, memory(w), 0, v.buffer().bytes());
        return w;
    }

    private static Layout byColumns(long rows, long columns) {
        return Layout.of(Shape.of(rows, columns), new long[] {1, rows}, 0);
    }

    private static Layout layout(Random r, Shape s) {
        return r.nextInt(3) == 0 ? Layout.contiguous(s) : Layout.channelsLast(s);
    }
}
