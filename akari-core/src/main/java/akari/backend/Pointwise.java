package akari.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A pointwise operation: one formula over {@code arity} inputs, and a slope for each of them. Slopes are derived from the formula;
 * one is written out only where a convention or stability needs it. In a slope, {@code In(arity)} stands for the operation's own
 * result, so that an operation whose slope needs only that keeps nothing else alive.
 */
public final class Pointwise {
    private final String name;
    private final int arity;
    private final int scalars;
    private final Kernel kernel;
    private @Nullable Slopes slopes;
    private final @Nullable Pointwise[] gradients;
    private volatile @Nullable Pointwise wide;

    /** The slope of each input, and which inputs it reads. */
    private record Slopes(List<Expr> of, boolean[][] reads) {
        Slopes(List<Expr> of) {
            this(of, reads(of));
        }

        private static boolean[][] reads(List<Expr> of) {
            boolean[][] reads = new boolean[of.size()][of.size() + 1];
            for (int i = 0; i < of.size(); i++) {
                Terms terms = Terms.of(List.of(of.get(i)));
                for (int j = 0; j <= of.size(); j++) {
                    reads[i][j] = terms.contains(Expr.in(j));
                }
            }
            return reads;
        }
    }

    private Pointwise(String name, int arity, int scalars, Expr value, @Nullable Slopes slopes) {
        this.name = name;
        this.arity = arity;
        this.scalars = scalars;
        this.kernel = new Kernel(name, arity, scalars, List.of(value));
        this.slopes = slopes;
        this.gradients = new Pointwise[arity];
    }

    public static Pointwise of(String name, UnaryOperator<Expr> f) {
        return of(name, 1, 0, f.apply(Expr.in(0)));
    }

    public static Pointwise of(String name, BinaryOperator<Expr> f) {
        return of(name, 2, 0, f.apply(Expr.in(0), Expr.in(1)));
    }

    /** A formula over {@code In(0 .. arity-1)} and {@code Scalar(0 .. scalars-1)}. */
    public static Pointwise of(String name, int arity, int scalars, Expr value) {
        return new Pointwise(name, arity, scalars, value, null);
    }

    /** Derived when they are first asked for: most operations never are. A race derives them twice. */
    private Slopes slopes() {
        Slopes s = slopes;
        if (s == null) {
            Expr value = value();
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

    /** This operation with the slope of its only input written out: {@code f(input, result)}. */
    public Pointwise slope(BinaryOperator<Expr> f) {
        return slopes(f.apply(Expr.in(0), Expr.in(1)));
    }

    /** This operation with all slopes written out, over {@code In(0 .. arity-1)} and {@code In(arity)}, the result. */
    public Pointwise slopes(Expr... written) {
        if (written.length != arity) {
            throw new IllegalArgumentException(name + " has " + arity + " inputs, got " + written.length + " slopes");
        }
        return new Pointwise(name, arity, scalars, value(), new Slopes(List.of(written)));
    }

    public String name() {
        return name;
    }

    public int arity() {
        return arity;
    }

    public int scalars() {
        return scalars;
    }

    public Expr value() {
        return kernel.outputs().getFirst();
    }

    public Kernel kernel() {
        return kernel;
    }

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
            f = new Pointwise(name, arity + scalars, 0, moved(value()), new Slopes(List.copyOf(moved)));
            wide = f;
        }
        return f;
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
