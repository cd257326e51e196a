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

import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products of both forms of the CPU backend against the reference. */
final class MatmulTest {
    @ParameterizedTest
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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
    @MethodSource("akari.cpu.BackendSamples#backends")
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

    @ParameterizedTest
    @MethodSource("akari.cpu.BackendSamples#backends")
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
}
