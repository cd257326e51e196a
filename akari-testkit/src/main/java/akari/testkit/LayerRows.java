package akari.testkit;

import akari.core.Shape;
import akari.nn.BatchNorm1d;
import akari.nn.BatchNorm2d;
import akari.nn.BatchNorm3d;
import akari.nn.Conv1d;
import akari.nn.Conv2d;
import akari.nn.Conv3d;
import akari.nn.Functional;
import akari.nn.Module;
import akari.nn.PaddingMode;
import akari.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Modules and functions of {@code akari.nn}; losses are in {@link LossRows}. */
final class LayerRows {
    private LayerRows() {}

    static void add(OpTable t) {
        for (int d = 1; d <= 3; d++) {
            int n = d;
            t.op("Conv" + n + "d", a -> convolution(a, n));
            t.op("Conv" + n + "d.padding_mode", a -> convolution(a, n));
            t.several("BatchNorm" + n + "d", a -> batchNorm(a, n));
        }
        t.op(
                "batch_norm",
                a -> Functional.batchNorm(
                        a.x(),
                        a.optional("running_mean"),
                        a.optional("running_var"),
                        a.weight(),
                        a.bias(),
                        a.flag("training", false),
                        a.number("momentum", 0.1),
                        a.number("eps", 1e-5)));
        t.op("pad", a -> Functional.pad(a.x(), a.list("pad"), mode(a, "mode"), a.number("value", 0)));
        functions(t);
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

    private static void functions(OpTable t) {
        t.op(
                "layer_norm",
                a -> Functional.layerNorm(
                        a.x(), Shape.of(a.list("normalized_shape")), a.weight(), a.bias(), a.number("eps", 1e-5)));
        t.op(
                "group_norm",
                a -> Functional.groupNorm(
                        a.x(), a.integer("num_groups", 1), a.weight(), a.bias(), a.number("eps", 1e-5)));
        t.op("instance_norm", a -> Functional.instanceNorm(a.x(), a.weight(), a.bias(), a.number("eps", 1e-5)));
        t.op(
                "local_response_norm",
                a -> Functional.localResponseNorm(
                        a.x(),
                        a.integer("size", 5),
                        a.number("alpha", 1e-4),
                        a.number("beta", 0.75),
                        a.number("k", 1)));
        t.op("normalize", a -> Functional.normalize(a.x(), a.number("p", 2), a.integer("dim", 1)));
        t.op("glu", a -> Functional.glu(a.x(), a.integer("dim", -1)));
        t.op(
                "cosine_similarity",
                a -> Functional.cosineSimilarity(a.x(), a.input("y"), a.integer("dim", 1), a.number("eps", 1e-8)));
        t.op(
                "pairwise_distance",
                a -> Functional.pairwiseDistance(a.x(), a.input("y"), a.number("p", 2), a.number("eps", 1e-6)));
        t.op(
                "unfold",
                a -> Functional.unfold(
                        a.x(), a.sizes("kernel_size", 2, 1), ConvolutionRows.geometry(a, 2, a.sizes("padding", 2, 0))));
        t.op(
                "fold",
                a -> Functional.fold(
                        a.x(),
                        a.sizes("output_size", 2, 1),
                        a.sizes("kernel_size", 2, 1),
                        ConvolutionRows.geometry(a, 2, a.sizes("padding", 2, 0))));
        t.op("pixel_shuffle", a -> Functional.pixelShuffle(a.x(), a.integer("upscale_factor", 1)));
        t.op("pixel_unshuffle", a -> Functional.pixelUnshuffle(a.x(), a.integer("downscale_factor", 1)));
        t.op("channel_shuffle", a -> Functional.channelShuffle(a.x(), a.integer("groups", 1)));
        t.op("bilinear", a -> Functional.bilinear(a.x(), a.input("y"), a.input("w", "weight"), a.bias()));
        t.op(
                "embedding",
                a -> Functional.embedding(a.input("input"), a.input("w", "weight"), a.integer("padding_idx", -1)));
    }
}
