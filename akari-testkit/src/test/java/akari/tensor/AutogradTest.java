package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.backend.Activation;
import akari.core.DType;
import akari.testkit.Golden;
import akari.testkit.GradCheck;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tape: what is recorded, how gradients flow and add up, and the errors of misuse. */
class AutogradTest {
    private static Tensor leaf(double... values) {
        return tensor(values).to(DType.FLOAT64).detach().requiresGrad_();
    }

    private static void assertGrad(Tensor t, double... expected) {
        Tensor g = t.grad();
        assertNotNull(g);
        assertArrayEquals(expected, g.toDoubles(), 1e-12);
    }

    private static void fails(Class<? extends RuntimeException> type, String message, Executable body) {
        RuntimeException e = assertThrows(type, body);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    // ---- flow

    @Test
    void gradientsAccumulateUntilCleared() {
        Tensor x = leaf(1, 2);
        x.square().sum().backward();
        assertGrad(x, 2, 4);
        x.mul(3).sum().backward();
        assertGrad(x, 5, 7);
        x.grad(null);
        assertNull(x.grad());
        x.sum().backward();
        assertGrad(x, 1, 1);
    }

    @Test
    void aDiamondAddsBothSides() {
        Tensor x = leaf(2);
        Tensor y = x.square();
        y.mul(3).add(y.mul(y)).sum().backward();
        assertGrad(x, 3 * 4 + 4 * 8); // (3x² + x⁴)'
    }

    @Test
    void anInputUsedTwiceByOneOperation() {
        Tensor x = leaf(3);
        x.mul(x).backward();
        assertGrad(x, 6);
        Tensor y = leaf(5);
        y.add(y).backward();
        assertGrad(y, 2);
        Tensor z = leaf(1, 2, 3, 4);
        z.reshape(2, 2).matmul(z.reshape(2, 2)).sum().backward();
        assertGrad(z, 7, 11, 9, 13);
    }

    @Test
    void controlFlowIsWhatIsDifferentiated() {
        Tensor x = leaf(1.5);
        Tensor y = x;
        while (y.item() < 100) {
            y = y.item() > 10 ? y.mul(y) : y.mul(3);
        }
        y.backward(); // 1.5 → 4.5 → 13.5 → 182.25 = 81 x²
        assertGrad(x, 2 * 81 * 1.5);
    }

    @Test
    void aGraphOfAHundredThousandNodes() {
        Tensor x = leaf(1);
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = y.add(1e-5);
        }
        y.backward();
        assertGrad(x, 1);
    }

    @Test
    void viewsPassGradientsToTheirBase() {
        Tensor x = leaf(1, 2, 3, 4, 5, 6);
        Tensor m = x.reshape(2, 3);
        m.t().select(0, 1).mul(tensor(10.0, 20.0).to(DType.FLOAT64)).sum().backward();
        assertGrad(x, 0, 10, 0, 0, 20, 0);
        x.grad(null);
        Tensors.cat(List.of(m.narrow(1, 0, 2), m.narrow(1, 1, 2)), 1).sum().backward();
        assertGrad(x, 1, 2, 1, 1, 2, 1);
    }

    @Test
    void onlyWhatNeedsAGradientGetsOne() {
        Tensor x = leaf(2);
        Tensor w = leaf(3).requiresGrad_(false);
        x.mul(w).backward();
        assertGrad(x, 3);
        assertNull(w.grad());
        Tensor unused = leaf(1);
        List<Tensor> g = Autograd.gradAllowUnused(List.of(x.square()), List.of(x, unused), List.of(), false, false);
        assertArrayEquals(new double[] {4}, g.get(0).toDoubles());
        assertNull(g.get(1));
        assertGrad(x, 3); // grad() leaves the leaves alone
    }

    @Test
    void gradientsOfIntermediates() {
        Tensor x = leaf(2);
        Tensor y = x.square();
        assertEquals(12, Autograd.grad(y.pow(3).mul(0.25), y).item(), 1e-12);
    }

    @Test
    void severalRootsAndSeeds() {
        Tensor x = leaf(1, 2);
        List<Tensor> g = Autograd.grad(
                List.of(x.square(), x.sum()),
                List.of(x),
                Arrays.asList(tensor(1.0, 10.0).to(DType.FLOAT64), null),
                false,
                false);
        assertArrayEquals(new double[] {3, 41}, g.get(0).toDoubles());
    }

    @Test
    void convertingBetweenTypesConvertsGradients() {
        Tensor x = tensor(1.0, 2.0).requiresGrad_();
        x.to(DType.FLOAT64).square().sum().backward();
        Tensor g = x.grad();
        assertNotNull(g);
        assertEquals(DType.FLOAT32, g.dtype());
        assertArrayEquals(new double[] {2, 4}, g.toDoubles());
    }

    // ---- higher orders

    @Test
    void thirdDerivative() {
        Tensor x = leaf(2);
        Tensor y = x.pow(4);
        for (double expected : new double[] {32, 48, 48}) {
            Tensor g =
                    Autograd.grad(List.of(y), List.of(x), List.of(), true, true).getFirst();
            assertNotNull(g);
            assertEquals(expected, g.item(), 1e-9);
            y = g;
        }
    }

    @Test
    void aGradientPenaltyTrainsThroughTheGradient() {
        Tensor w = Golden.tensor(DType.FLOAT64, 1, 1, 0, 3, 2).requiresGrad_();
        Tensor x = Golden.tensor(DType.FLOAT64, 2, 1, 0, 4, 2).requiresGrad_();
        GradCheck.gradcheck(
                in -> {
                    Tensor y = in[1].linear(in[0], null).tanh().sum();
                    Tensor g = Autograd.grad(List.of(y), List.of(in[1]), List.of(), true, true)
                            .getFirst();
                    return g.square().sum(1).sqrt().sub(1).square().mean();
                },
                w,
                x);
    }

    @Test
    void compositesDifferentiateTwice() {
        Tensor x = Golden.tensor(DType.FLOAT64, 3, 1, 0, 3, 4).requiresGrad_();
        List<GradCheck.Function> composites = List.of(
                in -> in[0].mean(1),
                in -> in[0].var(new int[] {0}, true, false),
                in -> in[0].std(new int[] {1}, false, true),
                in -> in[0].logsumexp(new int[] {1}, false),
                in -> in[0].norm(),
                in -> in[0].max(1).values(),
                in -> in[0].min(0).values(),
                in -> in[0].indexSelect(0, tensor(2L, 0L, 2L)),
                in -> in[0].prelu(tensor(0.3).to(DType.FLOAT64)),
                in -> in[0].batchNorm(null, null, null, null, true, 0.1, 1e-5),
                in -> Tensors.stack(List.of(in[0], in[0].square()), 1),
                in -> in[0].chunk(2, 1).getLast().exp());
        for (GradCheck.Function f : composites) {
            GradCheck.gradcheck(f, x);
            GradCheck.gradgradcheck(f, x);
        }
    }

    /** One pass or two: the same numbers, and both gradients differentiate again. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void batchNormWithActivation(Activation then) {
        Tensor x = Golden.tensor(DType.FLOAT64, 3, 4, 0, 4, 3, 2).requiresGrad_();
        Tensor w = Golden.tensor(DType.FLOAT64, 4, 2, 0, 3).requiresGrad_();
        Tensor b = Golden.tensor(DType.FLOAT64, 5, 2, 0, 3).requiresGrad_();
        GradCheck.Function fused = in -> in[0].batchNorm(null, null, in[1], in[2], true, 0.1, 1e-5, then);
        GradCheck.gradcheck(fused, x, w, b);
        GradCheck.gradgradcheck(fused, x, w, b);
        for (boolean affine : new boolean[] {true, false}) {
            Tensor weight = affine ? w : null;
            Tensor bias = affine ? b : null;
            for (DType t : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
                Tensor in = x.detach().to(t);
                Tensor one = in.clone().requiresGrad_();
                Tensor two = in.clone().requiresGrad_();
                Tensor wt = weight == null ? null : weight.detach().to(t);
                Tensor bt = bias == null ? null : bias.detach().to(t);
                Tensor y = one.batchNorm(null, null, wt, bt, true, 0.1, 1e-5, then);
                Tensor z = Elementwise.floating(then.formula(), two.batchNorm(null, null, wt, bt, true, 0.1, 1e-5));
                double tolerance = t == DType.FLOAT32 ? 2e-6 : 1e-12;
                assertArrayEquals(z.toDoubles(), y.toDoubles(), tolerance);
                y.backward(x.detach().to(t));
                z.backward(x.detach().to(t));
                assertArrayEquals(two.grad().toDoubles(), one.grad().toDoubles(), tolerance * 4);
            }
        }
    }

    @Test
    void gradCheckNoticesAWrongGradient() {
        Tensor x = leaf(0.3, 0.7);
        AssertionError e = assertThrows(
                AssertionError.class,
                () -> GradCheck.gradcheck(in -> in[0].square().add(in[0].detach()), x));
        assertTrue(e.getMessage().startsWith("gradient of input 0, shape [2], element 0"), e.getMessage());
    }

    // ---- what is recorded

    @Test
    void noGradAndDetach() {
        Tensor x = leaf(2);
        Tensor y = Tensors.noGrad(() -> x.mul(3));
        assertFalse(y.requiresGrad());
        assertTrue(Tensors.isGradEnabled());
        Tensors.noGrad(() -> assertFalse(Tensors.isGradEnabled()));
        assertThrows(
                ArithmeticException.class,
                () -> Tensors.noGrad((Runnable) () -> {
                    throw new ArithmeticException();
                }));
        assertTrue(Tensors.isGradEnabled());
        x.mul(x.detach()).backward();
        assertGrad(x, 2);
        assertTrue(x.isLeaf());
        assertFalse(x.mul(1).isLeaf());
        assertFalse(x.gt(1).requiresGrad());
        assertFalse(x.argmax(0).requiresGrad());
    }

    @Test
    void frozenPartsRecordNothing() {
        Tensor a = tensor(1.0);
        assertTrue(a.mul(2).isLeaf());
        fails(IllegalStateException.class, "without a graph", () -> a.mul(2).backward());
    }

    // ---- errors

    @Test
    void aSecondBackwardNeedsARetainedGraph() {
        Tensor x = leaf(2);
        Tensor y = x.square().sum();
        y.backward(null, true, false);
        y.backward();
        assertGrad(x, 8);
        fails(IllegalStateException.class, "Call backward(true) the first time", y::backward);
        // nothing was saved here, so nothing is missing
        Tensor z = x.mul(3);
        z.backward();
        z.backward();
        assertGrad(x, 14);
    }

    @Test
    void aChangeOfASavedValueIsNoticed() {
        Tensor x = leaf(1, 2);
        Tensor h = x.mul(2);
        Tensor y = h.square();
        h.add_(1);
        fails(IllegalStateException.class, "changed in place", () -> y.sum().backward());
        // relu saves its result only: its input may change
        Tensor a = x.mul(2);
        Tensor b = a.relu();
        a.mul_(0);
        b.sum().backward();
        assertGrad(x, 2, 2);
    }

    @Test
    void anActivationInPlaceHasItsOwnSlope() {
        Tensor x = leaf(-1, 2, 3, 4);
        x.mul(2).relu6_().square().sum().backward();
        assertGrad(x, 0, 16, 0, 0);
    }

    @Test
    void inPlaceChangesOfLeavesAndViews() {
        Tensor x = leaf(1, 2);
        fails(IllegalStateException.class, "leaf", () -> x.add_(1));
        Tensors.noGrad(() -> x.add_(1));
        assertArrayEquals(new double[] {2, 3}, x.toDoubles());
        Tensor h = x.mul(1);
        fails(
                IllegalStateException.class,
                "view of a leaf",
                () -> x.narrow(0, 0, 1).add_(1));
        fails(
                IllegalArgumentException.class,
                "expanded",
                () -> tensor(1.0).expand(3).add_(1));
    }

    @Test
    void inPlaceOperationsAreRecorded() {
        Tensor x = leaf(1, -2);
        Tensor h = x.mul(3);
        h.mul_(5);
        assertSame(h, h.relu_());
        h.sum().backward();
        assertGrad(x, 15, 0);
    }

    @Test
    void seedsAndTargetsAreChecked() {
        Tensor x = leaf(1, 2);
        fails(IllegalArgumentException.class, "[2]", () -> x.mul(2).backward());
        fails(IllegalArgumentException.class, "[3]", () -> x.mul(2).backward(tensor(1.0, 1.0, 1.0)));
        fails(IllegalArgumentException.class, "requiresGrad_", () -> Autograd.grad(x.sum(), tensor(1.0)));
        fails(IllegalArgumentException.class, "int64", () -> tensor(1L).requiresGrad_());
        fails(IllegalArgumentException.class, "do not depend", () -> Autograd.grad(x.sum(), leaf(1)));
    }
}
