package akari.cli;

import akari.backend.Backend;
import akari.backend.DType;
import akari.backend.Device;
import akari.backend.Shape;
import akari.data.Dataset;
import akari.data.Splits;
import akari.data.Subset;
import akari.nn.Module;
import akari.tensor.Tensors;
import akari.train.Outcome;
import akari.train.Progress;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        description = "Train a model on a data set.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Train implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", defaultValue = "digits", description = "Name of a data set (default: ${DEFAULT-VALUE}).")
    private String data;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder of the data set's files.")
    private @Nullable Path dataDir;

    @Option(names = "--model", defaultValue = "auto", description = "Name of a model (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(names = "--epochs", defaultValue = "30", description = "Passes over the data (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(names = "--batch", defaultValue = "32", description = "Images a step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--lr",
            defaultValue = "auto",
            description = "Highest learning rate; auto is 3e-3, for sgd 0.05 (default: ${DEFAULT-VALUE}).")
    private String lr;

    @Option(
            names = "--optimizer",
            defaultValue = "adamw",
            description = "adamw, adam or sgd (default: ${DEFAULT-VALUE}).")
    private String optimizer;

    @Option(
            names = "--schedule",
            defaultValue = "cosine",
            description = "cosine, step or constant (default: ${DEFAULT-VALUE}).")
    private String schedule;

    @Option(
            names = "--amp",
            defaultValue = "auto",
            description = "Mixed precision: bf16, or off; auto is off on the CPU (default: ${DEFAULT-VALUE}).")
    private String amp;

    @Option(
            names = "--val-split",
            defaultValue = "0.15",
            description = "Share of the training images kept for validation, stratified (default: ${DEFAULT-VALUE}).")
    private double valSplit;

    @Option(
            names = "--patience",
            defaultValue = "0",
            description = "Stop after so many epochs without improvement; 0 never (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--workers",
            defaultValue = "auto",
            description = "Threads that load batches; changes no result (default: ${DEFAULT-VALUE}).")
    private String workers;

    @Option(
            names = "--save-every",
            defaultValue = "10m",
            description = "Save the state at least so often, as in 30s, 10m, 1h (default: ${DEFAULT-VALUE}).")
    private String saveEvery;

    @Option(names = "--seed", defaultValue = "42", description = "Of all random numbers (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--out", defaultValue = "runs", description = "Where run folders go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--name", description = "The run's name (default: data-model).")
    private @Nullable String name;

    @Option(names = "--resume", paramLabel = "RUN", description = "Go on with a run, with its own options.")
    private @Nullable Path resume;

    @Option(names = "--smoke", description = "A short test of everything: a few batches, one epoch.")
    private boolean smoke;

    @Mixin
    private Common common;

    @Override
    public Integer call() throws Exception {
        Device device = common.device();
        int epochs = smoke ? 1 : this.epochs;
        ImageData images = Datasets.load(data, dataDir);
        String modelName = model.equals("auto") ? "lenet" : model;
        Models.Entry entry = Models.find(modelName);
        Shape input = entry.inputFor(images.image());
        Tensors.manualSeed(seed);
        Module net = entry.create(images.image().get(0), images.classes().size());
        net.to(device);
        TrainData task = task(images, input);
        double rate = lr.equals("auto") ? (optimizer.equals("sgd") ? 0.05 : 3e-3) : number("--lr", lr);

        // with --json standard output carries nothing but objects
        PrintStream human = common.json ? System.err : System.out;
        Progress progress = progress(human);
        int threads = workers.equals("auto") ? 1 : (int) number("--workers", workers);
        Trainer trainer = Trainer.of(net, task)
                .modelName(modelName)
                .epochs(epochs)
                .batchSize(batch)
                .lr(rate)
                .optimizer(optimizer)
                .schedule(schedule)
                .precision(precision(device))
                .seed(seed)
                .patience(patience)
                .workers(threads)
                .saveEvery(seconds(saveEvery))
                .out(out)
                .metadata(Classifier.metadata(modelName, images, input))
                .config(config())
                .progress(progress);
        if (name != null) {
            trainer.name(name);
        }
        if (resume != null) {
            trainer.resume(resume);
        }
        if (!common.quiet) {
            header(human, task, modelName, net, input, rate, epochs);
        }
        return run(trainer);
    }

    private TrainData task(ImageData images, Shape input) {
        if (!(valSplit > 0 && valSplit < 1)) {
            throw new UsageException("--val-split must lie between 0 and 1, got " + valSplit);
        }
        int height = (int) input.get(1);
        int width = (int) input.get(2);
        ImageData fitting = images.resized(height, width);
        var prepare = images.preprocessing(height, width);
        Splits.Split split = Splits.stratifiedSplit(fitting.train().transform(prepare), valSplit, seed);
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
        long n = Math.min(all.size(), 4L * batch);
        return smoke ? new Subset(all, LongStream.range(0, n).toArray()) : all;
    }

    private Progress progress(PrintStream human) {
        if (common.json) {
            return new Json(System.out);
        }
        return common.quiet
                ? new Quiet(human)
                : new Terminal(
                        human, System.console() != null && System.console().isTerminal());
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
    private static int run(Trainer trainer) throws InterruptedException {
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
        to.println("Data    " + task.name() + " · " + Text.count(train + val + test) + " images "
                + times(input) + " · " + task.classes().size() + " classes · " + Text.count(train) + " train / "
                + Text.count(val) + " val / " + Text.count(test) + " test");
        to.println("Model   " + modelName + " · " + Text.count(summary.parameters()) + " params · "
                + Text.large(summary.multiplyAdds()) + " mult-adds");
        String how = amp.equals("bf16") ? " · bf16" : "";
        to.println("Plan    " + optimizer + " lr=" + Text.rate(rate) + " " + schedule + how + " · batch " + batch
                + " · "
                + epochs + " epochs · cpu (" + Backend.of(Device.CPU).describe().replace(" · ", ", ") + ") · seed "
                + seed);
    }

    private DType precision(Device device) {
        return switch (amp) {
            case "bf16" -> DType.BFLOAT16;
            case "auto" -> device.type().equals("cpu") ? DType.FLOAT32 : DType.BFLOAT16;
            case "off" -> DType.FLOAT32;
            default -> throw new UsageException("--amp takes auto, bf16 or off, got " + amp);
        };
    }

    private static String times(Shape s) {
        return Arrays.stream(s.toArray()).mapToObj(Long::toString).collect(Collectors.joining("×"));
    }

    /** Every option's value and where it came from. */
    private String config() {
        Settings settings = (Settings) spec.commandLine().getDefaultValueProvider();
        List<OptionSpec> given = spec.commandLine().getParseResult().matchedOptions();
        StringBuilder yaml = new StringBuilder();
        for (OptionSpec option : spec.options()) {
            Object value = option.getValue();
            String key = option.longestName().substring(2);
            if (value == null
                    || List.of("help", "version", "config", "set", "resume").contains(key)) {
                continue;
            }
            Settings.Value found = settings.find(option);
            String origin = given.contains(option) ? "flag" : found == null ? "default" : found.origin();
            yaml.append(key)
                    .append(": ")
                    .append(Text.yaml(value.toString()))
                    .append("  # ")
                    .append(origin)
                    .append('\n');
        }
        return yaml.toString();
    }

    private static double number(String option, String text) {
        try {
            double v = Double.parseDouble(text);
            if (Double.isFinite(v)) {
                return v;
            }
        } catch (NumberFormatException e) {
            // falls through to the message, which says what is allowed
        }
        throw new UsageException(option + " takes auto or a number, got " + text);
    }

    private static double seconds(String text) {
        var m = Pattern.compile("(\\d+(?:\\.\\d+)?)([smh])").matcher(text);
        if (!m.matches()) {
            throw new UsageException("--save-every takes a time as in 30s, 10m or 1h, got " + text);
        }
        double unit = switch (m.group(2)) {
            case "s" -> 1;
            case "m" -> 60;
            default -> 3600;
        };
        return Double.parseDouble(m.group(1)) * unit;
    }
}
