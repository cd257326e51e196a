package akari.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import akari.backend.Combine;
import akari.backend.Conversions;
import akari.backend.DType;
import akari.backend.Shape;
import akari.backend.View;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Gather and scatter of contiguous elements whose shapes agree in all dimensions but the indexed one. Slices along the
 * outer dimensions are independent and shared among the workers; within one, elements are taken in row-major order. An index that
 * is the same for everything inside the indexed dimension (whole rows are picked) is read once a row.
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
        s.each(workers, true, (from, to, n) -> copy(s.bytes, from, to, n));
        return true;
    }

    /** As {@link #gather}. */
    boolean scatter(View out, int dim, View index, View src, Combine how) {
        DType t = out.dtype();
        boolean adds = t == DType.BFLOAT16 || t == DType.FLOAT32 || t == DType.FLOAT64 || t == DType.INT64;
        boolean fits = how == Combine.SET || how == Combine.ADD && adds;
        Slices s = fits ? Slices.of(out, dim, index, src) : null;
        if (s == null) {
            return false;
        }
        s.each(
                workers,
                false,
                how == Combine.ADD
                        ? (to, from, n) -> {
                            for (long i = 0; i < n; i++) {
                                add(t, from + i * s.bytes, to + i * s.bytes);
                            }
                        }
                        : (to, from, n) -> copy(s.bytes, from, to, n));
        return true;
    }

    private static void copy(int bytes, long from, long to, long n) {
        if (n == 1) {
            copy(bytes, from, to);
        } else {
            MemorySegment.copy(ALL, from, ALL, to, n * bytes);
        }
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
        /** {@code n} elements in a row, between the place an index points to and their place in the row-major order. */
        void at(long indexed, long plain, long n);
    }

    /** {@code [outer, size, inner]} against {@code [outer, count, inner]}; the index's strides, and whether it is one for a whole row. */
    private record Slices(
            long indexed,
            long plain,
            long index,
            int bytes,
            int dim,
            long outer,
            long size,
            long count,
            long inner,
            long outerStride,
            long countStride,
            boolean rows) {
        static @Nullable Slices of(View x, int dim, View index, View y) {
            int bytes = x.dtype().bytes();
            Shape shape = x.shape();
            boolean fits = shape.rank() > 0
                    && index.numel() > 0
                    && x.layout().isContiguous()
                    && y.layout().isContiguous()
                    && y.shape().equals(index.shape())
                    && shape.with(dim, 1).equals(index.shape().with(dim, 1));
            if (!fits) {
                return null;
            }
            int d = shape.axis(dim);
            long outer = 1;
            long inner = 1;
            boolean everywhere = true; // the index is the same outside of the dimension, and inside of it
            boolean rows = true;
            for (int i = 0; i < shape.rank(); i++) {
                outer *= i < d ? shape.get(i) : 1;
                inner *= i > d ? shape.get(i) : 1;
                boolean same = i == d || shape.get(i) == 1 || index.layout().stride(i) == 0;
                everywhere &= i > d || same;
                rows &= i < d || same;
            }
            long count = index.shape().get(d);
            boolean whole = index.layout().isContiguous();
            if (!whole && !(everywhere && rows)) {
                return null;
            }
            return new Slices(
                    x.address(),
                    y.address(),
                    index.address(),
                    bytes,
                    d,
                    outer,
                    shape.get(d),
                    count,
                    inner,
                    whole ? count * inner : 0,
                    whole ? inner : index.layout().stride(d),
                    inner > 1 && !whole);
        }

        /** @param free whether all elements may move at once: nothing meets at one place */
        void each(Workers workers, boolean free, Move move) {
            long slice = count * inner;
            if (rows && free && outer == 1) {
                long perTask = Math.max(1, GRAIN / inner);
                workers.run(
                        Math.toIntExact(Math.ceilDiv(count, perTask)),
                        t -> rows(0, t * perTask, Math.min((t + 1) * perTask, count), move));
                return;
            }
            long perTask = Math.max(1, GRAIN / slice);
            workers.run(Math.toIntExact(Math.ceilDiv(outer, perTask)), t -> {
                for (long o = t * perTask; o < Math.min((t + 1) * perTask, outer); o++) {
                    if (rows) {
                        rows(o, 0, count, move);
                    } else {
                        elements(o, move);
                    }
                }
            });
        }

        private void rows(long o, long from, long to, Move move) {
            for (long c = from; c < to; c++) {
                long at = checked(o * outerStride + c * countStride);
                move.at(indexed + (o * size + at) * inner * bytes, plain + (o * count + c) * inner * bytes, inner);
            }
        }

        private void elements(long o, Move move) {
            for (long c = 0; c < count; c++) {
                for (long i = 0; i < inner; i++) {
                    long at = checked(o * outerStride + c * countStride + i);
                    move.at(
                            indexed + ((o * size + at) * inner + i) * bytes,
                            plain + ((o * count + c) * inner + i) * bytes,
                            1);
                }
            }
        }

        private long checked(long place) {
            long at = ALL.get(JAVA_LONG, index + place * 8);
            if (at < 0 || at >= size) {
                throw new IndexOutOfBoundsException(
                        "index " + at + " is out of range for dimension " + dim + " with size " + size);
            }
            return at;
        }
    }
}
