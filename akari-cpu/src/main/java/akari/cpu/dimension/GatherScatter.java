package akari.cpu.dimension;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import akari.backend.Combine;
import akari.backend.Conversions;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Workers;
import akari.cpu.transfer.Blocks;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gather and scatter of contiguous elements whose shapes agree in all dimensions but the indexed one. Slices along the
 * outer dimensions are independent and shared among the workers; within one, elements are taken in row-major order, by blocks: first
 * the addresses of a block, then what is to be done there. An index that is the same for everything inside the indexed dimension (whole
 * rows are picked) is read once a row.
 */
public final class GatherScatter {
    private static final MemorySegment ALL = SystemMemory.ALL;
    /** Elements of a task. */
    private static final int GRAIN = 1 << 14;

    private final Workers workers;

    public GatherScatter(Workers workers) {
        this.workers = workers;
    }

    /** Whether this case has a fast path; if not, nothing was done and the reference serves. */
    public boolean gather(View x, int dim, View index, View out) {
        Slices s = Slices.of(x, dim, index, out);
        if (s == null) {
            return false;
        }
        if (s.rows) {
            s.eachRow(workers, true, (from, to, n) -> MemorySegment.copy(ALL, from, ALL, to, n * s.bytes));
        } else {
            s.eachBlock(workers, true, gather(s.bytes));
        }
        return true;
    }

    /** As {@link #gather}. */
    public boolean scatter(View out, int dim, View index, View src, Combine how) {
        DType t = out.dtype();
        Block block = how == Combine.SET ? scatter(t.bytes()) : combine(t, how);
        Slices s = block == null ? null : Slices.of(out, dim, index, src);
        if (block == null || s == null) {
            return false;
        }
        if (!s.rows) {
            s.eachBlock(workers, false, block);
        } else if (how == Combine.SET) {
            s.eachRow(workers, false, (to, from, n) -> MemorySegment.copy(ALL, from, ALL, to, n * s.bytes));
        } else {
            s.eachRow(workers, false, (to, from, n) -> {
                long[] at = new long[(int) Math.min(n, Blocks.SIZE)];
                for (long i = 0; i < n; i += at.length) {
                    int count = (int) Math.min(at.length, n - i);
                    for (int k = 0; k < count; k++) {
                        at[k] = (i + k) * s.bytes;
                    }
                    block.run(to, at, from + i * s.bytes, count);
                }
            });
        }
        return true;
    }

    private interface Row {
        /** {@code n} elements in a row, between the place an index points to and their place in the row-major order. */
        void run(long indexed, long plain, long n);
    }

    private interface Block {
        /** The same for {@code n} elements at distances of their own from {@code base}. */
        void run(long base, long[] indexed, long plain, int n);
    }

    // ---- what is done; each a loop of its own, which the JIT sees with its type

    private static Block gather(int bytes) {
        return switch (bytes) {
            case 1 ->
                (base, at, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        ALL.set(JAVA_BYTE, to + i, ALL.get(JAVA_BYTE, base + at[i]));
                    }
                };
            case 2 ->
                (base, at, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        ALL.set(JAVA_SHORT_UNALIGNED, to + i * 2L, ALL.get(JAVA_SHORT_UNALIGNED, base + at[i]));
                    }
                };
            case 4 ->
                (base, at, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        ALL.set(JAVA_INT_UNALIGNED, to + i * 4L, ALL.get(JAVA_INT_UNALIGNED, base + at[i]));
                    }
                };
            default ->
                (base, at, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        ALL.set(JAVA_LONG_UNALIGNED, to + i * 8L, ALL.get(JAVA_LONG_UNALIGNED, base + at[i]));
                    }
                };
        };
    }

    private static Block scatter(int bytes) {
        return switch (bytes) {
            case 1 ->
                (base, at, from, n) -> {
                    for (int i = 0; i < n; i++) {
                        ALL.set(JAVA_BYTE, base + at[i], ALL.get(JAVA_BYTE, from + i));
                    }
                };
            case 2 ->
                (base, at, from, n) -> {
                    for (int i = 0; i < n; i++) {
                        ALL.set(JAVA_SHORT_UNALIGNED, base + at[i], ALL.get(JAVA_SHORT_UNALIGNED, from + i * 2L));
                    }
                };
            case 4 ->
                (base, at, from, n) -> {
                    for (int i = 0; i < n; i++) {
                        ALL.set(JAVA_INT_UNALIGNED, base + at[i], ALL.get(JAVA_INT_UNALIGNED, from + i * 4L));
                    }
                };
            default ->
                (base, at, from, n) -> {
                    for (int i = 0; i < n; i++) {
                        ALL.set(JAVA_LONG_UNALIGNED, base + at[i], ALL.get(JAVA_LONG_UNALIGNED, from + i * 8L));
                    }
                };
        };
    }

    private static @Nullable Block combine(DType t, Combine how) {
        return switch (t) {
            case FLOAT32 ->
                how == Combine.ADD
                        ? (base, at, from, n) -> {
                            for (int i = 0; i < n; i++) {
                                float sum = ALL.get(JAVA_FLOAT_UNALIGNED, base + at[i])
                                        + ALL.get(JAVA_FLOAT_UNALIGNED, from + i * 4L);
                                ALL.set(JAVA_FLOAT_UNALIGNED, base + at[i], sum);
                            }
                        }
                        : (base, at, from, n) -> {
                            for (int i = 0; i < n; i++) {
                                float a = ALL.get(JAVA_FLOAT_UNALIGNED, base + at[i]);
                                float b = ALL.get(JAVA_FLOAT_UNALIGNED, from + i * 4L);
                                ALL.set(JAVA_FLOAT_UNALIGNED, base + at[i], (float) how.of(a, b));
                            }
                        };
            case FLOAT64 ->
                (base, at, from, n) -> {
                    for (int i = 0; i < n; i++) {
                        double a = ALL.get(JAVA_DOUBLE_UNALIGNED, base + at[i]);
                        double b = ALL.get(JAVA_DOUBLE_UNALIGNED, from + i * 8L);
                        ALL.set(JAVA_DOUBLE_UNALIGNED, base + at[i], how.of(a, b));
                    }
                };
            case BFLOAT16 ->
                (base, at, from, n) -> {
                    for (int i = 0; i < n; i++) {
                        float a = Conversions.fromBfloat16(ALL.get(JAVA_SHORT_UNALIGNED, base + at[i]));
                        float b = Conversions.fromBfloat16(ALL.get(JAVA_SHORT_UNALIGNED, from + i * 2L));
                        ALL.set(JAVA_SHORT_UNALIGNED, base + at[i], Conversions.toBfloat16((float) how.of(a, b)));
                    }
                };
            case INT32 ->
                (base, at, from, n) -> {
                    for (int i = 0; i < n; i++) {
                        long a = ALL.get(JAVA_INT_UNALIGNED, base + at[i]);
                        long b = ALL.get(JAVA_INT_UNALIGNED, from + i * 4L);
                        ALL.set(JAVA_INT_UNALIGNED, base + at[i], (int) how.of(a, b));
                    }
                };
            case INT64 ->
                (base, at, from, n) -> {
                    for (int i = 0; i < n; i++) {
                        long a = ALL.get(JAVA_LONG_UNALIGNED, base + at[i]);
                        long b = ALL.get(JAVA_LONG_UNALIGNED, from + i * 8L);
                        ALL.set(JAVA_LONG_UNALIGNED, base + at[i], how.of(a, b));
                    }
                };
            case BOOL, UINT8, INT8, INT16, FLOAT16 -> null;
        };
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
            long innerStride,
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
                    whole ? 1 : 0,
                    inner > 1 && !whole);
        }

        /** @param free whether all rows may move at once: nothing meets at one place */
        void eachRow(Workers workers, boolean free, Row row) {
            if (free && outer == 1) {
                long perTask = Math.max(1, GRAIN / inner);
                workers.run(
                        Math.toIntExact(Math.ceilDiv(count, perTask)),
                        t -> rows(0, t * perTask, Math.min((t + 1) * perTask, count), row));
                return;
            }
            eachSlice(workers, o -> rows(o, 0, count, row));
        }

        /** As {@link #eachRow}, for elements that each have an index. */
        void eachBlock(Workers workers, boolean free, Block block) {
            long slice = count * inner;
            if (innerStride == 0 && inner == 1 && outer > 1) {
                shared(workers, block);
                return;
            }
            long all = outer * slice;
            long perTask = free ? GRAIN : Math.max(1, GRAIN / slice) * slice;
            workers.run(
                    Math.toIntExact(Math.ceilDiv(all, perTask)),
                    t -> blocks(t * perTask, Math.min((t + 1) * perTask, all), block));
        }

        /** One index for every slice: read once, and used in all of a task's. */
        private void shared(Workers workers, Block block) {
            long perTask = Math.max(1, GRAIN / count);
            workers.run(Math.toIntExact(Math.ceilDiv(outer, perTask)), t -> {
                long[] at = new long[(int) Math.min(count, Blocks.SIZE)];
                for (long c = 0; c < count; c += at.length) {
                    int n = (int) Math.min(at.length, count - c);
                    for (int j = 0; j < n; j++) {
                        at[j] = checked((c + j) * countStride) * bytes;
                    }
                    for (long o = t * perTask; o < Math.min((t + 1) * perTask, outer); o++) {
                        block.run(indexed + o * size * bytes, at, plain + (o * count + c) * bytes, n);
                    }
                }
            });
        }

        private void eachSlice(Workers workers, LongConsumer body) {
            long perTask = Math.max(1, GRAIN / (count * inner));
            workers.run(Math.toIntExact(Math.ceilDiv(outer, perTask)), t -> {
                for (long o = t * perTask; o < Math.min((t + 1) * perTask, outer); o++) {
                    body.accept(o);
                }
            });
        }

        private void rows(long o, long from, long to, Row row) {
            for (long c = from; c < to; c++) {
                long at = checked(o * outerStride + c * countStride);
                row.run(indexed + (o * size + at) * inner * bytes, plain + (o * count + c) * inner * bytes, inner);
            }
        }

        private void blocks(long from, long to, Block block) {
            long[] at = new long[(int) Math.min(to - from, Blocks.SIZE)];
            long o = from / (count * inner);
            long c = from / inner % count;
            long i = from % inner;
            for (long k = from; k < to; k += at.length) {
                int n = (int) Math.min(at.length, to - k);
                for (int j = 0; j < n; j++) {
                    long place = checked(o * outerStride + c * countStride + i * innerStride);
                    at[j] = ((o * size + place) * inner + i) * bytes;
                    if (++i == inner) {
                        i = 0;
                        if (++c == count) {
                            c = 0;
                            o++;
                        }
                    }
                }
                block.run(indexed, at, plain + k * bytes, n);
            }
        }

        private long checked(long place) {
            long at = ALL.get(JAVA_LONG_UNALIGNED, index + place * 8);
            if (at < 0 || at >= size) {
                throw new IndexOutOfBoundsException(
                        "index " + at + " is out of range for dimension " + dim + " with size " + size);
            }
            return at;
        }
    }
}
