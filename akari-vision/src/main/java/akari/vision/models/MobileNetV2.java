package akari.vision.models;

import akari.core.Shape;
import akari.nn.BatchNorm2d;
import akari.nn.Conv2d;
import akari.nn.Dropout;
import akari.nn.Functional;
import akari.nn.Init;
import akari.nn.KeepsNothing;
import akari.nn.Linear;
import akari.nn.Module;
import akari.nn.ReLU6;
import akari.nn.Sequential;
import akari.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * MobileNetV2 for images of 224×224 and any other size from 32×32 up, as torchvision builds it (Sandler, Howard, Zhu, Zhmoginov, Chen:
 * "MobileNetV2: Inverted residuals and linear bottlenecks", 2018).
 */
@KeepsNothing
public final class MobileNetV2 extends Module {
    /** Blocks of equal output: how far they expand their channels, channels, number, stride of the first. */
    private record Stage(long expand, long channels, int blocks, long stride) {}

    private static final Stage[] STAGES = {
        new Stage(1, 16, 1, 1),
        new Stage(6, 24, 2, 2),
        new Stage(6, 32, 3, 2),
        new Stage(6, 64, 4, 2),
        new Stage(6, 96, 3, 1),
        new Stage(6, 160, 3, 2),
        new Stage(6, 320, 1, 1),
    };

    private final Sequential features = new Sequential();
    private final Sequential classifier;

    /** The usual width, 1, and dropout, 0.2. */
    public MobileNetV2(long channels, long classes) {
        this(1, 0.2, channels, classes);
    }

    /**
     * From {@code [N, channels, H, W]} to {@code [N, classes]}.
     *
     * @param width factor on all numbers of channels, rounded to multiples of 8; those of the last convolution are at least 1280
     * @param dropout probability in front of the linear layer
     */
    public MobileNetV2(double width, double dropout, long channels, long classes) {
        long in = divisible(32 * width);
        features.add(new ConvNormActivation(channels, in, 3, 2, 1, new ReLU6(true)));
        for (Stage s : STAGES) {
            long out = divisible(s.channels * width);
            for (int i = 0; i < s.blocks; i++) {
                features.add(new InvertedResidual(in, out, i == 0 ? s.stride : 1, s.expand));
                in = out;
            }
        }
        long last = divisible(1280 * Math.max(1, width));
        features.add(new ConvNormActivation(in, last, 1, 1, 1, new ReLU6(true)));
        classifier = new Sequential(new Dropout(dropout), new Linear(last, classes));
        apply(MobileNetV2::initialise);
    }

    private static void initialise(Module m) {
        if (m instanceof Conv2d c) {
            Init.kaimingNormal_(c.weight(), Init.FanMode.FAN_OUT, Init.Nonlinearity.RELU);
        } else if (m instanceof Linear l) {
            Init.normal_(l.weight(), 0, 0.01);
            if (l.bias() != null) {
                Init.zeros_(l.bias());
            }
        }
    }

    /** The nearest multiple of 8, but at least 8 and never less than nine tenths of {@code channels}. */
    static long divisible(double channels) {
        long near = Math.max(8, (long) (channels + 4) / 8 * 8);
        return near < 0.9 * channels ? near + 8 : near;
    }

    @Override
    protected Tensor compute(Tensor x) {
        x = features.forward(x);
        return classifier.forward(Functional.adaptiveAvgPool2d(x, 1).flatten(1, -1));
    }

    /** Widens by a 1×1 convolution, filters each channel by itself, narrows by a 1×1 convolution without activation. */
    @KeepsNothing
    static final class InvertedResidual extends Module {
        private final Sequential conv = new Sequential();
        private final boolean residual;

        InvertedResidual(long in, long out, long stride, long expand) {
            long wide = in * expand;
            if (expand != 1) {
                conv.add(new ConvNormActivation(in, wide, 1, 1, 1, new ReLU6(true)));
            }
            conv.add(new ConvNormActivation(wide, wide, 3, stride, wide, new ReLU6(true)));
            conv.add(new Conv2d(wide, out, 1).bias(false));
            conv.add(new BatchNorm2d(out));
            residual = stride == 1 && in == out;
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = conv.forward(x);
            return residual ? y.add_(x) : y;
        }
    }

    static Map<String, Models.Entry> entries() {
        Map<String, Models.Entry> rows = new LinkedHashMap<>();
        rows.put("mobilenet_v2", new Models.Entry("MobileNetV2", Shape.of(3, 224, 224), 32, 1000, MobileNetV2::new));
        return rows;
    }
}
