package akari.tensor;

import akari.backend.Backend;
import akari.backend.Layout;
import akari.core.DType;
import akari.core.Shape;
import org.jspecify.annotations.Nullable;

/** One application of a user's {@link AutogradFunction}. */
final class CustomOp implements MultiOp {
    private final AutogradFunction function;
    private AutogradFunction.@Nullable Context context;
    private boolean[] differentiable = {};
    private Result[] results = {};

    /** What a missing gradient would look like. */
    private record Result(Backend backend, DType dtype, Shape shape) {}

    CustomOp(AutogradFunction function) {
        this.function = function;
    }

    @Override
    public String name() {
        return function.name();
    }

    @Override
    public boolean differentiable(int i) {
        return differentiable[i];
    }

    @Override
    public Tensor[] results(Call call, Tensor[] in) {
        AutogradFunction.Context ctx = new AutogradFunction.Context(call);
        Tensor[] out = function.forward(ctx, in.clone()).clone();
        if (out.length == 0) {
            throw new IllegalStateException(name() + ": forward returned no result");
        }
        differentiable = new boolean[out.length];
        results = new Result[out.length];
        for (int i = 0; i < out.length; i++) {
            differentiable[i] = ctx.isDifferentiable(out[i]);
            results[i] = new Result(out[i].backend(), out[i].dtype(), out[i].shape());
            out[i] = own(ctx, call, in, out, i);
        }
        ctx.save();
        context = ctx;
        return out;
    }

    /** Result {@code i} as a tensor that can have this call as its history. */
    private Tensor own(AutogradFunction.Context ctx, Call call, Tensor[] in, Tensor[] out, int i) {
        Tensor t = out[i];
        for (int j = 0; j < i; j++) {
            if (out[j] == t) {
                return t.detach();
            }
        }
        for (Tensor x : in) {
            if (x == t) {
                if (!ctx.isDirty(t)) {
                    return t.detach();
                }
                if (call.recording()) {
                    Tensors.enableGrad(() -> t.checkInPlace(name()));
                }
                return t;
            }
        }
        return t.requiresGrad() ? t.detach() : t;
    }

    @Override
    public @Nullable Tensor[] backward(Call call, @Nullable Tensor[] g) {
        AutogradFunction.Context ctx = context;
        if (ctx == null) {
            throw new AssertionError("backward before forward");
        }
        for (int i = 0; i < g.length && ctx.materializes(); i++) {
            if (g[i] == null) {
                Result r = results[i];
                g[i] = Tensor.allocate(r.backend, r.dtype, Layout.contiguous(r.shape))
                        .zero_();
            }
        }
        AutogradFunction.Context now = ctx.of(call);
        @Nullable Tensor[] out;
        if (function.onceDifferentiable() && Mode.current().grad) {
            out = Tensors.noGrad(() -> function.backward(now, g));
            if (Tape.anyRequiresGrad(g)) {
                out = barred(out, g);
            }
        } else {
            out = function.backward(now, g);
        }
        if (out.length != call.inputs()) {
            throw new IllegalStateException(name() + ": backward returned " + out.length + " gradients for "
                    + call.inputs() + " inputs; return one for each, null where there is none");
        }
        return out;
    }

    private @Nullable Tensor[] barred(@Nullable Tensor[] out, @Nullable Tensor[] g) {
        @Nullable Tensor[] barred = out.clone();
        for (int i = 0; i < out.length; i++) {
            Tensor t = out[i];
            for (int j = 0; t != null && j < g.length; j++) {
                Tensor from = g[j];
                if (from != null && from.requiresGrad()) {
                    barred[i] = Tape.apply(new Once(name()), t, from);
                    break;
                }
            }
        }
        return barred;
    }

    /** The end of differentiability. Inputs: a gradient, and what it depends on. */
    private record Once(String function) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            return in[0].detach();
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            throw new IllegalStateException(
                    "the backward of " + function + " is marked onceDifferentiable: it has no second"
                            + " derivative. Write it in differentiable operations and drop the mark");
        }
    }
}
