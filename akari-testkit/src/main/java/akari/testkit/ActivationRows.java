package akari.testkit;

/** Activations. */
final class ActivationRows {
    private ActivationRows() {}

    static void add(OpTable t) {
        t.op("gelu", a -> a.text("approximate", "none").equals("tanh") ? a.x().geluTanh() : a.x().gelu());
        t.op("leaky_relu", a -> a.x().leakyRelu(a.number("negative_slope", 0.01)));
        t.op("elu", a -> a.x().elu(a.number("alpha", 1)));
        t.op("celu", a -> a.x().celu(a.number("alpha", 1)));
        t.op("hardtanh", a -> a.x().hardtanh(a.number("min_val", -1), a.number("max_val", 1)));
        t.op("softplus", a -> a.x().softplus(a.number("beta", 1), a.number("threshold", 20)));
        t.op("softshrink", a -> a.x().softshrink(a.number("lambd", 0.5)));
        t.op("hardshrink", a -> a.x().hardshrink(a.number("lambd", 0.5)));
        t.op("threshold", a -> a.x().threshold(a.number("threshold", 0), a.number("value", 0)));
        t.op("prelu", a -> a.x().prelu(a.input("w", "weight")));
        t.op("softmax", a -> a.x().softmax(a.integer("dim", -1)));
        t.op("log_softmax", a -> a.x().logSoftmax(a.integer("dim", -1)));
        t.op("softmin", a -> a.x().neg().softmax(a.integer("dim", -1)));
    }
}
