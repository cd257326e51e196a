package akari.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import akari.backend.Conversions;
import akari.backend.DType;
import akari.backend.Shape;
import akari.backend.View;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Gather and scatter of contiguous elements whose shapes agree in all dimensions but the indexed one. Slices along the
 * outer dimensions are independent and shared among the workers; within one, elements are taken in row-major order.
 */
final class Indexing {
    private static final MemorySegment ALL = SystemMemory.ALL;
    /** Elements of a task. */
    private static final int GRAIN = 1 << 14;

    private final Workers workers;

    Indexing(Workers workers) {
        this.workers = workers;
    }

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    boolean gather(View x, int dim, View index, View out) {
        Slices s = Slices.of(x, dim, index, out);
        if (s == null) {
            return false;
        }
        s.each(workers, (from, to) -> copy(s.bytes, from, to));
        return true;
    }

    /** As {@link #gather}. */
    boolean scatter(View out, int dim, View index, View src, boolean add) {
        DType t = out.dtype();
        boolean adds = t == DType.BFLOAT16 || t == DType.FLOAT32 || t == DType.FLOAT64 || t == DType.INT64;
        Slices s = add && !adds ? null : Slices.of(out, dim, index, src);
        if (s == null) {
            return false;
        }
        s.each(workers, add ? (to, from) -> add(t, from, to) : (to, from) -> copy(s.bytes, from, to));
        return true;
    }

    private static void copy(int bytes, long from, long to) {
        switch (bytes) {
            case 1 -> ALL.set(JAVA_BYTE, to, ALL.get(JAVA_BYTE, from));
            case 2 -> ALL.set(JAVA_SHORT, to, ALL.get(JAVA_SHORT, from));
            case 4 -> ALL.set(JAVA_INT, to, ALL.get(JAVA_INT, from));
            default -> ALL.set(JAVA_LONG, to, ALL.get(JAVA_LONG, from));
        }
    }

    private static void add(DType t, long from, long to) {
        switch (t) {
            case BFLOAT16 -> {
                float sum = Conversions.fromBfloat16(ALL.get(JAVA_SHORT, to))
                        + Conversions.fromBfloat16(ALL.get(JAVA_SHORT, from));
                ALL.set(JAVA_SHORT, to, Conversions.toBfloat16(sum));
            }
            case FLOAT32 -> ALL.set(JAVA_FLOAT, to, ALL.get(JAVA_FLOAT, to) + ALL.get(JAVA_FLOAT, from));
            case FLOAT64 -> ALL.set(JAVA_DOUBLE, to, ALL.get(JAVA_DOUBLE, to) + ALL.get(JAVA_DOUBLE, from));
            default -> ALL.set(JAVA_LONG, to, ALL.get(JAVA_LONG, to) + ALL.get(JAVA_LONG, from));
        }
    }

    private interface Move {
        /** Between the place an index points to and its place in the row-major order. */
        void at(long indexed, long plain);
    }

    /** {@code [outer, size, inner]} against {@code [outer, count, inner]}. */
    private record Slices(
            long indexed, long plain, long index, int bytes, int dim, long outer, long size, long count, long inner) {
        static @Nullable Slices of(View x, int dim, View index, View y) {
            int bytes = x.dtype().bytes();
            Shape shape = x.shape();
            boolean fits = shape.rank() > 0
                    && index.numel() > 0
                    && x.layout().isContiguous()
                    && index.layout().isContiguous()
                    && y.layout().isContiguous()
                    && y.shape().equals(index.shape())
                    && shape.with(dim, 1).equals(index.shape().with(dim, 1));
            if (!fits) {
                return null;
            }
            int d = shape.axis(dim);
            long outer = 1;
            long inner = 1;
            for (int i = 0; i < shape.rank(); i++) {
                outer *= i < d ? shape.get(i) : 1;
                inner *= i > d ? shape.get(i) : 1;
            }
            return new Slices(
                    x.address(),
                    y.address(),
                    index.address(),
                    bytes,
                    d,
                    outer,
                    shape.get(d),
                    index.shape().get(d),
                    inner);
        }

        void each(Workers workers, Move move) {
            long slice = count * inner;
            long perTask = Math.max(1, GRAIN / slice);
            workers.run(Math.toIntExact(Math.ceilDiv(outer, perTask)), t -> {
                for (long o = t * perTask; o < Math.min((t + 1) * perTask, outer); o++) {
                    for (long i = 0; i < slice; i++) {
                        long at = ALL.get(JAVA_LONG, index + (o * slice + i) * 8);
                        if (at < 0 || at >= size) {
                            throw new IndexOutOfBoundsException(
                                    "index " + at + " is out of range for dimension " + dim + " with size " + size);
                        }
                        long place = (o * size + at) * inner + (inner == 1 ? 0 : i % inner);
                        move.at(indexed + place * bytes, plain + (o * slice + i) * bytes);
                    }
                }
            });
        }
    }
}
