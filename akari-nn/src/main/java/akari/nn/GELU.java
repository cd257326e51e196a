package akari.nn;

import akari.tensor.Tensor;

/** {@link Tensor#gelu} as a layer, exact or by the tanh approximation. */
@KeepsNothing
public final class GELU extends Module {
    private final boolean tanh;

    /** The exact one. */
    public GELU() {
        this("none");
    }

    /** @param approximate {@code "none"} or {@code "tanh"} */
    public GELU(String approximate) {
        tanh = approximate.equals("tanh");
        if (!tanh && !approximate.equals("none")) {
            throw new IllegalArgumentException("GELU takes \"none\" or \"tanh\", got \"" + approximate + "\"");
        }
    }

    @Override
    protected Tensor compute(Tensor x) {
        return tanh ? x.geluTanh() : x.gelu();
    }

    @Override
    protected String extraRepr() {
        return "approximate='" + (tanh ? "tanh" : "none") + "'";
    }
}
