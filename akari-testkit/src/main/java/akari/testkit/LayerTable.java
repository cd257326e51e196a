package akari.testkit;

import akari.backend.DType;
import akari.backend.Shape;
import akari.nn.BatchNorm1d;
import akari.nn.BatchNorm2d;
import akari.nn.BatchNorm3d;
import akari.nn.Conv1d;
import akari.nn.Conv2d;
import akari.nn.Conv3d;
import akari.nn.Functional;
import akari.nn.Module;
import akari.nn.PaddingMode;
import akari.nn.Reduction;
import akari.tensor.Tensor;
import akari.testkit.OpTable.Adapter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of {@link OpTable} that runs modules and functions of {@code akari.nn}. */
final class LayerTable {
    private LayerTable() {}

    static void add(Map<String, Adapter> ops) {
        for (int d = 1; d <= 3; d++) {
            int n = d;
            ops.put("Conv" + n + "d", a -> List.of(convolution(a, n)));
            ops.put("Conv" + n + "d.padding_mode", a -> List.of(convolution(a, n)));
            ops.put("BatchNorm" + n + "d", a -> batchNorm(a, n));
        }
        ops.put(
                "batch_norm",
                a -> List.of(Functional.batchNorm(
                        a.x(),
                        a.optional("running_mean"),
                        a.optional("running_var"),
                        a.weight(),
                        a.bias(),
                        a.flag("training", false),
                        a.number("momentum", 0.1),
                        a.number("eps", 1e-5))));
        ops.put("pad", a -> List.of(Functional.pad(a.x(), a.list("pad"), mode(a, "mode"), a.number("value", 0))));
        functions(ops);
        losses(ops);
        pairLosses(ops);
    }

    // ---- modules

    /** A convolution layer: also of "same" and "valid" padding, and of other padding than zeros. */
    static Tensor convolution(Arguments a, int n) {
        Tensor w = a.input("w", "weight");
        boolean bias = a.bias() != null;
        String text = a.text("padding", "");
        long groups = a.integer("groups", 1);
        long in = w.size(1) * groups;
        long out = w.size(0);
        Shape kernel = Shape.of(Arrays.copyOfRange(w.shape().toArray(), 2, w.dim()));
        Shape stride = a.sizes("stride", n, 1);
        Shape padding = text.isEmpty() ? a.sizes("padding", n, 0) : Shape.fill(n, 0);
        Shape dilation = a.sizes("dilation", n, 1);
        PaddingMode mode = mode(a, "padding_mode");
        Module layer = switch (n) {
            case 1 -> {
                Conv1d c = new Conv1d(in, out, kernel, stride, padding, dilation, groups, bias).paddingMode(mode);
                yield text.isEmpty() ? c : c.padding(text);
            }
            case 2 -> {
                Conv2d c = new Conv2d(in, out, kernel, stride, padding, dilation, groups, bias).paddingMode(mode);
                yield text.isEmpty() ? c : c.padding(text);
            }
            default -> {
                Conv3d c = new Conv3d(in, out, kernel, stride, padding, dilation, groups, bias).paddingMode(mode);
                yield text.isEmpty() ? c : c.padding(text);
            }
        };
        adopt(a, layer);
        return layer.forward(a.x());
    }

    /** Makes the case's weight and bias the layer's own, so that their gradients arise in its parameters. */
    private static void adopt(Arguments a, Module layer) {
        layer.to(a.dtype());
        layer.namedParameters().forEach((name, p) -> a.adopt(p, name, name.substring(0, 1)));
    }

    private static PaddingMode mode(Arguments a, String name) {
        String mode = a.text(name, "zeros");
        return PaddingMode.valueOf(mode.equals("constant") ? "ZEROS" : mode.toUpperCase(Locale.ROOT));
    }

    private static final Pattern MEAN = Pattern.compile("running_mean = ([\\d.]+)\\*v_(\\d+)");
    private static final Pattern VARIANCE = Pattern.compile("running_var = ([\\d.]+)\\+([\\d.]+)\\*v_(\\d+)");
    private static final Pattern BATCHES = Pattern.compile("num_batches_tracked (\\d+)");

    /** Results: y and, where they are kept, the running mean and variance afterwards. The note tells how those begin. */
    private static List<Tensor> batchNorm(Arguments a, int n) {
        long features = a.x().size(1);
        double eps = a.number("eps", 1e-5);
        Double momentum = a.isNull("momentum") ? null : Double.valueOf(a.number("momentum", 0.1));
        boolean affine = a.flag("affine", true);
        boolean track = a.flag("track_running_stats", true);
        Module layer = switch (n) {
            case 1 ->
                new BatchNorm1d(features)
                        .eps(eps)
                        .momentum(momentum)
                        .affine(affine)
                        .trackRunningStats(track);
            case 2 ->
                new BatchNorm2d(features)
                        .eps(eps)
                        .momentum(momentum)
                        .affine(affine)
                        .trackRunningStats(track);
            default ->
                new BatchNorm3d(features)
                        .eps(eps)
                        .momentum(momentum)
                        .affine(affine)
                        .trackRunningStats(track);
        };
        adopt(a, layer);
        layer.train(a.flag("training", true));
        Map<String, Tensor> state = layer.stateDict();
        Matcher m = MEAN.matcher(a.note());
        if (track && m.find()) {
            double scale = Double.parseDouble(m.group(1));
            buffer(state, "running_mean")
                    .copy_(Golden.tensor(a.dtype(), Integer.parseInt(m.group(2)), scale, 0, features));
        }
        m = VARIANCE.matcher(a.note());
        if (track && m.find()) {
            double scale = Double.parseDouble(m.group(2));
            double offset = Double.parseDouble(m.group(1));
            buffer(state, "running_var")
                    .copy_(Golden.tensor(a.dtype(), Integer.parseInt(m.group(3)), scale, offset, features));
        }
        m = BATCHES.matcher(a.note());
        if (track && m.find()) {
            buffer(state, "num_batches_tracked").fill_(Integer.parseInt(m.group(1)));
        }
        List<Tensor> out = new ArrayList<>(List.of(layer.forward(a.x())));
        if (track) {
            Map<String, Tensor> after = layer.stateDict();
            out.add(buffer(after, "running_mean"));
            out.add(buffer(after, "running_var"));
        }
        return out;
    }

    private static Tensor buffer(Map<String, Tensor> state, String name) {
        return Objects.requireNonNull(state.get(name), name);
    }

    // ---- functions

    private static void functions(Map<String, Adapter> ops) {
        ops.put(
                "layer_norm",
                a -> List.of(Functional.layerNorm(
                        a.x(), Shape.of(a.list("normalized_shape")), a.weight(), a.bias(), a.number("eps", 1e-5))));
        ops.put(
                "group_norm",
                a -> List.of(Functional.groupNorm(
                        a.x(), a.integer("num_groups", 1), a.weight(), a.bias(), a.number("eps", 1e-5))));
        ops.put(
                "instance_norm",
                a -> List.of(Functional.instanceNorm(a.x(), a.weight(), a.bias(), a.number("eps", 1e-5))));
        ops.put(
                "local_response_norm",
                a -> List.of(Functional.localResponseNorm(
                        a.x(),
                        a.integer("size", 5),
                        a.number("alpha", 1e-4),
                        a.number("beta", 0.75),
                        a.number("k", 1))));
        ops.put("normalize", a -> List.of(Functional.normalize(a.x(), a.number("p", 2), a.integer("dim", 1))));
        ops.put("glu", a -> List.of(Functional.glu(a.x(), a.integer("dim", -1))));
        ops.put(
                "cosine_similarity",
                a -> List.of(
                        Functional.cosineSimilarity(a.x(), a.input("y"), a.integer("dim", 1), a.number("eps", 1e-8))));
        ops.put(
                "pairwise_distance",
                a -> List.of(
                        Functional.pairwiseDistance(a.x(), a.input("y"), a.number("p", 2), a.number("eps", 1e-6))));
        ops.put(
                "unfold",
                a -> List.of(Functional.unfold(
                        a.x(), a.sizes("kernel_size", 2, 1), OpTable.geometry(a, 2, a.sizes("padding", 2, 0)))));
        ops.put(
                "fold",
                a -> List.of(Functional.fold(
                        a.x(),
                        a.sizes("output_size", 2, 1),
                        a.sizes("kernel_size", 2, 1),
                        OpTable.geometry(a, 2, a.sizes("padding", 2, 0)))));
        ops.put("pixel_shuffle", a -> List.of(Functional.pixelShuffle(a.x(), a.integer("upscale_factor", 1))));
        ops.put("pixel_unshuffle", a -> List.of(Functional.pixelUnshuffle(a.x(), a.integer("downscale_factor", 1))));
        ops.put("channel_shuffle", a -> List.of(Functional.channelShuffle(a.x(), a.integer("groups", 1))));
        ops.put("bilinear", a -> List.of(Functional.bilinear(a.x(), a.input("y"), a.input("w", "weight"), a.bias())));
        ops.put(
                "embedding",
                a -> List.of(
                        Functional.embedding(a.input("input"), a.input("w", "weight"), a.integer("padding_idx", -1))));
    }

    private static void pairLosses(Map<String, Adapter> ops) {
        ops.put(
                "margin_ranking_loss",
                a -> List.of(Functional.marginRankingLoss(
                        a.x(), a.input("y"), a.input("target"), a.number("margin", 0), reduction(a))));
        ops.put(
                "hinge_embedding_loss",
                a -> List.of(
                        Functional.hingeEmbeddingLoss(a.x(), a.input("target"), a.number("margin", 1), reduction(a))));
        ops.put(
                "cosine_embedding_loss",
                a -> List.of(Functional.cosineEmbeddingLoss(
                        a.x(), a.input("y"), a.input("target"), a.number("margin", 0), reduction(a))));
        ops.put(
                "triplet_margin_loss",
                a -> List.of(Functional.tripletMarginLoss(
                        a.x(), a.input("y"), a.input("z"), a.number("margin", 1), reduction(a))));
        ops.put("soft_margin_loss", a -> List.of(Functional.softMarginLoss(a.x(), a.input("target"), reduction(a))));
        ops.put(
                "multi_margin_loss",
                a -> List.of(
                        Functional.multiMarginLoss(a.x(), a.input("target"), a.number("margin", 1), reduction(a))));
    }

    // ---- losses

    private interface Loss {
        Tensor apply(Tensor x, Tensor y, Reduction reduction, Arguments a);
    }

    private static void losses(Map<String, Adapter> ops) {
        classes(
                ops,
                "cross_entropy",
                (x, y, r, a) -> Functional.crossEntropy(
                        x,
                        y,
                        a.optional("weight"),
                        a.integer("ignore_index", -100),
                        a.number("label_smoothing", 0),
                        r));
        classes(
                ops,
                "nll_loss",
                (x, y, r, a) -> Functional.nllLoss(x, y, a.optional("weight"), a.integer("ignore_index", -100), r));
        loss(ops, "mse_loss", (x, y, r, a) -> Functional.mseLoss(x, y, r));
        loss(ops, "l1_loss", (x, y, r, a) -> Functional.l1Loss(x, y, r));
        loss(ops, "smooth_l1_loss", (x, y, r, a) -> Functional.smoothL1Loss(x, y, a.number("beta", 1), r));
        loss(ops, "huber_loss", (x, y, r, a) -> Functional.huberLoss(x, y, a.number("delta", 1), r));
        loss(ops, "kl_div", (x, y, r, a) -> Functional.klDiv(x, y, a.flag("log_target", false), r));
        loss(ops, "binary_cross_entropy", (x, y, r, a) -> Functional.binaryCrossEntropy(x, y, a.optional("weight"), r));
        loss(
                ops,
                "binary_cross_entropy_with_logits",
                (x, y, r, a) -> Functional.binaryCrossEntropyWithLogits(
                        x, y, a.optional("weight"), a.optional("pos_weight"), r));
    }

    private static void loss(Map<String, Adapter> ops, String name, Loss f) {
        ops.put(name, a -> List.of(f.apply(a.x(), a.input("y", "target"), reduction(a), a)));
    }

    private static void classes(Map<String, Adapter> ops, String name, Loss f) {
        ops.put(name, a -> List.of(f.apply(a.x(), classTarget(a), reduction(a), a)));
    }

    private static Reduction reduction(Arguments a) {
        return Reduction.valueOf(a.text("reduction", "mean").toUpperCase(Locale.ROOT));
    }

    private static final Pattern PROBABILITIES =
            Pattern.compile("softmax\\(([\\d.]+)\\*v_(\\d+)\\(i\\) as ([\\dx]+), dim (-?\\d+)\\)");

    /** Class numbers, or probabilities written as {@code softmax(2*v_7(i) as 6x5, dim 1)}. */
    private static Tensor classTarget(Arguments a) {
        Matcher m = PROBABILITIES.matcher(a.text("target", ""));
        if (!m.matches()) {
            return a.input("target", "y");
        }
        long[] shape = Pattern.compile("x")
                .splitAsStream(m.group(3))
                .mapToLong(Long::parseLong)
                .toArray();
        double scale = Double.parseDouble(m.group(1));
        return Golden.tensor(DType.FLOAT64, Integer.parseInt(m.group(2)), scale, 0, shape)
                .softmax(Integer.parseInt(m.group(4)))
                .to(a.dtype());
    }
}
