package akari.cpu.dimension;

import akari.backend.Layout;
import akari.backend.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Several views of one shape, but for the size of {@code dim}, as lines along that dimension. The lines are numbered; neighbours
 * in number lie {@code step} elements apart within a row of {@code width} lines.
 */
final class DimensionLines {
    /** Number of lines. */
    final long count;
    /** Lines of a row: the size of the dimension in which the first view's lines lie closest. */
    final long width;

    private final View[] views;
    private final int dim;
    private final int inner;
    private final int[] outer;

    DimensionLines(int dim, View... views) {
        this.views = views;
        this.dim = dim;
        Layout first = views[0].layout();
        int nearest = -1;
        long lines = 1;
        for (int d = 0; d < first.rank(); d++) {
            if (d == dim) {
                continue;
            }
            lines *= first.size(d);
            if (first.size(d) > 1 && (nearest < 0 || first.stride(d) < first.stride(nearest))) {
                nearest = d;
            }
        }
        inner = nearest;
        count = lines;
        width = nearest < 0 ? 1 : first.size(nearest);
        List<Integer> others = new ArrayList<>();
        for (int d = 0; d < first.rank(); d++) {
            if (d != dim && d != nearest) {
                others.add(d);
            }
        }
        outer = others.stream().mapToInt(d -> d).toArray();
    }

    /** Elements of a line of view {@code v}. */
    long length(int v) {
        return views[v].layout().rank() == 0 ? 1 : views[v].layout().size(dim);
    }

    /** Elements between neighbours of a line of view {@code v}. */
    long stride(int v) {
        return views[v].layout().rank() == 0 ? 1 : views[v].layout().stride(dim);
    }

    /** Elements between neighbouring lines of a row of view {@code v}. */
    long step(int v) {
        return inner < 0 ? 1 : views[v].layout().stride(inner);
    }

    /** Where line {@code i} of view {@code v} begins. */
    long address(int v, long i) {
        Layout layout = views[v].layout();
        long at = inner < 0 ? 0 : i % width * layout.stride(inner);
        long rest = i / width;
        for (int k = outer.length - 1; k >= 0; k--) {
            at += rest % layout.size(outer[k]) * layout.stride(outer[k]);
            rest /= layout.size(outer[k]);
        }
        return views[v].address() + at * views[v].dtype().bytes();
    }
}
