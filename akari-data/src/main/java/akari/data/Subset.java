package akari.data;

import akari.tensor.Generator;
import java.util.Objects;
import java.util.function.IntFunction;

/** Some samples of another dataset, in a given order: {@code torch.utils.data.Subset}. */
public final class Subset implements Dataset {
    private final Dataset base;
    private final long[] indices;

    /** @throws IndexOutOfBoundsException where an index lies outside {@code base} */
    public Subset(Dataset base, long... indices) {
        Objects.requireNonNull(base, "base");
        for (long i : Objects.requireNonNull(indices, "indices")) {
            if (i < 0 || i >= base.size()) {
                throw new IndexOutOfBoundsException(
                        "a subset with index " + i + " of " + base.describe() + ", which has " + base.size());
            }
        }
        this.base = base;
        this.indices = indices.clone();
    }

    /** The dataset that this is a part of. */
    public Dataset base() {
        return base;
    }

    /** Positions in {@link #base}. */
    public long[] indices() {
        return indices.clone();
    }

    @Override
    public long size() {
        return indices.length;
    }

    @Override
    public Sample get(long index) {
        return base.get(indices[Math.toIntExact(index)]);
    }

    @Override
    public Sample get(long index, Generator random) {
        return base.get(indices[Math.toIntExact(index)], random);
    }

    @Override
    public Batch batch(long[] wanted, IntFunction<Generator> random) {
        return base.batch(pick(indices, wanted), random);
    }

    @Override
    public long[] labels() {
        return pick(base.labels(), indices);
    }

    private static long[] pick(long[] from, long[] at) {
        long[] out = new long[at.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = from[Math.toIntExact(at[i])];
        }
        return out;
    }

    @Override
    public String describe() {
        return indices.length + " samples of " + base.describe();
    }

    @Override
    public String toString() {
        return describe();
    }
}
