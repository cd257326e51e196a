package akari.train;

import akari.errors.FileTrouble;
import akari.errors.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A run's folder in the hands of one trainer. The operating system gives it back when the process ends, however it ends; the file
 * stays and says who had it last.
 */
final class RunLock implements AutoCloseable {
    private static final String FILE = ".lock";

    /** Those of this process: the system's locks hold between processes only, and are lost when any channel of the file closes. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private RunLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** @throws IllegalStateException where another trainer has it, with its process */
    static RunLock of(Path run) {
        try {
            Path folder = run.toRealPath();
            long self = ProcessHandle.current().pid();
            if (!OWN.add(folder)) {
                throw busy(run, "this process (" + self + ")");
            }
            FileChannel channel = null;
            boolean locked = false;
            try {
                Path file = folder.resolve(FILE);
                channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                // a byte far behind the text, which others may read
                locked = channel.tryLock(Long.MAX_VALUE - 1, 1, false) != null;
                if (!locked) {
                    throw busy(run, Files.readString(file).strip());
                }
                channel.truncate(0);
                WholeFile.put(channel, ByteBuffer.wrap(("process " + self + "\n").getBytes(StandardCharsets.UTF_8)));
                return new RunLock(folder, channel);
            } finally {
                if (!locked) {
                    OWN.remove(folder);
                    if (channel != null) {
                        channel.close();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock the run " + run + ": " + FileTrouble.of(e), e);
        }
    }

    private static IllegalStateException busy(Path run, String who) {
        return new IllegalStateException("the run " + run + " is being trained by "
                + (who.isEmpty() ? "another process" : who) + ": wait for its end, or stop that one first");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unlock the run " + folder + ": " + FileTrouble.of(e), e);
        } finally {
            OWN.remove(folder);
        }
    }
}
