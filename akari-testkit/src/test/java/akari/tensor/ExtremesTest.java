package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.core.Shape;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and counts that nothing can hold are refused at once; what a large count changes no more costs nothing. */
class ExtremesTest {
    private static final int MAX = Integer.MAX_VALUE;

    @Test
    void whatMemoryCannotHoldIsRefusedByOperationTypeAndShape() {
        Tensor x = Tensors.ones(1);
        refused(
                () -> x.repeat(1L << 50),
                "repeat: a float32 tensor of shape [1125899906842624] takes",
                "akari.memory.limit");
        refused(() -> Tensors.zeros(DType.FLOAT64, 1L << 61), "zeros: a float64 tensor", "1.76e+13 MB");
        refused(
                () -> x.to(DType.FLOAT64).fill_(3e15).repeatInterleave(Tensors.tensor(1L << 55), 0),
                "repeatInterleave:");
    }

    @Test
    void whatALongCannotCountIsRefused() {
        Tensor x = Tensors.ones(1);
        refused(() -> x.expand(1L << 32, 1L << 32), "[4294967296, 4294967296]", "long can count");
        refused(() -> x.asStrided(new long[] {1L << 32, 1L << 32}, new long[] {0, 0}), "long can count");
        refused(() -> x.asStrided(new long[] {5, 5}, new long[] {1L << 62, 1L << 62}), "asStrided", "memory of");
        refused(() -> x.asStrided(new long[] {1}, new long[] {1}, Long.MAX_VALUE), "asStrided", "memory of");
        refused(() -> x.asStrided(new long[] {1}, new long[] {1}, Long.MIN_VALUE), "negative storage offset");
        refused(() -> x.asStridedScatter(x, new long[] {2}, new long[] {Long.MAX_VALUE}, 2), "reach beyond");
        refused(() -> x.expand(Long.MIN_VALUE), "negative size");
        refused(() -> Tensors.ones(2).tile(1L << 62), "repeat: 4611686018427387904 times 2");
        refused(() -> Tensors.ones(4).repeatInterleave(1L << 62, 0), "long can count");
        for (long k : new long[] {Long.MAX_VALUE, Long.MIN_VALUE}) {
            refused(() -> x.diag(k), String.valueOf(k));
            refused(() -> x.diagEmbed(k), String.valueOf(k));
            refused(() -> x.diagflat(k), String.valueOf(k));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, MAX})
    void moreDifferencesThanElementsLeaveNone(int times) {
        assertThat(Tensors.ones(3).diff(times).shape()).isEqualTo(Shape.of(0));
        assertThat(Tensors.zeros(0).diff(times).shape()).isEqualTo(Shape.of(0));
    }

    /** Strides that no two elements share, and yet no library describes: rows begin within each other. */
    @Test
    void productsOfInterleavedMatrices() {
        Tensor x = Tensors.arange(17).to(DType.FLOAT32).asStrided(new long[] {2, 3, 2}, new long[] {8, 3, 1}, 0);
        Tensor y = Tensors.arange(12).to(DType.FLOAT32).reshape(2, 2, 3);
        assertThat(x.bmm(y).equal(x.contiguous().bmm(y))).isTrue();
        assertThat(y.tensordot(x, new int[] {0, 2}, new int[] {0, 1})
                        .equal(y.tensordot(x.contiguous(), new int[] {0, 2}, new int[] {0, 1})))
                .isTrue();
    }

    @Test
    void theSmallestPowerHasNoNegative() {
        Tensor turn = Tensors.tensor(new float[] {0, 1, 1, 0}).reshape(2, 2);
        assertThat(turn.matrixPower(Integer.MIN_VALUE).toFloats()).containsExactly(1, 0, 0, 1);
    }

    @Test
    void millionsOfEmptyPartsAreRefused() {
        assertThat(Tensors.ones(2).tensorSplit(5)).hasSize(5);
        assertThat(Tensors.zeros(0).chunk(5)).hasSize(5);
        refused(() -> Tensors.ones(2).tensorSplit(MAX), "tensorSplit: 2147483647 parts");
        refused(() -> Tensors.zeros(0).chunk(MAX), "chunk: 2147483647 parts");
        refused(() -> Tensors.zeros(1, 1, 0).dsplit(MAX), "2147483647");
    }

    @Test
    void countsBeyondTheHeapAreRefused() {
        Tensor x = Tensors.tensor(new float[] {1, 2, 3});
        refused(() -> x.multinomial(MAX, true), "multinomial");
        refused(() -> x.histogram(MAX, null, null, false), "histogram");
        refused(() -> x.combinations(MAX, true), "combinations");
        refused(() -> x.combinations(1 << 20, true), "combinations");
        refused(() -> x.vander(MAX, true), "vander");
        assertThat(x.combinations(MAX, false).shape()).isEqualTo(Shape.of(0, MAX));
    }

    @Test
    void powersAreThoseOfProducts() {
        Tensor x = Tensors.tensor(new float[] {2, -3});
        assertThat(x.vander(4, true).toFloats()).containsExactly(1, 2, 4, 8, 1, -3, 9, -27);
        assertThat(x.vander(3, false).toFloats()).containsExactly(4, 2, 1, 9, -3, 1);
        assertThat(x.vander(1, false).toFloats()).containsExactly(1, 1);
        assertThat(x.combinations(2, true).toFloats()).containsExactly(2, 2, 2, -3, -3, -3);
    }

    private static void refused(ThrowingCallable call, String... message) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(message);
    }
}
