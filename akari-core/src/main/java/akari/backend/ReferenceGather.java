package akari.backend;

import akari.core.DType;

/** Gather and scatter along one dimension, an element at a time in row-major order. */
final class ReferenceGather {
    private ReferenceGather() {}

    static void gather(View x, int dim, View index, View out) {
        int bytes = x.dtype().bytes();
        Line line = Line.of(x, dim, index);
        Rows rows = Rows.ordered(index, out, line.starts());
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                long at = line.checked(rows, i);
                long to = rows.at(1, i);
                Memory.copy(bytes, rows.at(2, i) + at * bytes, to);
            }
        }
    }

    static void scatter(View out, int dim, View index, View src, Combine how) {
        DType t = out.dtype();
        int bytes = t.bytes();
        Line line = Line.of(out, dim, index);
        Rows rows = Rows.ordered(index, src, line.starts());
        while (rows.next()) {
            for (long i = 0; i < rows.length; i++) {
                long to = rows.at(2, i) + line.checked(rows, i) * bytes;
                long from = rows.at(1, i);
                if (how == Combine.SET) {
                    Memory.copy(bytes, from, to);
                } else if (t.isFloating()) {
                    Memory.set(t, to, how.of(Memory.get(t, to), Memory.get(t, from)));
                } else {
                    Memory.setLong(t, to, how.of(Memory.getLong(t, to), Memory.getLong(t, from)));
                }
            }
        }
    }

    /** The indexed dimension: {@code starts} has index 0 of it for every element of the index tensor. */
    private record Line(View starts, int dim, long size, long stride) {
        static Line of(View x, int dim, View index) {
            Layout layout = x.layout();
            if (layout.rank() == 0) {
                return new Line(
                        x.with(Layout.of(index.shape(), new long[index.shape().rank()], layout.offset())), 0, 1, 0);
            }
            int d = x.shape().axis(dim);
            long[] strides = layout.strides();
            strides[d] = 0;
            View starts = x.with(Layout.of(index.shape(), strides, layout.offset()));
            return new Line(starts, d, layout.size(d), layout.stride(d));
        }

        /** How far along the line element {@code i} of the row points, in elements. */
        long checked(Rows rows, long i) {
            long at = Memory.getLong(DType.INT64, rows.at(0, i));
            if (at < 0 || at >= size) {
                throw new IndexOutOfBoundsException(
                        "index " + at + " is out of range for dimension " + dim + " with size " + size);
            }
            return at * stride;
        }
    }
}
