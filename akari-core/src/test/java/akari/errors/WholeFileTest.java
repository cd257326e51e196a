package akari.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    private static final int TIMES = 150;

    @TempDir
    Path dir;

    /** Writes a file of one repeated letter again and again: path, letter. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException {
            for (int i = 0; i < TIMES; i++) {
                WholeFile.write(Path.of(args[0]), args[1].repeat(10_000 + i));
            }
        }
    }

    @Test
    void writersOfOneFileLeaveItWholeAtEveryMoment() throws Exception {
        Path file = dir.resolve("f.txt");
        WholeFile.write(file, "a".repeat(10_000));
        List<Process> others = new ArrayList<>();
        for (String letter : List.of("p", "q")) {
            others.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            file.toString(),
                            letter)
                    .redirectError(Redirect.INHERIT)
                    .start());
        }
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> writers = new ArrayList<>();
            for (String letter : List.of("x", "y")) {
                writers.add(threads.submit((Callable<Void>) () -> {
                    Writer.main(new String[] {file.toString(), letter});
                    return null;
                }));
            }
            while (!writers.stream().allMatch(Future::isDone)) {
                String seen = Files.readString(file);
                assertThat(seen).hasSizeBetween(10_000, 10_000 + TIMES);
                assertThat(seen.chars().distinct().count()).isEqualTo(1);
            }
            for (Future<Void> w : writers) {
                w.get();
            }
        }
        for (Process p : others) {
            assertThat(p.waitFor()).isZero();
        }
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = dir.resolve("f.txt");
        WholeFile.write(file, "old");
        assertThatThrownBy(() -> WholeFile.write(file, _ -> {
                    throw new IOException("no");
                }))
                .hasMessage("no");
        assertThatThrownBy(() -> WholeFile.write(file, _ -> {
                    throw new IllegalStateException("never");
                }))
                .hasMessage("never");
        assertThat(file).hasContent("old");
        assertThatThrownBy(() -> WholeFile.write(dir, "x")).isInstanceOf(IOException.class);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void whatALinkLeadsToIsReplacedNotTheLink() throws IOException {
        Path file = Files.createDirectory(dir.resolve("far")).resolve("f.txt");
        WholeFile.write(file, "old");
        Path link = Files.createSymbolicLink(dir.resolve("link"), file);
        WholeFile.write(link, "new");
        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    @Test
    void tidyRemovesWhatKilledWritersLeft() throws IOException {
        Path file = dir.resolve("f.txt");
        WholeFile.write(file, "kept");
        Files.writeString(dir.resolve(".akari-1.tmp"), "half");
        WholeFile.tidy(dir);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(file);
        }
    }
}
