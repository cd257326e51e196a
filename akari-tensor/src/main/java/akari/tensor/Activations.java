package akari.tensor;

<<<<<<< HEAD
import akari.core.DType;
||||||| parent of 60cacf3 (Document and test own fused operations)
import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.backend.Activation;
import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;
import akari.core.DType;
=======
import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.scalar;
import static akari.formula.Expr.select;

import akari.backend.Activation;
import akari.core.DType;
import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Pointwise;
>>>>>>> 60cacf3 (Document and test own fused operations)
import java.util.Arrays;

/** Activation functions, with PyTorch's values and slopes at kinks, infinities and NaN. */
public sealed interface Activations permits Tensor {
<<<<<<< HEAD
||||||| parent of 60cacf3 (Document and test own fused operations)
    Pointwise RELU = Activation.RELU.formula();
    Pointwise RELU6 = Activation.RELU6.formula();
    Pointwise HARDTANH = Pointwise.of("hardtanh", 1, 2, clip(in(0), scalar(0), scalar(1)))
            .slopes(inside(in(0), scalar(0), scalar(1)));
    Pointwise LEAKY_RELU = Pointwise.of(
                    "leaky_relu", 1, 1, select(Cmp.GT, in(0), lit(0), in(0), in(0).times(scalar(0))))
            .slopes(select(Cmp.GT, in(0), lit(0), lit(1), scalar(0)));
    Pointwise THRESHOLD = Pointwise.of("threshold", 1, 2, select(Cmp.LE, in(0), scalar(0), scalar(1), in(0)))
            .slopes(select(Cmp.LE, in(0), scalar(0), lit(0), lit(1)));

    /** {@code scale·(x > 0 ? x : alpha·(e^(x·rate) - 1))}: scalars alpha, scale, rate; elu, selu and celu are cases of it. */
    Pointwise ELU = Pointwise.of(
                    "elu",
                    1,
                    3,
                    select(
                            Cmp.GT,
                            in(0),
                            lit(0),
                            in(0).times(scalar(1)),
                            in(0).times(scalar(2)).expm1().times(scalar(0).times(scalar(1)))))
            .slopes(select(
                    Cmp.LE,
                    in(0),
                    lit(0),
                    in(0).times(scalar(2))
                            .exp()
                            .times(scalar(0).times(scalar(1)).times(scalar(2))),
                    scalar(1)));

    /** Written so that no intermediate overflows: e^(-|x|) is at most 1. */
    Pointwise SIGMOID = Pointwise.of("sigmoid", x -> x.sigmoid()).slope((x, y) -> y.times(lit(1).minus(y)));

    Pointwise SILU = Activation.SILU.formula();
    Pointwise TANH = Pointwise.of("tanh", x -> x.tanh());
    Pointwise TANHSHRINK = Pointwise.of("tanhshrink", x -> x.minus(x.tanh()))
            .slope((x, y) -> x.tanh().times(x.tanh()));
    Pointwise SOFTSIGN = Pointwise.of("softsign", x -> x.over(x.abs().plus(1)))
            .slope((x, y) -> lit(1).over(x.abs().plus(1).times(x.abs().plus(1))));
    Pointwise SOFTSHRINK = Pointwise.of(
                    "softshrink",
                    1,
                    1,
                    select(
                            Cmp.GT,
                            in(0),
                            scalar(0),
                            in(0).minus(scalar(0)),
                            // x - x is 0, and keeps NaN
                            select(Cmp.LT, in(0), scalar(0).neg(), in(0).plus(scalar(0)), in(0).minus(in(0)))))
            .slopes(outside(in(0), scalar(0)));
    Pointwise HARDSHRINK = Pointwise.of("hardshrink", 1, 1, select(Cmp.LE, in(0).abs(), scalar(0), lit(0), in(0)))
            .slopes(outside(in(0), scalar(0)));

    /** Scalars beta, threshold; above the threshold it is the identity. */
    Pointwise SOFTPLUS = Pointwise.of(
                    "softplus",
                    1,
                    2,
                    select(
                            Cmp.GT,
                            in(0).times(scalar(0)),
                            scalar(1),
                            in(0),
                            softplus(in(0).times(scalar(0))).over(scalar(0))))
            .slopes(select(Cmp.GT, in(0).times(scalar(0)), scalar(1), lit(1), in(0).times(scalar(0)).sigmoid()));

    Pointwise LOGSIGMOID =
            Pointwise.of("logsigmoid", x -> softplus(x.neg()).neg()).slope((x, y) -> x.neg().sigmoid());
    Pointwise MISH = Pointwise.of("mish", x -> x.times(softplus(x).tanh()))
            .slope((x, y) -> softplus(x)
                    .tanh()
                    .plus(x.times(x.sigmoid())
                            .times(lit(1).minus(
                                            softplus(x).tanh().times(softplus(x).tanh())))));
    Pointwise GELU = Pointwise.of(
                    "gelu",
                    x -> x.times(0.5).times(x.times(Math.sqrt(0.5)).erf().plus(1)))
            .slope((x, y) -> x.times(Math.sqrt(0.5))
                    .erf()
                    .plus(1)
                    .times(0.5)
                    .plus(x.times(x.times(x).times(-0.5).exp().times(1 / Math.sqrt(2 * Math.PI)))));
    /** Beyond ±20 the bell is 0, and the clip keeps its other factor from overflowing. */
    Pointwise GELU_TANH = Pointwise.of("gelu_tanh", x -> x.times(0.5).times(bend(x).plus(1)))
            .slope((x, y) -> {
                Expr c = clip(x, lit(-20), lit(20));
                Expr rise = c.times(c).times(3 * 0.044715).plus(1).times(Math.sqrt(2 / Math.PI));
                Expr bell = lit(1).minus(bend(x).times(bend(x)));
                return bend(x).plus(1).plus(c.times(rise).times(bell)).times(0.5);
            });

    Pointwise HARDSIGMOID = Pointwise.of(
                    "hardsigmoid", x -> clip(x.plus(3), lit(0), lit(6)).over(6))
            .slope((x, y) -> select(Cmp.GT, x, lit(-3), select(Cmp.LT, x, lit(3), lit(1.0 / 6), lit(0)), lit(0)));
    Pointwise HARDSWISH = Activation.HARDSWISH.formula();
    Pointwise PRELU = Pointwise.of("prelu", (x, w) -> select(Cmp.GT, x, lit(0), x, x.times(w)))
            .slopes(select(Cmp.GT, in(0), lit(0), lit(1), in(1)), select(Cmp.GT, in(0), lit(0), lit(0), in(0)));

    /** {@code log(1 + e^x)}, as max(x, 0) + log1p(e^-|x|). */
    private static Expr softplus(Expr x) {
        return select(Cmp.LT, x, lit(0), lit(0), x).plus(x.abs().neg().exp().log1p());
    }

    /** {@code tanh(√(2/π)·(x + 0.044715 x³))}. */
    private static Expr bend(Expr x) {
        return x.plus(x.times(x).times(x).times(0.044715))
                .times(Math.sqrt(2 / Math.PI))
                .tanh();
    }

    private static Expr clip(Expr x, Expr low, Expr high) {
        return select(Cmp.LT, x, low, low, select(Cmp.GT, x, high, high, x));
    }

    /** 1 strictly between the bounds, else 0. */
    private static Expr inside(Expr x, Expr low, Expr high) {
        return select(Cmp.LE, x, low, lit(0), select(Cmp.GE, x, high, lit(0), lit(1)));
    }

    private static Expr outside(Expr x, Expr lambda) {
        return select(Cmp.LE, x.abs(), lambda, lit(0), lit(1));
    }
=======
    Pointwise RELU = Activation.RELU.formula();
    Pointwise RELU6 = Activation.RELU6.formula();
    Pointwise HARDTANH = Pointwise.of("hardtanh", 1, 2, clip(in(0), scalar(0), scalar(1)))
            .slopes(inside(in(0), scalar(0), scalar(1)));
    Pointwise LEAKY_RELU = Pointwise.of(
                    "leaky_relu", 1, 1, select(Cmp.GT, in(0), lit(0), in(0), in(0).times(scalar(0))))
            .slopes(select(Cmp.GT, in(0), lit(0), lit(1), scalar(0)));
    Pointwise THRESHOLD = Pointwise.of("threshold", 1, 2, select(Cmp.LE, in(0), scalar(0), scalar(1), in(0)))
            .slopes(select(Cmp.LE, in(0), scalar(0), lit(0), lit(1)));

    /** {@code scale·(x > 0 ? x : alpha·(e^(x·rate) - 1))}: scalars alpha, scale, rate; elu, selu and celu are cases of it. */
    Pointwise ELU = Pointwise.of(
                    "elu",
                    1,
                    3,
                    select(
                            Cmp.GT,
                            in(0),
                            lit(0),
                            in(0).times(scalar(1)),
                            in(0).times(scalar(2)).expm1().times(scalar(0).times(scalar(1)))))
            .slopes(select(
                    Cmp.LE,
                    in(0),
                    lit(0),
                    in(0).times(scalar(2))
                            .exp()
                            .times(scalar(0).times(scalar(1)).times(scalar(2))),
                    scalar(1)));

    /** Written so that no intermediate overflows: e^(-|x|) is at most 1. */
    Pointwise SIGMOID = Pointwise.of("sigmoid", x -> x.sigmoid()).slope((x, y) -> y.times(lit(1).minus(y)));

    Pointwise SILU = Activation.SILU.formula();
    Pointwise TANH = Pointwise.of("tanh", x -> x.tanh());
    Pointwise TANHSHRINK = Pointwise.of("tanhshrink", x -> x.minus(x.tanh()))
            .slope((x, y) -> x.tanh().times(x.tanh()));
    Pointwise SOFTSIGN = Pointwise.of("softsign", x -> x.over(x.abs().plus(1)))
            .slope((x, y) -> lit(1).over(x.abs().plus(1).times(x.abs().plus(1))));
    Pointwise SOFTSHRINK = Pointwise.of(
                    "softshrink",
                    1,
                    1,
                    select(
                            Cmp.GT,
                            in(0),
                            scalar(0),
                            in(0).minus(scalar(0)),
                            // x - x is 0, and keeps NaN
                            select(Cmp.LT, in(0), scalar(0).neg(), in(0).plus(scalar(0)), in(0).minus(in(0)))))
            .slopes(outside(in(0), scalar(0)));
    Pointwise HARDSHRINK = Pointwise.of("hardshrink", 1, 1, select(Cmp.LE, in(0).abs(), scalar(0), lit(0), in(0)))
            .slopes(outside(in(0), scalar(0)));

    /** Scalars beta, threshold; above the threshold it is the identity. */
    Pointwise SOFTPLUS = Pointwise.of(
                    "softplus",
                    1,
                    2,
                    select(
                            Cmp.GT,
                            in(0).times(scalar(0)),
                            scalar(1),
                            in(0),
                            softplus(in(0).times(scalar(0))).over(scalar(0))))
            .slopes(select(
                    Cmp.GT,
                    in(0).times(scalar(0)),
                    scalar(1),
                    lit(1),
                    in(0).times(scalar(0)).sigmoid()));

    Pointwise LOGSIGMOID = Pointwise.of("logsigmoid", x -> softplus(x.neg()).neg())
            .slope((x, y) -> x.neg().sigmoid());
    Pointwise MISH = Pointwise.of("mish", x -> x.times(softplus(x).tanh()))
            .slope((x, y) -> softplus(x)
                    .tanh()
                    .plus(x.times(x.sigmoid())
                            .times(lit(1).minus(
                                            softplus(x).tanh().times(softplus(x).tanh())))));
    Pointwise GELU = Pointwise.of(
                    "gelu",
                    x -> x.times(0.5).times(x.times(Math.sqrt(0.5)).erf().plus(1)))
            .slope((x, y) -> x.times(Math.sqrt(0.5))
                    .erf()
                    .plus(1)
                    .times(0.5)
                    .plus(x.times(x.times(x).times(-0.5).exp().times(1 / Math.sqrt(2 * Math.PI)))));
    /** Beyond ±20 the bell is 0, and the clip keeps its other factor from overflowing. */
    Pointwise GELU_TANH = Pointwise.of("gelu_tanh", x -> x.times(0.5).times(bend(x).plus(1)))
            .slope((x, y) -> {
                Expr c = clip(x, lit(-20), lit(20));
                Expr rise = c.times(c).times(3 * 0.044715).plus(1).times(Math.sqrt(2 / Math.PI));
                Expr bell = lit(1).minus(bend(x).times(bend(x)));
                return bend(x).plus(1).plus(c.times(rise).times(bell)).times(0.5);
            });

    Pointwise HARDSIGMOID = Pointwise.of(
                    "hardsigmoid", x -> clip(x.plus(3), lit(0), lit(6)).over(6))
            .slope((x, y) -> select(Cmp.GT, x, lit(-3), select(Cmp.LT, x, lit(3), lit(1.0 / 6), lit(0)), lit(0)));
    Pointwise HARDSWISH = Activation.HARDSWISH.formula();
    Pointwise PRELU = Pointwise.of("prelu", (x, w) -> select(Cmp.GT, x, lit(0), x, x.times(w)))
            .slopes(select(Cmp.GT, in(0), lit(0), lit(1), in(1)), select(Cmp.GT, in(0), lit(0), lit(0), in(0)));

    /** {@code log(1 + e^x)}, as max(x, 0) + log1p(e^-|x|). */
    private static Expr softplus(Expr x) {
        return select(Cmp.LT, x, lit(0), lit(0), x).plus(x.abs().neg().exp().log1p());
    }

    /** {@code tanh(√(2/π)·(x + 0.044715 x³))}. */
    private static Expr bend(Expr x) {
        return x.plus(x.times(x).times(x).times(0.044715))
                .times(Math.sqrt(2 / Math.PI))
                .tanh();
    }

    private static Expr clip(Expr x, Expr low, Expr high) {
        return select(Cmp.LT, x, low, low, select(Cmp.GT, x, high, high, x));
    }

    /** 1 strictly between the bounds, else 0. */
    private static Expr inside(Expr x, Expr low, Expr high) {
        return select(Cmp.LE, x, low, lit(0), select(Cmp.GE, x, high, lit(0), lit(1)));
    }

    private static Expr outside(Expr x, Expr lambda) {
        return select(Cmp.LE, x.abs(), lambda, lit(0), lit(1));
    }
>>>>>>> 60cacf3 (Document and test own fused operations)

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code max(x, 0)}; slope 0 at 0. */
    default Tensor relu() {
        return Elementwise.arithmetic(ActivationFormulas.RELU, self());
    }

    default Tensor relu_() {
        return Elementwise.inPlace(ActivationFormulas.RELU, new double[0], self());
    }

    /** {@code min(max(x, 0), 6)}; slope 0 at both kinks. */
    default Tensor relu6() {
        return Elementwise.arithmetic(ActivationFormulas.RELU6, self());
    }

    default Tensor relu6_() {
        return Elementwise.inPlace(ActivationFormulas.RELU6, new double[0], self());
    }

    /** {@code x > 0 ? x : negativeSlope * x}; PyTorch's default is 0.01. */
    default Tensor leakyRelu(double negativeSlope) {
        return Elementwise.floating(ActivationFormulas.LEAKY_RELU, new double[] {negativeSlope}, self());
    }

    default Tensor leakyRelu() {
        return leakyRelu(0.01);
    }

    default Tensor leakyRelu_(double negativeSlope) {
        return Elementwise.floatingInPlace(ActivationFormulas.LEAKY_RELU, new double[] {negativeSlope}, self());
    }

    default Tensor leakyRelu_() {
        return leakyRelu_(0.01);
    }

    /** {@code x > 0 ? x : alpha * (e^x - 1)}; PyTorch's default is 1. */
    default Tensor elu(double alpha) {
        return Elementwise.floating(ActivationFormulas.ELU, new double[] {alpha, 1, 1}, self());
    }

    default Tensor elu() {
        return elu(1);
    }

    default Tensor elu_(double alpha) {
        return Elementwise.floatingInPlace(ActivationFormulas.ELU, new double[] {alpha, 1, 1}, self());
    }

    default Tensor elu_() {
        return elu_(1);
    }

    /** The self-normalising elu of Klambauer et al. 2017. */
    default Tensor selu() {
        return Elementwise.floating(
                ActivationFormulas.ELU, new double[] {1.6732632423543772, 1.0507009873554805, 1}, self());
    }

    default Tensor selu_() {
        return Elementwise.floatingInPlace(
                ActivationFormulas.ELU, new double[] {1.6732632423543772, 1.0507009873554805, 1}, self());
    }

    /** {@code max(0, x) + min(0, alpha * (e^(x/alpha) - 1))}; PyTorch's default is 1. */
    default Tensor celu(double alpha) {
        return Elementwise.floating(ActivationFormulas.ELU, new double[] {alpha, 1, 1 / alpha}, self());
    }

    default Tensor celu() {
        return celu(1);
    }

    default Tensor celu_(double alpha) {
        return Elementwise.floatingInPlace(ActivationFormulas.ELU, new double[] {alpha, 1, 1 / alpha}, self());
    }

    default Tensor celu_() {
        return celu_(1);
    }

    default Tensor sigmoid() {
        return Elementwise.floating(ActivationFormulas.SIGMOID, self());
    }

    default Tensor sigmoid_() {
        return Elementwise.floatingInPlace(ActivationFormulas.SIGMOID, self());
    }

    /** {@code log(sigmoid(x))}. */
    default Tensor logSigmoid() {
        return Elementwise.floating(ActivationFormulas.LOGSIGMOID, self());
    }

    /** {@code x * sigmoid(x)}, also called swish. */
    default Tensor silu() {
        return Elementwise.floating(ActivationFormulas.SILU, self());
    }

    default Tensor silu_() {
        return Elementwise.floatingInPlace(ActivationFormulas.SILU, self());
    }

    /** {@code x * tanh(softplus(x))}. */
    default Tensor mish() {
        return Elementwise.floating(ActivationFormulas.MISH, self());
    }

    default Tensor mish_() {
        return Elementwise.floatingInPlace(ActivationFormulas.MISH, self());
    }

    /** {@code x/2 * (1 + erf(x/√2))}. */
    default Tensor gelu() {
        return Elementwise.floating(ActivationFormulas.GELU, self());
    }

    /** @param approximate {@code "none"} for {@link #gelu()}, {@code "tanh"} for {@link #geluTanh} */
    default Tensor gelu(String approximate) {
        return switch (approximate) {
            case "none" -> gelu();
            case "tanh" -> geluTanh();
            default ->
                throw new IllegalArgumentException(
                        "gelu: approximate must be \"none\" or \"tanh\", got \"" + approximate + "\"");
        };
    }

    /** {@link #gelu} by PyTorch's tanh approximation. */
    default Tensor geluTanh() {
        return Elementwise.floating(ActivationFormulas.GELU_TANH, self());
    }

    default Tensor tanh() {
        return Elementwise.floating(ActivationFormulas.TANH, self());
    }

    default Tensor tanh_() {
        return Elementwise.floatingInPlace(ActivationFormulas.TANH, self());
    }

    /** {@code x - tanh(x)}. */
    default Tensor tanhshrink() {
        return Elementwise.floating(ActivationFormulas.TANHSHRINK, self());
    }

    /** {@code x} clipped to {@code [min, max]}; PyTorch's default is [-1, 1]. */
    default Tensor hardtanh(Number min, Number max) {
        DType type = self().dtype();
        return Elementwise.scaled(
                ActivationFormulas.HARDTANH, type, ElementNumbers.elements("hardtanh", type, min, max), self());
    }

    default Tensor hardtanh() {
        return hardtanh(-1, 1);
    }

    default Tensor hardtanh(Number min) {
        return hardtanh(min, 1);
    }

    default Tensor hardtanh_(Number min, Number max) {
        return Elementwise.scaledInPlace(
                ActivationFormulas.HARDTANH, ElementNumbers.elements("hardtanh_", self().dtype(), min, max), self());
    }

    default Tensor hardtanh_() {
        return hardtanh_(-1, 1);
    }

    default Tensor hardtanh_(Number min) {
        return hardtanh_(min, 1);
    }

    /** {@code relu6(x + 3) / 6}. */
    default Tensor hardsigmoid() {
        return Elementwise.floating(ActivationFormulas.HARDSIGMOID, self());
    }

    default Tensor hardsigmoid_() {
        return Elementwise.floatingInPlace(ActivationFormulas.HARDSIGMOID, self());
    }

    /** {@code x * relu6(x + 3) / 6}. */
    default Tensor hardswish() {
        return Elementwise.floating(ActivationFormulas.HARDSWISH, self());
    }

    default Tensor hardswish_() {
        return Elementwise.floatingInPlace(ActivationFormulas.HARDSWISH, self());
    }

    /** {@code log(1 + e^(beta x)) / beta}, the identity where {@code beta x > threshold}; PyTorch's defaults are 1 and 20. */
    default Tensor softplus(double beta, double threshold) {
        return Elementwise.floating(ActivationFormulas.SOFTPLUS, new double[] {beta, threshold}, self());
    }

    default Tensor softplus() {
        return softplus(1, 20);
    }

    default Tensor softplus(double beta) {
        return softplus(beta, 20);
    }

    /** {@code x / (1 + |x|)}. */
    default Tensor softsign() {
        return Elementwise.floating(ActivationFormulas.SOFTSIGN, self());
    }

    /** Shrinks towards zero by {@code lambda}, 0 inside; PyTorch's default is 0.5. */
    default Tensor softshrink(double lambda) {
        return Elementwise.floating(ActivationFormulas.SOFTSHRINK, new double[] {lambda}, self());
    }

    default Tensor softshrink() {
        return softshrink(0.5);
    }

    /** 0 where {@code |x| <= lambda}; PyTorch's default is 0.5. */
    default Tensor hardshrink(double lambda) {
        return Elementwise.floating(ActivationFormulas.HARDSHRINK, new double[] {lambda}, self());
    }

    default Tensor hardshrink() {
        return hardshrink(0.5);
    }

    /** {@code x > threshold ? x : value}. */
    default Tensor threshold(Number threshold, Number value) {
        DType type = self().dtype();
        Number[] scalars = {threshold, ElementNumbers.element("threshold", type, value)};
        return Elementwise.scaled(ActivationFormulas.THRESHOLD, type, scalars, self());
    }

    default Tensor threshold_(Number threshold, Number value) {
        Number[] scalars = {threshold, ElementNumbers.element("threshold_", self().dtype(), value)};
        return Elementwise.scaledInPlace(ActivationFormulas.THRESHOLD, scalars, self());
    }

    /** {@code x > 0 ? x : weight * x}; a weight of more than one element applies to the channels, dimension 1. */
    default Tensor prelu(Tensor weight) {
        Tensor w = weight;
        if (weight.numel() > 1 && self().dim() > 2) {
            long[] shape = new long[self().dim() - 1];
            Arrays.fill(shape, 1);
            shape[0] = weight.numel();
            w = weight.reshape(shape);
        }
        return Elementwise.floating(ActivationFormulas.PRELU, self(), w);
    }
}
