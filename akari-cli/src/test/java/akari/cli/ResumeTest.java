package akari.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was stopped or killed at any moment goes on with the command it printed, and ends as if it had never stopped. */
class ResumeTest {
    private static final List<String> FILES = List.of(
            "best.safetensors",
            "config.yaml",
            "last/weights.safetensors",
            "last/optimizer.safetensors",
            "last/good.safetensors");

    @TempDir
    Path dir;

    private Process start(Path log, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules",
                "jdk.incubator.vector",
                "-Dakari.threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Options of which none is the default, and states saved in the middle of epochs. */
    private Process train(String name) throws IOException {
        return start(
                dir.resolve(name + ".log"),
                "train",
                "--epochs",
                "3",
                "--batch",
                "64",
                "--lr",
                "0.01",
                "--schedule",
                "step",
                "--optimizer",
                "sgd",
                "--val-split",
                "0.2",
                "--patience",
                "2",
                "--seed",
                "9",
                "--save-every",
                "0.05s",
                "--out",
                dir.toString(),
                "--name",
                name);
    }

    private static void signal(Process p, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(p.pid()))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    @Test
    @Tag("slow")
    void twentyKilledRunsEndAsIfTheyHadNeverStopped() throws Exception {
        kills(20, 2);
    }

    private void kills(int times, long seed) throws Exception {
        long begin = System.nanoTime();
        assertThat(train("whole").waitFor()).isZero();
        double seconds = (System.nanoTime() - begin) / 1e9;
        List<String> signals = List.of("KILL", "INT", "TERM");
        Random random = new Random(seed);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                String name = "cut" + i;
                String signal = signals.get(i % signals.size());
                double share = 0.2 + 0.75 * random.nextDouble();
                all.add(pool.submit(() -> {
                    kill(name, signal, share, seconds);
                    return null;
                }));
            }
            for (Future<Void> f : all) {
                f.get();
            }
        }
    }

    private void kill(String name, String signal, double share, double seconds) throws Exception {
        Path run = dir.resolve(name + "-1");
        Process p = train(name);
        String what = signal + " after " + share + " of the time";
        if (!p.waitFor((long) (share * seconds * 1000), TimeUnit.MILLISECONDS)) {
            signal(p, signal);
            p.waitFor();
        }
        String said = Files.readString(dir.resolve(name + ".log"));
        if (Files.exists(run.resolve("config.yaml"))) {
            Matcher m = Pattern.compile("akari train --resume (\\S+)").matcher(said);
            String printed = m.find() ? m.group(1) : run.toString();
            int code = start(dir.resolve(name + ".log"), "train", "--resume", printed)
                    .waitFor();
            assertThat(code)
                    .as(what + ":\n" + Files.readString(dir.resolve(name + ".log")))
                    .isZero();
        } else { // before there was a run
            assertThat(said).as(what).doesNotContain("Run  ");
            try (Stream<Path> left = Files.exists(run) ? Files.list(run) : Stream.empty()) {
                assertThat(left)
                        .as(what)
                        .allMatch(f -> f.getFileName().toString().startsWith("."));
            }
            return;
        }
        compare(what, run, dir.resolve("whole-1"));
    }

    private static void compare(String what, Path run, Path whole) throws IOException {
        for (String file : FILES) {
            byte[] expected = Files.readAllBytes(whole.resolve(file));
            if (file.equals("config.yaml")) {
                expected = new String(expected, StandardCharsets.UTF_8)
                        .replace("whole", run.getFileName().toString().replace("-1", ""))
                        .getBytes(StandardCharsets.UTF_8);
                assertThat(values(Files.readAllBytes(run.resolve(file))))
                        .as(what)
                        .isEqualTo(values(expected));
                continue;
            }
            assertThat(Files.readAllBytes(run.resolve(file)))
                    .as(what + ": " + file)
                    .isEqualTo(expected);
        }
        assertThat(untimed(run)).as(what).isEqualTo(untimed(whole));
        try (Stream<Path> left = Files.walk(run)) {
            assertThat(left.map(f -> f.getFileName().toString()))
                    .as(what)
                    .noneMatch(f -> f.endsWith(".tmp") || f.startsWith("last."));
        }
    }

    /** Options that bear on the training, without where they came from. */
    private static List<String> values(byte[] config) {
        return new String(config, StandardCharsets.UTF_8)
                .lines()
                .map(l -> l.replaceFirst("  # .*", ""))
                .filter(l -> !l.matches("(out|name|quiet|json): .*"))
                .toList();
    }

    /** The rows of the table without the two columns that measure time. */
    private static List<String> untimed(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .map(row -> row.replaceFirst(",[^,]*,[^,]*$", ""))
                .toList();
    }
}
