package akari.errors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes files that appear under their name complete or not at all, whoever else writes the same one: beside their place under a
 * name that nobody else has, forced to the disk, then moved. Of several writers the last wins.
 */
public final class WholeFile {
    private static final String PREFIX = ".akari-";
    private static final String SUFFIX = ".tmp";

    private WholeFile() {}

    /** Writes the contents into a new, empty file. */
    @FunctionalInterface
    public interface Body {
        void writeTo(FileChannel file) throws IOException;
    }

    /** Replaces {@code path}, or the file it links to, by what {@code body} writes. Where that fails, the old file stays. */
    public static void write(Path path, Body body) throws IOException {
        // a move would put a file in the place of a link, a device or a pipe
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw new FileSystemException(path.toString(), null, "is a directory");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
                body.writeTo(file);
            }
            return;
        }
        Path temporary = target.resolveSibling(PREFIX + UUID.randomUUID() + SUFFIX);
        try {
            try (FileChannel file =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                body.writeTo(file);
                file.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (Throwable e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        force(target.resolveSibling("."));
    }

    /** Replaces {@code path} by a text. */
    public static void write(Path path, String text) throws IOException {
        write(path, file -> put(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    /** Writes all of {@code bytes}; a channel may take only some of them at a time. */
    public static void put(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** Forces the names in a folder to the disk, where the system can. */
    public static void force(Path folder) {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException e) {
            // Windows opens no folder; there the names are written with the files
        }
    }

    /** Removes from a folder what writers left that were killed; for a folder in which nobody else writes. */
    public static void tidy(Path folder) throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(folder)) {
            left = files.filter(f -> {
                        String name = f.getFileName().toString();
                        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
                    })
                    .toList();
        }
        for (Path f : left) {
            Files.deleteIfExists(f);
        }
    }
}
