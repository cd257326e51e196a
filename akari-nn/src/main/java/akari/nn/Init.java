package akari.nn;

import akari.errors.NullArgument;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.function.Supplier;

/**
 * Initialisers, {@code torch.nn.init}: each fills the tensor in place, without recording, and returns it. Random numbers come from
 * the default generator ({@link Tensors#manualSeed}).
 */
public final class Init {
    /** Which side of the layer keeps its variance. */
    public enum FanMode {
        /** Forward: the results vary as the inputs do. */
        FAN_IN,
        /** Backward: the gradients of the inputs vary as those of the results do. */
        FAN_OUT
    }

    /** What follows the layer. {@code LEAKY_RELU} has PyTorch's slope 0.01; {@link #leakyReluGain} gives others. */
    public enum Nonlinearity {
        /** Nothing: gain 1. */
        LINEAR(1),
        /** The logistic function: gain 1. */
        SIGMOID(1),
        /** The hyperbolic tangent: gain 5/3. */
        TANH(5.0 / 3),
        /** Gain √2. */
        RELU(Math.sqrt(2)),
        /** Gain {@code √(2 / (1 + 0.01²))}. */
        LEAKY_RELU(leakyReluGain(0.01)),
        /** Gain 3/4. */
        SELU(0.75);

        private final double gain;

        Nonlinearity(double gain) {
            this.gain = gain;
        }

        /** The factor by which a weight's standard deviation makes up for the nonlinearity. */
        public double gain() {
            return gain;
        }

        /** {@link #gain()} with another slope of LEAKY_RELU. */
        double gain(double negativeSlope) {
            return this == LEAKY_RELU ? leakyReluGain(negativeSlope) : gain;
        }
    }

    private static final ScopedValue<Boolean> SKIPPED = ScopedValue.newInstance();

    private Init() {}

    /**
     * Runs {@code body} with initialisers that do nothing: builds a model quickly whose values come from elsewhere, as from
     * {@link Module#loadStateDict}. Until then its weights are arbitrary.
     */
    public static <T> T skipped(Supplier<T> body) {
        NullArgument.check(body, "body");
        return ScopedValue.where(SKIPPED, true).call(body::get);
    }

    /** {@code √(2 / (1 + negativeSlope²))}, the gain of a leaky ReLU. */
    public static double leakyReluGain(double negativeSlope) {
        return Math.sqrt(2 / (1 + negativeSlope * negativeSlope));
    }

    // ---- filling

    /** Every element becomes {@code value}. */
    public static Tensor constant_(Tensor t, double value) {
        NullArgument.check(t, "t");
        return fill(t, () -> t.fill_(value));
    }

    /** Every element becomes 0. */
    public static Tensor zeros_(Tensor t) {
        return constant_(t, 0);
    }

    /** Every element becomes 1. */
    public static Tensor ones_(Tensor t) {
        return constant_(t, 1);
    }

    /** Uniform numbers in [low, high). */
    public static Tensor uniform_(Tensor t, double low, double high) {
        return fill(t, () -> t.uniform_(low, high));
    }

    /** Uniform numbers in [0, 1). */
    public static Tensor uniform_(Tensor t) {
        return uniform_(t, 0, 1);
    }

    /** Normal numbers of the given mean and standard deviation. */
    public static Tensor normal_(Tensor t, double mean, double std) {
        return fill(t, () -> t.normal_(mean, std));
    }

    /** Normal numbers of mean 0 and standard deviation 1. */
    public static Tensor normal_(Tensor t) {
        return normal_(t, 0);
    }

    /** Normal numbers of standard deviation 1. */
    public static Tensor normal_(Tensor t, double mean) {
        return normal_(t, mean, 1);
    }

    /** Normal numbers cut to {@code [low, high]} by drawing those outside again. */
    public static Tensor truncNormal_(Tensor t, double mean, double std, double low, double high) {
        // the share of a normal distribution inside must not be tiny, or redrawing takes for ever
        if (!(low < high) || mean < low - 2 * std || mean > high + 2 * std) {
            throw new IllegalArgumentException(
                    "truncNormal_ needs low < high and a mean within two standard deviations of"
                            + " [low, high]; got mean " + mean + ", std " + std + ", [" + low + ", " + high + "]");
        }
        return fill(t, () -> {
            t.normal_(mean, std);
            Tensor outside = t.lt(low).logicalOr(t.gt(high));
            while (outside.any().itemLong() != 0) {
                Tensor again = Tensors.emptyLike(t).normal_(mean, std);
                t.copy_(again.where(outside, t));
                outside = t.lt(low).logicalOr(t.gt(high));
            }
            return t;
        });
    }

    /** {@link #truncNormal_} within [-2, 2], PyTorch's default. */
    public static Tensor truncNormal_(Tensor t, double mean, double std) {
        return truncNormal_(t, mean, std, -2, 2);
    }

    /** Mean 0 and standard deviation 1, within [-2, 2]. */
    public static Tensor truncNormal_(Tensor t) {
        return truncNormal_(t, 0);
    }

    /** Standard deviation 1, within [-2, 2]. */
    public static Tensor truncNormal_(Tensor t, double mean) {
        return truncNormal_(t, mean, 1);
    }

    /** Within [low, 2], PyTorch's default above. */
    public static Tensor truncNormal_(Tensor t, double mean, double std, double low) {
        return truncNormal_(t, mean, std, low, 2);
    }

    /** Uniform with variance {@code 2·gain²/(fanIn + fanOut)} (Glorot and Bengio 2010). */
    public static Tensor xavierUniform_(Tensor t, double gain) {
        double bound = gain * Math.sqrt(6.0 / (fan(t, FanMode.FAN_IN) + fan(t, FanMode.FAN_OUT)));
        return uniform_(t, -bound, bound);
    }

    /** {@link #xavierUniform_(Tensor, double)} with gain 1. */
    public static Tensor xavierUniform_(Tensor t) {
        return xavierUniform_(t, 1);
    }

    /**
     * Normal with variance {@code 2·gain²/(fanIn + fanOut)} (Glorot and Bengio 2010), for a weight {@code [O, I, …]}.
     */
    public static Tensor xavierNormal_(Tensor t, double gain) {
        return normal_(t, 0, gain * Math.sqrt(2.0 / (fan(t, FanMode.FAN_IN) + fan(t, FanMode.FAN_OUT))));
    }

    /** {@link #xavierNormal_(Tensor, double)} with gain 1. */
    public static Tensor xavierNormal_(Tensor t) {
        return xavierNormal_(t, 1);
    }

    /** Uniform with variance {@code gain²/fan} (He et al. 2015). */
    public static Tensor kaimingUniform_(Tensor t, FanMode mode, double gain) {
        double bound = gain * Math.sqrt(3.0 / fan(t, mode));
        return uniform_(t, -bound, bound);
    }

    /** With the gain of what comes after the layer; LEAKY_RELU has slope 0.01. */
    public static Tensor kaimingUniform_(Tensor t, FanMode mode, Nonlinearity after) {
        return kaimingUniform_(t, mode, after.gain());
    }

    /** PyTorch's default: variance {@code 2/fanIn}, which is right before a ReLU. */
    public static Tensor kaimingUniform_(Tensor t) {
        return kaimingUniform_(t, 0);
    }

    /** Variance {@code 2/fan}, which is right before a ReLU. */
    public static Tensor kaimingUniform_(Tensor t, FanMode mode) {
        return kaimingUniform_(t, 0, mode);
    }

    /** Before a leaky ReLU of slope {@code a}, by fan-in. */
    public static Tensor kaimingUniform_(Tensor t, double a) {
        return kaimingUniform_(t, a, FanMode.FAN_IN);
    }

    /** Before a leaky ReLU of slope {@code a}. */
    public static Tensor kaimingUniform_(Tensor t, double a, FanMode mode) {
        return kaimingUniform_(t, a, mode, Nonlinearity.LEAKY_RELU);
    }

    /** In PyTorch's order of arguments; {@code a} is the slope of LEAKY_RELU, and of no meaning otherwise. */
    public static Tensor kaimingUniform_(Tensor t, double a, FanMode mode, Nonlinearity after) {
        return kaimingUniform_(t, mode, after.gain(a));
    }

    /** Normal with variance {@code gain²/fan} (He et al. 2015), for a weight {@code [O, I, …]}. */
    public static Tensor kaimingNormal_(Tensor t, FanMode mode, double gain) {
        return normal_(t, 0, gain / Math.sqrt(fan(t, mode)));
    }

    /** With the gain of what comes after the layer; LEAKY_RELU has slope 0.01. */
    public static Tensor kaimingNormal_(Tensor t, FanMode mode, Nonlinearity after) {
        return kaimingNormal_(t, mode, after.gain());
    }

    /** PyTorch's default: variance {@code 2/fanIn}, which is right before a ReLU. */
    public static Tensor kaimingNormal_(Tensor t) {
        return kaimingNormal_(t, 0);
    }

    /** Variance {@code 2/fan}, which is right before a ReLU. */
    public static Tensor kaimingNormal_(Tensor t, FanMode mode) {
        return kaimingNormal_(t, 0, mode);
    }

    /** Before a leaky ReLU of slope {@code a}, by fan-in. */
    public static Tensor kaimingNormal_(Tensor t, double a) {
        return kaimingNormal_(t, a, FanMode.FAN_IN);
    }

    /** Before a leaky ReLU of slope {@code a}. */
    public static Tensor kaimingNormal_(Tensor t, double a, FanMode mode) {
        return kaimingNormal_(t, a, mode, Nonlinearity.LEAKY_RELU);
    }

    /** In PyTorch's order of arguments; {@code a} is the slope of LEAKY_RELU, and of no meaning otherwise. */
    public static Tensor kaimingNormal_(Tensor t, double a, FanMode mode, Nonlinearity after) {
        return kaimingNormal_(t, mode, after.gain(a));
    }

    /** Inputs to one element of the result (fan-in), or results that one input reaches (fan-out), for a weight {@code [O, I, …]}. */
    public static long fan(Tensor weight, FanMode mode) {
        NullArgument.check(mode, "mode");
        NullArgument.check(weight, "weight");
        if (weight.dim() < 2) {
            throw new IllegalArgumentException(
                    "fans need a weight [O, I, …] of at least two dimensions, got shape " + weight.shape());
        }
        int own = mode == FanMode.FAN_IN ? 0 : 1;
        return weight.size(own) == 0 ? 0 : weight.numel() / weight.size(own);
    }

    /** PyTorch's default for linear and convolution layers: uniform within ±1/√fanIn, for weight and bias alike. */
    static Tensor byFan(Tensor t, long fanIn) {
        double bound = fanIn == 0 ? 0 : 1 / Math.sqrt(fanIn);
        return uniform_(t, -bound, bound);
    }

    private static Tensor fill(Tensor t, Supplier<Tensor> body) {
        return SKIPPED.isBound() ? t : Tensors.noGrad(body);
    }
}
