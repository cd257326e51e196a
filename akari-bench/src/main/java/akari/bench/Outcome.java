package akari.bench;

import java.util.Arrays;
import java.util.Locale;

/** What a race came to. */
record Outcome(Contest contest, Setting setting, Laps ours, Laps peer) {

    /**
     * One side's part.
     *
     * @param nanos per repetition, in every alternation
     * @param cpu processor time per repetition over all alternations: on a busy machine it tells more than the clock
     */
    record Laps(String version, double[] nanos, double cpu) {
        Quartiles quartiles() {
            return Quartiles.of(nanos);
        }

        String text() {
            var q = quartiles();
            return format(
                    "  %9.3f ms  (%.3f to %.3f, cpu %.3f)  %s%n",
                    q.median / 1e6, q.low / 1e6, q.high / 1e6, cpu / 1e6, version);
        }

        String json() {
            var q = quartiles();
            return format(
                    "{\"version\":\"%s\",\"median_ns\":%.0f,\"q1_ns\":%.0f,\"q3_ns\":%.0f,\"cpu_ns\":%.0f}",
                    version, q.median, q.low, q.high, cpu);
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

    String text() {
        var r = ratios();
        return format("%s: %s%n", contest.name(), contest.description())
                + ours.text()
                + peer.text()
                + format(
                        "  %9.2f     (%.2f to %.2f, cpu %.2f)  ratio peer/ours; %d thread%s, %s, %d alternations%s",
                        ratio(),
                        r.low,
                        r.high,
                        peer.cpu / ours.cpu,
                        setting.threads(),
                        setting.threads() == 1 ? "" : "s",
                        setting.dtype(),
                        ours.nanos.length,
                        setting.keepMemory() ? ", peer keeps memory" : "");
    }

    String json() {
        var r = ratios();
        return format(
                "{\"race\":\"%s\",\"threads\":%d,\"dtype\":\"%s\",\"peer_keeps_memory\":%b,\"alternations\":%d,\"ours\":%s,\"peer\":%s,"
                        + "\"ratio\":%.4f,\"ratio_q1\":%.4f,\"ratio_q3\":%.4f,\"ratio_cpu\":%.4f}",
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
                peer.cpu / ours.cpu);
    }

    static String markdownHead() {
        return "| race | threads | dtype | Akari | PyTorch | ratio | quartiles of the ratio | ratio of cpu time |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- |";
    }

    String markdown() {
        var r = ratios();
        return format(
                "| %s | %d | %s | %.3f ms | %.3f ms | %.2f | %.2f to %.2f | %.2f |",
                contest.name(),
                setting.threads(),
                setting.dtype(),
                ours.quartiles().median / 1e6,
                peer.quartiles().median / 1e6,
                ratio(),
                r.low,
                r.high,
                peer.cpu / ours.cpu);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
