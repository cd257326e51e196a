package akari.backend;

import akari.core.DType;
import java.util.Arrays;
import java.util.Comparator;

/** Sorts lines by a stable sort of their positions. */
final class ReferenceSort {
    private ReferenceSort() {}

    static void run(View x, int dim, boolean descending, View out, View index) {
        if (out.numel() == 0) {
            return;
        }
        boolean scalar = x.layout().rank() == 0;
        int n = scalar ? 1 : Math.toIntExact(x.layout().size(dim));
        long count = scalar ? 1 : out.layout().size(dim);
        Rows rows = Rows.ordered(start(x, dim), start(out, dim), start(index, dim));
        while (rows.next()) {
            for (long r = 0; r < rows.length; r++) {
                long from = rows.at(0, r);
                Integer[] order = new Integer[n];
                Arrays.setAll(order, i -> i);
                Comparator<Integer> rising = (i, j) -> compare(x.dtype(), from + at(x, dim, i), from + at(x, dim, j));
                Arrays.sort(order, descending ? (i, j) -> rising.compare(j, i) : rising);
                for (int i = 0; i < count; i++) {
                    long place = rows.at(1, r) + at(out, dim, i);
                    Memory.copy(x.dtype().bytes(), from + at(x, dim, order[i]), place);
                    Memory.setLong(DType.INT64, rows.at(2, r) + at(index, dim, i), order[i]);
                }
            }
        }
    }

    private static View start(View v, int dim) {
        return v.layout().rank() == 0 ? v : v.with(v.layout().slice(dim, 0, 1, 1));
    }

    private static long at(View v, int dim, long i) {
        return v.layout().rank() == 0
                ? 0
                : i * v.layout().stride(dim) * v.dtype().bytes();
    }

    /** NaN is larger than everything, and equal to itself; zeros are equal. */
    private static int compare(DType t, long a, long b) {
        if (!t.isFloating()) {
            return Long.compare(Memory.getLong(t, a), Memory.getLong(t, b));
        }
        double x = Memory.get(t, a);
        double y = Memory.get(t, b);
        return Double.isNaN(x) || Double.isNaN(y)
                ? Boolean.compare(Double.isNaN(x), Double.isNaN(y))
                : x < y ? -1 : x > y ? 1 : 0;
    }
}
