package akari.tensor;

import static akari.tensor.Tensors.einsum;
import static akari.tensor.Tensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import akari.core.DType;
import akari.core.Shape;
import akari.testkit.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProductsTest {
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"UINT8", "INT8", "INT16", "INT32", "INT64"})
    void integersMultiplyAndWrapAround(DType type) {
        Tensor a = Tensors.arange(300).reshape(3, 100).to(type);
        Tensor b = Tensors.arange(200).mul(7).sub(50).reshape(100, 2).to(type);
        long[] x = a.toLongs();
        long[] y = b.toLongs();
        long[] expected = new long[6];
        for (int i = 0; i < 6; i++) {
            for (int k = 0; k < 100; k++) {
                expected[i] += x[i / 2 * 100 + k] * y[k * 2 + i % 2];
            }
        }
        Tensor out = a.matmul(b);
        assertThat(out.dtype()).isEqualTo(type);
        assertThat(out.toLongs()).isEqualTo(tensor(expected).to(type).toLongs());
        assertThat(a.mm(b).toLongs()).isEqualTo(out.toLongs());
        assertThat(a.transpose(0, 1).contiguous().transpose(0, 1).matmul(b).toLongs())
                .isEqualTo(out.toLongs());
    }

    @Test
    void largeIntegersStayExact() {
        Tensor a = tensor(1L << 53, 1L);
        assertThat(a.dot(tensor(3L, 1L)).itemLong()).isEqualTo(3 * (1L << 53) + 1);
        Tensor big = Tensors.randint(-1000, 1000, 2, 70, 300);
        Tensor other = Tensors.randint(-1000, 1000, 300, 270);
        assertThat(big.matmul(other).to(DType.FLOAT64).toDoubles())
                .isEqualTo(big.to(DType.FLOAT64).matmul(other.to(DType.FLOAT64)).toDoubles());
        assertThat(Tensors.zeros(DType.INT32, 2, 0)
                        .matmul(Tensors.zeros(DType.INT32, 0, 2))
                        .toLongs())
                .containsOnly(0);
    }

    private static Tensor random(int k, long... shape) {
        return Golden.tensor(DType.FLOAT64, k, 1, 0, shape);
    }

    private static void requireEqual(Tensor expected, Tensor got) {
        assertThat(got.shape()).isEqualTo(expected.shape());
        assertThat(Arrays.stream(got.sub(expected).toDoubles())).allMatch(d -> Math.abs(d) < 1e-12);
    }

    @Test
    void einsumKnowsTheUsualProducts() {
        Tensor a = random(1, 3, 4);
        Tensor b = random(2, 4, 5);
        Tensor x = random(3, 4);
        Tensor s = random(4, 4, 4);
        Tensor t = random(5, 2, 3, 4);
        requireEqual(a.matmul(b), einsum("ij,jk->ik", a, b));
        requireEqual(a.matmul(b), einsum("ij, jk", a, b));
        requireEqual(a.t(), einsum("ba", a));
        requireEqual(a.sum(), einsum("ij->", a));
        requireEqual(a.sum(0), einsum("ij->j", a));
        requireEqual(s.trace(), einsum("ii", s));
        requireEqual(MatrixParts.diagonal(s), einsum("ii->i", s));
        requireEqual(a.unsqueeze(2).unsqueeze(3).mul(b), einsum("ij,kl->ijkl", a, b));
        requireEqual(x.dot(x), einsum("i,i", x, x));
        requireEqual(a.mul(a), einsum("ij,ij->ij", a, a));
        requireEqual(t.matmul(b), einsum("...ij,jk->...ik", t, b));
        requireEqual(t.matmul(b), einsum("...j,jk", t, b).reshape(2, 3, 5));
        requireEqual(t.transpose(-1, -2), einsum("...ij->...ji", t));
        requireEqual(a.matmul(b).matmul(b.t()).matmul(x.unsqueeze(1)).squeeze(1), einsum("ij,jk,lk,l->i", a, b, b, x));
        requireEqual(t.sum(0, 2), einsum("bij->i", t));
        // sizes of 1 broadcast
        requireEqual(random(6, 1, 4).mul(a), einsum("ij,ij->ij", random(6, 1, 4), a));
        requireEqual(random(7, 3, 1).mul(a).sum(1), einsum("ij,ij->i", random(7, 3, 1), a));
        requireEqual(random(8, 1).mul(a.sum()).sum(), einsum("i,jk->", random(8, 1), a));
        // three times the same letter
        Tensor cube = random(9, 3, 3, 3);
        double[] c = cube.toDoubles();
        assertThat(einsum("iii->i", cube).toDoubles()).containsExactly(c[0], c[13], c[26]);
        assertThat(einsum("iij->ji", random(10, 2, 2, 3)).shape()).isEqualTo(Shape.of(3, 2));
        assertThat(einsum("ij,jk->ik", Tensors.zeros(0, 3), Tensors.zeros(3, 2)).shape())
                .isEqualTo(Shape.of(0, 2));
    }

    @Test
    void einsumSaysWhatIsWrong() {
        Tensor a = random(1, 3, 4);
        assertThatThrownBy(() -> einsum("ij,jk->ik", a)).hasMessageContaining("2 operands");
        assertThatThrownBy(() -> einsum("ijk->i", a)).hasMessageContaining("[3, 4]");
        assertThatThrownBy(() -> einsum("ij->ik", a)).hasMessageContaining("letter k");
        assertThatThrownBy(() -> einsum("ij,ij->i", a, a.t())).hasMessageContaining("sizes 3 and 4");
        assertThatThrownBy(() -> einsum("ii", a)).hasMessageContaining("letter i");
        assertThatThrownBy(() -> einsum("i1->i", a)).hasMessageContaining("'1'");
    }

    @Test
    void operandsThatBothRepeatOverABatch() {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64}) {
            Tensor a = Tensors.arange(6).reshape(1, 2, 3).to(type);
            Tensor b = Tensors.arange(12).reshape(1, 3, 4).to(type);
            Tensor out = a.expand(5, 2, 3).matmul(b.expand(5, 3, 4));
            assertThat(out.toDoubles()).isEqualTo(a.matmul(b).expand(5, 2, 4).toDoubles());
        }
    }

    @Test
    void productsOfTensors() {
        Tensor a = random(1, 3, 4, 5);
        Tensor b = random(2, 4, 3, 2);
        requireEqual(einsum("ijk,jil->kl", a, b), a.tensordot(b, new int[] {1, 0}, new int[] {0, 1}));
        requireEqual(einsum("ijk,klm->ijlm", a, random(3, 5, 2, 2)), a.tensordot(random(3, 5, 2, 2), 1));
        requireEqual(einsum("ijk,lmn->ijklmn", a, b), a.tensordot(b, 0));
        requireEqual(einsum("ijk,lk->ijl", a, random(4, 2, 5)), a.inner(random(4, 2, 5)));
        requireEqual(a.mul(2), a.inner(Tensors.scalar(2).to(DType.FLOAT64)));
        Tensor m = random(5, 2, 3);
        Tensor n = random(6, 4, 2);
        requireEqual(einsum("ij,kl->ikjl", m, n).reshape(8, 6), m.kron(n));
        Tensor[] chain = {random(1, 2, 9), random(2, 9, 3), random(3, 3, 8), random(4, 8, 1)};
        requireEqual(chain[0].mm(chain[1]).mm(chain[2]).mm(chain[3]), Tensors.chainMatmul(chain));
        requireEqual(
                tensor(-3.0, 6, -3).to(DType.FLOAT64),
                tensor(1.0, 2, 3).cross(tensor(4.0, 5, 6)).to(DType.FLOAT64));
        assertThat(Tensors.arange(9).reshape(3, 3).trace().itemLong()).isEqualTo(12);
        assertThat(tensor(1L, 2L).outer(tensor(3L, 4L)).toLongs()).containsExactly(3, 4, 6, 8);
    }

    @Test
    void sumsWithProducts() {
        Tensor a = random(1, 3, 4);
        Tensor b = random(2, 4, 2);
        Tensor bias = random(3, 2);
        requireEqual(bias.mul(0.5).add(a.mm(b).mul(2)), bias.addmm(a, b, 0.5, 2));
        Tensor nan = Tensors.full(DType.FLOAT64, Double.NaN, 3, 2);
        requireEqual(a.mm(b), nan.addmm(a, b, 0, 1));
        requireEqual(a.mm(b), nan.addmm_(a, b, 0, 1));
        Tensor x = random(4, 3, 2);
        Tensor y = x.clone();
        requireEqual(x.mul(3).sub(a.mm(b)), y.addmm_(a, b, 3, -1));
        requireEqual(random(5, 3).add(a.mv(random(6, 4))), random(5, 3).addmv(a, random(6, 4)));
        requireEqual(x.add(random(7, 3).outer(random(8, 2))), x.addr(random(7, 3), random(8, 2)));
        Tensor p = random(9, 5, 3, 4);
        Tensor q = random(10, 5, 4, 2);
        requireEqual(x.add(p.bmm(q)), x.baddbmm(p, q));
        requireEqual(x.mul(2).add(p.bmm(q).sum(0)), x.addbmm(p, q, 2, 1));
        Tensor i = Tensors.ones(DType.INT64, 2, 2);
        assertThat(i.addmm(i, i, 2, 3).toLongs()).containsOnly(8);
        assertThatThrownBy(() -> i.addmm(i, i, 0.5, 1)).hasMessageContaining("whole numbers");
        assertThatThrownBy(() -> a.mm(p)).hasMessageContaining("mm needs");
        assertThatThrownBy(() -> a.addmm(a, b)).hasMessageContaining("[3, 4]");
        assertThatThrownBy(() -> a.matmul(b.to(DType.FLOAT32))).hasMessageContaining("one type");
    }

    @Test
    void distances() {
        Tensor a = random(1, 2, 3, 4);
        Tensor b = random(2, 5, 4);
        for (double p : new double[] {0, 0.5, 1, 1.5, 2, 3, Double.POSITIVE_INFINITY}) {
            Tensor d = a.cdist(b, p);
            assertThat(d.shape()).isEqualTo(Shape.of(2, 3, 5));
            double[] x = a.select(0, 1).select(0, 2).sub(b.select(0, 4)).abs().toDoubles();
            double expected = p == 0
                    ? 4
                    : p == Double.POSITIVE_INFINITY
                            ? Arrays.stream(x).max().orElseThrow()
                            : Math.pow(Arrays.stream(x).map(v -> Math.pow(v, p)).sum(), 1 / p);
            assertThat(d.toDoubles()[29]).isCloseTo(expected, offset(1e-12));
        }
        Tensor many = random(3, 40, 4);
        Tensor direct = many.unsqueeze(1).sub(b).square().sum(-1).sqrt();
        requireEqual(direct, many.cdist(b));
        Tensor zero = Tensors.zeros(DType.FLOAT64, 2, 3).requiresGrad_();
        zero.cdist(zero).sum().backward();
        assertThat(zero.grad().toDoubles()).containsOnly(0);
        assertThat(Tensors.ones(2, 0).cdist(Tensors.ones(3, 0)).toDoubles())
                .containsOnly(0)
                .hasSize(6);
    }
}
