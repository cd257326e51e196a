package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#softshrink} as a layer; lambda 0.5 unless given. */
@KeepsNothing
public final class Softshrink extends Module {
    private final double lambda;

    /** With lambda 0.5. */
    public Softshrink() {
        this(0.5);
    }

    /** @param lambda by how much numbers move towards 0, at most to 0 */
    public Softshrink(double lambda) {
        this.lambda = lambda;
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.softshrink(lambda);
    }

    @Override
    protected String extraRepr() {
        return "lambda=" + lambda;
    }
}
