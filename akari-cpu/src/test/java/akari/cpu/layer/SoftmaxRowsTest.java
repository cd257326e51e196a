package akari.cpu.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.backend.View;
import akari.core.DType;
import akari.cpu.Views;
import akari.cpu.kernel.Elements;
import akari.cpu.kernel.Kernels;
import akari.cpu.machine.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SoftmaxRowsTest {
    private static final Workers WORKERS = new Workers(2);
    private static final List<SoftmaxRows> FORMS = List.of(
            new SoftmaxRows(new Elements(WORKERS, new Kernels(false)), WORKERS),
            new SoftmaxRows(new Elements(WORKERS, new Kernels(true)), WORKERS));

    @AfterAll
    static void stop() {
        WORKERS.threads(1);
    }

    private static void assertClose(View got, View want) {
        double[] a = Views.read(got);
        double[] b = Views.read(want);
        for (int i = 0; i < a.length; i++) {
            if (Double.isFinite(b[i])) {
                assertThat(a[i]).isCloseTo(b[i], within(4e-7 * Math.max(1, Math.abs(b[i]))));
            } else {
                assertThat(a[i]).isEqualTo(Double.valueOf(b[i]));
            }
        }
    }

    @Test
    void agreesWithTheReference() {
        Random r = new Random(3);
        for (long[] shape : new long[][] {{64}, {7, 65}, {5, 3, 511}, {40, 1000}, {3, 1537}}) {
            for (double special : new double[] {0, 0.01}) {
                for (boolean log : new boolean[] {false, true}) {
                    View x = Views.filled(r, Views.contiguous(DType.FLOAT32, shape), special);
                    View g = Views.filled(r, Views.contiguous(DType.FLOAT32, shape), 0);
                    View want = Views.contiguous(DType.FLOAT32, shape);
                    View wantGradient = Views.contiguous(DType.FLOAT32, shape);
                    Views.REFERENCE.softmax(x, -1, log, want);
                    Views.REFERENCE.softmaxGradient(want, g, -1, log, wantGradient);
                    for (SoftmaxRows s : FORMS) {
                        View got = Views.contiguous(DType.FLOAT32, shape);
                        assertThat(s.forward(x, -1, log, got)).isTrue();
                        assertClose(got, want);
                        if (special == 0) {
                            assertThat(s.gradient(want, g, -1, log, got)).isTrue();
                            assertThat(Views.read(got))
                                    .usingComparatorWithPrecision(2e-6 * Math.sqrt(shape[shape.length - 1]))
                                    .containsExactly(Views.read(wantGradient));
                        }
                    }
                }
            }
        }
    }

    @Test
    void columnsAndShortRowsAgreeWithTheReference() {
        Random r = new Random(4);
        for (long[] shape :
                new long[][] {{1}, {3, 10}, {1000, 10}, {300, 2}, {9, 16}, {5, 7, 33}, {2, 3, 600}, {64, 1}}) {
            for (boolean log : new boolean[] {false, true}) {
                for (int dim = 0; dim < shape.length; dim++) {
                    View x = Views.filled(r, Views.contiguous(DType.FLOAT32, shape), r.nextBoolean() ? 0.01 : 0);
                    View y = Views.contiguous(DType.FLOAT32, shape);
                    View g = Views.filled(r, Views.contiguous(DType.FLOAT32, shape), 0);
                    View want = Views.contiguous(DType.FLOAT32, shape);
                    View wantGradient = Views.contiguous(DType.FLOAT32, shape);
                    Views.REFERENCE.softmax(Views.filled(r, y, 0), dim, log, want);
                    Views.REFERENCE.softmaxGradient(want, g, dim, log, wantGradient);
                    View wantOfX = Views.contiguous(DType.FLOAT32, shape);
                    Views.REFERENCE.softmax(x, dim, log, wantOfX);
                    for (SoftmaxRows s : FORMS) {
                        View got = Views.contiguous(DType.FLOAT32, shape);
                        if (s.forward(x, dim, log, got)) {
                            assertClose(got, wantOfX);
                        }
                        if (s.gradient(want, g, dim, log, got)) {
                            assertThat(Views.read(got))
                                    .usingComparatorWithPrecision(1e-5)
                                    .containsExactly(Views.read(wantGradient));
                        }
                    }
                }
            }
        }
        View few = Views.contiguous(DType.FLOAT32, 70, 80);
        assertThat(FORMS.getFirst().forward(few, 0, false, Views.contiguous(DType.FLOAT32, 70, 80)))
                .isTrue();
    }

    @Test
    void infinitiesAndNaNAreAsInPyTorch() {
        float inf = Float.POSITIVE_INFINITY;
        float[] rows = new float[4 * 64];
        Arrays.fill(rows, -inf);
        Arrays.fill(rows, 64, 192, 1);
        rows[100] = inf;
        rows[150] = Float.NaN;
        rows[200] = 2;
        View x = Views.floats(new long[] {4, 64}, rows);
        for (SoftmaxRows s : FORMS) {
            for (boolean log : new boolean[] {false, true}) {
                View out = Views.contiguous(DType.FLOAT32, 4, 64);
                s.forward(x, 1, log, out);
                double[] y = Views.read(out);
                assertThat(Arrays.copyOf(y, 192)).containsOnly(Double.NaN);
                assertThat(Arrays.copyOfRange(y, 192, 200)).containsOnly(log ? -inf : 0);
                assertThat(y[200]).isEqualTo(log ? 0 : 1);
            }
        }
    }

    @Test
    void otherLayoutsAndTypesAreLeftToTheReference() {
        View x = Views.contiguous(DType.FLOAT32, 70, 80);
        View turned = x.with(x.layout().transpose(0, 1));
        assertThat(FORMS.getFirst().forward(turned, 1, false, turned)).isFalse();
        View doubles = Views.contiguous(DType.FLOAT64, 4, 70);
        assertThat(FORMS.getFirst().forward(doubles, 1, false, doubles)).isFalse();
    }
}
