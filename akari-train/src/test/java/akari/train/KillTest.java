package akari.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whenever a process is killed, its run goes on and ends as if nothing had happened: files to the bit, each epoch once.
 * {@code -Dakari.kills=N} kills more often.
 */
class KillTest {
    private static final List<String> FILES = List.of(
            "best.safetensors",
            "config.yaml",
            "env.json",
            "last/weights.safetensors",
            "last/optimizer.safetensors",
            "last/good.safetensors");

    @TempDir
    Path dir;

    private static Process start(Path out, String resume, long micros) throws IOException {
        return process(out, resume, micros).redirectError(Redirect.INHERIT).start();
    }

    private static ProcessBuilder process(Path out, String resume, long micros) {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules",
                "jdk.incubator.vector",
                "-Dakari.threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName(),
                out.toString(),
                resume,
                Long.toString(micros));
    }

    private static String finish(Process p) throws IOException, InterruptedException {
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(p.waitFor()).isIn(0, 137);
        return said;
    }

    private void kills(int times, int cuts, long seed) throws Exception {
        Path whole = dir.resolve("whole");
        long micros = Long.parseLong(finish(start(whole, "-", Long.MAX_VALUE / 2000)));
        Random seeds = new Random(seed);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                Path out = dir.resolve("cut" + i);
                Random random = new Random(seeds.nextLong());
                all.add(pool.submit(() -> {
                    kill(out, cuts, micros, random);
                    return null;
                }));
            }
            for (Future<Void> f : all) {
                f.get();
            }
        }
    }

    private void kill(Path out, int cuts, long micros, Random random) throws Exception {
        Path run = out.resolve("blobs-net-1");
        List<Long> moments = new ArrayList<>();
        String said = "";
        for (int cut = 0; cut < cuts && said.isEmpty(); cut++) { // a resumed one may be killed as well
            moments.add((long) (random.nextDouble() * micros * (1 - 0.4 * cut)));
            boolean begun = Files.exists(run.resolve("config.yaml"));
            assertThat(begun || cut == 0 || !Files.exists(run.resolve("last"))).isTrue();
            said = finish(start(out, begun ? run.toString() : "-", moments.getLast()));
        }
        if (!Files.exists(run.resolve("config.yaml"))) {
            return; // killed before there was a run, each time
        }
        finish(start(out, run.toString(), Long.MAX_VALUE / 2000));
        compare(
                "killed after " + moments + " µs of " + micros,
                run,
                dir.resolve("whole").resolve("blobs-net-1"));
    }

    private static void compare(String what, Path run, Path whole) throws IOException {
        for (String file : FILES) {
            assertThat(run.resolve(file)).as(what).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(untimed(run)).as(what).isEqualTo(untimed(whole)).hasSizeGreaterThan(2);
        try (Stream<Path> left = Files.walk(run)) {
            assertThat(left.map(f -> f.getFileName().toString()))
                    .as(what)
                    .noneMatch(f -> f.endsWith(".tmp") || f.startsWith("last."));
        }
    }

    /** The rows of the table without the two columns that measure time. */
    private static List<String> untimed(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .map(row -> row.replaceFirst(",[^,]*,[^,]*$", ""))
                .toList();
    }

    @Test
    void twoKills() throws Exception {
        kills(2, 1, 1);
    }

    @Test
    @Tag("slow")
    void manyKills() throws Exception {
        kills(Integer.getInteger("akari.kills", 20), 2, 2);
    }

    /** What a kill between two operations on files leaves. */
    enum Left {
        TABLE_AHEAD {
            @Override
            void in(Path run) throws IOException {
                Files.writeString(
                        run.resolve("metrics.csv"), Files.readString(run.resolve("metrics.csv")) + "9,1.0,2.");
            }
        },
        TABLE_MISSING {
            @Override
            void in(Path run) throws IOException {
                Files.delete(run.resolve("metrics.csv"));
            }
        },
        HALF_A_STATE {
            @Override
            void in(Path run) throws IOException {
                Path next = Files.createDirectory(run.resolve("last.next"));
                Files.writeString(next.resolve("weights.safetensors"), "half");
                Files.writeString(run.resolve(".akari-x.tmp"), "half");
            }
        },
        OLD_STATE_ASIDE {
            @Override
            void in(Path run) throws IOException {
                copy(run.resolve("last"), run.resolve("last.next"));
                Files.move(run.resolve("last"), run.resolve("last.old"));
            }
        },
        OLD_STATE_NOT_YET_REMOVED {
            @Override
            void in(Path run) throws IOException {
                copy(run.resolve("last"), run.resolve("last.old"));
                Files.delete(run.resolve("last.old/weights.safetensors"));
            }
        },
        BEST_NOT_YET_IN_PLACE {
            @Override
            void in(Path run) throws IOException {
                Files.move(run.resolve("best.safetensors"), run.resolve("last/best.safetensors"));
                Files.writeString(run.resolve("best.safetensors"), "an earlier one");
            }
        },
        NO_STATE_YET {
            @Override
            void in(Path run) throws IOException {
                try (Stream<Path> all = Files.walk(run)) {
                    for (Path p : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                        if (!p.equals(run) && !p.endsWith("config.yaml")) {
                            Files.delete(p);
                        }
                    }
                }
            }
        };

        abstract void in(Path run) throws IOException;

        private static void copy(Path from, Path to) throws IOException {
            Files.createDirectory(to);
            try (Stream<Path> files = Files.list(from)) {
                for (Path f : files.toList()) {
                    Files.copy(f, to.resolve(f.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Stops in the third epoch. */
    private Path cut() {
        Trainer first = Killed.trainer(dir.resolve("cut"));
        first.progress(new Progress() {
            @Override
            public void step(Step s) {
                if (s.epoch() == 3 && s.step() >= 3) {
                    first.stop();
                }
            }
        });
        Outcome o = first.fit();
        assertThat(o.interrupted()).isTrue();
        return o.folder();
    }

    @ParameterizedTest
    @EnumSource
    void whatAKillLeavesIsMended(Left left) throws IOException {
        Path whole = Killed.trainer(dir.resolve("whole")).fit().folder();
        Path run = cut();
        left.in(run);
        Killed.trainer(dir).config("").resume(run).fit();
        compare(left.toString(), run, whole);
    }

    @Test
    void aStopWhileItValidatesOrTestsIsResumedToo() throws IOException {
        Path whole = Killed.trainer(dir.resolve("whole")).fit().folder();
        Trainer first = Killed.trainer(dir.resolve("cut"));
        AtomicInteger cut = new AtomicInteger();
        first.progress(new Progress() {
            @Override
            public void step(Step s) {
                if (s.step() == s.steps()) { // unless the epoch's last batch is the bad one
                    first.stop();
                    cut.set(s.epoch());
                }
            }
        });
        Outcome o = first.fit();
        assertThat(o.interrupted()).isTrue();
        assertThat(untimed(o.folder())).hasSize(cut.get()); // the header and the epochs before
        Trainer second = Killed.trainer(dir).resume(o.folder());
        second.progress(new Progress() {
            @Override
            public void epoch(Epoch e) {
                if (e.number() == Killed.EPOCHS) {
                    second.stop();
                }
            }
        });
        Outcome late = second.fit();
        Outcome done = Killed.trainer(dir).resume(o.folder()).fit();
        assertThat(done.interrupted()).isFalse();
        assertThat(done.testTop1()).isNotNaN();
        assertThat(late.bestEpoch()).isEqualTo(done.bestEpoch());
        compare("stopped in validation and in the test", o.folder(), whole);
    }

    @Test
    void aRunThatIsStillTrainedIsRefusedWithItsProcess() {
        Path run = cut();
        Trainer living = Killed.trainer(dir).resume(run);
        List<String> refused = new ArrayList<>();
        living.progress(new Progress() {
            @Override
            public void epoch(Epoch e) {
                try {
                    Process other = process(dir, run.toString(), Long.MAX_VALUE / 2000)
                            .redirectErrorStream(true)
                            .start();
                    refused.add(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                    assertThat(other.waitFor()).isEqualTo(1);
                } catch (IOException | InterruptedException x) {
                    throw new IllegalStateException(x);
                }
                assertThatThrownBy(() -> Killed.trainer(dir).resume(run).fit())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(run + " is being trained by")
                        .hasMessageContaining(
                                Long.toString(ProcessHandle.current().pid()));
                living.stop();
            }
        });
        living.fit();
        assertThat(refused)
                .singleElement()
                .asString()
                .contains(
                        "is being trained by process " + ProcessHandle.current().pid());
        assertThat(Killed.trainer(dir).resume(run).fit().interrupted()).isFalse();
    }

    @Test
    void moreEpochsGoOnAlongTheScheduleOfThatNumber() throws IOException {
        Path whole =
                Killed.trainer(dir.resolve("whole")).schedule("cosine").fit().folder();
        Path run = Killed.trainer(dir.resolve("short"))
                .schedule("cosine")
                .epochs(2)
                .fit()
                .folder();
        List<String> told = new ArrayList<>();
        Progress listener = new Progress() {
            @Override
            public void warning(String text) {
                told.add(text);
            }
        };
        Killed.trainer(dir)
                .schedule("cosine")
                .epochs(2)
                .resume(run)
                .progress(listener)
                .fit();
        assertThat(told).endsWith("the run has trained all of its 2 epochs; a higher number of epochs would go on");
        Killed.trainer(dir).schedule("cosine").resume(run).fit();
        assertThat(rates(run).subList(2, 4)).isEqualTo(rates(whole).subList(2, 4));
        assertThat(rates(run)).hasSize(4);
    }

    private static List<String> rates(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.csv")).stream()
                .skip(1)
                .map(row -> row.split(",")[4])
                .toList();
    }

    @Test
    void aDamagedStateIsRefusedAndTheFileNamed() throws IOException {
        Path run = cut();
        Path table = run.resolve("last/metrics.csv");
        String rows = Files.readString(table);
        assertThat(rows.lines()).hasSize(3);
        for (String damaged : List.of(
                "",
                rows.substring(0, rows.length() - 1),
                rows.substring(0, rows.length() - 9),
                rows.substring(0, rows.indexOf('\n') + 1),
                rows + rows.lines().toList().getLast() + "\n",
                rows.replace("epoch,", "Epoch,"),
                rows.replace("\n1,", "\n2,"),
                rows.replaceFirst(",[^,]*\n$", "\n"),
                rows.replaceFirst("[^,]*\n$", "x\n"))) {
            Files.writeString(table, damaged);
            assertThatThrownBy(() -> Killed.trainer(dir).resume(run).fit())
                    .as(damaged)
                    .hasMessageContaining(table + " is damaged or missing");
        }
        Files.writeString(table, rows);
        for (String file : List.of("good.safetensors", "optimizer.safetensors", "weights.safetensors", "metrics.csv")) {
            Path aside = dir.resolve(file);
            Files.move(run.resolve("last").resolve(file), aside);
            assertThatThrownBy(() -> Killed.trainer(dir).resume(run).fit())
                    .as(file)
                    .hasMessageContaining(file);
            Files.move(aside, run.resolve("last").resolve(file));
        }
        assertThat(Killed.trainer(dir).resume(run).fit().interrupted()).isFalse();
    }

    @Test
    void aRunIsResumedWithItsOwnOptions() {
        Path run = cut();
        assertThatThrownBy(() -> Killed.trainer(dir).batchSize(9).resume(run).fit())
                .hasMessageContaining("was trained with batch 8, not 9: resume it with its own batch");
        assertThatThrownBy(() -> Killed.trainer(dir).lr(1).resume(run).fit())
                .hasMessageContaining("was trained with lr 0.02, not 1.0");
        assertThatThrownBy(
                        () -> Killed.trainer(dir).optimizer("adam").resume(run).fit())
                .hasMessageContaining("was trained with optimizer sgd, not adam");
        assertThatThrownBy(
                        () -> Killed.trainer(dir).schedule("cosine").resume(run).fit())
                .hasMessageContaining("was trained with schedule step, not cosine");
        assertThat(run.resolve("config.yaml")).hasContent("lr: 0.02");
    }
}
