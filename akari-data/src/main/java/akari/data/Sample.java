package akari.data;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One example of a dataset.
 *
 * @param input what the model sees, without a batch dimension
 * @param target what it should answer: a 0-d int64 class index, or a tensor of any shape
 */
public record Sample(Tensor input, Tensor target) {
    public Sample {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(target, "target");
    }

    /** An example of class {@code label}. */
    public static Sample of(Tensor input, long label) {
        return new Sample(input, Tensors.upload(DType.INT64, Shape.of(), MemorySegment.ofArray(new long[] {label})));
    }
}
