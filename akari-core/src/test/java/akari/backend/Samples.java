package akari.backend;

import akari.core.DType;
import akari.core.Shape;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Small operands with every kind of layout, and plain access to them by index. */
final class Samples {
    static final ReferenceBackend BACKEND = new ReferenceBackend();

    private Samples() {}

    /** A contiguous view of zeros. */
    static View zeros(DType t, long... shape) {
        Layout layout = Layout.contiguous(Shape.of(shape));
        View v = new View(BACKEND.allocate(layout.numel() * t.bytes()), t, layout);
        each(v.shape(), i -> set(v, 0, i));
        return v;
    }

    static View of(DType t, Shape shape, double... values) {
        View v = zeros(t, shape.toArray());
        for (int i = 0; i < values.length; i++) {
            Memory.set(t, v.address() + (long) i * t.bytes(), values[i]);
        }
        return v;
    }

    static View floats(double... values) {
        return of(DType.FLOAT64, Shape.of(values.length), values);
    }

    static View longs(Shape shape, long... values) {
        View v = zeros(DType.INT64, shape.toArray());
        for (int i = 0; i < values.length; i++) {
            Memory.setLong(DType.INT64, v.address() + 8L * i, values[i]);
        }
        return v;
    }

    /** Values of about unit size under a random layout: permuted, with gaps and an offset. */
    static View strided(Random random, DType t, long... shape) {
        Layout layout = layout(random, Shape.of(shape));
        View v = new View(BACKEND.allocate(layout.end() * t.bytes()), t, layout);
        each(v.shape(), i -> set(v, t.isFloating() ? random.nextGaussian() : random.nextInt(7), i));
        return v;
    }

    /** Non-overlapping, with the dimensions in random order of memory. */
    static Layout layout(Random random, Shape shape) {
        int rank = shape.rank();
        long[] strides = new long[rank];
        boolean[] done = new boolean[rank];
        boolean gaps = random.nextBoolean();
        long step = gaps ? 1 + random.nextInt(2) : 1;
        for (int k = 0; k < rank; k++) {
            int d = rank - 1 - k;
            if (random.nextInt(2) == 0) {
                d = random.nextInt(rank);
            }
            while (done[d]) {
                d = (d + rank - 1) % rank;
            }
            done[d] = true;
            strides[d] = step;
            step *= Math.max(1, shape.get(d));
            step += gaps ? random.nextInt(3) : 0;
        }
        return Layout.of(shape, strides, random.nextInt(3));
    }

    static void each(Shape shape, Consumer<long[]> f) {
        each(shape, new long[shape.rank()], 0, f);
    }

    private static void each(Shape shape, long[] index, int d, Consumer<long[]> f) {
        if (d == index.length) {
            f.accept(index);
            return;
        }
        for (index[d] = 0; index[d] < shape.get(d); index[d]++) {
            each(shape, index, d + 1, f);
        }
        index[d] = 0;
    }

    /** Where element {@code index} lies, in elements from the buffer's start. */
    static long position(Layout layout, long... index) {
        long at = layout.offset();
        for (int d = 0; d < index.length; d++) {
            at += index[d] * layout.stride(d);
        }
        return at;
    }

    static double get(View v, long... index) {
        return Memory.get(
                v.dtype(),
                v.buffer().address() + position(v.layout(), index) * v.dtype().bytes());
    }

    static void set(View v, double value, long... index) {
        Memory.set(
                v.dtype(),
                v.buffer().address() + position(v.layout(), index) * v.dtype().bytes(),
                value);
    }

    /** All elements in row-major order. */
    static double[] values(View v) {
        double[] out = new double[(int) v.numel()];
        int[] at = {0};
        each(v.shape(), i -> out[at[0]++] = get(v, i));
        return out;
    }

    /** What {@code f} gives at every index of {@code shape}, in row-major order. */
    static double[] table(Shape shape, ToDoubleFunction<long[]> f) {
        double[] out = new double[(int) shape.numel()];
        int[] at = {0};
        each(shape, i -> out[at[0]++] = f.applyAsDouble(i));
        return out;
    }

    static double dot(View a, View b) {
        double[] x = values(a);
        double[] y = values(b);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
