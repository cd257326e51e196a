package akari.cpu;

import static akari.cpu.BackendSamples.CASES;
import static akari.cpu.BackendSamples.REFERENCE;
import static akari.cpu.BackendSamples.between;
import static akari.cpu.BackendSamples.filled;
import static akari.cpu.BackendSamples.layout;
import static akari.cpu.BackendSamples.memory;
import static akari.cpu.BackendSamples.readable;
import static akari.cpu.BackendSamples.same;
import static akari.cpu.BackendSamples.twin;
import static akari.cpu.BackendSamples.type;
import static akari.cpu.BackendSamples.values;
import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Activation;
import akari.backend.Combine;
import akari.backend.Distribution;
import akari.backend.Layout;
import akari.backend.ReduceOp;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both forms of the CPU backend against the reference, over seeded shapes, layouts and types. */
final class CpuBackendTest {
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
    void reductionsAndIndexing(CpuBackend cpu) {
        for (int seed = 0; seed < CASES; seed++) {
            Random r = new Random(seed);
            DType type = type(r);
            Shape shape = Shape.of(between(r, 1, 9), between(r, 1, 40), between(r, 1, 9));
            int dim = r.nextInt(3);
            View x = filled(r, type, readable(r, shape));
            View out = filled(r, type, layout(r, shape.with(dim, 1)));
            View expected = twin(out);
            ReduceOp op = r.nextBoolean() ? ReduceOp.SUM : ReduceOp.MAX;
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
