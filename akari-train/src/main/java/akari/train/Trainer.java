package akari.train;

import static akari.nn.Functional.crossEntropy;

import akari.backend.DType;
import akari.data.Batch;
import akari.data.DataLoader;
import akari.nn.Module;
import akari.optim.Adam;
import akari.optim.AdamW;
import akari.optim.CosineAnnealingLR;
import akari.optim.Optimizer;
import akari.optim.SGD;
import akari.optim.Scheduler;
import akari.optim.StepLR;
import akari.tensor.SafeTensors;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trains a classifier and keeps its run folder:
 *
 * <pre>{@code
 * Outcome run = Trainer.of(model, data).epochs(30).fit();
 * }</pre>
 *
 * <p>One step is exactly the loop one writes by hand (zero gradients, forward, cross entropy, backward, optimiser step), so the
 * weights are equal to the bit. Beside it the trainer validates after each epoch, saves the best and the last state, goes back
 * to the last good state when a loss is not finite, and can be stopped and resumed anywhere. The same seed gives the same
 * weights, whatever the number of loader workers, and the same files, but for what they measure in time: the last two columns of
 * {@code metrics.csv} and, in the state of a run stopped within an epoch, its {@code seconds}.
 */
public final class Trainer {
    private static final int SNAPSHOT_STEPS = 100;
    private static final int RETRIES = 3;

    private final Module model;
    private final TrainData data;
    private String modelName;
    private int epochs = 15;
    private int batchSize = 64;
    private double lr = 1e-3;
    private String optimizer = "adamw";
    private String schedule = "cosine";
    private DType precision = DType.FLOAT32;
    private long seed = 42;
    private int workers;
    private int patience;
    private double saveEverySeconds = 600;
    private Path out = Path.of("runs");
    private @Nullable String name;
    private @Nullable Path resume;
    private Map<String, String> metadata = Map.of();
    private String config = "";
    private Progress progress = new Progress() {};
    private volatile boolean stopping;

    private Trainer(Module model, TrainData data) {
        this.model = model;
        this.data = data;
        this.modelName = model.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    public static Trainer of(Module model, TrainData data) {
        return new Trainer(model, data);
    }

    /** Passes over the training data; 15 by default. */
    public Trainer epochs(int n) {
        epochs = positive("epochs", n);
        return this;
    }

    /** Samples a step; 64 by default. */
    public Trainer batchSize(int n) {
        batchSize = positive("batch", n);
        return this;
    }

    /** The highest learning rate; 1e-3 by default. */
    public Trainer lr(double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("lr must be positive, got " + value);
        }
        lr = value;
        return this;
    }

    /** {@code adamw} (default), {@code adam} or {@code sgd} (momentum 0.9). */
    public Trainer optimizer(String kind) {
        optimizer = oneOf("optimizer", kind, List.of("adamw", "adam", "sgd"));
        return this;
    }

    /** {@code cosine} to 0 over all steps (default), {@code step} (a tenth each third of the run) or {@code constant}. */
    public Trainer schedule(String kind) {
        schedule = oneOf("schedule", kind, List.of("cosine", "step", "constant"));
        return this;
    }

    /**
     * What convolutions and matrix products compute in while training: FLOAT32 by default, or BFLOAT16 for mixed precision
     * ({@link Tensors#autocast}). Weights, losses and validation stay in float32.
     */
    public Trainer precision(DType type) {
        if (type != DType.FLOAT32 && type != DType.BFLOAT16) {
            // float16 gradients underflow without loss scaling
            throw new IllegalArgumentException("precision is FLOAT32 or BFLOAT16, got " + type);
        }
        precision = type;
        return this;
    }

    /**
     * Keys the order of the data and the random changes of samples; 42 by default. What the model itself draws, as for dropout, comes
     * from {@link Tensors#manualSeed}.
     */
    public Trainer seed(long value) {
        seed = value;
        return this;
    }

    /** Threads that load batches ahead; 0, the default, loads on the training thread. */
    public Trainer workers(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("workers must not be negative, got " + n);
        }
        workers = n;
        return this;
    }

    /** Stops after so many epochs without improvement; 0, the default, never. */
    public Trainer patience(int epochsWithout) {
        patience = epochsWithout;
        return this;
    }

    /** Saves the last state at least so often within an epoch; ten minutes by default. */
    public Trainer saveEvery(double seconds) {
        saveEverySeconds = seconds;
        return this;
    }

    /** Where run folders are created; {@code runs} by default. */
    public Trainer out(Path folder) {
        out = folder;
        return this;
    }

    /** The model's name in the folder and in the weights' metadata. */
    public Trainer modelName(String value) {
        modelName = value;
        return this;
    }

    /** The run's name; {@code data-model} by default. A number is added. */
    public Trainer name(String value) {
        name = value;
        return this;
    }

    /** Goes on with an interrupted or finished run in its own folder. */
    public Trainer resume(Path run) {
        resume = run;
        return this;
    }

    /** Stored with the weights: what is needed to build the model and prepare its inputs again. */
    public Trainer metadata(Map<String, String> values) {
        metadata = new TreeMap<>(values);
        return this;
    }

    /** The text of {@code config.yaml}. */
    public Trainer config(String yaml) {
        config = yaml;
        return this;
    }

    public Trainer progress(Progress listener) {
        progress = listener;
        return this;
    }

    /** Asks a running {@link #fit} to save everything and return after the present step; any thread may call it. */
    public void stop() {
        stopping = true;
    }

    private static int positive(String what, int n) {
        if (n < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, got " + n);
        }
        return n;
    }

    private static String oneOf(String what, String value, List<String> known) {
        if (!known.contains(value)) {
            throw new IllegalArgumentException(
                    "unknown " + what + " " + value + "; there is " + String.join(", ", known));
        }
        return value;
    }

    /** Trains. The model ends with the weights of the best epoch (of the last step, if interrupted). */
    public Outcome fit() {
        DataLoader loader = new DataLoader(data.train())
                .batchSize(batchSize)
                .shuffle(true)
                .seed(seed)
                .workers(workers)
                .recycle(true);
        int steps = Math.toIntExact(loader.size());
        Optimizer opt = build(optimizer);
        Scheduler lrs = build(schedule, opt, steps);
        Path from = resume;
        RunFolder folder = null;
        State state;
        if (from == null) {
            sanityCheck();
            folder = RunFolder.create(out, name == null ? data.name() + "-" + modelName : name);
            folder.write("config.yaml", config);
            folder.write("env.json", Environment.json());
            state = new State();
        } else {
            folder = RunFolder.open(from);
            state = Checkpoint.load(folder, model, opt, lrs, seed);
        }
        Loop loop = new Loop(loader, opt, lrs, folder, state, steps);
        try {
            return loop.run();
        } catch (RuntimeException | Error e) {
            if (from == null && state.steps == 0) {
                folder.discard();
            } else {
                folder.append("log.txt", "failed: " + e.getMessage());
            }
            throw e;
        }
    }

    private Optimizer build(String kind) {
        List<Tensor> parameters = model.parameters();
        return switch (kind) {
            case "sgd" -> new SGD(parameters).lr(lr).momentum(0.9);
            case "adam" -> new Adam(parameters).lr(lr);
            default -> new AdamW(parameters).lr(lr);
        };
    }

    private Scheduler build(String kind, Optimizer opt, int steps) {
        int total = steps * epochs;
        return switch (kind) {
            case "step" -> new StepLR(opt, Math.max(1, total / 3));
            case "constant" -> new StepLR(opt, 1, 1);
            default -> new CosineAnnealingLR(opt, total);
        };
    }

    /** Two validation batches before anything is written: a shape or label that does not fit shows here, at once. */
    private void sanityCheck() {
        model.eval();
        try {
            int n = 0;
            for (Batch batch : new DataLoader(data.validation()).batchSize(batchSize)) {
                Tensor logits = Tensors.noGrad(() -> model.forward(batch.input()));
                if (logits.dim() != 2 || logits.size(1) != data.classes().size()) {
                    throw new IllegalArgumentException("the model gives " + logits.shape() + " for a batch of shape "
                            + batch.input().shape() + ", but the data has "
                            + data.classes().size()
                            + " classes: expected [" + batch.size() + ", "
                            + data.classes().size() + "]");
                }
                Tensors.noGrad(() -> crossEntropy(logits, batch.target()).item());
                if (++n == 2) {
                    break;
                }
            }
        } finally {
            model.train();
        }
    }

    /** How far a run has come; everything that resuming needs beside the tensors. */
    static final class State {
        int epoch = 1;
        int step; // finished in this epoch
        long steps; // finished in all
        double lossSum;
        long seen;
        int bestEpoch;
        double bestTop1 = -1;
        double bestLoss = Double.POSITIVE_INFINITY; // decides between equal accuracies
        double seconds; // spent in this epoch before an interruption
    }

    /** The running of one fit. */
    private final class Loop {
        private final DataLoader loader;
        private final Optimizer opt;
        private final Scheduler lrs;
        private final RunFolder folder;
        private final State state;
        private final int steps;
        private Snapshot good;
        private long goodAt;
        private int failures;
        private long waited;
        private final long started = System.nanoTime();
        private final long firstStep;
        private long saved = started;

        Loop(DataLoader loader, Optimizer opt, Scheduler lrs, RunFolder folder, State state, int steps) {
            this.loader = loader;
            this.opt = opt;
            this.lrs = lrs;
            this.folder = folder;
            this.state = state;
            this.steps = steps;
            this.firstStep = state.steps;
            this.good = new Snapshot(model, opt);
        }

        Outcome run() {
            model.train();
            progress.started(new Progress.Plan(
                    data.name(),
                    (int) data.train().size(),
                    (int) data.validation().size(),
                    data.test() == null ? 0 : (int) data.test().size(),
                    data.classes().size(),
                    modelName,
                    model.parameters().stream().mapToLong(Tensor::numel).sum(),
                    epochs,
                    state.epoch,
                    steps,
                    folder.path().toString()));
            while (state.epoch <= epochs && !(patience > 0 && state.epoch - 1 - state.bestEpoch >= patience)) {
                if (!trainEpoch()) {
                    save();
                    Outcome o = new Outcome(folder.path(), state.bestEpoch, state.bestTop1, Double.NaN, true);
                    progress.finished(o);
                    return o;
                }
            }
            return finish();
        }

        /** False when stopped in the middle. */
        private boolean trainEpoch() {
            long begin = System.nanoTime();
            Duration waitedBefore = loader.waited();
            int firstOfEpoch = state.step;
            loader.seek(new DataLoader.Position(state.epoch - 1L, state.step));
            for (Batch batch : loader) {
                if (stopping) {
                    state.seconds += seconds(begin);
                    return false;
                }
                waited = loader.waited().minus(waitedBefore).toNanos();
                step(batch, begin, firstOfEpoch);
                if (seconds(saved) > saveEverySeconds) {
                    save();
                }
            }
            double trainSeconds = seconds(begin);
            validate(begin, trainSeconds, firstOfEpoch);
            return true;
        }

        private void step(Batch batch, long begin, int firstOfEpoch) {
            double loss;
            try (var scope = Tensors.scope()) {
                opt.zeroGrad();
                Tensor value =
                        Tensors.autocast(precision, () -> crossEntropy(model.forward(batch.input()), batch.target()));
                loss = value.item();
                if (!Double.isFinite(loss)) {
                    recover(batch, loss);
                    return;
                }
                value.backward();
                opt.step();
            }
            lrs.step();
            state.step++;
            state.steps++;
            state.lossSum += loss * batch.size();
            state.seen += batch.size();
            failures = 0;
            if (state.steps == 1) {
                checkFirst(loss);
            }
            if (state.steps - goodAt >= SNAPSHOT_STEPS) {
                good = new Snapshot(model, opt);
                goodAt = state.steps;
            }
            double elapsed = seconds(begin);
            double pace = seconds(started) / Math.max(1, state.steps - firstStep);
            progress.step(new Progress.Step(
                    state.epoch,
                    epochs,
                    state.step,
                    steps,
                    state.lossSum / state.seen,
                    (state.step - firstOfEpoch) * (double) batchSize / elapsed,
                    waited / 1e9 / elapsed,
                    Tensors.memory().inUse(),
                    pace * ((double) steps * epochs - state.steps)));
        }

        private void checkFirst(double loss) {
            double expected = Math.log(data.classes().size());
            if (loss > 3 * expected + 1) {
                progress.warning(String.format(
                        Locale.ROOT,
                        "the first loss is %.2f; an untrained model on %d classes starts near %.2f. Are inputs normalised and labels right?",
                        loss,
                        data.classes().size(),
                        expected));
            }
        }

        /**
         * The loss is not finite. The weights are still those of the last good step, so the batch is skipped; when the next one
         * fails as well, the weights themselves have run away, and the last snapshot takes their place.
         */
        private void recover(Batch batch, double loss) {
            String origin = Tensors.autocast(precision, () -> NonFinite.origin(model, batch.input()));
            String where =
                    "the loss is " + loss + " at epoch " + state.epoch + ", step " + (state.step + 1) + ": " + origin;
            folder.append("log.txt", where);
            failures++;
            if (failures > 1) {
                Map<String, Double> now = lrs.stateDict();
                good.restore(model, opt);
                lrs.loadStateDict(now); // the rates go on from here, as the steps do
            }
            if (failures > RETRIES) {
                if (state.steps > 0) {
                    save();
                }
                throw new TrainingException(
                        where + ". It stayed so after skipping the batch and going back to the state of step " + goodAt
                                + "; try a lower --lr (now " + lr + "), or look for bad values in the data");
            }
            progress.warning(where + "; skipped the batch"
                    + (failures > 1 ? " and went back to the state of step " + goodAt : ""));
            state.step++;
        }

        private void validate(long begin, double trainSeconds, int firstOfEpoch) {
            Evaluation v = Evaluation.of(model, data.validation(), data.classes(), batchSize, workers);
            boolean better = v.top1() > state.bestTop1 || v.top1() == state.bestTop1 && v.loss() < state.bestLoss;
            if (better) {
                state.bestTop1 = v.top1();
                state.bestLoss = v.loss();
                state.bestEpoch = state.epoch;
                SafeTensors.save(model.stateDict(), bestMetadata(), folder.best());
            }
            Epoch row = new Epoch(
                    state.epoch,
                    state.lossSum / Math.max(1, state.seen),
                    v.loss(),
                    v.top1(),
                    opt.groups().getFirst().lr(),
                    (state.step - firstOfEpoch) * (double) batchSize / trainSeconds,
                    state.seconds + seconds(begin),
                    waited / 1e9 / trainSeconds,
                    better);
            record(row);
            state.epoch++;
            state.step = 0;
            state.lossSum = 0;
            state.seen = 0;
            state.seconds = 0;
            save();
            progress.epoch(row);
        }

        private Map<String, String> bestMetadata() {
            Map<String, String> all = new LinkedHashMap<>(metadata);
            all.put("model", modelName);
            all.put("data", data.name());
            all.put("classes", String.join("\t", data.classes()));
            all.put("epoch", Integer.toString(state.epoch));
            all.put("val_top1", Double.toString(state.bestTop1));
            return all;
        }

        private void record(Epoch row) {
            if (row.number() == 1) {
                folder.append("metrics.csv", "epoch,train_loss,val_loss,val_top1,lr,images_per_second,seconds");
            }
            folder.append(
                    "metrics.csv",
                    String.format(
                            Locale.ROOT,
                            "%d,%.6f,%.6f,%.6f,%.8g,%.1f,%.2f",
                            row.number(),
                            row.trainLoss(),
                            row.valLoss(),
                            row.valTop1(),
                            row.lr(),
                            row.imagesPerSecond(),
                            row.seconds()));
        }

        private void save() {
            Checkpoint.save(folder, model, opt, lrs, state, seed);
            saved = System.nanoTime();
        }

        private Outcome finish() {
            double test = Double.NaN;
            if (state.bestEpoch > 0) {
                model.loadStateDict(SafeTensors.load(folder.best()).tensors());
            }
            if (data.test() != null) {
                test = Evaluation.of(model, data.test(), data.classes(), batchSize, workers)
                        .top1();
            }
            model.eval();
            Outcome o = new Outcome(folder.path(), state.bestEpoch, state.bestTop1, test, false);
            folder.append(
                    "log.txt",
                    String.format(
                            Locale.ROOT,
                            "best epoch %d: val/top1 %.4f, test/top1 %.4f",
                            o.bestEpoch(),
                            o.bestTop1(),
                            o.testTop1()));
            progress.finished(o);
            return o;
        }

        private static double seconds(long since) {
            return (System.nanoTime() - since) / 1e9;
        }
    }

    /** As in {@code Trainer(lenet on digits, 15 epochs, batch 64, adamw lr=0.001 cosine, seed 42)}. */
    @Override
    public String toString() {
        return "Trainer(" + modelName + " on " + data.name() + ", " + epochs + " epochs, batch " + batchSize + ", "
                + optimizer + " lr=" + lr + " " + schedule + ", seed " + seed + ")";
    }
}
