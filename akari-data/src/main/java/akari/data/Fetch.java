package akari.data;

import akari.backend.Philox;
import akari.tensor.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one epoch loads: the order of its samples cut into batches. Immutable, so that any thread may load any batch. The random
 * numbers of a sample are keyed by (seed, epoch, index), and by how often the index came before in the epoch, so that a sample drawn
 * twice by a weighted sampler is augmented in two ways.
 */
final class Fetch {
    private final Dataset dataset;
    private final @Nullable Function<List<Sample>, Batch> collate;
    private final long[] order;
    private final int[] repeats;
    private final int batchSize;
    private final long key;

    Fetch(
            Dataset dataset,
            Sampler sampler,
            int batchSize,
            @Nullable Function<List<Sample>, Batch> collate,
            long seed,
            long epoch) {
        this.dataset = dataset;
        this.batchSize = batchSize;
        this.collate = collate;
        this.key = derive(seed, epoch);
        this.order = sampler.order(new Generator(derive(key, -1)));
        this.repeats = new int[order.length];
        int[] seen = new int[Math.toIntExact(dataset.size())];
        for (int i = 0; i < order.length; i++) {
            if (order[i] < 0 || order[i] >= seen.length) {
                throw new IndexOutOfBoundsException(
                        "the sampler gave index " + order[i] + ", but " + dataset.describe() + " has " + seen.length);
            }
            repeats[i] = seen[(int) order[i]]++;
        }
    }

    /** Samples of the whole epoch. */
    int samples() {
        return order.length;
    }

    Batch load(long number) {
        int from = Math.toIntExact(number * batchSize);
        long[] indices = Arrays.copyOfRange(order, from, Math.min(from + batchSize, order.length));
        try {
            if (collate == null) {
                return dataset.batch(indices, i -> random(from + i));
            }
            List<Sample> samples = new ArrayList<>(indices.length);
            for (int i = 0; i < indices.length; i++) {
                samples.add(sample(dataset, indices[i], random(from + i)));
            }
            return collate.apply(samples);
        } catch (DataException e) {
            throw e;
        } catch (RuntimeException e) {
            String which = indices.length <= 8
                    ? Arrays.toString(indices)
                    : Arrays.toString(Arrays.copyOf(indices, 8)).replace("]", ", …]");
            throw new DataException(
                    "batch " + number + " of " + dataset.describe() + ", samples " + which + ": " + reason(e), e);
        }
    }

    private Generator random(int place) {
        long sample = derive(key, order[place]);
        return new Generator(repeats[place] == 0 ? sample : derive(sample, repeats[place]));
    }

    /** One sample, with an error that says which one failed. */
    static Sample sample(Dataset dataset, long index, Generator random) {
        try {
            return dataset.get(index, random);
        } catch (DataException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new DataException("sample " + index + " of " + dataset.describe() + ": " + reason(e), e);
        }
    }

    private static String reason(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** A new key from block {@code counter} of the stream {@code key}. */
    private static long derive(long key, long counter) {
        int[] words = new int[4];
        Philox.block(key, counter, words);
        return (long) words[0] << 32 | words[1] & 0xffff_ffffL;
    }
}
