package akari.backend;

import akari.core.DType;
import akari.core.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Matrix products in double, those of integers in long, on the heap, where plain loops become vector code. */
final class Matrices {
    private static final int ROWS = 64;
    private static final int COLUMNS = 256;
    private static final int DEPTH = 128;

    private Matrices() {}

    static void matmul(View a, View b, @Nullable View bias, View out) {
        int rank = out.layout().rank();
        if (out.numel() == 0) {
            return;
        }
        // one "row" of this walk per matrix: the last two dimensions are cut to their first element
        Rows batch = Rows.ordered(corner(out), corner(a), corner(b));
        while (batch.next()) {
            for (long i = 0; i < batch.length; i++) {
                multiply(
                        new Matrix(a, rank, batch.at(1, i)),
                        new Matrix(b, rank, batch.at(2, i)),
                        bias,
                        new Matrix(out, rank, batch.at(0, i)));
            }
        }
    }

    private static View corner(View v) {
        int rank = v.layout().rank();
        Shape shape = v.shape().with(rank - 1, 1).with(rank - 2, 1);
        return v.with(Layout.of(shape, v.layout().strides(), v.layout().offset()));
    }

    private record Matrix(DType type, long address, long rows, long columns, long rowStride, long columnStride) {
        Matrix(View v, int rank, long address) {
            this(
                    v.dtype(),
                    address,
                    v.layout().size(rank - 2),
                    v.layout().size(rank - 1),
                    v.layout().stride(rank - 2),
                    v.layout().stride(rank - 1));
        }

        void load(long row, long column, int rows, int columns, double[] to) {
            for (int i = 0; i < rows; i++) {
                Memory.load(type, at(row + i, column), columnStride, to, i * columns, columns);
            }
        }

        void load(long row, long column, int columns, long[] to, int at) {
            Memory.load(type, at(row, column), columnStride, to, at, columns);
        }

        void store(long[] from, long row, long column, int columns) {
            Memory.store(type, from, 0, at(row, column), columnStride, columns);
        }

        void store(double[] from, long row, long column, int rows, int columns) {
            for (int i = 0; i < rows; i++) {
                Memory.store(type, from, i * columns, at(row + i, column), columnStride, columns);
            }
        }

        private long at(long row, long column) {
            return address + (row * rowStride + column * columnStride) * type.bytes();
        }
    }

    private static void multiply(Matrix a, Matrix b, @Nullable View bias, Matrix out) {
        if (!out.type.isFloating()) {
            multiplyIntegers(a, b, bias, out);
            return;
        }
        double[] x = new double[(int) Math.min(ROWS, a.rows) * (int) Math.min(DEPTH, a.columns)];
        double[] y = new double[(int) Math.min(DEPTH, b.rows) * (int) Math.min(COLUMNS, b.columns)];
        double[] z = new double[(int) Math.min(ROWS, a.rows) * (int) Math.min(COLUMNS, b.columns)];
        for (long j = 0; j < b.columns; j += COLUMNS) {
            int n = (int) Math.min(COLUMNS, b.columns - j);
            for (long i = 0; i < a.rows; i += ROWS) {
                int m = (int) Math.min(ROWS, a.rows - i);
                Arrays.fill(z, 0);
                if (bias != null) {
                    long stride = bias.layout().stride(0);
                    long from = bias.address() + j * stride * bias.dtype().bytes();
                    for (int r = 0; r < m; r++) {
                        Memory.load(bias.dtype(), from, stride, z, r * n, n);
                    }
                }
                for (long p = 0; p < a.columns; p += DEPTH) {
                    int k = (int) Math.min(DEPTH, a.columns - p);
                    a.load(i, p, m, k, x);
                    b.load(p, j, k, n, y);
                    multiplyAdd(x, y, z, m, n, k);
                }
                out.store(z, i, j, m, n);
            }
        }
    }

    /** Exact but for the wrap-around of the result's type; one row of the result at a time. */
    private static void multiplyIntegers(Matrix a, Matrix b, @Nullable View bias, Matrix out) {
        int depth = (int) Math.min(DEPTH, a.columns);
        int width = (int) Math.min(COLUMNS, b.columns);
        long[] x = new long[depth];
        long[] y = new long[depth * width];
        long[][] z = new long[(int) Math.min(ROWS, a.rows)][width];
        for (long j = 0; j < b.columns; j += COLUMNS) {
            int n = (int) Math.min(COLUMNS, b.columns - j);
            for (long i = 0; i < a.rows; i += ROWS) {
                int m = (int) Math.min(ROWS, a.rows - i);
                for (int r = 0; r < m; r++) {
                    Arrays.fill(z[r], 0);
                    if (bias != null) {
                        long stride = bias.layout().stride(0);
                        long from = bias.address() + j * stride * bias.dtype().bytes();
                        Memory.load(bias.dtype(), from, stride, z[r], 0, n);
                    }
                }
                for (long p = 0; p < a.columns; p += DEPTH) {
                    int k = (int) Math.min(DEPTH, a.columns - p);
                    for (int q = 0; q < k; q++) {
                        b.load(p + q, j, n, y, q * width);
                    }
                    for (int r = 0; r < m; r++) {
                        a.load(i + r, p, k, x, 0);
                        addRow(x, k, y, width, n, z[r]);
                    }
                }
                for (int r = 0; r < m; r++) {
                    out.store(z[r], i + r, j, n);
                }
            }
        }
    }

    private static void addRow(long[] x, int k, long[] y, int width, int n, long[] sum) {
        for (int q = 0; q < k; q++) {
            long factor = x[q];
            int from = q * width;
            for (int j = 0; j < n; j++) {
                sum[j] += factor * y[from + j];
            }
        }
    }

    /** {@code c += a·b} for row-major {@code a [m, k]}, {@code b [k, n]}, {@code c [m, n]}, in blocks of b that stay in cache. */
    static void multiplyAdd(double[] a, double[] b, double[] c, int m, int n, int k) {
        for (int j = 0; j < n; j += COLUMNS) {
            int width = Math.min(COLUMNS, n - j);
            for (int p = 0; p < k; p += DEPTH) {
                int depth = Math.min(DEPTH, k - p);
                for (int i = 0; i < m; i++) {
                    row(a, i * k + p, b, p * n + j, c, i * n + j, n, depth, width);
                }
            }
        }
    }

    private static void row(double[] a, int at, double[] b, int from, double[] c, int to, int n, int depth, int width) {
        int p = 0;
        for (; p + 4 <= depth; p += 4) {
            double a0 = a[at + p];
            double a1 = a[at + p + 1];
            double a2 = a[at + p + 2];
            double a3 = a[at + p + 3];
            int b0 = from + p * n;
            int b1 = b0 + n;
            int b2 = b1 + n;
            int b3 = b2 + n;
            for (int j = 0; j < width; j++) {
                c[to + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + (a2 * b[b2 + j] + a3 * b[b3 + j]);
            }
        }
        for (; p < depth; p++) {
            double a0 = a[at + p];
            int b0 = from + p * n;
            for (int j = 0; j < width; j++) {
                c[to + j] += a0 * b[b0 + j];
            }
        }
    }
}
