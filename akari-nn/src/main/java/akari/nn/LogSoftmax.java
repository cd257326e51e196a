package akari.nn;

import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@link Tensor#logSoftmax} along a dimension as a layer. */
@KeepsNothing
public final class LogSoftmax extends Module {
    private final @Nullable Integer dim;

    /** Along the dimension that {@link Functional#logSoftmax(Tensor)} assumes, with its warning. */
    public LogSoftmax() {
        dim = null;
    }

    /** @param dim along which the probabilities sum to 1; negative counts from the end */
    public LogSoftmax(int dim) {
        this.dim = dim;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return dim == null ? Functional.logSoftmax(x) : x.logSoftmax(dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + (dim == null ? "None" : dim);
    }
}
