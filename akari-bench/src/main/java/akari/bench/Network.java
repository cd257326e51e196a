package akari.bench;

import java.util.List;
import java.util.Locale;

/** The convolutional networks of the races, with the names and state of torchvision and, for WRN, of the authors' PyTorch version. */
enum Network {
    RESNET18(224, 1000, 1e-4) {
        @Override
        <T> T forward(NetworkBuilder<T> l, T x) {
            return resnet(l, x, false, 2, 2, 2, 2);
        }
    },
    RESNET50(224, 1000, 1e-5) {
        @Override
        <T> T forward(NetworkBuilder<T> l, T x) {
            return resnet(l, x, true, 3, 4, 6, 3);
        }
    },
    WRN_16_4(32, 10, 1e-2) {
        @Override
        <T> T forward(NetworkBuilder<T> l, T x) {
            return wideResnet(l, x, 2, 4);
        }
    },
    MOBILENET_V2(224, 1000, 1e-4) {
        @Override
        <T> T forward(NetworkBuilder<T> l, T x) {
            return mobilenet(l, x);
        }
    };

    /** Height and width of the images, which have three channels. */
    final int size;

    final int classes;

    /** So small that two steps from these weights do not amplify rounding errors, so large that float32 shows the steps. */
    final double learningRate;

    Network(int size, int classes, double learningRate) {
        this.size = size;
        this.classes = classes;
        this.learningRate = learningRate;
    }

    /** From images {@code [N, 3, size, size]} to logits {@code [N, classes]}. */
    abstract <T> T forward(NetworkBuilder<T> l, T x);

    long[] inputShape(int batch) {
        return new long[] {batch, 3, size, size};
    }

    List<NetworkParameter> parameters() {
        return Parameters.of(this);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static <T> T resnet(NetworkBuilder<T> l, T x, boolean bottleneck, int... depths) {
        x = l.relu(l.norm(l.conv(x, "conv1", 64, 7, 2, false), "bn1"));
        x = l.maxPool(x);
        for (int stage = 0; stage < depths.length; stage++) {
            int planes = 64 << stage;
            int stride = stage == 0 ? 1 : 2;
            for (int i = 0; i < depths[stage]; i++) {
                var block = "layer" + (stage + 1) + "." + i + ".";
                boolean fits = i > 0 || stage == 0 && !bottleneck;
                x = bottleneck
                        ? bottleneck(l, x, block, planes, i == 0 ? stride : 1, fits)
                        : basic(l, x, block, planes, i == 0 ? stride : 1, fits);
            }
        }
        return l.linear(l.average(x), "fc", RESNET18.classes);
    }

    private static <T> T basic(NetworkBuilder<T> l, T x, String block, int planes, int stride, boolean fits) {
        T y = l.relu(l.norm(l.conv(x, block + "conv1", planes, 3, stride, false), block + "bn1"));
        y = l.norm(l.conv(y, block + "conv2", planes, 3, 1, false), block + "bn2");
        return l.relu(l.add(y, fits ? x : downsample(l, x, block, planes, stride)));
    }

    private static <T> T bottleneck(NetworkBuilder<T> l, T x, String block, int planes, int stride, boolean fits) {
        T y = l.relu(l.norm(l.conv(x, block + "conv1", planes, 1, 1, false), block + "bn1"));
        y = l.relu(l.norm(l.conv(y, block + "conv2", planes, 3, stride, false), block + "bn2"));
        y = l.norm(l.conv(y, block + "conv3", 4 * planes, 1, 1, false), block + "bn3");
        return l.relu(l.add(y, fits ? x : downsample(l, x, block, 4 * planes, stride)));
    }

    private static <T> T downsample(NetworkBuilder<T> l, T x, String block, int channels, int stride) {
        return l.norm(l.conv(x, block + "downsample.0", channels, 1, stride, false), block + "downsample.1");
    }

    private static <T> T wideResnet(NetworkBuilder<T> l, T x, int blocks, int width) {
        x = l.conv(x, "conv1", 16, 3, 1, false);
        for (int stage = 0; stage < 3; stage++) {
            int channels = (16 << stage) * width;
            for (int i = 0; i < blocks; i++) {
                var block = "block" + (stage + 1) + ".layer." + i + ".";
                int stride = stage > 0 && i == 0 ? 2 : 1;
                // the first block of a stage has its shortcut after the activation, the others before it
                T a = l.relu(l.norm(x, block + "bn1"));
                T y = l.relu(l.norm(l.conv(a, block + "conv1", channels, 3, stride, false), block + "bn2"));
                y = l.conv(y, block + "conv2", channels, 3, 1, false);
                x = l.add(y, i > 0 ? x : l.conv(a, block + "convShortcut", channels, 1, stride, false));
            }
        }
        return l.linear(l.average(l.relu(l.norm(x, "bn1"))), "fc", WRN_16_4.classes);
    }

    /** Rows of the paper's table 2: expansion, channels, blocks, stride of the first. */
    private static final int[][] INVERTED = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
    };

    private static <T> T mobilenet(NetworkBuilder<T> l, T x) {
        x = convNorm6(l, x, "features.0.", 32, 3, 2, false);
        int in = 32;
        int feature = 1;
        for (var row : INVERTED) {
            for (int i = 0; i < row[2]; i++) {
                int stride = i == 0 ? row[3] : 1;
                x = inverted(l, x, "features." + feature++ + ".conv.", in, row[0], row[1], stride);
                in = row[1];
            }
        }
        x = convNorm6(l, x, "features." + feature + ".", 1280, 1, 1, false);
        return l.linear(l.average(x), "classifier.1", MOBILENET_V2.classes); // dropout is 0 on all sides
    }

    private static <T> T inverted(NetworkBuilder<T> l, T x, String block, int in, int expand, int out, int stride) {
        int wide = in * expand;
        int next = 0;
        T y = x;
        if (expand != 1) y = convNorm6(l, y, block + next++ + ".", wide, 1, 1, false);
        y = convNorm6(l, y, block + next++ + ".", wide, 3, stride, true);
        y = l.norm(l.conv(y, block + next, out, 1, 1, false), block + (next + 1));
        return stride == 1 && in == out ? l.add(y, x) : y;
    }

    private static <T> T convNorm6(
            NetworkBuilder<T> l, T x, String name, int channels, int kernel, int stride, boolean depthwise) {
        return l.relu6(l.norm(l.conv(x, name + "0", channels, kernel, stride, depthwise), name + "1"));
    }
}
