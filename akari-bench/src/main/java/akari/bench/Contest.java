package akari.bench;

import static akari.bench.Side.ONNXRUNTIME;
import static akari.bench.Side.PYTORCH;
import static akari.bench.Side.PYTORCH_CHANNELS_LAST;

import akari.bench.RaceSetting.Precision;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A race: the same work, written for each side as its users would write it.
 *
 * @param name what {@code tools/race} is told
 * @param description what is done, exactly
 * @param peers who can take part; the first does unless another is asked for
 * @param training whether it is a training step, of which the peak of memory is told too
 * @param goals what is wanted
 * @param ours the work in Akari
 * @param torch the work in PyTorch
 * @param onnx the work in ONNX Runtime, if it is among the peers
 */
record Contest(
        String name,
        String description,
        List<Side> peers,
        boolean training,
        List<Goal> goals,
        Function<Ours, Work> ours,
        Function<Torch, Work> torch,
        Function<Onnx, Work> onnx) {
    private static final int MEGA = 1 << 20;

    // lambdas, not method references: those would load the other side's classes in a process that lacks them
    static final List<Contest> ALL = List.of(
            kernel(
                    "small-add",
                    "1000 times x + y of 16 elements, each result freed before the next in PyTorch, left to the collector here",
                    a -> a.smallAdd(1000, false),
                    t -> t.smallAdd(1000, false)),
            kernel(
                    "small-add-grad",
                    "small-add, recorded for backward",
                    a -> a.smallAdd(1000, true),
                    t -> t.smallAdd(1000, true)),
            kernel(
                    "add-16m",
                    "x + y of 16 Mi elements, the result allocated each time",
                    a -> a.add(16 * MEGA),
                    t -> t.add(16 * MEGA)),
            kernel(
                    "gelu-1m",
                    "gelu(x) of 1 Mi elements, exact (erf) as is PyTorch's default",
                    a -> a.gelu(MEGA),
                    t -> t.gelu(MEGA)),
            kernel(
                    "adam-16m",
                    "one step of Adam (defaults) on one parameter of 16 Mi elements",
                    a -> a.adam(16 * MEGA),
                    t -> t.adam(16 * MEGA)),
            kernel(
                    "softmax-4096x1000",
                    "softmax over the rows of 4096x1000",
                    a -> a.softmax(4096, 1000),
                    t -> t.softmax(4096, 1000)),
            kernel("matmul-1024", "matrix product of 1024x1024 by 1024x1024", a -> a.matmul(1024), t -> t.matmul(1024)),
            kernel(
                    "conv-64x64-32",
                    "conv2d 64 to 64 channels, 3x3, padding 1, bias, on 16x64x32x32 NCHW; forward, no graph",
                    a -> a.conv3x3(16, 64, 32),
                    t -> t.conv3x3(16, 64, 32)),
            new Contest(
                    "lenet-train",
                    "LeNet-5 training step (tanh, average pooling; zeroGrad, forward, cross entropy, backward,"
                            + " SGD with momentum) on 64x1x28x28",
                    List.of(PYTORCH_CHANNELS_LAST, PYTORCH),
                    true,
                    goals(2, 0),
                    a -> a.lenet(64),
                    t -> t.lenet(64),
                    _ -> none()),
            train("wrn16-4-train", "WRN-16-4", Network.WRN_16_4, 64, 1.7, 1.25),
            train("resnet18-train", "ResNet-18", Network.RESNET18, 8, 1.4, 0),
            train("resnet50-train", "ResNet-50", Network.RESNET50, 4, 1.15, 0),
            train("mobilenetv2-train", "MobileNetV2 (no dropout)", Network.MOBILENET_V2, 16, 1.3, 0),
            infer("resnet18-infer-1", "ResNet-18", Network.RESNET18, 1, 1.5, 1.1),
            infer("resnet18-infer-16", "ResNet-18", Network.RESNET18, 16, 1.6, 1.4),
            infer("mobilenetv2-infer-1", "MobileNetV2", Network.MOBILENET_V2, 1, 1.3, 1.0));

    static Contest of(String name) {
        for (var contest : ALL) {
            if (contest.name.equals(name)) return contest;
        }
        throw new IllegalArgumentException("unknown race " + name + ". Known races: "
                + String.join(", ", ALL.stream().map(Contest::name).toList()));
    }

    OptionalDouble goal(Side peer, Precision dtype) {
        return goals.stream()
                .filter(g -> g.peer() == peer && g.dtype() == dtype)
                .mapToDouble(Goal::ratio)
                .findFirst();
    }

    /** How far two results may lie apart, relative to the root mean square of the result. */
    double tolerance(String result, Precision dtype) {
        if (!result.startsWith(Check.CHANGE)) return dtype.tolerance;
        // signs of activations near 0 flip with rounding: 5 % to 10 % between PyTorch's memory formats and ours, losses
        // agreeing to 1e-5
        return name.startsWith("resnet50") && dtype == Precision.F32
                ? 8 * dtype.changeTolerance
                : dtype.changeTolerance;
    }

    private static Contest kernel(
            String name, String description, Function<Ours, Work> ours, Function<Torch, Work> torch) {
        return new Contest(name, description, List.of(PYTORCH), false, List.of(), ours, torch, _ -> none());
    }

    private static Contest train(String name, String title, Network network, int batch, double goal, double goalBf16) {
        var description = title
                + " training step (zeroGrad, forward, cross entropy, backward, SGD with momentum and weight decay)"
                + images(network, batch);
        return new Contest(
                name,
                description,
                List.of(PYTORCH_CHANNELS_LAST, PYTORCH),
                true,
                goals(goal, goalBf16),
                a -> a.train(network, batch),
                t -> t.train(network, batch),
                _ -> none());
    }

    private static Contest infer(String name, String title, Network network, int batch, double torch, double onnx) {
        return new Contest(
                name,
                title + " inference (eval mode, no gradients)" + images(network, batch),
                List.of(PYTORCH_CHANNELS_LAST, PYTORCH, ONNXRUNTIME),
                false,
                List.of(
                        new Goal(PYTORCH_CHANNELS_LAST, Precision.F32, torch),
                        new Goal(ONNXRUNTIME, Precision.F32, onnx)),
                a -> a.infer(network, batch),
                t -> t.infer(network, batch),
                o -> o.infer(network, batch));
    }

    private static String images(Network network, int batch) {
        return " on " + batch + "x3x" + network.size + "x" + network.size;
    }

    private static List<Goal> goals(double f32, double bf16) {
        var f32Goal = new Goal(PYTORCH_CHANNELS_LAST, Precision.F32, f32);
        return bf16 == 0 ? List.of(f32Goal) : List.of(f32Goal, new Goal(PYTORCH_CHANNELS_LAST, Precision.BF16, bf16));
    }

    private static Work none() {
        throw new IllegalArgumentException("ONNX Runtime does not take part in this race");
    }
}
