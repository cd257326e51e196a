package akari.nn;

/** What activations share that can overwrite their input; they print PyTorch's arguments. */
abstract sealed class InPlace extends Module
        permits CELU, ELU, Hardsigmoid, Hardswish, Hardtanh, LeakyReLU, Mish, ReLU, ReLU6, SELU, SiLU, Threshold {
    final boolean inplace;
    private final String arguments;

    InPlace(boolean inplace) {
        this(inplace, "");
    }

    InPlace(boolean inplace, String arguments) {
        this.inplace = inplace;
        this.arguments = arguments;
    }

    @Override
    protected final String extraRepr() {
        return arguments + (inplace ? arguments.isEmpty() ? "inplace=True" : ", inplace=True" : "");
    }
}
