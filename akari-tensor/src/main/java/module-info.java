/** Tensors, their operations and automatic differentiation; start at {@link akari.tensor.Tensor} and {@link akari.tensor.Tensors}. */
module akari.tensor {
    requires transitive akari.core;
    requires static transitive org.jspecify;

    exports akari.tensor;
}
