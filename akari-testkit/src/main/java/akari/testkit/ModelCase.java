package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.Dropout;
import akari.nn.Functional;
import akari.nn.Init;
import akari.nn.Module;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.vision.models.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model's golden numbers: logits in evaluation, then loss, gradients and running statistics of one training step, on parameters and
 * inputs made by {@link Golden}'s formula. Parameters are rounded to float32, also for a float64 run; dropout is off.
 *
 * <p>In float64 everything agrees to {@link Tolerance#FLOAT64}. In float32 the bounds follow PyTorch's own distance from float64, which
 * the file records: logits 10 times that and 1e-5 of their spread, in evaluation and in training each by its own; the loss 1e-5;
 * gradient norms the larger of 1e-3 and 5 times it.
 */
record ModelCase(JsonNode json) {
    /** Gradients this small are zero but for rounding: a bias in front of a batch normalisation. */
    private static final double ZERO = 1e-10;

    String title() {
        return json.get("model").asString();
    }

    /** What differs from PyTorch, or null. */
    @Nullable
    String run(DType dtype) {
        Module model = create();
        if (model == null) {
            return "Akari has no " + title() + " yet";
        }
        String wrongState = compareNames(model.stateDict());
        if (wrongState != null) {
            return wrongState;
        }
        String eval = evaluate(model, dtype);
        return eval != null ? eval : train(model, dtype);
    }

    private @Nullable Module create() {
        String name = title().equals("lenet5") ? "lenet" : title();
        if (!Models.list("*").contains(name)) {
            return null;
        }
        JsonNode eval = json.get("eval");
        JsonNode shape = eval.get("input_shape");
        long classes = eval.get("logits").size() / shape.get(0).asLong();
        Models.Entry entry = Models.find(name);
        return Init.skipped(() -> entry.create(shape.get(1).asLong(), classes));
    }

    private @Nullable String compareNames(Map<String, Tensor> state) {
        List<String> expected = new ArrayList<>();
        for (JsonNode row : json.get("state_dict")) {
            expected.add(row.get(0).asString() + " " + Shape.of(longs(row.get(1))));
        }
        List<String> got = new ArrayList<>();
        state.forEach((name, t) -> got.add(name + " " + t.shape()));
        for (int i = 0; i < Math.max(expected.size(), got.size()); i++) {
            String e = i < expected.size() ? expected.get(i) : "nothing";
            String g = i < got.size() ? got.get(i) : "nothing";
            if (!e.equals(g)) {
                return "state row " + i + " is " + g + ", expected " + e;
            }
        }
        return null;
    }

    // ---- parameters and inputs

    private void fill(Module model, DType dtype) {
        model.to(dtype).zeroGrad();
        double gain = json.get("gain").asDouble();
        int k = 0;
        for (Map.Entry<String, Tensor> e : model.stateDict().entrySet()) {
            Tensor t = e.getValue();
            String leaf = e.getKey().substring(e.getKey().lastIndexOf('.') + 1);
            double scale = 0.1;
            double offset = 0;
            switch (leaf) {
                case "num_batches_tracked" -> scale = 0;
                case "running_var" -> {
                    scale = 0.5;
                    offset = 1;
                }
                case "running_mean" -> {}
                case "layer_scale" -> {
                    scale = 0.25;
                    offset = 0.5;
                }
                default -> {
                    if (t.dim() >= 2) {
                        scale = Math.sqrt(3.0 * gain / (t.numel() / t.size(0)));
                    } else if (leaf.equals("weight")) {
                        scale = 0.25;
                        offset = 1;
                    }
                }
            }
            t.copy_(Golden.tensor(DType.FLOAT32, k++, scale, offset, t.shape().toArray()));
        }
    }

    /** Noise and blocks of 8×8. */
    private Tensor input(JsonNode part, DType dtype) {
        long[] shape = longs(part.get("input_shape"));
        int height = (int) shape[2];
        int width = (int) shape[3];
        int k0 = json.get("input_k").get(0).asInt();
        int k1 = json.get("input_k").get(1).asInt();
        int rows = (height + 7) / 8;
        int columns = (width + 7) / 8;
        double[] values = new double[(int) (shape[0] * shape[1]) * height * width];
        for (int i = 0; i < values.length; i++) {
            int w = i % width;
            int h = i / width % height;
            int plane = i / width / height;
            values[i] = (float) (Golden.v(k0, i) + Golden.v(k1, (plane * rows + h / 8) * columns + w / 8));
        }
        return Tensors.of(dtype, values, Shape.of(shape));
    }

    // ---- the two parts

    private @Nullable String evaluate(Module model, DType dtype) {
        JsonNode eval = json.get("eval");
        fill(model, dtype);
        model.eval();
        Tensor x = input(eval, dtype);
        Tensor logits = Tensors.noGrad(() -> model.forward(x));
        return compareLogits("eval logits", eval, logits, dtype);
    }

    private @Nullable String compareLogits(String what, JsonNode part, Tensor got, DType dtype) {
        double[] expected = exact(part);
        if (dtype == DType.FLOAT64) {
            return Tolerance.FLOAT64.difference(what, expected, got.shape(), got.toDoubles());
        }
        double bound = 10 * distance(rounded(part), expected) + 1e-5 * spread(expected);
        double largest = Math.max(Tolerance.largest(expected), Double.MIN_NORMAL);
        return new Tolerance(bound / largest, 1).difference(what, expected, got.shape(), got.toDoubles());
    }

    /** PyTorch's logits in float64. */
    private static double[] exact(JsonNode part) {
        return Arguments.values(
                part.has("outputs_f64") ? part.get("outputs_f64").get("logits") : part.get("logits_f64"));
    }

    /** PyTorch's logits in float32. */
    private static double[] rounded(JsonNode part) {
        return Arguments.values(part.has("outputs") ? part.get("outputs").get("logits") : part.get("logits"));
    }

    /** The largest absolute difference. */
    private static double distance(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    private static double spread(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(0));
    }

    private @Nullable String train(Module model, DType dtype) {
        JsonNode train = json.get("train");
        fill(model, dtype);
        model.train();
        model.modules().forEach(m -> {
            if (m instanceof Dropout) {
                m.eval();
            }
        });
        Tensor x = input(train, dtype).requiresGrad_();
        Tensor labels = Tensors.tensor(longs(train.get("labels")));
        if (train.get("loss_weights").size() != 1) {
            return "Akari gives one output, expected "
                    + train.get("loss_weights").size();
        }
        Tensor logits = model.forward(x);
        Tensor loss = Functional.crossEntropy(logits, labels)
                .mul(train.get("loss_weights").get(0).asDouble());
        loss.backward();

        List<@Nullable String> differences = new ArrayList<>();
        differences.add(compareLogits("train logits", train, logits.detach(), dtype));
        Tolerance t = dtype == DType.FLOAT64 ? Tolerance.FLOAT64 : new Tolerance(1e-5, 0);
        differences.add(t.difference(
                "loss", new double[] {train.get("loss").asDouble()}, Shape.SCALAR, new double[] {loss.item()}));
        Map<String, Tensor> state = new LinkedHashMap<>(model.namedParameters());
        state.putAll(model.namedBuffers());
        double largest = 0;
        for (JsonNode row : train.get("grads")) {
            largest = Math.max(largest, row.get("l2").asDouble());
        }
        for (JsonNode row : train.get("grads")) {
            Tensor p = state.get(row.get("name").asString());
            Tensor g = p == null ? null : p.grad();
            differences.add(compareGradient("gradient of " + row.get("name").asString(), row, g, largest, dtype));
        }
        differences.add(compareGradient("input gradient", train.get("input_grad"), x.grad(), 0, dtype));
        for (JsonNode row : train.get("buffers_after")) {
            Tensor b = state.get(row.get("name").asString());
            differences.add(
                    compareTensor(row.get("name").asString() + " afterwards", row, b, Tolerance.of(dtype), true));
        }
        return differences.stream().filter(Objects::nonNull).findFirst().orElse(null);
    }

    private @Nullable String compareGradient(
            String what, JsonNode row, @Nullable Tensor g, double largest, DType dtype) {
        if (g != null && row.get("l2").asDouble() < ZERO) {
            double l2 = norm(g.toDoubles());
            return l2 <= 1e-4 * largest ? null : what + " has norm " + l2 + ", expected none";
        }
        if (dtype == DType.FLOAT64) {
            return compareTensor(what, row, g, Tolerance.FLOAT64, true);
        }
        double bound =
                Math.max(1e-3, 5 * json.get("train").get("worst_rel_grad").asDouble());
        return compareTensor(what, row, g, new Tolerance(bound, 0), false);
    }

    /** Norm, and if wanted sum and first elements. */
    private static @Nullable String compareTensor(
            String what, JsonNode row, @Nullable Tensor got, Tolerance t, boolean elements) {
        if (got == null) {
            return what + " is missing";
        }
        double[] values = got.toDoubles();
        double[] l2 = {row.get("l2").asDouble()};
        String d = t.difference("norm of " + what, l2, Shape.SCALAR, new double[] {norm(values)});
        if (d != null || !elements) {
            return d;
        }
        if (row.has("sum")) {
            double sum = 0;
            for (double v : values) {
                sum += v;
            }
            // a sum carries the rounding of what it cancels
            double terms = l2[0] * Math.sqrt(values.length);
            d = t.difference(
                    "sum of " + what,
                    new double[] {row.get("sum").asDouble()},
                    Shape.SCALAR,
                    new double[] {sum},
                    terms);
            if (d != null) {
                return d;
            }
        }
        double[] first = Arguments.values(row.get("first"));
        double[] own = new double[Math.min(first.length, values.length)];
        System.arraycopy(values, 0, own, 0, own.length);
        return t.difference(what, first, Shape.of(first.length), own, Tolerance.largest(values));
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v * v;
        }
        return Math.sqrt(sum);
    }

    private static long[] longs(JsonNode list) {
        return list.valueStream().mapToLong(JsonNode::asLong).toArray();
    }
}
