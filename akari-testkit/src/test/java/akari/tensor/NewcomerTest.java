package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.core.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a PyTorch user tries first, and where they would stumble. */
class NewcomerTest {
    @Test
    void tensorsComeFromWhateverJavaHas() {
        assertThat(tensor(new Integer[] {1, 2}).toString()).isEqualTo("tensor([1, 2])");
        assertThat(tensor(new Double[][] {{1.0, 2.5}}).toString()).isEqualTo("tensor([[1.0000, 2.5000]])");
        assertThat(tensor(List.of(List.of(1, 2), List.of(3, 4))).dtype()).isEqualTo(DType.INT64);
        assertThat(tensor(List.of(1, 2.5)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(tensor(new Tensor[] {tensor(1.0, 2), tensor(3.0, 4)}).shape())
                .isEqualTo(Shape.of(2, 2));
        assertThat(tensor(List.of()).shape()).isEqualTo(Shape.of(0));
        assertThat(tensor(List.of(List.of(), List.of())).shape()).isEqualTo(Shape.of(2, 0));
        assertThat(tensor(DType.INT32, 1, 2).dtype()).isEqualTo(DType.INT32);
        assertThat(tensor(DType.FLOAT64, new int[][] {{1}, {2}}).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(Tensors.zeros(tensor(1.0, 2).shape()).shape()).isEqualTo(Shape.of(2));
        assertThat(Tensors.full(Shape.of(2), 7, DType.INT8).toString()).isEqualTo("tensor([7, 7], dtype=torch.int8)");
        assertThatThrownBy(() -> tensor(new double[][] {{1, 2}, {3}}))
                .hasMessageContaining("element 1")
                .hasMessageContaining("[1]")
                .hasMessageContaining("[2]");
        assertThatThrownBy(() -> tensor(List.of("a"))).hasMessageContaining("String");
    }

    @Test
    void defaultsAreThere() {
        Tensor x = tensor(-2.0, 0.3, 2).requiresGrad_();
        assertThat(x.leakyRelu().equal(x.leakyRelu(0.01))).isTrue();
        assertThat(x.elu().equal(x.elu(1))).isTrue();
        assertThat(x.celu().equal(x.celu(1))).isTrue();
        assertThat(x.hardtanh().equal(x.hardtanh(-1, 1))).isTrue();
        assertThat(x.softplus().equal(x.softplus(1, 20))).isTrue();
        assertThat(x.softshrink().equal(x.softshrink(0.5))).isTrue();
        assertThat(x.hardshrink().equal(x.hardshrink(0.5))).isTrue();
        assertThat(tensor(1, 2).softmax(0, DType.FLOAT64).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(x.detach().subtract(tensor(1.0, 1, 1), 2).equal(x.detach().sub(2)))
                .isTrue();
        assertThat(tensor(1, 5, 9).searchsorted(6).itemLong()).isEqualTo(2);
        assertThat(Tensors.isin(5, tensor(1, 5)).isNonzero()).isTrue();
        assertThat(Tensors.where(tensor(true, false), 1, 0).dtype()).isEqualTo(DType.INT64);
        assertThat(Tensors.where(tensor(true, false), 0.5, 0).toDoubles()).containsExactly(0.5, 0);
        Tensor a = Tensors.rand(2, 3, 4);
        assertThat(a.tensordot(Tensors.rand(3, 4, 5)).shape()).isEqualTo(Shape.of(2, 5));
        assertThat(Tensors.rand(2, 3)
                        .bilinear(Tensors.rand(2, 4), Tensors.rand(5, 3, 4))
                        .shape())
                .isEqualTo(Shape.of(2, 5));
        assertThat(Tensors.zeros(1, 2, 8, 8)
                        .conv2d(Tensors.zeros(4, 1, 3, 3), null, 2, 2, 2, 2)
                        .shape())
                .isEqualTo(Shape.of(1, 4, 4, 4));
        assertThat(a.varMean(false).var().allclose(a.var(false))).isTrue();
        assertThat(a.cpu()).isSameAs(a);
        assertThatThrownBy(a::cuda).hasMessageContaining("cuda:0").hasMessageContaining("cpu");
    }

    @Test
    void gradientsNeedNoSeedsForScalars() {
        Tensor w = tensor(2.0).requiresGrad_();
        Tensor g = Autograd.grad(List.of(w.pow(3).sum()), List.of(w), null, true, true)
                .getFirst();
        assertThat(Autograd.grad(g.sum(), w).item()).isEqualTo(12);
    }

    @Test
    void errorsNameWhatHelps() {
        assertThatThrownBy(() -> tensor(true).neg())
                .hasMessageContaining("a bool tensor")
                .hasMessageContaining("logicalNot");
        assertThatThrownBy(() -> tensor(true).sub(tensor(true))).hasMessageContaining("logicalXor");
    }
}
