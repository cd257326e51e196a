package akari.optim;

import akari.tensor.Tensor;
import java.util.Collection;

/** Adam with decoupled weight decay, {@code torch.optim.AdamW}: by default lr 1e-3, betas (0.9, 0.999), eps 1e-8, decay 0.01. */
public final class AdamW extends Adaptive {
    /** With PyTorch's defaults; the tensors are those of one group. */
    public AdamW(Collection<Tensor> parameters) {
        super(parameters, true, 0.01);
    }

    /** @param lr learning rate, not negative */
    public AdamW(Collection<Tensor> parameters, double lr) {
        this(parameters);
        lr(lr);
    }

    /** With eps 1e-8 and weight decay 0.01. */
    public AdamW(Collection<Tensor> parameters, double lr, double beta1, double beta2) {
        this(parameters, lr, beta1, beta2, 1e-8);
    }

    /** With weight decay 0.01. */
    public AdamW(Collection<Tensor> parameters, double lr, double beta1, double beta2, double eps) {
        this(parameters, lr, beta1, beta2, eps, 0.01);
    }

    /** In PyTorch's order; {@link #amsgrad} and {@link #maximize} follow as methods. */
    public AdamW(Collection<Tensor> parameters, double lr, double beta1, double beta2, double eps, double weightDecay) {
        this(parameters, lr, beta1, beta2, eps, weightDecay, false);
    }

    /** The options of the methods, in PyTorch's order. */
    public AdamW(
            Collection<Tensor> parameters,
            double lr,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean amsgrad) {
        this(parameters, lr);
        betas(beta1, beta2).eps(eps).weightDecay(weightDecay).amsgrad(amsgrad);
    }

    /** Learning rate. Returns this. */
    public AdamW lr(double value) {
        option("lr", value);
        return this;
    }

    /** How much of the gradient's mean and of its square's mean stays at each step. Returns this. */
    public AdamW betas(double beta1, double beta2) {
        checked("beta2", beta2); // both, before either is set
        option("beta1", beta1);
        option("beta2", beta2);
        return this;
    }

    /** Added to the denominator. Returns this. */
    public AdamW eps(double value) {
        option("eps", value);
        return this;
    }

    /** Shrinks parameters by {@code lr · value} at each step. Returns this. */
    public AdamW weightDecay(double value) {
        option("weight_decay", value);
        return this;
    }

    /** Divides by the largest second moment so far (Reddi et al. 2018). Returns this. */
    public AdamW amsgrad(boolean value) {
        option("amsgrad", value ? 1 : 0);
        return this;
    }

    /** Climbs instead of descending. Returns this. */
    public AdamW maximize(boolean value) {
        option("maximize", value ? 1 : 0);
        return this;
    }
}
