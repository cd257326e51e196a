package akari.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.backend.DType;
import akari.backend.Layout;
import akari.backend.Reduction;
import akari.backend.Shape;
import akari.backend.View;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ReductionsTest {
    private static final List<Reduction> OPS =
            List.of(Reduction.SUM, Reduction.MAX, Reduction.MIN, Reduction.ARGMAX, Reduction.ARGMIN);
    private static final Workers WORKERS = new Workers(2);
    private static final Reductions REDUCTIONS = new Reductions(WORKERS);

    @AfterAll
    static void stop() {
        WORKERS.threads(1);
    }

    private static final DType[] FLOATING = {DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64};

    private static double unit(DType t) {
        return switch (t) {
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            case FLOAT32 -> 0x1p-23;
            default -> 1e-13;
        };
    }

    private static DType result(Reduction op, DType t) {
        return op == Reduction.ARGMAX || op == Reduction.ARGMIN ? DType.INT64 : t;
    }

    @Test
    void everyLayoutAgreesWithTheReference() {
        Random r = new Random(4);
        int fast = 0;
        for (int i = 0; i < 800; i++) {
            Shape shape = Views.shape(r);
            Reduction op = OPS.get(r.nextInt(OPS.size()));
            DType t = FLOATING[r.nextInt(FLOATING.length)];
            Shape kept = shape;
            boolean arg = result(op, t) == DType.INT64;
            for (int d = 0; d < shape.rank(); d++) {
                if (r.nextBoolean() && shape.get(d) != 0) {
                    kept = kept.with(d, 1);
                    if (arg) {
                        break;
                    }
                }
            }
            View x = Views.filled(r, Views.of(t, Views.layout(r, shape, true)), r.nextBoolean() ? 0 : 0.05);
            Layout to = Views.layout(r, kept, false);
            View want = Views.of(result(op, t), to);
            View got = Views.of(result(op, t), to);
            if (!REDUCTIONS.run(op, x, got)) {
                continue;
            }
            fast++;
            Views.REFERENCE.reduce(op, x, want);
            double[] expected = Views.read(want);
            double[] actual = Views.read(got);
            for (int j = 0; j < expected.length; j++) {
                // both sum in double, in another order: float results agree to the last unit or two
                if (op == Reduction.SUM && Double.isFinite(expected[j])) {
                    double scale = Math.max(100, Math.abs(expected[j]));
                    assertThat(actual[j]).as("%s %s", op, x.layout()).isCloseTo(expected[j], within(scale * unit(t)));
                } else {
                    // which zero wins among zeros of both signs is left open
                    assertThat(actual[j] + 0.0)
                            .as("%s %s to %s", op, x.layout(), to)
                            .isEqualTo(Double.valueOf(expected[j] + 0.0));
                }
            }
        }
        assertThat(fast).isGreaterThan(500);
    }

    @Test
    void longSumsAreAccurateAndTheSameOnAnyNumberOfThreads() {
        Random r = new Random(9);
        for (Shape shape :
                List.of(Shape.of(1_000_003), Shape.of(3, 200_001), Shape.of(50_000, 7), Shape.of(40, 20_001))) {
            View x = Views.filled(r, Views.of(DType.FLOAT32, Layout.contiguous(shape)), 0);
            double[] values = Views.read(x);
            for (int d = 0; d < shape.rank(); d++) {
                Shape kept = shape.with(d, 1);
                View one = Views.of(DType.FLOAT32, Layout.contiguous(kept));
                View two = Views.of(DType.FLOAT32, Layout.contiguous(kept));
                assertThat(new Reductions(new Workers(1)).run(Reduction.SUM, x, one))
                        .isTrue();
                assertThat(REDUCTIONS.run(Reduction.SUM, x, two)).isTrue();
                assertThat(Views.read(two)).isEqualTo(Views.read(one));
                double exact = 0;
                for (double v : values) {
                    exact += v;
                }
                double sum = 0;
                for (double v : Views.read(one)) {
                    sum += v;
                }
                assertThat(sum).isCloseTo(exact, within(1e-2));
            }
        }
    }

    @Test
    void whatHasNoFastPathIsLeftAlone() {
        View x = Views.contiguous(DType.INT64, 3);
        assertThat(REDUCTIONS.run(Reduction.SUM, x, Views.contiguous(DType.INT64, 1)))
                .isFalse();
        View empty = Views.contiguous(DType.FLOAT32, 0);
        assertThat(REDUCTIONS.run(Reduction.SUM, empty, Views.contiguous(DType.FLOAT32, 1)))
                .isFalse();
    }
}
