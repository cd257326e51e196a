package akari.backend;

import akari.core.Shape;

/**
 * Walks several views of one shape together, a row at a time: a row is the innermost dimension after neighbouring dimensions
 * were merged wherever all views allow it, so contiguous operands are one single row.
 */
final class Rows {
    /** Elements of a row. */
    final long length;
    /** Of each view: the distance of a row's elements, in elements. */
    final long[] stride;

    private final int[] bytes;
    private final long[] address;
    private final long[] size;
    private final long[][] step;
    private final long[] index;
    private final boolean empty;
    private boolean started;

    private Rows(View[] views, int[] order) {
        Shape shape = views[0].shape();
        int rank = 0;
        long[] sizes = new long[Math.max(order.length, 1)];
        long[][] steps = new long[views.length][sizes.length];
        for (int d : order) {
            long n = shape.get(d);
            if (n == 1) {
                continue;
            }
            boolean merge = rank > 0;
            for (int v = 0; merge && v < views.length; v++) {
                merge = steps[v][rank - 1] == views[v].layout().stride(d) * n;
            }
            int at = merge ? rank - 1 : rank++;
            sizes[at] = merge ? sizes[at] * n : n;
            for (int v = 0; v < views.length; v++) {
                steps[v][at] = views[v].layout().stride(d);
            }
        }
        int outer = Math.max(rank - 1, 0);
        empty = shape.numel() == 0;
        length = rank == 0 ? 1 : sizes[outer];
        address = new long[views.length];
        stride = new long[views.length];
        bytes = new int[views.length];
        size = sizes;
        step = steps;
        index = new long[outer];
        for (int v = 0; v < views.length; v++) {
            address[v] = views[v].address();
            stride[v] = steps[v][outer];
            bytes[v] = views[v].dtype().bytes();
            for (int d = 0; d < outer; d++) {
                steps[v][d] *= bytes[v];
            }
        }
    }

    /** Rows in row-major order. */
    static Rows ordered(View... views) {
        return new Rows(views, axes(views[0].layout().rank()));
    }

    /** Rows in the first view's order of memory. */
    static Rows anyOrder(View... views) {
        Layout first = views[0].layout();
        int[] order = axes(first.rank());
        for (int i = 1; i < order.length; i++) {
            for (int j = i; j > 0 && first.stride(order[j - 1]) < first.stride(order[j]); j--) {
                int d = order[j];
                order[j] = order[j - 1];
                order[j - 1] = d;
            }
        }
        return new Rows(views, order);
    }

    private static int[] axes(int rank) {
        int[] axes = new int[rank];
        for (int d = 0; d < rank; d++) {
            axes[d] = d;
        }
        return axes;
    }

    /** Address of element {@code i} of the current row of view {@code v}. */
    long at(int v, long i) {
        return address[v] + i * stride[v] * bytes[v];
    }

    /** Begins again with the first view's elements starting at {@code base}. */
    void restart(long base) {
        address[0] = base;
        started = false;
    }

    /** Moves to the next row, at first to the first one; false when there is none. */
    boolean next() {
        if (!started) {
            started = true;
            return !empty;
        }
        for (int d = index.length - 1; d >= 0; d--) {
            boolean wrap = ++index[d] == size[d];
            if (wrap) {
                index[d] = 0;
            }
            for (int v = 0; v < address.length; v++) {
                address[v] += wrap ? step[v][d] * (1 - size[d]) : step[v][d];
            }
            if (!wrap) {
                return true;
            }
        }
        return false;
    }
}
