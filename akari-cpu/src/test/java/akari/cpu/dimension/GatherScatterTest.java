package akari.cpu.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.backend.Combine;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.Views;
import akari.cpu.machine.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class GatherScatterTest {
    private static final Workers WORKERS = new Workers(2);
    private static final GatherScatter INDEXING = new GatherScatter(WORKERS);

    @AfterAll
    static void stop() {
        WORKERS.threads(1);
    }

    private static View indices(Random r, Shape shape, long bound) {
        View v = Views.of(DType.INT64, Layout.contiguous(shape));
        long[] at = new Random(r.nextLong()).longs(shape.numel(), 0, bound).toArray();
        Views.REFERENCE.upload(MemorySegment.ofArray(at), v.buffer(), 0);
        return v;
    }

    @Test
    void gatherAndScatterAgreeWithTheReference() {
        Random r = new Random(8);
        int fast = 0;
        for (int i = 0; i < 300; i++) {
            Shape shape = Views.shape(r);
            if (shape.rank() == 0 || shape.numel() == 0) {
                continue;
            }
            DType t = DType.values()[r.nextInt(DType.values().length)];
            int dim = r.nextInt(shape.rank());
            Shape picked = shape.with(dim, 1 + r.nextInt(9));
            // an index of its own for every element, or one for all that lies around the dimension
            boolean shared = r.nextInt(3) == 0;
            Shape one =
                    Shape.of(LongStream.generate(() -> 1).limit(shape.rank()).toArray());
            View index = indices(r, shared ? one.with(dim, picked.get(dim)) : picked, shape.get(dim));
            index = index.with(index.layout().expand(picked));
            View x = Views.filled(r, Views.of(t, Layout.contiguous(shape)), 0);
            View y = Views.of(t, Layout.contiguous(picked));
            View want = Views.of(t, Layout.contiguous(picked));
            assertThat(INDEXING.gather(x, dim, index, y)).isTrue();
            fast++;
            Views.REFERENCE.gather(x, dim, index, want);
            assertThat(Views.read(y)).isEqualTo(Views.read(want));
            for (Combine how : Combine.values()) {
                View a = Views.filled(new Random(i), Views.of(t, Layout.contiguous(shape)), 0);
                View b = Views.filled(new Random(i), Views.of(t, Layout.contiguous(shape)), 0);
                if (!INDEXING.scatter(a, dim, index, y, how)) {
                    assertThat(t).isNotIn(DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64);
                    continue;
                }
                Views.REFERENCE.scatter(b, dim, index, y, how);
                assertThat(Views.read(a)).isEqualTo(Views.read(b));
            }
        }
        assertThat(fast).isGreaterThan(100);
    }

    @Test
    void indicesAreChecked() {
        View x = Views.contiguous(DType.FLOAT32, 3, 4);
        View out = Views.contiguous(DType.FLOAT32, 3, 2);
        View index = Views.contiguous(DType.INT64, 3, 2);
        Views.REFERENCE.upload(MemorySegment.ofArray(new long[] {0, 1, 2, 3, 4, 0}), index.buffer(), 0);
        assertThatThrownBy(() -> INDEXING.gather(x, 1, index, out))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("index 4 is out of range for dimension 1 with size 4");
    }
}
