package akari.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akari.core.DType;
import akari.core.Shape;
import akari.data.DataLoader.Position;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
    /** Sample i is (i, 10 i) plus noise from its generator. */
    private record Noisy(int count) implements Dataset {
        @Override
        public long size() {
            return count;
        }

        @Override
        public Sample get(long index) {
            return get(index, new Generator(index));
        }

        @Override
        public Sample get(long index, Generator random) {
            if (index % 7 == 3) {
                Thread.yield(); // workers finish out of order
            }
            return Sample.of(Tensors.tensor((double) index, 10 * index + random.uniform()), index % 3);
        }
    }

    private static TensorDataset numbers(int n) {
        return new TensorDataset(Tensors.arange(2L * n).reshape(n, 2).to(DType.FLOAT32), Tensors.arange(n));
    }

    private static List<List<Double>> inputs(Iterable<Batch> loader) {
        List<List<Double>> out = new ArrayList<>();
        for (Batch b : loader) {
            out.add(Arrays.stream(b.input().toDoubles()).boxed().toList());
        }
        return out;
    }

    private static List<Long> list(Batch b) {
        return Arrays.stream(b.target().toLongs()).boxed().toList();
    }

    private static List<List<Long>> targets(Iterator<Batch> batches) {
        List<List<Long>> out = new ArrayList<>();
        batches.forEachRemaining(b -> out.add(list(b)));
        return out;
    }

    @Test
    void aPlainLoaderYieldsOneSampleAtATimeInOrder() {
        var loader = new DataLoader(numbers(3));

        Batch first = loader.iterator().next();

        assertThat(first.input().shape()).isEqualTo(Shape.of(1, 2));
        assertThat(first.target().toLongs()).containsExactly(0);
        assertThat(loader.size()).isEqualTo(3);
        assertThat(targets(loader.iterator())).containsExactly(List.of(0L), List.of(1L), List.of(2L));
    }

    @Test
    void theLastBatchIsSmallerOrDropped() {
        var loader = new DataLoader(numbers(7)).batchSize(3);

        assertThat(targets(loader.iterator())).containsExactly(List.of(0L, 1L, 2L), List.of(3L, 4L, 5L), List.of(6L));
        assertThat(loader.dropLast(true).size()).isEqualTo(2);
        assertThat(targets(loader.iterator())).hasSize(2);
    }

    @Test
    void shufflingVisitsEverySampleOnceInANewOrderEachEpoch() {
        var loader = new DataLoader(numbers(50)).batchSize(8).shuffle(true).seed(5);

        List<Long> first =
                targets(loader.iterator()).stream().flatMap(List::stream).toList();
        List<Long> second =
                targets(loader.iterator()).stream().flatMap(List::stream).toList();

        assertThat(Set.copyOf(first)).hasSize(50);
        assertThat(Set.copyOf(second)).hasSize(50);
        assertThat(first)
                .isNotEqualTo(second)
                .isNotEqualTo(first.stream().sorted().toList());
        assertThat(targets(new DataLoader(numbers(50))
                                .batchSize(8)
                                .shuffle(true)
                                .seed(5)
                                .iterator())
                        .stream()
                        .flatMap(List::stream)
                        .toList())
                .isEqualTo(first);
        assertThat(targets(new DataLoader(numbers(50))
                                .batchSize(8)
                                .shuffle(true)
                                .seed(6)
                                .iterator())
                        .stream()
                        .flatMap(List::stream)
                        .toList())
                .isNotEqualTo(first);
    }

    @Test
    void theSeedDefaultsToTheProcessWideOne() {
        Tensors.manualSeed(77);
        var implied = new DataLoader(numbers(20)).shuffle(true);

        assertThat(targets(implied.iterator()))
                .isEqualTo(targets(
                        new DataLoader(numbers(20)).shuffle(true).seed(77).iterator()));
    }

    private static DataLoader shuffled() {
        return new DataLoader(numbers(30)).batchSize(4).shuffle(true);
    }

    @Test
    void loadersShareNothingAndTheSameProgramRepeatsTheirOrders() {
        List<List<List<Long>>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Tensors.manualSeed(3);
            DataLoader a = shuffled();
            DataLoader b = shuffled();
            List<List<Long>> one = new ArrayList<>(targets(a.iterator()));
            one.addAll(targets(a.iterator()));
            List<List<Long>> two = targets(b.iterator());
            assertThat(two).isNotEqualTo(one.subList(0, two.size()));
            runs.add(one);
            runs.add(two);
        }
        assertThat(runs.subList(2, 4)).isEqualTo(runs.subList(0, 2));

        // another order of use, taken in turns, with draws between: each goes its own way
        DataLoader early = shuffled();
        Tensors.manualSeed(3);
        DataLoader b = shuffled();
        Iterator<Batch> second = b.iterator();
        Iterator<Batch> first = early.iterator();
        List<List<Long>> one = new ArrayList<>();
        List<List<Long>> two = new ArrayList<>();
        while (first.hasNext()) {
            one.add(list(first.next()));
            Tensors.randn(3);
            two.add(list(second.next()));
        }
        assertThat(two).isEqualTo(runs.get(0).subList(0, two.size()));
        assertThat(one).isEqualTo(runs.get(1));
    }

    @Test
    void aLoaderTakesNothingFromTheGenerator() {
        Tensors.manualSeed(3);
        targets(shuffled().iterator());
        double[] with = Tensors.randn(4).toDoubles();
        Tensors.manualSeed(3);
        assertThat(Tensors.randn(4).toDoubles()).isEqualTo(with);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void workersChangeNothing(int workers) {
        var alone = new DataLoader(new Noisy(100)).batchSize(9).shuffle(true).seed(3);
        var helped = new DataLoader(new Noisy(100))
                .batchSize(9)
                .shuffle(true)
                .seed(3)
                .workers(workers);

        for (int epoch = 0; epoch < 3; epoch++) {
            List<List<Double>> expected = inputs(alone);
            List<List<Double>> actual = inputs(helped);
            assertThat(actual).hasSize(12);
            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void augmentationDiffersByEpochAndNotByBatchSize() {
        var loader = new DataLoader(new Noisy(10)).batchSize(5).seed(1);
        double[] first = join(inputs(loader));
        double[] second = join(inputs(loader));

        assertThat(join(inputs(new DataLoader(new Noisy(10)).seed(1)))).containsExactly(first);
        assertThat(second).isNotEqualTo(first);
    }

    private static double[] join(List<List<Double>> parts) {
        return parts.stream().flatMap(List::stream).mapToDouble(v -> v).toArray();
    }

    @Test
    void aSampleDrawnTwiceIsAugmentedInTwoWays() {
        var same = Sampler.weighted(new double[] {0, 1, 0}, 4, true);

        double[] values = join(inputs(new DataLoader(new Noisy(3)).sampler(same).seed(1)));

        Set<Double> noise = new HashSet<>();
        for (int i = 0; i < values.length; i += 2) {
            assertThat(values[i]).isEqualTo(1);
            noise.add(values[i + 1]);
        }
        assertThat(noise).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void resumesInMidEpochExactly(int workers) {
        var whole =
                new DataLoader(new Noisy(40)).batchSize(4).shuffle(true).seed(9).workers(workers);
        List<List<Double>> expected = inputs(whole);
        expected.addAll(inputs(whole));

        var part =
                new DataLoader(new Noisy(40)).batchSize(4).shuffle(true).seed(9).workers(workers);
        assertThat(part.position()).isEqualTo(new Position(0, 0));
        inputs(part);
        assertThat(part.position()).isEqualTo(new Position(1, 0));
        Iterator<Batch> second = part.iterator();
        second.next();
        second.next();
        Position saved = part.position();
        assertThat(saved).isEqualTo(new Position(1, 2));

        var resumed =
                new DataLoader(new Noisy(40)).batchSize(4).shuffle(true).seed(9).workers(workers);
        resumed.seek(saved);
        assertThat(resumed.position()).isEqualTo(saved);
        assertThat(inputs(resumed)).isEqualTo(expected.subList(12, 20));
        assertThat(resumed.position()).isEqualTo(new Position(2, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aFailingSampleIsNamedAndTheRestCanStillBeRead(int workers) {
        Dataset broken = numbers(9).map((s, random) -> {
            if (s.target().itemLong() == 4) {
                throw new IllegalStateException("the file is no image");
            }
            return s;
        });
        Iterator<Batch> batches =
                new DataLoader(broken).batchSize(3).workers(workers).iterator();

        assertThat(batches.next().target().toLongs()).containsExactly(0, 1, 2);
        assertThatThrownBy(batches::next)
                .isInstanceOf(DataException.class)
                .hasMessage("sample 4 of TensorDataset([9, 2], [9]): the file is no image")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(batches.next().target().toLongs()).containsExactly(6, 7, 8);
        assertThat(batches.hasNext()).isFalse();
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void unequalShapesAreRefusedWithBothShapes() {
        Dataset uneven =
                numbers(3).map((s, r) -> Sample.of(Tensors.zeros(s.target().itemLong() + 1), 0));

        assertThatThrownBy(() -> new DataLoader(uneven).batchSize(2).iterator().next())
                .hasMessageContaining("batch 0 of TensorDataset")
                .hasMessageContaining("[1]")
                .hasMessageContaining("[2]");
    }

    @Test
    void collateMayPadOrChooseAnotherForm() {
        var loader = new DataLoader(numbers(4))
                .batchSize(2)
                .collate(samples -> new Batch(
                        Tensors.tensor((double) samples.size()),
                        samples.getLast().target()));

        Batch batch = loader.iterator().next();

        assertThat(batch.input().item()).isEqualTo(2);
        assertThat(batch.target().itemLong()).isEqualTo(1);
    }

    @Test
    void wrongSettingsSaySo() {
        assertThatThrownBy(() -> new DataLoader(numbers(2)).batchSize(0))
                .hasMessage("batchSize must be at least 1, got 0");
        assertThatThrownBy(() -> new DataLoader(numbers(2))
                        .shuffle(true)
                        .sampler(Sampler.sequential(2))
                        .iterator())
                .hasMessageContaining("exclude each other");
        assertThatThrownBy(() -> new DataLoader(numbers(2))
                        .sampler(Sampler.sequential(3))
                        .iterator())
                .hasMessageContaining("the sampler gave index 2");
    }

    @Test
    void loadsOnlySoFarAhead() throws InterruptedException {
        AtomicInteger loaded = new AtomicInteger();
        Dataset counting = numbers(100).map((s, r) -> {
            loaded.incrementAndGet();
            return s;
        });
        Iterator<Batch> batches =
                new DataLoader(counting).workers(2).prefetch(3).iterator();
        batches.next();

        for (int i = 0; i < 200 && loaded.get() < 7; i++) {
            Thread.sleep(5);
        }
        Thread.sleep(30);

        assertThat(loaded.get()).isEqualTo(7); // the one handed out, and 2 × 3
    }

    @Test
    void abandonedEpochsLeaveNoThreads() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            new DataLoader(new Noisy(50)).workers(2).iterator().next();
        }
        for (int i = 0; i < 400 && loaderThreads() > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(loaderThreads()).isZero();
    }

    private static long loaderThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("akari-loader"))
                .peek(t -> assertThat(t.isDaemon()).isTrue())
                .count();
    }

    @Test
    void batchesAreTheUsersUnlessRecycled() {
        List<Tensor> kept = new ArrayList<>();
        new DataLoader(numbers(6)).batchSize(2).forEach(b -> kept.add(b.input()));
        assertThat(kept.getFirst().toDoubles()).containsExactly(0, 1, 2, 3);

        Iterator<Batch> recycled =
                new DataLoader(numbers(6)).batchSize(2).recycle(true).iterator();
        Batch first = recycled.next();
        assertThat(first.target().toLongs()).containsExactly(0, 1);
        recycled.next();
        assertThatThrownBy(() -> first.input().toDoubles()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void countsTheTimeThatTrainingWaits() {
        Dataset slow = numbers(3).map((s, r) -> {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return s;
        });
        var loader = new DataLoader(slow);

        loader.forEach(b -> assertThat(b.size()).isEqualTo(1));

        assertThat(loader.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(60));
    }
}
