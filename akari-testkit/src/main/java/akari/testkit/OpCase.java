package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One row of a file of op cases: an op, its arguments and inputs, PyTorch's results and the gradients of
 * {@code sum(out[0] * v_99(flat index))}, or in {@code grad_of_sum} those of {@code sum(out[0])}.
 */
record OpCase(JsonNode json) {
    /** {@code gelu@kinks}, {@code cross_entropy(2d)} and {@code tensor.max} are gelu, cross_entropy and max. */
    String op() {
        String name = json.get("op").asString();
        name = name.replaceFirst("[@ (].*$", "");
        return name.replaceFirst("^(tensor|torch|functional|F|nn)\\.", "");
    }

    String title() {
        JsonNode args = json.get("args");
        return json.get("op").asString() + (args == null ? "" : " " + abbreviated(args.toString()));
    }

    private static String abbreviated(String s) {
        return s.length() <= 120 ? s : s.substring(0, 117) + "...";
    }

    /** What differs from PyTorch, or null. */
    @Nullable
    String run(DType dtype) {
        if (json.has("table")) {
            return Promotion.check(json);
        }
        OpTable.Adapter op = OpTable.find(op());
        if (op == null) {
            return "Akari has no " + op() + " yet";
        }
        Map<String, Tensor> inputs = inputs(dtype);
        Map<String, JsonNode> gradients = gradients(inputs);
        gradients.keySet().forEach(name -> named(inputs, name).requiresGrad_());
        JsonNode args = json.has("args") ? json.get("args") : JsonNodeFactory.instance.objectNode();
        String note = json.has("note") ? json.get("note").asString() : "";
        Arguments a = new Arguments(args, inputs, dtype, note);
        List<Tensor> out = op.apply(a);
        a.checkAllUsed();
        String difference = compareOutputs(out, dtype);
        return difference != null ? difference : compareGradients(out.getFirst(), inputs, gradients, dtype);
    }

    private Map<String, Tensor> inputs(DType dtype) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        JsonNode node = json.get("inputs");
        if (node == null) {
            return inputs;
        }
        if (!node.isObject()) {
            inputs.put("x", input(node, dtype));
            return inputs;
        }
        node.properties().forEach(e -> inputs.put(e.getKey(), input(e.getValue(), dtype)));
        return inputs;
    }

    private static Tensor input(JsonNode node, DType dtype) {
        if (!node.isObject()) {
            return Arguments.literal(node, dtype);
        }
        DType type = node.has("dtype") ? type(node.get("dtype").asString(), dtype) : dtype;
        if (node.has("literal")) {
            return Arguments.literal(node.get("literal"), dtype).to(type);
        }
        long[] shape =
                node.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
        if (node.has("values")) {
            return Tensors.of(type, Arguments.values(node.get("values")), Shape.of(shape));
        }
        double scale = node.has("scale") ? node.get("scale").asDouble() : 1;
        double offset = node.has("offset") ? node.get("offset").asDouble() : 0;
        return Golden.tensor(type, node.get("k").asInt(), scale, offset, shape);
    }

    /** The type of that name; floating ones take the run's. */
    static DType type(String name, DType floating) {
        String n = name.replaceFirst("^torch\\.", "");
        if (n.startsWith("float")) {
            return floating;
        }
        return DType.valueOf((n.equals("long") ? "int64" : n).toUpperCase(Locale.ROOT));
    }

    /** The expected gradients by input. */
    private Map<String, JsonNode> gradients(Map<String, Tensor> inputs) {
        Map<String, JsonNode> out = new LinkedHashMap<>();
        JsonNode node = json.has("grad") ? json.get("grad") : json.get("grad_of_sum");
        if (node == null || node.isNull()) {
            return out;
        }
        if (node.isObject()) {
            node.properties().forEach(e -> out.put(e.getKey(), e.getValue()));
        } else {
            out.put(inputs.keySet().iterator().next(), node);
        }
        return out;
    }

    private static Tensor named(Map<String, Tensor> inputs, String name) {
        Tensor x = inputs.get(name);
        if (x == null) {
            throw new IllegalArgumentException("a gradient of " + name + ", which is no input");
        }
        return x;
    }

    private @Nullable String compareOutputs(List<Tensor> out, DType dtype) {
        JsonNode expected = json.get("out");
        if (expected.isEmpty() || !expected.get(0).isObject()) {
            return compare("out", expected, out.getFirst(), dtype);
        }
        if (expected.size() > out.size()) {
            return "expected " + expected.size() + " results, got " + out.size();
        }
        for (int i = 0; i < expected.size(); i++) {
            String d = compare("out" + (expected.size() > 1 ? i : ""), expected.get(i), out.get(i), dtype);
            if (d != null) {
                return d;
            }
        }
        return null;
    }

    private @Nullable String compareGradients(
            Tensor out, Map<String, Tensor> inputs, Map<String, JsonNode> gradients, DType dtype) {
        if (gradients.isEmpty()) {
            return null;
        }
        Tensor weights = json.has("grad")
                ? Golden.tensor(out.dtype(), 99, 1, 0, out.shape().toArray())
                : Tensors.ones(out.dtype(), out.shape().toArray());
        out.backward(weights);
        for (Map.Entry<String, JsonNode> e : gradients.entrySet()) {
            Tensor x = named(inputs, e.getKey());
            Tensor got = x.grad();
            Tensor g = got == null ? Tensors.zerosLike(x.detach()) : got;
            String d = compare("gradient of " + e.getKey(), e.getValue(), g, dtype);
            if (d != null) {
                return d;
            }
        }
        return null;
    }

    private static @Nullable String compare(String what, JsonNode expected, Tensor got, DType dtype) {
        JsonNode values = expected;
        if (expected.isObject()) {
            Shape shape = Shape.of(expected.get("shape")
                    .valueStream()
                    .mapToLong(JsonNode::asLong)
                    .toArray());
            if (!shape.equals(got.shape())) {
                return what + " has shape " + got.shape() + ", expected " + shape;
            }
            if (expected.has("dtype") && type(expected.get("dtype").asString(), dtype) != got.dtype()) {
                return what + " is " + got.dtype() + ", expected "
                        + expected.get("dtype").asString();
            }
            values = expected.get("values");
        }
        return Tolerance.of(dtype).difference(what, Arguments.values(values), got.shape(), got.toDoubles());
    }
}
