package akari.testkit;

import akari.tensor.Reductions;
import akari.tensor.Tensor;
import java.util.List;

/** Where things are: extremes with their positions, order. */
final class SortingRows {
    private SortingRows() {}

    static void add(OpTable t) {
        t.several("max", a -> a.has("dim") ? extreme(a, a.x().max(a.integer("dim", 0))) : List.of(a.x().max()));
        t.several("min", a -> a.has("dim") ? extreme(a, a.x().min(a.integer("dim", 0))) : List.of(a.x().min()));
        t.op("argmax", a -> a.has("dim") ? a.x().argmax(a.integer("dim", 0), a.keepdim()) : a.x().argmax());
        t.op(
                "argmin",
                a -> a.has("dim")
                        ? a.x().argmin(a.integer("dim", 0), a.keepdim())
                        : a.x().flatten().argmin(0, false));
    }

    private static List<Tensor> extreme(Arguments a, Reductions.Indexed r) {
        int dim = a.integer("dim", 0);
        return a.keepdim()
                ? List.of(r.values().unsqueeze(dim), r.indices().unsqueeze(dim))
                : List.of(r.values(), r.indices());
    }
}
