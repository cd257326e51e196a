package akari.data;

import akari.tensor.Generator;
import akari.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/**
 * Samples by index: {@code torch.utils.data.Dataset}. Implement {@link #size} and {@link #get(long)}; the other methods exist for
 * datasets that draw random numbers, or know a faster way. Workers of a loader call a dataset from several threads at once.
 */
public interface Dataset {
    /** Number of samples. */
    long size();

    /** Sample {@code index}, from 0. */
    Sample get(long index);

    /**
     * Sample {@code index} with every random choice taken from {@code random}, which the loader keys by (seed, epoch, index). A
     * dataset that augments its samples implements this form.
     */
    default Sample get(long index, Generator random) {
        return get(index);
    }

    /**
     * The samples {@code indices} as one batch, in that order. By default one by one, then stacked; a dataset in memory gathers them
     * in one pass instead.
     *
     * @param random the generator for the sample at a place in {@code indices}
     */
    default Batch batch(long[] indices, IntFunction<Generator> random) {
        List<Sample> samples = new ArrayList<>(indices.length);
        for (int i = 0; i < indices.length; i++) {
            samples.add(Fetch.sample(this, indices[i], random.apply(i)));
        }
        return Batch.stack(samples);
    }

    /** The class of every sample, for stratified splits and class weights. By default reads all samples. */
    default long[] labels() {
        long[] labels = new long[Math.toIntExact(size())];
        for (int i = 0; i < labels.length; i++) {
            Tensor target = Fetch.sample(this, i, new Generator(0)).target();
            if (target.numel() != 1 || target.dtype().isFloating()) {
                throw new IllegalArgumentException("the targets of " + describe() + " are no class indices: sample " + i
                        + " has " + target.dtype() + " " + target.shape() + ", expected one int64");
            }
            labels[i] = target.itemLong();
        }
        return labels;
    }

    /** This dataset with {@code change} applied to each sample; it takes random choices from the generator it gets. */
    default Dataset map(BiFunction<Sample, Generator, Sample> change) {
        return new Mapped(this, change);
    }

    /** What errors call this dataset. */
    default String describe() {
        return getClass().getSimpleName() + "(" + size() + " samples)";
    }
}
