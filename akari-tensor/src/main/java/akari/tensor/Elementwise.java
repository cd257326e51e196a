package akari.tensor;

import akari.backend.DType;
import akari.backend.Expr;
import akari.backend.Formula;
import akari.backend.Layout;
import akari.backend.Pointwise;
import akari.backend.Shape;
import akari.backend.View;
import org.jspecify.annotations.Nullable;

/**
 * A pointwise formula applied to tensors, with broadcasting and type promotion.
 *
 * @param result the type of the result's elements
 * @param compute the type in which the formula is evaluated
 */
record Elementwise(Pointwise formula, double[] scalars, DType result, DType compute) implements Op {

    private static final double[] NONE = {};

    @Override
    public String name() {
        return formula.name();
    }

    // ---- the three kinds of results

    /** The result has the promoted type of the inputs: add, max, relu. */
    static Tensor arithmetic(Pointwise f, Tensor... in) {
        return apply(f, NONE, promoted(in), in);
    }

    /** As {@link #arithmetic} with a run-time scalar, which promotes only to a higher category (int64 + 0.5 is float32). */
    static Tensor arithmetic(Pointwise f, Tensor x, Number scalar) {
        return apply(f, new double[] {value(x, scalar)}, promoted(x, scalar), x);
    }

    /** As {@link #arithmetic}, but integers become float32 first: div, exp, mean. */
    static Tensor floating(Pointwise f, double[] scalars, Tensor... in) {
        DType t = promoted(in);
        return apply(f, scalars, t.isFloating() ? t : DType.FLOAT32, in);
    }

    static Tensor floating(Pointwise f, Tensor... in) {
        return floating(f, NONE, in);
    }

    /** A bool result, compared in the promoted type. */
    static Tensor compare(Pointwise f, Tensor a, Tensor b) {
        DType t = promoted(a, b);
        return Tape.apply(new Elementwise(f, NONE, DType.BOOL, t.compute()), inType(t, a, b));
    }

    static Tensor compare(Pointwise f, Tensor a, Number scalar) {
        DType t = promoted(a, scalar);
        double s = value(a, scalar);
        double[] scalars = {t.isFloating() ? t.round(s) : s}; // bfloat16's 0.1 equals 0.1
        return Tape.apply(new Elementwise(f, scalars, DType.BOOL, t.compute()), a);
    }

    static Tensor apply(Pointwise f, double[] scalars, DType type, Tensor... in) {
        return Tape.apply(new Elementwise(f, scalars, type, type.compute()), inType(type, in));
    }

    /** {@code target = f(target, others…)}, without changing its type or shape. */
    static Tensor inPlace(Pointwise f, double[] scalars, Tensor target, Tensor... others) {
        Tensor[] in = new Tensor[others.length + 1];
        in[0] = target;
        System.arraycopy(others, 0, in, 1, others.length);
        DType type = promoted(in);
        checkFits(f, type, target);
        Shape common = commonShape(f, in);
        for (int i = 1; i < in.length; i++) {
            if (in[i].view.buffer() == target.view.buffer() && !in[i].view.equals(target.view)) {
                in[i] = in[i].clone(); // it would change while it is read
            }
        }
        if (!common.equals(target.shape())) {
            throw Misfits.grows(f.name() + "_", target.shape(), common);
        }
        if (target.view.layout().overlaps()) {
            throw new IllegalArgumentException(f.name() + "_: several elements of this expanded tensor share one memory"
                    + " location; clone() it first");
        }
        target.checkInPlace(f.name() + "_");
        return Tape.apply(new InPlace(new Elementwise(f, scalars, target.dtype(), type.compute())), inType(type, in));
    }

    /** {@code target = f(target, scalar)}. */
    static Tensor inPlace(Pointwise f, Number scalar, Tensor target) {
        checkFits(f, promoted(target, scalar), target);
        return inPlace(f, new double[] {value(target, scalar)}, target);
    }

    /** As {@link #inPlace}, for true division: its result is never an integer. */
    static Tensor floatingInPlace(Pointwise f, double[] scalars, Tensor target, Tensor... others) {
        checkFits(f, DType.FLOAT32, target);
        return inPlace(f, scalars, target, others);
    }

    private static void checkFits(Pointwise f, DType type, Tensor target) {
        if (type.category() > target.dtype().category()) {
            throw new IllegalArgumentException(f.name() + "_: a " + type + " result does not fit into a "
                    + target.dtype() + " tensor; use the out-of-place form");
        }
    }

    // ---- types

    /** PyTorch's rule: 0-d tensors promote only to a higher category. */
    static DType promoted(Tensor... in) {
        @Nullable DType full = null;
        @Nullable DType zero = null;
        for (Tensor t : in) {
            if (t.dim() > 0) {
                full = full == null ? t.dtype() : DType.promote(full, t.dtype());
            } else {
                zero = zero == null ? t.dtype() : DType.promote(zero, t.dtype());
            }
        }
        if (full == null || zero == null) {
            DType only = full == null ? zero : full;
            if (only == null) {
                throw new IllegalArgumentException("an operation needs at least one tensor");
            }
            return only;
        }
        return zero.category() > full.category() ? zero : full;
    }

    /** Operands as elements of the promoted type hold them; a half computes in a wider type, where the difference would show. */
    private static Tensor[] inType(DType type, Tensor... in) {
        if (!type.isHalf()) {
            return in;
        }
        Tensor[] out = in.clone();
        for (int i = 0; i < in.length; i++) {
            boolean exact = in[i].dtype().bytes() == 1;
            out[i] = exact ? in[i] : in[i].to(type);
        }
        return out;
    }

    private static DType promoted(Tensor x, Number scalar) {
        boolean fractional = scalar instanceof Double || scalar instanceof Float;
        DType t = x.dtype();
        return fractional ? (t.isFloating() ? t : DType.FLOAT32) : t == DType.BOOL ? DType.INT64 : t;
    }

    /** What a sum with a half adds, rounded to that half as in PyTorch; a factor or divisor stays as it is. */
    static Number term(Tensor x, Number scalar) {
        return x.dtype().isHalf() ? (Number) x.dtype().round(scalar.doubleValue()) : scalar;
    }

    private static double value(Tensor x, Number scalar) {
        double v = scalar.doubleValue();
        if (scalar instanceof Long n && (long) v != n && !x.dtype().isFloating()) {
            throw new IllegalArgumentException("the scalar " + n + " is beyond 2^53; pass it as an int64 tensor");
        }
        return v;
    }

    private static Shape commonShape(Pointwise f, Tensor... in) {
        Shape common = in[0].shape();
        for (int i = 1; i < in.length; i++) {
            try {
                common = Shape.broadcast(common, in[i].shape());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(f.name() + ": " + e.getMessage(), e);
            }
        }
        return common;
    }

    // ---- the operation

    @Override
    public Tensor forward(Call call, Tensor[] in) {
        Shape common = commonShape(formula, in);
        Tensor out = Tensor.allocate(in[0].backend(), result, layout(common, in));
        run(out, in);
        saveInputs(call, in);
        saveResult(call, out);
        return out;
    }

    private void run(Tensor out, Tensor[] in) {
        View[] views = new View[in.length];
        for (int i = 0; i < in.length; i++) {
            if (in[i].backend() != out.backend()) {
                throw Misfits.devices(name(), in[0], in[i]);
            }
            views[i] = in[i].view.with(in[i].view.layout().expand(out.shape()));
        }
        if (out.numel() > 0) {
            out.backend().pointwise(formula.kernel(), compute, scalars, new View[] {out.view}, views);
        }
    }

    /** The memory order of the first dense input of full shape, so that channels-last stays channels-last. */
    private static Layout layout(Shape common, Tensor[] in) {
        for (Tensor t : in) {
            if (t.shape().equals(common) && t.view.layout().isDense()) {
                return t.view.layout().like(common);
            }
        }
        return Layout.contiguous(common);
    }

    private void saveInputs(Call call, Tensor[] in) {
        if (call.recording()) {
            for (int i = 0; i < in.length; i++) {
                call.slot(i, used(call, i) ? call.save(in[i]) : -1);
            }
        }
    }

    private void saveResult(Call call, Tensor out) {
        if (call.recording()) {
            call.slot(formula.arity(), used(call, formula.arity()) ? call.save(out) : -1);
        }
    }

    /** Whether the gradient of an input that needs one reads input {@code i} (the result, for i = arity). */
    private boolean used(Call call, int i) {
        for (int j = 0; j < formula.arity(); j++) {
            if (call.needs(j) && Formula.uses(formula.slope(j), i)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable Tensor[] backward(Call call, Tensor g) {
        int n = formula.arity();
        Tensor[] in = new Tensor[n + 2];
        in[0] = g;
        for (int i = 0; i <= n; i++) {
            int slot = call.slot(i);
            in[i + 1] =
                    slot < 0 ? g : call.saved(slot); // the slope does not read it: any tensor of the right shape serves
        }
        @Nullable Tensor[] out = new Tensor[n];
        for (int i = 0; i < n; i++) {
            if (call.needs(i)) {
                Elementwise gradient = new Elementwise(formula.gradient(i), scalars, call.inputType(i), compute);
                Tensor gi = formula.slope(i).equals(Expr.lit(1)) ? g : Tape.apply(gradient, in);
                out[i] = gi.sumTo(call.inputShape(i));
            }
        }
        return out;
    }

    /** The same operation, writing over its first input. */
    record InPlace(Elementwise op) implements Op {
        @Override
        public String name() {
            return op.name() + "_";
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            op.saveInputs(call, in);
            op.run(in[0], in);
            in[0].view.buffer().touch();
            op.saveResult(call, in[0]);
            return in[0];
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return op.backward(call, g);
        }
    }
}
