package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.backend.Activation;
import akari.core.DType;
import akari.testkit.Golden;
import akari.testkit.GradCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mixed precision: which types results and gradients have, and that they are the lowered operands' results. */
class AutocastTest {
    private static Tensor random(int k, long... shape) {
        return Golden.tensor(DType.FLOAT32, k, 1, 0, shape);
    }

    private static void close(Tensor got, Tensor expected, double relative) {
        assertThat(got.shape()).isEqualTo(expected.shape());
        double[] g = got.toDoubles();
        double[] e = expected.toDoubles();
        double largest = expected.abs().max().item();
        for (int i = 0; i < g.length; i++) {
            assertThat(g[i]).as("element %d", i).isCloseTo(e[i], within(relative * largest));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "FLOAT16"})
    void convolutionsAndProductsRunInTheLowType(DType low) {
        double unit = low == DType.BFLOAT16 ? 0x1p-8 : 0x1p-11;
        Tensor x = random(1, 2, 3, 9, 8);
        Tensor w = random(2, 16, 3, 3, 3).requiresGrad_();
        Tensor b = random(3, 16).requiresGrad_();
        Tensor m = random(4, 8, 5).requiresGrad_();
        Tensor v = random(5, 4, 8).requiresGrad_();
        Tensor c = random(6, 4).requiresGrad_();
        Tensor[] y = Tensors.autocast(low, () -> new Tensor[] {
            x.conv2d(w, b, 1, 1),
            x.matmul(m),
            x.linear(v, c),
            x.conv2d(w, null, 2, 0).relu(),
            x.sigmoid()
        });
        Tensor lx = x.to(low).float32();
        Tensor lw = w.detach().to(low).float32();
        close(y[0], lx.conv2d(lw, b.detach(), 1, 1), unit);
        close(y[1], lx.matmul(m.detach().to(low).float32()), unit);
        close(y[2], lx.linear(v.detach().to(low).float32(), c.detach()), unit);
        for (int i = 0; i < 4; i++) {
            assertThat(y[i].dtype()).isEqualTo(low);
        }
        assertThat(y[4].dtype()).isEqualTo(DType.FLOAT32);
    }

    /** The gradient of a weight is the float32 product of what was saved, not rounded on its way. */
    @Test
    void gradientsReachTheWeightsInFloat32() {
        Tensor x = random(1, 2, 5, 7, 6).requiresGrad_();
        Tensor w = random(2, 8, 5, 3, 3).requiresGrad_();
        Tensor b = random(3, 8).requiresGrad_();
        Tensor v = random(4, 10, 6).requiresGrad_();
        Tensor y = Tensors.autocast(DType.BFLOAT16, () -> x.conv2d(w, b, 1, 1).linear(v, null));
        Tensor g = Golden.tensor(DType.BFLOAT16, 9, 1, 0, y.shape().toArray());
        y.backward(g);
        for (Tensor p : new Tensor[] {x, w, b, v}) {
            assertThat(p.grad().dtype()).isEqualTo(DType.FLOAT32);
        }

        Tensor lx = x.detach().bfloat16().float32();
        Tensor lw = w.detach().bfloat16().float32().requiresGrad_();
        Tensor lv = v.detach().bfloat16().float32().requiresGrad_();
        Tensor between = lx.conv2d(lw, b.detach(), 1, 1);
        Tensor rounded = between.detach().bfloat16().float32().requiresGrad_();
        rounded.linear(lv, null).backward(g.float32());
        close(v.grad(), lv.grad(), 1e-5);
        between.backward(rounded.grad().bfloat16().float32());
        close(w.grad(), lw.grad(), 1e-5);
    }

    @Test
    void aWeightIsLoweredOnceAVersion() {
        Tensor w = random(1, 4, 3).requiresGrad_();
        Tensor x = random(2, 5, 3);
        Tensors.autocast(DType.BFLOAT16, () -> {
            Tensor first = Autocast.weight(w, DType.BFLOAT16);
            assertThat(Autocast.weight(w, DType.BFLOAT16)).isSameAs(first);
            Tensors.noGrad(() -> w.mul_(2));
            Tensor second = Autocast.weight(w, DType.BFLOAT16);
            assertThat(second).isNotSameAs(first);
            assertThat(first.view.buffer().isReleased()).isTrue();
            assertThat(x.linear(w, null).toDoubles())
                    .isEqualTo(x.bfloat16().linear(second, null).toDoubles());
        });
        assertThat(Mode.current().autocast).isNull();
    }

    @Test
    void loweredWeightsLiveUntilBackwardHasReadThem() {
        Tensor w = random(1, 4, 3).requiresGrad_();
        Tensor x = random(2, 5, 3).requiresGrad_();
        Tensor[] low = new Tensor[1];
        Tensor y = Tensors.autocast(DType.BFLOAT16, () -> {
            Tensor out = x.linear(w, null);
            low[0] = Autocast.weight(w, DType.BFLOAT16);
            return out;
        });
        assertThat(low[0].view.buffer().isReleased()).isFalse();
        y.sum().backward();
        assertThat(low[0].view.buffer().isReleased()).isTrue();
    }

    @Test
    void batchNormKeepsItsParametersAndStatisticsInFloat32() {
        Tensor x = random(1, 4, 6, 5, 5).requiresGrad_();
        Tensor w = random(2, 6, 6, 1, 1).requiresGrad_();
        Tensor weight = Golden.tensor(DType.FLOAT32, 3, 1, 1, 6).requiresGrad_();
        Tensor bias = random(4, 6).requiresGrad_();
        for (Activation then : new Activation[] {Activation.IDENTITY, Activation.RELU}) {
            Tensor mean = Tensors.zeros(6);
            Tensor variance = Tensors.ones(6);
            Tensor[] in = new Tensor[1];
            Tensor y = Tensors.autocast(DType.BFLOAT16, () -> {
                in[0] = x.conv2d(w, null);
                return in[0].batchNorm(mean, variance, weight, bias, true, 0.1, 1e-5, then);
            });
            assertThat(y.dtype()).isEqualTo(DType.BFLOAT16);
            Tensor m = Tensors.zeros(6);
            Tensor v = Tensors.ones(6);
            Tensor plain = in[0].detach().float32();
            Tensor expected = plain.batchNorm(m, v, weight.detach(), bias.detach(), true, 0.1, 1e-5, then);
            close(y, expected, 0x1p-8);
            close(mean, m, 1e-5);
            close(variance, v, 1e-5);
            y.sum().backward();
            assertThat(weight.grad().dtype()).isEqualTo(DType.FLOAT32);
            Tensor still =
                    in[0].detach().batchNorm(mean, variance, weight.detach(), bias.detach(), false, 0.1, 1e-5, then);
            assertThat(still.dtype()).isEqualTo(DType.BFLOAT16);
        }
    }

    @Test
    void itNestsAndEndsWithItsBody() {
        Tensor x = random(1, 2, 3);
        Tensor w = random(2, 3, 3);
        Tensors.autocast(DType.BFLOAT16, () -> {
            assertThat(x.matmul(w).dtype()).isEqualTo(DType.BFLOAT16);
            assertThat(Tensors.autocast(DType.FLOAT32, () -> x.matmul(w)).dtype())
                    .isEqualTo(DType.FLOAT32);
            assertThat(x.float64().matmul(w.float64()).dtype()).isEqualTo(DType.FLOAT64);
        });
        assertThatThrownBy(() -> Tensors.autocast(DType.BFLOAT16, () -> {
                    throw new IllegalStateException("inside");
                }))
                .hasMessage("inside");
        assertThat(x.matmul(w).dtype()).isEqualTo(DType.FLOAT32);
        assertThatThrownBy(() -> Tensors.autocast(DType.INT8, () -> x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("int8");
        assertThatThrownBy(() -> x.bfloat16().linear(w, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bfloat16")
                .hasMessageContaining("float32");
    }

    /** Float64 operands pass untouched, so that every derivative can be checked inside. */
    @Test
    void higherDerivativesWorkInside() {
        Tensor x = Golden.tensor(DType.FLOAT64, 1, 1, 0, 1, 2, 4, 4).requiresGrad_();
        Tensor w = Golden.tensor(DType.FLOAT64, 2, 1, 0, 3, 2, 3, 3).requiresGrad_();
        GradCheck.Function f = in -> Tensors.autocast(DType.BFLOAT16, () -> in[0].conv2d(in[1], null, 1, 1));
        GradCheck.gradgradcheck(f, x, w);

        Tensor a = random(3, 2, 3).requiresGrad_();
        Tensor b = random(4, 2, 3).requiresGrad_();
        Tensor y = Tensors.autocast(
                DType.BFLOAT16, () -> a.linear(b, null).float32().square().sum());
        Tensor ga =
                Autograd.grad(List.of(y), List.of(a), List.of(), false, true).getFirst();
        ga.square().sum().backward();
        assertThat(b.grad().dtype()).isEqualTo(DType.FLOAT32);
        Tensor la = a.detach().requiresGrad_();
        Tensor lb = b.detach().requiresGrad_();
        Tensor exact = la.linear(lb, null).square().sum();
        Tensor ge = Autograd.grad(List.of(exact), List.of(la), List.of(), false, true)
                .getFirst();
        ge.square().sum().backward();
        close(b.grad(), lb.grad(), 0.05);
    }
}
