package akari.train;

import akari.backend.Backend;
import akari.core.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run ran on, for {@code env.json}. */
final class Environment {
    private Environment() {}

    static String json() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("backend", Backend.of(Device.CPU).describe());
        return facts.entrySet().stream()
                .map(e -> "  \"" + e.getKey() + "\": \"" + plain(e.getValue()) + "\"")
                .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }

    /** Without what JSON would have to escape: versions and names of systems need none of it. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\"\\\\]", "?");
    }
}
