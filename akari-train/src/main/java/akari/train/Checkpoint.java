package akari.train;

import akari.backend.FileTrouble;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The state from which a run goes on exactly as if it had never stopped: {@code last/} holds weights, optimiser tensors and, in
 * the weights' metadata, counters and the random state. A new state is written to a folder of its own and takes the place of the
 * old one by renaming.
 */
final class Checkpoint {
    private static final String SCHEDULE = "schedule.";

    private Checkpoint() {}

    static void save(RunFolder folder, Module model, Optimizer opt, Scheduler lrs, Trainer.State state, long seed) {
        Path last = folder.last();
        Path next = last.resolveSibling("last.next");
        Path old = last.resolveSibling("last.old");
        try {
            delete(next);
            Files.createDirectories(next);
            SafeTensors.save(model.stateDict(), counters(state, lrs, seed), next.resolve("weights.safetensors"));
            SafeTensors.save(opt.stateDict(), Map.of(), next.resolve("optimizer.safetensors"));
            delete(old);
            if (Files.exists(last)) {
                Files.move(last, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(next, last, StandardCopyOption.ATOMIC_MOVE);
            delete(old);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the run's state in " + last + ": " + FileTrouble.of(e), e);
        }
    }

    static Trainer.State load(RunFolder folder, Module model, Optimizer opt, Scheduler lrs, long seed) {
        // a crash between the two renames leaves only the old state
        Path last =
                Files.isDirectory(folder.last()) ? folder.last() : folder.last().resolveSibling("last.old");
        if (!Files.isDirectory(last)) {
            throw new IllegalArgumentException(
                    folder.path() + " holds no state to resume from (no folder last/); start a new run");
        }
        SafeTensors weights = SafeTensors.load(last.resolve("weights.safetensors"));
        Map<String, String> m = weights.metadata();
        long trained = Long.parseLong(value(m, "seed", last));
        if (trained != seed) {
            throw new IllegalArgumentException("the run " + folder.path() + " was trained with seed " + trained
                    + ", not " + seed + ": resume it with its own seed");
        }
        model.loadStateDict(weights.tensors());
        opt.loadStateDict(
                SafeTensors.load(last.resolve("optimizer.safetensors")).tensors());
        Map<String, Double> schedule = new TreeMap<>();
        m.forEach((k, v) -> {
            if (k.startsWith(SCHEDULE)) {
                schedule.put(k.substring(SCHEDULE.length()), Double.parseDouble(v));
            }
        });
        lrs.loadStateDict(schedule);
        Generator random = Tensors.defaultGenerator();
        random.manualSeed(Long.parseLong(value(m, "random_seed", last)));
        random.offset(Long.parseLong(value(m, "random_offset", last)));
        Trainer.State s = new Trainer.State();
        s.epoch = Integer.parseInt(value(m, "epoch", last));
        s.step = Integer.parseInt(value(m, "step", last));
        s.steps = Long.parseLong(value(m, "steps", last));
        s.lossSum = Double.parseDouble(value(m, "loss_sum", last));
        s.seen = Long.parseLong(value(m, "seen", last));
        s.bestEpoch = Integer.parseInt(value(m, "best_epoch", last));
        s.bestTop1 = Double.parseDouble(value(m, "best_top1", last));
        s.bestLoss = Double.parseDouble(value(m, "best_loss", last));
        s.seconds = Double.parseDouble(value(m, "seconds", last));
        return s;
    }

    private static Map<String, String> counters(Trainer.State s, Scheduler lrs, long seed) {
        Generator random = Tensors.defaultGenerator();
        Map<String, String> m = new TreeMap<>();
        m.put("seed", Long.toString(seed));
        m.put("random_seed", Long.toString(random.initialSeed()));
        m.put("random_offset", Long.toString(random.offset()));
        lrs.stateDict().forEach((k, v) -> m.put(SCHEDULE + k, Double.toString(v)));
        m.put("epoch", Integer.toString(s.epoch));
        m.put("step", Integer.toString(s.step));
        m.put("steps", Long.toString(s.steps));
        m.put("loss_sum", Double.toString(s.lossSum));
        m.put("seen", Long.toString(s.seen));
        m.put("best_epoch", Integer.toString(s.bestEpoch));
        m.put("best_top1", Double.toString(s.bestTop1));
        m.put("best_loss", Double.toString(s.bestLoss));
        m.put("seconds", Double.toString(s.seconds));
        return m;
    }

    private static String value(Map<String, String> m, String key, Path last) {
        String v = m.get(key);
        if (v == null) {
            throw new IllegalArgumentException(last.resolve("weights.safetensors") + " lacks the entry \"" + key
                    + "\" of a run's state: it is not a checkpoint of this version");
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
