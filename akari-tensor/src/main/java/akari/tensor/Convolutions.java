package akari.tensor;

import akari.backend.Layout;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.Arrays;
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
        return bias == null ? Tape.apply(new Conv(c), x, weight) : Tape.apply(new Conv(c), x, weight, bias);
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
        LinearAlgebra.checkTypes("transposed convolution", x, weight, bias);
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
        Tensor y = Tape.apply(new ConvInputGradient(c, Shape.of(out)), x, weight);
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
        Tape.Result r = Tape.call(new MaxPool(p, indices), x);
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
        return Tape.apply(new AveragePool(p), self());
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
        LinearAlgebra.checkTypes(op, x, w, bias);
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

    /** Uninitialised, in the memory order that the backend's convolutions like. */
    private static Tensor images(Tensor like, Shape shape) {
        Layout layout = like.backend().prefersChannelsLast() ? Layout.channelsLast(shape) : Layout.contiguous(shape);
        return Tensor.allocate(like.backend(), like.dtype(), layout);
    }

    /** Inputs x, weight and perhaps bias. */
    record Conv(Convolution spec) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Tensor w = Autocast.weight(in[1], x.dtype());
            Tensor out = images(x, spec.outputShape(x.shape(), w.shape()));
            if (out.numel() > 0) { // a model's summary runs on an empty batch: weights need no packing then
                x.backend().convolution(spec, x.view, w.view, in.length > 2 ? in[2].view : null, out.view);
            }
            if (call.needs(0)) {
                Autocast.saveWeight(call, in[1], w);
            }
            call.slot(0, call.needs(1) ? call.save(x) : -1);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            @Nullable Tensor[] out = new Tensor[call.inputs()];
            if (call.needs(0)) {
                out[0] = Tape.apply(new ConvInputGradient(spec, call.inputShape(0)), g, Autocast.savedWeight(call));
            }
            boolean bias = call.needs(2);
            if (call.needs(1)) {
                Tensor x = call.saved(call.slot(0));
                Tape.Result r =
                        Tape.call(new ConvWeightGradient(spec, call.inputShape(1), call.inputType(1), bias), x, g);
                out[1] = r.output();
                // one pass gives both; a second derivative needs the sum as an operation of its own
                bias = bias && Mode.current().grad;
                if (call.needs(2) && !bias) {
                    out[2] = r.call().extra(0);
                }
            }
            if (bias) {
                int[] dims = new int[g.dim() - 1];
                for (int d = 1; d < dims.length; d++) {
                    dims[d] = d + 1;
                }
                out[2] = g.sum(dims);
            }
            return out;
        }
    }

    /** Inputs g, weight: linear in both, so its gradients are convolutions again. */
    record ConvInputGradient(Convolution spec, Shape shape) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor w = Autocast.weight(in[1], in[0].dtype());
            Tensor out = images(in[0], shape);
            in[0].backend().convolutionInputGradient(spec, in[0].view, w.view, out.view);
            if (call.needs(0)) {
                Autocast.saveWeight(call, in[1], w);
            }
            call.slot(0, call.needs(1) ? call.save(in[0]) : -1);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor gg) {
            return new @Nullable Tensor[] {
                call.needs(0) ? Tape.apply(new Conv(spec), gg, Autocast.savedWeight(call)) : null,
                call.needs(1)
                        ? Tape.apply(
                                new ConvWeightGradient(spec, call.inputShape(1), call.inputType(1), false),
                                gg,
                                call.saved(call.slot(0)))
                        : null
            };
        }
    }

    /**
     * Inputs x, g.
     *
     * @param shape of the weight
     * @param dtype of the weight; null for the inputs'
     */
    record ConvWeightGradient(
            Convolution spec, Shape shape, @Nullable DType dtype, boolean bias) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            DType type = dtype == null ? x.dtype() : dtype;
            Tensor out = x.like(type, shape);
            Tensor gb = bias ? x.like(type, Shape.of(shape.get(0))) : null;
            x.backend().convolutionWeightGradient(spec, x.view, in[1].view, out.view, gb == null ? null : gb.view);
            if (gb != null) {
                call.extras(gb);
            }
            call.slot(0, call.needs(1) ? call.save(x) : -1);
            call.slot(1, call.needs(0) ? call.save(in[1]) : -1);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor gw) {
            return new @Nullable Tensor[] {
                call.needs(0)
                        ? Tape.apply(new ConvInputGradient(spec, call.inputShape(0)), call.saved(call.slot(1)), gw)
                        : null,
                call.needs(1) ? Tape.apply(new Conv(spec), call.saved(call.slot(0)), gw) : null
            };
        }
    }

    /** @param indices whether the places of the maxima are a result, and not only what the gradient needs */
    record MaxPool(Pooling spec, boolean indices) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor out = images(in[0], spec.outputShape(in[0].shape()));
            if (!indices && !call.recording()) {
                in[0].backend().maxPool(spec, in[0].view, out.view, null);
                return out;
            }
            Tensor index = Tensor.allocate(out.backend(), DType.INT64, out.view.layout());
            in[0].backend().maxPool(spec, in[0].view, out.view, index.view);
            call.extras(index);
            call.save(index);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {Tape.apply(new MaxPoolGradient(call.inputShape(0)), g, call.saved(0))};
        }
    }

    /** Inputs g and the places of the maxima. */
    record MaxPoolGradient(Shape shape) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor out = images(in[0], shape);
            Layout layout = in[1].view.layout();
            Tensor g = in[0];
            if (!Arrays.equals(g.stride(), layout.strides())) {
                g = Tensor.allocate(g.backend(), g.dtype(), layout.like(g.shape()))
                        .copy_(g);
            }
            out.backend().maxPoolGradient(g.view, in[1].view, out.view);
            call.save(in[1]);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor gg) {
            Tensor index = call.saved(0);
            Tensor picked = gg.flatten(2, -1).gather(2, index.flatten(2, -1));
            return new @Nullable Tensor[] {picked.reshape(index.shape()), null};
        }
    }

    record AveragePool(Pooling spec) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor out = images(in[0], spec.outputShape(in[0].shape()));
            in[0].backend().averagePool(spec, in[0].view, out.view);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return new Tensor[] {Tape.apply(new AveragePoolGradient(spec, call.inputShape(0)), g)};
        }
    }

    record AveragePoolGradient(Pooling spec, Shape shape) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor out = images(in[0], shape);
            in[0].backend().averagePoolGradient(spec, in[0].view, out.view);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor gg) {
            return new Tensor[] {Tape.apply(new AveragePool(spec), gg)};
        }
    }
}
