package akari.nn;

import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@link Functional#crossEntropy} as a module; options follow the constructor. */
public final class CrossEntropyLoss extends Loss {
    private @Nullable Tensor weight;
    private long ignoreIndex = -100;
    private double labelSmoothing;
    private Reduction reduction = Reduction.MEAN;

    /** One factor for each class; null for none. Returns this. */
    public CrossEntropyLoss weight(@Nullable Tensor value) {
        discard(weight);
        weight = value == null ? null : buffer(value);
        return this;
    }

    /** A label that does not count; default -100. Returns this. */
    public CrossEntropyLoss ignoreIndex(long value) {
        ignoreIndex = value;
        return this;
    }

    /** Share of the target that is spread evenly over the classes; default 0. Returns this. */
    public CrossEntropyLoss labelSmoothing(double value) {
        labelSmoothing = value;
        return this;
    }

    /** Default mean. Returns this. */
    public CrossEntropyLoss reduction(Reduction value) {
        reduction = value;
        return this;
    }

    @Override
    protected Tensor compute(Tensor input, Tensor target) {
        return Functional.crossEntropy(input, target, weight, ignoreIndex, labelSmoothing, reduction);
    }
}
