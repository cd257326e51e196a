package akari.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs command lines in this process. */
abstract class CommandLineTest {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path dir;

    final int akari(String... args) {
        return akari(Map.of(), List.of(args));
    }

    final int akari(Map<String, String> environment, List<String> args) {
        out.reset();
        err.reset();
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                args.toArray(String[]::new));
    }

    final String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    final String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** One line of error and nothing else. */
    final void refused(int code, String... parts) {
        assertThat(err().lines().filter(l -> !l.startsWith("  ")))
                .as("exit code %d, standard error:%n%s", code, err())
                .singleElement()
                .asString()
                .startsWith("✗ ")
                .contains(parts);
        assertThat(out()).isEmpty();
    }

    @AfterEach
    final void restore() {
        System.setOut(realOut);
        System.setErr(realErr);
    }
}
