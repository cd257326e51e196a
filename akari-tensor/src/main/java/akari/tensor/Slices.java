package akari.tensor;

import akari.core.DType;
import java.util.Arrays;
import java.util.List;

/** The slices of a tensor along a dimension, on the host, where whole slices are compared. */
final class Slices {
    private final Tensor x;
    private final int dim;
    private final int n;
    private final int width;
    private final double[] floats;
    private final long[] longs;

    private Slices(Tensor x, int dim) {
        int[] order = ReductionOps.every(x);
        System.arraycopy(order, 0, order, 1, dim);
        order[0] = dim;
        Tensor rows = x.permute(order);
        this.x = x;
        this.dim = dim;
        this.n = Math.toIntExact(x.size(dim));
        this.width = n == 0 ? 0 : Math.toIntExact(x.numel() / n);
        this.floats = x.dtype().isFloating() ? rows.toDoubles() : new double[0];
        this.longs = x.dtype().isFloating() ? new long[0] : rows.toLongs();
    }

    static Slices of(Tensor x, int dim) {
        if (x.dim() == 0) {
            throw new IllegalArgumentException("unique along a dimension needs a tensor with one; reshape(1) first");
        }
        return new Slices(x, x.shape().axis(dim));
    }

    Searching.Unique unique(boolean sort, boolean returnInverse, boolean returnCounts) {
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        if (sort) {
            Arrays.sort(order, this::compare);
        }
        long[] first = new long[n];
        long[] inverse = new long[n];
        long[] counts = new long[n];
        int found = 0;
        for (int i = 0; i < n; i++) {
            if (i == 0 || !same(order[i - 1], order[i])) {
                first[found++] = order[i];
            }
            inverse[order[i]] = found - 1;
            counts[found - 1]++;
        }
        return new Searching.Unique(
                x.indexSelect(dim, placed(Arrays.copyOf(first, found))),
                returnInverse ? placed(inverse) : null,
                returnCounts ? placed(Arrays.copyOf(counts, found)) : null);
    }

    private Tensor placed(long[] values) {
        return Tensors.tensor(values).to(x.device());
    }

    private int compare(int a, int b) {
        for (int i = 0; i < width; i++) {
            int p = a * width + i;
            int q = b * width + i;
            int order = longs.length > 0 ? Long.compare(longs[p], longs[q]) : compare(floats[p], floats[q]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compare(double a, double b) {
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    private boolean same(int a, int b) {
        for (int i = 0; i < width; i++) {
            boolean equal = longs.length > 0
                    ? longs[a * width + i] == longs[b * width + i]
                    : floats[a * width + i] == floats[b * width + i];
            if (!equal) {
                return false;
            }
        }
        return true;
    }

    /** Whether each element differs from the one before it along {@code dim}; the first one does. */
    static Tensor changes(Tensor x, int dim) {
        long n = x.size(dim);
        Tensor first = x.like(DType.BOOL, x.shape().with(dim, 1)).fill_(1);
        Tensor others = x.narrow(dim, 1, n - 1).ne(x.narrow(dim, 0, n - 1));
        return Tensors.cat(List.of(first, others), dim);
    }
}
