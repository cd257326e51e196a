package akari.nn;

import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@link Tensor#softmax} along a dimension as a layer. */
@KeepsNothing
public final class Softmax extends Module {
    private final @Nullable Integer dim;

    /** Along the dimension that {@link Functional#softmax(Tensor)} assumes, with its warning. */
    public Softmax() {
        dim = null;
    }

    /** @param dim along which the probabilities sum to 1; negative counts from the end */
    public Softmax(int dim) {
        this.dim = dim;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return dim == null ? Functional.softmax(x) : x.softmax(dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + (dim == null ? "None" : dim);
    }
}
