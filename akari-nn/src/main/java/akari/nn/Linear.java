package akari.nn;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** {@code y = x · weightᵀ + bias} over the last dimension: {@code [*, in]} to {@code [*, out]}. */
@KeepsNothing
public final class Linear extends Module {
    private final Tensor weight;
    private @Nullable Tensor bias;

    /** With a bias. Both are drawn uniformly within {@code ±1/√in}, from the default generator. */
    public Linear(long in, long out) {
        this(in, out, true);
    }

    /** @param bias whether one is added */
    public Linear(long in, long out, boolean bias) {
        weight = parameter(Init.byFan(Tensors.empty(akari.core.DType.FLOAT32, out, in), in));
        bias(bias);
    }

    /** Whether a bias is added, by default yes. For right after construction. Returns this. */
    public Linear bias(boolean value) {
        unused("bias");
        bias = discard(bias);
        if (value) {
            bias = parameter(Init.byFan(Tensors.empty(weight.dtype(), weight.size(0)), weight.size(1)));
        }
        return this;
    }

    /** {@code [out, in]}. */
    public Tensor weight() {
        return weight;
    }

    /** {@code [out]}, or null. */
    public @Nullable Tensor bias() {
        return bias;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.linear(weight, bias);
    }

    @Override
    protected String extraRepr() {
        return "in_features=" + weight.size(1) + ", out_features=" + weight.size(0) + ", bias="
                + Python.bool(bias != null);
    }
}
