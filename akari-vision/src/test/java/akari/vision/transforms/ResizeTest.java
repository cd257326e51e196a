package akari.vision.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizeTest {
    private static InputStream resource(String name) {
        return Objects.requireNonNull(ResizeTest.class.getResourceAsStream(name), name);
    }

    private static Tensor image(String name) throws IOException {
        BufferedImage image = ImageIO.read(resource(name));
        int h = image.getHeight();
        int w = image.getWidth();
        byte[] bytes = new byte[3 * h * w];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    bytes[(c * h + y) * w + x] = (byte) (image.getRGB(x, y) >> 8 * (2 - c));
                }
            }
        }
        return Tensors.upload(DType.UINT8, Shape.of(3, h, w), MemorySegment.ofArray(bytes));
    }

    /** torchvision 0.14.1 on uint8 tensors. */
    @ParameterizedTest
    @CsvSource({
        "24,32,antialias",
        "96,100,antialias",
        "32,42,antialias",
        "20,64,antialias",
        "24,32,plain",
        "32,42,plain"
    })
    void bytesEqualTorchvisions(int height, int width, String filter) throws IOException {
        Tensor expected = image("resize-" + height + "x" + width + "-" + filter + ".png");

        Tensor out = new Resize(height, width, filter.equals("antialias")).apply(image("input.png"));

        assertThat(out.shape()).isEqualTo(Shape.of(3, height, width));
        assertThat(out.ne(expected).sum().itemLong()).isZero();
    }

    /** torch 1.13.1, interpolate. */
    @Test
    void floatsEqualTorchs() throws IOException {
        double[] input = new double[210];
        Arrays.setAll(input, i -> (float) Math.sin(i));
        Tensor image = Tensors.of(DType.FLOAT32, input, Shape.of(2, 3, 5, 7));
        String text = new String(resource("interpolate.txt").readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(text.lines().count()).isEqualTo(3);
        for (String line : text.lines().toList()) {
            String[] parts = line.split(" ");
            double[] expected = Arrays.stream(parts)
                    .skip(3)
                    .mapToDouble(Double::parseDouble)
                    .toArray();

            Tensor out = new Resize(
                            Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Boolean.parseBoolean(parts[2]))
                    .apply(image);

            assertThat(out.shape()).isEqualTo(Shape.of(2, 3, Long.parseLong(parts[0]), Long.parseLong(parts[1])));
            assertThat(out.toDoubles()).containsExactly(expected, within(5e-7));
        }
    }

    @Test
    void otherTypesAndSizesStayWhatTheyAre() {
        Tensor image = Tensors.rand(DType.FLOAT64, 1, 4, 4);

        assertThat(new Resize(4, 4).apply(image)).isSameAs(image);
        assertThat(new Resize(2, 3).apply(image).dtype()).isEqualTo(DType.FLOAT64);
        assertThatThrownBy(() -> new Resize(2, 0)).hasMessageContaining("2×0");
        assertThatThrownBy(() -> new Resize(2, 2).apply(Tensors.zeros(4, 4))).hasMessageContaining("[4, 4]");
    }
}
