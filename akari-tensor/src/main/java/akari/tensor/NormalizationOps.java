package akari.tensor;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;

import akari.backend.Activation;
import akari.backend.Layout;
import akari.core.Shape;
import akari.formula.Expr;
import akari.formula.Pointwise;
import org.jspecify.annotations.Nullable;

/** The operations behind {@link Normalizations}. */
final class NormalizationOps {
    private NormalizationOps() {}

    static Tensor perChannel(Tensor t, int rank) {
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
