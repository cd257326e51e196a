package akari.vision.models;

import akari.core.Shape;
import akari.nn.BatchNorm2d;
import akari.nn.Conv2d;
import akari.nn.Functional;
import akari.nn.Init;
import akari.nn.KeepsNothing;
import akari.nn.Linear;
import akari.nn.Module;
import akari.nn.ReLU;
import akari.nn.Sequential;
import akari.nn.StateKey;
import akari.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Wide residual networks for images of 32×32, as those of CIFAR, and any other size from 8×8 up (Zagoruyko, Komodakis: "Wide residual
 * networks", 2016): {@code wrn_16_4} has 16 layers and 4 times the channels of the narrowest. A block normalises and activates before
 * it convolves. The state dict's keys are those of the authors' PyTorch version.
 */
@KeepsNothing
public final class WideResNet extends Module {
    private final Conv2d conv1;
    private final Stage block1;
    private final Stage block2;
    private final Stage block3;
    private final BatchNorm2d bn1;
    private final ReLU relu = new ReLU(true);
    private final Linear fc;

    /** Without dropout. */
    public WideResNet(int depth, int width, long channels, long classes) {
        this(depth, width, 0, channels, classes);
    }

    /**
     * From {@code [N, channels, H, W]} to {@code [N, classes]}.
     *
     * @param depth 6n + 4 layers for n blocks in each of the three stages
     * @param width channels as a multiple of 16, 32 and 64
     * @param dropout probability between the convolutions of a block; 0.3 in the paper, where used
     */
    public WideResNet(int depth, int width, double dropout, long channels, long classes) {
        if (depth < 10 || depth % 6 != 4 || width < 1) {
            throw new IllegalArgumentException("a wide ResNet has 6n + 4 layers, as 16, 22, 28 or 40, and a width of at"
                    + " least 1; got " + depth + " and " + width);
        }
        int blocks = (depth - 4) / 6;
        conv1 = conv(channels, 16, 3, 1);
        block1 = new Stage(blocks, 16, 16L * width, 1, dropout);
        block2 = new Stage(blocks, 16L * width, 32L * width, 2, dropout);
        block3 = new Stage(blocks, 32L * width, 64L * width, 2, dropout);
        bn1 = new BatchNorm2d(64L * width);
        fc = new Linear(64L * width, classes);
        apply(m -> {
            if (m instanceof Conv2d c) {
                Init.kaimingNormal_(c.weight(), Init.FanMode.FAN_OUT, Init.Nonlinearity.RELU);
            } else if (m instanceof Linear l && l.bias() != null) {
                Init.zeros_(l.bias());
            }
        });
    }

    @Override
    protected Tensor compute(Tensor x) {
        x = conv1.forward(x);
        x = block1.forward(x);
        x = block2.forward(x);
        x = block3.forward(x);
        x = bn1.forward(x, relu);
        return fc.forward(Functional.adaptiveAvgPool2d(x, 1).flatten(1, -1));
    }

    private static Conv2d conv(long in, long out, long kernel, long stride) {
        return new Conv2d(in, out, kernel).stride(stride).padding(kernel / 2).bias(false);
    }

    /** Blocks of one size; the first one changes channels and size. */
    @KeepsNothing
    static final class Stage extends Module {
        private final Sequential layer = new Sequential();

        Stage(int blocks, long in, long out, long stride, double dropout) {
            for (int i = 0; i < blocks; i++) {
                layer.add(new Block(i == 0 ? in : out, out, i == 0 ? stride : 1, dropout));
            }
        }

        @Override
        protected Tensor compute(Tensor x) {
            return layer.forward(x);
        }
    }

    @KeepsNothing
    static final class Block extends Module {
        private final BatchNorm2d bn1;
        private final ReLU relu1 = new ReLU(true);
        private final Conv2d conv1;
        private final BatchNorm2d bn2;
        private final ReLU relu2 = new ReLU(true);
        private final Conv2d conv2;
        private final double dropout;

        @StateKey("convShortcut")
        private final @Nullable Conv2d shortcut;

        Block(long in, long out, long stride, double dropout) {
            bn1 = new BatchNorm2d(in);
            conv1 = conv(in, out, 3, stride);
            bn2 = new BatchNorm2d(out);
            conv2 = conv(out, out, 3, 1);
            this.dropout = dropout;
            shortcut = in == out ? null : conv(in, out, 1, stride);
        }

        /** A shortcut that changes the channels starts after the activation, any other before it. */
        @Override
        protected Tensor compute(Tensor x) {
            Tensor a = bn1.forward(x, relu1);
            Tensor y = bn2.forward(conv1.forward(a), relu2);
            y = conv2.forward(Functional.dropout(y, dropout, isTraining()));
            return y.add_(shortcut == null ? x : shortcut.forward(a));
        }
    }

    static Map<String, Models.Entry> entries() {
        Map<String, Models.Entry> rows = new LinkedHashMap<>();
        row(rows, 16, 4);
        row(rows, 16, 8);
        row(rows, 28, 10);
        row(rows, 40, 2);
        return rows;
    }

    private static void row(Map<String, Models.Entry> rows, int depth, int width) {
        rows.put(
                "wrn_" + depth + "_" + width,
                new Models.Entry(
                        "WRN-" + depth + "-" + width,
                        Shape.of(3, 32, 32),
                        8,
                        10,
                        (channels, classes) -> new WideResNet(depth, width, channels, classes)));
    }
}
