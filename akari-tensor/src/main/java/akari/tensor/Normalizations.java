package akari.tensor;

import akari.backend.Activation;
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
                                NormalizationOps.BatchNorm.AFFINE,
                                x,
                                NormalizationOps.perChannel(mean, x.dim()),
                                NormalizationOps.perChannel(inverse, x.dim()),
                                NormalizationOps.perChannel(weight.to(wide), x.dim()),
                                NormalizationOps.perChannel(bias.to(wide), x.dim()))
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
                    ? Tape.call(new NormalizationOps.BatchNorm(eps, then), x)
                    : Tape.call(new NormalizationOps.BatchNorm(eps, then), x, weight, bias);
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
        return x.mul(NormalizationOps.perChannel(scale, x.dim())).add(NormalizationOps.perChannel(shift, x.dim()));
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
        return Tape.apply(new NormalizationOps.Softmax(self().shape().axis(dim), false), checked("softmax"));
    }

    /** {@code log(softmax(x))} along {@code dim}, without underflow. */
    default Tensor logSoftmax(int dim) {
        return Tape.apply(new NormalizationOps.Softmax(self().shape().axis(dim), true), checked("logSoftmax"));
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
}
