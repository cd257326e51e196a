package akari.vision.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.Shape;
import akari.data.DataException;
import akari.data.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MnistTest {
    @TempDir
    Path dir;

    /** 3 training and 2 test images of 2×3 pixels; pixel p of image i is 10 i + p, its class i + 1. */
    @BeforeEach
    void write() throws IOException {
        write(dir);
    }

    private static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("train-images-idx3-ubyte"), images(3));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels(1, 2, 3));
        Files.write(folder.resolve("t10k-images-idx3-ubyte.gz"), gzip(images(2)));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), gzip(labels(1, 2)));
    }

    private static byte[] images(int count) {
        ByteBuffer b = ByteBuffer.allocate(16 + 6 * count);
        b.putInt(2051).putInt(count).putInt(2).putInt(3);
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < 6; p++) {
                b.put((byte) (10 * i + p));
            }
        }
        return b.array();
    }

    private static byte[] labels(int... labels) {
        ByteBuffer b = ByteBuffer.allocate(8 + labels.length);
        b.putInt(2049).putInt(labels.length);
        for (int l : labels) {
            b.put((byte) l);
        }
        return b.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private void fails(String... parts) {
        assertThatThrownBy(() -> Datasets.load("fashion-mnist", dir))
                .isInstanceOf(DataException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "raw", "FashionMNIST", "FashionMNIST/raw", "fashion-mnist"})
    void readsPlainAndCompressedFilesWhereTheyMayLie(String place) throws IOException {
        Path root = dir.resolve("root");
        write(root.resolve(place));

        ImageData data = Datasets.load("fashion-mnist", root);

        assertThat(data.image()).isEqualTo(Shape.of(1, 2, 3));
        assertThat(data.train().size()).isEqualTo(3);
        assertThat(data.test().size()).isEqualTo(2);
        Sample second = data.train().get(1);
        assertThat(second.input().toLongs()).containsExactly(10, 11, 12, 13, 14, 15);
        assertThat(second.target().itemLong()).isEqualTo(2);
        assertThat(data.test().get(1).input().toLongs()).containsExactly(10, 11, 12, 13, 14, 15);
        assertThat(data.classes()).hasSize(10).startsWith("t-shirt", "trouser").endsWith("ankle boot");
    }

    @Test
    void anotherMembersFolderIsNotTakenForIt() throws IOException {
        Path root = dir.resolve("root");
        write(root.resolve("MNIST/raw"));

        assertThat(Datasets.load("mnist", root).train().size()).isEqualTo(3);
        assertThatThrownBy(() -> Datasets.load("fashion-mnist", root))
                .hasMessageContaining("has no train-images-idx3-ubyte(.gz)");
    }

    @Test
    void missingFilesAreNamedWithAWayToGetThem() throws IOException {
        assertThatThrownBy(() -> Datasets.load("fashion-mnist"))
                .hasMessageContaining("--data-dir DIR")
                .hasMessageContaining("apt-get install dataset-fashion-mnist");
        assertThatThrownBy(() -> Datasets.load("mnist", dir.resolve("nowhere")))
                .hasMessageContaining("nowhere is no folder");
        Files.delete(dir.resolve("t10k-labels-idx1-ubyte.gz"));
        fails("has no t10k-labels-idx1-ubyte(.gz)", "FashionMNIST/raw", "apt-get install");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 16, 20, 33})
    void truncatedFilesSayHowMuchIsThere(int bytes) throws IOException {
        Files.write(dir.resolve("train-images-idx3-ubyte"), Arrays.copyOf(images(3), bytes));

        fails(
                "train-images-idx3-ubyte is truncated",
                bytes < 16 ? "expected at least 16 bytes, got " + bytes : "expected 34 bytes, got " + bytes);
    }

    @Test
    void truncatedCompressedFilesToo() throws IOException {
        byte[] zipped = gzip(images(2));
        Files.write(dir.resolve("t10k-images-idx3-ubyte.gz"), Arrays.copyOf(zipped, zipped.length - 14));

        fails("t10k-images-idx3-ubyte.gz is truncated: expected 28 bytes, got ");
    }

    @Test
    void damagedFilesSaySo() throws IOException {
        Path images = dir.resolve("train-images-idx3-ubyte");
        Files.write(images, labels(1, 2, 3, 4, 5, 6, 7, 8, 9));
        fails("does not hold idx images", "0x00000801", "0x00000803");

        Files.write(images, Arrays.copyOf(images(3), 40));
        fails("goes on after the 34 bytes");

        ByteBuffer huge = ByteBuffer.wrap(images(3)).putInt(4, 2_000_000_000);
        Files.write(images, huge.array());
        fails("the header is damaged");

        Files.write(images, ByteBuffer.wrap(images(3)).putInt(4, 300_000_000).array());
        fails("is truncated: expected 1800000016 bytes, got 34");
    }

    @Test
    void contradictionsBetweenFilesStop() throws IOException {
        Files.write(dir.resolve("train-labels-idx1-ubyte"), labels(1, 2));
        fails("train-images-idx3-ubyte has 3 images", "train-labels-idx1-ubyte has 2 labels");

        Files.write(dir.resolve("train-labels-idx1-ubyte"), labels(1, 12, 3));
        fails("train-labels-idx1-ubyte: label 1 is 12", "classes 0 to 9");
    }

    /** The size is told by counting what is there, not by taking what the header announces. */
    @Test
    void aSmallArchiveMayAnnounceALargeOne() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(16 + (2 << 20));
        header.putInt(2051).putInt(1 << 20).putInt(32).putInt(31);
        Path file = Files.write(dir.resolve("images.gz"), gzip(header.array()));
        assertThatThrownBy(() -> Idx.read(file, 3))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("expected 1040187408 bytes, got " + header.capacity());
        assertThatThrownBy(() -> Idx.read(dir, 3)).hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> Idx.read(Path.of("/dev/zero"), 3)).hasMessageContaining("it is a device, not a file");
    }
}
