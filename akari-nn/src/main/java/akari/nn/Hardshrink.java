package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#hardshrink} as a layer; lambda 0.5 unless given. */
@KeepsNothing
public final class Hardshrink extends Module {
    private final double lambda;

    /** With lambda 0.5. */
    public Hardshrink() {
        this(0.5);
    }

    /** @param lambda numbers within ±lambda become 0 */
    public Hardshrink(double lambda) {
        this.lambda = lambda;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.hardshrink(lambda);
    }

    @Override
    protected String extraRepr() {
        return "lambda=" + lambda;
    }
}
