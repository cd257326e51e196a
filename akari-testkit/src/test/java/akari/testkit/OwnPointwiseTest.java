package akari.testkit;

import static akari.formula.Formula.max;
import static akari.formula.Formula.sigmoid;
import static akari.formula.Formula.sin;
import static akari.formula.Formula.step;
import static akari.tensor.Tensors.sin;
import static akari.tensor.Tensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.core.Shape;
import akari.formula.Expr;
import akari.formula.Formula;
import akari.formula.Pointwise;
import akari.nn.Inference;
import akari.nn.Linear;
import akari.nn.Module;
import akari.tensor.Autograd;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operations that a program writes itself, with what Akari exports to everybody. */
class OwnPointwiseTest {
    private static final Pointwise SNAKE =
            Pointwise.of("snake", (x, a) -> x.plus(sin(a.times(x)).square().over(a)));

    private static final Pointwise SOFT_CLIP = Pointwise.of(
            "soft_clip",
            2,
            1,
            max(Expr.in(0), Expr.in(1)).times(sigmoid(Expr.in(0).times(Expr.scalar(0)))));

    private static Tensor composed(Tensor x, Tensor a) {
        return x.add(sin(a.mul(x)).square().div(a));
    }

    private static Tensor values(DType type, int seed, long... shape) {
        return Golden.tensor(DType.FLOAT64, seed, 2, 0, shape).to(type);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "BFLOAT16", "FLOAT16"})
    void valuesAndGradientsAreThoseOfTheComposition(DType type) {
        Tensor x = values(type, 1, 5, 7).requiresGrad_();
        Tensor a = values(type, 2, 5, 7).abs().add(0.5).detach().requiresGrad_();
        Tensor y = x.apply(SNAKE, a);
        assertThat(y.dtype()).isEqualTo(type);
        y.sum().backward();

        Tensor wideX = x.detach().float64().requiresGrad_();
        Tensor wideA = a.detach().float64().requiresGrad_();
        Tensor wide = composed(wideX, wideA);
        wide.sum().backward();
        double eps = type.finfo().eps();
        for (Tensor[] pair : new Tensor[][] {{y, wide}, {x.grad(), wideX.grad()}, {a.grad(), wideA.grad()}}) {
            assertThat(Tensors.allclose(pair[0].float64(), pair[1], 4 * eps, 4 * eps))
                    .isTrue();
        }
    }

    @Test
    void gradientsAreRightTwice() {
        Tensor x = values(DType.FLOAT64, 3, 3, 4).requiresGrad_();
        Tensor a = values(DType.FLOAT64, 4, 4).abs().add(0.5).detach().requiresGrad_();
        assertThat(Autograd.gradcheck(in -> in[0].apply(SNAKE, in[1]), x, a)).isTrue();
        assertThat(Autograd.gradgradcheck(in -> in[0].apply(SNAKE, in[1]), x, a))
                .isTrue();
        assertThat(Autograd.gradgradcheck(in -> in[0].apply(SNAKE, 0.7), x)).isTrue();
        assertThat(Autograd.gradgradcheck(in -> in[0].apply(SOFT_CLIP, List.of(in[1]), 0.7), x, a))
                .isTrue();
    }

    @Test
    void shapesBroadcastAndTypesPromoteAsThoseOfAdd() {
        Tensor x = values(DType.FLOAT32, 5, 6, 4);
        Tensor a = values(DType.FLOAT64, 6, 3, 1, 6).abs().add(0.5);
        Tensor y = x.t().apply(SNAKE, a);
        assertThat(y.shape()).isEqualTo(Shape.of(3, 4, 6));
        assertThat(y.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(Tensors.allclose(y, composed(x.t().float64(), a), 1e-12, 1e-12))
                .isTrue();

        assertThat(x.apply(SNAKE, tensor(2)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(values(DType.BFLOAT16, 7, 2)
                        .apply(SNAKE, x.flatten().select(0, 0))
                        .dtype())
                .isEqualTo(DType.BFLOAT16);
        assertThat(values(DType.BFLOAT16, 7, 4).apply(SNAKE, x).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void numbersStandForTensors() {
        Tensor x = values(DType.FLOAT32, 8, 9).requiresGrad_();
        Tensor a = Tensors.full(0.75, 9);
        assertThat(x.apply(SNAKE, 0.75).toDoubles()).isEqualTo(x.apply(SNAKE, a).toDoubles());
        assertThat(Autograd.grad(x.apply(SNAKE, 0.75).sum(), x).toDoubles())
                .isEqualTo(Autograd.grad(x.apply(SNAKE, a).sum(), x).toDoubles());
        assertThat(x.apply(SOFT_CLIP, 0.75, 2).toDoubles())
                .isEqualTo(x.apply(SOFT_CLIP, List.of(a), 2).toDoubles());
        assertThat(tensor(1, 2).apply(SNAKE, 0.75).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void oneAndThreeInputs() {
        Tensor x = tensor(-1.0, 2, 3).float64();
        Pointwise cube = Pointwise.of("cube", v -> v.pow(3));
        Pointwise mix = Pointwise.of("mix", (u, v, w) -> u.plus(w.times(v.minus(u))));
        assertThat(x.apply(cube).toDoubles()).containsExactly(-1, 8, 27);
        assertThat(x.apply(mix, x.neg(), tensor(0.5)).toDoubles()).containsExactly(0, 0, 0);
        assertThat(x.apply(mix, 0, 0.5).toDoubles()).containsExactly(-0.5, 1, 1.5);
        assertThat(Autograd.gradgradcheck(in -> in[0].apply(cube), x.requiresGrad_()))
                .isTrue();
    }

    @Test
    void slopesMayBeWrittenOut() {
        Tensor x = tensor(-1.0, 0, 2).requiresGrad_();
        Pointwise straight = Pointwise.of("straight", v -> step(v)).slope((v, y) -> Expr.lit(1));
        x.apply(straight).sum().backward();
        assertThat(x.apply(straight).toDoubles()).containsExactly(0, 0, 1);
        assertThat(x.grad().toDoubles()).containsExactly(1, 1, 1);
        assertThat(Pointwise.of("step", Formula::step).isFlat(0)).isTrue();
    }

    static final class Net extends Module {
        private final Linear linear = new Linear(4, 3);
        private final Tensor alpha = parameter(Tensors.full(0.8, 3));

        @Override
        protected Tensor compute(Tensor x) {
            return linear.forward(x).apply(SNAKE, alpha).apply(SNAKE, 0.5).relu();
        }
    }

    @Test
    void capturedPlansComputeThem() {
        Tensors.manualSeed(1);
        Module net = new Net().eval();
        Tensor x = values(DType.FLOAT32, 9, 5, 4);
        Tensor wanted = Tensors.noGrad(() -> net.forward(x));
        Inference plan = Inference.of(net);
        for (int i = 0; i < 3; i++) {
            assertThat(Tensors.allclose(plan.forward(x), wanted, 1e-6, 1e-6)).isTrue();
        }
        assertThat(plan.describe(x)).contains("snake");
    }

    @Test
    void errorsSayWhatIsWrong() {
        Tensor x = tensor(1.0, 2);
        assertThatThrownBy(() -> x.apply(SNAKE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("snake is a formula of 2 tensors, got 1 tensor");
        assertThatThrownBy(() -> x.apply(SOFT_CLIP, x))
                .hasMessage("soft_clip is a formula of 2 tensors and 1 number, got 2 tensors");
        assertThatThrownBy(() -> x.apply(SNAKE, 1, 2))
                .hasMessageContaining("snake is a formula of 1 tensor and 1 number");
        assertThatThrownBy(() -> x.apply(SNAKE, tensor(1.0, 2, 3))).hasMessageContaining("snake", "[2]", "[3]");
        assertThatThrownBy(() -> tensor(1, 2).apply(SNAKE, tensor(3, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("snake: own operations compute in floating types, got int64");
        assertThatThrownBy(() -> x.apply(SNAKE, (Tensor) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> x.apply(null, x))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("operation");

        assertThatThrownBy(() -> Pointwise.of("my op", v -> v))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("my op");
        assertThatThrownBy(() -> Pointwise.of("none", v -> null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Pointwise.of("far", 1, 0, Expr.in(1))).hasMessageContaining("reads in(1)");
        assertThatThrownBy(() -> Pointwise.of("far", 1, 0, Expr.scalar(0))).hasMessageContaining("reads scalar(0)");
        assertThatThrownBy(() -> Pointwise.of("far", v -> v).slopes(Expr.in(2))).hasMessageContaining("reads in(2)");
        assertThatThrownBy(() -> SNAKE.slope((v, y) -> y)).hasMessageContaining("snake has 2 inputs, got 1 slopes");
    }
}
