package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#threshold} as a layer. */
@KeepsNothing
public final class Threshold extends InPlace {
    private final double threshold;
    private final double value;

    /** Keeps numbers above {@code threshold}; the others become {@code value}. */
    public Threshold(double threshold, double value) {
        this(threshold, value, false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public Threshold(double threshold, double value, boolean inplace) {
        super(inplace, "threshold=" + threshold + ", value=" + value);
        this.threshold = threshold;
        this.value = value;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.threshold_(threshold, value) : x.threshold(threshold, value);
    }
}
