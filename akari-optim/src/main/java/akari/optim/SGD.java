package akari.optim;

import static akari.formula.Expr.in;
import static akari.formula.Expr.scalar;

import akari.backend.Kernel;
import akari.formula.Expr;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stochastic gradient descent, {@code torch.optim.SGD}: by default lr 1e-3 and no momentum. */
public final class SGD extends Optimizer {
    /** Which terms an update has. */
    private record Form(boolean maximize, boolean decay, boolean momentum, boolean first, boolean nesterov) {}

    private static final Map<Form, Kernel> KERNELS = new ConcurrentHashMap<>();

    /** With PyTorch's defaults; the tensors are those of one group. */
    public SGD(Collection<Tensor> parameters) {
        super(
                parameters,
                options("lr", 1e-3, "momentum", 0, "dampening", 0, "weight_decay", 0, "nesterov", 0, "maximize", 0));
    }

    /**
     * Without momentum.
     *
     * @param lr learning rate, not negative
     */
    public SGD(Collection<Tensor> parameters, double lr) {
        this(parameters, lr, 0);
    }

    /** Without dampening and weight decay. */
    public SGD(Collection<Tensor> parameters, double lr, double momentum) {
        this(parameters, lr, momentum, 0);
    }

    /** Without weight decay. */
    public SGD(Collection<Tensor> parameters, double lr, double momentum, double dampening) {
        this(parameters, lr, momentum, dampening, 0);
    }

    /** In PyTorch's order; {@link #nesterov} and {@link #maximize} follow as methods. */
    public SGD(Collection<Tensor> parameters, double lr, double momentum, double dampening, double weightDecay) {
        this(parameters, lr, momentum, dampening, weightDecay, false);
    }

    /** The options of the methods, in PyTorch's order. */
    public SGD(
            Collection<Tensor> parameters,
            double lr,
            double momentum,
            double dampening,
            double weightDecay,
            boolean nesterov) {
        this(parameters);
        lr(lr).momentum(momentum).dampening(dampening).weightDecay(weightDecay).nesterov(nesterov);
    }

    /** Learning rate. Returns this. */
    public SGD lr(double value) {
        option("lr", value);
        return this;
    }

    /** Share of the last step that goes on. Returns this. */
    public SGD momentum(double value) {
        option("momentum", value);
        return this;
    }

    /** Share of the gradient kept out of the momentum. Returns this. */
    public SGD dampening(double value) {
        option("dampening", value);
        return this;
    }

    /** L2 penalty: adds {@code value · p} to the gradient. Returns this. */
    public SGD weightDecay(double value) {
        option("weight_decay", value);
        return this;
    }

    /** Looks ahead along the momentum; needs momentum and no dampening. Returns this. */
    public SGD nesterov(boolean value) {
        option("nesterov", value ? 1 : 0);
        return this;
    }

    /** Climbs instead of descending. Returns this. */
    public SGD maximize(boolean value) {
        option("maximize", value ? 1 : 0);
        return this;
    }

    @Override
    Set<String> remembered(Map<String, Double> options) {
        return on(options, "momentum") ? Set.of("momentum_buffer") : Set.of();
    }

    @Override
    void check(ParamGroup group) {
        if (group.on("nesterov") && (!group.on("momentum") || group.on("dampening"))) {
            throw new IllegalArgumentException("SGD: nesterov needs a momentum above 0 and dampening 0, got momentum "
                    + group.get("momentum") + " and dampening " + group.get("dampening"));
        }
    }

    @Override
    void update(Tensor p, Tensor g, ParamGroup group, State state) {
        boolean momentum = group.on("momentum");
        boolean first = momentum && state.get("momentum_buffer") == null;
        Form form = new Form(group.on("maximize"), group.on("weight_decay"), momentum, first, group.on("nesterov"));
        Kernel kernel = KERNELS.computeIfAbsent(form, SGD::kernel);
        double[] scalars = {group.lr(), group.get("weight_decay"), group.get("momentum"), 1 - group.get("dampening")};
        if (!momentum) {
            Tensors.fused(kernel, scalars, new Tensor[] {p}, new Tensor[] {p, g});
        } else {
            Tensor buffer = state.of("momentum_buffer", p);
            Tensor[] inputs = first ? new Tensor[] {p, g} : new Tensor[] {p, g, buffer};
            Tensors.fused(kernel, scalars, new Tensor[] {p, buffer}, inputs);
        }
    }

    /** Inputs p, g and, after the first step, the momentum; scalars lr, weight decay, momentum, 1 - dampening. */
    private static Kernel kernel(Form form) {
        Expr p = in(0);
        Expr g = form.maximize ? in(1).neg() : in(1);
        if (form.decay) {
            g = g.plus(p.times(scalar(1)));
        }
        if (!form.momentum) {
            return new Kernel("sgd", 2, 4, List.of(p.minus(g.times(scalar(0)))));
        }
        Expr m = form.first ? g : in(2).times(scalar(2)).plus(g.times(scalar(3)));
        Expr step = form.nesterov ? g.plus(m.times(scalar(2))) : m;
        return new Kernel("sgd_momentum", form.first ? 2 : 3, 4, List.of(p.minus(step.times(scalar(0))), m));
    }
}
