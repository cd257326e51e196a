package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.backend.Kernel;
import akari.core.DType;
import akari.formula.Expr;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuildingBlocksTest {
    private static final Kernel SWAP_SCALED =
            new Kernel("swap", 2, 1, List.of(Expr.in(1).times(Expr.scalar(0)), Expr.in(0)));

    @Test
    void fusedReadsEveryInputBeforeItWrites() {
        Tensor a = Tensors.tensor(1.0, 2.0).requiresGrad_();
        Tensor b = Tensors.tensor(3.0, 4.0);
        Tensors.fused(SWAP_SCALED, new double[] {10}, new Tensor[] {a, b}, new Tensor[] {a, b});
        assertThat(a.toDoubles()).containsExactly(30, 40);
        assertThat(b.toDoubles()).containsExactly(1, 2);
    }

    @Test
    void fusedChangesAreNoticedByAGraphThatNeedsTheOldValues() {
        Tensor a = Tensors.tensor(1.0, 2.0).requiresGrad_();
        Tensor y = a.square().sum();
        Tensors.fused(SWAP_SCALED, new double[] {1}, new Tensor[] {a, Tensors.zeros(2)}, new Tensor[] {a, a});
        assertThatThrownBy(y::backward).hasMessageContaining("changed in place");
    }

    @Test
    void fusedRefusesWhatDoesNotFit() {
        Tensor a = Tensors.zeros(2);
        Tensor b = Tensors.zeros(3);
        assertThatThrownBy(() -> Tensors.fused(SWAP_SCALED, new double[] {1}, new Tensor[] {a, b}, new Tensor[] {a, a}))
                .hasMessageContaining("[3]");
        assertThatThrownBy(() -> Tensors.fused(SWAP_SCALED, new double[0], new Tensor[] {a, a}, new Tensor[] {a, a}))
                .hasMessageContaining("1 scalars");
        Tensor spread = Tensors.zeros(1).expand(2);
        assertThatThrownBy(() ->
                        Tensors.fused(SWAP_SCALED, new double[] {1}, new Tensor[] {spread, a}, new Tensor[] {a, a}))
                .hasMessageContaining("clone()");
    }

    @Test
    void dataKeepsTheObjectAndDropsAGradientThatNoLongerFits() {
        Tensor p = Tensors.tensor(1.0, 2.0).requiresGrad_();
        p.grad(Tensors.ones(2));
        p.data(p.detach().to(DType.FLOAT64));
        assertThat(p.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(p.requiresGrad()).isTrue();
        assertThat(p.grad()).isNull();
        assertThat(p.toDoubles()).containsExactly(1, 2);
    }

    @Test
    void dataIsNoticedByAGraphThatNeedsTheOldValues() {
        Tensor p = Tensors.tensor(1.0, 2.0).requiresGrad_();
        Tensor y = p.square().sum();
        p.data(Tensors.tensor(5.0, 6.0));
        assertThatThrownBy(y::backward).hasMessageContaining("changed in place");
        assertThatThrownBy(() -> p.square().data(Tensors.ones(2))).hasMessageContaining("only a leaf");
    }
}
