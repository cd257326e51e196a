package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import akari.backend.Conversions;
import akari.core.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products of halves, and what is added to them, have one rounding: they are those of float32, rounded. */
class RoundedOnceTest {
    private record Op(Function<Tensor[], Tensor> f, long[]... shapes) {}

    private static final Map<String, Op> OPS = new LinkedHashMap<>();

    private static void op(String name, Function<Tensor[], Tensor> f, long[]... shapes) {
        OPS.put(name, new Op(f, shapes));
    }

    private static long[] of(long... shape) {
        return shape;
    }

    static {
        for (double[] s : new double[][] {{1, 1}, {0.3, 0.7}, {0, 0.7}, {1, -3}}) {
            double beta = s[0];
            double alpha = s[1];
            String by = " " + beta + " " + alpha;
            op("addmm" + by, t -> t[0].addmm(t[1], t[2], beta, alpha), of(5), of(4, 20), of(20, 5));
            op("addmm_" + by, t -> t[0].clone().addmm_(t[1], t[2], beta, alpha), of(4, 5), of(4, 20), of(20, 5));
            op("baddbmm" + by, t -> t[0].baddbmm(t[1], t[2], beta, alpha), of(4, 5), of(2, 4, 20), of(2, 20, 5));
            op(
                    "baddbmm_" + by,
                    t -> t[0].clone().baddbmm_(t[1], t[2], beta, alpha),
                    of(2, 4, 5),
                    of(2, 4, 20),
                    of(2, 20, 5));
            op("addmv" + by, t -> t[0].addmv(t[1], t[2], beta, alpha), of(1), of(9, 20), of(20));
            op("addmv_" + by, t -> t[0].clone().addmv_(t[1], t[2], beta, alpha), of(9), of(9, 20), of(20));
            op("addbmm" + by, t -> t[0].addbmm(t[1], t[2], beta, alpha), of(4, 1), of(2, 4, 20), of(2, 20, 5));
            op(
                    "addbmm_" + by,
                    t -> t[0].clone().addbmm_(t[1], t[2], beta, alpha),
                    of(4, 5),
                    of(2, 4, 20),
                    of(2, 20, 5));
        }
        op("bilinear", t -> t[0].bilinear(t[1], t[2], t[3]), of(6, 4), of(6, 3), of(5, 4, 3), of(5));
        op("cov", t -> t[0].cov(), of(4, 30));
        op("corrcoef", t -> t[0].corrcoef(), of(4, 30));
    }

    static Stream<String> names() {
        return OPS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void asFloat32Rounded(String name) {
        Op op = OPS.get(name);
        for (DType type : List.of(DType.FLOAT16, DType.BFLOAT16)) {
            Generator g = new Generator(7);
            Tensor[] halves = new Tensor[op.shapes.length];
            Tensor[] floats = new Tensor[op.shapes.length];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = Tensors.empty(op.shapes[i]).normal_(0, 1, g).to(type);
                floats[i] = halves[i].float32().requiresGrad_();
                halves[i] = halves[i].detach().requiresGrad_();
            }
            Tensor y = op.f.apply(halves);
            Tensor expected = op.f.apply(floats);
            assertThat(y.dtype()).isEqualTo(type);
            // kernels of halves may sum in another order: a tie here and there falls to the other side
            double ulp = type.finfo().eps();
            assertThat(y.toDoubles()).hasSize((int) expected.numel());
            int off = 0;
            double[] want = expected.to(type).toDoubles();
            for (int i = 0; i < want.length; i++) {
                double v = y.toDoubles()[i];
                off += v == want[i] ? 0 : 1;
                assertThat(Math.abs(v - expected.toDoubles()[i]))
                        .isLessThanOrEqualTo(0.501 * ulp * Math.max(type.finfo().tiny(), 2 * Math.abs(v)));
            }
            assertThat(off).as("%s of %s", name, type).isLessThanOrEqualTo(1);
            y.sum().backward();
            expected.sum().backward();
            for (int i = 0; i < halves.length; i++) {
                assertThat(halves[i].grad().dtype()).isEqualTo(type);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void noRoundingBetweenOverflows(String name) {
        if (!name.startsWith("add") && !name.startsWith("badd") || !name.endsWith(" 1.0 1.0")) {
            return;
        }
        Op op = OPS.get(name);
        Tensor[] in = new Tensor[3];
        in[0] = Tensors.full(DType.FLOAT16, -60000, op.shapes[0]);
        in[1] = Tensors.full(DType.FLOAT16, 60, op.shapes[1]);
        in[2] = Tensors.full(DType.FLOAT16, 60, op.shapes[2]);
        double terms = name.startsWith("addbmm") ? 40 : 20; // 72000, beyond a half
        assertThat(op.f.apply(in).toDoubles()).containsOnly(Conversions.round(DType.FLOAT16, terms * 3600 - 60000));
    }

    /** What was not read is not part of the result, but of the graph. */
    @ParameterizedTest
    @MethodSource("names")
    void aBetaOfZeroReadsNothing(String name) {
        if (!name.contains(" 0.0 ")) {
            return;
        }
        Op op = OPS.get(name);
        for (DType type : List.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64)) {
            Tensor x = Tensors.full(type, Double.NaN, op.shapes[0]).requiresGrad_();
            Tensor y = op.f.apply(new Tensor[] {x, Tensors.ones(type, op.shapes[1]), Tensors.ones(type, op.shapes[2])});
            assertThat(y.isnan().any().item()).isZero();
            y.sum().backward();
            assertThat(x.grad().toDoubles()).containsOnly(0);
        }
    }
}
