package akari.cpu.transfer;

import akari.backend.Layout;
import akari.backend.View;
import java.util.Arrays;

/**
 * The loops over several views of one non-empty shape. Dimensions are ordered as the first view lies in memory and merged where all
 * views allow it; the innermost is the row, which is cut into pieces. One piece of one row is an item; items are numbered, so that
 * workers can take ranges of them.
 */
public final class LoopNest {
    /** Of each view, the distance of a row's elements, in elements. */
    public final long[] stride;

    private final long length;
    private final long[] base;
    private final int[] bytes;
    private final int rowRank;

    /** The loops around a row, outermost first, and of each view its step in bytes. */
    private long[] size;

    private long[][] step;

    private int piece;
    private int pieces;
    /** Which loop counts the pieces, when there are several. */
    private int pieceLoop;

    public LoopNest(View[] views) {
        Layout first = views[0].layout();
        int[] order = order(first);
        long[] sizes = new long[order.length + 1];
        long[][] steps = new long[sizes.length][views.length];
        int rank = 0;
        for (int d : order) {
            long n = first.size(d);
            if (n == 1) {
                continue;
            }
            int at = rank > 0 && merges(views, steps[rank - 1], d, n) ? rank - 1 : rank++;
            sizes[at] = Math.max(sizes[at], 1) * n;
            for (int v = 0; v < views.length; v++) {
                steps[at][v] = views[v].layout().stride(d);
            }
        }
        if (rank == 0) {
            sizes[0] = 1;
            Arrays.fill(steps[0], 1);
            rank = 1;
        }
        base = new long[views.length];
        bytes = new int[views.length];
        for (int v = 0; v < views.length; v++) {
            base[v] = views[v].address();
            bytes[v] = views[v].dtype().bytes();
            for (int d = 0; d < rank - 1; d++) {
                steps[d][v] *= bytes[v];
            }
        }
        rowRank = rank - 1;
        length = sizes[rowRank];
        stride = steps[rowRank];
        size = sizes;
        step = steps;
    }

    /** The dimensions from the largest stride to the smallest. */
    private static int[] order(Layout first) {
        int[] order = new int[first.rank()];
        for (int d = 0; d < order.length; d++) {
            int i = d;
            for (; i > 0 && first.stride(order[i - 1]) < first.stride(d); i--) {
                order[i] = order[i - 1];
            }
            order[i] = d;
        }
        return order;
    }

    private static boolean merges(View[] views, long[] outer, int d, long n) {
        for (int v = 0; v < views.length; v++) {
            if (outer[v] != views[v].layout().stride(d) * n) {
                return false;
            }
        }
        return true;
    }

    /**
     * Cuts rows into pieces of {@code at} elements at most. With {@code across}, the same piece of neighbouring rows comes before the next
     * piece: a transposed operand, contiguous from row to row, is then found in the cache.
     */
    public LoopNest cut(int at, boolean across) {
        piece = (int) Math.min(at, length);
        pieces = Math.toIntExact(Math.ceilDiv(length, piece));
        pieceLoop = across && rowRank > 0 ? rowRank - 1 : rowRank;
        long[] sizes = new long[rowRank + 1];
        long[][] steps = new long[rowRank + 1][];
        for (int d = 0, from = 0; d <= rowRank; d++) {
            if (d == pieceLoop) {
                sizes[d] = pieces;
                steps[d] = new long[base.length];
                for (int v = 0; v < base.length; v++) {
                    steps[d][v] = piece * stride[v] * bytes[v];
                }
            } else {
                sizes[d] = size[from];
                steps[d] = step[from++];
            }
        }
        size = sizes;
        step = steps;
        return this;
    }

    /** Elements of a piece; the last one of a row may have fewer. */
    public int piece() {
        return piece;
    }

    public long items() {
        long n = 1;
        for (long s : size) {
            n *= s;
        }
        return n;
    }

    public Cursor cursor(long item) {
        return new Cursor(item);
    }

    /** One item, and the way to the next. */
    public final class Cursor {
        /** The first element of each view. */
        public final long[] at = base.clone();

        private final long[] index = new long[size.length];

        private Cursor(long item) {
            long rest = item;
            for (int d = size.length - 1; d >= 0; d--) {
                index[d] = rest % size[d];
                rest /= size[d];
                for (int v = 0; v < at.length; v++) {
                    at[v] += index[d] * step[d][v];
                }
            }
        }

        public int length() {
            return index[pieceLoop] < pieces - 1 ? piece : (int) (length - (pieces - 1L) * piece);
        }

        public void next() {
            for (int d = index.length - 1; d >= 0; d--) {
                boolean wrap = ++index[d] == size[d];
                if (wrap) {
                    index[d] = 0;
                }
                for (int v = 0; v < at.length; v++) {
                    at[v] += wrap ? step[d][v] * (1 - size[d]) : step[d][v];
                }
                if (!wrap) {
                    return;
                }
            }
        }
    }
}
