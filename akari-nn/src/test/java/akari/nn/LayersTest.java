package akari.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LayersTest {
    @BeforeEach
    void seed() {
        Tensors.manualSeed(7);
    }

    // ---- initialisation; standard deviations as measured in PyTorch, from uniform distributions of these bounds

    @Test
    void layersStartAsPyTorchsDo() {
        Linear linear = new Linear(64, 32);
        uniform(linear.weight(), 1 / 8.0, 0.07124);
        uniform(Objects.requireNonNull(linear.bias()), 1 / 8.0, 0.07551);
        Conv2d conv = new Conv2d(16, 32, 3);
        uniform(conv.weight(), 1 / 12.0, 0.04815);
        uniform(Objects.requireNonNull(conv.bias()), 1 / 12.0, 0.04372);
        Conv2d depthwise = new Conv2d(32, 32, 3).groups(32);
        assertThat(depthwise.weight().shape()).isEqualTo(Shape.of(32, 1, 3, 3));
        uniform(depthwise.weight(), 1 / 3.0, 0.1894);
        uniform(Objects.requireNonNull(depthwise.bias()), 1 / 3.0, 0.1898);
        assertThat(new PReLU().parameters().getFirst().toDoubles()).containsExactly(0.25);
    }

    private static void uniform(Tensor t, double bound, double torchStd) {
        assertThat(t.detach().abs().max().item()).isLessThanOrEqualTo((float) bound);
        double n = t.numel();
        double std = t.detach().std().item();
        // two samples of one distribution: each is off by about 1/√(2n) or less
        assertThat(std).isCloseTo(torchStd, within(torchStd * 4 / Math.sqrt(n)));
        assertThat(std).isCloseTo(bound / Math.sqrt(3), within(bound * 2 / Math.sqrt(n)));
        assertThat(t.detach().mean().item()).isCloseTo(0, within(4 * bound / Math.sqrt(3 * n)));
    }

    @Test
    void initialisersUsePyTorchsFansAndGains() {
        assertThat(Init.Nonlinearity.TANH.gain()).isEqualTo(5.0 / 3);
        assertThat(Init.Nonlinearity.RELU.gain()).isEqualTo(Math.sqrt(2));
        assertThat(Init.Nonlinearity.LEAKY_RELU.gain()).isCloseTo(1.4141428569978354, within(1e-15));
        assertThat(Init.leakyReluGain(0.2)).isCloseTo(1.3867504905630728, within(1e-15));
        Tensor w = Tensors.zeros(32, 16, 3, 3).requiresGrad_();
        assertThat(Init.fan(w, Init.FanMode.FAN_IN)).isEqualTo(144);
        assertThat(Init.fan(w, Init.FanMode.FAN_OUT)).isEqualTo(288);
        std(Init.kaimingNormal_(w, Init.FanMode.FAN_OUT, Init.Nonlinearity.RELU), Math.sqrt(2.0 / 288));
        std(Init.kaimingUniform_(w, Init.FanMode.FAN_IN, Init.Nonlinearity.RELU), Math.sqrt(2.0 / 144));
        std(Init.xavierNormal_(w, 1), Math.sqrt(2.0 / 432));
        std(Init.xavierUniform_(w, 2), 2 * Math.sqrt(2.0 / 432));
        std(Init.truncNormal_(w, 0, 0.02), 0.02);
        Tensor cut = Init.truncNormal_(w, 0, 1, -1, 1).detach();
        assertThat(cut.abs().max().item()).isLessThanOrEqualTo(1);
        std(cut, 0.5396); // of a standard normal cut at ±1
        assertThat(w.requiresGrad()).isTrue();
        assertThatThrownBy(() -> Init.fan(Tensors.zeros(3), Init.FanMode.FAN_IN))
                .hasMessageContaining("[3]");
        assertThatThrownBy(() -> Init.truncNormal_(w, 9, 1)).hasMessageContaining("mean 9.0");
    }

    private static void std(Tensor t, double expected) {
        assertThat(t.detach().std().item()).isCloseTo(expected, within(expected * 4 / Math.sqrt(2.0 * t.numel())));
    }

    // ---- layers

    @Test
    void sequentialTakesNamesAndPositions() {
        Map<String, Module> named = new LinkedHashMap<>();
        named.put("fc", new Linear(3, 2));
        named.put("act", new ReLU());
        Sequential s = new Sequential(named).add(new Flatten());
        assertThat(s.namedChildren().keySet()).containsExactly("fc", "act", "2");
        assertThat(s.get(-1)).isInstanceOf(Flatten.class);
        assertThat(s.size()).isEqualTo(3);
        assertThat(s.forward(Tensors.randn(4, 3)).shape()).isEqualTo(Shape.of(4, 2));
        assertThatThrownBy(() -> s.add("fc", new ReLU())).hasMessageContaining("\"fc\"");
    }

    @Test
    void batchNormCountsBatchesAndUsesThemInEvaluation() {
        BatchNorm1d bn = new BatchNorm1d(2).momentum(null);
        Tensor a = Tensors.tensor(0f, 10f, 2f, 30f).reshape(2, 2);
        Tensor b = Tensors.tensor(4f, 0f, 6f, 0f).reshape(2, 2);
        bn.forward(a);
        bn.forward(b);
        Map<String, Tensor> state = bn.stateDict();
        assertThat(state.get("num_batches_tracked").itemLong()).isEqualTo(2);
        assertThat(state.get("running_mean").toDoubles()).containsExactly(3, 10); // mean of (1, 20) and (5, 0)
        assertThat(state.get("running_var").toDoubles()).containsExactly(2, 100); // of (2, 200) and (2, 0), unbiased
        bn.eval();
        Tensor y = bn.forward(Tensors.tensor(3f, 20f).reshape(1, 2));
        assertThat(y.toDoubles()[0]).isZero();
        assertThat(y.toDoubles()[1]).isCloseTo(1, within(1e-6));
        assertThat(bn.stateDict().get("num_batches_tracked").itemLong()).isEqualTo(2);
        bn.resetRunningStats();
        assertThat(bn.stateDict().get("running_var").toDoubles()).containsOnly(1);
    }

    @Test
    void batchNormWithoutStatisticsUsesTheBatchInEvaluationToo() {
        BatchNorm2d bn = new BatchNorm2d(3).trackRunningStats(false).affine(false);
        assertThat(bn.stateDict()).isEmpty();
        Tensor x = Tensors.randn(4, 3, 2, 2);
        double[] training = bn.forward(x).toDoubles();
        bn.eval();
        assertThat(bn.forward(x).toDoubles()).isEqualTo(training);
    }

    @Test
    void batchNormRefusesOtherRanksAndSingleValues() {
        assertThatThrownBy(() -> new BatchNorm2d(3).forward(Tensors.zeros(2, 3)))
                .hasMessageStartingWith("in BatchNorm2d(3,")
                .hasMessageContaining("expected an input [N, C, H, W], got shape [2, 3]");
        assertThatThrownBy(() -> new BatchNorm1d(3).forward(Tensors.zeros(1, 3)))
                .hasMessageContaining("more than one value per channel");
    }

    @Test
    void dropoutDropsItsShareInTrainingOnly() {
        Dropout dropout = new Dropout(0.25);
        Tensor x = Tensors.ones(100, 100).requiresGrad_();
        Tensor y = dropout.forward(x);
        double[] values = y.toDoubles();
        double kept = 0;
        for (double v : values) {
            assertThat(v == 0 || Math.abs(v - 4 / 3.0) < 1e-6).isTrue();
            kept += v == 0 ? 0 : 1;
        }
        assertThat(kept / values.length).isCloseTo(0.75, within(4 * Math.sqrt(0.75 * 0.25) / 100));
        y.sum().backward();
        assertThat(Objects.requireNonNull(x.grad()).toDoubles()).isEqualTo(values);
        dropout.eval();
        assertThat(dropout.forward(x)).isSameAs(x);
        assertThat(new Dropout(1).forward(Tensors.ones(3)).toDoubles()).containsOnly(0);
        assertThatThrownBy(() -> new Dropout(1.5)).hasMessageContaining("[0, 1]");
    }

    @Test
    void paddingModesFillTheBorder() {
        Tensor x = Tensors.tensor(1f, 2f, 3f).reshape(1, 1, 3);
        long[] sides = {2, 1};
        assertThat(Functional.pad(x, sides, PaddingMode.ZEROS, 9).toDoubles()).containsExactly(9, 9, 1, 2, 3, 9);
        assertThat(Functional.pad(x, sides, PaddingMode.REFLECT, 0).toDoubles()).containsExactly(3, 2, 1, 2, 3, 2);
        assertThat(Functional.pad(x, sides, PaddingMode.REPLICATE, 0).toDoubles())
                .containsExactly(1, 1, 1, 2, 3, 3);
        assertThat(Functional.pad(x, sides, PaddingMode.CIRCULAR, 0).toDoubles())
                .containsExactly(2, 3, 1, 2, 3, 1);
        assertThat(Functional.pad(x, new long[] {-1, 0}, PaddingMode.ZEROS, 0).toDoubles())
                .containsExactly(2, 3);
        assertThatThrownBy(() -> Functional.pad(x, new long[] {3, 0}, PaddingMode.REFLECT, 0))
                .hasMessageContaining("between 0 and 2");
        Tensor image = Tensors.randn(1, 1, 5, 6);
        assertThat(new Conv2d(1, 1, 4).padding("same").forward(image).shape()).isEqualTo(image.shape());
        assertThatThrownBy(() -> new Conv2d(1, 1, 3).padding("same").stride(2).forward(image))
                .hasMessageContaining("stride 1");
        assertThatThrownBy(() -> new Conv2d(1, 1, 3).padding("full")).hasMessageContaining("\"full\"");
        assertThatThrownBy(() -> new Conv2d(1, 1, 3).stride(1, 2, 3)).hasMessageContaining("one number or 2");
        assertThatThrownBy(() -> new Conv2d(3, 4, 3).groups(2)).hasMessageContaining("groups 2 must divide");
    }

    @Test
    void activationLayersAreTheTensorsMethods() {
        Tensor x = Tensors.linspace(-4, 4, 17);
        same(new ReLU(), x.relu());
        same(new ReLU6(), x.relu6());
        same(new ReLU6(true), x.relu6());
        same(new LeakyReLU(0.2), x.leakyRelu(0.2));
        same(new ELU(), x.elu(1));
        same(new CELU(0.5), x.celu(0.5));
        same(new SELU(), x.selu());
        same(new GELU("tanh"), x.geluTanh());
        same(new SiLU(), x.silu());
        same(new Mish(), x.mish());
        same(new Sigmoid(), x.sigmoid());
        same(new LogSigmoid(), x.logSigmoid());
        same(new Tanh(), x.tanh());
        same(new Tanhshrink(), x.tanhshrink());
        same(new Softsign(), x.softsign());
        same(new Softplus(), x.softplus(1, 20));
        same(new Softshrink(), x.softshrink(0.5));
        same(new Hardshrink(), x.hardshrink(0.5));
        same(new Hardtanh(), x.hardtanh(-1, 1));
        same(new Hardsigmoid(), x.hardsigmoid());
        same(new Hardswish(), x.hardswish());
        same(new Threshold(0.1, 20), x.threshold(0.1, 20));
        same(new Softmax(0), x.softmax(0));
        same(new LogSoftmax(-1), x.logSoftmax(0));
        same(new PReLU(), x.leakyRelu(0.25));
        same(new Identity(), x);
        Tensor y = x.clone();
        assertThat(new ReLU(true).forward(y)).isSameAs(y);
        assertThat(y.toDoubles()).isEqualTo(x.relu().toDoubles());
        assertThatThrownBy(() -> new GELU("exact")).hasMessageContaining("\"exact\"");
    }

    private static void same(Module layer, Tensor wanted) {
        assertThat(layer.forward(Tensors.linspace(-4, 4, 17)).toDoubles())
                .as(layer.toString())
                .isEqualTo(wanted.toDoubles());
    }

    @Test
    void skippedInitialisersDrawNothing() {
        Tensors.manualSeed(3);
        double[] wanted = Tensors.randn(3).toDoubles();
        Tensors.manualSeed(3);
        Linear layer = Init.skipped(() -> new Linear(20, 30));
        assertThat(layer.weight().shape()).isEqualTo(Shape.of(30, 20));
        assertThat(Tensors.randn(3).toDoubles()).isEqualTo(wanted);
    }

    @Test
    void adaptivePoolingPrintsTheSizeAsGiven() {
        assertThat(new AdaptiveAvgPool2d(1)).hasToString("AdaptiveAvgPool2d(output_size=1)");
        assertThat(new AdaptiveAvgPool2d(1, 1)).hasToString("AdaptiveAvgPool2d(output_size=(1, 1))");
    }

    // ---- losses

    @Test
    void labelsOutsideTheClassesAreNamed() {
        Tensor logits = Tensors.randn(2, 3, 2);
        Tensor labels = Tensors.tensor(0L, 2L, 1L, 3L).reshape(2, 2);
        assertThatThrownBy(() -> new CrossEntropyLoss().forward(logits, labels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "in CrossEntropyLoss(): crossEntropy: label 3 at position [1, 1] lies outside the 3"
                                + " classes 0 to 2 of input [2, 3, 2]");
        assertThatThrownBy(() -> Functional.crossEntropy(logits, Tensors.tensor(-1L, 0L)))
                .hasMessageContaining("needs a target of class numbers [2, 2]");
        assertThatThrownBy(() -> Functional.nllLoss(Tensors.randn(1, 3), Tensors.tensor(-1L)))
                .hasMessageContaining("label -1 at position [0]");
        assertThatThrownBy(() -> Functional.mseLoss(Tensors.zeros(2), Tensors.zeros(3)))
                .hasMessageContaining("[3]");
        assertThatThrownBy(() ->
                        new CrossEntropyLoss().weight(Tensors.ones(2)).forward(Tensors.randn(1, 3), Tensors.tensor(0L)))
                .hasMessageContaining("3 classes");
    }

    @Test
    void classNumbersThatAreFloatsAreToldToBeInt64() {
        Tensor logits = Tensors.randn(2, 3);
        assertThatThrownBy(() -> Functional.crossEntropy(logits, Tensors.tensor(0f, 2f)))
                .hasMessage("crossEntropy: the class numbers [2] for input [2, 3] must be int64; got float32 [2];"
                        + " convert them with target.int64()");
        assertThatThrownBy(() -> new NLLLoss().forward(logits, Tensors.tensor(0f, 2f)))
                .hasMessageContaining("nllLoss: the class numbers [2] for input [2, 3] must be int64; got float32 [2];"
                        + " convert them with target.int64()");
        assertThatThrownBy(() -> Functional.crossEntropy(
                        Tensors.randn(3), Tensors.tensor(1f).reshape()))
                .hasMessageContaining("convert them with target.int64()");
        assertThatThrownBy(() -> Functional.crossEntropy(logits, Tensors.zeros(2, 1)))
                .hasMessage("crossEntropy: input [2, 3] needs a target of class numbers [2], int64, or of probabilities"
                        + " [2, 3], float32; got float32 [2, 1]");
        assertThatThrownBy(() -> Functional.nllLoss(logits, Tensors.zeros(2, 3)))
                .hasMessage("nllLoss: input [2, 3] needs a target of class numbers [2], int64; got float32 [2, 3]");
    }

    private static double[] gradient(Tensor leaf, Tensor loss) {
        loss.sum().backward();
        return Objects.requireNonNull(leaf.grad()).toDoubles();
    }

    /** A probability that is certain and right pulls at nothing; what is behind it may be saturated. */
    @Test
    void certainProbabilitiesThatAreRightHaveNoGradient() {
        Tensor x = Tensors.tensor(30f, -120f).requiresGrad_();
        Tensor loss = Functional.binaryCrossEntropy(x.sigmoid(), Tensors.tensor(1f, 0f), null, Reduction.MEAN);
        assertThat(gradient(x, loss)).containsExactly(0, 0);
    }

    /** PyTorch's numbers: eps is added to squared lengths. */
    @Test
    void cosineEmbeddingLossOfShortVectors() {
        Tensor x = Tensors.tensor(1e-7f, 1e-7f, 1e-7f, 0f, 0f, 0f)
                .reshape(2, 3)
                .detach()
                .requiresGrad_();
        Tensor loss = Functional.cosineEmbeddingLoss(x, Tensors.ones(2, 3), Tensors.ones(2), 0, Reduction.NONE);
        assertThat(loss.toDoubles()).containsExactly(new double[] {0.8293359, 1}, within(1e-6));
        double[] g = gradient(x, loss);
        assertThat(g[0]).isCloseTo(-5.523113e5, within(1.0));
        assertThat(g[3]).isCloseTo(-5.773503e5, within(1.0));
    }

    /** In float32 to a relative 1e-6, however small: by the same function in float64. */
    @Test
    void lossesOfConfidentLogitsKeepTheirDigits() {
        double[] logits = new double[321];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (i - 160) / 2.0;
        }
        Shape shape = Shape.of(logits.length);
        for (double target : new double[] {0, 1}) {
            for (int loss = 0; loss < 3; loss++) {
                double[][] found = new double[4][];
                for (int wide = 0; wide < 2; wide++) {
                    DType type = wide == 0 ? DType.FLOAT32 : DType.FLOAT64;
                    Tensor x = Tensors.of(type, logits, shape).requiresGrad_();
                    Tensor t = Tensors.full(type, target, logits.length);
                    Tensor each = switch (loss) {
                        case 0 -> Functional.binaryCrossEntropyWithLogits(x, t, null, null, Reduction.NONE);
                        case 1 ->
                            Functional.binaryCrossEntropyWithLogits(
                                    x, t, null, Tensors.full(type, 3, 1), Reduction.NONE);
                        default -> Functional.softMarginLoss(x, t.mul(2).sub(1), Reduction.NONE);
                    };
                    found[wide] = each.toDoubles();
                    found[2 + wide] = gradient(x, each);
                }
                for (int i = 0; i < logits.length; i++) {
                    assertThat(found[0][i]).isCloseTo(found[1][i], within(1e-6 * found[1][i]));
                    assertThat(found[2][i]).isCloseTo(found[3][i], within(1e-6 * Math.abs(found[3][i])));
                }
            }
        }
        Tensor x = Tensors.tensor(-17f).requiresGrad_();
        Tensor one = Functional.binaryCrossEntropyWithLogits(x, Tensors.zeros(1), null, null, Reduction.MEAN);
        assertThat(one.item()).isCloseTo(4.1399376e-8, within(4e-14));
        assertThat(gradient(x, one)[0]).isCloseTo(4.1399376e-8, within(4e-14));
    }

    @Test
    void halvesAreNormalisedInFloat32() {
        Tensor x = Tensors.of(DType.FLOAT16, new double[] {1000, -1000, 500, -500}, Shape.of(4));
        for (DType autocast : new DType[] {DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16}) {
            Tensor y = Tensors.autocast(autocast, () -> Functional.layerNorm(x, Shape.of(4), null, null, 1e-5));
            assertThat(y.dtype()).isEqualTo(DType.FLOAT16);
            assertThat(y.toDoubles()).containsExactly(1.2646484375, -1.2646484375, 0.63232421875, -0.63232421875);
        }
        Tensor zeros = Tensors.zeros(DType.FLOAT16, 4);
        assertThat(Functional.layerNorm(zeros, Shape.of(4), null, null, 1e-12).toDoubles())
                .containsOnly(0);
        assertThat(Functional.normalize(zeros, 2, 0).toDoubles()).containsOnly(0);
    }

    /** Outside autocast a loss of halves is a half; within it the float32 that it was computed in. */
    @Test
    void lossesOfHalvesAreRoundedOnceOrNotAtAll() {
        Tensor x = Tensors.of(DType.FLOAT16, new double[] {300, 0, 0, 1}, Shape.of(4));
        Tensor y = Tensors.zeros(DType.FLOAT16, 4);
        Tensor half = Functional.mseLoss(x, y);
        assertThat(half.dtype()).isEqualTo(DType.FLOAT16);
        assertThat(half.item()).isEqualTo(22496);
        Tensor wide = Tensors.autocast(DType.FLOAT16, () -> Functional.mseLoss(x, y, Reduction.SUM));
        assertThat(wide.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(wide.item()).isEqualTo(90001);
    }

    @Test
    void crossEntropyTakesOneSampleAndIgnoresWithoutTrace() {
        Tensor logits = Tensors.of(DType.FLOAT64, new double[] {1, 2, 3}, Shape.of(3));
        double wanted = -2 + Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
        Tensor label = Tensors.tensor(1L).reshape();
        assertThat(Functional.crossEntropy(logits, label).item()).isCloseTo(wanted, within(1e-12));

        Tensor two = Tensors.stack(
                        List.of(
                                logits,
                                Tensors.of(DType.FLOAT64, new double[] {0, Double.NEGATIVE_INFINITY, 0}, Shape.of(3))),
                        0)
                .detach()
                .requiresGrad_();
        Tensor loss = new CrossEntropyLoss().ignoreIndex(9).forward(two, Tensors.tensor(1L, 9L));
        assertThat(loss.item()).isCloseTo(wanted, within(1e-12));
        loss.backward();
        double[] g = Objects.requireNonNull(two.grad()).toDoubles();
        assertThat(new double[] {g[3], g[4], g[5]}).containsOnly(0);
        assertThat(Functional.crossEntropy(two, Tensors.tensor(-100L, -100L)).item())
                .isNaN();
    }

    @Test
    void lossModulesAreTheFunctions() {
        Tensor x = Tensors.randn(4, 3);
        Tensor y = Tensors.randn(4, 3);
        assertThat(new MSELoss().forward(x, y).item())
                .isEqualTo(Functional.mseLoss(x, y).item());
        assertThat(new L1Loss(Reduction.SUM).forward(x, y).item())
                .isEqualTo(Functional.l1Loss(x, y, Reduction.SUM).item());
        Tensor labels = Tensors.tensor(0L, 1L, 2L, 0L);
        assertThat(new NLLLoss().forward(x.logSoftmax(1), labels).item())
                .isCloseTo(new CrossEntropyLoss().forward(x, labels).item(), within(1e-6));
    }

    @Test
    void lossesLeaveNoMemoryBehind() {
        Tensor x = Tensors.randn(64, 10).requiresGrad_();
        Tensor labels = Tensors.randint(0, 10, 64);
        Functional.crossEntropy(x, labels).backward();
        long before = Tensors.memory().inUse();
        for (int i = 0; i < 50; i++) {
            x.zeroGrad();
            try (var scope = Tensors.scope()) {
                Functional.crossEntropy(x, labels).backward();
            }
        }
        assertThat(Tensors.memory().inUse()).isLessThanOrEqualTo(before);
    }

    /** In bfloat16 as in float32: infinities and NaN reach what reads them, in all three passes. */
    @Test
    void halfConvolutionsKeepInfinitiesApart() {
        long[][] shapes = {{1, 1, 3, 1}, {3, 4, 3, 1}, {8, 8, 3, 8}, {64, 64, 3, 1}, {3, 2, 2, 1}};
        for (long[] s : shapes) {
            for (float odd : new float[] {Float.POSITIVE_INFINITY, Float.NaN}) {
                List<boolean[]> finite = new ArrayList<>();
                for (DType type : new DType[] {DType.FLOAT32, DType.BFLOAT16}) {
                    Tensors.manualSeed(4);
                    Tensor x = Tensors.randn(2, s[0], 9, 8).set(odd, 1, 0, 4, 5).to(type);
                    Tensor w = Tensors.randn(s[1], s[0] / s[3], s[2], s[2]).to(type);
                    x.requiresGrad_();
                    w.requiresGrad_();
                    Tensor y = x.convolution(
                            new Convolution(Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), s[3]), w, null);
                    y.backward(Tensors.randn(y.shape().toArray())
                            .set(odd, 0, 0, 2, 3)
                            .to(type));
                    for (Tensor t : List.of(y, x.grad(), w.grad())) {
                        float[] values = t.detach().float32().toFloats();
                        boolean[] flags = new boolean[values.length];
                        for (int k = 0; k < flags.length; k++) {
                            flags[k] = Float.isFinite(values[k]);
                        }
                        finite.add(flags);
                    }
                }
                for (int k = 0; k < 3; k++) {
                    assertThat(finite.get(k + 3))
                            .as(
                                    "%s of %s, %s",
                                    List.of("output", "input gradient", "weight gradient")
                                            .get(k),
                                    Arrays.toString(s),
                                    odd)
                            .isEqualTo(finite.get(k));
                }
            }
        }
    }
}
