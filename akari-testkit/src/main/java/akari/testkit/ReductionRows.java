package akari.testkit;

import akari.tensor.Tensor;

/** Sums, means, extremes and other reductions. */
final class ReductionRows {
    private ReductionRows() {}

    static void add(OpTable t) {
        t.op("sum", a -> a.x().sum(a.reduced(), a.keepdim()));
        t.op("mean", a -> a.x().mean(a.reduced(), a.keepdim()));
        t.op("var", a -> a.x().var(a.reduced(), a.unbiased(), a.keepdim()));
        t.op("std", a -> a.x().std(a.reduced(), a.unbiased(), a.keepdim()));
        t.op("logsumexp", a -> a.x().logsumexp(a.reduced(), a.keepdim()));
        t.op("amax", a -> a.x().amax(a.reduced(), a.keepdim()));
        t.op("amin", a -> a.x().amin(a.reduced(), a.keepdim()));
        t.unary("any", Tensor::any);
        t.unary("all", Tensor::all);
        t.op("norm", ReductionRows::norm);
    }

    private static Tensor norm(Arguments a) {
        double p = a.number("p", 2);
        if (p != 2 || a.has("dim")) {
            throw new UnsupportedOperationException("Akari has only the Euclidean norm of all elements yet");
        }
        return a.x().norm();
    }
}
