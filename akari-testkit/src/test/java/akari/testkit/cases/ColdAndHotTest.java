package akari.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Interpreted, half compiled and compiled code give the same bits: each operation and layer runs in a JVM that compiles nothing, and
 * over and over in one that compiles everything soon.
 */
class ColdAndHotTest {
    @Test
    void kernelsHaveTheSameBits() {
        compare(8, 25);
    }

    @Test
    @Tag("slow")
    void everyKernelHasTheSameBits() {
        compare(1, 10);
    }

    private static void compare(int every, int times) {
        var cold = CompletableFuture.supplyAsync(() -> bits(List.of("-Xint"), 1, every));
        var hot = CompletableFuture.supplyAsync(
                () -> bits(List.of("-XX:CompileThresholdScaling=0.1", "-Dakari.cpu.eager=true"), times, every));
        assertThat(hot.join()).isNotEmpty().isEqualTo(cold.join());
    }

    private static List<String> bits(List<String> options, int times, int every) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xlog:disable", "-Dakari.threads=2"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bits.class.getName()));
        command.addAll(List.of(String.valueOf(times), String.valueOf(every)));
        try {
            Process p =
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            p.getOutputStream().close();
            List<String> lines = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(p.waitFor())
                    .as("%s: %s", options, lines.isEmpty() ? "" : lines.getLast())
                    .isZero();
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
