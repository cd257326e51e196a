package akari.testkit.cases;

import akari.backend.Conversions;
import akari.core.DType;
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
 *
 * <p>Questions at {@link Special} values ask for gradients too. There every type may lie nearer to float64, tolerances are relative (to
 * the element for a function of single numbers, else to the largest of the tensor), and of gradients one rule holds: where
 * PyTorch's is a number, so is Akari's, and the same; where it is infinite, Akari's is no number either, unless float64 has one; where it
 * is NaN, PyTorch has no answer, and Akari's is free.
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
    private final @Nullable Special special;
    private final Draw draw;
    private final Question question;
    /** Of the questions at ordinary values only finite ones ask for gradients. */
    private final boolean finite;

    private final Input[] inputs;

    Comparison(Case test, DType type, int seed, int largest) {
        this(test, type, seed, largest, null);
    }

    /** A question at special values, if they are given. */
    Comparison(Case test, DType type, int seed, int largest, @Nullable Special special) {
        this.test = test;
        this.type = type;
        this.special = special;
        draw = new Draw(new Random(31L * test.name.hashCode() + seed + 1000L * type.ordinal()), largest);
        question = test.draw.apply(draw);
        finite = seed % 2 == 0 || special != null;
        var operands = question.operands();
        inputs = new Input[operands.length];
        for (int i = 0; i < inputs.length; i++) {
            var operand = operands[i];
            var own = operand.fixedType() == null ? type : operand.fixedType();
            var values = special == null
                    ? Values.of(operand, type, finite, draw.random)
                    : special.of(operand, type, seed, draw.random);
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
            if (!differentiable && !expected.gradients().isEmpty()) return "has no gradient, in PyTorch it has";
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
                    false,
                    torch,
                    a -> a.outputs().get(output));
            if (difference != null) return "output " + i + difference;
        }
        for (int i = 0; i < leaves.length; i++) {
            var name = NAMES[i];
            var gradient = expected.gradients().get(name);
            var ours = leaves[i].grad();
            if (gradient == null) {
                // PyTorch leaves out some that are 0
                if (ours != null && Arrays.stream(ours.toDoubles()).anyMatch(v -> v != 0)) {
                    return "has a gradient of " + name + ", in PyTorch it has none";
                }
                continue;
            }
            if (ours == null && gradient.values().length == 0) continue;
            if (ours == null) return "no gradient of " + name;
            var difference =
                    difference(ours, gradient, true, torch, a -> a.gradients().get(name));
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

    private @Nullable String difference(Tensor actual, Value expected, boolean gradient, Oracle torch, Part part) {
        if (actual.dtype() != expected.dtype() || !actual.shape().equals(expected.shape())) {
            return " is " + actual.dtype() + " " + actual.shape() + " instead of " + expected.dtype() + " "
                    + expected.shape();
        }
        var ours = actual.toDoubles();
        var theirs = expected.values();
        double relative = test.tolerance(actual.dtype())[0];
        boolean sharp = special != null && !gradient && single(actual) && actual.dtype() == DType.FLOAT32;
        if (sharp) relative = Math.min(relative, 2e-6);
        double absolute =
                special == null ? test.tolerance(actual.dtype())[1] : floor(actual, theirs, gradient, relative);
        boolean judged = type != DType.FLOAT64 && (special != null || type.isHalf());
        @Nullable Value truth = null;
        for (int i = 0; i < ours.length; i++) {
            boolean free = gradient && special != null && !Double.isFinite(theirs[i]);
            if (Values.near(ours[i], theirs[i], relative, absolute)
                    || free && (Double.isNaN(theirs[i]) || !Double.isFinite(ours[i]))) {
                continue;
            }
            String difference = "[" + i + "] is " + ours[i] + " instead of " + theirs[i];
            truth = judged && truth == null ? truth(torch, part) : truth;
            if (truth == null) return difference;
            double exact = truth.values()[i];
            double rounded = Conversions.round(actual.dtype(), exact);
            boolean right = Values.near(ours[i], rounded, relative, absolute)
                    || Math.abs(ours[i] - exact) <= Math.abs(theirs[i] - exact)
                    || gradient && special != null && Double.isInfinite(rounded) && !Double.isFinite(ours[i]);
            if (!right) return difference + ", exactly " + exact;
        }
        return null;
    }

    /** What an error may be at special values beside a part of the element itself. */
    private double floor(Tensor actual, double[] expected, boolean gradient, double relative) {
        if (!actual.dtype().isFloating()) return 0;
        double smallest = actual.dtype().finfo().tiny();
        // slopes of float64, which judges the others, may cancel in PyTorch
        double cancelled = gradient ? Math.max(smallest, 0x1p-50) : smallest;
        if (single(actual)) return cancelled;
        // terms cancel: those of values are of the operands' size, or products of them, those of gradients of the
        // weights'
        double eps = actual.dtype().finfo().eps();
        double terms = largest(expected) * relative;
        for (int i = 0; i < inputs.length && !gradient; i++) {
            double in = largest(inputs[i].value().values());
            boolean products = question.operands()[i].domain() == Domain.UNIT;
            terms = Math.max(terms, eps * in * (products ? Math.max(1, in) : 1));
        }
        return !gradient ? terms : Math.max(eps, type.isHalf() ? 8 * terms : terms);
    }

    private boolean single(Tensor actual) {
        return test.pointwise
                && inputs.length == 1
                && actual.shape().equals(inputs[0].value().shape());
    }

    private static double largest(double[] values) {
        return Arrays.stream(values)
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(0);
    }

    /** PyTorch's answer in float64, or null where it has none. */
    private @Nullable Value truth(Oracle torch, Part part) {
        var exact = new Input[inputs.length];
        for (int i = 0; i < exact.length; i++) {
            var in = inputs[i];
            var v = in.value();
            exact[i] = v.dtype() != type
                    ? in
                    : new Input(in.name(), new Value(DType.FLOAT64, v.shape(), v.values()), in.requiresGrad());
        }
        try {
            return part.of(torch.eval(question.torch(), exact));
        } catch (IllegalArgumentException | Recording.Missing e) {
            return null;
        }
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
