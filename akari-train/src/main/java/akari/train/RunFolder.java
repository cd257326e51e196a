package akari.train;

import akari.errors.FileTrouble;
import akari.errors.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * One run's folder. Every file is first written beside its place and then renamed, so that a reader, or a run cut off in the
 * middle, never sees half a file; logs and tables are appended to line by line.
 */
public final class RunFolder {
    static final String CONFIG = "config.yaml";

    private final Path path;

    private RunFolder(Path path) {
        this.path = path;
    }

    /** Creates {@code out/name-1}, or the next free number. */
    public static RunFolder create(Path out, String name) {
        try {
            Files.createDirectories(out);
            for (int n = 1; ; n++) {
                try {
                    return new RunFolder(Files.createDirectory(out.resolve(name + "-" + n)));
                } catch (FileAlreadyExistsException e) {
                    // taken, perhaps by a run that started just now: try the next number
                    continue;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a run folder in " + out + ": " + FileTrouble.of(e), e);
        }
    }

    /** The folder of an existing run. */
    public static RunFolder open(Path path) {
        if (!Files.isDirectory(path)) {
            Path parent = path.toAbsolutePath().getParent();
            boolean inside = Files.isRegularFile(path) && parent != null && Files.exists(parent.resolve(CONFIG));
            throw new IllegalArgumentException("there is no run folder " + path
                    + (inside ? "; this is a file of one: give the folder " + parent : ""));
        }
        return new RunFolder(path);
    }

    /** As it was given, or as created. */
    public Path path() {
        return path;
    }

    /** {@code best.safetensors}: the weights of the epoch with the best validation accuracy. */
    public Path best() {
        return path.resolve("best.safetensors");
    }

    /** {@code last/}: all that is needed to go on from the last state saved. */
    public Path last() {
        return path.resolve("last");
    }

    /** Takes the folder for one trainer, until closed. */
    RunLock lock() {
        return RunLock.of(path);
    }

    /** Replaces a text file. */
    public void write(String name, String text) {
        try {
            Path target = path.resolve(name);
            Files.createDirectories(target.getParent());
            WholeFile.write(target, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path.resolve(name) + ": " + FileTrouble.of(e), e);
        }
    }

    /** Adds a line to a log or table. */
    public void append(String name, String line) {
        try {
            Files.write(
                    path.resolve(name),
                    (line + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path.resolve(name) + ": " + FileTrouble.of(e), e);
        }
    }

    /** Removes the folder of a run that failed before its first step: it holds nothing worth keeping. */
    void discard() {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path p : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(p);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the empty run folder " + path + ": " + FileTrouble.of(e), e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
