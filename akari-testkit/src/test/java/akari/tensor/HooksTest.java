package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Hooks on tensors and on nodes of the graph, and how the graph looks to a user. */
class HooksTest {
    private final List<String> log = new ArrayList<>();

    private static Tensor leaf(double... values) {
        return tensor(values).to(DType.FLOAT64).detach().requiresGrad_();
    }

    private static void assertValues(@Nullable Tensor t, double... expected) {
        assertArrayEquals(expected, t.toDoubles(), 1e-12);
    }

    // ---- tensors

    @Test
    void aHookSeesAndReplacesAGradient() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(3);
        List<Tensor> seen = new ArrayList<>();
        try (RemovableHandle h = y.registerHook(g -> {
            seen.add(g);
            return g.mul(10);
        })) {
            y.square().sum().backward(null, true, false);
            assertValues(seen.getFirst(), 6, 12); // still readable after the pass
            assertValues(x.grad(), 180, 360);
        }
        x.grad(null);
        y.square().sum().backward();
        assertValues(x.grad(), 18, 36);
        assertEquals(1, seen.size());
    }

    @Test
    void aLeafsHookSeesTheSumOnce() {
        Tensor x = leaf(2);
        x.registerHook(g -> {
            log.add("hook " + g.item());
            return g.neg();
        });
        RemovableHandle post = x.registerPostAccumulateGradHook(t -> {
            assertSame(x, t);
            log.add("grad " + t.grad().item());
        });
        x.mul(3).add(x.mul(4)).add(x.exp().mul(0)).backward();
        x.mul(5).backward();
        assertEquals(List.of("hook 7.0", "grad -7.0", "hook 5.0", "grad -12.0"), log);
        post.remove();
        post.remove();
        x.mul(1).backward();
        assertEquals(5, log.size());
        // grad() runs the hook as well, and accumulates nothing
        assertEquals(-8, Autograd.grad(x.mul(8), x).item());
        assertEquals("hook 8.0", log.getLast());
        assertValues(x.grad(), -13);
    }

    @Test
    void aLeafIsFinishedAsSoonAsItCanBe() {
        Tensor early = leaf(1);
        Tensor late = leaf(1);
        late.registerPostAccumulateGradHook(_ -> log.add("late"));
        early.registerPostAccumulateGradHook(_ -> log.add("early"));
        Tensor h = early.mul(2);
        h.registerHook(_ -> {
            log.add("between");
            return null;
        });
        h.mul(late).backward();
        assertEquals(List.of("late", "between", "early"), log);
    }

    @Test
    void anIntermediateKeepsItsGradient() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(3);
        assertFalse(y.retainsGrad());
        y.retainGrad();
        y.retainGrad();
        y.registerHook(g -> g.mul(2)); // later, but it counts
        assertTrue(y.retainsGrad());
        y.square().sum().backward(null, true, false);
        assertValues(y.grad(), 12, 24);
        y.square().sum().backward();
        assertValues(y.grad(), 24, 48);
        x.retainGrad();
        assertFalse(x.retainsGrad());
        assertThrows(IllegalStateException.class, () -> tensor(1.0).retainGrad());
    }

    @Test
    void hooksNeedSomethingToHangOn() {
        assertThrows(IllegalStateException.class, () -> tensor(1.0).registerHook(g -> g));
        assertThrows(IllegalStateException.class, () -> leaf(1).mul(2).registerPostAccumulateGradHook(_ -> {}));
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(1);
        y.registerHook(g -> g.sum());
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> y.sum().backward());
        assertTrue(e.getMessage().contains("[2]") && e.getMessage().contains("[]"), e.getMessage());
    }

    // ---- nodes

    @Test
    void theGraphFromOutside() {
        Tensor x = leaf(1, 2);
        Tensor c = tensor(1.0, 1.0).to(DType.FLOAT64);
        Tensor y = x.mul(c).exp();
        assertNull(x.gradFn());
        Node exp = y.gradFn();
        assertEquals("ExpBackward0", exp.name());
        Node mul = exp.nextFunctions().getFirst().function();
        assertEquals("MulBackward0", mul.name());
        List<Node.Edge> edges = mul.nextFunctions();
        assertEquals(2, edges.size());
        assertNull(edges.get(1).function());
        Node end = edges.getFirst().function();
        assertEquals("AccumulateGrad", end.name());
        assertSame(x, end.variable());
        assertTrue(end.nextFunctions().isEmpty());
        assertSame(end, x.mul(2).gradFn().nextFunctions().getFirst().function());
    }

    @Test
    void hooksBeforeAndAfterANode() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(3);
        y.gradFn().registerPrehook(out -> {
            log.add("before " + out[0].sum().item());
            return new Tensor[] {out[0].mul(2)};
        });
        RemovableHandle after = y.gradFn().registerHook((in, out) -> {
            log.add("after " + in[0].sum().item() + " " + out[0].sum().item());
            return new Tensor[] {in[0].add(1)};
        });
        y.sum().backward(null, true, false);
        assertEquals(List.of("before 2.0", "after 12.0 4.0"), log);
        assertValues(x.grad(), 7, 7);
        after.remove();
        y.sum().backward();
        assertValues(x.grad(), 13, 13);
        y.gradFn().registerHook((_, _) -> new Tensor[0]);
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> y.sum().backward());
        assertTrue(e.getMessage().contains("MulBackward0"), e.getMessage());
    }
}
