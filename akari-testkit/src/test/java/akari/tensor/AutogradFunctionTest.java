package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import akari.testkit.GradCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Functions that a user writes forward and backward. */
class AutogradFunctionTest {
    private static Tensor leaf(double... values) {
        return tensor(values).to(DType.FLOAT64).detach().requiresGrad_();
    }

    private static void fails(String message, Executable body) {
        RuntimeException e = assertThrows(IllegalStateException.class, body);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private record Power(int exponent, boolean once) implements AutogradFunction {
        @Override
        public Tensor[] forward(Context ctx, Tensor[] in) {
            assertFalse(Tensors.isGradEnabled());
            ctx.saveForBackward(in[0]);
            return new Tensor[] {in[0].pow(exponent)};
        }

        @Override
        public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor[] g) {
            return new Tensor[] {
                g[0].mul(ctx.savedTensors()[0].pow(exponent - 1)).mul(exponent)
            };
        }

        @Override
        public boolean onceDifferentiable() {
            return once;
        }
    }

    /** exp(x·y) saved as a result, x's sign without a gradient, and y + 1. */
    private static final class Three implements AutogradFunction {
        @Nullable
        Tensor[] seen = {};

        boolean materialize = true;
        boolean needsY;

        @Override
        public Tensor[] forward(Context ctx, Tensor[] in) {
            Tensor e = in[0].mul(in[1]).exp();
            Tensor sign = in[0].sign();
            ctx.saveForBackward(in[0], in[1], e);
            ctx.markNonDifferentiable(sign);
            ctx.setMaterializeGrads(materialize);
            ctx.attach("kept");
            return new Tensor[] {e, sign, in[1].add(1)};
        }

        @Override
        public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor[] g) {
            seen = g.clone();
            needsY = ctx.needsInputGrad(1);
            assertEquals("kept", ctx.attachment());
            Tensor[] s = ctx.savedTensors();
            Tensor first = g[0] == null ? Tensors.zerosLike(s[0]) : g[0].mul(s[2]);
            Tensor gy = first.mul(s[0]);
            return new Tensor[] {first.mul(s[1]), g[2] == null ? gy : gy.add(g[2])};
        }
    }

    @Test
    void savedInputsGiveHigherOrders() {
        Tensor x = leaf(1.5, -2);
        Tensor y = new Power(3, false).apply(x);
        assertEquals("PowerBackward0", y.gradFn().name());
        y.sum().backward();
        assertArrayEquals(new double[] {6.75, 12}, x.grad().toDoubles());
        GradCheck.Function f = in -> new Power(4, false).apply(in[0]);
        GradCheck.gradcheck(f, x);
        GradCheck.gradgradcheck(f, x);
    }

    @Test
    void severalResults() {
        Tensor x = leaf(0.5, -1);
        Tensor y = leaf(0.3, 0.4);
        Three f = new Three();
        Tensor[] out = f.applyAll(x, y);
        assertTrue(out[0].requiresGrad() && out[2].requiresGrad());
        assertFalse(out[1].requiresGrad());
        out[2].sum().backward();
        assertArrayEquals(new double[] {0, 0}, f.seen[0].toDoubles()); // materialized
        assertArrayEquals(new double[] {1, 1}, y.grad().toDoubles());
        f.materialize = false;
        f.applyAll(x, y)[2].sum().backward();
        assertNull(f.seen[0]);
        GradCheck.Function all = in -> {
            Tensor[] r = new Three().applyAll(in);
            return r[0].mul(r[2]);
        };
        GradCheck.gradcheck(all, x, y);
        GradCheck.gradgradcheck(all, x, y);
        fails("applyAll", () -> new Three().apply(x, y));
    }

    @Test
    void whatIsNeeded() {
        Three f = new Three();
        Tensor x = leaf(1);
        f.applyAll(x, tensor(2.0).to(DType.FLOAT64))[0].backward();
        assertFalse(f.needsY);
        Tensor y = leaf(2);
        Autograd.grad(f.applyAll(x, y)[0], x);
        assertFalse(f.needsY);
        Autograd.grad(f.applyAll(x, y)[0], List.of(x, y));
        assertTrue(f.needsY);
    }

    @Test
    void aSecondDerivativeOfAOnceDifferentiable() {
        Tensor x = leaf(2);
        Tensor w = leaf(1);
        Tensor g = Autograd.grad(List.of(new Power(3, true).apply(x).mul(w)), List.of(x), List.of(), false, true)
                .getFirst();
        assertEquals(12, g.item());
        fails("onceDifferentiable", g::backward);
    }

    private record Wrong(int gradients) implements AutogradFunction {
        @Override
        public Tensor[] forward(Context ctx, Tensor[] in) {
            return new Tensor[] {in[0].clone()};
        }

        @Override
        public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor[] g) {
            return gradients == 1 ? new Tensor[] {g[0].sum()} : new Tensor[gradients];
        }
    }

    @Test
    void mistakesInBackwardAreNamed() {
        fails("2 gradients for 1 inputs", () -> new Wrong(2).apply(leaf(1)).backward());
        fails("shape [] for input 0", () -> new Wrong(1).apply(leaf(1, 2)).sum().backward());
    }

    private record Double(boolean mark) implements AutogradFunction {
        @Override
        public Tensor[] forward(Context ctx, Tensor[] in) {
            if (mark) {
                ctx.markDirty(in[0]);
                return new Tensor[] {in[0].mul_(2)};
            }
            return new Tensor[] {in[0]};
        }

        @Override
        public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor[] g) {
            return new Tensor[] {g[0].mul(2)};
        }
    }

    @Test
    void inPlaceAndPassedThrough() {
        Tensor x = leaf(1, 2);
        Tensor h = x.mul(3);
        assertSame(h, new Double(true).apply(h));
        h.sum().backward();
        assertArrayEquals(new double[] {6, 6}, x.grad().toDoubles());
        fails("leaf", () -> new Double(true).apply(leaf(1)));
        Tensor y = new Double(false).apply(x);
        assertNotSame(x, y);
        assertTrue(x.isLeaf());
        assertNotNull(y.gradFn());
    }

    @Test
    void inPlaceThroughAView() {
        Tensor x = leaf(1, 2);
        Tensor h = x.mul(3);
        Tensor part = h.narrow(0, 0, 1);
        assertSame(part, new Double(true).apply(part));
        h.sum().add(part.sum()).backward();
        assertArrayEquals(new double[] {12, 3}, x.grad().toDoubles());
        fails("a view of a leaf", () -> new Double(true).apply(x.narrow(0, 0, 1)));
    }

    @Test
    void aSavedInputThatChangesIsNoticed() {
        Tensor x = leaf(1, 2).mul(1);
        Tensor y = new Power(2, false).apply(x);
        x.add_(1);
        fails("changed in place", () -> y.sum().backward());
    }
}
