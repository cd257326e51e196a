package akari.tensor;

import static akari.tensor.Tensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import org.junit.jupiter.api.Test;

/** Integers to the last bit, types of results, and what pointwise operations refuse. */
class NumbersTest {
    private static final long BIG = (1L << 53) + 1;

    @Test
    void divisionOfIntegers() {
        Tensor a = tensor(7L, -7, 7, -7, Long.MIN_VALUE);
        Tensor b = tensor(2L, 2, -2, -2, -1);
        assertThat(a.floorDivide(b).toLongs()).containsExactly(3, -4, -4, 3, Long.MIN_VALUE);
        assertThat(a.remainder(b).toLongs()).containsExactly(1, 1, -1, -1, 0);
        assertThat(a.fmod(b).toLongs()).containsExactly(1, -1, 1, -1, 0);
        assertThat(a.div(b, "trunc").toLongs()).containsExactly(3, -3, -3, 3, Long.MIN_VALUE);
        assertThat(a.rfloorDivide(100).toLongs()).containsExactly(14, -15, 14, -15, -1);
        assertThat(a.rremainder(100).toLongs()).startsWith(2, -5, 2, -5);
        assertThat(a.div(b).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(tensor(-7L, 7).int8().floorDivide(2).dtype()).isEqualTo(DType.INT8);
        assertThat(tensor(3L, -3).pow(tensor(-1L, 2)).toLongs()).containsExactly(0, 9);
        assertThat(tensor(1.5, -1.5).floorDivide(0).toDoubles())
                .containsExactly(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    @Test
    void divisionByZeroOfIntegersIsAnError() {
        Tensor a = tensor(1L, 2);
        Tensor zero = tensor(1L, 0);
        for (Runnable r : new Runnable[] {
            () -> a.floorDivide(zero),
            () -> a.remainder(zero),
            () -> a.fmod(0),
            () -> a.div(zero, "trunc"),
            () -> a.clone().remainder_(zero)
        }) {
            assertThatThrownBy(r::run).isInstanceOf(ArithmeticException.class).hasMessageContaining("division by zero");
        }
    }

    @Test
    void scalarsThatNoDoubleHolds() {
        Tensor x = tensor(1L, BIG);
        assertThat(x.add(BIG).toLongs()).containsExactly(BIG + 1, 2 * BIG);
        assertThat(x.eq(BIG).toLongs()).containsExactly(0, 1);
        assertThat(x.clone().mul_(BIG).toLongs()).containsExactly(BIG, BIG * BIG);
        assertThat(x.clone().fill_(BIG).toLongs()).containsExactly(BIG, BIG);
        assertThat(x.clampMax(BIG - 2).toLongs()).containsExactly(1, BIG - 2);
        assertThat(x.clamp(Long.MAX_VALUE, Long.MAX_VALUE).toLongs()).containsOnly(Long.MAX_VALUE);
        assertThat(x.maskedFill(x.gt(1), BIG + 2).toLongs()).containsExactly(1, BIG + 2);
        assertThat(x.where(x.gt(1), -BIG).toLongs()).containsExactly(-BIG, BIG);
        assertThat(x.bitwiseXor(BIG).toLongs()).containsExactly(BIG ^ 1, 0);
        assertThat(tensor(0.5).add(BIG).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void bits() {
        Tensor x = tensor(12L, -1).int8();
        assertThat(x.bitwiseAnd(10).toInts()).containsExactly(8, 10);
        assertThat(x.bitwiseOr(tensor(3L, 0)).dtype()).isEqualTo(DType.INT64);
        assertThat(x.bitwiseNot().toInts()).containsExactly(-13, 0);
        assertThat(x.bitwiseLeftShift(4).toInts()).containsExactly(-64, -16);
        assertThat(x.bitwiseRightShift(2).toInts()).containsExactly(3, -1);
        assertThat(x.bitwiseRightShift(200).toInts()).containsExactly(0, -1);
        assertThat(tensor(true, false).bitwiseNot().toLongs()).containsExactly(0, 1);
        assertThat(tensor(true, false).bitwiseXor(tensor(true, true)).dtype()).isEqualTo(DType.BOOL);
        assertThat(x.clone().bitwiseAnd_(6).toInts()).containsExactly(4, 6);
        assertThatThrownBy(() -> tensor(1.5).bitwiseAnd(tensor(1L)))
                .hasMessageContaining("bitwise_and")
                .hasMessageContaining("float32");
        assertThatThrownBy(() -> x.bitwiseOr(1.5))
                .hasMessageContaining("bitwise_or")
                .hasMessageContaining("1.5");
    }

    @Test
    void defaultType() {
        Tensor n = tensor(4L);
        try {
            Tensors.setDefaultDType(DType.FLOAT64);
            assertThat(Tensors.defaultDType()).isEqualTo(DType.FLOAT64);
            assertThat(tensor(1.0).dtype()).isEqualTo(DType.FLOAT64);
            assertThat(Tensors.zeros(2).dtype()).isEqualTo(DType.FLOAT64);
            assertThat(Tensors.rand(2).dtype()).isEqualTo(DType.FLOAT64);
            assertThat(n.sqrt().dtype()).isEqualTo(DType.FLOAT64);
            assertThat(n.mul(0.5).dtype()).isEqualTo(DType.FLOAT64);
            assertThat(n.div(3).item()).isEqualTo(4.0 / 3);
        } finally {
            Tensors.setDefaultDType(DType.FLOAT32);
        }
        assertThat(n.sqrt().dtype()).isEqualTo(DType.FLOAT32);
        assertThatThrownBy(() -> Tensors.setDefaultDType(DType.INT64)).hasMessageContaining("int64");
    }

    @Test
    void typesOfResults() {
        Tensor bytes = tensor(1L).int8();
        Tensor zero = Tensors.scalar(2).float64();
        assertThat(Tensors.promoteTypes(DType.INT8, DType.UINT8)).isEqualTo(DType.INT16);
        assertThat(Tensors.resultType(bytes, zero)).isEqualTo(DType.FLOAT64);
        assertThat(Tensors.resultType(tensor(1.0), zero)).isEqualTo(DType.FLOAT32);
        assertThat(Tensors.resultType(bytes, 7)).isEqualTo(DType.INT8);
        assertThat(Tensors.resultType(0.5, bytes)).isEqualTo(DType.FLOAT32);
        assertThat(Tensors.resultType(2, 3)).isEqualTo(DType.INT64);
        assertThat(Tensors.resultType(2, 3.0)).isEqualTo(DType.FLOAT32);
        assertThat(Tensors.resultType(tensor(true), 7)).isEqualTo(DType.INT64);
        assertThat(bytes.clamp(0.5, 3).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(bytes.floatPower(2).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(bytes.typeAs(zero).dtype()).isEqualTo(DType.FLOAT64);
        for (DType from : DType.values()) {
            assertThat(Tensors.canCast(DType.BOOL, from)).isTrue();
            assertThat(Tensors.canCast(from, DType.FLOAT16)).isTrue();
            assertThat(Tensors.canCast(from, DType.INT64)).isEqualTo(!from.isFloating());
        }
        assertThat(DType.BFLOAT16.finfo().eps()).isEqualTo(0.0078125);
        assertThat(DType.FLOAT16.finfo().min()).isEqualTo(-65504);
        assertThat(DType.UINT8.iinfo().max()).isEqualTo(255);
        assertThat(DType.INT64.iinfo().min()).isEqualTo(Long.MIN_VALUE);
        assertThat(DType.INT16.iinfo()).isEqualTo(new DType.IntegerLimits(16, -32768, 32767));
        assertThatThrownBy(() -> DType.INT8.finfo()).hasMessageContaining("iinfo");
        assertThatThrownBy(() -> DType.FLOAT32.iinfo()).hasMessageContaining("finfo");
    }

    @Test
    void comparisonsInPlaceKeepTheType() {
        Tensor x = tensor(1.0, 5, Double.NaN);
        assertThat(x.gt_(2).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(x.toDoubles()).containsExactly(0, 1, 0);
        Tensor n = tensor(1L, 2).int32();
        assertThat(n.lessEqual_(tensor(1.5, 1.5)).toInts()).containsExactly(1, 0);
        assertThat(n.logicalNot_().toInts()).containsExactly(0, 1);
        assertThatThrownBy(() -> n.eq_(Tensors.zeros(3, 2)))
                .hasMessageContaining("eq_")
                .hasMessageContaining("[3, 2]");
    }

    @Test
    void closeness() {
        Tensor x = tensor(1.0, Double.NaN, Double.POSITIVE_INFINITY, 1e-9);
        Tensor y = tensor(1.000001, Double.NaN, Double.POSITIVE_INFINITY, 0);
        assertThat(x.isclose(y).toLongs()).containsExactly(1, 0, 1, 1);
        assertThat(x.allclose(y)).isFalse();
        assertThat(x.allclose(y, 1e-5, 1e-8, true)).isTrue();
        assertThat(tensor(100L, 3).isclose(tensor(101L, 3), 0.01, 0, false).toLongs())
                .containsExactly(1, 1);
        assertThatThrownBy(() -> x.isclose(y, -1, 0, false)).hasMessageContaining("-1");
    }

    @Test
    void whatHasNoMeaningIsRefused() {
        Tensor x = tensor(1.0, 2);
        Tensor n = tensor(1L, 2);
        assertThatThrownBy(() -> n.sin_()).hasMessageContaining("sin_").hasMessageContaining("int64");
        assertThatThrownBy(() -> tensor(true).sub(tensor(true))).hasMessageContaining("logicalXor");
        assertThatThrownBy(() -> n.addcdiv(n, n)).hasMessageContaining("integer division");
        assertThatThrownBy(() -> x.div(2, "up")).hasMessageContaining("\"up\"").hasMessageContaining("floor");
        assertThatThrownBy(() -> x.floatPower_(2))
                .hasMessageContaining("float64")
                .hasMessageContaining("float32");
        assertThatThrownBy(() -> x.clamp((Number) null, null)).hasMessageContaining("min");
        assertThatThrownBy(() -> x.fill_(x)).hasMessageContaining("0-d");
        assertThatThrownBy(() -> x.polygamma(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> n.frac()).hasMessageContaining("int64");
    }

    @Test
    void valuesFromTheHost() {
        assertThat(tensor(1.0, 4).apply_(Math::sqrt).toDoubles()).containsExactly(1, 2);
        assertThat(tensor(1L, 4).map_(tensor(2L), (a, b) -> a * b).toLongs()).containsExactly(2, 8);
        Tensor one = Tensors.scalar(3).requiresGrad_();
        Tensors.zeros(2, 2).fill_(one).sum().backward();
        assertThat(one.grad().item()).isEqualTo(4);
        assertThat(Tensors.where(tensor(true, false), tensor(1.0, 2), 7).toDoubles())
                .containsExactly(1, 7);
        assertThat(Tensors.where(tensor(true, false), 7, tensor(1.0, 2)).toDoubles())
                .containsExactly(7, 2);
        assertThat(Tensors.pow(2, tensor(3L)).toLongs()).containsExactly(8);
    }
}
