package akari.testkit.cases;

import akari.backend.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.testkit.TorchOracle;
import akari.testkit.TorchOracle.Answer;
import akari.testkit.TorchOracle.Input;
import akari.testkit.TorchOracle.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One question in one type, asked of PyTorch and of Akari. Everything about it follows from the case, the type and the seed.
 *
 * <p>Values, types, shapes and gradients must agree. Results in half precision count as right also where they lie nearer than
 * PyTorch's own to what PyTorch says in float64: it rounds between steps where Akari rounds once.
 */
final class Comparison {
    private static final String[] NAMES = {"x", "y", "z", "u", "v"};

    /** Who knows PyTorch's answers. */
    @FunctionalInterface
    interface Oracle {
        /** Fails with an IllegalArgumentException where PyTorch refuses. */
        Answer eval(String expression, Input... inputs);
    }

    /** How a comparison ended; {@code difference} is null where they agree. */
    record Outcome(boolean answered, @Nullable String difference) {}

    private final Case test;
    private final DType type;
    private final Draw draw;
    private final Question question;
    /** Gradients at infinities and NaN are a matter of taste: only finite questions ask for them. */
    private final boolean finite;

    private final Input[] inputs;

    Comparison(Case test, DType type, int seed, int largest) {
        this.test = test;
        this.type = type;
        draw = new Draw(new Random(31L * test.name.hashCode() + seed + 1000L * type.ordinal()), largest);
        question = test.draw.apply(draw);
        finite = seed % 2 == 0;
        var operands = question.operands();
        inputs = new Input[operands.length];
        for (int i = 0; i < inputs.length; i++) {
            var operand = operands[i];
            var own = operand.fixedType() == null ? type : operand.fixedType();
            var values = Values.of(operand, type, finite, draw.random);
            boolean differentiate = finite && operand.requiresGrad() && own.isFloating();
            inputs[i] = new Input(NAMES[i], new Value(own, operand.shape(), values), differentiate);
        }
    }

    String torch() {
        return question.torch();
    }

    Input[] inputs() {
        return inputs;
    }

    /** Whether the type of the run matters. */
    boolean typed() {
        return inputs.length == 0 ? false : Arrays.stream(question.operands()).anyMatch(o -> o.fixedType() == null);
    }

    Outcome ask(Oracle torch) {
        Answer expected;
        try {
            expected = torch.eval(question.torch(), inputs);
        } catch (IllegalArgumentException e) {
            return new Outcome(false, refused());
        }
        var difference = compare(expected, torch);
        return new Outcome(true, difference == null ? null : describe() + "\n    " + difference);
    }

    /** What PyTorch refuses, Akari may do, or refuse in a way that is documented. */
    private @Nullable String refused() {
        try {
            for (var t : question.akari().apply(leaves(false))) t.toDoubles();
            return null;
        } catch (RuntimeException e) {
            return Refusals.documented(e) ? null : describe() + "\n    PyTorch refuses, and Akari breaks: " + e;
        }
    }

    private Tensor[] leaves(boolean differentiate) {
        var leaves = new Tensor[inputs.length];
        for (int i = 0; i < leaves.length; i++) {
            var v = inputs[i].value();
            leaves[i] = Values.laidOut(Tensors.of(v.dtype(), v.values(), v.shape()), draw.between(0, 3))
                    .detach();
            if (differentiate && inputs[i].requiresGrad()) leaves[i].requiresGrad_();
        }
        return leaves;
    }

    private @Nullable String compare(Answer expected, Oracle torch) {
        var leaves = leaves(true);
        List<Tensor> actual;
        try {
            actual = question.akari().apply(leaves.clone());
            boolean differentiable = actual.stream().anyMatch(Tensor::requiresGrad);
            if (differentiable != !expected.gradients().isEmpty()) {
                return differentiable ? "has a gradient, in PyTorch it has none" : "has no gradient, in PyTorch it has";
            }
            if (differentiable) weighted(actual).backward();
        } catch (RuntimeException e) {
            return "Akari refuses: " + e;
        }
        if (actual.size() != expected.outputs().size()) {
            return actual.size() + " outputs instead of " + expected.outputs().size();
        }
        for (int i = 0; i < actual.size(); i++) {
            int output = i;
            var difference = difference(
                    actual.get(i),
                    expected.outputs().get(i),
                    torch,
                    a -> a.outputs().get(output));
            if (difference != null) return "output " + i + difference;
        }
        for (int i = 0; i < leaves.length; i++) {
            var name = NAMES[i];
            var gradient = expected.gradients().get(name);
            var ours = leaves[i].grad();
            if (gradient == null || ours == null && gradient.values().length == 0) continue;
            if (ours == null) return "no gradient of " + name;
            var difference =
                    difference(ours, gradient, torch, a -> a.gradients().get(name));
            if (difference != null) return "gradient of " + name + difference;
        }
        return null;
    }

    private static Tensor weighted(List<Tensor> outputs) {
        Tensor total = null;
        for (int i = 0; i < outputs.size(); i++) {
            var out = outputs.get(i);
            if (!out.requiresGrad()) continue;
            var weights = Tensors.of(out.dtype(), TorchOracle.weights(i, (int) out.numel()), out.shape());
            var part = out.mul(weights).sum();
            total = total == null ? part : total.add(part);
        }
        return total;
    }

    private interface Part {
        @Nullable
        Value of(Answer answer);
    }

    private @Nullable String difference(Tensor actual, Value expected, Oracle torch, Part part) {
        if (actual.dtype() != expected.dtype() || !actual.shape().equals(expected.shape())) {
            return " is " + actual.dtype() + " " + actual.shape() + " instead of " + expected.dtype() + " "
                    + expected.shape();
        }
        double[] tolerance = test.tolerance(actual.dtype());
        var values = actual.toDoubles();
        var difference = Values.difference(values, expected.values(), tolerance[0], tolerance[1]);
        if (difference == null || actual.dtype() != DType.FLOAT16 && actual.dtype() != DType.BFLOAT16) {
            return difference;
        }
        var exact = new Input[inputs.length];
        for (int i = 0; i < exact.length; i++) {
            var in = inputs[i];
            var v = in.value();
            exact[i] = v.dtype() != type
                    ? in
                    : new Input(in.name(), new Value(DType.FLOAT64, v.shape(), v.values()), in.requiresGrad());
        }
        Value truth;
        try {
            truth = part.of(torch.eval(question.torch(), exact));
        } catch (IllegalArgumentException e) {
            return difference;
        }
        if (truth == null) return difference;
        for (int i = 0; i < values.length; i++) {
            double t = Tensors.of(actual.dtype(), new double[] {truth.values()[i]}, akari.backend.Shape.of(1))
                    .item();
            double theirs = Math.abs(expected.values()[i] - truth.values()[i]);
            boolean right = Values.near(values[i], expected.values()[i], tolerance[0], tolerance[1])
                    || Values.near(values[i], t, tolerance[0], tolerance[1])
                    || Math.abs(values[i] - truth.values()[i]) <= theirs;
            if (!right)
                return "[" + i + "] is " + values[i] + " instead of " + expected.values()[i] + ", exactly "
                        + truth.values()[i];
        }
        return null;
    }

    String describe() {
        var text = new StringBuilder(question.torch());
        for (var input : inputs) {
            var v = input.value();
            int shown = Math.min(v.values().length, 12);
            text.append("\n    ")
                    .append(input.name())
                    .append(": ")
                    .append(v.dtype())
                    .append(' ')
                    .append(v.shape())
                    .append(' ')
                    .append(Arrays.toString(Arrays.copyOf(v.values(), shown)));
        }
        return text.toString();
    }

    /** The types that a case is asked in, each so many times. */
    record Plan(DType type, int questions) {}

    static List<Plan> plans(Case c) {
        if (!new Comparison(c, DType.FLOAT64, 0, 6).typed()) return List.of(new Plan(DType.FLOAT64, 40));
        var out = new ArrayList<Plan>();
        for (var type : DType.values()) {
            int questions = switch (type) {
                case FLOAT64, FLOAT32 -> 24;
                case FLOAT16, BFLOAT16, INT64 -> 8;
                case INT32, UINT8, BOOL -> 5;
                case INT16, INT8 -> 3;
            };
            if (c.covers(type)) out.add(new Plan(type, questions));
        }
        return out;
    }
}
