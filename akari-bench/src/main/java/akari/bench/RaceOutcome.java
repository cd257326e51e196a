package akari.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;

/** What a race against one peer came to. */
record RaceOutcome(Contest contest, RaceSetting setting, Laps ours, Laps peer) {

    /**
     * One side's part.
     *
     * @param nanos per repetition, in every alternation
     * @param cpu processor time per repetition over all alternations: on a busy machine it tells more than the clock
     * @param peak of resident memory above that before the first repetition, in bytes; {@link Peak#UNKNOWN} if it is not known
     * @param wrong whether its result differs from plain PyTorch's
     */
    record Laps(Side side, String version, double[] nanos, double cpu, long peak, boolean wrong) {
        Quartiles quartiles() {
            return Quartiles.of(nanos);
        }

        String text() {
            var q = quartiles();
            return format(
                    "  %9.3f ms  (%.3f to %.3f, cpu %.3f)  %s%s%n",
                    q.median / 1e6, q.low / 1e6, q.high / 1e6, cpu / 1e6, version, wrong ? ": WRONG RESULT" : "");
        }

        double mebibytes() {
            return peak / 1048576.0;
        }

        String json() {
            var q = quartiles();
            return format(
                    "{\"side\":\"%s\",\"version\":\"%s\",\"median_ns\":%.0f,\"q1_ns\":%.0f,\"q3_ns\":%.0f,\"cpu_ns\":%.0f,"
                            + "\"peak_bytes\":%d,\"wrong\":%b}",
                    side, version, q.median, q.low, q.high, cpu, peak, wrong);
        }
    }

    /** Quartiles of a sample; the middle one is the median. */
    record Quartiles(double low, double median, double high) {
        static Quartiles of(double[] sample) {
            var sorted = sample.clone();
            Arrays.sort(sorted);
            return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
        }

        private static double at(double[] sorted, double fraction) {
            double position = fraction * (sorted.length - 1);
            int below = (int) position;
            int above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
        }
    }

    /** Peer's median over ours: above 1, Akari is faster. */
    double ratio() {
        return peer.quartiles().median / ours.quartiles().median;
    }

    /** The ratio of each alternation by itself, which a slow drift of the machine does not touch. */
    Quartiles ratios() {
        var ratios = new double[ours.nanos.length];
        for (int i = 0; i < ratios.length; i++) ratios[i] = peer.nanos[i] / ours.nanos[i];
        return Quartiles.of(ratios);
    }

    /** Ours over the peer's: below 1, Akari needs less. Empty where it is not asked or not known. */
    OptionalDouble memoryRatio() {
        boolean known = contest.training() && ours.peak > 0 && peer.peak > 0;
        return known ? OptionalDouble.of((double) ours.peak / peer.peak) : OptionalDouble.empty();
    }

    private OptionalDouble goal() {
        return contest.goal(peer.side, setting.dtype());
    }

    String text() {
        var r = ratios();
        var memory = memoryRatio();
        var goal = goal();
        return format("%s against %s: %s%n", contest.name(), peer.side, contest.description())
                + ours.text()
                + peer.text()
                + format(
                        "  %9.2f     (%.2f to %.2f, cpu %.2f)  ratio peer/ours%s; %d thread%s, %s, %d alternations%s",
                        ratio(),
                        r.low,
                        r.high,
                        peer.cpu / ours.cpu,
                        goal.isPresent() ? format(", wanted %.2f", goal.getAsDouble()) : "",
                        setting.threads(),
                        setting.threads() == 1 ? "" : "s",
                        setting.dtype(),
                        ours.nanos.length,
                        setting.keepMemory() ? ", peer keeps memory" : "")
                + (memory.isPresent()
                        ? format(
                                "%n  %9.2f     peak of memory ours/peer: %.0f and %.0f MiB above that before the first step",
                                memory.getAsDouble(), ours.mebibytes(), peer.mebibytes())
                        : "");
    }

    String json() {
        var r = ratios();
        return format(
                "{\"race\":\"%s\",\"threads\":%d,\"dtype\":\"%s\",\"peer_keeps_memory\":%b,\"alternations\":%d,\"ours\":%s,\"peer\":%s,"
                        + "\"ratio\":%.4f,\"ratio_q1\":%.4f,\"ratio_q3\":%.4f,\"ratio_cpu\":%.4f,\"wanted\":%s,\"memory_ratio\":%s}",
                contest.name(),
                setting.threads(),
                setting.dtype(),
                setting.keepMemory(),
                ours.nanos.length,
                ours.json(),
                peer.json(),
                ratio(),
                r.low,
                r.high,
                peer.cpu / ours.cpu,
                or("null", goal()),
                or("null", memoryRatio()));
    }

    static String markdownHead() {
        return "| race | threads | dtype | peer | Akari | peer's | ratio | wanted | quartiles of the ratio | ratio of cpu time"
                + " | peak memory, ours/peer's |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";
    }

    String markdown() {
        var r = ratios();
        return format(
                "| %s | %d | %s | %s | %.3f ms | %.3f ms | %.2f | %s | %.2f to %.2f | %.2f | %s |",
                contest.name(),
                setting.threads(),
                setting.dtype(),
                peer.side + (peer.wrong ? " (its result is wrong)" : ""),
                ours.quartiles().median / 1e6,
                peer.quartiles().median / 1e6,
                ratio(),
                or("", goal()),
                r.low,
                r.high,
                peer.cpu / ours.cpu,
                or("", memoryRatio()));
    }

    private static String or(String none, OptionalDouble value) {
        return value.isPresent() ? format("%.2f", value.getAsDouble()) : none;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
