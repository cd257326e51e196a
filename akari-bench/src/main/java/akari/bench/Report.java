package akari.bench;

import akari.errors.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code docs/performance.md}: the outcomes of all races, and a part written by hand that is kept. */
final class Report {
    static final String KEPT = "<!-- written by hand from here, kept by tools/race -->";
    static final String KEPT_END = "<!-- written by hand up to here -->";

    private Report() {}

    /** @param failures races that came to nothing, and why */
    static void write(Path file, List<RaceOutcome> outcomes, List<String> failures) {
        try {
            var old = Files.exists(file) ? Files.readString(file) : "";
            Files.createDirectories(file.toAbsolutePath().getParent());
            WholeFile.write(file, text(LocalDate.now(), machine(), outcomes, failures, old));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    static String text(LocalDate date, String machine, List<RaceOutcome> outcomes, List<String> failures, String old) {
        Set<String> versions = new LinkedHashSet<>();
        for (var o : outcomes) {
            versions.add(o.ours().version());
            versions.add(o.peer().version());
        }
        var text = new StringBuilder("# Performance\n\n");
        text.append(
                "Written by `tools/race all --markdown`. Each row is a race of its own: both sides do the same work from the same\n");
        text.append(
                "numbers in processes of their own, timed in turn, and their results are compared. Times are medians; the ratio is\n");
        text.append(
                "the peer's time over Akari's, so above 1 Akari is faster. Peak memory is resident memory above that before the\n");
        text.append("first step. [Decision 5](decisions/0005-peer-and-oracle.md) says how and why.\n\n");
        text.append("Measured on ").append(date).append(": ").append(machine).append(". ");
        text.append(String.join("; ", versions)).append(".\n\n");
        text.append(RaceOutcome.markdownHead()).append('\n');
        for (var o : outcomes) text.append(o.markdown()).append('\n');
        for (var f : failures) text.append("\nNot run: ").append(f).append(".\n");
        return text.append('\n').append(kept(old)).toString();
    }

    private static String kept(String old) {
        int start = old.indexOf(KEPT);
        int end = old.indexOf(KEPT_END);
        if (start < 0 || end < start) return KEPT + "\n\n## Where a step goes\n\n" + KEPT_END + "\n";
        return old.substring(start, end) + KEPT_END + "\n";
    }

    private static String machine() {
        return cpu() + " with " + Runtime.getRuntime().availableProcessors() + " processors, "
                + System.getProperty("os.name") + ", JDK " + Runtime.version();
    }

    private static String cpu() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(l -> l.startsWith("model name"))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
