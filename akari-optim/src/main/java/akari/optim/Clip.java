package akari.optim;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Limits gradients between backward and the optimiser's step. */
public final class Clip {
    private Clip() {}

    /** Scales all gradients so that their common Euclidean norm is at most {@code maxNorm}. Returns the norm before. */
    public static double clipGradNorm_(Collection<Tensor> parameters, double maxNorm) {
        return clipGradNorm_(parameters, maxNorm, 2);
    }

    /** @param normType which norm: 2, 1, any positive number, or infinity for the largest element */
    public static double clipGradNorm_(Collection<Tensor> parameters, double maxNorm, double normType) {
        return clipGradNorm_(parameters, maxNorm, normType, false);
    }

    /**
     * The norm of halves is taken in float32. A norm that is not finite scales the gradients too, as in PyTorch: NaN makes them all NaN,
     * infinity makes them 0, those that are infinite themselves NaN.
     *
     * @param errorIfNonfinite whether to throw {@link IllegalStateException} then, with the gradients as they were; PyTorch's default is
     *     false
     */
    public static double clipGradNorm_(
            Collection<Tensor> parameters, double maxNorm, double normType, boolean errorIfNonfinite) {
        if (!(maxNorm >= 0) || !(normType > 0)) {
            throw new IllegalArgumentException(
                    "clipGradNorm_ needs maxNorm >= 0 and normType > 0, got " + maxNorm + " and " + normType);
        }
        List<Tensor> grads = parameters.stream()
                .map(Tensor::borrowGrad)
                .filter(Objects::nonNull)
                .toList();
        double total = 0;
        for (Tensor g : grads) {
            double part = part(g, normType);
            // NaN must not be lost
            total = Double.isInfinite(normType) ? Math.max(total, part) : total + part;
        }
        double norm = Double.isInfinite(normType) ? total : Math.pow(total, 1 / normType);
        if (errorIfNonfinite && !Double.isFinite(norm)) {
            throw new IllegalStateException("clipGradNorm_: the " + normType + "-norm of the gradients is " + norm
                    + "; skip this step, lower the learning rate, or find the operation with Autograd.detectAnomaly");
        }
        double factor = maxNorm / (norm + 1e-6);
        if (!(factor >= 1)) {
            Tensors.noGrad(() -> grads.forEach(g -> g.mul_(factor)));
        }
        return norm;
    }

    /** Cuts every element of the gradients to {@code [-limit, limit]}. */
    public static void clipGradValue_(Collection<Tensor> parameters, double limit) {
        Tensors.noGrad(() -> parameters.stream()
                .map(Tensor::borrowGrad)
                .filter(Objects::nonNull)
                .forEach(g -> g.clamp_(-limit, limit)));
    }

    private static double part(Tensor g, double p) {
        return Tensors.noGrad(() -> {
            try (var scope = Tensors.scope()) {
                if (g.numel() == 0) {
                    return 0.0;
                }
                Tensor wide = g.to(g.dtype().compute());
                Tensor a = p == 2 ? wide.square() : wide.abs();
                return (Double.isInfinite(p) ? a.max() : (p == 1 || p == 2 ? a : a.pow(p)).sum()).item();
            }
        });
    }
}
