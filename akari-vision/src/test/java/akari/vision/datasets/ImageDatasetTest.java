package akari.vision.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.Shape;
import akari.data.Batch;
import akari.data.DataException;
import akari.data.DataLoader;
import akari.data.Sample;
import akari.vision.transforms.Compose;
import akari.vision.transforms.Normalize;
import akari.vision.transforms.RandomCrop;
import akari.vision.transforms.RandomHorizontalFlip;
import akari.vision.transforms.ToFloat;
import akari.vision.transforms.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDatasetTest {
    private static final ImageDataset TRAIN = Datasets.load("digits").train();

    private static final Transform AUGMENT = new Compose(
            new RandomCrop(8, 8, 2),
            new RandomHorizontalFlip(),
            new ToFloat(),
            new Normalize(new double[] {0.3}, new double[] {0.4}));

    private static List<List<Double>> epoch(DataLoader loader) {
        List<List<Double>> out = new ArrayList<>();
        for (Batch b : loader) {
            out.add(Arrays.stream(b.input().toDoubles()).boxed().toList());
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void augmentedBatchesDoNotDependOnWorkers(int workers) {
        var alone = new DataLoader(TRAIN.transform(AUGMENT))
                .batchSize(200)
                .shuffle(true)
                .seed(1);
        var helped = new DataLoader(TRAIN.transform(AUGMENT))
                .batchSize(200)
                .shuffle(true)
                .seed(1)
                .workers(workers);

        List<List<Double>> first = epoch(alone);

        assertThat(epoch(helped)).isEqualTo(first);
        List<List<Double>> second = epoch(alone);
        assertThat(epoch(helped)).isEqualTo(second).isNotEqualTo(first);
    }

    @Test
    void aBatchEqualsItsSamplesOneByOne() {
        ImageDataset augmented = TRAIN.transform(AUGMENT);
        var whole = new DataLoader(augmented).batchSize(7).seed(3);
        var single = new DataLoader(augmented)
                .batchSize(7)
                .seed(3)
                .collate(Batch::stack); // a collate function takes single samples

        Batch a = whole.iterator().next();
        Batch b = single.iterator().next();

        assertThat(a.input().shape()).isEqualTo(Shape.of(7, 1, 8, 8));
        assertThat(a.input().toFloats()).containsExactly(b.input().toFloats());
        assertThat(a.target().toLongs()).containsExactly(b.target().toLongs());
    }

    @Test
    void withoutATransformBatchesAreBytes() {
        Batch batch = new DataLoader(TRAIN).batchSize(2).iterator().next();
        Sample second = TRAIN.get(1);

        assertThat(batch.input().get(1).toBytes())
                .containsExactly(second.input().toBytes());
    }

    @Test
    void aFailingTransformNamesTheSample() {
        ImageDataset broken = TRAIN.transform((image, random) -> {
            throw new IllegalStateException("no");
        });

        assertThatThrownBy(() -> new DataLoader(broken).batchSize(4).iterator().next())
                .isInstanceOf(DataException.class)
                .hasMessage("sample 0 of digits/train: no");
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> new ImageDataset("x", new byte[5], Shape.of(1, 2, 2), new int[1], List.of("a")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("x has 1 labels and 5 bytes of images of shape [1, 2, 2]");
        assertThatThrownBy(() ->
                        new ImageDataset("x", new byte[8], Shape.of(1, 2, 2), new int[] {0, 2}, List.of("a", "b")))
                .hasMessageContaining("label 1 of x is 2, but the classes are 0 to 1");
    }
}
