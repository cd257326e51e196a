package akari.bench;

import akari.bench.Setting.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * Races Akari against PyTorch: {@code tools/race NAME|all|list [--threads N] [--dtype f32|bf16] [--keep-memory]
 * [--json|--markdown]}.
 *
 * <p>Each library runs in a process of its own and both are timed in turn on the same work, so that a drift of the
 * machine meets both. Their results are compared before and after: a wrong answer ends the race. With {@code --keep-memory}
 * the peer's malloc keeps what it is given back, which PyTorch's users must ask for and Akari's pool does by itself.
 */
public final class Race {
    private static final int ALTERNATIONS = 21;
    // longer than an idle OpenMP or OpenBLAS thread goes on spinning, so that neither side disturbs the other
    private static final long PAUSE_MILLIS = 30;

    private Race() {}

    /** Runs the races that are named; exits with 1 if one fails and with 2 if the command cannot be read. */
    public static void main(String[] args) {
        try {
            System.exit(run(args));
        } catch (IllegalArgumentException e) {
            System.err.println("✗ " + e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("✗ " + e.getMessage());
            System.exit(1);
        }
    }

    private enum Format {
        TEXT,
        JSON,
        MARKDOWN
    }

    private static int run(String[] args) {
        var names = new ArrayList<String>();
        int threads = 1;
        var dtype = Precision.F32;
        boolean keepMemory = false;
        var format = Format.TEXT;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--threads" -> threads = positive(value(args, ++i));
                case "--dtype" -> dtype = Precision.of(value(args, ++i));
                case "--keep-memory" -> keepMemory = true;
                case "--json" -> format = Format.JSON;
                case "--markdown" -> format = Format.MARKDOWN;
                default -> {
                    if (args[i].startsWith("-")) {
                        throw new IllegalArgumentException("unknown option " + args[i]
                                + ". There are --threads, --dtype, --keep-memory, --json and --markdown.");
                    }
                    names.add(args[i]);
                }
            }
        }
        if (names.equals(List.of("list"))) {
            for (var contest : Contest.ALL) System.out.printf("%-20s %s%n", contest.name(), contest.description());
            return 0;
        }
        var contests = names.equals(List.of("all"))
                ? Contest.ALL
                : names.stream().map(Contest::of).toList();
        if (contests.isEmpty()) {
            throw new IllegalArgumentException(
                    "no race is named. Usage: tools/race NAME|all|list [--threads N] [--dtype f32|bf16]"
                            + " [--keep-memory] [--json|--markdown]");
        }
        if (format == Format.MARKDOWN) System.out.println(Outcome.markdownHead());
        for (var contest : contests) {
            var outcome = race(contest, new Setting(threads, dtype, keepMemory));
            System.out.println(
                    switch (format) {
                        case TEXT -> outcome.text();
                        case JSON -> outcome.json();
                        case MARKDOWN -> outcome.markdown();
                    });
        }
        return 0;
    }

    private static Outcome race(Contest contest, Setting setting) {
        try (var ours = new Racer(Side.AKARI, contest, setting);
                var peer = new Racer(Side.PYTORCH, contest, setting)) {
            compare(contest, setting, ours.check(), peer.check());
            ours.warmUp();
            peer.warmUp();
            for (int i = 0; i < ALTERNATIONS; i++) {
                pause();
                ours.lap();
                pause();
                peer.lap();
            }
            compare(contest, setting, ours.check(), peer.check());
            return new Outcome(contest, setting, ours.laps(), peer.laps());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void compare(Contest contest, Setting setting, Fingerprint ours, Fingerprint peer) {
        if (!ours.agrees(peer, setting.dtype().tolerance)) {
            throw new IllegalStateException(contest.name() + ": the results differ, so there is no winner."
                    + " size, mean, rms and samples\n  ours " + ours + "\n  peer " + peer);
        }
    }

    private static String value(String[] args, int i) {
        if (i == args.length) throw new IllegalArgumentException(args[i - 1] + " needs a value.");
        return args[i];
    }

    private static int positive(String text) {
        try {
            int n = Integer.parseInt(text);
            if (n > 0) return n;
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException("--threads is " + text + ", and must be a positive number.");
    }
}
