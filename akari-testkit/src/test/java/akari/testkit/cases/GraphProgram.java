package akari.testkit.cases;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.testkit.TorchOracle;
import akari.testkit.TorchOracle.Answer;
import akari.testkit.TorchOracle.Input;
import akari.testkit.TorchOracle.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A random program of operations, views and changes in place, in both languages. It is written as it runs, because what fits next
 * depends on the shapes so far.
 */
final class GraphProgram {
    private static final String[] NAMES = {"x", "y", "z"};

    /** What Akari made of a program: outputs and gradients by input, or why it refused. */
    record Outcome(@Nullable String refusal, List<Tensor> outputs, Map<String, @Nullable Tensor> gradients) {
        @Nullable
        String difference(Answer answer) {
            if (refusal != null) return "refused: " + refusal;
            for (int i = 0; i < outputs.size(); i++) {
                var d = difference(outputs.get(i), answer.outputs().get(i));
                if (d != null) return "output " + i + d;
            }
            for (var g : gradients.entrySet()) {
                var theirs = answer.gradients().get(g.getKey());
                var ours = g.getValue();
                if ((ours == null) != (theirs == null)) {
                    return "gradient of " + g.getKey() + (ours == null ? " is missing" : " is not in PyTorch");
                }
                var d = ours == null ? null : difference(ours, theirs);
                if (d != null) return "gradient of " + g.getKey() + d;
            }
            return null;
        }

        private static @Nullable String difference(Tensor ours, Value theirs) {
            if (!ours.shape().equals(theirs.shape())) return " is " + ours.shape() + " instead of " + theirs.shape();
            return Values.difference(ours.toDoubles(), theirs.values(), 1e-9, 1e-12);
        }
    }

    private final long seed;
    private final Random random;
    private final List<Input> inputs = new ArrayList<>();
    private final List<Tensor> leaves = new ArrayList<>();
    private final Map<String, Tensor> values = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private @Nullable String refused;
    private String outputs = "";

    GraphProgram(long seed) {
        this(seed, -1, 0, 0);
    }

    GraphProgram(long seed, int moved, int element, double by) {
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        long[] sizes = random.longs(1 + random.nextInt(3), 1, 5).toArray();
        int n = 2 + random.nextInt(2);
        for (int i = 0; i < n; i++) {
            long[] own = sizes.clone();
            if (i > 0 && random.nextInt(3) == 0) own[random.nextInt(own.length)] = 1;
            var shape = Shape.of(own);
            var data = random.doubles(shape.numel(), -1, 1).toArray();
            if (i == moved) data[element] += by;
            boolean grad = i == 0 || random.nextBoolean();
            inputs.add(new Input(NAMES[i], new Value(DType.FLOAT64, shape, data), grad));
            var leaf = Tensors.of(DType.FLOAT64, data, shape).requiresGrad_(grad);
            leaves.add(leaf);
            values.put(NAMES[i], leaf);
        }
    }

    Outcome run() {
        List<Tensor> out = new ArrayList<>();
        var gradients = new LinkedHashMap<String, @Nullable Tensor>();
        String refusal = null;
        try {
            int steps = 3 + random.nextInt(8);
            for (int i = 0; i < steps; i++) step();
            var names = new ArrayList<>(values.keySet());
            var chosen = new ArrayList<>(List.of(names.getLast()));
            for (int i = random.nextInt(3); i > 0; i--) chosen.add(any());
            // the others too, without influence: PyTorch's compiler drops changes that no result shows
            outputs = String.join(", ", chosen) + ", "
                    + names.stream().map(n -> n + ".detach()").collect(Collectors.joining(", "));
            for (var name : chosen) out.add(values.get(name));
            for (var name : names) out.add(values.get(name).detach());
            differentiate(out);
        } catch (RuntimeException e) {
            if (!Refusals.documented(e)) throw new AssertionError("undocumented refusal of\n" + this, e);
            refusal = e.getMessage();
            if (refused != null) outputs = refused + ", ";
            outputs += values.keySet().stream().map(n -> n + ",").collect(Collectors.joining(" "));
        }
        for (int i = 0; i < leaves.size(); i++)
            gradients.put(NAMES[i], leaves.get(i).grad());
        return new Outcome(refusal, out, gradients);
    }

    /** What is wrong with the gradients by finite differences, which see what {@code detach} hides. */
    @Nullable
    String byDifferences(Outcome outcome) {
        if (text().contains(".detach().mul_") || lines.stream().anyMatch(l -> l.endsWith(".detach()"))) return null;
        for (int i = 0; i < leaves.size(); i++) {
            var g = outcome.gradients().get(NAMES[i]);
            if (g == null) continue;
            for (int k = 0; k < g.numel(); k++) {
                double h = 1e-5;
                double up = new GraphProgram(seed, i, k, h).value();
                double down = new GraphProgram(seed, i, k, -h).value();
                double d = (up - down) / (2 * h);
                double ours = g.toDoubles()[k];
                if (Math.abs(d - ours) > 1e-6 * Math.max(1, Math.abs(d)))
                    return "gradient of " + NAMES[i] + "[" + k + "] is " + ours + ", by differences " + d;
            }
        }
        return null;
    }

    private double value() {
        var total = total(run().outputs());
        return total == null ? 0 : total.item();
    }

    private static void differentiate(List<Tensor> outputs) {
        var total = total(outputs);
        if (total != null) total.backward();
    }

    private static @Nullable Tensor total(List<Tensor> outputs) {
        Tensor total = null;
        for (int i = 0; i < outputs.size(); i++) {
            var out = outputs.get(i);
            if (!out.requiresGrad()) continue;
            var weights = Tensors.of(DType.FLOAT64, TorchOracle.weights(i, (int) out.numel()), out.shape());
            var part = out.mul(weights).sum();
            total = total == null ? part : total.add(part);
        }
        return total;
    }

    // ---- steps

    private void step() {
        var name = random.nextInt(3) == 0 ? any() : newest();
        switch (random.nextInt(10)) {
            case 0, 1 -> pointwise(name);
            case 2, 3 -> combined(name);
            case 4, 5 -> view(name);
            case 6, 7, 8 -> inPlace(name);
            default -> other(name);
        }
    }

    private void pointwise(String name) {
        var v = values.get(name);
        switch (random.nextInt(12)) {
            case 0 -> add(name + ".sin()", v::sin);
            case 1 -> add(name + ".tanh()", v::tanh);
            case 2 -> add(name + ".sigmoid()", v::sigmoid);
            case 3 -> add(name + ".relu()", v::relu);
            case 4 -> add(name + ".square()", v::square);
            case 5 -> add(name + ".abs()", v::abs);
            case 6 -> add(name + ".neg()", v::neg);
            case 7 -> add(name + ".clone()", v::clone);
            case 8 -> add(name + " * 1.5", () -> v.mul(1.5));
            case 9 -> add(name + ".clamp(-0.5, 0.5)", () -> v.clamp(-0.5, 0.5));
            case 10 ->
                add(
                        "torch.exp(" + name + ".clamp(max=1.0))",
                        () -> v.clampMax(1).exp());
            default -> add(name + ".detach()", v::detach);
        }
    }

    private void combined(String name) {
        var v = values.get(name);
        var other = fitting(v.shape(), false);
        var w = values.get(other);
        switch (random.nextInt(6)) {
            case 0 -> add(name + " + " + other, () -> v.add(w));
            case 1 -> add(name + " - " + other, () -> v.sub(w));
            case 2, 3 -> add(name + " * " + other, () -> v.mul(w));
            case 4 -> add("torch.maximum(" + name + ", " + other + ")", () -> v.maximum(w));
            default -> add("torch.where(" + name + " > 0, " + name + ", " + other + ")", () -> v.where(v.gt(0), w));
        }
    }

    private void view(String name) {
        var v = values.get(name);
        int rank = v.dim();
        if (rank == 0) {
            add(name + ".unsqueeze(0)", () -> v.unsqueeze(0));
            return;
        }
        int d = random.nextInt(rank);
        int e = random.nextInt(rank);
        long size = v.size(d);
        long at = random.nextLong(Math.max(1, size));
        switch (random.nextInt(14)) {
            case 0 -> add(name + ".select(" + d + ", " + at + ")", () -> v.select(d, at));
            case 1 ->
                add(name + ".narrow(" + d + ", " + at + ", " + (size - at) + ")", () -> v.narrow(d, at, size - at));
            case 2 -> add(name + ".transpose(" + d + ", " + e + ")", () -> v.transpose(d, e));
            case 3 -> add(name + ".unsqueeze(" + d + ")", () -> v.unsqueeze(d));
            case 4 -> add(name + ".squeeze(" + d + ")", () -> v.squeeze(d));
            case 5 -> add(name + ".view(-1)", () -> v.view(-1));
            case 6 -> add(name + ".reshape(-1)", () -> v.reshape(-1));
            case 7 -> {
                long[] shape = new long[rank + 1];
                shape[0] = 2;
                Arrays.fill(shape, 1, rank + 1, -1);
                add(name + ".expand(" + list(shape) + ")", () -> v.expand(shape));
            }
            case 8 -> {
                if (rank > 1 && d != e) add(name + ".diagonal(0, " + d + ", " + e + ")", () -> v.diagonal(0, d, e));
                else add(name + ".view_as(" + name + ")", () -> v.viewAs(v));
            }
            case 9 -> {
                if (size >= 2) add(name + ".unfold(" + d + ", 2, 1)", () -> v.unfold(d, 2, 1));
                else add(name + ".flatten()", v::flatten);
            }
            case 10 -> add(name + ".chunk(2, " + d + ")[0]", () -> v.chunk(2, d).getFirst());
            case 11 -> add(name + ".movedim(" + d + ", " + e + ")", () -> v.movedim(d, e));
            case 12 -> {
                if (d == 0) add(name + "[" + at + "::2]", () -> v.slice(0, at, Long.MAX_VALUE, 2));
                else
                    add(
                            name + ".unbind(" + d + ")[" + at + "]",
                            () -> v.unbind(d).get((int) at));
            }
            default -> add(name + ".contiguous()", v::contiguous);
        }
    }

    private void inPlace(String name) {
        var v = values.get(name);
        var other = fitting(v.shape(), true);
        var w = values.get(other);
        int rank = v.dim();
        int d = rank == 0 ? 0 : random.nextInt(rank);
        switch (random.nextInt(17)) {
            case 0 -> change(name, ".mul_(0.5)", () -> v.mul_(0.5));
            case 1, 2 -> change(name, ".add_(" + other + ")", () -> v.add_(w));
            case 3, 4 -> change(name, ".mul_(" + other + ")", () -> v.mul_(w));
            case 5, 6 -> change(name, ".copy_(" + other + ")", () -> v.copy_(w));
            case 7 -> change(name, ".zero_()", v::zero_);
            case 8 -> change(name, ".fill_(0.25)", () -> v.fill_(0.25));
            case 9 -> change(name, ".relu_()", v::relu_);
            case 10 -> change(name, ".sigmoid_()", v::sigmoid_);
            case 11 -> change(name, ".tanh_()", v::tanh_);
            case 12 -> change(name, ".masked_fill_(" + other + " > 0, 0.75)", () -> v.maskedFill_(w.gt(0), 0.75));
            case 13 -> change(name, ".unsqueeze_(" + d + ")", () -> v.unsqueeze_(d));
            case 14 -> {
                if (rank > 0) change(name, ".transpose_(" + d + ", 0)", () -> v.transpose_(d, 0));
                else change(name, ".neg_()", v::neg_);
            }
            case 15 -> change(name + ".detach()", ".mul_(0.5)", () -> v.detach().mul_(0.5));
            default -> change(name, ".addcmul_(" + other + ", " + other + ")", () -> v.addcmul_(w, w));
        }
    }

    private void other(String name) {
        var v = values.get(name);
        int rank = v.dim();
        int d = rank == 0 ? 0 : random.nextInt(rank);
        switch (random.nextInt(7)) {
            case 0 -> add(name + ".sum(" + d + ")", () -> v.sum(d));
            case 1 -> add(name + ".mean(" + d + ", True)", () -> v.mean(new int[] {d}, true));
            case 2 -> add(name + ".softmax(" + d + ")", () -> v.softmax(d));
            case 3 -> add(name + ".cumsum(" + d + ")", () -> v.cumsum(d));
            case 4 -> {
                if (rank == 2) add(name + " @ " + name + ".t()", () -> v.matmul(v.t()));
                else add(name + ".flip([" + d + "])", () -> v.flip(d));
            }
            case 5 -> add("torch.cat([" + name + ", " + name + "], " + d + ")", () -> Tensors.cat(List.of(v, v), d));
            default -> add(name + ".amax(" + d + ")", () -> v.amax(d));
        }
    }

    private void add(String expression, Supplier<Tensor> akari) {
        var name = "t" + lines.size();
        lines.add(name + " = " + expression);
        refused = name;
        values.put(name, akari.get());
        refused = null;
    }

    private void change(String name, String call, Supplier<Tensor> akari) {
        lines.add(name + call);
        akari.get();
    }

    private String newest() {
        return new ArrayList<>(values.keySet()).getLast();
    }

    private String any() {
        var names = new ArrayList<>(values.keySet());
        return names.get(random.nextInt(names.size()));
    }

    /** A value that broadcasts with a shape, or {@code to} it. */
    private String fitting(Shape shape, boolean to) {
        var names = values.keySet().stream()
                .filter(n -> {
                    var s = values.get(n).shape();
                    try {
                        var common = Shape.broadcast(s, shape);
                        return !to || common.equals(shape);
                    } catch (IllegalArgumentException e) {
                        return false;
                    }
                })
                .toList();
        return names.get(random.nextInt(names.size()));
    }

    private static String list(long[] sizes) {
        return Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    }

    // ---- as text

    String text() {
        return String.join("\n", lines) + "\n" + outputs;
    }

    Input[] inputs() {
        return inputs.toArray(Input[]::new);
    }

    @Override
    public String toString() {
        return inputs.stream()
                        .map(i -> i.name() + " " + i.value().shape() + (i.requiresGrad() ? " requires grad" : "") + " "
                                + Arrays.toString(i.value().values()) + "\n")
                        .collect(Collectors.joining())
                + text();
    }
}
