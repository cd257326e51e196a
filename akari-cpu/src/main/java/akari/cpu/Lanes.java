package akari.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import akari.backend.DType;
import akari.backend.Reduction;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What a reduction accumulates in: one lane for each of up to 512 elements that are read together. Sums and products of floating types
 * are kept in double, integers in 64 bits, where they wrap around. ANY and ALL are the largest and the smallest truth. The loops have one
 * index, which is what the JIT vectorises.
 */
abstract sealed class Lanes {
    final int width;

    /** Where the largest or the smallest was found, for the ARG forms. */
    final long[] where;

    private Lanes(int width, boolean places) {
        this.width = width;
        where = new long[places ? width : 0];
    }

    static Lanes of(Reduction op, DType type, int width) {
        boolean sums = op == Reduction.SUM || op == Reduction.PROD;
        if (!type.isFloating()) {
            return new Longs(op, type, width);
        }
        return type == DType.FLOAT64
                ? new Doubles(op, width)
                : sums ? new Sums(op == Reduction.PROD, type, width) : new Floats(op, type, width);
    }

    private static boolean isArg(Reduction op) {
        return op == Reduction.ARGMAX || op == Reduction.ARGMIN;
    }

    private static boolean isTruth(Reduction op) {
        return op == Reduction.ANY || op == Reduction.ALL;
    }

    private static boolean isLargest(Reduction op) {
        return op == Reduction.MAX || op == Reduction.ARGMAX || op == Reduction.ANY;
    }

    /** Begins anew. */
    abstract void clear();

    /** Takes {@code n} elements in, each in its lane. */
    abstract void take(long address, long stride, int n);

    /** Takes in what others have accumulated. */
    abstract void take(Lanes others, int n);

    /** Folds all lanes by halves into the first. */
    abstract void fold();

    /** Writes what a lane holds. */
    abstract void store(DType t, int lane, long address);

    /** Looks among {@code n} elements, each in its lane and number {@code position} of it, or all in the first lane. */
    abstract void locate(long address, long stride, int n, boolean together, long position);

    // ---- sums and products of up to 32 bits

    private static final class Sums extends Lanes {
        private final boolean product;
        private final DType type;
        private final double[] acc;
        private final float[] x;

        Sums(boolean product, DType type, int width) {
            super(width, false);
            this.product = product;
            this.type = type;
            acc = new double[width];
            x = new float[width];
        }

        @Override
        void clear() {
            Arrays.fill(acc, product ? 1 : 0);
        }

        @Override
        void take(long address, long stride, int n) {
            Transfer.load(type, address, stride, x, n);
            if (product) {
                multiply(acc, x, n);
            } else {
                add(acc, x, n);
            }
        }

        @Override
        void take(Lanes others, int n) {
            combine(product, acc, ((Sums) others).acc, 0, n);
        }

        @Override
        void fold() {
            for (int n = width; n > 1; n = (n + 1) / 2) {
                combine(product, acc, acc, (n + 1) / 2, n / 2);
            }
        }

        @Override
        void store(DType t, int lane, long address) {
            Transfer.store(t, acc[lane], address);
        }

        @Override
        void locate(long address, long stride, int n, boolean together, long position) {
            throw new IllegalStateException("a sum has no place");
        }

        private static void add(double[] to, float[] x, int n) {
            for (int i = 0; i < n; i++) {
                to[i] = to[i] + x[i];
            }
        }

        private static void multiply(double[] to, float[] x, int n) {
            for (int i = 0; i < n; i++) {
                to[i] = to[i] * x[i];
            }
        }

        static void combine(boolean product, double[] to, double[] x, int from, int n) {
            if (product) {
                for (int i = 0; i < n; i++) {
                    to[i] = to[i] * x[from + i];
                }
            } else {
                for (int i = 0; i < n; i++) {
                    to[i] = to[i] + x[from + i];
                }
            }
        }
    }

    // ---- extremes of up to 32 bits

    private static final class Floats extends Lanes {
        private final boolean truth;
        private final boolean largest;
        private final DType type;
        private final float[] acc;
        private final float[] x;

        Floats(Reduction op, DType type, int width) {
            super(width, isArg(op));
            truth = isTruth(op);
            largest = isLargest(op);
            this.type = type;
            acc = new float[width];
            x = new float[width];
        }

        @Override
        void clear() {
            float least = truth ? 0 : Float.NEGATIVE_INFINITY;
            Arrays.fill(acc, largest ? least : truth ? 1 : Float.POSITIVE_INFINITY);
            Arrays.fill(where, 0);
        }

        private void load(long address, long stride, int n) {
            Transfer.load(type, address, stride, x, n);
            if (truth) {
                for (int i = 0; i < n; i++) {
                    x[i] = x[i] != 0 ? 1 : 0;
                }
            }
        }

        @Override
        void take(long address, long stride, int n) {
            load(address, stride, n);
            combine(acc, x, 0, n);
        }

        @Override
        void take(Lanes others, int n) {
            combine(acc, ((Floats) others).acc, 0, n);
        }

        @Override
        void fold() {
            for (int n = width; n > 1; n = (n + 1) / 2) {
                combine(acc, acc, (n + 1) / 2, n / 2);
            }
        }

        @Override
        void store(DType t, int lane, long address) {
            if (where.length > 0) {
                Wide.store(t, where[lane], address);
            } else {
                Transfer.store(t, acc[lane], address);
            }
        }

        @Override
        void locate(long address, long stride, int n, boolean together, long position) {
            load(address, stride, n);
            for (int i = 0; i < n; i++) {
                int lane = together ? 0 : i;
                float v = x[i];
                float best = acc[lane];
                if ((largest ? v > best : v < best) || v != v && best == best) {
                    acc[lane] = v;
                    where[lane] = together ? position + i : position;
                }
            }
        }

        private void combine(float[] to, float[] x, int from, int n) {
            if (largest) {
                for (int i = 0; i < n; i++) {
                    to[i] = Math.max(to[i], x[from + i]);
                }
            } else {
                for (int i = 0; i < n; i++) {
                    to[i] = Math.min(to[i], x[from + i]);
                }
            }
        }
    }

    // ---- float64

    private static final class Doubles extends Lanes {
        private final Reduction op;
        private final double[] acc;
        private final double[] x;

        Doubles(Reduction op, int width) {
            super(width, isArg(op));
            this.op = op;
            acc = new double[width];
            x = new double[width];
        }

        @Override
        void clear() {
            Arrays.fill(
                    acc,
                    switch (op) {
                        case SUM, ANY -> 0;
                        case PROD, ALL -> 1;
                        case MAX, ARGMAX -> Double.NEGATIVE_INFINITY;
                        case MIN, ARGMIN -> Double.POSITIVE_INFINITY;
                    });
            Arrays.fill(where, 0);
        }

        private void load(long address, long stride, int n) {
            if (stride == 1) {
                MemorySegment.copy(SystemMemory.ALL, JAVA_DOUBLE_UNALIGNED, address, x, 0, n);
            } else {
                for (int i = 0; i < n; i++) {
                    x[i] = SystemMemory.ALL.get(JAVA_DOUBLE_UNALIGNED, address + i * stride * Double.BYTES);
                }
            }
            if (isTruth(op)) {
                for (int i = 0; i < n; i++) {
                    x[i] = x[i] != 0 ? 1 : 0;
                }
            }
        }

        @Override
        void take(long address, long stride, int n) {
            load(address, stride, n);
            combine(acc, x, 0, n);
        }

        @Override
        void take(Lanes others, int n) {
            combine(acc, ((Doubles) others).acc, 0, n);
        }

        @Override
        void fold() {
            for (int n = width; n > 1; n = (n + 1) / 2) {
                combine(acc, acc, (n + 1) / 2, n / 2);
            }
        }

        @Override
        void store(DType t, int lane, long address) {
            if (where.length > 0) {
                Wide.store(t, where[lane], address);
            } else {
                Transfer.store(t, acc[lane], address);
            }
        }

        @Override
        void locate(long address, long stride, int n, boolean together, long position) {
            load(address, stride, n);
            boolean largest = isLargest(op);
            for (int i = 0; i < n; i++) {
                int lane = together ? 0 : i;
                double v = x[i];
                double best = acc[lane];
                if ((largest ? v > best : v < best) || v != v && best == best) {
                    acc[lane] = v;
                    where[lane] = together ? position + i : position;
                }
            }
        }

        private void combine(double[] to, double[] x, int from, int n) {
            switch (op) {
                case SUM, PROD -> Sums.combine(op == Reduction.PROD, to, x, from, n);
                case MAX, ARGMAX, ANY -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = Math.max(to[i], x[from + i]);
                    }
                }
                case MIN, ARGMIN, ALL -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = Math.min(to[i], x[from + i]);
                    }
                }
            }
        }
    }

    // ---- integers and truth

    private static final class Longs extends Lanes {
        private final Reduction op;
        private final DType type;
        private final long[] acc;
        private final long[] x;

        Longs(Reduction op, DType type, int width) {
            super(width, isArg(op));
            this.op = op;
            this.type = type;
            acc = new long[width];
            x = new long[width];
        }

        @Override
        void clear() {
            Arrays.fill(
                    acc,
                    switch (op) {
                        case SUM, ANY -> 0;
                        case PROD, ALL -> 1;
                        case MAX, ARGMAX -> Long.MIN_VALUE;
                        case MIN, ARGMIN -> Long.MAX_VALUE;
                    });
            Arrays.fill(where, 0);
        }

        private void load(long address, long stride, int n) {
            if (type == DType.INT64 && stride == 1) {
                MemorySegment.copy(SystemMemory.ALL, JAVA_LONG_UNALIGNED, address, x, 0, n);
            } else {
                Wide.load(type, address, stride, x, n);
            }
            if (isTruth(op) && type != DType.BOOL) {
                for (int i = 0; i < n; i++) {
                    x[i] = (x[i] | -x[i]) >>> 63;
                }
            }
        }

        @Override
        void take(long address, long stride, int n) {
            load(address, stride, n);
            combine(acc, x, 0, n);
        }

        @Override
        void take(Lanes others, int n) {
            combine(acc, ((Longs) others).acc, 0, n);
        }

        @Override
        void fold() {
            for (int n = width; n > 1; n = (n + 1) / 2) {
                combine(acc, acc, (n + 1) / 2, n / 2);
            }
        }

        @Override
        void store(DType t, int lane, long address) {
            Wide.store(t, where.length > 0 ? where[lane] : acc[lane], address);
        }

        @Override
        void locate(long address, long stride, int n, boolean together, long position) {
            load(address, stride, n);
            boolean largest = isLargest(op);
            for (int i = 0; i < n; i++) {
                int lane = together ? 0 : i;
                if (largest ? x[i] > acc[lane] : x[i] < acc[lane]) {
                    acc[lane] = x[i];
                    where[lane] = together ? position + i : position;
                }
            }
        }

        private void combine(long[] to, long[] x, int from, int n) {
            switch (op) {
                case SUM -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = to[i] + x[from + i];
                    }
                }
                case PROD -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = to[i] * x[from + i];
                    }
                }
                case ANY -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = to[i] | x[from + i];
                    }
                }
                case ALL -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = to[i] & x[from + i];
                    }
                }
                case MAX, ARGMAX -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = Math.max(to[i], x[from + i]);
                    }
                }
                case MIN, ARGMIN -> {
                    for (int i = 0; i < n; i++) {
                        to[i] = Math.min(to[i], x[from + i]);
                    }
                }
            }
        }
    }
}
