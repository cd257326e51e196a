package akari.tensor;

import akari.backend.Backend;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Tensors that the host computes or reads a block at a time: no array of their length lies on the Java heap. */
final class Blockwise {
    /** Elements of a block. */
    static final int SIZE = 1 << 16;

    private Blockwise() {}

    /** Fills {@code n} elements from the start of {@code block}: those from place {@code from} of the tensor on. Called in order. */
    interface Longs {
        void fill(long from, long[] block, int n);
    }

    /** As {@link Longs}. */
    interface Doubles {
        void fill(long from, double[] block, int n);
    }

    /** An int64 vector on the CPU. */
    static Tensor longs(long n, Longs f) {
        return longs(n, 1, f);
    }

    /** As the other, in blocks of whole units, of which there is no part. */
    static Tensor longs(long n, int unit, Longs f) {
        Tensor out = Tensors.empty(DType.INT64, n);
        int size = Math.max(1, SIZE / unit) * unit;
        long[] block = new long[(int) Math.min(n, size)];
        for (long from = 0; from < n; from += size) {
            int count = (int) Math.min(size, n - from);
            f.fill(from, block, count);
            out.backend().upload(MemorySegment.ofArray(block).asSlice(0, 8L * count), out.view.buffer(), 8 * from);
        }
        return out;
    }

    /** A vector of any type on the CPU, each element rounded once. */
    static Tensor doubles(DType dtype, long n, Doubles f) {
        double[] block = new double[(int) Math.min(n, SIZE)];
        Tensor out = Tensors.empty(dtype, n);
        Backend backend = out.backend();
        Tensor part = dtype == DType.FLOAT64 ? out : Tensors.empty(DType.FLOAT64, block.length);
        for (long from = 0; from < n; from += SIZE) {
            int count = (int) Math.min(SIZE, n - from);
            f.fill(from, block, count);
            MemorySegment values = MemorySegment.ofArray(block).asSlice(0, 8L * count);
            backend.upload(values, part.view.buffer(), part == out ? 8 * from : 0);
            if (part != out) {
                Layout row = Layout.contiguous(Shape.of(count));
                View to = out.view.with(row.at(from));
                backend.pointwise(ShapingOps.IDENTITY, DType.FLOAT64, Backend.NO_SCALARS, new View[] {to}, new View[] {
                    part.view.with(row)
                });
            }
        }
        if (part != out) {
            part.view.buffer().release("the end of a creation");
        }
        return out;
    }

    /** The elements of a tensor on the host, from one place of the row-major order to the next, as far as a block reaches. */
    static final class Reader {
        private final Tensor source;

        /** Copies {@code t} where it is not row-major or of another type. */
        Reader(Tensor t, DType as) {
            Graph.Recorder recorder = Mode.current().recorder;
            if (recorder != null) {
                recorder.read(t);
            }
            source = Tensors.noGrad(() -> t.to(as).contiguous());
        }

        /** Fills {@code to}, a heap segment, with the elements from place {@code from} on. */
        void read(long from, MemorySegment to) {
            long at = source.view.layout().offset() + from;
            source.backend().download(source.view.buffer(), at * source.dtype().bytes(), to);
        }
    }

    /** {@code 0, 0, …, 1, 1, …}: each index as often as {@code counts} says. */
    static Tensor repeated(String op, Tensor counts) {
        var reader = new Reader(counts, DType.INT64);
        long[] part = new long[(int) Math.min(counts.numel(), SIZE)];
        double total = 0;
        for (long from = 0; from < counts.numel(); from += SIZE) {
            int n = (int) Math.min(SIZE, counts.numel() - from);
            reader.read(from, MemorySegment.ofArray(part).asSlice(0, 8L * n));
            for (int i = 0; i < n; i++) {
                if (part[i] < 0) {
                    throw new IllegalArgumentException(op + ": negative count " + part[i]);
                }
                total += part[i];
            }
        }
        long[] next = {0, 0}; // the index behind the last one, and how often the last one is still to come
        return longs(OutOfMemory.elements(op, total), (_, block, n) -> {
            long index = next[0];
            long left = next[1];
            for (int i = 0; i < n; ) {
                if (left == 0) {
                    int at = (int) (index % SIZE);
                    if (at == 0) {
                        long rest = Math.min(part.length, counts.numel() - index);
                        reader.read(index, MemorySegment.ofArray(part).asSlice(0, 8 * rest));
                    }
                    left = part[at];
                    index++;
                }
                int same = (int) Math.min(left, n - i);
                Arrays.fill(block, i, i + same, index - 1);
                i += same;
                left -= same;
            }
            next[0] = index;
            next[1] = left;
        });
    }

    /** The places of the elements that are not zero: their row-major numbers, {@code [count]}, or with {@code rows} their indices, {@code [count, dim]}. */
    static Tensor nonzero(Tensor t, boolean rows) {
        Tensor mask = t.dtype() == DType.BOOL ? t.detach() : t.detach().ne(0);
        Trues trues = new Trues(mask);
        long count = trues.count();
        int rank = t.dim();
        if (!rows || rank == 1) {
            Tensor out = longs(count, (_, block, n) -> trues.next(block, n));
            return rows ? out.reshape(count, 1) : out;
        }
        long[] sizes = t.shape().toArray();
        Tensor out = longs(OutOfMemory.times("nonzero", count, rank), Math.max(1, rank), (_, block, n) -> {
            int found = n / rank;
            trues.next(block, found);
            for (int i = found - 1, at = n; i >= 0; i--) { // from the end, as the indices take the place of the numbers
                long rest = block[i];
                for (int d = rank - 1; d >= 0; d--) {
                    block[--at] = rest % sizes[d];
                    rest /= sizes[d];
                }
            }
        });
        return out.reshape(count, rank);
    }

    /** The places of the true elements of a mask, in order. */
    private static final class Trues {
        private final Tensor whole;
        private final Reader mask;
        private final long all;
        private final byte[] part;
        private long start;
        private int at;
        private int end;

        Trues(Tensor mask) {
            whole = mask;
            this.mask = new Reader(mask, DType.BOOL);
            all = mask.numel();
            part = new byte[(int) Math.min(all, SIZE)];
        }

        long count() {
            if (all > part.length) {
                return whole.sum().itemLong();
            }
            refill();
            int n = 0;
            for (byte b : part) {
                n += b;
            }
            return n;
        }

        private void refill() {
            start += end;
            at = 0;
            end = (int) Math.min(part.length, all - start);
            if (end > 0) {
                mask.read(start, MemorySegment.ofArray(part).asSlice(0, end));
            }
        }

        /** The next {@code n}, of which there are as many. */
        void next(long[] to, int n) {
            int found = 0;
            while (found < n) {
                if (at == end) {
                    refill();
                }
                int i = at;
                for (; i < end && found < n; i++) {
                    if (part[i] != 0) {
                        to[found++] = start + i;
                    }
                }
                at = i;
            }
        }
    }
}
