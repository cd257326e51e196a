package akari.cpu.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akari.backend.Layout;
import akari.backend.ReduceOp;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.Views;
import akari.cpu.machine.Workers;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ReductionLoopsTest {
    private static final ReduceOp[] OPS = ReduceOp.values();
    private static final Workers WORKERS = new Workers(2);
    private static final ReductionLoops REDUCTIONS = new ReductionLoops(WORKERS);

    @AfterAll
    static void stop() {
        WORKERS.threads(1);
    }

    private static double unit(DType t) {
        return switch (t) {
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            case FLOAT32 -> 0x1p-23;
            default -> 1e-13;
        };
    }

    private static DType result(ReduceOp op, DType t) {
        return switch (op) {
            case SUM, PROD -> t.isFloating() ? t : DType.INT64;
            case MAX, MIN -> t;
            case ARGMAX, ARGMIN -> DType.INT64;
            case ANY, ALL -> DType.BOOL;
        };
    }

    @Test
    void everyLayoutAgreesWithTheReference() {
        Random r = new Random(4);
        int fast = 0;
        for (int i = 0; i < 2000; i++) {
            Shape shape = Views.shape(r);
            ReduceOp op = OPS[r.nextInt(OPS.length)];
            DType t = DType.values()[r.nextInt(DType.values().length)];
            Shape kept = shape;
            boolean arg = op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
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
                boolean rounds = t.isFloating() && (op == ReduceOp.SUM || op == ReduceOp.PROD);
                if (rounds && Double.isFinite(expected[j])) {
                    double scale = Math.max(op == ReduceOp.SUM ? 100 : 1e-30, Math.abs(expected[j]));
                    assertThat(actual[j]).as("%s %s", op, x.layout()).isCloseTo(expected[j], within(scale * unit(t)));
                } else {
                    // which zero wins among zeros of both signs is left open
                    assertThat(actual[j] + 0.0)
                            .as("%s %s to %s", op, x.layout(), to)
                            .isEqualTo(Double.valueOf(expected[j] + 0.0));
                }
            }
        }
        assertThat(fast).isGreaterThan(1500);
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
                assertThat(new ReductionLoops(new Workers(1)).run(ReduceOp.SUM, x, one))
                        .isTrue();
                assertThat(REDUCTIONS.run(ReduceOp.SUM, x, two)).isTrue();
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
        View empty = Views.contiguous(DType.FLOAT32, 0);
        assertThat(REDUCTIONS.run(ReduceOp.SUM, empty, Views.contiguous(DType.FLOAT32, 1)))
                .isFalse();
    }
}
