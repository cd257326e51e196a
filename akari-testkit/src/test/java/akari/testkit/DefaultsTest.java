package akari.testkit;

import static akari.nn.Functional.*;
import static akari.tensor.Tensors.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Pooling;
import akari.core.Shape;
import akari.data.DataLoader;
import akari.data.TensorDataset;
import akari.nn.AvgPool2d;
import akari.nn.BatchNorm1d;
import akari.nn.BatchNorm2d;
import akari.nn.Conv1d;
import akari.nn.Conv2d;
import akari.nn.Conv3d;
import akari.nn.CrossEntropyLoss;
import akari.nn.Dropout;
import akari.nn.ELU;
import akari.nn.Flatten;
import akari.nn.Functional;
import akari.nn.Hardswish;
import akari.nn.Hardtanh;
import akari.nn.Init;
import akari.nn.InterpolationMode;
import akari.nn.LeakyReLU;
import akari.nn.MaxPool2d;
import akari.nn.NLLLoss;
import akari.nn.PReLU;
import akari.nn.PaddingMode;
import akari.nn.Reduction;
import akari.nn.Softmax;
import akari.nn.Softplus;
import akari.optim.Adam;
import akari.optim.AdamW;
import akari.optim.OneCycleLR;
import akari.optim.ReduceLROnPlateau;
import akari.optim.SGD;
import akari.tensor.Generator;
import akari.tensor.Quantiles.Interpolation;
import akari.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call leaves out has PyTorch's default: the short form gives what the long one gives, to the bit. */
class DefaultsTest {
    private static final Reduction MEAN = Reduction.MEAN;

    private final Generator seeded = new Generator(7);
    private final Tensor x = randn(seeded, 4, 6);
    private final Tensor y = randn(seeded, 4, 6);
    private final Tensor p = rand(seeded, 4, 6);
    private final Tensor v = randn(seeded, 9);
    private final Tensor image = randn(seeded, 2, 4, 8, 8);
    private final Tensor labels = tensor(1, 0, 5, 2);
    private final Tensor weight = rand(seeded, 6);

    private static void same(Object a, Object b) {
        assertThat(show(a)).isEqualTo(show(b));
    }

    private static String show(Object a) {
        return switch (a) {
            case Tensor t -> t.dtype() + " " + t.shape() + " " + Arrays.toString(t.toDoubles());
            case List<?> l -> l.stream().map(DefaultsTest::show).toList().toString();
            default -> a.toString();
        };
    }

    @Test
    void convolutionsAndPooling() {
        for (int n = 1; n <= 3; n++) {
            Shape sides = Shape.fill(n, 7);
            Tensor in =
                    randn(seeded, n == 1 ? Shape.of(2, 4, 7) : n == 2 ? Shape.of(2, 4, 7, 7) : Shape.of(2, 4, 7, 7, 7));
            Tensor w =
                    randn(seeded, n == 1 ? Shape.of(6, 2, 3) : n == 2 ? Shape.of(6, 2, 3, 3) : Shape.of(6, 2, 3, 3, 3));
            Tensor t =
                    randn(seeded, n == 1 ? Shape.of(4, 3, 3) : n == 2 ? Shape.of(4, 3, 3, 3) : Shape.of(4, 3, 3, 3, 3));
            Tensor b = randn(seeded, 6);
            Tensor all =
                    randn(seeded, n == 1 ? Shape.of(6, 4, 3) : n == 2 ? Shape.of(6, 4, 3, 3) : Shape.of(6, 4, 3, 3, 3));
            var c = new Convolution(Shape.fill(n, 2), Shape.fill(n, 3), Shape.fill(n, 2), 2);
            var plain = new Convolution(Shape.fill(n, 1), Shape.fill(n, 0), Shape.fill(n, 1), 1);
            Tensor grouped = in.convolution(c, w, b);
            Tensor simple = in.convolution(plain, all, null);
            Tensor transposed = in.convTranspose(c, t, b, Shape.fill(n, 1));
            Tensor max = in.maxPool(pooling(n, 3, 2, 1, 1, true, true, 0));
            Tensor mean = in.averagePool(pooling(n, 3, 2, 1, 1, true, false, 0));
            switch (n) {
                case 1 -> {
                    same(conv1d(in, w, b, 2, 3, 2, 2), grouped);
                    same(conv1d(in, all), simple);
                    same(convTranspose1d(in, t, b, 2, 3, 1, 2, 2), transposed);
                    same(maxPool1d(in, 3, 2, 1, 1, true), max);
                    same(avgPool1d(in, 3, 2, 1, true, false), mean);
                    same(avgPool1d(in, 3), avgPool1d(in, 3, 3, 0, false, true));
                    same(adaptiveAvgPool1d(in, 3), adaptiveAvgPool(in, Shape.of(3)));
                }
                case 2 -> {
                    same(conv2d(in, w, b, 2, 3, 2, 2), grouped);
                    same(conv2d(in, all), simple);
                    same(convTranspose2d(in, t, b, 2, 3, 1, 2, 2), transposed);
                    same(maxPool2d(in, 3, 2, 1, 1, true), max);
                    same(avgPool2d(in, 3, 2, 1, true, false), mean);
                    same(avgPool2d(in, 3), avgPool2d(in, 3, 3, 0, false, true, 0));
                    same(adaptiveAvgPool2d(in, 3), adaptiveAvgPool(in, Shape.of(3, 3)));
                }
                default -> {
                    same(conv3d(in, w, b, 2, 3, 2, 2), grouped);
                    same(conv3d(in, all), simple);
                    same(convTranspose3d(in, t, b, 2, 3, 1, 2, 2), transposed);
                    same(maxPool3d(in, 3, 2, 1, 1, true), max);
                    same(avgPool3d(in, 3, 2, 1, true, false), mean);
                    same(avgPool3d(in, 3), avgPool3d(in, 3, 3, 0, false, true, 0));
                    same(adaptiveAvgPool3d(in, 3), adaptiveAvgPool(in, Shape.fill(3, 3)));
                }
            }
            assertThat(sides.rank()).isEqualTo(n);
        }
        same(maxPool2d(image, 2, true), maxPool2d(image, 2, 2, 0, 1, true));
        same(avgPool2d(image, 3, 3, 0, false, true, 5), image.averagePool(pooling(2, 3, 3, 0, 1, false, true, 5)));
        same(unfold(image, Shape.of(2, 3)), Functional.unfold(image, Shape.of(2, 3), spaced(1, 0, 1)));
        same(unfold(image, Shape.of(2, 3), 2, 1, 3), Functional.unfold(image, Shape.of(2, 3), spaced(3, 1, 2)));
        Tensor columns = unfold(image, Shape.of(2, 3));
        same(
                fold(columns, Shape.of(8, 8), Shape.of(2, 3)),
                Functional.fold(columns, Shape.of(8, 8), Shape.of(2, 3), spaced(1, 0, 1)));
    }

    private static Convolution spaced(long stride, long padding, long dilation) {
        return new Convolution(Shape.fill(2, stride), Shape.fill(2, padding), Shape.fill(2, dilation), 1);
    }

    private static Pooling pooling(int n, long k, long s, long pad, long d, boolean ceil, boolean count, long divisor) {
        return new Pooling(
                Shape.fill(n, k), Shape.fill(n, s), Shape.fill(n, pad), Shape.fill(n, d), ceil, count, divisor, null);
    }

    @Test
    void layers() {
        same(layerNorm(x, 6), layerNorm(x, Shape.of(6), null, null, 1e-5));
        same(layerNorm(x, Shape.of(6), weight), layerNorm(x, Shape.of(6), weight, null, 1e-5));
        same(groupNorm(image, 2), groupNorm(image, 2, null, null, 1e-5));
        same(instanceNorm(image), instanceNorm(image, null, null, 1e-5));
        same(localResponseNorm(image, 3), localResponseNorm(image, 3, 1e-4, 0.75, 1));
        same(normalize(x), normalize(x, 2, 1, 1e-12));
        same(cosineSimilarity(x, y, 0), cosineSimilarity(x, y, 0, 1e-8));
        same(pairwiseDistance(x, y, 3), pairwiseDistance(x, y, 3, 1e-6, false));
        same(glu(x), glu(x, 1));
        same(linear(x, y), linear(x, y, null));
        same(embedding(labels, randn(new Generator(1), 6, 2)), embedding(labels, randn(new Generator(1), 6, 2), -1));
        same(pad(x, 1, 2), pad(x, new long[] {1, 2}, PaddingMode.ZEROS, 0));
        same(pad(x, new long[] {1, 2}, 5), pad(x, new long[] {1, 2}, PaddingMode.ZEROS, 5));
        same(pad(image, new long[] {1, 2}, PaddingMode.REFLECT), pad(image, new long[] {1, 2}, PaddingMode.REFLECT, 0));
        same(interpolate(image, 5), interpolate(image, Shape.of(5, 5), InterpolationMode.NEAREST));
        same(interpolate(image, 2.0), interpolate(image, Shape.of(16, 16)));
        same(
                interpolate(image, 5, InterpolationMode.LINEAR, true),
                interpolate(image, Shape.of(5, 5), InterpolationMode.LINEAR, true, false));
        Tensor grid = affineGrid(tensor(1.0, 0, 0, 0, 1, 0).reshape(1, 2, 3).expand(2, 2, 3), image.shape());
        same(gridSample(image, grid), gridSample(image, grid, false, PaddingMode.ZEROS, false));
        same(
                gridSample(image, grid, InterpolationMode.NEAREST),
                gridSample(image, grid, true, PaddingMode.ZEROS, false));
        assertThatThrownBy(() -> gridSample(image, grid, InterpolationMode.AREA))
                .hasMessageContaining("NEAREST");
        assertThatThrownBy(() -> layerNorm(x)).hasMessageContaining("last dimensions");
        Tensor mean = rand(seeded, 4);
        same(batchNorm(image, mean, mean), batchNorm(image, mean, mean, null, null, false, 0.1, 1e-5));
        same(batchNorm(image, null, null, true), batchNorm(image, null, null, null, null, true, 0.1, 1e-5));
        same(gelu(x, "none"), gelu(x));
        same(gelu(x, "tanh"), x.geluTanh());
        assertThatThrownBy(() -> gelu(x, "erf")).hasMessageContaining("\"tanh\", got \"erf\"");
        same(softplus(x, 2), softplus(x, 2, 20));
        same(hardtanh(x, -0.5), hardtanh(x, -0.5, 1));
        same(softmin(x, 1, DType.FLOAT64), softmin(x.float64(), 1));
        drawn(() -> dropout(x), () -> dropout(x, 0.5, true));
        drawn(() -> dropout(x, 0.2), () -> dropout(x, 0.2, true));
        same(dropout(x, false), x);
        drawn(() -> dropout2d(image), () -> dropout2d(image, 0.5, true));
        drawn(() -> rrelu(x, true), () -> rrelu(x, 1.0 / 8, 1.0 / 3, true));
        drawn(() -> gumbelSoftmax(x), () -> gumbelSoftmax(x, 1, false, -1));
        drawn(() -> gumbelSoftmax(x, true), () -> gumbelSoftmax(x, 1, true, -1));
    }

    /** Layers, losses, optimisers, schedules and loaders print what they were given. */
    @Test
    void constructorsTakePyTorchsPositionalArguments() {
        same(new Conv2d(2, 8, 3, 2, 1), new Conv2d(2, 8, 3).stride(2).padding(1));
        same(
                new Conv1d(2, 8, 3, 2, 1, 3, 2, false),
                new Conv1d(2, 8, Shape.of(3), Shape.of(2), Shape.of(1), Shape.of(3), 2, false));
        same(new Conv3d(2, 8, 3, 1, "same"), new Conv3d(2, 8, 3).padding("same"));
        same(new Conv2d(2, 8, new int[] {3, 5}, new int[] {1, 2}), new Conv2d(2, 8, Shape.of(3, 5)).stride(1, 2));
        same(
                new Conv2d(2, 8, 3, 1, 1, 1, 1, true, PaddingMode.REFLECT),
                new Conv2d(2, 8, 3).padding(1).paddingMode(PaddingMode.REFLECT));
        drawn(
                () -> new Conv2d(4, 8, 3, 1, 1, 1, 2).weight(),
                () -> new Conv2d(4, 8, Shape.of(3, 3), Shape.of(1, 1), Shape.of(1, 1), Shape.of(1, 1), 2, true)
                        .weight());
        same(new MaxPool2d(3, 2), new MaxPool2d(3).stride(2));
        same(new MaxPool2d(3, 2, 1, 2), new MaxPool2d(3).stride(2).padding(1).dilation(2));
        same(new AvgPool2d(3, 2, 1, true, false, 5).forward(image), avgPool2d(image, 3, 2, 1, true, false, 5));
        same(
                new BatchNorm2d(4, 1e-3, 0.2, false, false),
                new BatchNorm2d(4).eps(1e-3).momentum(0.2).affine(false).trackRunningStats(false));
        same(new BatchNorm1d(4, 1e-5, null), new BatchNorm1d(4).momentum(null));
        same(new LeakyReLU(0.2, true), "LeakyReLU(negative_slope=0.2, inplace=True)");
        same(new Hardswish(true), "Hardswish(inplace=True)");
        same(new Hardtanh(0.0), "Hardtanh(min_val=0.0, max_val=1.0)");
        same(new Dropout(0.2, true), "Dropout(p=0.2, inplace=True)");
        Tensor mine = x.clone();
        same(new ELU(true).forward(mine), x.elu());
        same(mine, x.elu());
        same(new Flatten(2).forward(image), image.flatten(2));
        same(new Softplus(2).forward(x), x.softplus(2, 20));
        same(new PReLU(4), "PReLU(num_parameters=4)");
        same(new CrossEntropyLoss(Reduction.SUM).forward(x, labels), crossEntropy(x, labels, Reduction.SUM));
        same(
                new CrossEntropyLoss(weight, 5, MEAN, 0.1).forward(x, labels),
                crossEntropy(x, labels, weight, 5, MEAN, 0.1));
        same(new NLLLoss(weight, 5, Reduction.NONE).forward(x, labels), nllLoss(x, labels, weight, 5, Reduction.NONE));
        List<Tensor> params = List.of(zeros(2).requiresGrad_());
        same(
                new SGD(params, 0.1, 0.9, 0, 1e-4, true),
                new SGD(params).lr(0.1).momentum(0.9).weightDecay(1e-4).nesterov(true));
        same(
                new Adam(params, 1e-3, 0.5, 0.99, 1e-6, 0.1, true),
                new Adam(params).betas(0.5, 0.99).eps(1e-6).weightDecay(0.1).amsgrad(true));
        same(new AdamW(params, 0.1, 0.9, 0.999), new AdamW(params, 0.1));
        SGD sgd = new SGD(params, 0.1);
        new OneCycleLR(sgd, 1, 3, 4);
        assertThat(sgd.groups().getFirst().lr()).isCloseTo(1.0 / 25, within(1e-12));
        assertThatThrownBy(() -> new ReduceLROnPlateau(sgd, "least"))
                .hasMessageContaining("mode is \"min\" or \"max\", got \"least\"");
        var data = new TensorDataset(x, labels);
        same(new DataLoader(data, 2, true), new DataLoader(data).batchSize(2).shuffle(true));
        assertThatThrownBy(() -> new Conv2d(1, 8, 3, 0))
                .hasMessageContaining("stride takes one number or 2, at least 1");
        assertThatThrownBy(() -> new MaxPool2d(new int[] {1, 2, 3}))
                .hasMessageContaining("kernel takes one number or two");
        assertThatThrownBy(() -> new NLLLoss((Reduction) null)).hasMessageContaining("reduction is null");
    }

    @Test
    void sizesOfLayersMayBeNumbersArraysAndShapes() {
        same(unfold(image, 2), unfold(image, Shape.of(2, 2)));
        same(fold(unfold(image, 2), 8, 2), fold(unfold(image, 2), Shape.of(8, 8), Shape.of(2, 2)));
        same(adaptiveAvgPool2d(image, 2, 3), adaptiveAvgPool2d(image, new int[] {2, 3}));
        same(interpolate(image, new double[] {2, 1.5}), interpolate(image, Shape.of(16, 12)));
        same(interpolate(image, new int[] {4, 2}), interpolate(image, Shape.of(4, 2)));
        same(interpolate(image, 4, InterpolationMode.BILINEAR), interpolate(image, 4, InterpolationMode.LINEAR));
        same(layerNorm(x, new int[] {6}), layerNorm(x, 6));
        same(pad(x, new int[] {1, 2}, PaddingMode.CONSTANT, 5), pad(x, new long[] {1, 2}, 5));
        same(maxPool2d(image, new int[] {2, 4}, new int[] {2, 4}), maxPool2d(image, Shape.of(2, 4)));
        Tensor w = randn(seeded, 6, 4, 3, 3);
        same(
                conv2d(image, w, null, Shape.of(1, 2), Shape.of(1, 0)),
                image.convolution(new Convolution(Shape.of(1, 2), Shape.of(1, 0), Shape.of(1, 1), 1), w, null));
        assertThatThrownBy(() -> interpolate(image, -1.0)).hasMessageContaining("a scale is a positive factor");
        assertThatThrownBy(() -> maxPool2d(image, Shape.of(1, 2, 3)))
                .hasMessageContaining("kernel takes one number or 2");
    }

    @Test
    void tensorsMayStandWithoutAList() {
        same(cat(x, y), cat(List.of(x, y)));
        same(stack(x, y, p), stack(List.of(x, y, p)));
        same(meshgrid(v, weight), meshgrid(List.of(v, weight)));
        same(hstack(x, y), hstack(List.of(x, y)));
        same(vstack(x, y), cat(x, y));
        assertThatThrownBy(() -> cat((Tensor[]) null)).hasMessageContaining("cat: tensors is null");
        same(full(true, 2), ones(2).bool());
        same(full(new int[] {2}, false), zeros(2).bool());
        same(fullLike(x, true), ones(4, 6));
    }

    @Test
    void aDimensionLeftOutIsPyTorchs() {
        same(softmax(x), softmax(x, 1));
        same(logSoftmax(v), v.logSoftmax(0));
        same(softmin(image.select(0, 0)), softmin(image.select(0, 0), 0));
        same(new Softmax().forward(image), image.softmax(1));
        same(x.var(1, false), x.var(new int[] {1}, 0, false));
        same(x.std(1, true), x.std(1));
        same(alphaDropout(x, 0.3), x);
    }

    @Test
    void lossesOfDifferencesBroadcast() {
        Tensor row = y.select(0, 0);
        same(mseLoss(x, row), mseLoss(x, row.expand(4, 6)));
        same(l1Loss(row, x, Reduction.NONE), l1Loss(row.expand(4, 6), x, Reduction.NONE));
        same(smoothL1Loss(x, row), smoothL1Loss(x, row.expand(4, 6)));
        same(huberLoss(x, row), huberLoss(x, row.expand(4, 6)));
        assertThatThrownBy(() -> mseLoss(x, v)).hasMessageContaining("mseLoss: input [4, 6] and target [9]");
    }

    private static void drawn(java.util.function.Supplier<Tensor> a, java.util.function.Supplier<Tensor> b) {
        manualSeed(3);
        Tensor first = a.get();
        manualSeed(3);
        same(first, b.get());
    }

    @Test
    void losses() {
        same(crossEntropy(x, labels, Reduction.SUM), crossEntropy(x, labels, null, -100, 0, Reduction.SUM));
        same(crossEntropy(x, labels, weight), crossEntropy(x, labels, weight, -100, 0, MEAN));
        same(crossEntropy(x, labels, null, 5), crossEntropy(x, labels, null, 5, 0, MEAN));
        same(crossEntropy(x, labels, weight, 5, MEAN, 0.1), crossEntropy(x, labels, weight, 5, 0.1, MEAN));
        same(nllLoss(x, labels, Reduction.NONE), nllLoss(x, labels, null, -100, Reduction.NONE));
        same(smoothL1Loss(x, y), smoothL1Loss(x, y, 1, MEAN));
        same(smoothL1Loss(x, y, Reduction.SUM, 0.5), smoothL1Loss(x, y, 0.5, Reduction.SUM));
        same(huberLoss(x, y), huberLoss(x, y, 1, MEAN));
        same(klDiv(x, p), klDiv(x, p, false, MEAN));
        same(klDiv(x, p.log(), true), klDiv(x, p.log(), true, MEAN));
        same(binaryCrossEntropy(p, p), binaryCrossEntropy(p, p, null, MEAN));
        same(binaryCrossEntropyWithLogits(x, p), binaryCrossEntropyWithLogits(x, p, null, null, MEAN));
        same(
                binaryCrossEntropyWithLogits(x, p, null, Reduction.SUM, weight),
                binaryCrossEntropyWithLogits(x, p, null, weight, Reduction.SUM));
        same(poissonNllLoss(x, p), poissonNllLoss(x, p, true, false, 1e-8, MEAN));
        same(gaussianNllLoss(x, y, p), gaussianNllLoss(x, y, p, false, 1e-6, MEAN));
        Tensor sign = tensor(1.0, -1, 1, -1);
        same(cosineEmbeddingLoss(x, y, sign), cosineEmbeddingLoss(x, y, sign, 0, MEAN));
        same(marginRankingLoss(weight, weight, weight), marginRankingLoss(weight, weight, weight, 0, MEAN));
        same(hingeEmbeddingLoss(weight, weight), hingeEmbeddingLoss(weight, weight, 1, MEAN));
        same(multiMarginLoss(x, labels), multiMarginLoss(x, labels, 1, MEAN));
        same(softMarginLoss(x, x), softMarginLoss(x, x, MEAN));
        Tensor z = x.neg();
        same(tripletMarginLoss(x, y, z), tripletMarginLoss(x, y, z, 1, MEAN));
        same(
                tripletMarginLoss(x, y, z, 2, 2, 1e-6, false, Reduction.SUM),
                tripletMarginLoss(x, y, z, 2, Reduction.SUM));
        same(
                tripletMarginLoss(x, y, z, true),
                tripletMarginWithDistanceLoss(x, y, z, Tensor::pairwiseDistance, 1, true, MEAN));
        same(tripletMarginWithDistanceLoss(x, y, z), tripletMarginLoss(x, y, z));
        Tensor logp = randn(seeded, 9, 2, 5).logSoftmax(2);
        long[] in = {9, 8};
        long[] target = {3, 2};
        Tensor spelt = tensor(1, 2, 3, 4, 1, 0).reshape(2, 3);
        same(ctcLoss(logp, spelt, in, target), ctcLoss(logp, spelt, in, target, 0, MEAN, false));
        same(ctcLoss(logp, spelt, tensor(9, 8), tensor(3, 2)), ctcLoss(logp, spelt, in, target));
    }

    @Test
    void tensors() {
        Tensor near = x.add(1e-4);
        same(x.allclose(near, 0, 2e-4), true);
        same(x.allclose(near, 1e-5), false);
        same(full(Double.NaN, 2).allclose(full(Double.NaN, 2), true), true);
        same(x.isclose(near, 1e-3), x.isclose(near, 1e-3, 1e-8, false));
        same(x.sort(true).values(), x.sort(-1, true).values());
        same(x.argsort(true), x.argsort(-1, true));
        same(x.topk(2, false).values(), x.topk(2, -1, false, true).values());
        same(x.kthvalue(2, true).values(), x.kthvalue(2, -1, true).values());
        same(x.mode(true).values(), x.mode(-1, true).values());
        same(x.amax(true), x.amax(new int[] {0, 1}, true));
        same(x.argmax(true), x.argmax().reshape(1, 1));
        same(x.sum(0, DType.FLOAT64), x.float64().sum(0));
        same(x.nanmean(DType.FLOAT64), x.float64().nanmean());
        same(x.quantile(0.3, true), x.quantile(0.3, null, true, Interpolation.LINEAR));
        same(x.quantile(0.3, Interpolation.LOWER), x.quantile(0.3, null, false, Interpolation.LOWER));
        same(labels.bincount(weight.slice(0, 0, 4)), labels.bincount(weight.slice(0, 0, 4), 0));
        same(v.histc(5, -1), v.histc(5, -1, 0));
        same(x.diff(1, 1, y), x.diff(1, 1, y, null));
        same(x.gradient(2, 1), x.gradient(new double[] {2}, new int[] {1}, 1));
        same(labels.isin(tensor(5), true), labels.isin(tensor(5)));
        same(labels.unique(true), labels.unique());
        same(x.clamp(0), x.clamp(0, null));
        same(x.clip(y), x.clamp(y, null));
        same(x.nanToNum(3), x.nanToNum(3, null, null));
        same(image.flatten(1), image.flatten(1, -1));
        same(image.diagonal(1, 0), image.diagonal(1, 0, 1));
        same(v.combinations(3), v.combinations(3, false));
        same(v.vander(2), v.vander(2, false));
        same(x.float16(), x.half());
        same(arange(DType.INT32, 3), tensor(DType.INT32, 0L, 1, 2));
        same(arange(DType.FLOAT64, 1, 3), tensor(DType.FLOAT64, 1.0, 2));
        same(logspace(0, 2, 3, 2), tensor(1.0, 2, 4));
        same(trilIndices(2, 3, DType.INT32), trilIndices(2, 3, 0, DType.INT32));
    }

    @Test
    void sizesMayStandInArraysAndShapes() {
        int[] sizes = {2, 3};
        Shape shape = Shape.of(2, 3);
        same(zeros(sizes), zeros(2, 3));
        same(ones(DType.INT64, shape), ones(DType.INT64, 2, 3));
        same(full(sizes, 7), full(7, 2, 3));
        same(rand(new Generator(1), sizes), rand(new Generator(1), 2, 3));
        same(v.slice(0, 0, 6).reshape(sizes), v.slice(0, 0, 6).view(shape));
        same(tensor(1.0).expand(sizes), ones(2, 3));
        same(tensor(1.0).repeat(sizes), ones(2, 3));
        same(x.newZeros(DType.INT64, sizes), zeros(DType.INT64, 2, 3));
    }

    @Test
    void labelsAndReductionsThatAreWrongAreNamed() {
        assertThatThrownBy(() -> crossEntropy(x, labels.float32()))
                .hasMessageContaining("must be int64")
                .hasMessageContaining("target.int64()");
        assertThatThrownBy(() -> crossEntropy(x, labels, (Reduction) null))
                .hasMessageContaining("crossEntropy: reduction is null");
        assertThatThrownBy(() -> new akari.nn.ReLU().forward((Tensor) null))
                .hasMessageContaining("the input of ReLU is null");
    }

    @Test
    void anElementIsWrittenByItsIndices() {
        Tensor t = zeros(2, 3);
        t.set(5, 1, 2).set(3, -2, 0).set(tensor(7.0, 8, 9), 1L);
        assertThat(t.toDoubles()).containsExactly(3, 0, 0, 7, 8, 9);
        assertThatThrownBy(() -> t.set(1, 0, 3)).hasMessageContaining("3");
    }

    @Test
    void backwardKeepsTheGraphWhereAsked() {
        Tensor leaf = tensor(3.0).requiresGrad_();
        Tensor square = leaf.square().sum();
        square.backward(true);
        square.backward();
        assertThat(leaf.grad().item()).isEqualTo(12);
    }

    @Test
    void randintWithoutASizeIsRefused() {
        assertThatThrownBy(() -> randint(3, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("randint(3, 10, n)")
                .hasMessageContaining("randint(3, Shape.of(10))");
        assertThatThrownBy(() -> randint(DType.UINT8, 3, 10)).hasMessageContaining("lacks a size");
        assertThat(randint(3, 10, Shape.SCALAR).itemLong()).isBetween(3L, 9L);
        assertThat(randint(3, new int[] {10}).shape()).isEqualTo(Shape.of(10));
        assertThat(randint(3, 10, 2).shape()).isEqualTo(Shape.of(2));
        assertThat(arange(4).reshape(2, 2).hsplit(2L)).hasSize(2);
    }

    @Test
    void initialisersHaveTheirDefaults() {
        drawn(() -> Init.normal_(empty(3, 4)), () -> Init.normal_(empty(3, 4), 0, 1));
        drawn(() -> Init.uniform_(empty(3, 4)), () -> Init.uniform_(empty(3, 4), 0, 1));
        drawn(() -> Init.truncNormal_(empty(3, 4)), () -> Init.truncNormal_(empty(3, 4), 0, 1, -2, 2));
        drawn(() -> Init.xavierUniform_(empty(3, 4)), () -> Init.xavierUniform_(empty(3, 4), 1));
        drawn(
                () -> Init.kaimingUniform_(empty(3, 4)),
                () -> Init.kaimingUniform_(empty(3, 4), Init.FanMode.FAN_IN, Math.sqrt(2)));
        drawn(
                () -> Init.kaimingNormal_(empty(3, 4), Math.sqrt(5)),
                () -> Init.kaimingNormal_(empty(3, 4), Init.FanMode.FAN_IN, Math.sqrt(2.0 / 6)));
        drawn(
                () -> Init.kaimingNormal_(empty(3, 4), 0, Init.FanMode.FAN_OUT, Init.Nonlinearity.RELU),
                () -> Init.kaimingNormal_(empty(3, 4), Init.FanMode.FAN_OUT, Init.Nonlinearity.RELU));
    }
}
