package akari.tensor;

import akari.backend.Layout;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Convolutions}. */
final class ConvolutionOps {
    private ConvolutionOps() {}

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
