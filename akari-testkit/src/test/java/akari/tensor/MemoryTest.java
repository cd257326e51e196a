package akari.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When memory comes back: as backward consumes it, with composites, with scopes; and what happens to those who use it then. */
class MemoryTest {
    private static final int N = 1 << 16;
    private static final long BLOCK = 4L * N;

    /** What other tests left would come back in the middle of a count. */
    @BeforeEach
    void collectWhatIsDead() throws InterruptedException {
        long before;
        do {
            before = inUse();
            System.gc();
            Thread.sleep(10); // references are handed over in the background
        } while (inUse() < before);
    }

    private static long inUse() {
        return Tensors.memory().inUse();
    }

    @Test
    void backwardFreesWhatCompositesSaved() {
        Tensor x = Tensors.rand(N).requiresGrad_();
        Tensor loss =
                Tensors.composite("chain", () -> x.exp().sin().square().mul(x).sum());
        long before = inUse();
        loss.backward();
        Tensor g = x.grad();
        assertEquals(N, g.numel());
        // one gradient more; exp, sin and square less
        assertTrue(inUse() <= before + BLOCK - 3 * BLOCK, "before " + before + ", after " + inUse());
    }

    @Test
    void backwardLeavesNoTemporaries() {
        Tensor x = Tensors.rand(N).requiresGrad_();
        Tensor y = x.exp();
        Tensor z = y.mul(y);
        Tensor loss = z.sum();
        long before = inUse();
        loss.backward();
        assertEquals(before + BLOCK, inUse(), "the gradient of x and nothing else");
        Reference.reachabilityFence(y);
        Reference.reachabilityFence(z);
    }

    @Test
    void compositesReturnTheirTemporaries() {
        Tensor x = Tensors.rand(N);
        long before = inUse();
        Tensor y = Tensors.composite("twice", () -> x.mul(2).add(1).mul(3));
        assertEquals(before + BLOCK, inUse());
        assertEquals(3, y.sub(x.mul(6)).mean().item(), 1e-4);
    }

    @Test
    void scopesReturnAllButWhatIsKept() {
        Tensor x = Tensors.ones(N);
        long before = inUse();
        Tensor kept;
        Tensor lost;
        try (Scope scope = Tensors.scope()) {
            lost = x.mul(2);
            kept = scope.keep(lost.add(1));
            assertEquals(before + 2 * BLOCK, inUse());
        }
        assertEquals(before + BLOCK, inUse());
        assertEquals(3, kept.select(0, 5).item());
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> lost.add(1));
        assertTrue(e.getMessage().contains("released by the end of a scope"), e.getMessage());
    }

    @Test
    void scopesNest() {
        long before = inUse();
        try (Scope outer = Tensors.scope()) {
            Tensor a;
            try (Scope inner = Tensors.scope()) {
                a = inner.keep(Tensors.ones(N));
            }
            assertEquals(before + BLOCK, inUse());
            assertEquals(1, a.select(0, 0).item());
            assertEquals(N, outer.keep(Tensors.zeros(N)).numel());
        }
        assertEquals(before + BLOCK, inUse());
    }

    @Test
    void gradientsOutliveAScope() {
        Tensor x = Tensors.ones(N).requiresGrad_();
        try (Scope scope = Tensors.scope()) {
            Tensor loss = x.square().sum();
            loss.backward();
            scope.keep(loss);
        }
        assertEquals(2, x.grad().select(0, 7).item());
    }

    @Test
    void aViewKeepsItsBaseAlive() {
        Tensor view = Tensors.arange(10).narrow(0, 3, 2);
        System.gc();
        Tensor filler = Tensors.zeros(10);
        assertEquals(10, filler.numel());
        assertArrayEquals(new long[] {3, 4}, view.toLongs());
    }
}
