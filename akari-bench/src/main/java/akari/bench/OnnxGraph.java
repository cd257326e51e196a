package akari.bench;

import java.util.List;

/**
 * A network as an ONNX model, a node for each layer, as an exporter writes it: nothing folded or fused, which is the runtime's
 * part. What flows is the name of a value. The field numbers are those of {@code onnx.proto}.
 */
final class OnnxGraph implements NetworkBuilder<String> {
    static final String INPUT = "input";
    static final String OUTPUT = "output";

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final int FLOAT = 1; // TensorProto.DataType and AttributeProto.AttributeType alike
    private static final int INT = 2;
    private static final int INTS = 7;

    private final Protobuf graph = new Protobuf();
    private int values;
    private boolean bounded;

    private OnnxGraph() {}

    /** For inputs of {@code [batch, 3, size, size]}. */
    static byte[] model(Network network, int batch) {
        var g = new OnnxGraph();
        for (var p : network.parameters()) g.constant(p.name(), p.values(), p.shape());
        var logits = network.forward(g, INPUT);
        g.node("Identity", OUTPUT, List.of(logits));
        g.graph
                .text(2, network.toString())
                .message(11, value(INPUT, network.inputShape(batch)))
                .message(12, value(OUTPUT, batch, network.classes));
        return new Protobuf()
                .integer(1, IR_VERSION)
                .message(7, g.graph)
                .message(8, new Protobuf().text(1, "").integer(2, OPSET))
                .toBytes();
    }

    @Override
    public String conv(String x, String name, int channels, int kernel, int stride, boolean depthwise) {
        int padding = kernel / 2;
        return node(
                "Conv",
                List.of(x, name + ".weight"),
                integers("kernel_shape", kernel, kernel),
                integers("strides", stride, stride),
                integers("pads", padding, padding, padding, padding),
                integer("group", depthwise ? channels : 1));
    }

    @Override
    public String norm(String x, String name) {
        return node(
                "BatchNormalization",
                List.of(x, name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var"),
                new Protobuf()
                        .text(1, "epsilon")
                        .real(2, (float) Recipe.NORM_EPSILON)
                        .integer(20, FLOAT));
    }

    @Override
    public String relu(String x) {
        return node("Relu", List.of(x));
    }

    @Override
    public String relu6(String x) {
        if (!bounded) {
            constant("zero", new float[] {0});
            constant("six", new float[] {6});
            bounded = true;
        }
        return node("Clip", List.of(x, "zero", "six"));
    }

    @Override
    public String add(String x, String y) {
        return node("Add", List.of(x, y));
    }

    @Override
    public String maxPool(String x) {
        return node(
                "MaxPool",
                List.of(x),
                integers("kernel_shape", 3, 3),
                integers("strides", 2, 2),
                integers("pads", 1, 1, 1, 1));
    }

    @Override
    public String average(String x) {
        return node("Flatten", List.of(node("GlobalAveragePool", List.of(x))));
    }

    @Override
    public String linear(String x, String name, int classes) {
        return node("Gemm", List.of(x, name + ".weight", name + ".bias"), integer("transB", 1));
    }

    private String node(String operator, List<String> inputs, Protobuf... attributes) {
        return node(operator, "v" + values++, inputs, attributes);
    }

    private String node(String operator, String output, List<String> inputs, Protobuf... attributes) {
        var node = new Protobuf();
        for (var input : inputs) node.text(1, input);
        node.text(2, output).text(3, operator + "_" + output).text(4, operator);
        for (var attribute : attributes) node.message(5, attribute);
        graph.message(1, node);
        return output;
    }

    private void constant(String name, float[] values, long... shape) {
        var tensor = new Protobuf();
        for (long size : shape) tensor.integer(1, size);
        graph.message(5, tensor.integer(2, FLOAT).text(8, name).raw(9, values));
    }

    private static Protobuf integer(String name, long value) {
        return new Protobuf().text(1, name).integer(3, value).integer(20, INT);
    }

    private static Protobuf integers(String name, long... values) {
        var attribute = new Protobuf().text(1, name);
        for (long v : values) attribute.integer(8, v);
        return attribute.integer(20, INTS);
    }

    private static Protobuf value(String name, long... shape) {
        var sizes = new Protobuf();
        for (long size : shape) sizes.message(1, new Protobuf().integer(1, size));
        var tensor = new Protobuf().integer(1, FLOAT).message(2, sizes);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }
}
