package akari.testkit;

import java.util.List;

/** Sums, means, extremes and other reductions. */
final class ReductionRows {
    private ReductionRows() {}

    static void add(OpTable t) {
        t.op("sum", a -> a.x().sum(a.reduced(), a.keepdim()));
        t.op("nansum", a -> a.x().nansum(a.reduced(), a.keepdim()));
        t.op("mean", a -> a.x().mean(a.reduced(), a.keepdim()));
        t.op("nanmean", a -> a.x().nanmean(a.reduced(), a.keepdim()));
        t.op("prod", a -> a.x().prod(a.reduced(), a.keepdim()));
        t.op("count_nonzero", a -> a.x().countNonzero(a.reduced()));
        t.op("var", a -> a.x().var(a.reduced(), correction(a), a.keepdim()));
        t.op("std", a -> a.x().std(a.reduced(), correction(a), a.keepdim()));
        t.several("var_mean", a -> {
            var r = a.x().varMean(a.reduced(), correction(a), a.keepdim());
            return List.of(r.var(), r.mean());
        });
        t.several("std_mean", a -> {
            var r = a.x().stdMean(a.reduced(), correction(a), a.keepdim());
            return List.of(r.std(), r.mean());
        });
        t.op("logsumexp", a -> a.x().logsumexp(a.reduced(), a.keepdim()));
        t.op("amax", a -> a.x().amax(a.reduced(), a.keepdim()));
        t.op("amin", a -> a.x().amin(a.reduced(), a.keepdim()));
        t.several("aminmax", a -> {
            var r = a.has("dim") ? a.x().aminmax(a.integer("dim", 0), a.keepdim()) : a.x().aminmax();
            return List.of(r.min(), r.max());
        });
        t.op("any", a -> a.x().any(a.reduced(), a.keepdim()));
        t.op("all", a -> a.x().all(a.reduced(), a.keepdim()));
        t.op("norm", a -> a.x().norm(power(a), a.reduced(), a.keepdim()));
        t.op("dist", a -> a.x().dist(a.other(), power(a)));
        t.op("renorm", a -> a.x().renorm(power(a), a.integer("dim", 0), a.number("maxnorm", 1)));
    }

    private static int correction(Arguments a) {
        return a.has("correction") ? a.integer("correction", 1) : a.flag("unbiased", true) ? 1 : 0;
    }

    /** A number, or "fro" for 2. */
    private static double power(Arguments a) {
        String name = a.text("p", "");
        if (!name.isEmpty() && !name.equals("fro")) {
            throw new UnsupportedOperationException("a norm of vectors has a number for p, not " + name);
        }
        return name.isEmpty() ? a.number("p", 2) : 2;
    }
}
