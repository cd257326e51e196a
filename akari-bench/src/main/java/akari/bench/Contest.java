package akari.bench;

import java.util.List;
import java.util.function.Function;

/**
 * A race: the same work, written for each side as its users would write it.
 *
 * @param name what {@code tools/race} is told
 * @param description what is done, exactly
 * @param ours the work in Akari
 * @param peer the work in PyTorch
 */
record Contest(String name, String description, Function<Ours, Work> ours, Function<Torch, Work> peer) {
    private static final int MEGA = 1 << 20;

    // lambdas, not method references: those would load the other side's classes in a process that lacks them
    static final List<Contest> ALL = List.of(
            new Contest(
                    "add-16m",
                    "x + y of 16 Mi elements, the result allocated each time",
                    a -> a.add(16 * MEGA),
                    t -> t.add(16 * MEGA)),
            new Contest(
                    "gelu-1m",
                    "gelu(x) of 1 Mi elements, exact (erf) as is PyTorch's default",
                    a -> a.gelu(MEGA),
                    t -> t.gelu(MEGA)),
            new Contest(
                    "adam-16m",
                    "one step of Adam (defaults) on one parameter of 16 Mi elements",
                    a -> a.adam(16 * MEGA),
                    t -> t.adam(16 * MEGA)),
            new Contest(
                    "softmax-4096x1000",
                    "softmax over the rows of 4096x1000",
                    a -> a.softmax(4096, 1000),
                    t -> t.softmax(4096, 1000)),
            new Contest(
                    "matmul-1024",
                    "matrix product of 1024x1024 by 1024x1024",
                    a -> a.matmul(1024),
                    t -> t.matmul(1024)),
            new Contest(
                    "conv-64x64-32",
                    "conv2d 64 to 64 channels, 3x3, padding 1, bias, on 16x64x32x32 NCHW; forward, no graph",
                    a -> a.conv3x3(16, 64, 32),
                    t -> t.conv3x3(16, 64, 32)),
            new Contest(
                    "lenet-train",
                    "LeNet-5 training step (tanh, average pooling; zeroGrad, forward, cross entropy, backward,"
                            + " SGD with momentum) on 64x1x28x28",
                    a -> a.lenet(64),
                    t -> t.lenet(64)));

    static Contest of(String name) {
        for (var contest : ALL) {
            if (contest.name.equals(name)) return contest;
        }
        throw new IllegalArgumentException("unknown race " + name + ". Known races: "
                + String.join(", ", ALL.stream().map(Contest::name).toList()));
    }
}
