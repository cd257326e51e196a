package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#hardtanh} as a layer; [-1, 1] unless given. */
public final class Hardtanh extends Module {
    private final double min;
    private final double max;

    public Hardtanh() {
        this(-1, 1);
    }

    public Hardtanh(double min, double max) {
        this.min = min;
        this.max = max;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.hardtanh(min, max);
    }

    @Override
    protected String extraRepr() {
        return "min_val=" + min + ", max_val=" + max;
    }
}
