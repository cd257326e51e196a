package akari.train;

import akari.errors.FileTrouble;
import akari.errors.WholeFile;
import akari.nn.Module;
import akari.optim.Optimizer;
import akari.optim.Scheduler;
import akari.tensor.Generator;
import akari.tensor.SafeTensors;
import akari.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state from which a run goes on exactly as if it had never stopped. {@code last/} holds weights, optimiser tensors, the rows of
 * the epoch table, the state to go back to after a step that goes wrong, and, in the weights' metadata, counters, options and the
 * random state.
 *
 * <p>It is the one truth of a run's folder. A new state is written to a folder of its own, with the best weights where this epoch's
 * are; it counts from the moment in which it takes the place of the old one by renaming. {@code best.safetensors} and
 * {@code metrics.csv} follow from it, at once or, if the process is killed in between, on resume.
 */
final class RunState {
    static final String TABLE = "metrics.csv";
    private static final String HEADER = "epoch,train_loss,val_loss,val_top1,lr,images_per_second,seconds\n";
    private static final Pattern NUMBERS = Pattern.compile("\\d+(,[-+.\\dEefinINaty]+){6}\n");
    private static final String WEIGHTS = "weights.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String GOOD = "good.safetensors";
    private static final String BEST = "best.safetensors";
    private static final String SCHEDULE = "schedule.";
    private static final String OPTION = "option.";

    private final RunFolder folder;
    private final Module model;
    private final Optimizer opt;
    private final Scheduler lrs;
    private final int epochs;
    private final Map<String, String> options;

    /**
     * @param lrs fresh: at its first step
     * @param epochs for which the schedule was made
     * @param options what must be the same on resume, as in {@code batch -> 32}
     */
    RunState(RunFolder folder, Module model, Optimizer opt, Scheduler lrs, int epochs, Map<String, String> options) {
        this.folder = folder;
        this.model = model;
        this.opt = opt;
        this.lrs = lrs;
        this.epochs = epochs;
        this.options = options;
    }

    private Path next() {
        return folder.path().resolve("last.next");
    }

    private Path old() {
        return folder.path().resolve("last.old");
    }

    /** @param best the metadata of the best weights, if the present ones are the best; else null */
    void save(Trainer.State state, @Nullable Map<String, String> best) {
        Path last = folder.last();
        try {
            Path next = next();
            delete(next);
            Files.createDirectories(next);
            SafeTensors.save(model.stateDict(), counters(state), next.resolve(WEIGHTS));
            SafeTensors.save(opt.stateDict(), next.resolve(OPTIMIZER));
            if (state.goodAt < state.steps && state.good != null) {
                state.good.save(next.resolve(GOOD));
            }
            if (best != null) {
                SafeTensors.save(model.stateDict(), best, next.resolve(BEST));
            }
            WholeFile.write(next.resolve(TABLE), HEADER + String.join("", state.rows));
            if (Files.exists(last)) {
                Files.move(last, old(), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(next, last, StandardCopyOption.ATOMIC_MOVE);
            WholeFile.force(folder.path());
            delete(old());
            publish();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the run's state in " + last + ": " + FileTrouble.of(e), e);
        }
    }

    /** Brings the files that follow from the state up to it. */
    private void publish() throws IOException {
        Path best = folder.last().resolve(BEST);
        if (Files.exists(best)) {
            Files.move(best, folder.best(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        WholeFile.write(
                folder.path().resolve(TABLE), Files.readString(folder.last().resolve(TABLE)));
    }

    /** Takes back what a killed process had begun: a state that had not come to count, and half-written files. */
    private void tidy() throws IOException {
        if (!Files.exists(folder.last()) && Files.exists(old())) {
            Files.move(old(), folder.last(), StandardCopyOption.ATOMIC_MOVE);
        }
        delete(old());
        delete(next());
        WholeFile.tidy(folder.path());
    }

    /** The saved state; null for a run that was killed before it had any. Nothing is changed where the run was one of other options. */
    Trainer.@Nullable State load() {
        Path last = folder.last();
        try {
            tidy();
            if (!Files.isDirectory(last)) {
                if (Files.exists(folder.path().resolve(RunFolder.CONFIG))) {
                    return null;
                }
                throw new IllegalArgumentException(
                        folder.path() + " holds no state to resume from (no folder last/); start a new run");
            }
            Path file = last.resolve(WEIGHTS);
            SafeTensors weights = SafeTensors.load(file);
            Map<String, String> m = weights.metadata();
            checkOptions(m, file);
            Trainer.State s = state(m, file);
            Map<String, Double> schedule = schedule(m, s, file);
            s.rows.addAll(rows(last.resolve(TABLE), s.epoch - 1));
            SafeTensors moments = SafeTensors.load(last.resolve(OPTIMIZER));
            s.good = s.goodAt < s.steps ? Snapshot.load(last.resolve(GOOD)) : null;
            long seed = Long.parseLong(value(m, "random_seed", file));
            long offset = Long.parseLong(value(m, "random_offset", file));
            model.loadStateDict(weights.tensors());
            opt.loadStateDict(moments.tensors());
            lrs.loadStateDict(schedule);
            Tensors.defaultGenerator().manualSeed(seed).offset(offset);
            publish();
            return s;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    last.resolve(WEIGHTS) + " is damaged: a number of the run's state is none (" + e.getMessage()
                            + "); take it from a copy of the run",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the run's state in " + last + ": " + FileTrouble.of(e), e);
        }
    }

    /** The table's rows, one for each finished epoch. */
    private static List<String> rows(Path table, int epochs) throws IOException {
        String text = Files.exists(table) ? Files.readString(table) : "";
        List<String> rows = text.lines().skip(1).map(row -> row + "\n").toList();
        boolean whole = text.startsWith(HEADER) && text.endsWith("\n") && rows.size() == epochs;
        for (int i = 0; whole && i < epochs; i++) {
            whole = rows.get(i).startsWith((i + 1) + ",")
                    && NUMBERS.matcher(rows.get(i)).matches();
        }
        if (!whole) {
            throw new IllegalArgumentException(table + " is damaged or missing: it should hold a header and " + epochs
                    + " rows of numbers, one for each epoch so far; take it from a copy of the run");
        }
        return rows;
    }

    /** The schedule's state; for another number of epochs the one it would have, had the run begun with that number. */
    private Map<String, Double> schedule(Map<String, String> m, Trainer.State s, Path file) {
        Map<String, Double> schedule = new TreeMap<>();
        m.forEach((k, v) -> {
            if (k.startsWith(SCHEDULE)) {
                schedule.put(k.substring(SCHEDULE.length()), Double.parseDouble(v));
            }
        });
        if (Integer.parseInt(value(m, "epochs", file)) == epochs || s.epoch > epochs) {
            return schedule;
        }
        for (long step = 0; step < s.steps; step++) {
            lrs.step();
        }
        return lrs.stateDict();
    }

    private void checkOptions(Map<String, String> m, Path file) {
        options.forEach((name, now) -> {
            String then = value(m, OPTION + name, file);
            if (!then.equals(now)) {
                throw new IllegalArgumentException("the run " + folder.path() + " was trained with " + name + " " + then
                        + ", not " + now + ": resume it with its own " + name + ", or start a new run");
            }
        });
    }

    private static Trainer.State state(Map<String, String> m, Path file) {
        Trainer.State s = new Trainer.State();
        s.epoch = Integer.parseInt(value(m, "epoch", file));
        s.step = Integer.parseInt(value(m, "step", file));
        s.steps = Long.parseLong(value(m, "steps", file));
        s.lossSum = Double.parseDouble(value(m, "loss_sum", file));
        s.seen = Long.parseLong(value(m, "seen", file));
        s.bestEpoch = Integer.parseInt(value(m, "best_epoch", file));
        s.bestTop1 = Double.parseDouble(value(m, "best_top1", file));
        s.bestLoss = Double.parseDouble(value(m, "best_loss", file));
        s.seconds = Double.parseDouble(value(m, "seconds", file));
        s.goodAt = Long.parseLong(value(m, "good_at", file));
        s.failed = Long.parseLong(value(m, "failed", file));
        s.spoilt = Long.parseLong(value(m, "spoilt", file));
        return s;
    }

    private Map<String, String> counters(Trainer.State s) {
        Generator random = Tensors.defaultGenerator();
        Map<String, String> m = new TreeMap<>();
        options.forEach((k, v) -> m.put(OPTION + k, v));
        m.put("random_seed", Long.toString(random.initialSeed()));
        m.put("random_offset", Long.toString(random.offset()));
        lrs.stateDict().forEach((k, v) -> m.put(SCHEDULE + k, Double.toString(v)));
        m.put("epochs", Integer.toString(epochs));
        m.put("epoch", Integer.toString(s.epoch));
        m.put("step", Integer.toString(s.step));
        m.put("steps", Long.toString(s.steps));
        m.put("loss_sum", Double.toString(s.lossSum));
        m.put("seen", Long.toString(s.seen));
        m.put("best_epoch", Integer.toString(s.bestEpoch));
        m.put("best_top1", Double.toString(s.bestTop1));
        m.put("best_loss", Double.toString(s.bestLoss));
        m.put("seconds", Double.toString(s.seconds));
        m.put("good_at", Long.toString(s.goodAt));
        m.put("failed", Long.toString(s.failed));
        m.put("spoilt", Long.toString(s.spoilt));
        return m;
    }

    private static String value(Map<String, String> m, String key, Path file) {
        String v = m.get(key);
        if (v == null) {
            throw new IllegalArgumentException(
                    file + " lacks the entry \"" + key + "\" of a run's state: it is not a checkpoint of this version");
        }
        return v;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(p);
            }
        }
    }
}
