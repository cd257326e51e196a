package akari.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.backend.Activation;
import akari.backend.Algorithms;
import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.machine.SystemMemory;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions large enough to be shared give on two and three threads what they give on one. */
class DnnConvolutionTest {

    /** What is cut: images, evenly or not; rows of one image; output channels of one image. */
    static List<Case> cases() {
        return List.of(
                new Case("images", Shape.of(6, 32, 14, 15), Shape.of(32, 32, 3, 3), 1, 1, 1, 1),
                new Case("uneven images", Shape.of(5, 16, 20, 20), Shape.of(48, 16, 5, 5), 2, 2, 1, 1),
                new Case("few channels", Shape.of(7, 1, 28, 28), Shape.of(6, 1, 5, 5), 1, 2, 1, 1),
                new Case("groups of images", Shape.of(4, 64, 17, 17), Shape.of(64, 16, 3, 3), 1, 1, 1, 4),
                new Case("rows", Shape.of(1, 32, 37, 30), Shape.of(32, 32, 3, 3), 1, 1, 1, 1),
                new Case("rows of stride 2", Shape.of(1, 16, 63, 61), Shape.of(32, 16, 7, 7), 2, 3, 1, 1),
                new Case("rows dilated", Shape.of(1, 16, 40, 41), Shape.of(32, 16, 3, 3), 1, 2, 2, 1),
                new Case("rows of pixels", Shape.of(1, 48, 33, 33), Shape.of(96, 48, 1, 1), 1, 0, 1, 1),
                new Case("rows depthwise", Shape.of(1, 96, 65, 65), Shape.of(96, 1, 3, 3), 2, 1, 1, 96),
                new Case("channels", Shape.of(1, 96, 7, 7), Shape.of(96, 96, 3, 3), 1, 1, 1, 1),
                new Case("channels of stride 2", Shape.of(1, 96, 9, 9), Shape.of(192, 96, 3, 3), 2, 1, 1, 1));
    }

    record Case(String name, Shape x, Shape weight, long stride, long padding, long dilation, long groups) {
        Convolution convolution() {
            return new Convolution(
                    Shape.of(stride, stride), Shape.of(padding, padding), Shape.of(dilation, dilation), groups);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void threads(Case k) {
        View[] one = run(k, 1);
        for (int threads = 2; threads <= 3; threads++) {
            View[] several = run(k, threads);
            for (int i = 0; i < one.length; i++) {
                same("result " + i + " on " + threads + " threads", several[i], one[i]);
            }
        }
    }

    /** Forward plain, forward with all that may follow, input gradient, weight gradient, bias gradient. */
    private static View[] run(Case k, int threads) {
        CpuBackend cpu = new CpuBackend();
        cpu.threads(threads);
        cpu.algorithms(Algorithms.STRICT);
        Random r = new Random(7);
        Convolution c = k.convolution();
        Shape out = c.outputShape(k.x, k.weight);
        View x = filled(r, Layout.channelsLast(k.x));
        View g = filled(r, Layout.channelsLast(out));
        View w = filled(r, Layout.contiguous(k.weight));
        View bias = filled(r, Layout.contiguous(Shape.of(k.weight.get(0))));
        View y = filled(r, Layout.channelsLast(out));
        View sum = filled(r, Layout.channelsLast(out));
        View gx = filled(r, Layout.channelsLast(k.x));
        View gw = filled(r, Layout.contiguous(k.weight));
        View gb = filled(r, bias.layout());
        cpu.convolution(c, x, w, null, y);
        cpu.convolution(c, x, w, bias, new Epilogue(Activation.RELU, true), sum);
        cpu.convolutionInputGradient(c, g, w, gx);
        cpu.convolutionWeightGradient(c, x, g, gw, gb);
        return new View[] {y, sum, gx, gw, gb};
    }

    private static View filled(Random r, Layout layout) {
        View v = Views.of(DType.FLOAT32, layout);
        for (long i = 0; i < v.numel(); i++) {
            SystemMemory.ALL.set(ValueLayout.JAVA_FLOAT, v.address() + i * Float.BYTES, r.nextFloat() - 0.5f);
        }
        return v;
    }

    private static void same(String what, View actual, View expected) {
        double size = 1;
        for (long i = 0; i < expected.numel(); i++) {
            size = Math.max(size, Math.abs(at(expected, i)));
        }
        for (long i = 0; i < expected.numel(); i++) {
            assertThat(at(actual, i)).as("%s, element %d", what, i).isCloseTo(at(expected, i), within(3e-6 * size));
        }
    }

    private static double at(View v, long i) {
        return SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, v.address() + i * Float.BYTES);
    }
}
