package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#hardtanh} as a layer; [-1, 1] unless given. */
@KeepsNothing
public final class Hardtanh extends InPlace {
    private final double min;
    private final double max;

    /** Cuts to [-1, 1]. */
    public Hardtanh() {
        this(-1, 1);
    }

    /** Cuts to [min, 1]. */
    public Hardtanh(double min) {
        this(min, 1);
    }

    /** Cuts to [min, max]. */
    public Hardtanh(double min, double max) {
        this(min, max, false);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public Hardtanh(boolean inplace) {
        this(-1, 1, inplace);
    }

    /** @param inplace overwrite the input, which nothing else may then need */
    public Hardtanh(double min, double max, boolean inplace) {
        super(inplace, "min_val=" + min + ", max_val=" + max);
        this.min = min;
        this.max = max;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return inplace ? x.hardtanh_(min, max) : x.hardtanh(min, max);
    }
}
