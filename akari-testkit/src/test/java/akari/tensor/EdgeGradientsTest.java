package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Functional;
import akari.nn.InterpolationMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slopes and results where formulas break, of which PyTorch has an answer. */
class EdgeGradientsTest {
    private static double[] gradient(UnaryOperator<Tensor> f, Tensor x) {
        Tensor leaf = x.detach().requiresGrad_();
        f.apply(leaf).sum().backward();
        return leaf.grad().toDoubles();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void singularDeterminantsHaveInfiniteSlopes(DType type) {
        Tensor singular = Tensors.of(type, new double[] {1, 2, 2, 4}, Shape.of(2, 2));
        double inf = Double.POSITIVE_INFINITY;
        for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(
                Tensor::logdet,
                x -> x.slogdet().logabsdet(),
                x -> Linalg.slogdet(x).logabsdet())) {
            assertThat(gradient(f, singular)).containsExactly(-inf, inf, inf, -inf);
            Tensor batch = Tensors.stack(List.of(Tensors.eye(2).to(type), singular), 0);
            assertThat(gradient(f, batch)).containsExactly(1, 0, 0, 1, -inf, inf, inf, -inf);
            assertThat(Arrays.stream(gradient(f, Tensors.zeros(type, 2, 2)))).noneMatch(Double::isFinite);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
    void countingNormsHaveSlopesOfZero(DType type) {
        Tensor x = Tensors.of(type, new double[] {1, 0, -2, Double.NaN}, Shape.of(2, 2));
        assertThat(x.norm(0).item()).isEqualTo(3);
        for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(
                v -> v.norm(0),
                v -> v.norm(0, 1, true),
                v -> Linalg.vectorNorm(v, 0),
                v -> v.dist(Tensors.zerosLike(v), 0),
                v -> v.pairwiseDistance(Tensors.zerosLike(v), 0, 0, false))) {
            assertThat(gradient(f, x)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
    void bicubicGradientsToTheSameSizeAreCopies(DType type) {
        double[] g = {1, Double.POSITIVE_INFINITY, 3, 4, Double.NaN, 6};
        Tensor weights = Tensors.of(type, g, Shape.of(1, 1, 2, 3));
        Tensor x = Tensors.arange(DType.FLOAT32, 6).reshape(1, 1, 2, 3).to(type);
        for (boolean align : new boolean[] {false, true}) {
            assertThat(gradient(
                            v -> Functional.interpolate(v, Shape.of(2, 3), InterpolationMode.BICUBIC, align, false)
                                    .mul(weights),
                            x))
                    .containsExactly(g);
            assertThat(
                            gradient( // the samples lie elsewhere, their gradient does not
                                    v -> Functional.interpolate(
                                                    v,
                                                    new double[] {1.2, 1.3},
                                                    InterpolationMode.BICUBIC,
                                                    align,
                                                    false,
                                                    false)
                                            .mul(weights),
                                    x))
                    .containsExactly(g);
        }
    }

    /** Doubling overflows, the mean does not. */
    @Test
    void squaresOfHugeElementsHaveFiniteSlopes() {
        Tensor x = Tensors.of(DType.FLOAT32, new double[] {3e38, -3e38, 1e20, 0}, Shape.of(4));
        double[] halves = x.div(2).toDoubles();
        for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(
                v -> v.square().mean(),
                v -> v.mul(v).mean(),
                v -> v.pow(2).mean(),
                v -> Functional.mseLoss(v, x.mul(0)))) {
            assertThat(gradient(f, x)).containsExactly(halves);
        }
        assertThat(Arrays.stream(gradient(v -> v.square().mul(0).sum(), x))).allMatch(g -> g == 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
    void rootsOfMinusInfinityAreThoseOfPyTorch(DType type) {
        Tensor x = Tensors.of(type, new double[] {Double.NEGATIVE_INFINITY}, Shape.of(1));
        boolean powers = type == DType.FLOAT16; // elsewhere a root
        for (double exponent : new double[] {0.5, -0.5}) {
            double expected = !powers ? Double.NaN : exponent > 0 ? Double.POSITIVE_INFINITY : 0;
            assertThat(x.pow(exponent).toDoubles()).containsExactly(expected);
            assertThat(x.clone().pow_(exponent).toDoubles()).containsExactly(expected);
        }
        for (UnaryOperator<Tensor> f :
                List.<UnaryOperator<Tensor>>of(v -> v.pow(-0.5), v -> v.mul(1).pow_(-0.5))) {
            assertThat(gradient(f, x)).containsExactly(-0.0);
        }
        if (powers) assertThat(gradient(v -> v.pow(0.5), x)).containsExactly(0.0);
    }

    private static final Map<String, UnaryOperator<Tensor>> NORMS = Map.of(
            "layer", x -> Functional.layerNorm(x, Shape.of(3, 4), null, null, 1e-5),
            "layer affine",
                    x -> Functional.layerNorm(
                            x,
                            Shape.of(4),
                            Tensors.ones(4).to(x.dtype()),
                            Tensors.ones(4).to(x.dtype()),
                            1e-5),
            "group", x -> Functional.groupNorm(x, 1, null, null, 1e-5),
            "instance", x -> Functional.instanceNorm(x, null, null, 1e-5));

    /** Neither sums of elements nor sums of squares leave the range. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32"})
    void normalisedBeyondTheRangeOfSquares(DType type) {
        double max = type.finfo().max();
        Generator g = new Generator(2);
        for (double scale : new double[] {1, type == DType.FLOAT16 ? 1e3 : 3e19, max}) {
            Tensor x = Tensors.empty(2, 3, 4)
                    .uniform_(-1, 1, g)
                    .float64()
                    .mul(scale)
                    .to(type);
            NORMS.forEach((name, f) -> {
                double[] expected = f.apply(x.float64()).toDoubles();
                double[] actual = f.apply(x).toDoubles();
                for (int i = 0; i < expected.length; i++) {
                    assertThat(Math.abs(actual[i] - expected[i]))
                            .as("%s at %s", name, scale)
                            .isLessThanOrEqualTo(4 * type.finfo().eps());
                }
                assertThat(Arrays.stream(gradient(f, x))).allMatch(Double::isFinite);
            });
        }
    }

    /** A captured graph cannot look at values, and does without. */
    @Test
    void normalisationsAreCaptured() {
        Tensor x = Tensors.empty(2, 3, 4).uniform_(-1, 1, new Generator(2));
        assertThat(Graph.isCapturing()).isFalse();
        for (String name : List.of("layer", "group", "instance")) {
            Graph graph = Graph.capture(NORMS.get(name), x);
            assertThat(graph.toString()).as(name).isNotEmpty();
        }
    }
}
