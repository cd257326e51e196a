package akari.data;

import akari.core.Device;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Several samples as one tensor each, the batch in dimension 0.
 *
 * @param input {@code [N, …]}
 * @param target {@code [N]} int64 class indices, or {@code [N, …]}
 */
public record Batch(Tensor input, Tensor target) {
    public Batch {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(target, "target");
    }

    /** Number of samples. */
    public long size() {
        return input.size(0);
    }

    /** This batch on {@code device}; itself if it is there already. */
    public Batch to(Device device) {
        return new Batch(input.to(device), target.to(device));
    }

    /** Samples of one shape along a new dimension 0: {@code default_collate}. */
    public static Batch stack(List<Sample> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one sample");
        }
        return new Batch(stack("inputs", samples, Sample::input), stack("targets", samples, Sample::target));
    }

    private static Tensor stack(String what, List<Sample> samples, Function<Sample, Tensor> part) {
        List<Tensor> tensors = samples.stream().map(part).toList();
        Tensor first = tensors.getFirst();
        for (int i = 1; i < tensors.size(); i++) {
            Tensor t = tensors.get(i);
            if (!t.shape().equals(first.shape()) || t.dtype() != first.dtype()) {
                throw new IllegalArgumentException(
                        "the " + what + " of a batch differ: its sample 0 is " + first.dtype()
                                + " " + first.shape() + ", its sample " + i + " is " + t.dtype() + " " + t.shape()
                                + "; make them equal in the dataset (resize, crop, pad), or give the loader a collate function");
            }
        }
        return Tensors.stack(tensors, 0);
    }
}
