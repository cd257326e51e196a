package akari.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Peak of this process's resident memory above what it held at first; Linux alone tells it. */
final class Peak {
    static final long UNKNOWN = -1;

    private final long before;

    private Peak(long before) {
        this.before = before;
    }

    /** From now on: forgets earlier peaks, as those of the set-up. */
    static Peak start() {
        System.gc(); // what the set-up left in the Java heap is not the work's
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // VmHWM falls back to VmRSS
        } catch (IOException e) {
            return new Peak(UNKNOWN);
        }
        return new Peak(status("VmRSS:"));
    }

    /** In bytes; {@link #UNKNOWN} where it cannot be told. */
    long bytes() {
        long peak = status("VmHWM:");
        return before == UNKNOWN || peak == UNKNOWN ? UNKNOWN : peak - before;
    }

    private static long status(String key) {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(l -> l.startsWith(key))
                    .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
