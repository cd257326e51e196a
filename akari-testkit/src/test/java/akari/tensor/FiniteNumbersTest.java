package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.backend.Conversions;
import akari.core.DType;
import akari.nn.Functional;
import akari.nn.PaddingMode;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A finite number beyond a floating type is refused where it would be written or be a bound, as in PyTorch, not made infinite. */
class FiniteNumbersTest {
    private static final Tensor FIRST = Tensors.tensor(0L);

    private static final Map<String, BiFunction<Tensor, Number, Tensor>> CALLS = Map.ofEntries(
            Map.entry("full", (x, n) -> Tensors.full(x.dtype(), n, 3)),
            Map.entry("fullLike", Tensors::fullLike),
            Map.entry("newFull", (x, n) -> x.newFull(x.shape(), n)),
            Map.entry("fill_", (x, n) -> x.clone().fill_(n)),
            Map.entry("maskedFill", (x, n) -> x.maskedFill(x.gt(0), n)),
            Map.entry("maskedFill_", (x, n) -> x.clone().maskedFill_(x.gt(0), n)),
            Map.entry("indexFill", (x, n) -> x.indexFill(0, FIRST, n)),
            Map.entry("indexFill_", (x, n) -> x.clone().indexFill_(0, FIRST, n)),
            Map.entry("scatter", (x, n) -> x.scatter(0, FIRST, n)),
            Map.entry("scatter_", (x, n) -> x.clone().scatter_(0, FIRST, n)),
            Map.entry("fillDiagonal_", (x, n) -> x.reshape(3, 1).clone().fillDiagonal_(n)),
            Map.entry("clamp", (x, n) -> x.clamp(n.doubleValue() < 0 ? n : -1, n.doubleValue() < 0 ? 1 : n)),
            Map.entry(
                    "clamp_",
                    (x, n) ->
                            x.clone().clamp_(n.doubleValue() < 0 ? n : -1, 1).clamp_(-1, n.doubleValue() < 0 ? 1 : n)),
            Map.entry("clampMin", (x, n) -> x.clampMin(n)),
            Map.entry("clampMax_", (x, n) -> x.clone().clampMax_(n)),
            Map.entry("hardtanh", (x, n) -> x.hardtanh(n.doubleValue() < 0 ? n : -1, n.doubleValue() < 0 ? 1 : n)),
            Map.entry("threshold", (x, n) -> x.threshold(0, n)),
            Map.entry("threshold_", (x, n) -> x.clone().threshold_(0, n)),
            Map.entry("add", (x, n) -> x.add(x, n)),
            Map.entry("add_", (x, n) -> x.clone().add_(x, n)),
            Map.entry("sub", (x, n) -> x.sub(x, n)),
            Map.entry("indexAdd", (x, n) -> x.indexAdd(0, FIRST, x.narrow(0, 0, 1), n)),
            Map.entry("linspace", (x, n) -> Tensors.linspace(x.dtype(), 0, n, 3)),
            Map.entry("pad", (x, n) -> Functional.pad(x, new long[] {1, 1}, PaddingMode.ZEROS, n)));

    static Stream<Arguments> calls() {
        return CALLS.keySet().stream()
                .sorted()
                .flatMap(name ->
                        Stream.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32).map(type -> Arguments.of(name, type)));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void refused(String name, DType type) {
        Tensor x = Tensors.ones(type, 3);
        double max = type.finfo().max();
        for (double beyond : new double[] {1.001 * max, -1.001 * max, 1e300}) {
            assertThatThrownBy(() -> CALLS.get(name).apply(x, beyond))
                    .hasMessageContaining("does not fit " + type)
                    .hasMessageContaining("POSITIVE_INFINITY");
        }
        for (double held : new double[] {max, -max, Double.POSITIVE_INFINITY, Double.NaN}) {
            assertThatCode(() -> CALLS.get(name).apply(x, held)).doesNotThrowAnyException();
        }
    }

    /** What is computed with a number computes in a wider type, or overflows. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32"})
    void arithmeticTakesAny(DType type) {
        Tensor x = Tensors.full(type, 0.5, 1);
        assertThat(x.add(1e39).item()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(x.rsub(1e39).item()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(x.eq(1e39).item()).isZero();
        assertThat(x.lt(1e39).item()).isOne();
        assertThat(x.addcmul(x, x, 70000).item()).isEqualTo(Conversions.round(type, 17500.5));
    }

    /** {@code where} has a float32 number beside halves, and one half alone takes what it is given: both as in PyTorch. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void wherePyTorchTakesThem(DType type) {
        double beyond = 1.003 * type.finfo().max();
        Tensor x = Tensors.ones(type, 3);
        assertThat(x.where(x.gt(1), beyond).toDoubles()).containsOnly(Double.POSITIVE_INFINITY);
        assertThat(Tensors.full(type, beyond, 1).item()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThatThrownBy(() -> x.where(x.gt(1), 1e39)).hasMessageContaining("does not fit float32");
        assertThatThrownBy(() -> Tensors.ones(1).fill_(1e39)).hasMessageContaining("does not fit float32");
    }
}
