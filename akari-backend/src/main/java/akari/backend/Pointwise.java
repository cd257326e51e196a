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
    private final List<Expr> slopes;
    private final @Nullable Pointwise[] gradients;
    private final boolean[][] reads;
    private volatile @Nullable Pointwise wide;

    private Pointwise(String name, int arity, int scalars, Expr value, List<Expr> slopes) {
        this.name = name;
        this.arity = arity;
        this.scalars = scalars;
        this.kernel = new Kernel(name, arity, scalars, List.of(value));
        this.slopes = slopes;
        this.gradients = new Pointwise[arity];
        this.reads = new boolean[arity][arity + 1];
        for (int i = 0; i < arity; i++) {
            Terms terms = Terms.of(List.of(slopes.get(i)));
            for (int j = 0; j <= arity; j++) {
                reads[i][j] = terms.contains(Expr.in(j));
            }
        }
    }

    public static Pointwise of(String name, UnaryOperator<Expr> f) {
        return of(name, 1, 0, f.apply(Expr.in(0)));
    }

    public static Pointwise of(String name, BinaryOperator<Expr> f) {
        return of(name, 2, 0, f.apply(Expr.in(0), Expr.in(1)));
    }

    /** A formula over {@code In(0 .. arity-1)} and {@code Scalar(0 .. scalars-1)}. */
    public static Pointwise of(String name, int arity, int scalars, Expr value) {
        List<Expr> slopes = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            slopes.add(Formula.replace(
                    Formula.derivative(value, i), e -> e == value && !(e instanceof Expr.In) ? Expr.in(arity) : e));
        }
        return new Pointwise(name, arity, scalars, value, List.copyOf(slopes));
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
        return new Pointwise(name, arity, scalars, value(), List.of(written));
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
        return slopes.get(i);
    }

    /** Whether the slope of input {@code i} depends on input {@code j}, or for {@code j = arity} on the result. */
    public boolean reads(int i, int j) {
        return reads[i][j];
    }

    /** Whether the slope of input {@code i} is identically zero (a comparison, a rounding). */
    public boolean isFlat(int i) {
        return slopes.get(i).equals(Expr.lit(0));
    }

    /**
     * The gradient of input {@code i} as an operation of its own, over {@code (upstream, inputs…, result)}: differentiable in turn,
     * which is how higher orders work.
     */
    public Pointwise gradient(int i) {
        Pointwise g = gradients[i];
        if (g == null) {
            // a race builds two equal objects; either serves
            Expr shifted = Formula.replace(slopes.get(i), e -> e instanceof Expr.In(int j) ? Expr.in(j + 1) : e);
            g = of(name + "_grad", arity + 2, scalars, Expr.in(0).times(shifted));
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
            for (Expr slope : slopes) {
                moved.add(moved(slope));
            }
            for (int i = 0; i < scalars; i++) {
                moved.add(Expr.lit(0));
            }
            f = new Pointwise(name, arity + scalars, 0, moved(value()), List.copyOf(moved));
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

    @Override
    public String toString() {
        return name;
    }
}
