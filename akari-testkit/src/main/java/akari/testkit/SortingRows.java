package akari.testkit;

import akari.tensor.Quantiles.Interpolation;
import akari.tensor.Reductions;
import akari.tensor.Searching;
import akari.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where things are: extremes with their positions, order, running results, distinct values, histograms. */
final class SortingRows {
    private SortingRows() {}

    static void add(OpTable t) {
        t.several("max", a -> a.has("dim") ? both(a.x().max(dim(a), a.keepdim())) : List.of(extreme(a, true)));
        t.several("min", a -> a.has("dim") ? both(a.x().min(dim(a), a.keepdim())) : List.of(extreme(a, false)));
        t.op("argmax", a -> a.has("dim") ? a.x().argmax(dim(a), a.keepdim()) : a.x().argmax());
        t.op("argmin", a -> a.has("dim") ? a.x().argmin(dim(a), a.keepdim()) : a.x().argmin());
        scans(t);
        order(t);
        searching(t);
        calculus(t);
    }

    private static void scans(OpTable t) {
        t.op("cumsum", a -> a.x().cumsum(dim(a)));
        t.op("cumprod", a -> a.x().cumprod(dim(a)));
        t.op("logcumsumexp", a -> a.x().logcumsumexp(dim(a)));
        t.several("cummax", a -> both(a.x().cummax(dim(a))));
        t.several("cummin", a -> both(a.x().cummin(dim(a))));
    }

    private static void order(OpTable t) {
        t.several("sort", a -> both(a.x().sort(last(a), a.flag("descending", false), a.flag("stable", false))));
        t.op("argsort", a -> a.x().argsort(last(a), a.flag("descending", false), a.flag("stable", false)));
        t.op("msort", a -> a.x().msort());
        t.several(
                "topk",
                a -> both(a.x().topk(a.integer("k", 1), last(a), a.flag("largest", true), a.flag("sorted", true))));
        t.several("kthvalue", a -> both(a.x().kthvalue(a.integer("k", 1), last(a), a.keepdim())));
        t.several("median", SortingRows::median);
        t.several("median_even", SortingRows::median);
        t.several(
                "nanmedian",
                a -> a.has("dim") ? both(a.x().nanmedian(dim(a), a.keepdim())) : List.of(a.x().nanmedian()));
        t.several("mode", a -> both(a.x().mode(last(a), a.keepdim())));
        t.op("quantile", a -> a.x().quantile(levels(a), optionalDim(a), a.keepdim(), interpolation(a)));
        t.op("nanquantile", a -> a.x().nanquantile(levels(a), optionalDim(a), a.keepdim(), interpolation(a)));
    }

    private static void searching(OpTable t) {
        t.op(
                "searchsorted",
                a -> a.x().searchsorted(
                                a.other(),
                                a.flag("out_int32", false),
                                a.flag("right", false) || a.text("side", "left").equals("right"),
                                a.optional("sorter")));
        t.op(
                "bucketize",
                a -> a.x().bucketize(a.input("boundaries", "y"), a.flag("out_int32", false), a.flag("right", false)));
        t.op("isin", a -> a.x().isin(a.input("test_elements", "y"), false, a.flag("invert", false)));
        t.several("unique", a -> {
            boolean inverse = a.flag("return_inverse", false);
            boolean counts = a.flag("return_counts", false);
            Integer dim = optionalDim(a);
            return all(dim == null ? a.x().unique(true, inverse, counts) : a.x().unique(true, inverse, counts, dim));
        });
        t.several("unique_consecutive", a -> {
            boolean inverse = a.flag("return_inverse", false);
            boolean counts = a.flag("return_counts", false);
            Integer dim = optionalDim(a);
            return all(
                    dim == null
                            ? a.x().uniqueConsecutive(inverse, counts)
                            : a.x().uniqueConsecutive(inverse, counts, dim));
        });
        t.op("bincount", a -> a.x().bincount(a.optional("weights"), a.integer("minlength", 0)));
        t.op("histc", a -> a.x().histc(a.integer("bins", 100), a.number("min", 0), a.number("max", 0)));
        t.op("cov", a -> a.x().cov(a.integer("correction", 1), a.optional("fweights"), a.optional("aweights")));
    }

    private static void calculus(OpTable t) {
        t.op("diff", a -> a.x().diff(a.integer("n", 1), last(a), a.optional("prepend"), a.optional("append")));
        t.op("trapezoid", a -> {
            Tensor at = a.optional("y", "at");
            return at == null ? a.x().trapezoid(a.number("dx", 1), last(a)) : a.x().trapezoid(at, last(a));
        });
        t.op("cumulative_trapezoid", a -> {
            Tensor at = a.optional("y", "at");
            return at == null
                    ? a.x().cumulativeTrapezoid(a.number("dx", 1), last(a))
                    : a.x().cumulativeTrapezoid(at, last(a));
        });
        t.several("gradient", a -> a.x().gradient(a.number("spacing", 1)));
    }

    private static int dim(Arguments a) {
        return a.integer("dim", 0);
    }

    private static int last(Arguments a) {
        return a.integer("dim", -1);
    }

    private static @Nullable Integer optionalDim(Arguments a) {
        return a.has("dim") ? a.integer("dim", 0) : null;
    }

    private static Tensor extreme(Arguments a, boolean largest) {
        Tensor other = a.optional("y", "other");
        if (other != null) {
            return largest ? a.x().max(other) : a.x().min(other);
        }
        return largest ? a.x().max() : a.x().min();
    }

    private static List<Tensor> median(Arguments a) {
        return a.has("dim") ? both(a.x().median(dim(a), a.keepdim())) : List.of(a.x().median());
    }

    private static Tensor levels(Arguments a) {
        return a.input("q").to(a.x().dtype());
    }

    private static Interpolation interpolation(Arguments a) {
        return Interpolation.valueOf(a.text("interpolation", "linear").toUpperCase(Locale.ROOT));
    }

    private static List<Tensor> both(Reductions.Indexed r) {
        return List.of(r.values(), r.indices());
    }

    private static List<Tensor> all(Searching.Unique u) {
        List<Tensor> out = new ArrayList<>(List.of(u.values()));
        for (Tensor t : new @Nullable Tensor[] {u.inverse(), u.counts()}) {
            if (t != null) {
                out.add(t);
            }
        }
        return out;
    }
}
