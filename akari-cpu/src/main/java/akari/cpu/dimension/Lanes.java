package akari.cpu.dimension;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;

import akari.backend.ReduceOp;
import akari.core.DType;
import akari.cpu.machine.SystemMemory;
import akari.cpu.transfer.Transfer;
import akari.cpu.transfer.WideTransfer;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What a reduction accumulates in: one lane for each of up to 512 elements that are read together. Sums and products of floating types
 * are kept in double, integers in 64 bits, where they wrap around. ANY and ALL are the largest and the smallest truth. The loops have one
 * index, which is what the JIT vectorises.
 */
abstract sealed class Lanes permits LongLanes, Lanes.Sums, Lanes.Floats, Lanes.Doubles {
    /** Elements that a lane takes in at a time: so it is read and written once for several. */
    static final int PARTS = 4;

    final int width;

    /** Where the largest or the smallest was found, for the ARG forms. */
    final long[] where;

    Lanes(int width, boolean places) {
        this.width = width;
        where = new long[places ? width : 0];
    }

    static Lanes of(ReduceOp op, DType type, int width) {
        boolean sums = op == ReduceOp.SUM || op == ReduceOp.PROD;
        if (!type.isFloating()) {
            return new LongLanes(op, type, width);
        }
        return type == DType.FLOAT64
                ? new Doubles(op, width)
                : sums ? new Sums(op == ReduceOp.PROD, type, width) : new Floats(op, type, width);
    }

    static boolean isArg(ReduceOp op) {
        return op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
    }

    static boolean isTruth(ReduceOp op) {
        return op == ReduceOp.ANY || op == ReduceOp.ALL;
    }

    static boolean isLargest(ReduceOp op) {
        return op == ReduceOp.MAX || op == ReduceOp.ARGMAX || op == ReduceOp.ANY;
    }

    /** 1 for what is not 0, NaN among it; without branches, which random truth would mislead. */
    private static float truth(float v) {
        int bits = Float.floatToRawIntBits(v) << 1;
        return (bits | -bits) >>> 31;
    }

    private static double truth(double v) {
        long bits = Double.doubleToRawLongBits(v) << 1;
        return (bits | -bits) >>> 63;
    }

    /** Begins anew. */
    abstract void clear();

    /** Reads {@code n} elements, from number {@code at} of those to be taken in; there is room for {@link #PARTS} for each lane. */
    abstract void load(long address, long stride, int at, int n);

    /** Stands in for elements that are not there. */
    abstract void pad(int from, int to);

    /** Takes in what was read: {@code parts} times {@link #width} elements, each in its lane, of which {@code n} lanes count. */
    abstract void take(int parts, int n);

    /** Takes in what others have accumulated. */
    abstract void take(Lanes others, int n);

    /** Folds all lanes by halves into the first. */
    abstract void fold();

    /** Writes what a lane holds. */
    abstract void store(DType t, int lane, long address);

    /** Looks among {@code n} elements that were read, each in its lane and number {@code position} of it, or all in the first lane. */
    abstract void locate(int n, boolean together, long position);

    // ---- sums and products of up to 32 bits

    static final class Sums extends Lanes {
        private final boolean product;
        private final DType type;
        private final double[] acc;
        private final double[] half;
        private final float[] x;

        Sums(boolean product, DType type, int width) {
            super(width, false);
            this.product = product;
            this.type = type;
            acc = new double[width];
            half = new double[width / 2];
            x = new float[PARTS * width];
        }

        @Override
        void clear() {
            Arrays.fill(acc, product ? 1 : 0);
        }

        @Override
        void load(long address, long stride, int at, int n) {
            Transfer.load(type, address, stride, x, at, n);
        }

        @Override
        void pad(int from, int to) {
            Arrays.fill(x, from, to, product ? 1 : 0);
        }

        @Override
        void take(int parts, int n) {
            if (parts == PARTS && !product) {
                addAll(acc, x, width, n);
                return;
            }
            for (int k = 0; k < parts; k++) {
                if (product) {
                    multiply(acc, x, k * width, n);
                } else {
                    add(acc, x, k * width, n);
                }
            }
        }

        @Override
        void take(Lanes others, int n) {
            combine(product, acc, ((Sums) others).acc, n);
        }

        @Override
        void fold() {
            for (int n = width; n > 1; n = (n + 1) / 2) {
                System.arraycopy(acc, (n + 1) / 2, half, 0, n / 2);
                combine(product, acc, half, n / 2);
            }
        }

        @Override
        void store(DType t, int lane, long address) {
            Transfer.store(t, acc[lane], address);
        }

        @Override
        void locate(int n, boolean together, long position) {
            throw new IllegalStateException("a sum has no place");
        }

        private static void addAll(double[] to, float[] x, int width, int n) {
            for (int i = 0; i < n; i++) {
                double a = (double) x[i] + (double) x[width + i];
                double b = (double) x[2 * width + i] + (double) x[3 * width + i];
                to[i] = to[i] + (a + b);
            }
        }

        private static void add(double[] to, float[] x, int from, int n) {
            for (int i = 0; i < n; i++) {
                to[i] = to[i] + x[from + i];
            }
        }

        private static void multiply(double[] to, float[] x, int from, int n) {
            for (int i = 0; i < n; i++) {
                to[i] = to[i] * x[from + i];
            }
        }

        static void combine(boolean product, double[] to, double[] x, int n) {
            if (product) {
                for (int i = 0; i < n; i++) {
                    to[i] = to[i] * x[i];
                }
            } else {
                for (int i = 0; i < n; i++) {
                    to[i] = to[i] + x[i];
                }
            }
        }
    }

    // ---- extremes of up to 32 bits

    static final class Floats extends Lanes {
        private final boolean truth;
        private final boolean largest;
        private final DType type;
        private final float[] acc;
        private final float[][] x;

        Floats(ReduceOp op, DType type, int width) {
            super(width, isArg(op));
            truth = isTruth(op);
            largest = isLargest(op);
            this.type = type;
            acc = new float[width];
            x = new float[PARTS][width];
        }

        @Override
        void clear() {
            Arrays.fill(acc, identity());
            Arrays.fill(where, 0);
        }

        @Override
        void load(long address, long stride, int at, int n) {
            for (int k = 0; k < n; k += width) {
                read(address + k * stride * type.bytes(), stride, x[(at + k) / width], Math.min(width, n - k));
            }
        }

        private void read(long address, long stride, float[] x, int n) {
            Transfer.load(type, address, stride, x, 0, n);
            if (truth) {
                for (int i = 0; i < n; i++) {
                    x[i] = truth(x[i]);
                }
            }
        }

        private float identity() {
            float least = truth ? 0 : Float.NEGATIVE_INFINITY;
            return largest ? least : truth ? 1 : Float.POSITIVE_INFINITY;
        }

        @Override
        void pad(int from, int to) {
            for (int i = from; i < to; i++) {
                x[i / width][i % width] = identity();
            }
        }

        @Override
        void take(int parts, int n) {
            for (int k = 0; k < parts; k++) {
                combine(acc, x[k], n);
            }
        }

        @Override
        void take(Lanes others, int n) {
            combine(acc, ((Floats) others).acc, n);
        }

        @Override
        void fold() {
            for (int n = width; n > 1; n = (n + 1) / 2) {
                System.arraycopy(acc, (n + 1) / 2, x[0], 0, n / 2);
                combine(acc, x[0], n / 2);
            }
        }

        @Override
        void store(DType t, int lane, long address) {
            if (where.length > 0) {
                WideTransfer.store(t, where[lane], address);
            } else {
                Transfer.store(t, acc[lane], address);
            }
        }

        @Override
        void locate(int n, boolean together, long position) {
            for (int i = 0; i < n; i++) {
                int lane = together ? 0 : i;
                float v = x[0][i];
                float best = acc[lane];
                if ((largest ? v > best : v < best) || Float.isNaN(v) && !Float.isNaN(best)) {
                    acc[lane] = v;
                    where[lane] = together ? position + i : position;
                }
            }
        }

        private void combine(float[] to, float[] x, int n) {
            if (largest) {
                for (int i = 0; i < n; i++) {
                    to[i] = Math.max(to[i], x[i]);
                }
            } else {
                for (int i = 0; i < n; i++) {
                    to[i] = Math.min(to[i], x[i]);
                }
            }
        }
    }

    // ---- float64

    static final class Doubles extends Lanes {
        private final ReduceOp op;
        private final double[] acc;
        private final double[][] x;

        Doubles(ReduceOp op, int width) {
            super(width, isArg(op));
            this.op = op;
            acc = new double[width];
            x = new double[PARTS][width];
        }

        @Override
        void clear() {
            Arrays.fill(acc, identity());
            Arrays.fill(where, 0);
        }

        private double identity() {
            return switch (op) {
                case SUM, ANY -> 0;
                case PROD, ALL -> 1;
                case MAX, ARGMAX -> Double.NEGATIVE_INFINITY;
                case MIN, ARGMIN -> Double.POSITIVE_INFINITY;
            };
        }

        @Override
        void load(long address, long stride, int at, int n) {
            for (int k = 0; k < n; k += width) {
                read(address + k * stride * Double.BYTES, stride, x[(at + k) / width], Math.min(width, n - k));
            }
        }

        private void read(long address, long stride, double[] x, int n) {
            if (stride == 1) {
                MemorySegment.copy(SystemMemory.ALL, JAVA_DOUBLE_UNALIGNED, address, x, 0, n);
            } else {
                for (int i = 0; i < n; i++) {
                    x[i] = SystemMemory.ALL.get(JAVA_DOUBLE_UNALIGNED, address + i * stride * Double.BYTES);
                }
            }
            if (isTruth(op)) {
                for (int i = 0; i < n; i++) {
                    x[i] = truth(x[i]);
                }
            }
        }

        @Override
        void pad(int from, int to) {
            for (int i = from; i < to; i++) {
                x[i / width][i % width] = identity();
            }
        }

        @Override
        void take(int parts, int n) {
            for (int k = 0; k < parts; k++) {
                combine(acc, x[k], n);
            }
        }

        @Override
        void take(Lanes others, int n) {
            combine(acc, ((Doubles) others).acc, n);
        }

        @Override
        void fold() {
            for (int n = width; n > 1; n = (n + 1) / 2) {
                System.arraycopy(acc, (n + 1) / 2, x[0], 0, n / 2);
                combine(acc, x[0], n / 2);
            }
        }

        @Override
        void store(DType t, int lane, long address) {
            if (where.length > 0) {
                WideTransfer.store(t, where[lane], address);
            } else {
                Transfer.store(t, acc[lane], address);
            }
        }

        @Override
        void locate(int n, boolean together, long position) {
            boolean largest = isLargest(op);
            for (int i = 0; i < n; i++) {
                int lane = together ? 0 : i;
                double v = x[0][i];
                double best = acc[lane];
                if ((largest ? v > best : v < best) || Double.isNaN(v) && !Double.isNaN(best)) {
                    acc[lane] = v;
                    where[lane] = together ? position + i : position;
                }
            }
        }

        private void combine(double[] to, double[] x, int n) {
            switch (op) {
                case SUM, PROD -> Sums.combine(op == ReduceOp.PROD, to, x, n);
                case MAX, ARGMAX, ANY -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = Math.max(to[i], x[i]);
                    }
                }
                case MIN, ARGMIN, ALL -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = Math.min(to[i], x[i]);
                    }
                }
            }
        }
    }
}
