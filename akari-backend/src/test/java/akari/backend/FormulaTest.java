package akari.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double[] NONE = {};

    private static double eval(Expr e, double... in) {
        return Formula.eval(e, NONE, in);
    }

    @Test
    void erfHasFullPrecision() {
        // Abramowitz and Stegun, table 7.1, and exact limits
        double[][] known = {
            {0, 0},
            {1e-300, 2e-300 / Math.sqrt(Math.PI)},
            {0.5, 0.5204998778130465},
            {1, 0.8427007929497149},
            {2, 0.9953222650189527},
            {2.5, 0.9995930479825550},
            {3, 0.9999779095030014},
            {4, 0.9999999845827421},
            {7, 1},
            {INF, 1}
        };
        for (double[] k : known) {
            assertThat(Formula.unary(Expr.Fn.ERF, k[0])).isCloseTo(k[1], within(1e-15 * k[1]));
            assertThat(Formula.unary(Expr.Fn.ERF, -k[0])).isCloseTo(-k[1], within(1e-15 * k[1]));
        }
        assertThat(Formula.unary(Expr.Fn.ERF, NAN)).isNaN();
    }

    @Test
    void specialValues() {
        assertThat(Formula.unary(Expr.Fn.SIGN, NAN)).isZero();
        assertThat(Formula.unary(Expr.Fn.SIGN, -INF)).isEqualTo(-1);
        assertThat(Formula.unary(Expr.Fn.ROUND, 2.5)).isEqualTo(2);
        assertThat(Formula.unary(Expr.Fn.ROUND, -1.5)).isEqualTo(-2);
        assertThat(Formula.unary(Expr.Fn.TRUNC, -1.7)).isEqualTo(-1);
        assertThat(Formula.binary(Expr.Op.MAX, NAN, 1)).isNaN();
        assertThat(Formula.binary(Expr.Op.MIN, 1, NAN)).isNaN();
        assertThat(Formula.pow(1, NAN)).isEqualTo(1);
        assertThat(Formula.pow(-1, INF)).isEqualTo(1);
        assertThat(Formula.pow(NAN, 0)).isEqualTo(1);
        assertThat(Formula.compare(Expr.Cmp.NE, NAN, NAN)).isTrue();
        assertThat(Formula.compare(Expr.Cmp.EQ, NAN, NAN)).isFalse();
    }

    @Test
    void constantsFoldAndNeutralElementsVanish() {
        Expr x = Expr.in(0);
        assertThat(x.times(1).plus(0).minus(0).over(1)).isEqualTo(x);
        assertThat(x.times(0)).isEqualTo(Expr.lit(0));
        assertThat(Expr.lit(2).times(3).plus(1)).isEqualTo(Expr.lit(7));
        assertThat(Expr.select(Expr.Cmp.LT, Expr.lit(1), Expr.lit(2), x, Expr.lit(5)))
                .isEqualTo(x);
        assertThat(Expr.select(Expr.Cmp.LT, x, Expr.lit(2), x, x)).isEqualTo(x);
        assertThat(Formula.uses(x.plus(Expr.in(2)), 2)).isTrue();
        assertThat(Formula.uses(x.plus(Expr.in(2)), 1)).isFalse();
        assertThat(Formula.derivative(x.pow(Expr.lit(2)), 0))
                .isEqualTo(Expr.lit(2).times(x));
    }

    @Test
    void pytorchsConventionsAtKinks() {
        Expr x = Expr.in(0);
        Expr y = Expr.in(1);
        Expr max = Formula.derivative(Expr.max(x, y), 0);
        assertThat(eval(max, 2, 1)).isEqualTo(1);
        assertThat(eval(max, 1, 2)).isZero();
        assertThat(eval(max, 2, 2)).isEqualTo(0.5);
        assertThat(eval(Formula.derivative(x.abs(), 0), 0)).isZero();
        assertThat(eval(Formula.derivative(x.pow(y), 0), 0, 0)).isZero();
        assertThat(eval(Formula.derivative(x.pow(y), 1), 0, 2)).isZero();
        assertThat(eval(Formula.derivative(x.pow(y), 1), 0, -2)).isInfinite();
    }

    @ParameterizedTest
    @EnumSource(Expr.Fn.class)
    void slopeOfEveryFunction(Expr.Fn fn) {
        Expr e = new Expr.Unary(fn, Expr.in(0));
        Expr slope = Formula.derivative(e, 0);
        for (double x : new double[] {0.15, 0.7, 1.3, 2.6}) {
            assertThat(eval(slope, x)).isCloseTo(central(e, 0, 1e-5, x), within(1e-7));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void derivativeOfRandomFormulas(long seed) {
        Random random = new Random(seed);
        int compared = 0;
        for (int round = 0; round < 400; round++) {
            Expr e = random(random, 4);
            double[] in = {random.nextDouble(0.2, 2), random.nextDouble(0.2, 2)};
            for (int i = 0; i < 2; i++) {
                double h = 1e-5;
                double numeric = central(e, i, h, in);
                double coarse = central(e, i, 3 * h, in);
                double slope = eval(Formula.derivative(e, i), in);
                // near a jump or a kink, where a subterm is undefined, or for huge values differences say nothing
                if (!Double.isFinite(slope)
                        || Double.isNaN(numeric)
                        || Math.abs(eval(e, in)) > 1e3
                        || Math.abs(numeric - coarse) > 1e-6 * (1 + Math.abs(numeric))) {
                    continue;
                }
                assertThat(slope)
                        .as("d/d%d of %s at %s, %s", i, e, in[0], in[1])
                        .isCloseTo(numeric, within(1e-5 * (1 + Math.abs(numeric))));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(400);
    }

    private static double central(Expr e, int i, double h, double... in) {
        double[] up = in.clone();
        double[] down = in.clone();
        up[i] += h;
        down[i] -= h;
        return (eval(e, up) - eval(e, down)) / (up[i] - down[i]);
    }

    private static Expr random(Random r, int depth) {
        if (depth == 0 || r.nextInt(6) == 0) {
            return r.nextInt(4) == 0 ? Expr.lit(r.nextInt(-2, 4)) : Expr.in(r.nextInt(2));
        }
        Expr a = random(r, depth - 1);
        return switch (r.nextInt(6)) {
            case 0, 1 -> new Expr.Unary(Expr.Fn.values()[r.nextInt(Expr.Fn.values().length)], a);
            case 2 -> a.fma(random(r, depth - 1), random(r, depth - 1));
            case 3 ->
                Expr.select(
                        Expr.Cmp.values()[r.nextInt(6)],
                        a,
                        random(r, depth - 1),
                        random(r, depth - 1),
                        random(r, depth - 1));
            default -> new Expr.Binary(Expr.Op.values()[r.nextInt(Expr.Op.values().length)], a, random(r, depth - 1));
        };
    }

    @Test
    void slopesOfAPointwiseOperationUseItsResult() {
        Pointwise exp = Pointwise.of("exp", Expr::exp);
        assertThat(exp.slope(0)).isEqualTo(Expr.in(1));
        Pointwise g = exp.gradient(0);
        assertThat(g.value()).isEqualTo(Expr.in(0).times(Expr.in(2)));
        assertThat(g.arity()).isEqualTo(3);
        assertThat(Pointwise.of("floor", Expr::floor).isFlat(0)).isTrue();
        assertThat(Pointwise.of("sub", Expr::minus).slope(1)).isEqualTo(Expr.lit(-1));
        Pointwise step = Pointwise.of("relu", x -> Expr.max(x, Expr.lit(0)))
                .slope((x, y) -> Expr.select(Expr.Cmp.GT, y, Expr.lit(0), Expr.lit(1), Expr.lit(0)));
        assertThat(Formula.uses(step.slope(0), 0)).isFalse();
    }

    @Test
    void kernelsAreFoundAgainByTheirFormulas() {
        Kernel a = new Kernel("a", 1, 0, List.of(Expr.in(0).exp()));
        Kernel b = new Kernel("b", 1, 0, List.of(Expr.in(0).exp()));
        assertThat(a).isEqualTo(b).hasSameHashCodeAs(b).hasToString("a");
        assertThat(a).isNotEqualTo(new Kernel("a", 1, 0, List.of(Expr.in(0).log())));
    }
}
