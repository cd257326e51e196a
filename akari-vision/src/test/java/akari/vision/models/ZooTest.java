package akari.vision.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.core.Shape;
import akari.nn.BatchNorm2d;
import akari.nn.Functional;
import akari.nn.Inference;
import akari.nn.Init;
import akari.nn.Module;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The zoo against what PyTorch says of the same models, from {@code zoo.txt.gz}. */
class ZooTest {
    private record Drawn(String key, double mean, double std, double largest) {}

    private record Facts(
            String name,
            Shape input,
            long classes,
            long parameters,
            long multiplyAdds,
            List<String> state,
            List<String> layers,
            List<Drawn> drawn) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Facts> zoo() {
        List<Facts> all = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(ZooTest.class.getResourceAsStream("zoo.txt.gz"))),
                StandardCharsets.UTF_8))) {
            in.lines().filter(line -> !line.startsWith("#")).forEach(line -> read(line, all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static void read(String line, List<Facts> all) {
        String[] w = line.split(" ", -1);
        switch (w[0]) {
            case "model" ->
                all.add(new Facts(
                        w[1],
                        Shape.of(Arrays.stream(w[2].split("x", -1))
                                .mapToLong(Long::parseLong)
                                .toArray()),
                        Long.parseLong(w[3]),
                        Long.parseLong(w[4]),
                        Long.parseLong(w[5]),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>()));
            case "s" -> all.getLast().state.add(line.substring(2));
            case "l" -> all.getLast().layers.add(line.substring(2));
            default ->
                all.getLast()
                        .drawn
                        .add(new Drawn(
                                w[1], Double.parseDouble(w[2]), Double.parseDouble(w[3]), Double.parseDouble(w[4])));
        }
    }

    static Stream<Facts> drawn() {
        return zoo().stream().filter(f -> !f.drawn.isEmpty());
    }

    @ParameterizedTest
    @MethodSource("zoo")
    void stateLayersAndWorkAreTheReferences(Facts f) {
        Models.Entry entry = Models.find(f.name);
        Module model = Init.skipped(() -> entry.create(f.input.get(0), f.classes));

        assertThat(entry.input()).isEqualTo(f.input);
        assertThat(entry.classes()).isEqualTo(f.classes);
        assertThat(state(model)).isEqualTo(f.state);
        assertThat(layers(model)).isEqualTo(f.layers);
        Summary s = Summary.of(model, f.input);
        assertThat(s.parameters()).isEqualTo(f.parameters);
        assertThat(s.multiplyAdds()).isEqualTo(f.multiplyAdds);
        assertThat(s.layers().getFirst().output()).isEqualTo(Shape.of(1, f.classes));
    }

    private static List<String> state(Module model) {
        Map<String, Tensor> parameters = model.namedParameters();
        List<String> rows = new ArrayList<>();
        model.stateDict().forEach((key, t) -> {
            String shape = String.join(
                    "x",
                    Arrays.stream(t.shape().toArray()).mapToObj(Long::toString).toList());
            String type = t.dtype() == DType.FLOAT32 ? "f32" : t.dtype() == DType.INT64 ? "i64" : t.dtype() + "";
            String kind = parameters.containsKey(key) ? "p" : "b";
            rows.add(key + " " + (shape.isEmpty() ? "-" : shape) + " " + type + " " + kind);
        });
        return rows;
    }

    /** With batch normalisation's eps and momentum, dropout's probability, and so on. */
    private static List<String> layers(Module model) {
        List<String> rows = new ArrayList<>();
        model.namedModules().forEach((path, m) -> {
            if (m.children().isEmpty()) {
                rows.add(path + " " + m);
            }
        });
        return rows;
    }

    /**
     * Two draws of the same distribution: means and standard deviations differ by at most five standard errors of the difference. Of a
     * large tensor the first 20,000 elements serve.
     */
    @ParameterizedTest
    @MethodSource("drawn")
    void initialisationHasTheReferencesDistribution(Facts f) {
        Tensors.manualSeed(1);
        Map<String, Tensor> parameters = Models.create(f.name, f.classes).namedParameters();

        assertThat(parameters.keySet())
                .containsExactlyElementsOf(f.drawn.stream().map(Drawn::key).toList());
        for (Drawn d : f.drawn) {
            Tensor t = Objects.requireNonNull(parameters.get(d.key)).detach().flatten(0, -1);
            double[] own = t.narrow(0, 0, Math.min(t.numel(), 20_000)).toDoubles();
            double mean = Arrays.stream(own).average().orElseThrow();
            double std = Math.sqrt(Arrays.stream(own)
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow());
            double errors = 5 * Math.sqrt(1.0 / own.length + 1.0 / t.numel());
            assertThat(mean).as("mean of " + d.key).isCloseTo(d.mean, within(errors * d.std + 1e-12));
            // the standard error of a normal sample's deviation; a uniform one's is less. Figures have four digits.
            assertThat(std)
                    .as("deviation of " + d.key)
                    .isCloseTo(d.std, within((errors / Math.sqrt(2) + 5e-4) * d.std));
            if (own.length > 500 && d.std > 0) {
                boolean uniform = d.largest < 1.8 * d.std;
                double largest = Arrays.stream(own).map(Math::abs).max().orElseThrow();
                assertThat(largest < 1.8 * std).as(d.key + " is uniform").isEqualTo(uniform);
            }
        }
    }

    @Test
    void otherSizesChannelsAndClassesAreFree() {
        assertThat(logits("resnet18", 1, 7, 32, 48)).isEqualTo(Shape.of(2, 7));
        assertThat(logits("wrn_16_4", 1, 5, 8, 8)).isEqualTo(Shape.of(2, 5));
        assertThat(logits("wrn_16_4", 1, 5, 28, 28)).isEqualTo(Shape.of(2, 5));
        assertThat(logits("mobilenet_v2", 1, 3, 32, 40)).isEqualTo(Shape.of(2, 3));
    }

    private static Shape logits(String name, long channels, long classes, long height, long width) {
        Module model = Models.find(name).create(channels, classes);
        return model.forward(Tensors.randn(2, channels, height, width)).shape();
    }

    @Test
    void imagesKeepTheirSizeWhereTheModelAllowsIt() {
        Models.Entry wrn = Models.find("wrn_16_4");
        assertThat(wrn.inputFor(Shape.of(1, 8, 8))).isEqualTo(Shape.of(1, 8, 8));
        assertThat(wrn.inputFor(Shape.of(1, 28, 28))).isEqualTo(Shape.of(1, 28, 28));
        assertThat(wrn.inputFor(Shape.of(3, 4, 96))).isEqualTo(Shape.of(3, 8, 32));
        Models.Entry resnet = Models.find("resnet18");
        assertThat(resnet.inputFor(Shape.of(1, 8, 8))).isEqualTo(Shape.of(1, 32, 32));
        assertThat(resnet.inputFor(Shape.of(3, 375, 500))).isEqualTo(Shape.of(3, 224, 224));
        assertThat(Models.find("lenet").inputFor(Shape.of(1, 8, 8))).isEqualTo(Shape.of(1, 28, 28));
    }

    @Test
    void everyParameterLearns() {
        for (String name : List.of("wrn_16_4", "mobilenet_v2")) {
            Module model = Models.find(name).create(1, 4);
            Tensor loss = Functional.crossEntropy(
                    model.forward(Tensors.randn(4, 1, 32, 32)), Tensors.tensor(new long[] {0, 1, 2, 3}));
            loss.backward();
            model.namedParameters()
                    .forEach((key, p) -> assertThat(p.grad())
                            .as(name + " " + key)
                            .isNotNull()
                            .satisfies(g ->
                                    assertThat(g.isfinite().all().itemLong()).isEqualTo(1)));
        }
    }

    @Test
    void dropoutOfWideResNetsActsInTrainingOnly() {
        Module model = new WideResNet(10, 1, 0.5, 1, 3);
        Tensor x = Tensors.randn(2, 1, 8, 8);
        assertThat(model.forward(x).toDoubles()).isNotEqualTo(model.forward(x).toDoubles());
        model.eval();
        assertThat(model.forward(x).toDoubles()).isEqualTo(model.forward(x).toDoubles());
    }

    @Test
    void widthsOfMobileNetsAreMultiplesOfEight() {
        assertThat(MobileNetV2.divisible(1)).isEqualTo(8);
        assertThat(MobileNetV2.divisible(11.2)).isEqualTo(16);
        assertThat(MobileNetV2.divisible(33.6)).isEqualTo(32);
        assertThat(MobileNetV2.divisible(44.8)).isEqualTo(48);
        Module narrow = Init.skipped(() -> new MobileNetV2(0.35, 0.2, 3, 10));
        assertThat(narrow.stateDict().get("features.0.0.weight").shape()).isEqualTo(Shape.of(16, 3, 3, 3));
        assertThat(narrow.stateDict().get("classifier.1.weight").shape()).isEqualTo(Shape.of(10, 1280));
    }

    @Test
    void impossiblePlansAreRefused() {
        assertThatThrownBy(() -> new WideResNet(18, 4, 3, 10))
                .hasMessageContaining("6n + 4 layers")
                .hasMessageContaining("18");
        assertThatThrownBy(() -> new ResNet.Plan(true, List.of(1, 2), 1, 64)).hasMessageContaining("four stages");
        assertThatThrownBy(() -> new ResNet.Plan(false, List.of(2, 2, 2, 2), 32, 4))
                .hasMessageContaining("groups 32");
    }

    /** With running statistics and weights of the norms that are not the identity, on small images. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "resnet50", "wrn_16_4", "mobilenet_v2", "resnext50_32x4d", "lenet"})
    void inferenceEqualsTheModel(String name) {
        Tensors.manualSeed(11);
        Models.Entry e = Models.find(name);
        Module model = Models.create(name, 10);
        model.eval();
        Tensors.noGrad(() -> model.modules().forEach(m -> {
            if (m instanceof BatchNorm2d bn) {
                bn.weight().copy_(Tensors.rand(bn.weight().numel()).add(0.5));
                bn.bias().copy_(Tensors.randn(bn.weight().numel()).mul(0.2));
                bn.runningMean().copy_(Tensors.randn(bn.weight().numel()).mul(0.2));
                bn.runningVar().copy_(Tensors.rand(bn.weight().numel()).add(0.5));
            }
        }));
        long size = name.equals("lenet") ? 28 : 64;
        Tensor x = Tensors.randn(2, e.input().get(0), size, size);
        Tensor expected = Tensors.noGrad(() -> model.forward(x));
        Inference fast = Inference.of(model);
        for (int i = 0; i < 2; i++) { // the second run has its weights packed
            double error = fast.forward(x).sub(expected).abs().max().item();
            assertThat(error).isLessThan(1e-5 * expected.abs().max().item());
        }
        assertThat(fast.describe(x)).doesNotContain(" batchNorm");
    }
}
