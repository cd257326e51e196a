package akari.data;

import akari.tensor.Generator;
import java.util.stream.LongStream;

/** Decides which samples an epoch has, and in which order. The factories are those of {@code torch.utils.data.sampler}. */
public interface Sampler {
    /** Samples of an epoch. */
    int size();

    /** The indices of one epoch; every random choice comes from {@code random}, which the loader keys by (seed, epoch). */
    long[] order(Generator random);

    /** {@code 0 .. n-1} in order. */
    static Sampler sequential(long n) {
        return new Listed(LongStream.range(0, n).toArray(), false);
    }

    /** {@code 0 .. n-1} in a random order. */
    static Sampler random(long n) {
        return new Listed(LongStream.range(0, n).toArray(), true);
    }

    /** {@code indices} in a random order: {@code SubsetRandomSampler}. */
    static Sampler subset(long... indices) {
        return new Listed(indices.clone(), true);
    }

    /**
     * {@code count} draws, index i with probability proportional to {@code weights[i]}: {@code WeightedRandomSampler}.
     *
     * @param replacement whether an index may come again; without it, {@code count} must not exceed the number of positive weights
     */
    static Sampler weighted(double[] weights, int count, boolean replacement) {
        return new Weighted(weights.clone(), count, replacement);
    }
}
