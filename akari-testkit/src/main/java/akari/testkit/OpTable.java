package akari.testkit;

import akari.backend.Convolution;
import akari.backend.Pooling;
import akari.backend.Shape;
import akari.tensor.Reductions;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** PyTorch's names of operations, each with the call that computes it in Akari. */
final class OpTable {
    /** Runs an op on a case's arguments; gives its results in PyTorch's order. */
    interface Adapter {
        List<Tensor> apply(Arguments a);
    }

    /** An op with one result. */
    private interface Single {
        Tensor apply(Arguments a);
    }

    private static final Map<String, Adapter> OPS = new HashMap<>();

    private OpTable() {}

    static @Nullable Adapter find(String op) {
        return OPS.get(op);
    }

    private static void op(String name, Single f) {
        OPS.put(name, a -> List.of(f.apply(a)));
    }

    private static void unary(String name, UnaryOperator<Tensor> f) {
        op(name, a -> f.apply(a.x()));
    }

    static {
        arithmetic();
        activations();
        comparisons();
        reductions();
        shaping();
        layers();
        LayerTable.add(OPS);
    }

    private static Tensor other(Arguments a) {
        return a.input("y", "other", "mat2", "tensor2", "exponent");
    }

    private static void arithmetic() {
        unary("abs", Tensor::abs);
        unary("neg", Tensor::neg);
        unary("sign", Tensor::sign);
        unary("floor", Tensor::floor);
        unary("ceil", Tensor::ceil);
        unary("round", Tensor::round);
        unary("trunc", Tensor::trunc);
        unary("sqrt", Tensor::sqrt);
        unary("rsqrt", Tensor::rsqrt);
        unary("reciprocal", Tensor::reciprocal);
        unary("square", Tensor::square);
        unary("exp", Tensor::exp);
        unary("expm1", Tensor::expm1);
        unary("log", Tensor::log);
        unary("log1p", Tensor::log1p);
        unary("sin", Tensor::sin);
        unary("cos", Tensor::cos);
        unary("erf", Tensor::erf);
        Adapter add = binary(Tensor::add, Tensor::add);
        OPS.put("add", a -> a.has("alpha") ? List.of(a.x().add(other(a), a.number("alpha", 1))) : add.apply(a));
        OPS.put("sub", binary(Tensor::sub, Tensor::sub));
        OPS.put("mul", binary(Tensor::mul, Tensor::mul));
        OPS.put("div", binary(Tensor::div, Tensor::div));
        OPS.put("pow", binary(Tensor::pow, Tensor::pow));
        op("maximum", a -> a.x().maximum(other(a)));
        op("minimum", a -> a.x().minimum(other(a)));
        op("clamp", a -> a.x().clamp(a.number("min"), a.number("max")));
        for (String product : new String[] {"matmul", "mm", "bmm", "mv", "dot"}) {
            op(product, a -> a.x().matmul(a.input("y", "other", "mat2", "tensor2", "vec", "w")));
        }
        op("linear", a -> a.x().linear(a.input("w", "weight"), a.bias()));
    }

    /** The second operand is a tensor, or a number among the arguments. */
    private static Adapter binary(BinaryOperator<Tensor> tensors, BiFunction<Tensor, Number, Tensor> number) {
        return a -> {
            for (String name : new String[] {"other", "exponent", "value", "scalar"}) {
                Double v = a.scalar(name);
                if (v != null) {
                    return List.of(number.apply(a.x(), v));
                }
            }
            return List.of(tensors.apply(a.x(), other(a)));
        };
    }

    private static void activations() {
        unary("relu", Tensor::relu);
        unary("relu6", Tensor::relu6);
        unary("selu", Tensor::selu);
        unary("sigmoid", Tensor::sigmoid);
        unary("logsigmoid", Tensor::logSigmoid);
        unary("silu", Tensor::silu);
        unary("mish", Tensor::mish);
        unary("tanh", Tensor::tanh);
        unary("tanhshrink", Tensor::tanhshrink);
        unary("hardsigmoid", Tensor::hardsigmoid);
        unary("hardswish", Tensor::hardswish);
        unary("softsign", Tensor::softsign);
        op("gelu", a -> a.text("approximate", "none").equals("tanh") ? a.x().geluTanh() : a.x().gelu());
        op("leaky_relu", a -> a.x().leakyRelu(a.number("negative_slope", 0.01)));
        op("elu", a -> a.x().elu(a.number("alpha", 1)));
        op("celu", a -> a.x().celu(a.number("alpha", 1)));
        op("hardtanh", a -> a.x().hardtanh(a.number("min_val", -1), a.number("max_val", 1)));
        op("softplus", a -> a.x().softplus(a.number("beta", 1), a.number("threshold", 20)));
        op("softshrink", a -> a.x().softshrink(a.number("lambd", 0.5)));
        op("hardshrink", a -> a.x().hardshrink(a.number("lambd", 0.5)));
        op("threshold", a -> a.x().threshold(a.number("threshold", 0), a.number("value", 0)));
        op("prelu", a -> a.x().prelu(a.input("w", "weight")));
        op("softmax", a -> a.x().softmax(a.integer("dim", -1)));
        op("log_softmax", a -> a.x().logSoftmax(a.integer("dim", -1)));
        op("softmin", a -> a.x().neg().softmax(a.integer("dim", -1)));
    }

    private static void comparisons() {
        OPS.put("eq", binary(Tensor::eq, Tensor::eq));
        OPS.put("ne", binary(Tensor::ne, Tensor::ne));
        OPS.put("lt", binary(Tensor::lt, Tensor::lt));
        OPS.put("le", binary(Tensor::le, Tensor::le));
        OPS.put("gt", binary(Tensor::gt, Tensor::gt));
        OPS.put("ge", binary(Tensor::ge, Tensor::ge));
        unary("isnan", Tensor::isnan);
        unary("isfinite", Tensor::isfinite);
        unary("logical_not", Tensor::logicalNot);
        op("logical_and", a -> a.x().logicalAnd(other(a)));
        op("logical_or", a -> a.x().logicalOr(other(a)));
        op("masked_fill", a -> a.x().maskedFill(a.input("mask"), a.number("value", 0)));
        op("where", a -> a.x().where(a.input("condition", "mask"), other(a)));
    }

    private static void reductions() {
        op("sum", a -> a.x().sum(dims(a), keepdim(a)));
        op("mean", a -> a.x().mean(dims(a), keepdim(a)));
        op("var", a -> a.x().var(dims(a), unbiased(a), keepdim(a)));
        op("std", a -> a.x().std(dims(a), unbiased(a), keepdim(a)));
        op("logsumexp", a -> a.x().logsumexp(dims(a), keepdim(a)));
        op("amax", a -> a.x().amax(dims(a), keepdim(a)));
        op("amin", a -> a.x().amin(dims(a), keepdim(a)));
        OPS.put("max", a -> a.has("dim") ? extreme(a, a.x().max(a.integer("dim", 0))) : List.of(a.x().max()));
        OPS.put("min", a -> a.has("dim") ? extreme(a, a.x().min(a.integer("dim", 0))) : List.of(a.x().min()));
        op("argmax", a -> a.has("dim") ? a.x().argmax(a.integer("dim", 0), keepdim(a)) : a.x().argmax());
        op(
                "argmin",
                a -> a.has("dim")
                        ? a.x().argmin(a.integer("dim", 0), keepdim(a))
                        : a.x().flatten().argmin(0, false));
        unary("any", Tensor::any);
        unary("all", Tensor::all);
        op("norm", OpTable::norm);
    }

    private static Tensor norm(Arguments a) {
        double p = a.number("p", 2);
        if (p != 2 || a.has("dim")) {
            throw new UnsupportedOperationException("Akari has only the Euclidean norm of all elements yet");
        }
        return a.x().norm();
    }

    private static List<Tensor> extreme(Arguments a, Reductions.Indexed r) {
        int dim = a.integer("dim", 0);
        return keepdim(a)
                ? List.of(r.values().unsqueeze(dim), r.indices().unsqueeze(dim))
                : List.of(r.values(), r.indices());
    }

    private static int[] dims(Arguments a) {
        if (a.has("dim")) {
            return a.dims("dim");
        }
        int[] all = new int[a.x().dim()];
        Arrays.setAll(all, d -> d);
        return all;
    }

    private static boolean keepdim(Arguments a) {
        return a.flag("keepdim", false);
    }

    private static boolean unbiased(Arguments a) {
        return a.has("correction") ? a.integer("correction", 1) == 1 : a.flag("unbiased", true);
    }

    private static void shaping() {
        op("reshape", a -> a.x().reshape(a.list("shape")));
        op("view", a -> a.x().view(a.list("shape")));
        op("flatten", a -> a.x().flatten(a.integer("start_dim", 0), a.integer("end_dim", -1)));
        op("permute", a -> a.x().permute(a.dims("dims")));
        op("transpose", a -> a.x().transpose(a.integer("dim0", 0), a.integer("dim1", 1)));
        unary("t", Tensor::t);
        op("squeeze", a -> a.has("dim") ? a.x().squeeze(a.integer("dim", 0)) : a.x().squeeze());
        op("unsqueeze", a -> a.x().unsqueeze(a.integer("dim", 0)));
        op("expand", a -> a.x().expand(a.list(a.has("size") ? "size" : "shape")));
        op("narrow", a -> a.x().narrow(a.integer("dim", 0), a.integer("start", 0), a.integer("length", 1)));
        op("select", a -> a.x().select(a.integer("dim", 0), a.integer("index", 0)));
        op("gather", a -> a.x().gather(a.integer("dim", 0), a.input("index")));
        op("index_select", a -> a.x().indexSelect(a.integer("dim", 0), a.input("index")));
        op("scatter", a -> a.x().scatter(a.integer("dim", 0), a.input("index"), a.input("src", "y")));
        op("scatter_add", a -> a.x().scatterAdd(a.integer("dim", 0), a.input("index"), a.input("src", "y")));
        OPS.put("chunk", a -> a.x().chunk(a.integer("chunks", 1), a.integer("dim", 0)));
        OPS.put("split", a -> a.x().split(a.integer("split_size", 1), a.integer("dim", 0)));
        op("cat", a -> Tensors.cat(all(a), a.integer("dim", 0)));
        op("stack", a -> Tensors.stack(all(a), a.integer("dim", 0)));
    }

    private static List<Tensor> all(Arguments a) {
        List<Tensor> out = new ArrayList<>();
        for (String name : new String[] {"x", "y", "z"}) {
            Tensor t = a.optional(name);
            if (t != null) {
                out.add(t);
            }
        }
        return out;
    }

    // ---- layers

    private static void layers() {
        for (int d = 1; d <= 3; d++) {
            int n = d;
            op("conv" + n + "d", a -> convolution(a, n));
            op(
                    "conv_transpose" + n + "d",
                    a -> a.x().convTranspose(
                                    geometry(a, n, a.sizes("padding", n, 0)),
                                    a.input("w", "weight"),
                                    a.bias(),
                                    a.sizes("output_padding", n, 0)));
            OPS.put("max_pool" + n + "d", a -> indexed(a.x().maxPoolWithIndices(pooling(a, n))));
            op("avg_pool" + n + "d", a -> a.x().averagePool(pooling(a, n)));
            OPS.put(
                    "adaptive_max_pool" + n + "d",
                    a -> indexed(a.x().maxPoolWithIndices(Pooling.adaptive(outputSize(a, n)))));
            op("adaptive_avg_pool" + n + "d", a -> a.x().averagePool(Pooling.adaptive(outputSize(a, n))));
        }
    }

    static Convolution geometry(Arguments a, int n, Shape padding) {
        return new Convolution(a.sizes("stride", n, 1), padding, a.sizes("dilation", n, 1), a.integer("groups", 1));
    }

    /** With "same" or "valid" padding as the layer, otherwise as the function. */
    private static Tensor convolution(Arguments a, int n) {
        if (!a.text("padding", "").isEmpty()) {
            return LayerTable.convolution(a, n);
        }
        return a.x().convolution(geometry(a, n, a.sizes("padding", n, 0)), a.input("w", "weight"), a.bias());
    }

    private static Pooling pooling(Arguments a, int n) {
        Shape kernel = a.sizes("kernel_size", n, 1);
        return new Pooling(
                kernel,
                a.has("stride") ? a.sizes("stride", n, 1) : kernel,
                a.sizes("padding", n, 0),
                a.sizes("dilation", n, 1),
                a.flag("ceil_mode", false),
                a.flag("count_include_pad", true),
                a.integer("divisor_override", 0),
                null);
    }

    /** Null in an output size keeps the input's. */
    private static Shape outputSize(Arguments a, int n) {
        long[] sizes = a.sizes("output_size", n, 0).toArray();
        for (int d = 0; d < n; d++) {
            if (sizes[d] == 0) {
                sizes[d] = a.x().size(d - n);
            }
        }
        return Shape.of(sizes);
    }

    private static List<Tensor> indexed(Reductions.Indexed r) {
        return List.of(r.values(), r.indices());
    }
}
