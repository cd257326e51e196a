package akari.cli;

import akari.backend.Backend;
import akari.core.DType;
import akari.core.Device;
import akari.core.Shape;
import akari.data.Dataset;
import akari.data.Splits;
import akari.data.Subset;
import akari.nn.Module;
import akari.tensor.Tensors;
import akari.train.Outcome;
import akari.train.Progress;
import akari.train.RunFolder;
import akari.train.TrainData;
import akari.train.Trainer;
import akari.vision.datasets.Datasets;
import akari.vision.datasets.ImageData;
import akari.vision.models.Classifier;
import akari.vision.models.Models;
import akari.vision.models.Summary;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

final class Train extends Command {
    static final Kind<String> MODELS = new Kind.Names("model", () -> Models.list("*"));
    static final Setting<Path> DATA_DIR =
            Setting.optional("data-dir", new Kind.PathName("DIR"), "Folder of the data set's files");
    static final Setting<Path> RESUME =
            new Setting<>("resume", new Kind.PathName("RUN"), null, true, "Go on with a run, with its own options");

    private static final Setting<String> DATA =
            Setting.of("data", new Kind.Names("data set", () -> Datasets.list("*")), "digits", "What to learn");
    private static final Setting<Optional<String>> MODEL =
            Setting.of("model", new Kind.Auto<>(MODELS), "auto", "What learns it; auto is lenet");
    static final Setting<Integer> EPOCHS =
            Setting.of("epochs", new Kind.Whole(1, 100_000), "30", "Passes over the data");
    private static final Setting<Integer> BATCH =
            Setting.of("batch", new Kind.Whole(1, 1 << 20), "32", "Images a step");
    private static final Setting<Optional<Double>> LR = Setting.of(
            "lr",
            new Kind.Auto<>(new Kind.Decimal(0, Double.POSITIVE_INFINITY)),
            "auto",
            "Highest learning rate; auto is 3e-3, for sgd 0.05");
    private static final Setting<String> OPTIMIZER = Setting.of(
            "optimizer", Kind.Names.of("optimizer", "adamw", "adam", "sgd"), "adamw", "What changes the weights");
    private static final Setting<String> SCHEDULE = Setting.of(
            "schedule",
            Kind.Names.of("schedule", "cosine", "step", "constant"),
            "cosine",
            "How the learning rate falls");
    private static final Setting<String> AMP = Setting.of(
            "amp", Kind.Names.of("", "auto", "bf16", "off"), "auto", "Mixed precision; auto is off on the CPU");
    private static final Setting<Double> VAL_SPLIT = Setting.of(
            "val-split",
            new Kind.Decimal(0, 1),
            "0.15",
            "Share of the training images kept for validation, stratified");
    private static final Setting<Integer> PATIENCE = Setting.of(
            "patience", new Kind.Whole(0, 100_000), "0", "Stop after so many epochs without improvement, 0 never");
    private static final Setting<Optional<Integer>> WORKERS = Setting.of(
            "workers",
            new Kind.Auto<>(new Kind.Whole(0, 1024)),
            "auto",
            "Threads that load batches; changes no result");
    private static final Setting<Double> SAVE_EVERY =
            Setting.of("save-every", new Kind.Span(), "10m", "Save the state at least so often");
    private static final Setting<Long> SEED = Setting.of("seed", new Kind.Seed(), "42", "Of all random numbers");
    private static final Setting<Path> OUT =
            Setting.of("out", new Kind.PathName("DIR"), "runs", "Where run folders go");
    private static final Setting<String> NAME =
            Setting.optional("name", new Kind.Name(), "The run's name, without it data-model");
    private static final Setting<Boolean> SMOKE =
            Setting.flag("smoke", "A short test of everything: a few batches, one epoch");

    Train() {
        super(
                "train",
                "Train a model on a data set.",
                List.of(),
                List.of(
                        DATA,
                        DATA_DIR,
                        MODEL,
                        EPOCHS,
                        BATCH,
                        LR,
                        OPTIMIZER,
                        SCHEDULE,
                        AMP,
                        VAL_SPLIT,
                        PATIENCE,
                        WORKERS,
                        SAVE_EVERY,
                        SEED,
                        OUT,
                        NAME,
                        RESUME,
                        SMOKE,
                        Trained.DEVICE));
    }

    @Override
    Setting<Path> resume() {
        return RESUME;
    }

    @Override
    void check(Given given) {
        if (given.find(RESUME) != null) {
            List<Setting<?>> allowed =
                    Stream.concat(DISPLAY.stream(), Stream.of(RESUME, EPOCHS)).toList();
            for (Setting<?> s : settings()) {
                if (!allowed.contains(s)) {
                    given.clash(s, RESUME, "a run goes on with its own options, of which only --epochs may change");
                }
            }
        }
        if (given.get(SMOKE)) {
            given.clash(EPOCHS, SMOKE, "a smoke test trains one epoch");
            given.clash(PATIENCE, SMOKE, "a smoke test trains one epoch");
        }
        if (Datasets.embedded(given.get(DATA))) {
            given.idle(DATA_DIR, "the data set " + given.get(DATA) + " comes with Akari");
        }
    }

    @Override
    int run(Given given) throws Exception {
        Path resume = given.find(RESUME);
        if (resume != null) {
            RunFolder.open(resume); // a missing one shows before anything is built
        }
        return new Job(given, given.device(Trained.DEVICE)).run();
    }

    /** One training, with the values that were given. */
    private record Job(Given given, Device device) {
        int run() throws Exception {
            boolean smoke = given.get(SMOKE);
            // an epoch count from a stronger place lengthens a smoke test that is resumed or comes from a file
            int epochs = smoke && !given.overrules(EPOCHS, SMOKE) ? 1 : given.get(EPOCHS);
            ImageData images = Datasets.load(given.get(DATA), given.find(DATA_DIR));
            String modelName = given.get(MODEL).orElse("lenet");
            Models.Entry entry = Models.find(modelName);
            Shape input = entry.inputFor(images.image());
            Tensors.manualSeed(given.get(SEED));
            Module net = entry.create(images.image().get(0), images.classes().size());
            net.to(device);
            TrainData task = task(images, input);
            String optimizer = given.get(OPTIMIZER);
            double rate = given.get(LR).orElse(optimizer.equals("sgd") ? 0.05 : 3e-3);

            // with --json standard output carries nothing but objects
            PrintStream human = given.get(JSON) ? System.err : System.out;
            Trainer trainer = Trainer.of(net, task)
                    .modelName(modelName)
                    .epochs(epochs)
                    .batchSize(given.get(BATCH))
                    .lr(rate)
                    .optimizer(optimizer)
                    .schedule(given.get(SCHEDULE))
                    .precision(precision())
                    .seed(given.get(SEED))
                    .patience(given.get(PATIENCE))
                    .workers(given.get(WORKERS).orElse(1))
                    .saveEvery(given.get(SAVE_EVERY))
                    .out(given.get(OUT))
                    .metadata(Classifier.metadata(modelName, images, input))
                    .config(config())
                    .progress(progress(human));
            String name = given.find(NAME);
            if (name != null) {
                trainer.name(name);
            }
            Path resume = given.find(RESUME);
            if (resume != null) {
                trainer.resume(resume);
            }
            if (!given.get(QUIET)) {
                header(human, task, modelName, net, input, rate, epochs);
            }
            return fit(trainer);
        }

        private TrainData task(ImageData images, Shape input) {
            int height = (int) input.get(1);
            int width = (int) input.get(2);
            ImageData fitting = images.resized(height, width);
            var prepare = images.preprocessing(height, width);
            Splits.Split split =
                    Splits.stratifiedSplit(fitting.train().transform(prepare), given.get(VAL_SPLIT), given.get(SEED));
            Dataset train =
                    new Subset(fitting.augmented(height, width), split.train().indices());
            return new TrainData(
                    images.name(),
                    few(train),
                    few(split.val()),
                    few(fitting.test().transform(prepare)),
                    images.classes(),
                    input);
        }

        private Dataset few(Dataset all) {
            long n = Math.min(all.size(), 4L * given.get(BATCH));
            return given.get(SMOKE) ? new Subset(all, LongStream.range(0, n).toArray()) : all;
        }

        private Progress progress(PrintStream human) {
            if (given.get(JSON)) {
                return new JsonProgress(System.out);
            }
            return given.get(QUIET) ? new Quiet(human) : new Terminal(human, Terminal.redraws(System.getenv("TERM")));
        }

        /** Only the result and what must be known. */
        private record Quiet(PrintStream out) implements Progress {
            @Override
            public void warning(String text) {
                System.err.println("! " + text);
            }

            @Override
            public void finished(Outcome o) {
                new Terminal(out, false).finished(o);
            }
        }

        /** Ctrl-C and kill ask the trainer to stop; the JVM goes down when everything is saved and printed. */
        private static int fit(Trainer trainer) throws InterruptedException {
            CountDownLatch done = new CountDownLatch(1);
            Thread hook = new Thread(() -> {
                trainer.stop();
                try {
                    done.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Runtime.getRuntime().addShutdownHook(hook);
            Outcome outcome;
            try {
                outcome = trainer.fit();
            } finally {
                done.countDown();
            }
            if (outcome.interrupted()) {
                return 130;
            }
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // asked to stop at the very end: the run is finished, and the JVM goes down
            }
            return 0;
        }

        private void header(
                PrintStream to, TrainData task, String modelName, Module net, Shape input, double rate, int epochs) {
            long train = task.train().size();
            long val = task.validation().size();
            long test = task.test() == null ? 0 : task.test().size();
            Summary summary = Summary.of(net, input);
            to.println("Data    " + Text.clean(task.name()) + " · " + Text.count(train + val + test) + " images "
                    + times(input) + " · " + task.classes().size() + " classes · " + Text.count(train) + " train / "
                    + Text.count(val) + " val / " + Text.count(test) + " test");
            to.println("Model   " + modelName + " · " + Text.count(summary.parameters()) + " params · "
                    + Text.large(summary.multiplyAdds()) + " mult-adds");
            String how = given.get(AMP).equals("bf16") ? " · bf16" : "";
            to.println("Plan    " + given.get(OPTIMIZER) + " lr=" + Text.rate(rate) + " " + given.get(SCHEDULE) + how
                    + " · batch " + given.get(BATCH)
                    + " · "
                    + epochs + (epochs == 1 ? " epoch" : " epochs") + " · cpu ("
                    + Backend.of(Device.CPU).describe().replace(" · ", ", ") + ") · seed "
                    + given.get(SEED));
        }

        private DType precision() {
            return switch (given.get(AMP)) {
                case "bf16" -> DType.BFLOAT16;
                case "off" -> DType.FLOAT32;
                default -> device.type().equals("cpu") ? DType.FLOAT32 : DType.BFLOAT16;
            };
        }

        private static String times(Shape s) {
            return Arrays.stream(s.toArray()).mapToObj(Long::toString).collect(Collectors.joining("×"));
        }

        /** Every option's value and where it came from; as a file of {@code --config} it starts the same run again. */
        private String config() {
            StringBuilder yaml = new StringBuilder();
            for (Setting<?> s : new Train().settings()) {
                Given.Value v = given.value(s);
                if (v != null && !s.lineOnly() && !DISPLAY.contains(s)) {
                    yaml.append(s.name())
                            .append(": ")
                            .append(ConfigFile.scalar(v.text()))
                            .append("  # ")
                            .append(Text.clean(v.origin()))
                            .append('\n');
                }
            }
            return yaml.toString();
        }
    }
}
