package akari.tensor;

import akari.core.Convolution;
import akari.core.Pooling;
import akari.core.Shape;
import akari.errors.NullArgument;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and pooling over {@code [N, C, spatial…]} with one to three spatial dimensions; an input without the batch dimension
 * is treated as a batch of one. Results lie in memory as the backend likes best (channels-last on the CPU with oneDNN).
 */
public sealed interface Convolutions permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * Cross-correlation, {@code torch.nn.functional.conv1d/2d/3d}.
     *
     * @param weight {@code [O, C/groups, kernel…]}
     * @param bias {@code [O]}, or null
     */
    default Tensor convolution(Convolution c, Tensor weight, @Nullable Tensor bias) {
        int rank = c.dims() + 2;
        if (self().dim() == rank - 1) {
            return self().unsqueeze(0).convolution(c, weight, bias).squeeze(0);
        }
        Tensor x = Autocast.lower(self());
        check(c, x, weight, bias);
        return bias == null
                ? Tape.apply(new ConvolutionOps.Conv(c), x, weight)
                : Tape.apply(new ConvolutionOps.Conv(c), x, weight, bias);
    }

    /** {@link #convolution} over two spatial dimensions with equal numbers for both. */
    default Tensor conv2d(Tensor weight, @Nullable Tensor bias, long stride, long padding) {
        return convolution(
                new Convolution(Shape.fill(2, stride), Shape.fill(2, padding), Shape.fill(2, 1), 1), weight, bias);
    }

    default Tensor conv2d(Tensor weight, @Nullable Tensor bias, long stride, long padding, long dilation) {
        return conv2d(weight, bias, stride, padding, dilation, 1);
    }

    default Tensor conv2d(Tensor weight, @Nullable Tensor bias) {
        return conv2d(weight, bias, 1, 0);
    }

    default Tensor conv2d(Tensor weight, @Nullable Tensor bias, long stride) {
        return conv2d(weight, bias, stride, 0);
    }

    default Tensor conv2d(Tensor weight) {
        return conv2d(weight, null);
    }

    default Tensor conv2d(Tensor weight, @Nullable Tensor bias, long stride, long padding, long dilation, long groups) {
        return convolution(
                new Convolution(Shape.fill(2, stride), Shape.fill(2, padding), Shape.fill(2, dilation), groups),
                weight,
                bias);
    }

    /**
     * The gradient of a convolution as an operation of its own, {@code torch.nn.functional.conv_transpose1d/2d/3d}.
     *
     * @param weight {@code [C, O/groups, kernel…]}
     * @param outputPadding added to one side of the result's size, less than stride or dilation
     */
    default Tensor convTranspose(Convolution c, Tensor weight, @Nullable Tensor bias, Shape outputPadding) {
        NullArgument.check(weight, "weight");
        Tensor x = Autocast.lower(self());
        if (x.dim() == c.dims() + 1) {
            return x.unsqueeze(0).convTranspose(c, weight, bias, outputPadding).squeeze(0);
        }
        if (x.dim() != c.dims() + 2 || weight.dim() != c.dims() + 2 || x.size(1) != weight.size(0)) {
            throw new IllegalArgumentException("transposed convolution: input " + x.shape() + " does not fit weight "
                    + weight.shape() + ": expected [N, " + weight.size(0) + ", …]");
        }
        LinearAlgebraOps.checkTypes("transposed convolution", x, weight, bias);
        long[] out = new long[x.dim()];
        out[0] = x.size(0);
        out[1] = weight.size(1) * c.groups();
        for (int d = 0; d < c.dims(); d++) {
            out[d + 2] = (x.size(d + 2) - 1) * c.stride().get(d)
                    - 2 * c.padding().get(d)
                    + c.dilation().get(d) * (weight.size(d + 2) - 1)
                    + outputPadding.get(d)
                    + 1;
        }
        Tensor y = Tape.apply(new ConvolutionOps.ConvInputGradient(c, Shape.of(out)), x, weight);
        return bias == null
                ? y
                : y.add(bias.to(y.dtype()).reshape(Shape.fill(x.dim() - 1, 1).with(0, bias.numel())));
    }

    /** Largest element of each window; the gradient goes to the first largest. */
    default Tensor maxPool(Pooling p) {
        return maxPool(p, false).values();
    }

    /** {@link #maxPool} and the position of each maximum in its plane, counted over the flattened spatial dimensions. */
    default Reductions.Indexed maxPoolWithIndices(Pooling p) {
        return maxPool(p, true);
    }

    private Reductions.Indexed maxPool(Pooling p, boolean indices) {
        NullArgument.check(p, "p");
        boolean single = self().dim() == p.dims() + 1;
        Tensor x = single ? self().unsqueeze(0) : self();
        check("maxPool", p, x);
        Tape.Result r = Tape.call(new ConvolutionOps.MaxPool(p, indices), x);
        Tensor values = single ? r.output().squeeze(0) : r.output();
        Tensor places = indices ? r.call().extra(0) : values; // nobody asks for them
        return new Reductions.Indexed(values, single && indices ? places.squeeze(0) : places);
    }

    /** Mean of each window. */
    default Tensor averagePool(Pooling p) {
        if (self().dim() == p.dims() + 1) {
            return self().unsqueeze(0).averagePool(p).squeeze(0);
        }
        check("averagePool", p, self());
        return Tape.apply(new ConvolutionOps.AveragePool(p), self());
    }

    private static void check(Convolution c, Tensor x, Tensor w, @Nullable Tensor bias) {
        NullArgument.check(w, "w");
        String op = "conv" + c.dims() + "d";
        if (x.dim() != c.dims() + 2 || w.dim() != c.dims() + 2) {
            throw new IllegalArgumentException(
                    op + ": expected an input of " + (c.dims() + 2) + " dimensions [N, C, …] and a weight"
                            + " [O, C/groups, …], got " + x.shape() + " and " + w.shape());
        }
        if (x.size(1) != w.size(1) * c.groups() || w.size(0) % c.groups() != 0) {
            throw ShapeMismatches.channels(op, x.shape(), w.shape(), c);
        }
        if (bias != null && !bias.shape().equals(Shape.of(w.size(0)))) {
            throw ShapeMismatches.bias(op, bias.shape(), w.shape(), 0);
        }
        LinearAlgebraOps.checkTypes(op, x, w, bias);
        for (int d = 0; d < c.dims(); d++) {
            if (c.outputSize(d, x.size(d + 2), w.size(d + 2)) < 1) {
                throw ShapeMismatches.window(op, x.shape(), w.shape(), c);
            }
        }
    }

    private static void check(String op, Pooling p, Tensor x) {
        if (x.dim() != p.dims() + 2 || !x.dtype().isFloating()) {
            throw new IllegalArgumentException(op + " needs a floating input of " + (p.dims() + 2)
                    + " dimensions [N, C, …], got " + x.dtype() + " " + x.shape());
        }
        for (int d = 0; d < p.dims(); d++) {
            if (p.padding().get(d) * 2 > p.kernel().get(d)) {
                throw new IllegalArgumentException(
                        op + ": padding " + p.padding() + " is more than half of the kernel " + p.kernel());
            }
            if (p.outputSize(d, x.size(d + 2)) < 1) {
                throw new IllegalArgumentException(
                        op + ": window " + p.kernel() + " does not fit into input " + x.shape());
            }
        }
    }
}
