package akari.bench;

import akari.bench.RaceSetting.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Races Akari against PyTorch and ONNX Runtime; {@link #USAGE} says how.
 *
 * <p>Each library runs in a process of its own and all are timed in turn on the same work, so that a drift of the
 * machine meets all. Their results are compared before and after: a wrong answer of ours ends the race, one of the peer is told. With {@code --keep-memory}
 * the peer's malloc keeps what it is given back, which PyTorch's users must ask for and Akari's pool does by itself.
 * {@code all --markdown} runs everything at one and two threads against every peer and writes the table to
 * {@code docs/performance.md}.
 */
public final class Race {
    private static final String USAGE = """
            tools/race NAME…|all|list [--peer pytorch|pytorch-channels-last|onnxruntime|all] [--threads N]
                       [--dtype f32|bf16] [--keep-memory] [--rounds N] [--json|--markdown]""";

    private static final int MOST_ROUNDS = 21;
    private static final int LEAST_ROUNDS = 7;
    private static final double ROUNDS_NANOS = 45e9;
    // longer than an idle OpenMP or OpenBLAS thread goes on spinning, so that no side disturbs the others
    private static final long PAUSE_MILLIS = 30;

    private Race() {}

    /** Runs the races that are named; exits with 1 if one fails and with 2 if the command cannot be read. */
    public static void main(String[] args) {
        try {
            System.exit(new Order(args).run());
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

    /** The command line. */
    private static final class Order {
        private final List<String> names = new ArrayList<>();
        private List<Integer> threads = List.of();
        private List<Precision> dtypes = List.of();
        private String peer = "";
        private boolean keepMemory;
        private int rounds;
        private Format format = Format.TEXT;

        Order(String[] args) {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--peer" -> peer = value(args, ++i);
                    case "--threads" -> threads = List.of(positive(args, ++i));
                    case "--dtype" -> dtypes = List.of(Precision.of(value(args, ++i)));
                    case "--keep-memory" -> keepMemory = true;
                    case "--rounds" -> rounds = positive(args, ++i);
                    case "--json" -> format = Format.JSON;
                    case "--markdown" -> format = Format.MARKDOWN;
                    default -> {
                        if (args[i].startsWith("-")) {
                            throw new IllegalArgumentException("unknown option " + args[i] + ". Usage: " + USAGE);
                        }
                        names.add(args[i]);
                    }
                }
            }
            if (names.isEmpty()) throw new IllegalArgumentException("no race is named. Usage: " + USAGE);
        }

        int run() {
            if (names.equals(List.of("list"))) {
                for (var c : Contest.ALL) System.out.printf("%-20s %s%n", c.name(), c.description());
                return 0;
            }
            boolean all = names.equals(List.of("all"));
            boolean report = all && format == Format.MARKDOWN;
            var contests = all ? Contest.ALL : names.stream().map(Contest::of).toList();
            if (threads.isEmpty()) threads = report ? List.of(1, 2) : List.of(1);
            var outcomes = new ArrayList<RaceOutcome>();
            var failures = new ArrayList<String>();
            if (format == Format.MARKDOWN) System.out.println(RaceOutcome.markdownHead());
            for (var contest : contests) {
                for (var dtype : dtypes(contest, report)) {
                    for (int t : threads) {
                        var setting = new RaceSetting(t, dtype, keepMemory);
                        try {
                            for (var outcome : race(contest, peers(contest, all, report), setting, rounds)) {
                                outcomes.add(outcome);
                                print(outcome);
                            }
                        } catch (IllegalStateException e) {
                            if (!all) throw e;
                            System.err.println("✗ " + e.getMessage());
                            failures.add(contest.name() + " (" + setting + "): "
                                    + String.valueOf(e.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse(""));
                        }
                    }
                }
            }
            if (report)
                Report.write(Path.of(System.getProperty("akari.performance", "performance.md")), outcomes, failures);
            return failures.isEmpty() ? 0 : 1;
        }

        /** Reports ask for bfloat16 too where there is a goal for it. */
        private List<Precision> dtypes(Contest contest, boolean report) {
            if (!dtypes.isEmpty()) return dtypes;
            boolean bf16 = report && contest.goals().stream().anyMatch(g -> g.dtype() == Precision.BF16);
            return bf16 ? List.of(Precision.F32, Precision.BF16) : List.of(Precision.F32);
        }

        private List<Side> peers(Contest contest, boolean all, boolean report) {
            if (peer.equals("all") || peer.isEmpty() && report) return contest.peers();
            if (peer.isEmpty()) return List.of(contest.peers().getFirst());
            var side = Side.of(peer);
            if (contest.peers().contains(side)) return List.of(side);
            if (all) return List.of();
            throw new IllegalArgumentException(side + " does not take part in " + contest.name() + ". Its peers are "
                    + String.join(
                            ", ", contest.peers().stream().map(Side::toString).toList()) + ".");
        }

        private void print(RaceOutcome outcome) {
            System.out.println(
                    switch (format) {
                        case TEXT -> outcome.text();
                        case JSON -> outcome.json();
                        case MARKDOWN -> outcome.markdown();
                    });
        }

        private static String value(String[] args, int i) {
            if (i == args.length) throw new IllegalArgumentException(args[i - 1] + " needs a value.");
            return args[i];
        }

        private static int positive(String[] args, int i) {
            var text = value(args, i);
            try {
                int n = Integer.parseInt(text);
                if (n > 0) return n;
            } catch (NumberFormatException e) {
                // reported below
            }
            throw new IllegalArgumentException(args[i - 1] + " is " + text + ", and must be a positive number.");
        }
    }

    /** One race with all peers at once. With 0 rounds, as many as a minute or so has room for. */
    private static List<RaceOutcome> race(Contest contest, List<Side> peers, RaceSetting setting, int rounds) {
        if (peers.isEmpty()) return List.of();
        var racers = new ArrayList<Racer>();
        try {
            racers.add(new Racer(Side.AKARI, contest, setting));
            for (var peer : peers) racers.add(new Racer(peer, contest, setting));
            double round = 0;
            for (var racer : racers) round += racer.warmUp();
            compare(racers, contest, setting);
            int n = rounds > 0 ? rounds : (int) Math.clamp(ROUNDS_NANOS / round, LEAST_ROUNDS, MOST_ROUNDS);
            for (int i = 0; i < n; i++) {
                for (var racer : racers) {
                    pause();
                    racer.lap();
                }
            }
            compare(racers, contest, setting);
            var ours = racers.getFirst().laps();
            return racers.stream()
                    .skip(1)
                    .map(peer -> new RaceOutcome(contest, setting, ours, peer.laps()))
                    .toList();
        } finally {
            racers.forEach(Racer::close);
        }
    }

    /** Ours must compute what the peers do. A peer that differs from plain PyTorch, while ours does not, is the one at fault. */
    private static void compare(List<Racer> racers, Contest contest, RaceSetting setting) {
        var ours = racers.getFirst().check();
        for (var peer : racers.subList(1, racers.size())) {
            var difference = ours.difference(peer.check(), contest, setting);
            if (difference.isEmpty()) continue;
            if (peer.side() == Side.PYTORCH || !refereeAgrees(ours, contest, setting)) {
                throw new IllegalStateException(contest.name() + ": akari and " + peer.side()
                        + " differ, so there is no winner, in " + difference.get());
            }
            peer.foundWrong();
        }
    }

    private static boolean refereeAgrees(Check ours, Contest contest, RaceSetting setting) {
        try (var referee = new Racer(Side.PYTORCH, contest, setting)) {
            return ours.difference(referee.check(), contest, setting).isEmpty();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
