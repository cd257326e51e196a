package akari.optim;

import static akari.formula.Expr.in;
import static akari.formula.Expr.scalar;

import akari.backend.Kernel;
import akari.formula.Expr;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Adam and AdamW, which differ only in the weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019). */
abstract sealed class Adaptive extends Optimizer permits Adam, AdamW {
    /** Which terms an update has. */
    private record Form(boolean maximize, boolean decay, boolean decoupled, boolean amsgrad) {}

    private static final Map<Form, Kernel> KERNELS = new ConcurrentHashMap<>();

    private final boolean decoupled;

    Adaptive(Collection<Tensor> parameters, boolean decoupled, double weightDecay) {
        super(
                parameters,
                options(
                        "lr",
                        1e-3,
                        "beta1",
                        0.9,
                        "beta2",
                        0.999,
                        "eps",
                        1e-8,
                        "weight_decay",
                        weightDecay,
                        "amsgrad",
                        0,
                        "maximize",
                        0));
        this.decoupled = decoupled;
    }

    @Override
    final Set<String> remembered(Map<String, Double> options) {
        return on(options, "amsgrad")
                ? Set.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
                : Set.of("exp_avg", "exp_avg_sq");
    }

    @Override
    final void update(Tensor p, Tensor g, ParamGroup group, State state) {
        boolean amsgrad = group.on("amsgrad");
        Form form = new Form(group.on("maximize"), group.on("weight_decay"), decoupled, amsgrad);
        Kernel kernel = KERNELS.computeIfAbsent(form, Adaptive::kernel);
        double beta1 = group.get("beta1");
        double beta2 = group.get("beta2");
        double decay = group.get("weight_decay");
        double[] scalars = {
            group.lr() / (1 - Math.pow(beta1, state.step)),
            beta1,
            1 - beta1,
            beta2,
            1 - beta2,
            1 / Math.sqrt(1 - Math.pow(beta2, state.step)),
            group.get("eps"),
            decoupled ? 1 - group.lr() * decay : decay
        };
        Tensor m = state.of("exp_avg", p);
        Tensor v = state.of("exp_avg_sq", p);
        if (amsgrad) {
            Tensor top = state.of("max_exp_avg_sq", p);
            Tensors.fused(kernel, scalars, new Tensor[] {p, m, v, top}, new Tensor[] {p, g, m, v, top});
        } else {
            Tensors.fused(kernel, scalars, new Tensor[] {p, m, v}, new Tensor[] {p, g, m, v});
        }
    }

    /**
     * Inputs p, g, both moments and, for amsgrad, the largest second one so far. Scalars: bias-corrected step, beta1, 1 - beta1, beta2,
     * 1 - beta2, 1/√(bias correction of the second moment), eps, and the decay as a term (Adam) or factor (AdamW).
     */
    private static Kernel kernel(Form form) {
        Expr p = form.decay && form.decoupled ? in(0).times(scalar(7)) : in(0);
        Expr g = form.maximize ? in(1).neg() : in(1);
        if (form.decay && !form.decoupled) {
            g = g.plus(p.times(scalar(7)));
        }
        Expr m = in(2).times(scalar(1)).plus(g.times(scalar(2)));
        Expr v = in(3).times(scalar(3)).plus(g.times(g).times(scalar(4)));
        Expr largest = form.amsgrad ? Expr.max(in(4), v) : v;
        Expr denominator = largest.sqrt().times(scalar(5)).plus(scalar(6));
        List<Expr> outputs = new ArrayList<>(List.of(p.minus(m.times(scalar(0)).over(denominator)), m, v));
        if (form.amsgrad) {
            outputs.add(largest);
        }
        return new Kernel(form.decoupled ? "adamw" : "adam", form.amsgrad ? 5 : 4, 8, outputs);
    }
}
