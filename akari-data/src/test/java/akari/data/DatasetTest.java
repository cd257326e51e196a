package akari.data;

import static akari.data.Splits.randomSplit;
import static akari.data.Splits.stratifiedSplit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import akari.core.Shape;
import akari.tensor.Generator;
import akari.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static TensorDataset classes(long... labels) {
        return new TensorDataset(Tensors.arange(labels.length), Tensors.tensor(labels));
    }

    private static long[] values(Dataset d) {
        return LongStream.range(0, d.size())
                .map(i -> d.get(i).input().itemLong())
                .toArray();
    }

    @Test
    void tensorDatasetGivesRowsOfBoth() {
        var data = new TensorDataset(Tensors.arange(6).reshape(3, 2), Tensors.tensor(0.5, 1.5, 2.5));

        assertThat(data.size()).isEqualTo(3);
        assertThat(data.get(1).input().toLongs()).containsExactly(2, 3);
        assertThat(data.get(1).target().item()).isEqualTo(1.5);
        Batch batch = data.batch(new long[] {2, 0, 2}, i -> new Generator(i));
        assertThat(batch.input().shape()).isEqualTo(Shape.of(3, 2));
        assertThat(batch.input().toLongs()).containsExactly(4, 5, 0, 1, 4, 5);
        assertThat(batch.target().toDoubles()).containsExactly(2.5, 0.5, 2.5);
        assertThatThrownBy(data::labels).hasMessageContaining("no class indices");
        assertThatThrownBy(() -> new TensorDataset(Tensors.zeros(3, 2), Tensors.zeros(4)))
                .hasMessageContaining("[3, 2] and [4]");
    }

    @Test
    void gatheringEqualsStacking() {
        var data = new TensorDataset(Tensors.arange(24).reshape(4, 2, 3), Tensors.arange(4));
        long[] at = {3, 1, 1};

        Batch stacked = Batch.stack(Arrays.stream(at).mapToObj(data::get).toList());
        Batch gathered = data.batch(at, i -> new Generator(i));

        assertThat(gathered.input().shape()).isEqualTo(stacked.input().shape());
        assertThat(gathered.input().toLongs()).containsExactly(stacked.input().toLongs());
        assertThat(gathered.target().toLongs()).containsExactly(stacked.target().toLongs());
    }

    @Test
    void subsetsAndConcatenationsKeepOrderAndLabels() {
        var a = classes(0, 1, 2, 3);
        var b = classes(7, 8);
        var both = new ConcatDataset(List.of(a, b));
        var part = new Subset(both, 5, 0, 3);

        assertThat(both.size()).isEqualTo(6);
        assertThat(both.labels()).containsExactly(0, 1, 2, 3, 7, 8);
        assertThat(part.labels()).containsExactly(8, 0, 3);
        assertThat(values(part)).containsExactly(1, 0, 3);
        assertThat(part.batch(new long[] {2, 0}, i -> new Generator(i)).target().toLongs())
                .containsExactly(3, 8);
        assertThatThrownBy(() -> both.get(6)).hasMessageContaining("index 6 of 6");
        assertThatThrownBy(() -> new Subset(a, 1, 4)).hasMessageContaining("index 4 of TensorDataset");
    }

    @Test
    void mappedSamplesGetTheLoadersGenerator() {
        Dataset data = classes(1, 2).map((s, random) -> Sample.of(Tensors.tensor(random.uniform()), 0));

        assertThat(data.get(0, new Generator(4)).input().item())
                .isEqualTo(data.get(1, new Generator(4)).input().item())
                .isNotEqualTo(data.get(0, new Generator(5)).input().item());
        assertThat(data.labels()).containsExactly(0, 0);
    }

    @Test
    void randomSplitsAreDisjointAndComplete() {
        var data = classes(new long[10]);

        List<Subset> parts = randomSplit(data, new long[] {7, 3}, 1);
        List<Subset> shares = randomSplit(data, new double[] {0.55, 0.25, 0.2}, 1);

        assertThat(parts).extracting(Subset::size).containsExactly(7L, 3L);
        assertThat(shares).extracting(Subset::size).containsExactly(6L, 2L, 2L);
        assertThat(parts.stream().flatMapToLong(p -> Arrays.stream(p.indices())))
                .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(randomSplit(data, new long[] {7, 3}, 1).get(1).indices())
                .isEqualTo(parts.get(1).indices());
        assertThat(randomSplit(data, new long[] {7, 3}, 2).get(1).indices())
                .isNotEqualTo(parts.get(1).indices());
        assertThatThrownBy(() -> randomSplit(data, new long[] {7, 4}, 1)).hasMessageContaining("do not add up");
        assertThatThrownBy(() -> randomSplit(data, new double[] {0.5, 0.4}, 1)).hasMessageContaining("not to 1");
    }

    @Test
    void stratifiedSplitsKeepTheSharesOfTheClasses() {
        long[] labels =
                LongStream.range(0, 200).map(i -> i < 140 ? 0 : i < 190 ? 1 : 2).toArray();
        var data = classes(labels);

        Splits.Split split = stratifiedSplit(data, 0.15, 42);

        assertThat(split.val().size()).isEqualTo(30);
        assertThat(split.train().size()).isEqualTo(170);
        assertThat(LongStream.concat(
                                Arrays.stream(split.train().indices()),
                                Arrays.stream(split.val().indices()))
                        .sorted()
                        .toArray())
                .containsExactly(LongStream.range(0, 200).toArray());
        double[] exact = {21, 7.5, 1.5};
        for (int c = 0; c < 3; c++) {
            int k = c;
            long n = Arrays.stream(split.val().labels()).filter(l -> l == k).count();
            assertThat((double) n).isCloseTo(exact[c], within(0.5));
        }
        assertThat(split.val().indices()).isSorted();
        assertThat(stratifiedSplit(data, 0.15, 43).val().indices())
                .isNotEqualTo(split.val().indices());
        assertThatThrownBy(() -> stratifiedSplit(data, 0.001, 1)).hasMessageContaining("no sample on one side");
        assertThatThrownBy(() -> stratifiedSplit(data, 1, 1)).hasMessageContaining("no sample on one side");
    }
}
