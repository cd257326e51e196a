package akari.tensor;

import akari.backend.Conversions;
import akari.backend.Kernel;
import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import akari.formula.Expr;
import akari.formula.Pointwise;
import java.util.Arrays;
import java.util.function.BinaryOperator;
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
        NullArgument.check(scalar, "the number");
        DType type = promoted(x, scalar);
        Number s = fitted(type, scalar);
        return isExact(type, s)
                ? apply(f, new double[] {s.doubleValue()}, type, x)
                : apply(f.scalarsAsInputs(), NONE, type, x, scalarLike(x, s));
    }

    /** {@code f} in {@code type} with run-time scalars, of which that type must hold every one. */
    static Tensor scaled(Pointwise f, DType type, Number[] scalars, Tensor... in) {
        Number[] held = held(f, type, scalars);
        return areExact(type, held)
                ? apply(f, doubles(held), type, in)
                : apply(f.scalarsAsInputs(), NONE, type, join(in, held));
    }

    /** {@link #scaled} over {@code target}, in the promoted type. */
    static Tensor scaledInPlace(Pointwise f, Number[] scalars, Tensor target, Tensor... others) {
        Tensor[] in = new Tensor[others.length + 1];
        in[0] = target;
        System.arraycopy(others, 0, in, 1, others.length);
        DType type = promoted(in);
        Number[] held = held(f, type, scalars);
        return areExact(type, held)
                ? inPlace(f, doubles(held), target, others)
                : inPlace(
                        f.scalarsAsInputs(),
                        NONE,
                        target,
                        Arrays.copyOfRange(join(in, held), 1, in.length + held.length));
    }

    private static Number[] held(Pointwise f, DType type, Number[] scalars) {
        Number[] held = new Number[scalars.length];
        Arrays.setAll(held, i -> ElementNumbers.held(f.name(), type, scalars[i]));
        return held;
    }

    private static boolean areExact(DType type, Number[] scalars) {
        boolean exact = true;
        for (Number s : scalars) {
            exact &= isExact(type, s);
        }
        return exact;
    }

    private static double[] doubles(Number[] scalars) {
        return Arrays.stream(scalars).mapToDouble(Number::doubleValue).toArray();
    }

    private static Tensor[] join(Tensor[] in, Number[] scalars) {
        Tensor[] all = Arrays.copyOf(in, in.length + scalars.length);
        for (int i = 0; i < scalars.length; i++) {
            all[in.length + i] = scalarLike(in[0], scalars[i]);
        }
        return all;
    }

    /** As {@link #arithmetic}, but integers become the default type first: div, exp, mean. */
    static Tensor floating(Pointwise f, double[] scalars, Tensor... in) {
        DType t = promoted(in);
        return apply(f, scalars, t.isFloating() ? t : Tensors.defaultDType(), in);
    }

    static Tensor floating(Pointwise f, Tensor... in) {
        return floating(f, NONE, in);
    }

    /** A user's operation: {@code in} and {@code numbers} are the formula's inputs and scalars. */
    static Tensor own(Pointwise f, double[] numbers, Tensor... in) {
        if (in.length != f.arity() || numbers.length != f.scalars()) {
            throw new IllegalArgumentException(f.name() + " is a formula of " + counts(f.arity(), f.scalars())
                    + ", got " + counts(in.length, numbers.length));
        }
        DType tensors = promoted(in);
        DType type = numbers.length == 0 ? tensors : promoted(tensors, numbers[0]);
        if (!type.isFloating()) {
            throw new IllegalArgumentException(f.name() + ": own operations compute in floating types, got " + type
                    + "; convert an operand first, as by x.to(DType.FLOAT32)");
        }
        return apply(f, numbers, type, in);
    }

    private static String counts(int tensors, int numbers) {
        return tensors
                + (tensors == 1 ? " tensor" : " tensors")
                + (numbers == 0 ? "" : " and " + numbers + (numbers == 1 ? " number" : " numbers"));
    }

    /** A bool result, compared in the promoted type. */
    static Tensor compare(Pointwise f, Tensor a, Tensor b) {
        return compare(f, NONE, promoted(a, b), a, b);
    }

    static Tensor compare(Pointwise f, Tensor a, Number scalar) {
        NullArgument.check(scalar, "the number");
        DType t = promoted(a, scalar);
        Number whole = fitted(t, scalar); // beside uint8, 256 is 0, as in PyTorch
        if (!isExact(t, whole)) {
            return compare(f.scalarsAsInputs(), NONE, t, a, scalarLike(a, whole));
        }
        double s = whole.doubleValue();
        return compare(
                f, new double[] {t.isFloating() ? Conversions.round(t, s) : s}, t, a); // bfloat16's 0.1 equals 0.1
    }

    /** A bool result, computed in {@code type}. */
    static Tensor compare(Pointwise f, double[] scalars, DType type, Tensor... in) {
        return Tape.apply(new Elementwise(f, scalars, DType.BOOL, type.compute()), inType(type, in));
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
        checkShape(f.name(), commonShape(f, in), target);
        for (int i = 1; i < in.length; i++) {
            if (in[i].view.buffer() == target.view.buffer() && !in[i].view.equals(target.view)) {
                in[i] = in[i].clone(); // it would change while it is read
            }
        }
        if (target.view.layout().overlaps()) {
            throw new IllegalArgumentException(f.name() + "_: several elements of this expanded tensor share one memory"
                    + " location; clone() it first");
        }
        target.checkInPlace(f.name() + "_");
        return Tape.apply(new InPlace(new Elementwise(f, scalars, target.dtype(), type.compute())), inType(type, in));
    }

    static Tensor inPlace(Pointwise f, Tensor target, Tensor... others) {
        return inPlace(f, NONE, target, others);
    }

    /** {@code target = f(target, scalar)}. */
    static Tensor inPlace(Pointwise f, Number scalar, Tensor target) {
        NullArgument.check(scalar, "the number");
        checkFits(f, promoted(target, scalar), target);
        Number s = fitted(target.dtype(), scalar);
        return isExact(target.dtype(), s)
                ? inPlace(f, new double[] {s.doubleValue()}, target)
                : inPlace(f.scalarsAsInputs(), NONE, target, scalarLike(target, s));
    }

    /** As {@link #inPlace}, for true division and functions: the result is never an integer. */
    static Tensor floatingInPlace(Pointwise f, double[] scalars, Tensor target, Tensor... others) {
        checkFits(f, DType.FLOAT32, target);
        return inPlace(f, scalars, target, others);
    }

    static Tensor floatingInPlace(Pointwise f, Tensor target, Tensor... others) {
        return floatingInPlace(f, NONE, target, others);
    }

    /** Writes a result of another type, as of a comparison, over {@code target}. */
    static Tensor store(Pointwise f, Tensor target, Tensor result) {
        checkShape(f.name(), result.shape(), target);
        return target.copy_(result);
    }

    private static void checkFits(Pointwise f, DType type, Tensor target) {
        if (!DType.canCast(type, target.dtype())) {
            throw new IllegalArgumentException(f.name() + "_: a " + type + " result does not fit into a "
                    + target.dtype() + " tensor; use the out-of-place form");
        }
    }

    private static void checkShape(String op, Shape result, Tensor target) {
        if (!result.equals(target.shape())) {
            throw ShapeMismatches.grows(op + "_", target.shape(), result);
        }
    }

    // ---- types

    /** PyTorch's rule: 0-d tensors promote only to a higher category. */
    static DType promoted(Tensor... in) {
        @Nullable DType full = null;
        @Nullable DType zero = null;
        for (Tensor t : in) {
            if (t == null) {
                throw NullArgument.among(in);
            }
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

    /** A scalar counts with its category alone: a fraction makes integers the default type, a whole number makes bool int64. */
    static DType promoted(Tensor x, Number scalar) {
        NullArgument.check(x, "x");
        return promoted(x.dtype(), scalar);
    }

    static DType promoted(DType t, Number scalar) {
        return isFractional(scalar) ? t.isFloating() ? t : Tensors.defaultDType() : t == DType.BOOL ? DType.INT64 : t;
    }

    static boolean isFractional(Number scalar) {
        return ElementNumbers.plain(scalar) instanceof Double;
    }

    /** A whole number as an element of an integer type holds it: beside uint8, -1 is 255 and 256 is 0, as in PyTorch. */
    static Number fitted(DType type, Number scalar) {
        return type.category() == 1
                ? (Number) Conversions.wrap(type, ElementNumbers.plain(scalar).longValue())
                : scalar;
    }

    /** Whether a double holds the scalar as exactly as arithmetic in {@code type} needs it. */
    static boolean isExact(DType type, Number scalar) {
        return type.isFloating()
                || !(ElementNumbers.plain(scalar) instanceof Long n)
                || (long) (double) n == n && n != Long.MAX_VALUE;
    }

    /** A 0-d int64 tensor. */
    static Tensor scalarLike(Tensor x, Number scalar) {
        return Tensors.tensor(scalar.longValue()).squeeze(0).to(x.device());
    }

    /** What a sum with a half adds, rounded to that half as in PyTorch; a factor or divisor stays as it is. */
    static Number term(Tensor x, Number scalar) {
        return x.dtype().isHalf() ? (Number) Conversions.round(x.dtype(), scalar.doubleValue()) : scalar;
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
        Tensor out = Tensor.allocate(in[0].backend(), result, layout(commonShape(formula, in), in));
        run(out, in);
        saveInputs(call, in);
        saveResult(call, out);
        return out;
    }

    private void run(Tensor out, Tensor[] in) {
        View[] views = new View[in.length];
        for (int i = 0; i < in.length; i++) {
            if (in[i].backend() != out.backend()) {
                throw ShapeMismatches.devices(name(), in[0], in[i]);
            }
            views[i] = in[i].view.with(in[i].view.layout().expand(out.shape()));
        }
        if (out.numel() > 0) {
            out.backend().pointwise(Kernel.of(formula), compute, scalars, new View[] {out.view}, views);
        }
    }

    private static Layout layout(Shape common, Tensor[] in) {
        Layout[] operands = new Layout[in.length];
        for (int i = 0; i < in.length; i++) {
            operands[i] = in[i].view.layout().expand(common);
        }
        return Layout.ofResult(common, operands);
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
            if (call.needs(j) && formula.reads(j, i)) {
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
            if (call.recording()) {
                Tensor[] before = in.clone();
                if (op.used(call, 0)) {
                    before[0] = original(call, in[0]);
                }
                for (int i = 1; i < in.length; i++) {
                    before[i] = in[i] == in[0] && op.used(call, i) ? original(call, in[0]) : in[i];
                }
                op.saveInputs(call, before);
            }
            op.run(in[0], in);
            in[0].view.buffer().touch();
            op.saveResult(call, in[0]);
            return in[0];
        }

        /** A copy of what is about to change, with the history it had. */
        private static Tensor original(Call call, Tensor target) {
            Tensor copy = target.copy();
            if (call.edge(0) instanceof Call producer) {
                copy.link(producer, call.edgeOutput(0));
            }
            return copy;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            return op.backward(call, g);
        }
    }

    /** {@code f} of both in the type in which a half's arithmetic is done, rounded once. */
    static Tensor rounded(Tensor x, Tensor other, BinaryOperator<Tensor> f) {
        DType type = Elementwise.promoted(x, other);
        return type.isHalf()
                ? f.apply(x.to(type.compute()), other.to(type.compute())).to(type)
                : f.apply(x, other);
    }
}
