package akari.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.fail;

import akari.backend.Conversions;
import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.testkit.TorchOracle;
import akari.testkit.TorchOracle.Answer;
import akari.testkit.TorchOracle.Input;
import akari.testkit.TorchOracle.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every loss, composite and activation where formulas break: at zeros of both signs, tiny and huge numbers, infinities and NaN, equal
 * operands, masked elements; value and gradient, in every floating type, against PyTorch's answers on file.
 *
 * <p>Where PyTorch's answer is a number, Akari's is that one, or lies at least as near to what PyTorch says in float64. Where it is NaN there
 * is no answer. The slow test with {@code -Dakari.write} asks PyTorch again and writes the file.
 */
class LossExtremesTest {
    private static final String FILE = "extremes.gz";
    private static final List<DType> TYPES = List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16);

    /** One row in one type. */
    record Ask(Extremes.Row row, DType type) {
        Input[] inputs(DType as) {
            return row.inputs(type, as);
        }

        @Override
        public String toString() {
            return row.torch() + " in " + type;
        }
    }

    static Stream<Ask> asks() {
        String only = System.getProperty("akari.case", "");
        return Extremes.rows().stream()
                .filter(r ->
                        java.util.regex.Pattern.compile(only).matcher(r.torch()).find())
                .flatMap(r -> TYPES.stream().map(t -> new Ask(r, t)));
    }

    private static final Recording RECORDING = recording();

    private static Recording recording() {
        try (InputStream in = LossExtremesTest.class.getResourceAsStream(FILE)) {
            return in == null ? new Recording() : Recording.read(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("asks")
    void agreesWithTheRecordedAnswers(Ask ask) {
        agrees(ask, RECORDING);
    }

    @Test
    @Tag("slow")
    void theRecordingIsUpToDate() {
        if (System.getProperty("akari.write") == null) {
            // what PyTorch refuses is recorded too
            asks().forEach(a ->
                    assertThatCode(() -> answer(a, RECORDING, a.type)).doesNotThrowAnyException());
            return;
        }
        try (TorchOracle torch = TorchOracle.start()) {
            Recording fresh = new Recording();
            asks().forEach(a -> {
                answer(a, fresh.of(torch::eval), a.type);
                answer(a, fresh.of(torch::eval), DType.FLOAT64);
            });
            fresh.write(Path.of("src", "test", "resources", "akari", "testkit", "cases", FILE));
        }
    }

    /** Null where PyTorch has none in this type. */
    private static Answer answer(Ask ask, Comparison.Oracle oracle, DType as) {
        try {
            return oracle.eval(ask.row.torch(), ask.inputs(as));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void agrees(Ask ask, Comparison.Oracle oracle) {
        Answer truth = answer(ask, oracle, DType.FLOAT64);
        Answer theirs = answer(ask, oracle, ask.type);
        if (truth == null) fail(ask + ": PyTorch has no answer even in float64");
        Answer expected = theirs == null ? truth : theirs;
        Input[] inputs = ask.inputs(ask.type);
        Tensor[] leaves = new Tensor[inputs.length];
        for (int i = 0; i < leaves.length; i++) {
            Value v = inputs[i].value();
            leaves[i] = Tensors.of(v.dtype(), v.values(), v.shape()).detach();
            if (inputs[i].requiresGrad()) leaves[i].requiresGrad_();
        }
        Tensor out = ask.row.akari().apply(leaves.clone());
        assertThat(out.dtype()).isEqualTo(ask.type);
        List<String> wrong = new ArrayList<>();
        compare(
                ask,
                "value",
                out,
                expected.outputs().getFirst(),
                truth.outputs().getFirst(),
                inputs,
                wrong);
        if (out.requiresGrad()) {
            out.mul(Tensors.of(out.dtype(), TorchOracle.weights(0, (int) out.numel()), out.shape()))
                    .sum()
                    .backward();
        }
        for (int i = 0; i < leaves.length; i++) {
            String name = inputs[i].name();
            Value gradient = expected.gradients().get(name);
            if (gradient == null || leaves[i].grad() == null) continue;
            compare(
                    ask,
                    "d" + name,
                    leaves[i].grad(),
                    gradient,
                    truth.gradients().get(name),
                    inputs,
                    wrong);
        }
        assertThat(wrong).as(ask + ": " + wrong.size() + " differ").isEmpty();
    }

    private static void compare(
            Ask ask, String what, Tensor actual, Value expected, Value truth, Input[] inputs, List<String> wrong) {
        double[] a = actual.toDoubles();
        double[] e = expected.values();
        double[] t = truth.values();
        for (int i = 0; i < a.length; i++) {
            double absolute = ask.row.rounding() ? 8 * ask.type.finfo().eps() * scale(e, i, expected.shape()) : 0;
            if (!right(ask.type, a[i], e[i], t[i], absolute)) {
                int element = i;
                List<String> operands = Arrays.stream(inputs)
                        .map(in -> ask.row.around(in, element, a.length))
                        .toList();
                wrong.add(what + "[" + i + "] is " + a[i] + " instead of " + e[i] + " (" + t[i] + " in float64) at "
                        + operands);
            }
        }
    }

    /** The largest finite number in the same vector, at least 1. */
    private static double scale(double[] expected, int at, Shape shape) {
        int width = shape.rank() > 1 ? (int) shape.get(-1) : 1;
        int from = at / width * width;
        return Arrays.stream(expected, from, from + width)
                .map(Math::abs)
                .filter(Double::isFinite)
                .reduce(1, Math::max);
    }

    /** In float64 the smallest differences from what is exactly right are PyTorch's own. */
    private static boolean right(DType type, double actual, double expected, double truth, double absolute) {
        if (Double.isNaN(expected) || actual == expected) return true;
        double fits = Conversions.round(type, truth); // an infinity, where the type holds no more
        if (actual == fits) return true;
        if (Double.isNaN(actual)) return false;
        double[] tolerance = switch (type) {
            case FLOAT64 -> new double[] {1e-10, 4e-15};
            case FLOAT32 -> new double[] {4e-6, 1e-35};
            case FLOAT16 -> new double[] {0x1p-9, 0x1p-22};
            default -> new double[] {0x1p-6, 1e-35};
        };
        double slack = Math.max(absolute, tolerance[1]);
        return Values.near(actual, expected, tolerance[0], slack)
                || Values.near(actual, fits, tolerance[0], slack)
                || Double.isFinite(truth) && Math.abs(actual - truth) <= Math.abs(expected - truth);
    }
}
