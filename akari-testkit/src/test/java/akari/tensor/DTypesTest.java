package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.backend.Conversions;
import akari.core.DType;
import org.junit.jupiter.api.Test;

/** What the narrow types look like to a user: names, host arrays, printing, and what does not fit. */
class DTypesTest {
    @Test
    void everyTypeHasItsMethod() {
        Tensor x = tensor(1.5, -2.5);
        Tensor[] all = {
            x.bool(),
            x.uint8(),
            x.int8(),
            x.int16(),
            x.int32(),
            x.int64(),
            x.half(),
            x.bfloat16(),
            x.float32(),
            x.float64()
        };
        for (int i = 0; i < all.length; i++) {
            assertThat(all[i].dtype()).isEqualTo(DType.values()[i]);
        }
        assertThat(x.float32()).isSameAs(x);
    }

    @Test
    void hostArrays() {
        Tensor x = tensor(1.5, -2.5, 70_000);
        assertThat(x.toInts()).containsExactly(1, -2, 70_000);
        assertThat(x.int16().toShorts()).containsExactly((short) 1, (short) -2, (short) 4464);
        assertThat(x.int8().toBytes()).containsExactly((byte) 1, (byte) -2, (byte) 112);
        assertThat(x.bfloat16().toShorts()).containsExactly((short) 0x3fc0, (short) 0xc020, (short) 0x4789);
        assertThat(x.half().toShorts()).containsExactly((short) 0x3e00, (short) 0xc100, (short) 0x7c00);
        assertThat(tensor((short) 3, (short) -4).dtype()).isEqualTo(DType.INT16);
        assertThatThrownBy(x::toShorts).hasMessageContaining("int16").hasMessageContaining("float32");
    }

    @Test
    void theyPrintAsInPyTorch() {
        assertThat(tensor(1.5, -2).bfloat16()).hasToString("tensor([ 1.5000, -2.0000], dtype=torch.bfloat16)");
        assertThat(tensor(0.1).half()).hasToString("tensor([0.1000], dtype=torch.float16)");
        assertThat(tensor(7L, -300L).int8()).hasToString("tensor([  7, -44], dtype=torch.int8)");
        assertThat(tensor(1L).int32()).hasToString("tensor([1], dtype=torch.int32)");
    }

    @Test
    void halvesCarryGradients() {
        Tensor x = tensor(0.5, 2, -1).bfloat16().requiresGrad_();
        Tensor w = tensor(3.0, 1, 2).requiresGrad_();
        x.mul(w).exp().sum().backward();
        assertThat(x.grad().dtype()).isEqualTo(DType.BFLOAT16);
        assertThat(w.grad().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(x.grad().toDoubles()[0]).isEqualTo(Conversions.round(DType.BFLOAT16, 3 * Math.exp(1.5)));
    }

    @Test
    void integersStayIntegersInPlace() {
        Tensor n = tensor(7L, -7L).int32();
        assertThatThrownBy(() -> n.div_(2)).hasMessageContaining("int32").hasMessageContaining("out-of-place");
        assertThatThrownBy(() -> n.add_(0.5)).hasMessageContaining("float32").hasMessageContaining("int32");
        assertThat(n.mul_(2).toInts()).containsExactly(14, -14);
        assertThat(n.div(4).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(n.pow(2).dtype()).isEqualTo(DType.INT32);
        assertThat(n.pow(2.0).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(n.sum().dtype()).isEqualTo(DType.INT64);
        assertThatThrownBy(() -> n.pow(-1)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void uniformHalvesStayBelowTheirBound() {
        for (DType t : new DType[] {DType.BFLOAT16, DType.FLOAT16}) {
            Tensor x = Tensors.empty(t, 20_000).uniform_(0.25, 1, new Generator(3));
            assertThat(x.max().item()).isLessThan(1);
            assertThat(x.min().item()).isGreaterThanOrEqualTo(0.25);
        }
    }
}
