package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import akari.core.Device;
import akari.core.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Conversions by name; what each element becomes is compared with PyTorch by TorchConversionTest. */
class CastsTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    private static Tensor doubles(double... values) {
        return Tensors.of(DType.FLOAT64, values, Shape.of(values.length));
    }

    @Test
    void whatDoesNotFit() {
        // the figures of PyTorch 2.10 on x86-64
        Tensor x = doubles(Double.NaN, INF, -INF, -1.9, 300.7, 3e9, 1e20);
        assertThat(x.uint8().toLongs()).containsExactly(0, 0, 0, 255, 44, (3_000_000_000L) & 0xff, 0);
        assertThat(x.int32().toLongs())
                .containsExactly(
                        Integer.MIN_VALUE,
                        Integer.MIN_VALUE,
                        Integer.MIN_VALUE,
                        -1,
                        300,
                        Integer.MIN_VALUE,
                        Integer.MIN_VALUE);
        assertThat(x.int64().toLongs())
                .containsExactly(
                        Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, -1, 300, 3_000_000_000L, Long.MIN_VALUE);
        assertThat(x.bool().toDoubles()).containsOnly(1);
        Tensor n = tensor(0x1_2345_6789L, -1, 1L << 31, 40_000);
        assertThat(n.int32().toLongs()).containsExactly(0x2345_6789, -1, Integer.MIN_VALUE, 40_000);
        assertThat(n.int16().toLongs()).containsExactly(0x6789, -1, 0, 40_000 - 65_536);
        assertThat(n.int8().toLongs()).containsExactly((byte) 0x89, -1, 0, 0x40);
    }

    @Test
    void halvesRoundToEvenAndOverflow() {
        Tensor x = doubles(65_519, 65_520, -1e6, 2049, 2051, 1 + 0x1p-9, 1 + 3 * 0x1p-9, 1e39);
        assertThat(x.half().toDoubles())
                .containsExactly(65_504, INF, -INF, 2048, 2052, 1 + 0x1p-9, 1 + 3 * 0x1p-9, INF);
        Tensor y = doubles(1 + 0x1p-8, 1 + 3 * 0x1p-8, 3.4e38, 1e39, -0.0);
        assertThat(y.bfloat16().toDoubles()).containsExactly(1, 1 + 0x1p-6, INF, INF, -0.0);
    }

    @Test
    void names() {
        Tensor x = tensor(1.0, 2);
        Map<String, Tensor> types = Map.of(
                "torch.BoolTensor", x.bool(),
                "torch.ByteTensor", x.uint8(),
                "torch.CharTensor", x.int8(),
                "torch.ShortTensor", x.int16(),
                "torch.IntTensor", x.int32(),
                "torch.LongTensor", x.int64(),
                "torch.HalfTensor", x.half(),
                "torch.BFloat16Tensor", x.bfloat16(),
                "torch.FloatTensor", x.float32(),
                "torch.DoubleTensor", x.float64());
        types.forEach((name, t) -> {
            assertThat(t.type()).isEqualTo(name);
            assertThat(x.type(t.dtype()).dtype()).isEqualTo(t.dtype());
            assertThat(x.to(t).dtype()).isEqualTo(t.dtype());
            assertThat(x.typeAs(t).dtype()).isEqualTo(t.dtype());
        });
    }

    @Test
    void copiesOnlyWhereAskedTo() {
        Tensor x = tensor(1.0, 2);
        assertThat(x.to(DType.FLOAT32)).isSameAs(x);
        assertThat(x.to(DType.FLOAT32, false)).isSameAs(x);
        assertThat(x.to(Device.CPU, DType.FLOAT32)).isSameAs(x);
        assertThat(x.to(x)).isSameAs(x);
        for (Tensor copy :
                new Tensor[] {x.to(DType.FLOAT32, true), x.to(Device.CPU, DType.FLOAT32, true), x.to(x, true)}) {
            copy.zero_();
            assertThat(x.toDoubles()).containsExactly(1, 2);
        }
        Tensor leaf = x.clone().requiresGrad_();
        leaf.to(DType.FLOAT64, true).mul(3).sum().backward();
        assertThat(leaf.grad().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(leaf.grad().toDoubles()).containsOnly(3);
    }
}
