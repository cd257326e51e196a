package akari.cpu;

import akari.backend.DType;
import akari.backend.Kernel;
import akari.backend.View;

/** Runs pointwise kernels over views. */
final class Elements {
    Elements(Workers workers) {}

    void run(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        throw new UnsupportedOperationException(kernel.name());
    }
}
