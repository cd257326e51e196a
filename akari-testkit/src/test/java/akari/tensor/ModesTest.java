package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Recording on and off, inference, the search for NaN, and threads. */
class ModesTest {
    private static Tensor leaf(double... values) {
        return tensor(values).to(DType.FLOAT64).detach().requiresGrad_();
    }

    private static void fails(String message, Executable body) {
        RuntimeException e = assertThrows(IllegalStateException.class, body);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    // ---- recording

    @Test
    void switchesNest() {
        Tensor x = leaf(1);
        Tensors.noGrad(() -> {
            assertFalse(x.mul(2).requiresGrad());
            assertTrue(Tensors.enableGrad(() -> x.mul(2)).requiresGrad());
            assertFalse(Tensors.setGradEnabled(false, () -> x.mul(2)).requiresGrad());
            assertFalse(Tensors.isGradEnabled());
            Tensors.setGradEnabled(true);
            assertTrue(x.mul(2).requiresGrad());
        });
        assertTrue(Tensors.isGradEnabled());
    }

    @Test
    void inference() {
        Tensor x = leaf(1, 2);
        assertFalse(Tensors.isInferenceModeEnabled());
        Tensor y = Tensors.inferenceMode(() -> {
            assertTrue(Tensors.isInferenceModeEnabled());
            assertFalse(Tensors.isGradEnabled());
            assertFalse(Tensors.enableGrad(() -> x.mul(2)).requiresGrad());
            assertFalse(x.reshape(2, 1).isInference()); // a view of an ordinary tensor
            assertTrue(Tensors.zeros(2).reshape(2, 1).isInference());
            assertTrue(Tensors.inferenceMode(false, () -> x.mul(2)).requiresGrad());
            Tensor t = x.mul(2);
            t.add_(1);
            return t;
        });
        assertTrue(y.isInference());
        assertFalse(x.isInference());
        assertFalse(y.requiresGrad());
        fails("no version", y::version);
        fails("inferenceMode", () -> y.add_(1));
        fails("inferenceMode", () -> y.narrow(0, 0, 1).add_(1));
        fails("inferenceMode", y::requiresGrad_);
        fails("inferenceMode", () -> x.mul(y));
        assertFalse(y.clone().isInference());
        x.mul(y.clone()).sum().backward();
        assertArrayEquals(new double[] {3, 5}, x.grad().toDoubles());
        x.add(y).sum().backward(); // a sum saves nothing
        assertTrue(Tensors.isGradEnabled());
    }

    @Test
    void detaching() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2);
        Tensor z = y.mul(3);
        y.detach_();
        assertTrue(y.isLeaf() && !y.requiresGrad());
        assertNull(y.gradFn());
        z.sum().backward(); // what was recorded stays
        assertArrayEquals(new double[] {6, 6}, x.grad().toDoubles());
        fails("view", () -> x.mul(1).narrow(0, 0, 1).detach_());
        assertFalse(x.data().requiresGrad());
        assertEquals(2, x.data().numel());
        assertFalse(x.detach_().requiresGrad());
    }

    // ---- backward and grad

    @Test
    void onlyTheInputsAsked() {
        Tensor x = leaf(2);
        Tensor w = leaf(3);
        Tensor h = x.mul(w);
        h.square().backward(null, true, false, List.of(w, h));
        assertNull(x.grad());
        assertEquals(24, w.grad().item());
        assertEquals(12, h.grad().item());
        h.square().backward(null, false, false, List.of(w));
        assertEquals(48, w.grad().item());
        assertThrows(IllegalArgumentException.class, () -> h.backward(null, false, false, List.of()));
    }

    @Test
    void gradOfSeveral() {
        Tensor x = leaf(1, 2);
        Tensor unused = leaf(1);
        List<Tensor> outputs = List.of(x.square(), x.sum());
        List<Tensor> seeds = new ArrayList<>(List.of(leaf(1, 10).detach()));
        seeds.add(null);
        assertArrayEquals(
                new double[] {3, 41},
                Autograd.grad(outputs, List.of(x), seeds, true, false)
                        .getFirst()
                        .toDoubles());
        assertNull(Autograd.gradAllowUnused(outputs, List.of(x, unused), seeds, true, false)
                .get(1));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Autograd.grad(outputs, List.of(x, unused), seeds, true, false));
        assertTrue(e.getMessage().contains("input 1 of shape [1]"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Autograd.grad(outputs, List.of(x), List.of(x), true, false));
        Autograd.backward(outputs, seeds, false, false, null);
        assertArrayEquals(new double[] {3, 41}, x.grad().toDoubles());
    }

    /** Records which gradients it is asked for. */
    private record Asked(List<String> log) implements Op {
        @Override
        public Tensor forward(Call call, Tensor[] in) {
            return in[0].add(in[1]);
        }

        @Override
        public Tensor[] backward(Call call, Tensor g) {
            log.add(call.needs(0) + " " + call.needs(1));
            return new Tensor[] {g, g};
        }
    }

    @Test
    void whatNobodyWantsIsNotComputed() {
        List<String> log = new ArrayList<>();
        Tensor a = leaf(1);
        Tensor b = leaf(2);
        Tensor y = Tape.apply(new Asked(log), a.mul(1), Tape.apply(new Asked(log), b, b));
        assertEquals(
                1,
                Autograd.grad(List.of(y), List.of(a), List.of(), true, false)
                        .getFirst()
                        .item());
        assertEquals(List.of("true false"), log);
        y.backward();
        assertEquals(List.of("true false", "true true", "true true"), log);
    }

    // ---- anomalies

    private static Tensor bad(Tensor x) {
        return x.log(); // the line that an error must name
    }

    @Test
    void anomaliesAreFoundWithTheirLine() {
        Tensor x = leaf(-1, 0, 4);
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> Autograd.detectAnomaly(() -> {
                    Tensor y = bad(x).mul(2);
                    y.sqrt().sum().backward();
                }));
        String text = e.getMessage();
        assertTrue(text.startsWith("the backward of sqrt made the gradient of its input 0 NaN, shape [3]"), text);
        assertTrue(
                text.contains("sqrt was called at akari.tensor.ModesTest") && text.contains("ModesTest.java:"), text);
        assertTrue(text.contains("the first NaN of the forward was made by log at akari.tensor.ModesTest.bad("), text);
        assertNotNull(e.getCause());
        assertTrue(Arrays.stream(e.getCause().getStackTrace())
                .anyMatch(f -> f.getMethodName().contains("anomaliesAreFoundWithTheirLine")));
        assertFalse(Autograd.isAnomalyEnabled());
    }

    @Test
    void aNanOfBackwardAlone() {
        Tensor x = leaf(0);
        fails(
                "the backward of sqrt",
                () -> Autograd.detectAnomaly(() -> {
                    x.sqrt().mul(0).backward(); // 0 · ∞
                }));
        x.sqrt().mul(0).backward(); // not looked for
        Tensor y = x.sqrt().mul(0);
        fails(
                "Run the forward under detectAnomaly, too",
                () -> Autograd.detectAnomaly(() -> {
                    y.backward();
                }));
        Autograd.setDetectAnomaly(true);
        try {
            fails("sqrt", () -> x.sqrt().mul(0).backward());
        } finally {
            Autograd.setDetectAnomaly(false);
        }
    }

    @Test
    void anErrorInBackwardShowsTheForward() {
        Tensor x = leaf(1, 2);
        Autograd.detectAnomaly(false, () -> {
            Tensor h = x.mul(2);
            Tensor y = h.square();
            h.add_(1);
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> y.sum().backward());
            assertEquals(1, e.getSuppressed().length);
            return true;
        });
    }

    // ---- threads and depth

    @Test
    void threadsHaveGraphsOfTheirOwnAndShareLeaves() throws Exception {
        Tensor shared = leaf(1, 2, 3);
        int threads = 4;
        int passes = 50;
        List<Callable<double[]>> work = new ArrayList<>();
        for (int t = 1; t <= threads; t++) {
            int k = t;
            work.add(() -> {
                Tensor own = leaf(k, k, k);
                for (int i = 0; i < passes; i++) {
                    Tensor y = shared.mul(own).tanh().mul(0).add(shared.mul(k)).add(own);
                    y.sum().backward();
                }
                assertTrue(Tensors.isGradEnabled());
                return own.grad().toDoubles();
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<double[]> f : pool.invokeAll(work)) {
                assertArrayEquals(new double[] {passes, passes, passes}, f.get());
            }
        }
        double sum = passes * (1 + 2 + 3 + 4);
        assertArrayEquals(new double[] {sum, sum, sum}, shared.grad().toDoubles());
    }

    @Test
    void aModeIsItsThreads() throws Exception {
        Tensors.noGrad(() -> {
            try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
                assertTrue(pool.submit(() -> leaf(1).mul(2).requiresGrad()).get());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void depthCostsNoStack() throws Exception {
        Thread small = new Thread(
                null,
                () -> {
                    Tensor x = leaf(1);
                    Tensor y = x;
                    for (int i = 0; i < 100_000; i++) {
                        y = i % 2 == 0 ? y.mul(1.00001) : y.add(x);
                    }
                    y.backward(null, true, false);
                    assertNotNull(x.grad());
                    assertNotNull(Autograd.grad(y, x));
                    y = x;
                    System.gc(); // collecting the chain is no recursion either
                },
                "small stack",
                1 << 18);
        List<Throwable> failed = new ArrayList<>();
        small.setUncaughtExceptionHandler((_, e) -> failed.add(e));
        small.start();
        small.join();
        assertEquals(List.of(), failed);
    }
}
