package akari.cpu.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A shared library for this process alone, where there is no cache. On Linux it is a file in memory: no folder needs to be writable
 * or executable, and nothing is left behind however the process ends.
 */
final class Aside {
    private Aside() {}

    /** A path from which the library {@code name} can be loaded until the JVM ends. */
    static String of(String name, InputStream library) throws IOException {
        try (library) {
            Linker linker = Linker.nativeLinker();
            Optional<MemorySegment> create = linker.defaultLookup().find("memfd_create");
            if (create.isPresent()) {
                // never closed: the loader knows libraries by their paths, and the next file would get the same one
                String path = "/proc/self/fd/" + memory(linker, create.get(), name);
                try (OutputStream out = Files.newOutputStream(Path.of(path))) {
                    library.transferTo(out);
                }
                return path;
            }
            Path folder = Files.createTempDirectory("akari");
            Path file = folder.resolve(name);
            // in reverse order, at the end of the JVM: the file, then its folder
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            Files.copy(library, file);
            return file.toString();
        }
    }

    private static int memory(Linker linker, MemorySegment create, String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int closeOnExec = 1;
            int fd = (int) linker.downcallHandle(create, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT))
                    .invokeExact(arena.allocateFrom(name), closeOnExec);
            if (fd < 0) {
                throw new IOException("no file in memory could be made for " + name);
            }
            return fd;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("memfd_create failed", e);
        }
    }
}
