package akari.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import akari.backend.DType;
import akari.backend.Shape;
import akari.backend.View;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Gather and scatter of contiguous 4- and 8-byte elements whose shapes agree in all dimensions but the indexed one. Slices along the
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
        s.each(workers, (from, to) -> {
            if (s.bytes == 4) {
                ALL.set(JAVA_INT, to, ALL.get(JAVA_INT, from));
            } else {
                ALL.set(JAVA_LONG, to, ALL.get(JAVA_LONG, from));
            }
        });
        return true;
    }

    /** As {@link #gather}. */
    boolean scatter(View out, int dim, View index, View src, boolean add) {
        Slices s = Slices.of(out, dim, index, src);
        if (s == null) {
            return false;
        }
        DType t = out.dtype();
        s.each(workers, (to, from) -> {
            if (add) {
                switch (t) {
                    case FLOAT32 -> ALL.set(JAVA_FLOAT, to, ALL.get(JAVA_FLOAT, to) + ALL.get(JAVA_FLOAT, from));
                    case FLOAT64 -> ALL.set(JAVA_DOUBLE, to, ALL.get(JAVA_DOUBLE, to) + ALL.get(JAVA_DOUBLE, from));
                    default -> ALL.set(JAVA_LONG, to, ALL.get(JAVA_LONG, to) + ALL.get(JAVA_LONG, from));
                }
            } else if (s.bytes == 4) {
                ALL.set(JAVA_INT, to, ALL.get(JAVA_INT, from));
            } else {
                ALL.set(JAVA_LONG, to, ALL.get(JAVA_LONG, from));
            }
        });
        return true;
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
            boolean fits = bytes >= 4
                    && shape.rank() > 0
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
