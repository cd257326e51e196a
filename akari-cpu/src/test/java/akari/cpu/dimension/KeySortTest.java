package akari.cpu.dimension;

import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.Views;
import akari.cpu.machine.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeySortTest {
    private static final Workers WORKERS = new Workers(2);
    private static final KeySort SORTER = new KeySort(WORKERS);

    @AfterAll
    static void stop() {
        WORKERS.threads(1);
    }

    private static void check(View x, int dim, boolean descending, long count, Layout outLayout, Layout indexLayout) {
        View got = Views.of(x.dtype(), outLayout);
        View want = Views.of(x.dtype(), outLayout);
        View gotAt = Views.of(DType.INT64, indexLayout);
        View wantAt = Views.of(DType.INT64, indexLayout);
        assertThat(SORTER.run(x, dim, descending, got, gotAt)).isTrue();
        Views.REFERENCE.sort(x, dim, descending, want, wantAt);
        String what = x.dtype() + " " + x.layout() + ", first " + count + " along " + dim;
        assertThat(Views.read(gotAt)).as(what).isEqualTo(Views.read(wantAt));
        assertThat(Views.read(got)).as(what).isEqualTo(Views.read(want));
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyLayoutAgreesWithTheReference(DType t) {
        Random r = new Random(t.ordinal());
        for (int i = 0; i < 100; i++) {
            Shape shape = Views.shape(r);
            int dim = shape.rank() == 0 ? 0 : r.nextInt(shape.rank());
            long n = shape.rank() == 0 ? 1 : shape.get(dim);
            long count = r.nextBoolean() ? n : r.nextLong(n + 1);
            Shape part = shape.rank() == 0 ? shape : shape.with(dim, count);
            View x = Views.filled(r, Views.of(t, Views.layout(r, shape, true)), r.nextBoolean() ? 0.2 : 0);
            check(x, dim, r.nextBoolean(), count, Views.layout(r, part, false), Views.layout(r, part, false));
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void longLines(DType t) {
        Random r = new Random(1);
        for (int n : new int[] {5000, 40_000}) {
            View x = Views.filled(r, Views.contiguous(t, n), 0.01);
            for (int count : new int[] {n, n / 2, 700, 1}) {
                Layout part = Layout.contiguous(Shape.of(count));
                check(x, 0, false, count, part, part);
                check(x, 0, true, count, part, part);
            }
        }
    }

    @Test
    void numbersThatDifferInTheirLowerHalvesOnly() {
        Random r = new Random(2);
        int n = 20_000;
        long[] values = r.longs(n, 0, 1L << 34).toArray();
        View x = Views.contiguous(DType.INT64, n);
        Views.REFERENCE.upload(MemorySegment.ofArray(values), x.buffer(), 0);
        double[] near = r.longs(n, 0, 3000).mapToDouble(k -> 1 + k * 0x1p-52).toArray();
        View y = Views.contiguous(DType.FLOAT64, n);
        Views.REFERENCE.upload(MemorySegment.ofArray(near), y.buffer(), 0);
        for (int count : new int[] {n, 100}) {
            Layout part = Layout.contiguous(Shape.of(count));
            for (boolean descending : new boolean[] {false, true}) {
                check(x, 0, descending, count, part, part);
                check(y, 0, descending, count, part, part);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void linesForWhichTheHeapHasNoRoom(DType t) {
        Random r = new Random(4);
        int n = 300_001;
        View x = Views.filled(r, Views.contiguous(t, n), 0.001);
        KeySort outside = new KeySort(WORKERS, 1 << 20);
        for (int count : new int[] {n, 150_000, 3}) {
            for (boolean descending : new boolean[] {false, true}) {
                View want = Views.contiguous(t, count);
                View wantAt = Views.contiguous(DType.INT64, count);
                View got = Views.contiguous(t, count);
                View gotAt = Views.contiguous(DType.INT64, count);
                assertThat(SORTER.run(x, 0, descending, want, wantAt)).isTrue();
                assertThat(outside.run(x, 0, descending, got, gotAt)).isTrue();
                assertThat(Views.read(gotAt)).isEqualTo(Views.read(wantAt));
                assertThat(Views.read(got)).isEqualTo(Views.read(want));
            }
        }
    }

    @Test
    void oneLineIsSharedAmongThreads() {
        int n = 1_000_003;
        View x = Views.filled(new Random(3), Views.contiguous(DType.FLOAT32, n), 0.001);
        View one = Views.contiguous(DType.FLOAT32, n);
        View two = Views.contiguous(DType.FLOAT32, n);
        View oneAt = Views.contiguous(DType.INT64, n);
        View twoAt = Views.contiguous(DType.INT64, n);
        assertThat(new KeySort(new Workers(1)).run(x, 0, false, one, oneAt)).isTrue();
        assertThat(SORTER.run(x, 0, false, two, twoAt)).isTrue();
        assertThat(Views.read(twoAt)).isEqualTo(Views.read(oneAt));
        double[] sorted = Views.read(two);
        for (int i = 1; i < n; i++) {
            assertThat(sorted[i - 1] <= sorted[i] || Double.isNaN(sorted[i])).isTrue();
        }
    }
}
