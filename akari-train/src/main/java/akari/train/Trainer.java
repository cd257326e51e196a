package akari.train;

import static akari.nn.Functional.crossEntropy;

import akari.core.DType;
import akari.data.Batch;
import akari.data.ClassNames;
import akari.data.DataLoader;
import akari.nn.Module;
import akari.optim.Adam;
import akari.optim.AdamW;
import akari.optim.CosineAnnealingLR;
import akari.optim.Optimizer;
import akari.optim.SGD;
import akari.optim.Scheduler;
import akari.optim.StepLR;
import akari.tensor.Generator;
import akari.tensor.SafeTensors;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
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
 * to the last good state when a loss or a gradient is not finite, and gives up when that happens in more than three of twenty steps. A
 * run can be stopped, or killed, anywhere and resumed: it then ends as if it had never stopped. Only one trainer at a time has a run. The same seed gives the same
 * weights, whatever the number of loader workers, and the same files, but for what they measure in time: the last two columns of
 * {@code metrics.csv} and, in the state of a run stopped within an epoch, its {@code seconds}.
 */
public final class Trainer {
    private static final int SNAPSHOT_STEPS = 100;

    /** Steps that may fail within the last {@link #WINDOW}, where the data is not to blame; else half of them may. */
    private static final int RETRIES = 3;

    private static final int WINDOW = 20;

    /** A loss beyond it has run away as surely as one that is not finite: no logit of a model that learns comes near it. */
    private static final double RUNAWAY = 1e9;

    private static final long WINDOW_BITS = (1L << WINDOW) - 1;

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

    /** A trainer of this model, in place, with the default options; see those. */
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

    /**
     * Goes on with an interrupted or finished run in its own folder. The options are those that the run began with, but for the number
     * of epochs, the patience, the workers and how often to save; {@link #fit} refuses others, and a run that is still being trained.
     * With another number of epochs the learning rate goes on from where it would be, had the run begun with that number.
     */
    public Trainer resume(Path run) {
        resume = run;
        return this;
    }

    /** Stored with the weights: what is needed to build the model and prepare its inputs again. */
    public Trainer metadata(Map<String, String> values) {
        metadata = new TreeMap<>(values);
        return this;
    }

    /** The text of {@code config.yaml}; a resumed run keeps its own unless one is given. */
    public Trainer config(String yaml) {
        config = yaml;
        return this;
    }

    /** Who hears how the run goes; nobody by default. */
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
        Path from = resume;
        if (from == null) {
            sanityCheck();
        }
        boolean without = isLastOfOneTooSmall();
        if (without) {
            progress.warning(
                    "with batches of " + batchSize + " the last one of each epoch would hold a single image, which "
                            + modelName + " cannot train on: it is left out, another one each epoch");
        }
        DataLoader loader = new DataLoader(data.train())
                .batchSize(batchSize)
                .shuffle(true)
                .dropLast(without)
                .seed(seed)
                .workers(workers)
                .recycle(true);
        int steps = Math.toIntExact(loader.size());
        Optimizer opt = build(optimizer);
        Scheduler lrs = build(schedule, opt, steps);
        RunFolder folder = from == null
                ? RunFolder.create(out, name == null ? data.name() + "-" + modelName : name)
                : RunFolder.open(from);
        boolean kept = true;
        try (RunLock _ = folder.lock()) {
            RunState checkpoint = new RunState(folder, model, opt, lrs, epochs, options());
            State state = from == null ? null : checkpoint.load();
            if (from == null || !config.isEmpty()) {
                folder.write(RunFolder.CONFIG, config);
            }
            if (state == null) {
                folder.write("env.json", Environment.json());
                state = new State();
                checkpoint.save(state, null); // from here on the run can be resumed
            }
            try {
                return new Loop(loader, opt, lrs, folder, checkpoint, state, steps).run();
            } catch (RuntimeException | Error e) {
                kept = from != null || state.steps > 0;
                if (kept) {
                    folder.append("log.txt", "failed: " + e.getMessage());
                }
                throw e;
            }
        } finally {
            if (!kept) {
                folder.discard();
            }
        }
    }

    /** What decides how a run goes on, and therefore stays as it was. */
    private Map<String, String> options() {
        Map<String, String> all = new TreeMap<>();
        all.put("model", modelName);
        all.put("data", data.name());
        all.put("training images", Long.toString(data.train().size()));
        all.put("validation images", Long.toString(data.validation().size()));
        all.put("batch", Integer.toString(batchSize));
        all.put("lr", Double.toString(lr));
        all.put("optimizer", optimizer);
        all.put("schedule", schedule);
        all.put("precision", precision.toString());
        all.put("seed", Long.toString(seed));
        return all;
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
        if ((long) steps * epochs > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(epochs + " epochs of " + steps + " steps are more than the "
                    + Integer.MAX_VALUE + " steps of a schedule: use fewer epochs");
        }
        int total = steps * epochs;
        return switch (kind) {
            case "step" -> new StepLR(opt, Math.max(1, total / 3));
            case "constant" -> new StepLR(opt, 1, 1);
            default -> new CosineAnnealingLR(opt, total);
        };
    }

    /** Two validation batches, and the last, before anything is written: a shape or label that does not fit shows here, at once. */
    private void sanityCheck() {
        DataLoader loader = new DataLoader(data.validation()).batchSize(batchSize);
        long last = loader.size() - 1;
        Iterator<Batch> first = loader.iterator();
        for (int i = 0; i < 2 && first.hasNext(); i++) {
            sanityCheck(first.next());
        }
        if (last >= 2) {
            loader.seek(new DataLoader.Position(0, last));
            sanityCheck(loader.iterator().next());
        }
    }

    private void sanityCheck(Batch batch) {
        model.evaluating(() -> Tensors.noGrad(() -> {
            Tensor logits = model.forward(batch.input());
            if (logits.dim() != 2 || logits.size(1) != data.classes().size()) {
                throw new IllegalArgumentException("the model gives " + logits.shape() + " for a batch of shape "
                        + batch.input().shape() + ", but the data has "
                        + data.classes().size()
                        + " classes: expected [" + batch.size() + ", "
                        + data.classes().size() + "]");
            }
            return crossEntropy(logits, batch.target()).item();
        }));
    }

    /**
     * Whether the epoch's last batch is one image and the model refuses it in training, as batch normalisation of a single value per
     * channel does: better found out here than after the first epoch.
     */
    private boolean isLastOfOneTooSmall() {
        long n = data.train().size();
        if (batchSize == 1 || n == 1 || n % batchSize != 1) {
            return false;
        }
        Batch one = data.train().batch(new long[] {0}, _ -> new Generator(seed));
        Copies buffers = new Copies(model.buffers());
        long draws = Tensors.defaultGenerator().offset();
        model.train();
        try {
            Tensors.autocast(precision, () -> Tensors.noGrad(() -> model.forward(one.input())));
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        } finally {
            buffers.restore();
            Tensors.defaultGenerator().offset(draws);
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
        long failed; // a bit for each of the last steps: 1 where the loss or a gradient was not finite
        long spoilt; // the same where the batch itself was not
        final List<String> rows = new ArrayList<>(); // of the epoch table, each with its line end

        @Nullable
        Snapshot good; // to go back to when steps fail

        long goodAt; // the number of steps after which it was taken
    }

    /** The running of one fit. */
    private final class Loop {
        private final DataLoader loader;
        private final Optimizer opt;
        private final Scheduler lrs;
        private final RunFolder folder;
        private final RunState checkpoint;
        private final State state;
        private final int steps;
        private final Map<String, Tensor> parameters = model.namedParameters();
        private final Copies buffers = new Copies(model.buffers());
        private long waited;
        private final long started = System.nanoTime();
        private final long firstStep;
        private long saved = started;

        Loop(
                DataLoader loader,
                Optimizer opt,
                Scheduler lrs,
                RunFolder folder,
                RunState checkpoint,
                State state,
                int steps) {
            this.loader = loader;
            this.opt = opt;
            this.lrs = lrs;
            this.folder = folder;
            this.checkpoint = checkpoint;
            this.state = state;
            this.steps = steps;
            this.firstStep = state.steps;
            if (state.good == null) {
                snapshot();
            }
        }

        private void snapshot() {
            state.good = Snapshot.of(model, opt);
            state.goodAt = state.steps;
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
            if (state.epoch > epochs) {
                progress.warning("the run has trained all of its " + (state.epoch - 1) + " epochs"
                        + (state.epoch - 1 > epochs ? ", more than the " + epochs + " asked for" : "")
                        + "; a higher number of epochs would go on");
            }
            while (state.epoch <= epochs && !(patience > 0 && state.epoch - 1 - state.bestEpoch >= patience)) {
                if (!trainEpoch()) {
                    save(null);
                    return interrupted();
                }
            }
            return finish();
        }

        private Outcome interrupted() {
            Outcome o = new Outcome(folder.path(), state.bestEpoch, state.bestTop1, Double.NaN, true);
            progress.finished(o);
            return o;
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
                    save(null);
                }
            }
            double trainSeconds = seconds(begin);
            if (!validate(begin, trainSeconds, firstOfEpoch)) {
                state.seconds += seconds(begin);
                return false;
            }
            return true;
        }

        private void step(Batch batch, long begin, int firstOfEpoch) {
            double loss;
            String fault;
            long draws = Tensors.defaultGenerator().offset();
            buffers.take();
            state.failed = state.failed << 1 & WINDOW_BITS;
            state.spoilt = state.spoilt << 1 & WINDOW_BITS;
            try (var scope = Tensors.scope()) {
                opt.zeroGrad();
                Tensor value =
                        Tensors.autocast(precision, () -> crossEntropy(model.forward(batch.input()), batch.target()));
                loss = value.item();
                fault = loss <= RUNAWAY ? null : "the loss is " + loss;
                if (fault == null) {
                    value.backward();
                    String gradient = NonFinite.gradient(parameters);
                    fault = gradient == null ? null : gradient + " is not finite";
                }
                if (fault != null) {
                    recover(batch, loss, fault, draws);
                    return;
                }
                opt.step();
            }
            lrs.step();
            state.step++;
            state.steps++;
            state.lossSum += loss * batch.size();
            state.seen += batch.size();
            if (state.steps == 1) {
                warnAbove(loss, "the first loss", "Are inputs normalised and labels right?");
            }
            if (state.steps - state.goodAt >= SNAPSHOT_STEPS) {
                snapshot();
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

        /** A loss far above that of guessing. */
        private void warnAbove(double loss, String what, String mend) {
            double expected = Math.log(data.classes().size());
            if (loss > 3 * expected + 1) {
                progress.warning(String.format(
                        Locale.ROOT,
                        "%s is %.2f; an untrained model on %d classes starts near %.2f. %s",
                        what,
                        loss,
                        data.classes().size(),
                        expected,
                        mend));
            }
        }

        /**
         * The loss or a gradient is not finite, or the loss has run away. The weights are still those of the last good step, so the batch is skipped; when the one
         * before it failed as well, or the weights themselves have run away, the last snapshot takes their place. Failures are counted
         * over the last steps, as a good one in between, from the weights of the snapshot, proves nothing.
         */
        private void recover(Batch batch, double loss, String fault, long draws) {
            buffers.restore();
            boolean spoilt = !NonFinite.finite(batch.input());
            String origin = spoilt ? "the batch itself holds a non-finite value" : origin(batch, loss, draws);
            String where = fault + " at epoch " + state.epoch + ", step " + (state.step + 1) + ": " + origin;
            folder.append("log.txt", where);
            if (spoilt) {
                state.spoilt |= 1;
            } else {
                state.failed |= 1;
            }
            boolean again = ((state.failed | state.spoilt) & 2) != 0 || NonFinite.state(model) != null;
            Snapshot good = state.good;
            if (again && good != null) {
                Map<String, Double> now = lrs.stateDict();
                good.restore(model, opt);
                lrs.loadStateDict(now); // the rates go on from here, as the steps do
            }
            if (Long.bitCount(state.failed) > RETRIES || Long.bitCount(state.spoilt) > WINDOW / 2) {
                if (state.steps > 0) {
                    save(null);
                }
                throw new TrainingException(where + ". " + Long.bitCount(state.failed | state.spoilt) + " of the last "
                        + WINDOW
                        + " steps failed so, in spite of skipping the batch and going back to the state of step "
                        + state.goodAt + "; try a lower learning rate (now " + lr
                        + "), or look for bad values in the data");
            }
            progress.warning(where + "; skipped the batch"
                    + (again ? " and went back to the state of step " + state.goodAt : ""));
            state.step++;
        }

        /** Looks for the culprit in the same forward, with the same random numbers; nothing is changed by it. */
        private String origin(Batch batch, double loss, long draws) {
            Generator random = Tensors.defaultGenerator();
            long now = random.offset();
            random.offset(draws);
            try {
                double limit = loss > RUNAWAY && Double.isFinite(loss) ? RUNAWAY : Double.POSITIVE_INFINITY;
                return Tensors.autocast(precision, () -> NonFinite.origin(model, batch.input(), limit));
            } finally {
                random.offset(now);
                buffers.restore();
            }
        }

        /** Weights that are not finite are neither the best nor worth keeping; an earlier state is, and it stays. */
        private void checkState() {
            String lost = NonFinite.state(model);
            if (lost != null) {
                throw new TrainingException(
                        lost + " is no longer finite at epoch " + state.epoch + ", step " + state.step
                                + ". The last state that was saved and the best weights so far stay; try a lower learning rate (now "
                                + lr
                                + ")");
            }
        }

        /** False when stopped in the middle. */
        private boolean validate(long begin, double trainSeconds, int firstOfEpoch) {
            checkState();
            Evaluation v =
                    Evaluation.unless(() -> stopping, model, data.validation(), data.classes(), batchSize, workers);
            if (v == null) {
                return false;
            }
            double trainLoss = state.lossSum / Math.max(1, state.seen);
            warnAbove(
                    trainLoss,
                    "the training loss of epoch " + state.epoch,
                    "Try a lower learning rate (now " + lr + ")");
            if (!Double.isFinite(v.loss())) {
                progress.warning("the validation loss of epoch " + state.epoch + " is " + v.loss());
            }
            boolean better = v.top1() > state.bestTop1 || v.top1() == state.bestTop1 && v.loss() < state.bestLoss;
            Map<String, String> best = null;
            if (better) {
                state.bestTop1 = v.top1();
                state.bestLoss = v.loss();
                state.bestEpoch = state.epoch;
                best = bestMetadata();
            }
            Epoch row = new Epoch(
                    state.epoch,
                    trainLoss,
                    v.loss(),
                    v.top1(),
                    opt.groups().getFirst().lr(),
                    (state.step - firstOfEpoch) * (double) batchSize / trainSeconds,
                    state.seconds + seconds(begin),
                    waited / 1e9 / trainSeconds,
                    better);
            state.rows.add(text(row));
            state.epoch++;
            state.step = 0;
            state.lossSum = 0;
            state.seen = 0;
            state.seconds = 0;
            save(best);
            progress.epoch(row);
            return true;
        }

        private Map<String, String> bestMetadata() {
            Map<String, String> all = new LinkedHashMap<>(metadata);
            all.put("model", modelName);
            all.put("data", data.name());
            all.put("classes", ClassNames.join(data.classes()));
            all.put("epoch", Integer.toString(state.epoch));
            all.put("val_top1", Double.toString(state.bestTop1));
            return all;
        }

        private static String text(Epoch row) {
            return String.format(
                    Locale.ROOT,
                    "%d,%.6f,%.6f,%.6f,%.8g,%.1f,%.2f\n",
                    row.number(),
                    row.trainLoss(),
                    row.valLoss(),
                    row.valTop1(),
                    row.lr(),
                    row.imagesPerSecond(),
                    row.seconds());
        }

        private void save(@Nullable Map<String, String> best) {
            checkState();
            checkpoint.save(state, best);
            saved = System.nanoTime();
        }

        private Outcome finish() {
            double test = Double.NaN;
            if (state.bestEpoch > 0) {
                model.loadStateDict(SafeTensors.load(folder.best()).tensors());
            }
            if (data.test() != null) {
                Evaluation e =
                        Evaluation.unless(() -> stopping, model, data.test(), data.classes(), batchSize, workers);
                if (e == null) {
                    return interrupted(); // resuming comes back here
                }
                test = e.top1();
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
