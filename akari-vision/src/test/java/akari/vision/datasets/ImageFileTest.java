package akari.vision.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.Shape;
import akari.data.DataException;
import akari.nn.Module;
import akari.tensor.SafeTensors;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import akari.vision.models.Classifier;
import akari.vision.models.Models;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileTest {
    /** Pictures of every kind, and in pixels.txt a line for each: width, height, CRC-32 of Pillow's RGB and L pixels. */
    private static final Map<String, byte[]> FILES = unzip();

    @TempDir
    Path dir;

    private static Map<String, byte[]> unzip() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (var in =
                new ZipInputStream(Objects.requireNonNull(ImageFileTest.class.getResourceAsStream("pictures.zip")))) {
            for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                files.put(e.getName(), in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    static Stream<String> pictures() {
        return new String(FILES.get("pixels.txt"), StandardCharsets.UTF_8).lines();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pictures")
    void readsThePixelsThatPillowReads(String line) throws IOException {
        String[] part = line.split(" ");
        Path file = Files.write(dir.resolve(part[0]), FILES.get(part[0]));
        Tensor rgb = ImageFile.read(file, 3);
        Tensor grey = ImageFile.read(file, 1);
        int w = Integer.parseInt(part[1]);
        int h = Integer.parseInt(part[2]);
        assertThat(rgb.shape()).isEqualTo(Shape.of(3, h, w));
        assertThat(grey.shape()).isEqualTo(Shape.of(1, h, w));
        assertThat(crc(rgb.permute(1, 2, 0).contiguous())).as("rgb").isEqualTo(Long.parseLong(part[3]));
        assertThat(crc(grey)).as("grey").isEqualTo(Long.parseLong(part[4]));
    }

    private static long crc(Tensor t) {
        CRC32 crc = new CRC32();
        crc.update(t.toBytes());
        return crc.getValue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pictures")
    void aTruncatedFileIsAnErrorThatNamesIt(String line) throws IOException {
        String name = line.split(" ")[0];
        byte[] whole = FILES.get(name);
        for (int eighth = 1; eighth < 8; eighth++) {
            Path cut = Files.write(dir.resolve(name), Arrays.copyOf(whole, whole.length * eighth / 8));
            assertThatThrownBy(() -> ImageFile.read(cut, 3))
                    .as("%d/8 of the file", eighth)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(name);
        }
        Path cut = Files.write(dir.resolve(name), Arrays.copyOf(whole, whole.length - 12));
        assertThatThrownBy(() -> ImageFile.read(cut, 3)).hasMessageContaining("truncated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif", "tiff", "jpg"})
    void greyStaysAsItIs(String format) throws IOException {
        BufferedImage grey = new BufferedImage(256, 8, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage colour = new BufferedImage(256, 8, BufferedImage.TYPE_3BYTE_BGR);
        for (int x = 0; x < 256; x++) {
            for (int y = 0; y < 8; y++) {
                grey.getRaster().setSample(x, y, 0, x / 8 * 8); // flat blocks, which JPEG keeps
                colour.setRGB(x, y, x / 8 * 8 * 0x010101);
            }
        }
        Path a = dir.resolve("grey." + format);
        Path b = dir.resolve("colour." + format);
        assertThat(ImageIO.write(grey, format, a.toFile())).isTrue();
        assertThat(ImageIO.write(colour, format, b.toFile())).isTrue();
        byte[] read = ImageFile.read(a, 1).toBytes();
        for (int x = 0; x < 256; x++) {
            assertThat(read[x] & 255).isEqualTo(x / 8 * 8);
        }
        if (!format.equals("gif")) { // its palette for colours is the writer's choice
            assertThat(ImageFile.read(b, 1).toBytes()).isEqualTo(read);
            assertThat(ImageFile.read(b, 3).toBytes())
                    .isEqualTo(ImageFile.read(a, 3).toBytes());
        }
    }

    /** The JDK's reader loses rows of low ones. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17})
    void interlacedRowsStandWhereTheyBelong(int height) throws IOException {
        BufferedImage grey = new BufferedImage(3, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < 3; x++) {
                grey.getRaster().setSample(x, y, 0, 10 * y + x);
            }
        }
        Path file = dir.resolve("interlaced.gif");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        ImageWriteParam how = writer.getDefaultWriteParam();
        how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(grey, null, null), how);
        } finally {
            writer.dispose();
        }
        byte[] read = ImageFile.read(file, 1).toBytes();
        for (int i = 0; i < read.length; i++) {
            assertThat(read[i] & 255).isEqualTo(i / 3 * 10 + i % 3);
        }
    }

    @Test
    void digitsAsGreyPicturesAreClassifiedAsTheArraysAre() throws IOException {
        ImageData digits = Datasets.load("digits");
        Tensors.manualSeed(1);
        Module net = Models.find("lenet").create(1, 10);
        Path weights = dir.resolve("weights.safetensors");
        SafeTensors.save(net.stateDict(), Classifier.metadata("lenet", digits, Shape.of(1, 28, 28)), weights);
        Classifier classifier = Classifier.load(weights);
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < digits.test().size(); i++) {
            Tensor pixels = digits.test().get(i).input();
            byte[] values = pixels.toBytes();
            for (int p = 0; p < 64; p++) {
                image.getRaster().setSample(p % 8, p / 8, 0, values[p] & 255);
            }
            Path file = dir.resolve("digit.png");
            ImageIO.write(image, "png", file.toFile());
            assertThat(ImageFile.read(file, 1).toBytes()).isEqualTo(values);
            if (i % 10 == 0) {
                assertThat(classifier.classify(file, 10)).isEqualTo(classifier.classify(pixels, 10));
            }
        }
    }

    @Test
    void whatIsNoPictureIsSaidSo() throws IOException {
        assertThatThrownBy(() -> ImageFile.read(dir.resolve("none.png"), 3))
                .hasMessage("cannot read the image " + dir.resolve("none.png") + ": there is no such file or folder");
        assertThatThrownBy(() -> ImageFile.read(dir, 3)).hasMessageEndingWith(": it is a folder");
        Path text = Files.writeString(dir.resolve("note.txt"), "no image");
        assertThatThrownBy(() -> ImageFile.read(text, 3)).hasMessageContaining("no image that can be read (png, jpg");
        Path empty = Files.writeString(dir.resolve("empty.png"), "");
        assertThatThrownBy(() -> ImageFile.read(empty, 3)).hasMessageEndingWith(": it is empty");
        assertThatThrownBy(() -> ImageFile.read(text, 4)).hasMessageContaining("not as 4");
        assertThat(ImageFile.named(Path.of("a/B.JPEG"))).isTrue();
        assertThat(ImageFile.named(text)).isFalse();
    }
}
