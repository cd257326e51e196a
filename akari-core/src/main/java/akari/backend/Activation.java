package akari.backend;

import static akari.formula.Expr.in;
import static akari.formula.Expr.lit;
import static akari.formula.Expr.select;

import akari.formula.Expr;
import akari.formula.Expr.Cmp;
import akari.formula.Formula;
import akari.formula.Pointwise;
import java.util.List;

/** What a layer's kernel may apply to its results before it stores them, saving a pass over memory. */
public enum Activation {
    IDENTITY(Pointwise.of("identity", x -> x)),
    /** NaN passes: a comparison with it is false. */
    RELU(Pointwise.of("relu", x -> select(Cmp.LT, x, lit(0), lit(0), x))
            .slope((x, y) -> select(Cmp.LE, y, lit(0), lit(0), lit(1)))),
    /** As for {@link #RELU}, the result tells the slope: in place serves too. */
    RELU6(Pointwise.of("relu6", x -> clip(x, 0, 6))
            .slope((x, y) -> select(Cmp.LE, y, lit(0), lit(0), select(Cmp.GE, y, lit(6), lit(0), lit(1))))),
    HARDSWISH(Pointwise.of("hardswish", x -> x.times(clip(x.plus(3), 0, 6)).over(6))
            .slope((x, y) -> select(
                    Cmp.LT,
                    x,
                    lit(-3),
                    lit(0),
                    select(Cmp.LE, x, lit(3), x.over(3).plus(0.5), lit(1))))),
    SILU(Pointwise.of("silu", x -> x.times(x.sigmoid()))
            .slope((x, y) ->
                    x.sigmoid().times(x.times(lit(1).minus(x.sigmoid())).plus(1))));

    private final Pointwise formula;

    Activation(Pointwise formula) {
        this.formula = formula;
    }

    /** The operation itself, with its slope. */
    public Pointwise formula() {
        return formula;
    }

    /** {@code out = f(in0)}, or {@code f(in0 + in1)}. */
    Kernel kernel(boolean accumulate) {
        return accumulate
                ? new Kernel(formula.name() + "_sum", 2, 0, List.of(of(in(0).plus(in(1)))))
                : Kernel.of(formula);
    }

    /**
     * The gradient before the activation that follows a batch normalisation: {@code g · f'(z)} over the inputs
     * {@code (g, x, mean, variance)} and, with {@code affine}, {@code (weight, bias)}; scalar 0 is eps.
     */
    Kernel beforeNormalised(boolean affine) {
        Expr unit = in(1).minus(in(2)).over(in(3).plus(Expr.scalar(0)).sqrt());
        Expr z = affine ? unit.times(in(4)).plus(in(5)) : unit;
        Expr slope = Formula.replace(formula.slope(0), e -> e instanceof Expr.In(int j) ? j == 0 ? z : of(z) : e);
        return new Kernel(formula.name() + "_norm_grad", affine ? 6 : 4, 1, List.of(in(0).times(slope)));
    }

    private Expr of(Expr x) {
        return Formula.replace(formula.value(), e -> e instanceof Expr.In ? x : e);
    }

    private static Expr clip(Expr x, double low, double high) {
        return select(Cmp.LT, x, lit(low), lit(low), select(Cmp.GT, x, lit(high), lit(high), x));
    }
}
