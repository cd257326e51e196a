package akari.tensor;

import akari.core.DType;
import java.util.Arrays;

/** Activation functions, with PyTorch's values and slopes at kinks, infinities and NaN. */
public sealed interface Activations permits Tensor {

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
