package akari.formula;

import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pointwise operation: one formula over a few inputs, element by element, of which Akari makes all the rest.
 * {@code x.apply(f, a)} of {@code akari.tensor.Tensor} computes it in one compiled pass over memory on every device, with broadcasting
 * and type promotion, and differentiates it as often as needed: the slope of each input is derived from the formula. Write one out,
 * by {@link #slope(BinaryOperator)} or {@link #slopes}, only where a convention decides (a kink) or where the derived one overflows.
 *
 * <pre>{@code
 * static final Pointwise SNAKE = Pointwise.of("snake", (x, a) -> x.plus(sin(a.times(x)).square().over(a)));
 * Tensor y = x.apply(SNAKE, alpha);
 * }</pre>
 *
 * <p>Make an operation once, in a constant: what is compiled for it stays with it. The functions' static forms are those of
 * {@link Formula}. In PyTorch this takes a {@code torch.autograd.Function} or {@code torch.compile}.
 */
public final class Pointwise {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String name;
    private final int arity;
    private final int scalars;
    private final Expr value;
    private @Nullable Slopes slopes;
    private final @Nullable Pointwise[] gradients;
    private volatile @Nullable Pointwise wide;
    private volatile @Nullable Pointwise narrow;
    private volatile @Nullable Object kept;

    /** The slope of each input, and which inputs it reads. */
    private record Slopes(List<Expr> of, boolean[][] reads) {
        Slopes(List<Expr> of) {
            this(of, reads(of));
        }

        private static boolean[][] reads(List<Expr> of) {
            boolean[][] reads = new boolean[of.size()][of.size() + 1];
            for (int i = 0; i < of.size(); i++) {
                Set<Expr> leaves = Formula.leaves(of.get(i));
                for (int j = 0; j <= of.size(); j++) {
                    reads[i][j] = leaves.contains(Expr.in(j));
                }
            }
            return reads;
        }
    }

    private Pointwise(String name, int arity, int scalars, Expr value, @Nullable Slopes slopes) {
        this.name = name;
        this.arity = arity;
        this.scalars = scalars;
        this.value = value;
        this.slopes = slopes;
        this.gradients = new Pointwise[arity];
    }

    /** A formula of three inputs. */
    @FunctionalInterface
    public interface Ternary {
        /** The formula, made of its inputs. */
        Expr apply(Expr a, Expr b, Expr c);
    }

    /**
     * An operation of one input.
     *
     * @param name what errors, graphs and gradients call it: letters, digits and underscores; need not be unique
     * @param f makes the formula of its input; called once, here
     * @throws IllegalArgumentException for another name
     */
    public static Pointwise of(String name, UnaryOperator<Expr> f) {
        NullArgument.check(f, "the formula");
        return of(name, 1, 0, f.apply(Expr.in(0)));
    }

    /** An operation of two inputs; else as {@link #of(String, UnaryOperator)}. */
    public static Pointwise of(String name, BinaryOperator<Expr> f) {
        NullArgument.check(f, "the formula");
        return of(name, 2, 0, f.apply(Expr.in(0), Expr.in(1)));
    }

    /** An operation of three inputs; else as {@link #of(String, UnaryOperator)}. */
    public static Pointwise of(String name, Ternary f) {
        NullArgument.check(f, "the formula");
        return of(name, 3, 0, f.apply(Expr.in(0), Expr.in(1), Expr.in(2)));
    }

    /**
     * An operation of any number of inputs, {@link Expr#in in(0 .. arity-1)}, and of numbers given at each call,
     * {@link Expr#scalar scalar(0 .. scalars-1)}.
     *
     * @throws IllegalArgumentException for a name of other than letters, digits and underscores, for less than one input, and for a
     *     formula that reads an input or a number beyond those
     */
    public static Pointwise of(String name, int arity, int scalars, Expr value) {
        NullArgument.check(name, "the name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "an operation's name is letters, digits and underscores, as in my_op2; got \"" + name + "\"");
        }
        if (arity < 1 || scalars < 0) {
            throw new IllegalArgumentException(name
                    + ": a formula has one input or more and no less than 0 scalars; got " + arity + " and " + scalars);
        }
        check(name, "the formula", value, arity, scalars);
        return new Pointwise(name, arity, scalars, value, null);
    }

    /** Whether {@code e} reads only what there is: {@code inputs} inputs and {@code scalars} scalars. */
    private static void check(String name, String what, Expr e, int inputs, int scalars) {
        NullArgument.check(e, what);
        for (Expr leaf : Formula.leaves(e)) {
            if (leaf instanceof Expr.In(int i) && (i < 0 || i >= inputs)) {
                throw new IllegalArgumentException(
                        name + ": " + what + " reads in(" + i + "); there are in(0) to in(" + (inputs - 1) + ")");
            }
            if (leaf instanceof Expr.Scalar(int i) && (i < 0 || i >= scalars)) {
                throw new IllegalArgumentException(name + ": " + what + " reads scalar(" + i + "), but there are "
                        + scalars + " scalars; give their number to Pointwise.of");
            }
        }
    }

    /** Derived when they are first asked for: most operations never are. A race derives them twice. */
    private Slopes slopes() {
        Slopes s = slopes;
        if (s == null) {
            List<Expr> derived = new ArrayList<>();
            for (int i = 0; i < arity; i++) {
                derived.add(Formula.replace(
                        Formula.derivative(value, i), e -> e == value && !(e instanceof Expr.In) ? Expr.in(arity) : e));
            }
            s = new Slopes(List.copyOf(derived));
            slopes = s;
        }
        return s;
    }

    /**
     * This operation with the slope of its only input written out: {@code f(input, result)}.
     *
     * @throws IllegalArgumentException where there are more inputs; see {@link #slopes}
     */
    public Pointwise slope(BinaryOperator<Expr> f) {
        NullArgument.check(f, "the slope");
        return slopes(f.apply(Expr.in(0), Expr.in(1)));
    }

    /**
     * This operation with all slopes written out, one for each input, over its inputs, {@code in(0 .. arity-1)}, its scalars, and its
     * result, {@code in(arity)}. A slope that reads the result alone keeps no input alive.
     *
     * @throws IllegalArgumentException for another number of slopes, or one that reads anything else
     */
    public Pointwise slopes(Expr... written) {
        NullArgument.check(written, "the slopes");
        if (written.length != arity) {
            throw new IllegalArgumentException(name + " has " + arity + " inputs, got " + written.length + " slopes");
        }
        for (Expr slope : written) {
            check(name, "a slope", slope, arity + 1, scalars);
        }
        return new Pointwise(name, arity, scalars, value, new Slopes(List.of(written)));
    }

    /** What errors, graphs and gradients call it. */
    public String name() {
        return name;
    }

    /** The number of inputs. */
    public int arity() {
        return arity;
    }

    /** The number of numbers given at each call, besides the inputs. */
    public int scalars() {
        return scalars;
    }

    /** The formula. */
    public Expr value() {
        return value;
    }

    /** The slope of input {@code i}: derived, or as it was written out. */
    public Expr slope(int i) {
        return slopes().of.get(i);
    }

    /** Whether the slope of input {@code i} depends on input {@code j}, or for {@code j = arity} on the result. */
    public boolean reads(int i, int j) {
        return slopes().reads[i][j];
    }

    /** Whether the slope of input {@code i} is identically zero (a comparison, a rounding). */
    public boolean isFlat(int i) {
        return slope(i).equals(Expr.lit(0));
    }

    /**
     * The gradient of input {@code i} as an operation of its own, over {@code (upstream, inputs…, result)}: differentiable in turn,
     * which is how higher orders work.
     */
    public Pointwise gradient(int i) {
        Pointwise g = gradients[i];
        if (g == null) {
            // a race builds two equal objects; either serves
            Expr shifted = Formula.replace(slope(i), e -> e instanceof Expr.In(int j) ? Expr.in(j + 1) : e);
            g = of(name + "_grad", arity + 2, scalars, scaled(Expr.in(0), shifted));
            gradients[i] = g;
        }
        return g;
    }

    /**
     * This operation with its run-time scalars as further inputs, without gradients: for scalars that a {@code double} cannot hold.
     */
    public Pointwise scalarsAsInputs() {
        Pointwise f = wide;
        if (f == null) {
            List<Expr> moved = new ArrayList<>();
            for (Expr slope : slopes().of) {
                moved.add(moved(slope));
            }
            for (int i = 0; i < scalars; i++) {
                moved.add(Expr.lit(0));
            }
            f = new Pointwise(name, arity + scalars, 0, moved(value), new Slopes(List.copyOf(moved)));
            wide = f;
        }
        return f;
    }

    /** This operation with every input but the first as a run-time scalar, before those it has: for numbers in a tensor's place. */
    public Pointwise inputsAsScalars() {
        Pointwise f = narrow;
        if (f == null) {
            f = new Pointwise(name, 1, arity - 1 + scalars, fixed(value), new Slopes(List.of(fixed(slope(0)))));
            narrow = f;
        }
        return f;
    }

    private Expr fixed(Expr e) {
        return Formula.replace(e, t -> switch (t) {
            case Expr.Scalar(int i) -> Expr.scalar(arity - 1 + i);
            case Expr.In(int i) when i == arity -> Expr.in(1);
            case Expr.In(int i) when i > 0 -> Expr.scalar(i - 1);
            default -> t;
        });
    }

    /**
     * What an engine makes of this operation, by {@code make} when it is first asked for, and kept with it. A race makes it twice;
     * either serves.
     */
    public <T> T kept(Class<T> type, Function<Pointwise, T> make) {
        Object o = kept;
        if (o == null) {
            o = make.apply(this);
            kept = o;
        }
        return type.cast(o);
    }

    private Expr moved(Expr e) {
        return Formula.replace(e, t -> switch (t) {
            case Expr.Scalar(int i) -> Expr.in(arity + i);
            case Expr.In(int i) when i == arity -> Expr.in(arity + scalars);
            default -> t;
        });
    }

    /**
     * {@code upstream * slope}, but 0 wherever the slope chooses 0, though the upstream be infinite or NaN. Steps of the slope that may
     * overflow where the product does not come after it: doubling, exponentials, and what a constant is divided by.
     */
    private static Expr scaled(Expr upstream, Expr slope) {
        boolean mask = slope instanceof Expr.Select s
                && (s.then().equals(Expr.lit(0)) || s.other().equals(Expr.lit(0)));
        return switch (slope) {
            case Expr.Select(var cmp, var a, var b, var then, var other)
            when mask -> Expr.select(cmp, a, b, scaled(upstream, then), scaled(upstream, other));
            case Expr.Binary(var op, Expr.Const a, var b)
            when op == Expr.Op.DIV -> upstream.times(a).over(b);
            case Expr.Binary(var op, Expr.Unary a, var b)
            when op == Expr.Op.MUL && a.fn() == Expr.Fn.EXP -> upstream.times(b).times(a);
            case Expr.Binary(var op, var a, var b)
            when op == Expr.Op.ADD && a.equals(b) -> {
                Expr half = scaled(upstream, a);
                yield half.plus(half);
            }
            default -> upstream.times(slope);
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
