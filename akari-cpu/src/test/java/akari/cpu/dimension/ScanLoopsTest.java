package akari.cpu.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.backend.Layout;
import akari.backend.Scan;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.Views;
import akari.cpu.machine.Workers;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScanLoopsTest {
    private static final Workers WORKERS = new Workers(2);
    private static final ScanLoops SCANNER = new ScanLoops(WORKERS);

    @AfterAll
    static void stop() {
        WORKERS.threads(1);
    }

    @ParameterizedTest
    @EnumSource(Scan.class)
    void everyLayoutAgreesWithTheReference(Scan op) {
        Random r = new Random(6);
        for (int i = 0; i < 200; i++) {
            Shape shape = Views.shape(r);
            DType t = DType.values()[r.nextInt(DType.values().length)];
            if (op == Scan.LOG_SUM_EXP && !t.isFloating()) {
                continue;
            }
            int dim = shape.rank() == 0 ? 0 : r.nextInt(shape.rank());
            boolean reverse = r.nextBoolean();
            boolean extreme = op == Scan.MAX || op == Scan.MIN;
            boolean sums = op == Scan.SUM || op == Scan.PROD || op == Scan.LINEAR;
            DType result = sums && !t.isFloating() ? DType.INT64 : t;
            double special = op == Scan.PROD || op == Scan.LINEAR || r.nextBoolean() ? 0 : 0.05;
            View x = Views.filled(r, Views.of(t, Views.layout(r, shape, true)), special);
            View f = op == Scan.LINEAR ? Views.filled(r, Views.of(t, Views.layout(r, shape, true)), 0) : null;
            View got = Views.of(result, Views.layout(r, shape, false));
            View want = Views.of(result, got.layout());
            View gotAt = extreme && r.nextInt(4) > 0 ? Views.of(DType.INT64, Views.layout(r, shape, false)) : null;
            View wantAt = gotAt == null ? null : Views.of(DType.INT64, gotAt.layout());
            SCANNER.run(op, reverse, x, f, dim, got, gotAt);
            Views.REFERENCE.scan(op, reverse, x, f, dim, want, wantAt);
            assertThat(Views.read(got)).as("%s of %s", op, x.layout()).isEqualTo(Views.read(want));
            if (gotAt != null) {
                assertThat(Views.read(gotAt)).as("%s of %s", op, x.layout()).isEqualTo(Views.read(wantAt));
            }
        }
    }

    @Test
    void longLinesAndWideRows() {
        Random r = new Random(7);
        for (Shape shape : new Shape[] {Shape.of(100_003), Shape.of(3, 20_001), Shape.of(2000, 70)}) {
            View x = Views.filled(r, Views.of(DType.FLOAT32, Layout.contiguous(shape)), 0);
            View f = Views.of(DType.FLOAT32, Layout.contiguous(shape));
            Views.filled(r, f, 0);
            for (int dim = 0; dim < shape.rank(); dim++) {
                for (boolean reverse : new boolean[] {false, true}) {
                    View got = Views.of(DType.FLOAT32, Layout.contiguous(shape));
                    View want = Views.of(DType.FLOAT32, Layout.contiguous(shape));
                    SCANNER.run(Scan.SUM, reverse, x, null, dim, got, null);
                    Views.REFERENCE.scan(Scan.SUM, reverse, x, null, dim, want, null);
                    assertThat(Views.read(got)).isEqualTo(Views.read(want));
                    SCANNER.run(Scan.LOG_SUM_EXP, reverse, x, null, dim, got, null);
                    Views.REFERENCE.scan(Scan.LOG_SUM_EXP, reverse, x, null, dim, want, null);
                    assertThat(Views.read(got)).isEqualTo(Views.read(want));
                    SCANNER.run(Scan.LINEAR, reverse, x, f, dim, got, null);
                    Views.REFERENCE.scan(Scan.LINEAR, reverse, x, f, dim, want, null);
                    double[] a = Views.read(got);
                    double[] b = Views.read(want);
                    for (int i = 0; i < a.length; i++) {
                        assertThat(a[i]).isCloseTo(b[i], within(1e-6 * Math.abs(b[i])));
                    }
                }
            }
        }
    }
}
