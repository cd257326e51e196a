package akari.data;

import akari.tensor.Generator;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Datasets one after the other: {@code torch.utils.data.ConcatDataset}. */
public final class ConcatDataset implements Dataset {
    private final List<Dataset> parts;
    private final long[] ends;

    /** @param parts at least one; their sizes are asked for once, here */
    public ConcatDataset(List<? extends Dataset> parts) {
        if (Objects.requireNonNull(parts, "parts").isEmpty()) {
            throw new IllegalArgumentException("ConcatDataset needs at least one dataset");
        }
        this.parts = List.copyOf(parts);
        this.ends = new long[parts.size()];
        long end = 0;
        for (int p = 0; p < ends.length; p++) {
            end += parts.get(p).size();
            ends[p] = end;
        }
    }

    @Override
    public long size() {
        return ends[ends.length - 1];
    }

    @Override
    public Sample get(long index) {
        int p = part(index);
        return parts.get(p).get(index - start(p));
    }

    @Override
    public Sample get(long index, Generator random) {
        int p = part(index);
        return parts.get(p).get(index - start(p), random);
    }

    @Override
    public long[] labels() {
        return parts.stream().flatMapToLong(d -> Arrays.stream(d.labels())).toArray();
    }

    private int part(long index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("index " + index + " of " + size() + " samples");
        }
        int p = 0;
        while (index >= ends[p]) {
            p++;
        }
        return p;
    }

    private long start(int part) {
        return part == 0 ? 0 : ends[part - 1];
    }

    @Override
    public String describe() {
        return parts.stream().map(Dataset::describe).collect(Collectors.joining(" + "));
    }

    @Override
    public String toString() {
        return describe();
    }
}
