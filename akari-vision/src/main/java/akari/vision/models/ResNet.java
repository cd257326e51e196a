package akari.vision.models;

import akari.core.Shape;
import akari.nn.AdaptiveAvgPool2d;
import akari.nn.BatchNorm2d;
import akari.nn.Conv2d;
import akari.nn.Init;
import akari.nn.KeepsNothing;
import akari.nn.Linear;
import akari.nn.MaxPool2d;
import akari.nn.Module;
import akari.nn.ReLU;
import akari.nn.Sequential;
import akari.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Residual networks for images of 224×224 and any other size from 32×32 up, as torchvision builds them: ResNet (He, Zhang, Ren, Sun:
 * "Deep residual learning for image recognition", 2015; a bottleneck's stride lies on its 3×3 convolution), ResNeXt (Xie et al.:
 * "Aggregated residual transformations", 2016) and wide ResNet (Zagoruyko, Komodakis: "Wide residual networks", 2016).
 */
@KeepsNothing
public final class ResNet extends Module {
    /**
     * What tells the variants apart.
     *
     * @param bottleneck blocks of 1×1, 3×3 and 1×1 convolutions instead of two 3×3 ones
     * @param depths blocks of each of the four stages
     * @param groups of the 3×3 convolutions in bottlenecks
     * @param width channels of each group in the first stage
     */
    public record Plan(boolean bottleneck, List<Integer> depths, long groups, long width) {
        public Plan {
            depths = List.copyOf(depths);
            if (depths.size() != 4 || !bottleneck && (groups != 1 || width != 64)) {
                throw new IllegalArgumentException(
                        "a ResNet has four stages, and only bottlenecks have groups and width;" + " got depths "
                                + depths + ", groups " + groups + ", width " + width);
            }
        }

        long expansion() {
            return bottleneck ? 4 : 1;
        }
    }

    private final Conv2d conv1;
    private final BatchNorm2d bn1 = new BatchNorm2d(64);
    private final ReLU relu = new ReLU(true);
    private final MaxPool2d maxpool = new MaxPool2d(3).stride(2).padding(1);
    private final Sequential layer1;
    private final Sequential layer2;
    private final Sequential layer3;
    private final Sequential layer4;
    private final AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1, 1);
    private final Linear fc;

    /** From {@code [N, channels, H, W]} to {@code [N, classes]}. */
    public ResNet(Plan plan, long channels, long classes) {
        conv1 = conv(channels, 64, 7, 2, 1);
        layer1 = stage(plan, 0, 64, 1);
        layer2 = stage(plan, 1, 64 * plan.expansion(), 2);
        layer3 = stage(plan, 2, 128 * plan.expansion(), 2);
        layer4 = stage(plan, 3, 256 * plan.expansion(), 2);
        fc = new Linear(512 * plan.expansion(), classes);
        apply(m -> {
            if (m instanceof Conv2d c) {
                Init.kaimingNormal_(c.weight(), Init.FanMode.FAN_OUT, Init.Nonlinearity.RELU);
            }
        });
    }

    private static Sequential stage(Plan plan, int number, long in, long stride) {
        long planes = 64L << number;
        long out = planes * plan.expansion();
        Sequential blocks = new Sequential();
        for (int i = 0; i < plan.depths().get(number); i++) {
            long from = i == 0 ? in : out;
            long step = i == 0 ? stride : 1;
            blocks.add(
                    plan.bottleneck()
                            ? new Bottleneck(from, planes, out, step, plan.groups(), plan.width())
                            : new BasicBlock(from, planes, step));
        }
        return blocks;
    }

    @Override
    protected Tensor compute(Tensor x) {
        x = bn1.forward(conv1.forward(x), relu);
        x = maxpool.forward(x);
        x = layer1.forward(x);
        x = layer2.forward(x);
        x = layer3.forward(x);
        x = layer4.forward(x);
        return fc.forward(avgpool.forward(x).flatten(1, -1));
    }

    /** Padded so that stride 1 keeps the size. */
    private static Conv2d conv(long in, long out, long kernel, long stride, long groups) {
        return new Conv2d(
                in,
                out,
                Shape.fill(2, kernel),
                Shape.fill(2, stride),
                Shape.fill(2, kernel / 2),
                Shape.fill(2, 1),
                groups,
                false);
    }

    /** Fits a block's input to its output, or null where it fits as it is. */
    private static @Nullable Sequential downsample(long in, long out, long stride) {
        return stride == 1 && in == out ? null : new Sequential(conv(in, out, 1, stride, 1), new BatchNorm2d(out));
    }

    @KeepsNothing
    static final class BasicBlock extends Module {
        private final Conv2d conv1;
        private final BatchNorm2d bn1;
        private final ReLU relu = new ReLU(true);
        private final Conv2d conv2;
        private final BatchNorm2d bn2;
        private final @Nullable Sequential downsample;

        BasicBlock(long in, long out, long stride) {
            conv1 = conv(in, out, 3, stride, 1);
            bn1 = new BatchNorm2d(out);
            conv2 = conv(out, out, 3, 1, 1);
            bn2 = new BatchNorm2d(out);
            downsample = downsample(in, out, stride);
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = bn1.forward(conv1.forward(x), relu);
            y = bn2.forward(conv2.forward(y));
            Tensor identity = downsample == null ? x : downsample.forward(x);
            return relu.forward(y.add_(identity));
        }
    }

    @KeepsNothing
    static final class Bottleneck extends Module {
        private final Conv2d conv1;
        private final BatchNorm2d bn1;
        private final Conv2d conv2;
        private final BatchNorm2d bn2;
        private final Conv2d conv3;
        private final BatchNorm2d bn3;
        private final ReLU relu = new ReLU(true);
        private final @Nullable Sequential downsample;

        /** @param width channels of each group where {@code planes} is 64; grows with it */
        Bottleneck(long in, long planes, long out, long stride, long groups, long width) {
            long inner = planes * width / 64 * groups;
            conv1 = conv(in, inner, 1, 1, 1);
            bn1 = new BatchNorm2d(inner);
            conv2 = conv(inner, inner, 3, stride, groups);
            bn2 = new BatchNorm2d(inner);
            conv3 = conv(inner, out, 1, 1, 1);
            bn3 = new BatchNorm2d(out);
            downsample = downsample(in, out, stride);
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = bn1.forward(conv1.forward(x), relu);
            y = bn2.forward(conv2.forward(y), relu);
            y = bn3.forward(conv3.forward(y));
            Tensor identity = downsample == null ? x : downsample.forward(x);
            return relu.forward(y.add_(identity));
        }
    }

    private static final List<Integer> D50 = List.of(3, 4, 6, 3);
    private static final List<Integer> D101 = List.of(3, 4, 23, 3);

    static Map<String, Models.Entry> entries() {
        Map<String, Models.Entry> rows = new LinkedHashMap<>();
        row(rows, "resnet18", "ResNet-18", new Plan(false, List.of(2, 2, 2, 2), 1, 64));
        row(rows, "resnet34", "ResNet-34", new Plan(false, D50, 1, 64));
        row(rows, "resnet50", "ResNet-50", new Plan(true, D50, 1, 64));
        row(rows, "resnet101", "ResNet-101", new Plan(true, D101, 1, 64));
        row(rows, "resnet152", "ResNet-152", new Plan(true, List.of(3, 8, 36, 3), 1, 64));
        row(rows, "resnext50_32x4d", "ResNeXt-50 32×4d", new Plan(true, D50, 32, 4));
        row(rows, "resnext101_32x8d", "ResNeXt-101 32×8d", new Plan(true, D101, 32, 8));
        row(rows, "resnext101_64x4d", "ResNeXt-101 64×4d", new Plan(true, D101, 64, 4));
        row(rows, "wide_resnet50_2", "Wide ResNet-50-2", new Plan(true, D50, 1, 128));
        row(rows, "wide_resnet101_2", "Wide ResNet-101-2", new Plan(true, D101, 1, 128));
        return rows;
    }

    private static void row(Map<String, Models.Entry> rows, String name, String title, Plan plan) {
        rows.put(
                name,
                new Models.Entry(
                        title,
                        Shape.of(3, 224, 224),
                        32,
                        1000,
                        (channels, classes) -> new ResNet(plan, channels, classes)));
    }
}
