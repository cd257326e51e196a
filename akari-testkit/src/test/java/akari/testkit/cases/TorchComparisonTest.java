package akari.testkit.cases;

import static org.assertj.core.api.Assertions.fail;

import akari.backend.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.testkit.TorchOracle;
import akari.testkit.TorchOracle.Input;
import akari.testkit.TorchOracle.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Asks PyTorch and Akari the same random questions: values, types, shapes and gradients, over all memory layouts. */
@Tag("slow")
class TorchComparisonTest {
    private static final int QUESTIONS = 30;
    private static final String[] NAMES = {"x", "y", "z", "u", "v"};
    private static final double[] SPECIAL = {
        0.0,
        -0.0,
        1,
        -1,
        0.5,
        -0.5,
        3,
        -3,
        6,
        2.5,
        20,
        -20,
        800,
        -800,
        1e-30,
        -1e-30,
        1e30,
        -1e30,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };
    private static final int SMALL = 16;
    private static final int FINITE = 18;

    private static TorchOracle torch;

    @BeforeAll
    static void start() {
        torch = TorchOracle.start();
    }

    @AfterAll
    static void stop() {
        torch.close();
    }

    static List<Case> cases() {
        return Cases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void float64(Case c) {
        compare(c, DType.FLOAT64, 1e-10, 1e-12);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void float32(Case c) {
        compare(c, DType.FLOAT32, 1e-5, 2e-6);
    }

    private static void compare(Case c, DType dtype, double r, double a) {
        if (!c.covers(dtype)) return;
        double relative = c.tolerance(dtype, r, a)[0];
        double absolute = c.tolerance(dtype, r, a)[1];
        var problems = new ArrayList<String>();
        for (int seed = 0; seed < QUESTIONS; seed++) {
            var draw = new Draw(new Random(31L * c.name.hashCode() + seed), 6);
            var question = c.draw.apply(draw);
            var problem = ask(question, dtype, seed % 2 == 0, draw, relative, absolute);
            if (problem != null) problems.add("seed " + seed + ", " + dtype + ": " + question.torch() + problem);
        }
        if (!problems.isEmpty()) {
            fail(problems.size() + " of " + QUESTIONS + " answers differ from PyTorch's:\n"
                    + String.join("\n", problems));
        }
    }

    /** What differs, or null. Gradients at infinities and NaN are a matter of taste: only finite questions ask for them. */
    private static String ask(Question q, DType dtype, boolean finite, Draw draw, double relative, double absolute) {
        var inputs = new Input[q.operands().length];
        var leaves = new Tensor[inputs.length];
        var tensors = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            var operand = q.operands()[i];
            boolean floating = operand.fixedType() == null;
            var type = floating ? dtype : operand.fixedType();
            var values = floating ? values(operand, dtype, finite, draw.random) : operand.fixedValues();
            boolean differentiate = finite && operand.requiresGrad();
            inputs[i] = new Input(NAMES[i], new Value(type, operand.shape(), values), differentiate);
            leaves[i] = laidOut(Tensors.of(type, values, operand.shape()), draw.between(0, 3));
            if (differentiate) leaves[i].requiresGrad_();
            tensors[i] = leaves[i];
        }
        var expected = torch.eval(q.torch(), inputs);
        List<Tensor> actual;
        try {
            actual = q.akari().apply(tensors);
            if (!expected.gradients().isEmpty()) weighted(actual.getFirst()).backward();
        } catch (RuntimeException e) {
            return describe(inputs) + "\n    Akari refuses: " + e;
        }
        if (actual.size() != expected.outputs().size()) {
            return "\n    " + actual.size() + " outputs instead of "
                    + expected.outputs().size();
        }
        for (int i = 0; i < actual.size(); i++) {
            var difference = difference(actual.get(i), expected.outputs().get(i), relative, absolute);
            if (difference != null) return describe(inputs) + "\n    output " + i + difference;
        }
        for (int i = 0; i < leaves.length; i++) {
            var gradient = expected.gradients().get(NAMES[i]);
            if (gradient == null) continue;
            var ours = leaves[i].grad();
            if (ours == null) return describe(inputs) + "\n    no gradient of " + NAMES[i];
            var difference = difference(ours, gradient, relative, absolute);
            if (difference != null) return describe(inputs) + "\n    gradient of " + NAMES[i] + difference;
        }
        return null;
    }

    private static Tensor weighted(Tensor out) {
        var weights = Tensors.of(out.dtype(), TorchOracle.weights((int) out.numel()), out.shape());
        return out.mul(weights).sum();
    }

    private static double[] values(Operand operand, DType dtype, boolean finite, Random random) {
        var values = new double[(int) operand.shape().numel()];
        for (int i = 0; i < values.length; i++) {
            double uniform = 6 * random.nextDouble() - 3;
            values[i] = switch (operand.domain()) {
                case ANY ->
                    random.nextInt(3) == 0 ? SPECIAL[random.nextInt(finite ? FINITE : SPECIAL.length)] : uniform;
                case FINITE -> random.nextInt(3) == 0 ? SPECIAL[random.nextInt(SMALL)] : uniform;
                case MODERATE -> uniform;
                case UNIT -> uniform / 3;
                case POSITIVE -> 0.2 + Math.abs(uniform);
            };
            if (dtype == DType.FLOAT32) values[i] = (float) values[i];
        }
        return values;
    }

    /** The same values as they came, transposed in memory, with gaps between them, or behind an offset. */
    private static Tensor laidOut(Tensor t, int kind) {
        int last = t.dim() - 1;
        return switch (kind) {
            case 1 -> last > 0 ? t.transpose(0, last).clone().contiguous().transpose(0, last) : t;
            case 2 -> Tensors.stack(List.of(t, t), last + 1).select(last + 1, 1);
            case 3 -> Tensors.stack(List.of(t, t), 0).select(0, 1);
            default -> t;
        };
    }

    private static String difference(Tensor actual, Value expected, double relative, double absolute) {
        if (actual.dtype() != expected.dtype() || !actual.shape().equals(expected.shape())) {
            return " is " + actual.dtype() + " " + actual.shape() + " instead of " + expected.dtype() + " "
                    + expected.shape();
        }
        var values = actual.toDoubles();
        for (int i = 0; i < values.length; i++) {
            double a = values[i];
            double b = expected.values()[i];
            boolean same = Double.compare(a, b) == 0 || a == b || Math.abs(a - b) <= absolute + relative * Math.abs(b);
            if (!same) return "[" + i + "] is " + a + " instead of " + b;
        }
        return null;
    }

    private static String describe(Input[] inputs) {
        var text = new StringBuilder();
        for (var input : inputs) {
            var v = input.value();
            text.append("\n    ")
                    .append(input.name())
                    .append(": ")
                    .append(v.dtype())
                    .append(' ')
                    .append(v.shape());
            int shown = Math.min(v.values().length, 12);
            text.append(' ').append(Arrays.toString(Arrays.copyOf(v.values(), shown)));
        }
        return text.toString();
    }
}
