package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#threshold} as a layer. */
public final class Threshold extends Module {
    private final double threshold;
    private final double value;

    public Threshold(double threshold, double value) {
        this.threshold = threshold;
        this.value = value;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.threshold(threshold, value);
    }

    @Override
    protected String extraRepr() {
        return "threshold=" + threshold + ", value=" + value;
    }
}
