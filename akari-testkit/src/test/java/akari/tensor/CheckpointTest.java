package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import akari.testkit.Golden;
import akari.testkit.GradCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Recomputing instead of keeping, and keeping in another form. */
class CheckpointTest {
    private static final UnaryOperator<Tensor> NOISY = x -> x.tanh()
            .mul(Tensors.rand(DType.FLOAT64, x.shape().toArray()).gt(0.5))
            .exp();

    private static Tensor input() {
        return Golden.tensor(DType.FLOAT64, 1, 1, 0, 4, 3).requiresGrad_();
    }

    @Test
    void theSameGradientsAndTheSameRandomNumbers() {
        double[][] got = new double[2][];
        for (boolean checkpoint : new boolean[] {false, true}) {
            Tensors.manualSeed(7);
            Tensor x = input();
            Tensor w = Golden.tensor(DType.FLOAT64, 2, 1, 0, 3, 3).requiresGrad_();
            UnaryOperator<Tensor> f = in -> NOISY.apply(in.matmul(w)).mul(w.sum());
            Tensor y = checkpoint ? Checkpoint.checkpoint(f, x) : f.apply(x);
            double next = Tensors.rand(1).item();
            y.square().sum().backward();
            double[] all = new double[12 + 9 + 2];
            System.arraycopy(x.grad().toDoubles(), 0, all, 0, 12);
            System.arraycopy(w.grad().toDoubles(), 0, all, 12, 9);
            all[21] = next;
            all[22] = Tensors.defaultGenerator().offset();
            got[checkpoint ? 1 : 0] = all;
        }
        assertArrayEquals(got[0], got[1]);
    }

    @Test
    void itRunsTwiceAndOnlyWhenNeeded() {
        int[] runs = {0};
        UnaryOperator<Tensor> f = x -> {
            runs[0]++;
            return x.exp().sin();
        };
        Tensor x = input();
        Tensor y = Checkpoint.checkpoint(f, x);
        assertEquals(1, runs[0]);
        y.sum().backward(null, true, false);
        assertEquals(2, runs[0]);
        y.sum().backward();
        assertEquals(2, runs[0]);
        assertThrows(IllegalStateException.class, () -> y.sum().backward());
        Tensors.noGrad(() -> Checkpoint.checkpoint(f, x));
        assertEquals(3, runs[0]);
    }

    @Test
    void memoryIsNotKept() {
        Tensor x = Tensors.zeros(1 << 20).requiresGrad_();
        UnaryOperator<Tensor> f = in -> in.exp().sin().tanh().exp();
        long before = Tensors.memory().inUse();
        Tensor y = Checkpoint.checkpoint(f, x);
        assertTrue(Tensors.memory().inUse() - before <= 5 << 20, "only the result is alive");
        y.sum().backward();
        assertTrue(x.grad().isfinite().all().itemLong() == 1);
    }

    @Test
    void higherOrdersAndParametersWithoutAnInputGradient() {
        Tensor w = Golden.tensor(DType.FLOAT64, 2, 1, 0, 3, 3).requiresGrad_();
        GradCheck.Function f =
                in -> Checkpoint.checkpoint(p -> p[0].matmul(p[1]).tanh().mul(p[0]), in)
                        .square();
        GradCheck.gradcheck(f, input(), w);
        GradCheck.gradgradcheck(f, input(), w);
        Tensor x = input().detach();
        Checkpoint.checkpoint(in -> in.matmul(w).tanh(), x).sum().backward();
        Tensor plain = w.detach().requiresGrad_();
        x.matmul(plain).tanh().sum().backward();
        assertArrayEquals(plain.grad().toDoubles(), w.grad().toDoubles());
    }

    @Test
    void nestedAndSequential() {
        List<UnaryOperator<Tensor>> layers = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            double k = 1 + 0.1 * i;
            layers.add(x -> x.mul(k).tanh());
        }
        Tensor x = input();
        UnaryOperator<Tensor> all = in -> {
            Tensor y = in;
            for (UnaryOperator<Tensor> l : layers) {
                y = l.apply(y);
            }
            return y;
        };
        double[] expected = Autograd.grad(all.apply(x).sum(), x).toDoubles();
        for (int segments = 1; segments <= 7; segments++) {
            Tensor y = Checkpoint.checkpointSequential(layers, segments, x);
            assertArrayEquals(expected, Autograd.grad(y.sum(), x).toDoubles());
        }
        Tensor y = Checkpoint.checkpoint(in -> Checkpoint.checkpoint(all, in.mul(1)), x);
        assertArrayEquals(expected, Autograd.grad(y.sum(), x).toDoubles());
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.checkpointSequential(layers, 8, x));
    }

    @Test
    void autocastIsTheSameAgain() {
        Tensor x = Golden.tensor(DType.FLOAT32, 1, 1, 0, 4, 3).requiresGrad_();
        Tensor w = Golden.tensor(DType.FLOAT32, 2, 1, 0, 3, 3).requiresGrad_();
        UnaryOperator<Tensor> f = in -> in.matmul(w).tanh().matmul(w);
        double[] expected = Autograd.grad(
                        Tensors.autocast(DType.BFLOAT16, () -> f.apply(x)).sum(), x)
                .toDoubles();
        Tensor y = Tensors.autocast(DType.BFLOAT16, () -> Checkpoint.checkpoint(f, x));
        assertEquals(DType.BFLOAT16, y.dtype());
        assertArrayEquals(expected, Autograd.grad(y.sum(), x).toDoubles());
    }

    @Test
    void aFunctionThatDoesSomethingElse() {
        int[] runs = {0};
        Tensor x = input();
        Tensor y =
                Checkpoint.checkpoint(in -> runs[0]++ == 0 ? in.exp() : in.exp().exp(), x);
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> y.sum().backward());
        assertTrue(e.getMessage().contains("must do the same"), e.getMessage());
        Tensor h = x.mul(1);
        Tensor z = Checkpoint.checkpoint(in -> in.exp().sin(), h);
        h.add_(1);
        e = assertThrows(IllegalStateException.class, () -> z.sum().backward());
        assertTrue(e.getMessage().contains("input 0"), e.getMessage());
    }

    @Test
    void savedTensorsInAnotherForm() {
        List<String> log = new ArrayList<>();
        Tensor x = tensor(1.0, 2.0).requiresGrad_();
        Tensor y = Autograd.savedTensorsHooks(
                t -> {
                    log.add("pack");
                    return t.toDoubles();
                },
                o -> {
                    log.add("unpack");
                    return tensor((double[]) o);
                },
                () -> x.mul(x).exp().sum()); // mul saves x, a leaf; exp its result
        assertEquals(List.of("pack"), log);
        y.backward();
        assertEquals(List.of("pack", "unpack"), log);
        assertArrayEquals(new double[] {2 * Math.E, 4 * Math.exp(4)}, x.grad().toDoubles(), 1e-4);
    }
}
