package akari.vision.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomAffineTest {
    @Test
    void doingNothingKeepsTheImage() {
        Tensor image = Tensors.arange(2 * 3 * 4).reshape(2, 3, 4).to(DType.UINT8);

        Tensor out = new RandomAffine(0, 0, 1, 1).apply(image);

        assertThat(out.dtype()).isEqualTo(DType.UINT8);
        assertThat(out.toBytes()).containsExactly(image.toBytes());
    }

    @Test
    void shiftsMoveByWholePixelsAndFillWithZero() {
        Tensor image = Tensors.ones(1, 6, 6);
        RandomAffine half = new RandomAffine(0, 0.5, 1, 1);

        boolean moved = false;
        for (int seed = 0; seed < 20; seed++) {
            double[] values = half.apply(image, new Generator(seed)).toDoubles();
            assertThat(values).containsOnly(0, 1);
            double sum = Arrays.stream(values).sum();
            assertThat(sum).isGreaterThanOrEqualTo(9); // at most three rows and three columns leave the image
            moved |= sum < 36;
        }
        assertThat(moved).isTrue();
    }

    @Test
    void anOddImageShrunkToAThirdKeepsItsCentre() {
        Tensor image = Tensors.ones(1, 9, 9);

        Tensor out = new RandomAffine(0, 0, 1 / 3.0, 1 / 3.0).apply(image).get(0);

        // the inverse map of pixel (y, x) is 3 (y - 4) + 4: inside for 3, 4, 5 only
        assertThat(out.sum().item()).isCloseTo(9, within(1e-5));
        assertThat(out.narrow(0, 3, 3).narrow(1, 3, 3).sum().item()).isCloseTo(9, within(1e-5));
    }

    @Test
    void turningKeepsTheCentreAndMovesTheRest() {
        Tensor image = Tensors.zeros(1, 9, 9);
        image.select(1, 4).fill_(1); // a horizontal line through the centre

        for (int seed = 0; seed < 10; seed++) {
            Tensor out = new RandomAffine(90, 0, 1, 1)
                    .apply(image, new Generator(seed))
                    .get(0);
            assertThat(out.get(4).get(4).item()).isCloseTo(1, within(1e-5));
        }
        Tensor a = new RandomAffine(90, 0, 1, 1).apply(image, new Generator(1));
        assertThat(a.toFloats())
                .containsExactly(new RandomAffine(90, 0, 1, 1)
                        .apply(image, new Generator(1))
                        .toFloats())
                .isNotEqualTo(new RandomAffine(90, 0, 1, 1)
                        .apply(image, new Generator(2))
                        .toFloats());
    }

    @Test
    void impossibleRangesAreRefused() {
        assertThatThrownBy(() -> new RandomAffine(-1, 0, 1, 1)).hasMessageContaining("degrees >= 0");
        assertThatThrownBy(() -> new RandomAffine(0, 0, 0, 1)).hasMessageContaining("0 < minScale");
    }
}
