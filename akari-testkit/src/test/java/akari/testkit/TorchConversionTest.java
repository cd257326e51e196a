package akari.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.testkit.TorchOracle.Input;
import akari.testkit.TorchOracle.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every type converted to every other, and pairs of them added, as PyTorch does it. */
@Tag("slow")
class TorchConversionTest {
    private static TorchOracle torch;

    @BeforeAll
    static void start() {
        torch = TorchOracle.start();
    }

    @AfterAll
    static void stop() {
        torch.close();
    }

    /** What fits every type, its borders, halves between two numbers of the smaller types, and what fits none. */
    private static double[] values() {
        List<Double> out = new ArrayList<>();
        for (double v : new double[] {
            0,
            0.5,
            0.99,
            1,
            1.5,
            2.5,
            127,
            128,
            200.7,
            255,
            256,
            300.2,
            32767,
            32768,
            65504,
            65519,
            65520,
            70000,
            1e-8,
            6e-8,
            1e-40,
            0x1p31 - 1,
            0x1p31,
            0x1p32 + 5,
            3e9,
            0x1p53,
            0x1p62,
            0x1p63,
            1e30,
            1e39,
            1e300,
            0x1p-24,
            0x1.01p0,
            0x1.03p0,
            0x1.0101p0,
            0x1.ffp127,
            Double.POSITIVE_INFINITY
        }) {
            out.add(v);
            out.add(-v);
        }
        out.add(Double.NaN);
        Random random = new Random(5);
        while (out.size() < 400) {
            out.add(random.nextGaussian() * Math.pow(10, random.nextInt(12) - 3));
        }
        return out.stream().mapToDouble(v -> v).toArray();
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void conversions(DType from) {
        double[] values = values();
        Shape shape = Shape.of(values.length);
        Value x = new Value(from, shape, values);
        Tensor ours = Tensors.of(from, values, shape);
        for (DType to : DType.values()) {
            Value expected = torch.eval("x.to(" + number(to) + ")", Input.of("x", x))
                    .outputs()
                    .getFirst();
            Tensor got = ours.to(to);
            assertThat(got.dtype()).isEqualTo(expected.dtype());
            double[] g = got.toDoubles();
            for (int i = 0; i < g.length; i++) {
                assertThat(g[i])
                        .as("%s from float64 to %s to %s", values[i], from, to)
                        .isEqualTo(Double.valueOf(expected.values()[i]));
            }
        }
    }

    /** TorchScript's numbers of the types. */
    private static int number(DType type) {
        return switch (type) {
            case UINT8 -> 0;
            case INT8 -> 1;
            case INT16 -> 2;
            case INT32 -> 3;
            case INT64 -> 4;
            case FLOAT16 -> 5;
            case FLOAT32 -> 6;
            case FLOAT64 -> 7;
            case BOOL -> 11;
            case BFLOAT16 -> 15;
        };
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void sums(DType a) {
        double[] values = {0, 1, 2.5, 0.1, -7, 120, 257, 12345};
        Shape shape = Shape.of(values.length);
        for (DType b : DType.values()) {
            for (String op : new String[] {
                "x + y",
                "x * y",
                "x / y",
                "x + y.sum()",
                "x.sum() + y.sum()",
                "x * 2",
                "x * 0.1",
                "x + 770",
                "x == 0.1",
                "x < y",
                "x ** 2"
            }) {
                if (a == DType.BOOL && b == DType.BOOL) {
                    continue; // PyTorch's + of two bools is a logical or
                }
                Value expected = torch.eval(
                                op,
                                Input.of("x", new Value(a, shape, values)),
                                Input.of("y", new Value(b, shape, values)))
                        .outputs()
                        .getFirst();
                Tensor x = Tensors.of(a, values, shape);
                Tensor y = Tensors.of(b, values, shape);
                Tensor got = switch (op) {
                    case "x + y" -> x.add(y);
                    case "x * y" -> x.mul(y);
                    case "x / y" -> x.div(y);
                    case "x + y.sum()" -> x.add(y.sum());
                    case "x.sum() + y.sum()" -> x.sum().add(y.sum());
                    case "x * 2" -> x.mul(2);
                    case "x * 0.1" -> x.mul(0.1);
                    case "x + 770" -> x.add(770);
                    case "x == 0.1" -> x.eq(0.1);
                    case "x < y" -> x.lt(y);
                    default -> x.pow(2);
                };
                assertThat(got.dtype()).as("%s of %s and %s", op, a, b).isEqualTo(expected.dtype());
                assertThat(got.toDoubles()).as("%s of %s and %s", op, a, b).isEqualTo(expected.values());
            }
        }
    }
}
