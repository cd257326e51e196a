package akari.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for a main class of the tests, on the same class path and the same CPU path, where flags and settings are its own. */
record Fork(int exit, String said) {
    static Fork of(Class<?> main, List<String> flags, String... arguments) throws IOException, InterruptedException {
        return of(main, true, 600, flags, arguments);
    }

    static Fork of(Class<?> main, boolean vectors, long seconds, List<String> flags, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.add("--enable-native-access=ALL-UNNAMED");
        if (vectors) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        if (flags.stream().noneMatch(f -> f.startsWith("-Dakari.cpu="))) {
            command.add("-Dakari.cpu=" + System.getProperty("akari.cpu", ""));
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(Arrays.asList(arguments));
        Path said = Files.createTempFile("akari", ".txt");
        try {
            Process p = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (!p.waitFor(seconds, TimeUnit.SECONDS)) {
                p.destroyForcibly().waitFor();
                return new Fork(-1, "no end in sight after " + seconds + " s\n" + read(said));
            }
            return new Fork(p.exitValue(), read(said));
        } finally {
            Files.delete(said);
        }
    }

    private static String read(Path said) throws IOException {
        return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
    }
}
