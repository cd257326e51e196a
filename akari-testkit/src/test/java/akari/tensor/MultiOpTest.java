package akari.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akari.core.DType;
import akari.testkit.GradCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Operations with several results: which gradients reach them, and what is kept. */
class MultiOpTest {
    /** x², x³, and which x are positive. */
    private record Powers(List<Boolean> arrived) implements MultiOp {
        @Override
        public Tensor[] results(Call call, Tensor[] in) {
            call.save(in[0]);
            return new Tensor[] {in[0].square(), in[0].pow(3), in[0].gt(0)};
        }

        @Override
        public @Nullable Tensor[] backward(Call call, @Nullable Tensor[] g) {
            Tensor x = call.saved(0);
            Tensor sum = Tensors.zerosLike(x.detach());
            arrived.clear();
            Arrays.stream(g).forEach(t -> arrived.add(t != null));
            if (g[0] != null) {
                sum = sum.add(g[0].mul(x).mul(2));
            }
            if (g[1] != null) {
                sum = sum.add(g[1].mul(x.square()).mul(3));
            }
            return new Tensor[] {sum};
        }
    }

    private final List<Boolean> arrived = new ArrayList<>();

    private Tensor[] powers(Tensor x) {
        return Tape.applyAll(new Powers(arrived), x);
    }

    private static Tensor leaf(double... values) {
        return Tensors.tensor(values).to(DType.FLOAT64).detach().requiresGrad_();
    }

    @Test
    void eachResultHasItsGradient() {
        Tensor x = leaf(1, -2);
        Tensor[] y = powers(x);
        for (int i = 0; i < 3; i++) {
            assertEquals(i < 2, y[i].requiresGrad());
            assertEquals(i < 2 ? i : 0, y[i].outputNr());
        }
        assertEquals(y[0].gradFn(), y[1].gradFn());
        Autograd.backward(List.of(y[0].sum(), y[1].sum()));
        assertEquals(List.of(true, true, false), arrived);
        assertArrayEquals(new double[] {2 + 3, -4 + 12}, x.grad().toDoubles());
    }

    @Test
    void aResultWithoutInfluenceIsNull() {
        Tensor x = leaf(2);
        powers(x)[1].mul(10).backward();
        assertEquals(List.of(false, true, false), arrived);
        assertArrayEquals(new double[] {120}, x.grad().toDoubles());
        // the first result's gradient as a target: nothing below is run
        arrived.clear();
        Tensor[] y = powers(x);
        assertEquals(5, Autograd.grad(y[0].mul(5).add(y[1]), y[0]).item());
        assertTrue(arrived.isEmpty());
    }

    @Test
    void resultsOfOneCallMeetAgain() {
        Tensor x = leaf(1.5, -0.5);
        GradCheck.Function f = in -> {
            Tensor[] y = powers(in[0]);
            return y[0].mul(y[1]).add(y[1]);
        };
        GradCheck.gradcheck(f, x);
        GradCheck.gradgradcheck(f, x);
    }

    @Test
    void nothingIsRecordedWithoutNeed() {
        for (Tensor t : powers(leaf(1, 2).requiresGrad_(false))) {
            assertFalse(t.requiresGrad());
            assertNull(t.gradFn());
        }
        Tensor[] y = Tensors.noGrad(() -> powers(leaf(1)));
        assertNull(y[1].gradFn());
        assertNotNull(powers(leaf(1))[1].gradFn());
    }
}
