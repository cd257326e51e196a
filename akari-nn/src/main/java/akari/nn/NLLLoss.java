package akari.nn;

import akari.errors.NullArgument;
import akari.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@link Functional#nllLoss} as a module; options follow the constructor. */
@KeepsNothing
public final class NLLLoss extends Loss {
    private @Nullable Tensor weight;
    private long ignoreIndex = -100;
    private Reduction reduction = Reduction.MEAN;

    /** The mean, all classes counting alike. */
    public NLLLoss() {}

    /** All classes count alike. */
    public NLLLoss(Reduction reduction) {
        reduction(reduction);
    }

    /** @param weight one factor for each class, or null; the mean is then the weighted one */
    public NLLLoss(@Nullable Tensor weight) {
        this(weight, -100);
    }

    /** @param weight one factor for each class, or null */
    public NLLLoss(@Nullable Tensor weight, Reduction reduction) {
        this(weight, -100, reduction);
    }

    /** The weighted mean over the labels other than {@code ignoreIndex}. */
    public NLLLoss(@Nullable Tensor weight, long ignoreIndex) {
        this(weight, ignoreIndex, Reduction.MEAN);
    }

    /** The options of the methods, in PyTorch's order. */
    public NLLLoss(@Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        weight(weight).ignoreIndex(ignoreIndex).reduction(reduction);
    }

    /** One factor for each class; null for none. Returns this. */
    public NLLLoss weight(@Nullable Tensor value) {
        discard(weight);
        weight = value == null ? null : buffer(value);
        return this;
    }

    /** A label that does not count; default -100. Returns this. */
    public NLLLoss ignoreIndex(long value) {
        ignoreIndex = value;
        return this;
    }

    /** Default mean. Returns this. */
    public NLLLoss reduction(Reduction value) {
        NullArgument.check(value, "reduction");
        reduction = value;
        return this;
    }

    @Override
    protected Tensor compute(Tensor input, Tensor target) {
        return Functional.nllLoss(input, target, weight, ignoreIndex, reduction);
    }
}
