package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;

import akari.backend.Activation;
import akari.formula.Expr;
import akari.backend.Layout;
import akari.formula.Pointwise;
import akari.core.DType;
import akari.core.Shape;
import org.jspecify.annotations.Nullable;

/** Batch normalisation and softmax. */
public sealed interface Normalizations permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /**
     * {@code torch.nn.functional.batch_norm} over {@code [N, C, …]}. In training the batch's own statistics normalise, and the
     * running ones (if given) move towards them by {@code momentum}, the variance unbiased; otherwise the running ones normalise.
     *
     * @param weight {@code [C]} or null, together with {@code bias}
     */
    default Tensor batchNorm(
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training,
            double momentum,
            double eps) {
        return batchNorm(runningMean, runningVar, weight, bias, training, momentum, eps, Activation.IDENTITY);
    }

    /** {@link #batchNorm} followed by an activation, in one pass over the data where the backend can. */
    default Tensor batchNorm(
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training,
            double momentum,
            double eps,
            Activation then) {
        Tensor x = self();
        if (x.dim() < 2 || !x.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    "batchNorm needs a floating input [N, C, …], got " + x.dtype() + " " + x.shape());
        }
        long channels = x.size(1);
        for (Tensor t : new @Nullable Tensor[] {runningMean, runningVar, weight, bias}) {
            if (t != null && !t.shape().equals(Shape.of(channels))) {
                throw new IllegalArgumentException("batchNorm: input " + x.shape() + " has " + channels
                        + " channels, a parameter has shape " + t.shape());
            }
        }
        if (!training) {
            if (runningMean == null || runningVar == null) {
                throw new IllegalArgumentException("batchNorm in eval mode needs running statistics");
            }
            return Tape.composite("batchNorm", () -> {
                // in the type of the arithmetic: scale and shift cancel, so neither may be rounded to a half
                DType wide = runningVar.dtype().compute();
                Tensor inverse = runningVar.to(wide).add(eps).rsqrt();
                Tensor mean = runningMean.to(wide);
                Tensor y = weight != null && bias != null && Mode.current().grad && weight.requiresGrad()
                        ? Elementwise.floating(
                                BatchNorm.AFFINE,
                                x,
                                perChannel(mean, x.dim()),
                                perChannel(inverse, x.dim()),
                                perChannel(weight.to(wide), x.dim()),
                                perChannel(bias.to(wide), x.dim()))
                        : scaled(x, mean, weight == null ? inverse : inverse.mul(weight), bias);
                y = runningVar.dtype().isHalf() ? y.to(x.dtype()) : y;
                y = then == Activation.IDENTITY ? y : Elementwise.floating(then.formula(), y);
                return y.to(x.dtype());
            });
        }
        long each = channels == 0 ? 0 : x.numel() / channels;
        if (each == 1) {
            throw new IllegalArgumentException("batchNorm in training needs more than one value per channel, got input "
                    + x.shape() + ": use a larger batch, or eval()");
        }
        // a composite, so that the batch's statistics return to the pool once backward has read them
        return Tape.composite("batchNorm", () -> {
            Tape.Result r = weight == null || bias == null
                    ? Tape.call(new BatchNorm(eps, then), x)
                    : Tape.call(new BatchNorm(eps, then), x, weight, bias);
            if (runningMean != null && runningVar != null && each > 0) {
                Tensors.noGrad(() -> {
                    move(runningMean, r.call().extra(0), momentum, momentum);
                    move(runningVar, r.call().extra(1), momentum, momentum * each / (each - 1));
                });
            }
            return r.output();
        });
    }

    private static Tensor scaled(Tensor x, Tensor mean, Tensor scale, @Nullable Tensor bias) {
        Tensor shift = mean.mul(scale).neg();
        shift = bias == null ? shift : shift.add(bias);
        return x.mul(perChannel(scale, x.dim())).add(perChannel(shift, x.dim()));
    }

    /** A half moves in float32: the batch's variance, of which it takes a share, may be more than a half holds. */
    private static void move(Tensor running, Tensor batch, double momentum, double share) {
        Tensor wide = running.to(running.dtype().compute()).mul_(1 - momentum).add_(batch, share);
        if (wide != running) {
            running.copy_(wide);
        }
    }

    /** {@code e^x / sum(e^x)} along {@code dim}. */
    default Tensor softmax(int dim) {
        return Tape.apply(new Softmax(self().shape().axis(dim), false), checked("softmax"));
    }

    /** {@code log(softmax(x))} along {@code dim}, without underflow. */
    default Tensor logSoftmax(int dim) {
        return Tape.apply(new Softmax(self().shape().axis(dim), true), checked("logSoftmax"));
    }

    /** {@link #softmax(int)} of this converted to {@code dtype}. */
    default Tensor softmax(int dim, DType dtype) {
        return self().to(dtype).softmax(dim);
    }

    /** {@link #logSoftmax(int)} of this converted to {@code dtype}. */
    default Tensor logSoftmax(int dim, DType dtype) {
        return self().to(dtype).logSoftmax(dim);
    }

    private Tensor checked(String op) {
        if (!self().dtype().isFloating()) {
            throw new IllegalArgumentException(op + " needs a floating-point tensor, this one is " + self().dtype()
                    + "; convert it with to(FLOAT32)");
        }
        return self();
    }

    private static Tensor perChannel(Tensor t, int rank) {
        return t.reshape(Shape.fill(rank - 1, 1).with(0, t.numel()));
    }

    /** Inputs x and perhaps weight, bias; further results: the batch's mean and biased variance. Ioffe and Szegedy 2015. */
    record BatchNorm(double eps, Activation then) implements Op {
        /**
         * Inputs x, mean, 1/σ, weight and bias. The weight's slope subtracts the mean from each element: sums over x and over the mean would cancel
         * where it is large beside σ.
         */
        static final Pointwise AFFINE = Pointwise.of("batchNorm", 5, 0, affine(in(2).times(in(3))))
                .slopes(
                        in(2).times(in(3)),
                        in(2).times(in(3)).neg(),
                        in(0).minus(in(1)).times(in(3)),
                        in(0).minus(in(1)).times(in(2)),
                        lit(1));

        private static Expr affine(Expr scale) {
            // step by step as without a gradient, so that both have the same bits
            return in(0).times(scale).plus(in(4).minus(in(1).times(scale)));
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Layout layout = x.view.layout().like(x.shape());
            Tensor out = Tensor.allocate(x.backend(), x.dtype(), layout);
            Tensor mean = x.like(x.dtype().compute(), Shape.of(x.size(1)));
            Tensor variance = x.like(x.dtype().compute(), Shape.of(x.size(1)));
            boolean affine = in.length > 1;
            x.backend()
                    .batchNorm(
                            x.view,
                            affine ? in[1].view : null,
                            affine ? in[2].view : null,
                            eps,
                            then,
                            out.view,
                            mean.view,
                            variance.view);
            call.extras(mean, variance);
            call.save(x);
            call.save(mean);
            call.save(variance);
            if (affine) {
                call.save(in[1]);
                call.save(in[2]);
            }
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor x = call.saved(0);
            Tensor weight = call.inputs() > 1 ? call.saved(3) : null;
            Tensor bias = call.inputs() > 1 ? call.saved(4) : null;
            return Mode.current().grad ? composed(x, weight, bias, g) : fused(call, x, weight, bias, g);
        }

        private @Nullable Tensor[] fused(
                Call call, Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, Tensor g) {
            Layout layout = x.view.layout().like(x.shape());
            Tensor gx = Tensor.allocate(x.backend(), x.dtype(), layout);
            Tensor gw = weight == null ? null : x.like(weight.dtype(), weight.shape());
            Tensor gb = weight == null ? null : x.like(weight.dtype(), weight.shape());
            x.backend()
                    .batchNormGradient(
                            x.view,
                            g.view,
                            call.saved(1).view,
                            call.saved(2).view,
                            weight == null ? null : weight.view,
                            bias == null ? null : bias.view,
                            eps,
                            then,
                            gx.view,
                            gw == null ? null : gw.view,
                            gb == null ? null : gb.view);
            return weight == null ? new Tensor[] {gx} : new Tensor[] {gx, gw, gb};
        }

        /** The same in differentiable operations, from x alone. */
        private @Nullable Tensor[] composed(
                Tensor input, @Nullable Tensor weight, @Nullable Tensor bias, Tensor upstream) {
            Tensor x = input.to(input.dtype().compute());
            int[] dims = new int[x.dim() - 1];
            for (int d = 1; d < dims.length; d++) {
                dims[d] = d + 1;
            }
            Tensor centred = x.sub(x.mean(dims, true));
            Tensor inverse = centred.square().mean(dims, true).add(eps).rsqrt();
            Tensor unit = centred.mul(inverse);
            Tensor g = upstream.to(x.dtype());
            if (then != Activation.IDENTITY) {
                Tensor z = weight == null || bias == null
                        ? unit
                        : unit.mul(perChannel(weight, x.dim())).add(perChannel(bias, x.dim()));
                g = Elementwise.floating(then.formula().gradient(0), g, z, Elementwise.floating(then.formula(), z));
            }
            Tensor scaled = weight == null ? inverse : inverse.mul(perChannel(weight, x.dim()));
            Tensor gx = g.sub(g.mean(dims, true))
                    .sub(unit.mul(g.mul(unit).mean(dims, true)))
                    .mul(scaled);
            return weight == null
                    ? new Tensor[] {gx}
                    : new Tensor[] {gx, g.mul(unit).sum(dims), g.sum(dims)};
        }
    }

    record Softmax(int dim, boolean log) implements Op {
        @Override
        public String name() {
            return log ? "logSoftmax" : "softmax";
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Tensor out = x.like(x.dtype(), x.shape());
            x.backend().softmax(x.view, dim, log, out.view);
            call.save(out);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor y = call.saved(0);
            if (!Mode.current().grad) {
                Tensor gx = y.like(y.dtype(), y.shape());
                y.backend().softmaxGradient(y.view, g.view, dim, log, gx.view);
                return new Tensor[] {gx};
            }
            int[] dims = {dim};
            return new Tensor[] {
                log
                        ? g.sub(y.exp().mul(g.sum(dims, true)))
                        : y.mul(g.sub(g.mul(y).sum(dims, true)))
            };
        }
    }
}
