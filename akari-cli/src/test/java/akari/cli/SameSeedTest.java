package akari.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same files, again in one process and in processes side by side. */
class SameSeedTest {
    @TempDir
    Path dir;

    @Test
    void aSecondTrainingAndASecondProcess() throws Exception {
        compare(2, 1);
    }

    @Test
    @Tag("slow")
    void tenTrainingsAndTenProcesses() throws Exception {
        compare(10, 9);
    }

    private void compare(int times, int others) throws Exception {
        List<String> all = finish(start("repeated", times));
        List<String> first = all.subList(0, all.size() / times);
        for (int i = 1; i < times; i++) {
            assertThat(all.subList(i * first.size(), (i + 1) * first.size())).isEqualTo(first);
        }
        for (int i = 0; i < others; i += 2) {
            List<Process> pair = new ArrayList<>(List.of(start("process" + i, 1)));
            if (i + 1 < others) {
                pair.add(start("process" + (i + 1), 1));
            }
            for (Process p : pair) {
                assertThat(finish(p)).isEqualTo(first);
            }
        }
    }

    private Process start(String name, int times) throws IOException {
        Path folder = Files.createDirectory(dir.resolve(name));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Dakari.threads=2",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Trainings.class.getName(),
                        folder.toString(),
                        String.valueOf(times))
                .redirectError(Redirect.INHERIT)
                .start();
    }

    private static List<String> finish(Process p) throws IOException, InterruptedException {
        List<String> lines = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(p.waitFor()).isZero();
        return lines;
    }
}
