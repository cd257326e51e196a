package akari.train;

import static akari.nn.Functional.crossEntropy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.core.Shape;
import akari.data.Batch;
import akari.data.DataLoader;
import akari.data.TensorDataset;
import akari.nn.BatchNorm1d;
import akari.nn.Linear;
import akari.nn.Module;
import akari.nn.ReLU;
import akari.nn.Sequential;
import akari.optim.AdamW;
import akari.optim.CosineAnnealingLR;
import akari.tensor.SafeTensors;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    @TempDir
    Path out;

    /** Two layers; small enough to train in milliseconds. */
    static final class Net extends Module {
        private final Linear fc1 = new Linear(8, 16);
        private final Linear fc2 = new Linear(16, 3);

        @Override
        protected Tensor compute(Tensor x) {
            return fc2.forward(fc1.forward(x).tanh());
        }
    }

    /** Three classes, told apart by which of three directions is largest. */
    private static TensorDataset blobs(int n, long seed) {
        Tensors.manualSeed(seed);
        Tensor x = Tensors.randn(n, 8);
        return new TensorDataset(x, x.narrow(1, 0, 3).argmax(1));
    }

    private static TrainData data() {
        return new TrainData("blobs", blobs(200, 1), blobs(60, 2), blobs(60, 3), List.of("a", "b", "c"), Shape.of(8));
    }

    private static Net net() {
        Tensors.manualSeed(7);
        return new Net();
    }

    private Trainer trainer(Net net) {
        return Trainer.of(net, data()).epochs(4).batchSize(16).lr(0.01).seed(5).out(out);
    }

    private static List<float[]> weights(Map<String, Tensor> state) {
        return state.values().stream().map(Tensor::toFloats).toList();
    }

    private static void assertSame(Map<String, Tensor> a, Map<String, Tensor> b) {
        assertThat(a.keySet()).isEqualTo(b.keySet());
        List<float[]> x = weights(a);
        List<float[]> y = weights(b);
        for (int i = 0; i < x.size(); i++) {
            assertThat(x.get(i)).containsExactly(y.get(i));
        }
    }

    private static Map<String, Tensor> last(Outcome o) {
        return SafeTensors.load(o.folder().resolve("last/weights.safetensors")).tensors();
    }

    @Test
    void equalsTheLoopWrittenByHandToTheBit() {
        Outcome o = trainer(net()).fit();

        Net net = net();
        AdamW opt = new AdamW(net.parameters()).lr(0.01);
        DataLoader loader =
                new DataLoader(blobs(200, 1)).batchSize(16).shuffle(true).seed(5);
        CosineAnnealingLR schedule = new CosineAnnealingLR(opt, 4 * (int) loader.size());
        for (int epoch = 0; epoch < 4; epoch++) {
            for (Batch batch : loader) {
                opt.zeroGrad();
                Tensor loss = crossEntropy(net.forward(batch.input()), batch.target());
                loss.backward();
                opt.step();
                schedule.step();
            }
        }
        assertSame(last(o), net.stateDict());
    }

    @Test
    void learnsAndKeepsTheBestEpoch() {
        Net net = net();
        Outcome o = trainer(net).epochs(12).fit();
        assertThat(o.bestTop1()).isGreaterThan(0.85);
        assertThat(o.testTop1()).isGreaterThan(0.8);
        assertSame(SafeTensors.load(o.folder().resolve("best.safetensors")).tensors(), net.stateDict());
        assertThat(o.folder().getFileName()).hasToString("blobs-net-1");
        assertThat(o.folder().resolve("metrics.csv")).content().hasLineCount(13);
        assertThat(o.folder().resolve("env.json")).exists();
    }

    @Test
    void theNumberOfWorkersChangesNothing() {
        Map<String, Tensor> alone = last(trainer(net()).fit());
        assertSame(last(trainer(net()).workers(3).fit()), alone);
    }

    @Test
    void resumesInTheMiddleOfAnEpochExactly() {
        Map<String, Tensor> whole = last(trainer(net()).fit());

        Trainer first = trainer(net());
        first.progress(new Progress() {
            @Override
            public void step(Step s) {
                if (s.epoch() == 2 && s.step() == 5) {
                    first.stop();
                }
            }
        });
        Outcome cut = first.fit();
        assertThat(cut.interrupted()).isTrue();
        Net other = new Net(); // other weights: all must come from the checkpoint
        Outcome resumed = trainer(other).resume(cut.folder()).fit();
        assertThat(resumed.folder()).isEqualTo(cut.folder());
        assertSame(last(resumed), whole);
    }

    @Test
    void refusesToResumeWithAnotherSeed() {
        Outcome o = trainer(net()).epochs(1).fit();
        assertThatThrownBy(() -> trainer(net()).resume(o.folder()).seed(6).fit())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seed 5, not 6");
    }

    @Test
    void goesBackWhenALossIsNotFiniteAndSkipsTheBatch() {
        Tensor x = blobs(200, 1)
                .batch(all(200), _ -> Tensors.defaultGenerator())
                .input()
                .clone();
        Tensor y = x.narrow(1, 0, 3).argmax(1);
        x.get(17).fill_(Double.NaN);
        TrainData bad =
                new TrainData("bad", new TensorDataset(x, y), blobs(60, 2), null, List.of("a", "b", "c"), Shape.of(8));
        List<String> warnings = new ArrayList<>();
        Outcome o = Trainer.of(net(), bad)
                .epochs(2)
                .batchSize(16)
                .lr(0.01)
                .out(out)
                .progress(new Progress() {
                    @Override
                    public void warning(String text) {
                        warnings.add(text);
                    }
                })
                .fit();
        assertThat(warnings).hasSize(2).allMatch(w -> w.contains("the batch itself holds a non-finite value"));
        assertThat(o.bestTop1()).isGreaterThan(0.5);
    }

    /** The second layer's output is infinite whatever the weights are. */
    static final class Broken extends Module {
        private final Linear fc1 = new Linear(8, 3);
        private final Scale scale = new Scale();

        @Override
        protected Tensor compute(Tensor x) {
            return scale.forward(fc1.forward(x));
        }

        static final class Scale extends Module {
            private int calls;

            @Override
            protected Tensor compute(Tensor x) {
                return calls++ < 6 ? x : x.mul(Double.POSITIVE_INFINITY);
            }
        }
    }

    @Test
    void stopsWithTheLayerInWhichANonFiniteValueArose() {
        assertThatThrownBy(() -> Trainer.of(new Broken(), data())
                        .epochs(1)
                        .batchSize(16)
                        .out(out)
                        .fit())
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("came out of layer scale (Scale(")
                .hasMessageContaining("epoch 1, step")
                .hasMessageContaining("try a lower learning rate");
        assertThat(out.resolve("blobs-broken-1/last/weights.safetensors")).exists();
    }

    @Test
    void aModelThatDoesNotFitLeavesNoRunFolder() throws Exception {
        TrainData four =
                new TrainData("blobs", blobs(50, 1), blobs(50, 2), null, List.of("a", "b", "c", "d"), Shape.of(8));
        assertThatThrownBy(() -> Trainer.of(net(), four).out(out).fit())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 classes");
        TensorDataset narrow = new TensorDataset(Tensors.randn(20, 5), Tensors.zeros(DType.INT64, 20));
        TrainData wrong = new TrainData("narrow", narrow, narrow, null, List.of("a", "b", "c"), Shape.of(5));
        assertThatThrownBy(() -> Trainer.of(net(), wrong).out(out).fit())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Net.fc1")
                .hasMessageContaining("[16, 8]");
        try (Stream<Path> left = Files.list(out)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aLabelOutsideTheClassesIsNamed() {
        Tensor y = Tensors.full(DType.INT64, 5, 20);
        TensorDataset wrong = new TensorDataset(Tensors.randn(20, 8), y);
        TrainData bad = new TrainData("labels", wrong, wrong, null, List.of("a", "b", "c"), Shape.of(8));
        assertThatThrownBy(() -> Trainer.of(net(), bad).out(out).fit())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5");
    }

    /** Two bad batches one after the other, in the second epoch. */
    static final class Stumbling extends Module {
        private final Linear fc1 = new Linear(8, 3);
        private int calls;

        @Override
        protected Tensor compute(Tensor x) {
            calls++; // the search for the culprit is a call as well
            Tensor y = fc1.forward(x);
            return calls >= 30 && calls < 34 ? y.mul(Double.POSITIVE_INFINITY) : y;
        }
    }

    @Test
    void goingBackToEarlierWeightsKeepsTheRateOfTheSchedule() {
        List<Epoch> epochs = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        Trainer.of(new Stumbling(), data())
                .epochs(4)
                .batchSize(16)
                .lr(0.01)
                .out(out)
                .progress(new Progress() {
                    @Override
                    public void epoch(Epoch e) {
                        epochs.add(e);
                    }

                    @Override
                    public void warning(String text) {
                        warnings.add(text);
                    }
                })
                .fit();
        assertThat(warnings).hasSize(2).last().asString().contains("went back to the state of step 0");
        for (Epoch e : epochs) { // two of the 13 steps of an epoch were skipped
            double done = 13 * e.number() - (e.number() > 1 ? 2 : 0);
            assertThat(e.lr()).isCloseTo(0.01 * (1 + Math.cos(Math.PI * done / 52)) / 2, within(1e-12));
        }
    }

    private List<String> warnings(Trainer trainer) {
        List<String> warnings = new ArrayList<>();
        trainer.progress(new Progress() {
            @Override
            public void warning(String text) {
                warnings.add(text);
            }
        });
        return warnings;
    }

    /** With batch normalisation between, a step from the snapshot succeeds again and again. */
    private static Module normalised() {
        Tensors.manualSeed(7);
        return new Sequential(
                new Linear(8, 16), new BatchNorm1d(16), new ReLU(), new Linear(16, 16), new ReLU(), new Linear(16, 3));
    }

    @Test
    void aRateThatIsFarTooHighStopsTheRunHoweverLuckyAStepIs() {
        for (String optimizer : List.of("adamw", "sgd")) {
            assertThatThrownBy(() -> trainer(net())
                            .epochs(40)
                            .lr(1e30)
                            .optimizer(optimizer)
                            .modelName(optimizer)
                            .fit())
                    .as(optimizer)
                    .isInstanceOf(TrainingException.class)
                    .hasMessageContaining("fc")
                    .hasMessageContaining("try a lower learning rate (now 1.0E30)");
            assertThatThrownBy(() -> Trainer.of(normalised(), data())
                            .epochs(40)
                            .batchSize(16)
                            .lr(1e30)
                            .optimizer(optimizer)
                            .modelName(optimizer + "-bn")
                            .out(out)
                            .fit())
                    .as(optimizer + " with batch normalisation")
                    .isInstanceOf(TrainingException.class)
                    .hasMessageContaining("try a lower learning rate (now 1.0E30)");
        }
    }

    /** The loss is finite; the slope of the root at 0 is not. */
    static final class Steep extends Module {
        private final Linear fc1 = new Linear(8, 3);

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = fc1.forward(x);
            return y.add(y.sub(y).sqrt());
        }
    }

    @Test
    void gradientsThatAreNotFiniteNeverReachTheWeights() {
        Steep net = new Steep();
        double[] before = net.fc1.weight().toDoubles();
        assertThatThrownBy(() ->
                        Trainer.of(net, data()).epochs(1).batchSize(16).out(out).fit())
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("the gradient of fc1.weight is not finite");
        assertThat(net.fc1.weight().toDoubles()).isEqualTo(before);
    }

    @Test
    void aBadBatchLeavesNoTraceInTheBatchStatistics() {
        Tensor x = Tensors.randn(100, 8);
        Tensor y = x.narrow(1, 0, 3).argmax(1);
        x.get(17).fill_(Double.NaN);
        TrainData bad =
                new TrainData("bad", new TensorDataset(x, y), blobs(60, 2), null, List.of("a", "b", "c"), Shape.of(8));
        Module net = normalised();
        Trainer trainer = Trainer.of(net, bad).epochs(3).batchSize(16).lr(0.01).out(out);
        List<String> warnings = warnings(trainer);
        trainer.fit();
        assertThat(warnings).hasSize(3).allMatch(w -> w.contains("the batch itself holds a non-finite value"));
        net.namedBuffers().forEach((name, t) -> {
            for (double v : t.toDoubles()) {
                assertThat(v).as(name).isFinite();
            }
        });
    }

    @Test
    void aLastBatchOfOneThatTheModelRefusesIsLeftOut() {
        TrainData odd =
                new TrainData("odd", blobs(33, 1), blobs(17, 2), blobs(1, 3), List.of("a", "b", "c"), Shape.of(8));
        Module net = normalised();
        Trainer trainer = Trainer.of(net, odd).epochs(2).batchSize(16).out(out);
        List<String> warnings = warnings(trainer);
        trainer.fit();
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("batches of 16")
                .contains("single image");
        assertThat(net.namedBuffers().get("1.num_batches_tracked").itemLong()).isLessThanOrEqualTo(4);

        Trainer all = Trainer.of(net(), odd).epochs(1).batchSize(16).out(out);
        List<Integer> steps = new ArrayList<>();
        all.progress(new Progress() {
            @Override
            public void step(Step s) {
                steps.add(s.step());
            }
        });
        all.fit();
        assertThat(steps).containsExactly(1, 2, 3); // without batch normalisation one image is a batch

        assertThatThrownBy(() -> Trainer.of(normalised(), odd)
                        .batchSize(1)
                        .out(out)
                        .name("one")
                        .fit())
                .hasMessageContaining("more than one value per channel");
        assertThat(out.resolve("one-1")).doesNotExist();
    }

    @Test
    void evaluatingChangesNoMode() throws Exception {
        Module net = normalised();
        Module frozen = net.children().stream().skip(1).findFirst().orElseThrow();
        frozen.eval();
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> evaluated = threads.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    Evaluation.of(net, blobs(40, 2), List.of("a", "b", "c"), 8, 0);
                }
            });
            while (!evaluated.isDone()) {
                assertThat(net.isTraining()).isTrue();
            }
            evaluated.get();
        }
        assertThat(net.isTraining()).isTrue();
        assertThat(frozen.isTraining()).isFalse();
    }

    @Test
    void runsThatStartTogetherHaveFoldersOfTheirOwn() throws Exception {
        List<Future<Path>> made = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 40; i++) {
                made.add(threads.submit(
                        () -> RunFolder.create(out.resolve("new"), "run").path()));
            }
        }
        Set<Path> folders = new HashSet<>();
        for (Future<Path> f : made) {
            folders.add(f.get());
        }
        assertThat(folders).hasSize(40);
    }

    @Test
    void theSameRunTwiceWritesTheSameFiles() throws Exception {
        Map<String, String> text = new LinkedHashMap<>();
        for (int i = 0; i < 9; i++) {
            text.put("key" + i, "value " + i);
        }
        Outcome a = trainer(net()).metadata(text).config("lr: 0.01\n").fit();
        Outcome b = trainer(net())
                .metadata(new LinkedHashMap<>(text).reversed())
                .config("lr: 0.01\n")
                .fit();
        for (String file : List.of(
                "best.safetensors",
                "last/weights.safetensors",
                "last/optimizer.safetensors",
                "config.yaml",
                "env.json",
                "log.txt")) {
            assertThat(b.folder().resolve(file))
                    .hasSameBinaryContentAs(a.folder().resolve(file));
        }
        assertThat(untimed(b)).isEqualTo(untimed(a));
    }

    /** The rows of the table without the two columns that measure time. */
    private static List<String> untimed(Outcome o) throws IOException {
        return Files.readAllLines(o.folder().resolve("metrics.csv")).stream()
                .map(row -> row.replaceFirst(",[^,]*,[^,]*$", ""))
                .toList();
    }

    private static long[] all(int n) {
        return LongStream.range(0, n).toArray();
    }
}
