package akari.data;

import akari.tensor.Generator;
import akari.tensor.Tensors;
import java.util.Objects;
import java.util.function.BiFunction;

/** See {@link Dataset#map}. */
record Mapped(Dataset base, BiFunction<Sample, Generator, Sample> change) implements Dataset {
    Mapped {
        Objects.requireNonNull(change, "change");
    }

    @Override
    public long size() {
        return base.size();
    }

    @Override
    public Sample get(long index) {
        return get(index, Tensors.defaultGenerator());
    }

    @Override
    public Sample get(long index, Generator random) {
        return change.apply(base.get(index, random), random);
    }

    @Override
    public String describe() {
        return base.describe();
    }

    @Override
    public String toString() {
        return describe();
    }
}
