package akari.tensor;

import akari.core.Shape;
import org.jspecify.annotations.Nullable;

/** Matrix products. */
public sealed interface LinearAlgebra permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * {@code [batch…, m, k] · [batch…, k, n]}; batch dimensions broadcast; a 1-d operand is a row on the left, a column on the right.
     * Both of one type, floating or integer; integers wrap around.
     */
    default Tensor matmul(Tensor other) {
        return LinearAlgebraOps.product(self(), other, null);
    }

    /** {@code x · weightᵀ + bias}: {@code [*, in]}, weight {@code [out, in]}, bias {@code [out]} or null, result {@code [*, out]}. */
    default Tensor linear(Tensor weight, @Nullable Tensor bias) {
        Tensor x = Autocast.lower(self());
        if (weight.dim() != 2 || x.dim() == 0 || x.size(-1) != weight.size(1)) {
            throw ShapeMismatches.linear(x.shape(), weight.shape());
        }
        if (bias != null && !bias.shape().equals(Shape.of(weight.size(0)))) {
            throw ShapeMismatches.bias("linear", bias.shape(), weight.shape(), 0);
        }
        if (!x.dtype().isFloating() && x.dtype() == weight.dtype() && (bias == null || bias.dtype() == x.dtype())) {
            Tensor product = x.matmul(weight.t());
            return bias == null ? product : product.add(bias);
        }
        LinearAlgebraOps.checkTypes("linear", x, weight, bias);
        Tensor rows = x.dim() == 2 ? x : x.reshape(-1, x.size(-1));
        Tensor out = bias == null
                ? Tape.apply(new LinearAlgebraOps.Linear(), rows, weight)
                : Tape.apply(new LinearAlgebraOps.Linear(), rows, weight, bias);
        return x.dim() == 2 ? out : out.reshape(x.shape().with(-1, weight.size(0)));
    }

    default Tensor linear(Tensor weight) {
        return linear(weight, null);
    }
}
