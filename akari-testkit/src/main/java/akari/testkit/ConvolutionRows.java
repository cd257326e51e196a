package akari.testkit;

import akari.core.Convolution;
import akari.core.Pooling;
import akari.core.Shape;
import akari.tensor.Reductions;
import akari.tensor.Tensor;
import java.util.List;

/** Convolutions and pooling. */
final class ConvolutionRows {
    private ConvolutionRows() {}

    static void add(OpTable t) {
        for (int d = 1; d <= 3; d++) {
            int n = d;
            t.op("conv" + n + "d", a -> convolution(a, n));
            t.op(
                    "conv_transpose" + n + "d",
                    a -> a.x().convTranspose(
                                    geometry(a, n, a.sizes("padding", n, 0)),
                                    a.input("w", "weight"),
                                    a.bias(),
                                    a.sizes("output_padding", n, 0)));
            t.several("max_pool" + n + "d", a -> indexed(a.x().maxPoolWithIndices(pooling(a, n))));
            t.op("avg_pool" + n + "d", a -> a.x().averagePool(pooling(a, n)));
            t.several(
                    "adaptive_max_pool" + n + "d",
                    a -> indexed(a.x().maxPoolWithIndices(Pooling.adaptive(outputSize(a, n)))));
            t.op("adaptive_avg_pool" + n + "d", a -> a.x().averagePool(Pooling.adaptive(outputSize(a, n))));
        }
    }

    static Convolution geometry(Arguments a, int n, Shape padding) {
        return new Convolution(a.sizes("stride", n, 1), padding, a.sizes("dilation", n, 1), a.integer("groups", 1));
    }

    /** With "same" or "valid" padding as the layer, otherwise as the function. */
    private static Tensor convolution(Arguments a, int n) {
        if (!a.text("padding", "").isEmpty()) {
            return LayerRows.convolution(a, n);
        }
        return a.x().convolution(geometry(a, n, a.sizes("padding", n, 0)), a.input("w", "weight"), a.bias());
    }

    private static Pooling pooling(Arguments a, int n) {
        Shape kernel = a.sizes("kernel_size", n, 1);
        return new Pooling(
                kernel,
                a.has("stride") ? a.sizes("stride", n, 1) : kernel,
                a.sizes("padding", n, 0),
                a.sizes("dilation", n, 1),
                a.flag("ceil_mode", false),
                a.flag("count_include_pad", true),
                a.integer("divisor_override", 0),
                null);
    }

    /** Null in an output size keeps the input's. */
    private static Shape outputSize(Arguments a, int n) {
        long[] sizes = a.sizes("output_size", n, 0).toArray();
        for (int d = 0; d < n; d++) {
            if (sizes[d] == 0) {
                sizes[d] = a.x().size(d - n);
            }
        }
        return Shape.of(sizes);
    }

    private static List<Tensor> indexed(Reductions.Indexed r) {
        return List.of(r.values(), r.indices());
    }
}
