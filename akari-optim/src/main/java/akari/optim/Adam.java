package akari.optim;

import akari.tensor.Tensor;
import java.util.Collection;

/** Adam, {@code torch.optim.Adam}: by default lr 1e-3, betas (0.9, 0.999), eps 1e-8, no weight decay. */
public final class Adam extends Adaptive {
    /** With PyTorch's defaults; the tensors are those of one group. */
    public Adam(Collection<Tensor> parameters) {
        super(parameters, false, 0);
    }

    /** @param lr learning rate, not negative */
    public Adam(Collection<Tensor> parameters, double lr) {
        this(parameters);
        lr(lr);
    }

    /** With eps 1e-8 and no weight decay. */
    public Adam(Collection<Tensor> parameters, double lr, double beta1, double beta2) {
        this(parameters, lr, beta1, beta2, 1e-8);
    }

    /** Without weight decay. */
    public Adam(Collection<Tensor> parameters, double lr, double beta1, double beta2, double eps) {
        this(parameters, lr, beta1, beta2, eps, 0);
    }

    /** In PyTorch's order; {@link #amsgrad} and {@link #maximize} follow as methods. */
    public Adam(Collection<Tensor> parameters, double lr, double beta1, double beta2, double eps, double weightDecay) {
        this(parameters, lr, beta1, beta2, eps, weightDecay, false);
    }

    /** The options of the methods, in PyTorch's order. */
    public Adam(
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
    public Adam lr(double value) {
        option("lr", value);
        return this;
    }

    /** How much of the gradient's mean and of its square's mean stays at each step. Returns this. */
    public Adam betas(double beta1, double beta2) {
        checked("beta2", beta2); // both, before either is set
        option("beta1", beta1);
        option("beta2", beta2);
        return this;
    }

    /** Added to the denominator. Returns this. */
    public Adam eps(double value) {
        option("eps", value);
        return this;
    }

    /** L2 penalty: adds {@code value · p} to the gradient. Returns this. */
    public Adam weightDecay(double value) {
        option("weight_decay", value);
        return this;
    }

    /** Divides by the largest second moment so far (Reddi et al. 2018). Returns this. */
    public Adam amsgrad(boolean value) {
        option("amsgrad", value ? 1 : 0);
        return this;
    }

    /** Climbs instead of descending. Returns this. */
    public Adam maximize(boolean value) {
        option("maximize", value ? 1 : 0);
        return this;
    }
}
