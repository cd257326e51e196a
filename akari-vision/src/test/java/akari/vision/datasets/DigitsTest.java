package akari.vision.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.DType;
import akari.core.Shape;
import akari.data.Sample;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DigitsTest {
    private static final ImageData DIGITS = Datasets.load("digits");

    private static long[] counts(ImageDataset part) {
        long[] counts = new long[10];
        for (long label : part.labels()) {
            counts[(int) label]++;
        }
        return counts;
    }

    private static byte[] pixels(ImageDataset part) {
        return part.batch(LongStream.range(0, part.size()).toArray(), Generator::new)
                .input()
                .toBytes();
    }

    @Test
    void theTestSplitIsFixedStratifiedAndNeverTrainedOn() {
        assertThat(DIGITS.train().size()).isEqualTo(1497);
        assertThat(DIGITS.test().size()).isEqualTo(300);
        assertThat(counts(DIGITS.test())).containsExactly(29, 31, 29, 31, 30, 30, 31, 29, 29, 31);
        assertThat(counts(DIGITS.train())).containsExactly(149, 151, 148, 152, 151, 152, 150, 150, 145, 149);
        // pins which images are in it: these numbers must never change
        assertThat(Arrays.hashCode(pixels(DIGITS.test()))).isEqualTo(1227764705);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1497; i++) {
            seen.add(Arrays.toString(DIGITS.train().get(i).input().toBytes()));
        }
        for (int i = 0; i < 300; i++) {
            assertThat(seen)
                    .doesNotContain(Arrays.toString(DIGITS.test().get(i).input().toBytes()));
        }
    }

    @Test
    void imagesAreBytesSpreadOver255() {
        Sample first = DIGITS.train().get(0);

        assertThat(first.input().dtype()).isEqualTo(DType.UINT8);
        assertThat(first.input().shape()).isEqualTo(Shape.of(1, 8, 8));
        assertThat(first.target().itemLong()).isZero();
        // 0 0 5 13 9 1 0 0 of 16
        assertThat(first.input().get(0).get(0).toLongs()).containsExactly(0, 0, 80, 207, 143, 16, 0, 0);
        assertThat(DIGITS.image()).isEqualTo(Shape.of(1, 8, 8));
        assertThat(DIGITS.classes()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void preprocessingStandardisesTheTrainingImages() {
        ImageDataset train = DIGITS.train().transform(DIGITS.preprocessing(8, 8));

        Tensor all =
                train.batch(LongStream.range(0, 1497).toArray(), Generator::new).input();

        assertThat(all.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(all.mean().item()).isCloseTo(0, within(1e-4));
        assertThat(all.std().item()).isCloseTo(1, within(1e-4));
    }

    @Test
    void resizingOnceEqualsResizingOnTheWay() {
        long[] some = {5, 1000, 5};

        Tensor each = DIGITS.train()
                .transform(DIGITS.preprocessing(28, 28))
                .batch(some, Generator::new)
                .input();
        ImageData resized = DIGITS.resized(28, 28);
        Tensor once = resized.train()
                .transform(resized.preprocessing(28, 28))
                .batch(some, Generator::new)
                .input();

        assertThat(each.shape()).isEqualTo(Shape.of(3, 1, 28, 28));
        assertThat(once.toFloats()).containsExactly(each.toFloats());
        assertThat(resized.resized(28, 28).train()).isSameAs(resized.train());
    }

    @Test
    void augmentedImagesAreFloatsThatDifferFromTheirOriginals() {
        ImageData resized = DIGITS.resized(28, 28);
        long[] some = {3, 4};

        Tensor plain = resized.train()
                .transform(resized.preprocessing(28, 28))
                .batch(some, Generator::new)
                .input();
        Tensor changed = resized.augmented(28, 28).batch(some, Generator::new).input();

        assertThat(changed.shape()).isEqualTo(plain.shape());
        assertThat(changed.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(changed.toFloats()).isNotEqualTo(plain.toFloats());
    }

    @Test
    void aWrongNameGetsTheRightOne() {
        assertThatThrownBy(() -> Datasets.load("digit")).hasMessage("unknown data set digit. Did you mean digits?");
        assertThatThrownBy(() -> Datasets.load("fashion_mnist")).hasMessageContaining("Did you mean fashion-mnist?");
        assertThatThrownBy(() -> Datasets.load("imagenet"))
                .hasMessage("unknown data set imagenet. There is digits, fashion-mnist, mnist.");
        assertThat(Datasets.list("*mnist")).containsExactly("fashion-mnist", "mnist");
    }
}
