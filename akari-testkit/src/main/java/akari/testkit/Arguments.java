package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The arguments of a case as its op asks for them, by PyTorch's names: a scalar serves where a list of sizes is wanted, null stands
 * for the default. What nobody asked for is an argument that the op does not know, and an error.
 */
final class Arguments {
    private final JsonNode args;
    private final Map<String, Tensor> inputs;
    private final DType dtype;
    private final String note;
    private final Set<String> asked = new HashSet<>();

    Arguments(JsonNode args, Map<String, Tensor> inputs, DType dtype, String note) {
        this.args = args;
        this.inputs = inputs;
        this.dtype = dtype;
        this.note = note;
    }

    // ---- inputs

    /** The first input. */
    Tensor x() {
        return input("x", "input", "self");
    }

    Tensor input(String... names) {
        Tensor t = optional(names);
        if (t == null) {
            throw new IllegalArgumentException("the case has no input " + names[0] + ", only " + inputs.keySet());
        }
        return t;
    }

    /** An input under any of its names; also a list of numbers among the arguments. */
    @Nullable
    Tensor optional(String... names) {
        for (String n : names) {
            asked.add(n);
            if (inputs.containsKey(n)) {
                return inputs.get(n);
            }
            if (has(n)) {
                return literal(args.get(n), dtype);
            }
        }
        return null;
    }

    /** The second operand. */
    Tensor other() {
        return input("y", "other", "mat2", "tensor2", "exponent");
    }

    @Nullable
    Tensor weight() {
        return optional("w", "weight");
    }

    @Nullable
    Tensor bias() {
        return optional("b", "bias");
    }

    /**
     * Gives a layer's parameter the values of the input under one of these names and makes it stand for that input; without such an
     * input it keeps its own values.
     */
    void adopt(Tensor parameter, String... names) {
        for (String n : names) {
            asked.add(n);
            Tensor input = inputs.get(n);
            if (input != null) {
                parameter.data(input.detach());
                inputs.put(n, parameter);
            }
        }
    }

    /** All inputs in their order. */
    Map<String, Tensor> inputs() {
        return inputs;
    }

    /** The names of all arguments that are not null. */
    Set<String> names() {
        Set<String> out = new LinkedHashSet<>(args.propertyNames());
        out.removeIf(this::isNull);
        return out;
    }

    /** An argument as it is written. */
    JsonNode node(String name) {
        asked.add(name);
        return args.get(name);
    }

    /** The type of the run's floating-point tensors. */
    DType dtype() {
        return dtype;
    }

    String note() {
        return note;
    }

    // ---- arguments

    boolean has(String name) {
        asked.add(name);
        return args.has(name) && !args.get(name).isNull();
    }

    boolean isNull(String name) {
        asked.add(name);
        return args.has(name) && args.get(name).isNull();
    }

    double number(String name, double otherwise) {
        return has(name) ? args.get(name).asDouble() : otherwise;
    }

    @Nullable
    Double number(String name) {
        return has(name) ? args.get(name).asDouble() : null;
    }

    /** A number, or null where there is none of that name or it is a list. */
    @Nullable
    Double scalar(String name) {
        return has(name) && args.get(name).isNumber() ? args.get(name).asDouble() : null;
    }

    int integer(String name, int otherwise) {
        return has(name) ? args.get(name).asInt() : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        return has(name) ? args.get(name).asBoolean() : otherwise;
    }

    String text(String name, String otherwise) {
        return has(name) && args.get(name).isString() ? args.get(name).asString() : otherwise;
    }

    /** {@code n} sizes: a list, or one number for all. */
    Shape sizes(String name, int n, long otherwise) {
        if (!has(name)) {
            return Shape.fill(n, otherwise);
        }
        JsonNode v = args.get(name);
        if (!v.isArray()) {
            return Shape.fill(n, v.asLong());
        }
        long[] list = list(name);
        return list.length == 1 ? Shape.fill(n, list[0]) : Shape.of(list);
    }

    long[] list(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException("the case has no argument " + name);
        }
        JsonNode v = args.get(name);
        return v.isArray() ? v.valueStream().mapToLong(JsonNode::asLong).toArray() : new long[] {v.asLong()};
    }

    int[] dims(String name) {
        long[] list = list(name);
        int[] out = new int[list.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.toIntExact(list[i]);
        }
        return out;
    }

    /** The dimensions of a reduction: all where none are named. */
    int[] reduced() {
        if (has("dim")) {
            return dims("dim");
        }
        int[] all = new int[x().dim()];
        Arrays.setAll(all, d -> d);
        return all;
    }

    boolean keepdim() {
        return flag("keepdim", false);
    }

    boolean unbiased() {
        return has("correction") ? integer("correction", 1) == 1 : flag("unbiased", true);
    }

    /** A tensor written out among the arguments: int64 if all its numbers are whole and written so. */
    Tensor tensor(String name) {
        has(name);
        return literal(args.get(name), dtype);
    }

    /** Fails if the case has arguments that the op did not ask for. */
    void checkAllUsed() {
        List<String> unknown = new ArrayList<>();
        args.propertyNames().stream().filter(n -> !asked.contains(n)).forEach(unknown::add);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the argument " + String.join(", ", unknown) + " is not understood");
        }
    }

    // ---- numbers in JSON

    /** Nested lists of numbers or booleans. */
    static Tensor literal(JsonNode node, DType floating) {
        List<Long> shape = new ArrayList<>();
        for (JsonNode n = node; n.isArray(); n = n.get(0)) {
            shape.add((long) n.size());
            if (n.isEmpty()) {
                break;
            }
        }
        List<JsonNode> leaves = new ArrayList<>();
        collect(node, leaves);
        double[] values = leaves.stream().mapToDouble(Arguments::value).toArray();
        boolean bool = !leaves.isEmpty() && leaves.stream().allMatch(JsonNode::isBoolean);
        boolean whole = !leaves.isEmpty() && leaves.stream().allMatch(JsonNode::isIntegralNumber);
        DType type = bool ? DType.BOOL : whole ? DType.INT64 : floating;
        return Tensors.of(
                type, values, Shape.of(shape.stream().mapToLong(n -> n).toArray()));
    }

    private static void collect(JsonNode node, List<JsonNode> leaves) {
        if (node.isArray()) {
            node.forEach(n -> collect(n, leaves));
        } else {
            leaves.add(node);
        }
    }

    /** A number; {@code null} and the strings nan, inf and -inf (in any case, also spelled out) for what JSON lacks. */
    static double value(JsonNode n) {
        if (n.isNull()) {
            return Double.NaN;
        }
        if (n.isBoolean()) {
            return n.asBoolean() ? 1 : 0;
        }
        if (n.isString()) {
            String s = n.asString().toLowerCase(Locale.ROOT);
            return s.startsWith("-inf")
                    ? Double.NEGATIVE_INFINITY
                    : s.contains("inf")
                            ? Double.POSITIVE_INFINITY
                            : s.equals("nan") ? Double.NaN : Double.parseDouble(s);
        }
        return n.asDouble();
    }

    static double[] values(JsonNode list) {
        List<JsonNode> leaves = new ArrayList<>();
        collect(list, leaves);
        return leaves.stream().mapToDouble(Arguments::value).toArray();
    }
}
