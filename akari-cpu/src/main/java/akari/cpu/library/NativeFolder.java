package akari.cpu.library;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A folder of shared libraries in the user's cache. Whatever is loaded runs with the user's rights, so the folder must be one that
 * nobody else can write to, and a file is loaded only while its content is that of the jar.
 */
final class NativeFolder {
    private static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    /** Names the folder of all caches where it is set. */
    static final String VARIABLE = WINDOWS ? "LOCALAPPDATA" : "XDG_CACHE_HOME";

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    /** Of somebody else's writer, in the mode of a file; the sticky bit keeps entries that are not his own from him. */
    private static final int GROUP_WRITES = 0020;

    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;

    private final Path path;
    /** Whether others could write here until now, so that nothing found here is what it seems. */
    private final boolean suspect;

    private NativeFolder(Path path, boolean suspect) {
        this.path = path;
        this.suspect = suspect;
    }

    /** The folder {@code akari/name} of the user's cache, made where it is missing. */
    static NativeFolder of(String name) throws IOException {
        return of(cache().resolve("akari"), name);
    }

    static NativeFolder of(Path base, String name) throws IOException {
        if (WINDOWS) {
            // a user's profile is his own there
            return new NativeFolder(Files.createDirectories(base.resolve(name)), false);
        }
        Path path = Files.createDirectories(base.resolve(name), attribute());
        boolean suspect = false;
        for (Path own : new Path[] {base, path}) {
            Facts facts = Facts.of(own);
            if (facts.owner != User.ID) {
                throw new IOException(own + " belongs to another user");
            }
            if (facts.othersWrite()) {
                suspect = true;
                Files.setPosixFilePermissions(own, PRIVATE);
            }
        }
        for (Path above = base.toRealPath().getParent(); above != null; above = above.getParent()) {
            Facts facts = Facts.of(above);
            if (facts.owner != 0 && facts.owner != User.ID || facts.othersWrite() && (facts.mode & STICKY) == 0) {
                throw new IOException("other users can write to " + above + " (" + facts + ")");
            }
        }
        return new NativeFolder(path, suspect);
    }

    private static FileAttribute<?> attribute() {
        return PosixFilePermissions.asFileAttribute(PRIVATE);
    }

    /** As the XDG Base Directory Specification has it: a relative path in the variable counts as none. */
    private static Path cache() throws IOException {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        Path set = absolute(System.getenv(VARIABLE));
        if (set != null) {
            return set;
        }
        Path home = absolute(System.getProperty("user.home"));
        if (home == null) {
            home = absolute(System.getenv("HOME"));
        }
        if (home == null || !Files.isDirectory(home)) {
            throw new IOException("this user has no home folder");
        }
        return home.resolve(mac ? "Library/Caches" : ".cache");
    }

    private static @Nullable Path absolute(@Nullable String path) {
        return path != null && !path.isEmpty() && Path.of(path).isAbsolute() ? Path.of(path) : null;
    }

    /** The file {@code name}, which is written anew unless it holds {@code bytes} bytes of the checksum {@code crc}. */
    Path file(String name, long bytes, long crc, Source source) throws IOException {
        Path target = path.resolve(name);
        if (!suspect && holds(target, bytes, crc)) {
            return target;
        }
        sweep();
        // another process may do the same: both write aside, and the moves put equal files in place
        Path aside = WINDOWS
                ? Files.createTempFile(path, name, ".part")
                : Files.createTempFile(path, name, ".part", attribute());
        try {
            try (InputStream in = source.open()) {
                Files.copy(in, aside, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
        return target;
    }

    /** Deletes what processes that were killed have left. */
    private void sweep() throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(path, "*.part")) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part).compareTo(old) < 0) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (NoSuchFileException e) {
            // another process was faster
        }
    }

    private static boolean holds(Path file, long bytes, long crc) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != bytes) {
            return false;
        }
        CRC32 sum = new CRC32();
        ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel in = FileChannel.open(file)) {
            while (in.read(block) >= 0) {
                sum.update(block.flip());
                block.clear();
            }
        }
        return sum.getValue() == crc;
    }

    /** Where the bytes of a library come from. */
    interface Source {
        InputStream open() throws IOException;
    }

    private static final class User {
        static final long ID = effective();

        private static long effective() {
            try {
                Linker linker = Linker.nativeLinker();
                return (int) linker.downcallHandle(
                                linker.defaultLookup().findOrThrow("geteuid"), FunctionDescriptor.of(JAVA_INT))
                        .invokeExact();
            } catch (Throwable e) {
                throw new IllegalStateException("geteuid failed", e);
            }
        }
    }

    /** Who may do what with a folder. */
    private record Facts(long owner, int mode, boolean ownGroup) {

        static Facts of(Path folder) throws IOException {
            PosixFileAttributes all = Files.readAttributes(folder, PosixFileAttributes.class);
            // many systems give each user a group of his own
            boolean own = all.owner().getName().equals(all.group().getName());
            int owner = (int) Files.getAttribute(folder, "unix:uid");
            return new Facts(owner, (int) Files.getAttribute(folder, "unix:mode"), own);
        }

        boolean othersWrite() {
            return (mode & OTHERS_WRITE) != 0 || (mode & GROUP_WRITES) != 0 && !ownGroup;
        }

        @Override
        public String toString() {
            return "owner " + owner + ", mode " + Integer.toOctalString(mode & 07777);
        }
    }
}
