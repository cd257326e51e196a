package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.backend.Backend;
import akari.core.Device;
import akari.nn.Functional;
import akari.nn.Reduction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that say something about a tensor, settings, and noise that only its statistics can be asked of. */
class NamesTest {
    @Test
    void aTensorTellsWhatItIs() {
        Tensor x = Tensors.tensor(1.5, 0, -2);
        assertThat(x.isFloatingPoint()).isTrue();
        assertThat(x.int64().isFloatingPoint()).isFalse();
        assertThat(x.isSigned()).isTrue();
        assertThat(x.uint8().isSigned()).isFalse();
        assertThat(x.isCuda()).isFalse();
        assertThat(x.isCpu()).isTrue();
        assertThat(x.get(0).isNonzero()).isTrue();
        assertThat(x.get(1).isNonzero()).isFalse();
        assertThatThrownBy(x::isNonzero).hasMessageContaining("[3]").hasMessageContaining("any()");
        assertThat(x.contains(-2)).isTrue();
        assertThat(x.contains(3)).isFalse();
        assertThat(x.contains(Double.NaN)).isFalse();
        assertThat(x.contains(Tensors.tensor(9.0, 0, 9))).isTrue();
        assertThat(x.newEmptyStrided(new long[] {2, 3}, new long[] {1, 2}).stride())
                .containsExactly(1, 2);
    }

    @Test
    void threadsCanBeSetAndChangeNoResult() {
        int before = Tensors.numThreads();
        assertThat(before).isEqualTo(Backend.of(Device.CPU).threads());
        try {
            Tensor x = Tensors.randn(new Generator(3), 300, 1000);
            Tensors.setNumThreads(1);
            Tensor one = x.exp().sum();
            Tensor rows = x.softmax(1);
            Tensors.setNumThreads(3);
            assertThat(Tensors.numThreads()).isEqualTo(3);
            assertThat(x.exp().sum().equal(one)).isTrue();
            assertThat(x.softmax(1).equal(rows)).isTrue();
            assertThatThrownBy(() -> Tensors.setNumThreads(0)).hasMessageContaining("at least 1");
        } finally {
            Tensors.setNumThreads(before);
        }
    }

    @Test
    void channelsAreDroppedAsAWhole() {
        Tensor x = Tensors.ones(40, 50, 3, 4);
        Tensor y = Functional.dropout2d(x, 0.25, true);
        Tensor first = y.get(Slice.ALL, Slice.ALL, Index.at(0), Index.at(0));
        assertThat(y.equal(first.unsqueeze(-1).unsqueeze(-1).expand(40, 50, 3, 4)))
                .isTrue();
        assertThat(first.gt(0).float32().mean().item()).isBetween(0.7, 0.8);
        assertThat(y.max().item()).isCloseTo(4 / 3.0, org.assertj.core.api.Assertions.within(1e-6));
        assertThat(Functional.dropout1d(Tensors.ones(50, 2), 0.5, true)
                        .get(Slice.ALL, Index.at(0))
                        .ne(0)
                        .sum()
                        .item())
                .isBetween(10.0, 40.0);
        assertThat(Functional.dropout3d(Tensors.ones(3, 2, 2, 2), 0.5, false).equal(Tensors.ones(3, 2, 2, 2)))
                .isTrue();
        assertThatThrownBy(() -> Functional.dropout2d(Tensors.ones(3), 0.5, true))
                .hasMessageContaining("[N, C, …]");
    }

    @Test
    void alphaDropoutKeepsMeanAndVariance() {
        Tensor x = Tensors.randn(new Generator(5), 200, 1000);
        for (Tensor y : List.of(x.alphaDropout(0.2, true), Functional.featureAlphaDropout(x, 0.2, true))) {
            assertThat(y.mean().item()).isBetween(-0.02, 0.02);
            assertThat(y.var().item()).isBetween(0.97, 1.03);
        }
        Tensor leaf = Tensors.ones(4, 4).requiresGrad_();
        leaf.mul(1).featureDropout_(0.5, true).sum().backward();
        assertThat(leaf.grad().eq(0).logicalOr(leaf.grad().eq(2)).all().item()).isEqualTo(1);
    }

    @Test
    void gumbelSoftmaxDrawsCategoriesInProportion() {
        Tensor logits =
                Tensors.tensor(0.1, 0.3, 0.6).log().expand(4000, 3).clone().requiresGrad_();
        Tensor hard = Functional.gumbelSoftmax(logits, 1, true, -1);
        assertThat(hard.sum(-1).allclose(Tensors.ones(4000))).isTrue();
        double[] share = hard.detach().mean(0).toDoubles();
        assertThat(share[0]).isBetween(0.08, 0.12);
        assertThat(share[2]).isBetween(0.57, 0.63);
        hard.select(1, 0).sum().backward();
        assertThat(logits.grad().abs().sum().item()).isPositive();
    }

    @Test
    void errorsSayWhatWasWrong() {
        Tensor x = Tensors.zeros(3, 4);
        assertThatThrownBy(() -> x.selectScatter(Tensors.zeros(4), 1, 0))
                .hasMessageContaining("selectScatter")
                .hasMessageContaining("[4]")
                .hasMessageContaining("[3]");
        assertThatThrownBy(() -> x.gcd(x)).hasMessageContaining("float32").hasMessageContaining("int64()");
        assertThatThrownBy(() -> Functional.oneHot(Tensors.tensor(1, 7), 3)).hasMessageContaining("[0, 3)");
        assertThatThrownBy(() -> Functional.oneHot(Tensors.tensor(1.0))).hasMessageContaining("float32");
        assertThatThrownBy(() -> Functional.gaussianNllLoss(x, x, Tensors.zeros(2), false, 1e-6, Reduction.MEAN))
                .hasMessageContaining("[2]");
        assertThatThrownBy(() -> Tensors.hannWindow(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> Tensors.range(3, 1, 1)).hasMessageContaining("never arrives");
    }
}
