/** Tensors, their operations and automatic differentiation. */
module akari.tensor {
    requires transitive akari.backend;
    requires static org.jspecify;

    // exports akari.tensor;
}
