package akari.cpu;

import static akari.cpu.BackendSamples.CASES;
import static akari.cpu.BackendSamples.NATIVE;
import static akari.cpu.BackendSamples.REFERENCE;
import static akari.cpu.BackendSamples.between;
import static akari.cpu.BackendSamples.filled;
import static akari.cpu.BackendSamples.layout;
import static akari.cpu.BackendSamples.memory;
import static akari.cpu.BackendSamples.readable;
import static akari.cpu.BackendSamples.same;
import static akari.cpu.BackendSamples.twin;
import static akari.cpu.BackendSamples.values;
import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Activation;
import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions of both forms of the CPU backend against the reference. */
final class ConvolutionTest {
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
                    return new Case(c, Shape.of(x), Shape.of(w), y, BackendSamples.type(r));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
}
