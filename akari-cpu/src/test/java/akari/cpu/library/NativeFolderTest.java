package akari.cpu.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class NativeFolderTest {
    private static final byte[] LIBRARY = "a library".getBytes();

    @TempDir
    Path temporary;

    private Path base;
    private int unpacked;

    @BeforeEach
    void aFolderOfOurs() throws IOException {
        base = temporary.toRealPath().resolve("akari");
    }

    private Path library() throws IOException {
        CRC32 sum = new CRC32();
        sum.update(LIBRARY);
        return NativeFolder.of(base, "library-1").file("lib.so", LIBRARY.length, sum.getValue(), () -> {
            unpacked++;
            return new ByteArrayInputStream(LIBRARY);
        });
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void unpacksOnceIntoAFolderForThisUserAlone() throws IOException {
        Path library = library();
        assertThat(library()).isEqualTo(library).hasBinaryContent(LIBRARY);
        assertThat(unpacked).isEqualTo(1);
        assertThat(mode(library.getParent())).isEqualTo("rwx------");
        assertThat(mode(base)).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(library.getParent())) {
            assertThat(files).containsExactly(library);
        }
    }

    @Test
    void repairsWhatIsDamaged() throws IOException {
        Path library = library();
        for (byte[] damaged :
                new byte[][] {"a l1brary".getBytes(), new byte[LIBRARY.length], {}, "more than it was".getBytes()}) {
            Files.write(library, damaged);
            assertThat(library()).hasBinaryContent(LIBRARY);
        }
        Path elsewhere = Files.write(temporary.resolve("planted"), LIBRARY);
        Files.delete(library);
        Files.createSymbolicLink(library, elsewhere);
        assertThat(Files.isRegularFile(library(), LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(unpacked).isEqualTo(6);
    }

    @Test
    void trustsNothingThatOthersCouldHaveWritten() throws IOException {
        Path library = library();
        for (Path open : new Path[] {library.getParent(), base}) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
            unpacked = 0;
            library();
            library();
            assertThat(unpacked).isEqualTo(1);
            assertThat(mode(open)).isEqualTo("rwx------");
        }
    }

    @Test
    void refusesAFolderThatOthersCouldReplace() throws IOException {
        Path shared = Files.createDirectory(temporary.toRealPath().resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> NativeFolder.of(shared.resolve("akari"), "library-1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other users can write to " + shared);
    }

    @Test
    void deletesWhatKilledProcessesLeft() throws IOException {
        Path folder = library().getParent();
        Path old = Files.write(folder.resolve("lib.so1.part"), LIBRARY);
        Path young = Files.write(folder.resolve("lib.so2.part"), LIBRARY);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        Files.delete(folder.resolve("lib.so"));
        library();
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void manyMayUnpackAtOnce() throws Exception {
        try (ExecutorService all = Executors.newFixedThreadPool(8)) {
            Callable<Path> one = this::library;
            for (Future<Path> f : all.invokeAll(Collections.nCopies(40, one))) {
                assertThat(f.get()).hasBinaryContent(LIBRARY);
            }
        }
    }

    @Test
    void aLibraryInMemoryLeavesNothing() throws IOException {
        String path = Aside.of("libaside.so", new ByteArrayInputStream(LIBRARY));
        assertThat(Path.of(path)).hasBinaryContent(LIBRARY);
    }
}
