package akari.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.backend.Activation;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.machine.SystemMemory;
import akari.cpu.transfer.Bfloat16;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels-last BFLOAT16 beside FLOAT32 parameters gives what FLOAT32 gives, rounded once. */
class BatchNormTest {
    private static final int[] CHANNELS = {16, 24, 5, 64, 256, 1};

    private final CpuBackend cpu = new CpuBackend();

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"IDENTITY", "RELU", "RELU6"})
    void bfloat16(Activation then) {
        for (int seed = 0; seed < CHANNELS.length; seed++) {
            Random r = new Random(seed);
            Layout images = Layout.channelsLast(Shape.of(3, CHANNELS[seed], 21 + seed, 16));
            Layout vector = Layout.contiguous(Shape.of(CHANNELS[seed]));
            View x = Views.filled(r, Views.of(DType.BFLOAT16, images), 0);
            View g = Views.filled(r, Views.of(DType.BFLOAT16, images), 0);
            View weight = Views.filled(r, Views.of(DType.FLOAT32, vector), 0);
            View bias = Views.filled(r, Views.of(DType.FLOAT32, vector), 0);
            View[] half = run(then, x, g, weight, bias);
            View[] wide = run(then, widened(x), widened(g), weight, bias);
            for (int i = 0; i < half.length; i++) {
                boolean rounded = half[i].dtype() == DType.BFLOAT16;
                same("result " + i + " of seed " + seed, half[i], wide[i], rounded ? 0x1p-8 : 1e-4);
            }
        }
    }

    /** Mean, variance, result; gradients of x, weight and bias. */
    private View[] run(Activation then, View x, View g, View weight, View bias) {
        Layout vector = weight.layout();
        View mean = Views.of(DType.FLOAT32, vector);
        View variance = Views.of(DType.FLOAT32, vector);
        View y = Views.of(x.dtype(), x.layout());
        View gx = Views.of(x.dtype(), x.layout());
        View gw = Views.of(DType.FLOAT32, vector);
        View gb = Views.of(DType.FLOAT32, vector);
        cpu.batchNorm(x, weight, bias, 1e-5, then, y, mean, variance);
        cpu.batchNormGradient(x, g, mean, variance, weight, bias, 1e-5, then, gx, gw, gb);
        return new View[] {mean, variance, y, gx, gw, gb};
    }

    private static View widened(View v) {
        View wide = Views.of(DType.FLOAT32, v.layout());
        Bfloat16.widen(v.address(), wide.address(), (int) v.numel());
        return wide;
    }

    private static void same(String what, View actual, View expected, double relative) {
        View a = actual.dtype() == DType.BFLOAT16 ? widened(actual) : actual;
        for (long i = 0; i < a.numel(); i++) {
            double e = at(expected, i);
            assertThat(at(a, i)).as("%s, element %d", what, i).isCloseTo(e, within(relative * Math.abs(e) + 1e-5));
        }
    }

    private static double at(View v, long i) {
        return SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, v.address() + i * Float.BYTES);
    }
}
