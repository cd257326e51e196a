package akari.tensor;

import akari.backend.Backend;
import akari.backend.DType;
import akari.backend.Layout;
import akari.backend.Shape;
import akari.backend.View;
import java.lang.foreign.MemorySegment;
import java.util.function.LongToDoubleFunction;

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
        Tensor out = Tensors.empty(DType.INT64, n);
        long[] block = new long[(int) Math.min(n, SIZE)];
        for (long from = 0; from < n; from += SIZE) {
            int count = (int) Math.min(SIZE, n - from);
            f.fill(from, block, count);
            out.backend().upload(MemorySegment.ofArray(block).asSlice(0, 8L * count), out.view.buffer(), 8 * from);
        }
        return out;
    }

    /** A vector of any type on the CPU, each element rounded once. */
    static Tensor doubles(DType dtype, long n, LongToDoubleFunction f) {
        return doubles(dtype, n, (from, block, count) -> {
            for (int i = 0; i < count; i++) {
                block[i] = f.applyAsDouble(from + i);
            }
        });
    }

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
                backend.pointwise(Shaping.IDENTITY, DType.FLOAT64, Backend.NO_SCALARS, new View[] {to}, new View[] {
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

    /** The places of the elements that are not zero: their row-major numbers, {@code [count]}, or with {@code rows} their indices, {@code [count, dim]}. */
    static Tensor nonzero(Tensor t, boolean rows) {
        Tensor mask = t.dtype() == DType.BOOL ? t.detach() : t.detach().ne(0);
        long count = mask.numel() == 0 ? 0 : mask.sum().itemLong();
        int rank = t.dim();
        long width = rows ? rank : 1;
        Trues trues = new Trues(mask);
        long[] sizes = rows ? t.shape().toArray() : new long[] {Long.MAX_VALUE};
        long[] row = new long[sizes.length];
        Tensor out = longs(OutOfMemory.times("nonzero", count, width), (from, block, n) -> {
            int column = (int) (from % width);
            for (int i = 0; i < n; i++) {
                if (column == 0) {
                    long rest = trues.next();
                    for (int d = row.length - 1; d >= 0; d--) {
                        row[d] = rest % sizes[d];
                        rest /= sizes[d];
                    }
                }
                block[i] = row[column];
                column = column + 1 == row.length ? 0 : column + 1;
            }
        });
        return rows ? out.reshape(count, rank) : out;
    }

    /** The places of the true elements of a mask, one after the other. */
    private static final class Trues {
        private final Reader reader;
        private final byte[] block;
        private final long all;
        private long start;
        private long at;

        Trues(Tensor mask) {
            reader = new Reader(mask, DType.BOOL);
            all = mask.numel();
            block = new byte[(int) Math.min(all, SIZE)];
            start = -block.length;
        }

        long next() {
            while (true) {
                if (at == start + block.length) {
                    start = at;
                    reader.read(start, MemorySegment.ofArray(block).asSlice(0, Math.min(block.length, all - start)));
                }
                if (block[(int) (at++ - start)] != 0) {
                    return at - 1;
                }
            }
        }
    }
}
