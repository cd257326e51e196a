package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Sorting}. */
final class SortingOps {
    private SortingOps() {}

    /** The first {@code count} of the order along {@code dim}; the extra result says where they were. */
    record Sort(int dim, boolean descending, long count) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Shape shape = x.shape().with(dim, count);
            Tensor out = x.like(x.dtype(), shape);
            Tensor index = x.like(DType.INT64, shape);
            x.backend().sort(x.view, dim, descending, out.view, index.view);
            call.extras(index);
            call.save(index);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor zeros = g.like(g.dtype(), call.inputShape(0)).zero_();
            return new Tensor[] {zeros.scatter(dim, call.saved(0), g)};
        }
    }

    /** One element, at the 0-d row-major place that the second input names; all elements that equal it share its gradient. */
    record Attained() implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor value = in[0].flatten().gather(0, in[1].reshape(1)).reshape();
            call.save(in[0]);
            call.save(value);
            return value;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor x = call.saved(0);
            Tensor value = call.saved(1);
            Tensor hit = x.eq(value).logicalOr(x.isnan().logicalAnd(value.isnan()));
            Tensor share = hit.to(g.dtype()).div(hit.sum().to(g.dtype()));
            return new @Nullable Tensor[] {share.mul(g), null};
        }
    }
}
