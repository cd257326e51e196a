package akari.nn;

import akari.errors.NullArgument;
import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@link Functional#crossEntropy} as a module; options follow the constructor. */
@KeepsNothing
public final class CrossEntropyLoss extends Loss {
    private @Nullable Tensor weight;
    private long ignoreIndex = -100;
    private double labelSmoothing;
    private Reduction reduction = Reduction.MEAN;

    /** The mean, all classes counting alike. */
    public CrossEntropyLoss() {}

    /** All classes count alike. */
    public CrossEntropyLoss(Reduction reduction) {
        reduction(reduction);
    }

    /** @param weight one factor for each class, or null; the mean over class numbers is then the weighted one */
    public CrossEntropyLoss(@Nullable Tensor weight) {
        this(weight, -100);
    }

    /** @param weight one factor for each class, or null */
    public CrossEntropyLoss(@Nullable Tensor weight, Reduction reduction) {
        this(weight, -100, reduction);
    }

    /** The weighted mean over the labels other than {@code ignoreIndex}. */
    public CrossEntropyLoss(@Nullable Tensor weight, long ignoreIndex) {
        this(weight, ignoreIndex, Reduction.MEAN);
    }

    /** Without label smoothing. */
    public CrossEntropyLoss(@Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        this(weight, ignoreIndex, reduction, 0);
    }

    /** The options of the methods, in PyTorch's order. */
    public CrossEntropyLoss(@Nullable Tensor weight, long ignoreIndex, Reduction reduction, double labelSmoothing) {
        weight(weight).ignoreIndex(ignoreIndex).reduction(reduction).labelSmoothing(labelSmoothing);
    }

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
        NullArgument.check(value, "reduction");
        reduction = value;
        return this;
    }

    @Override
    protected Tensor compute(Tensor input, Tensor target) {
        return Functional.crossEntropy(input, target, weight, ignoreIndex, labelSmoothing, reduction);
    }
}
