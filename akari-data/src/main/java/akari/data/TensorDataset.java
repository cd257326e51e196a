package akari.data;

import akari.core.DType;
import akari.tensor.Generator;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Objects;
import java.util.function.IntFunction;

/** Two tensors whose dimension 0 counts the samples: {@code torch.utils.data.TensorDataset}. Batches are gathered in one pass. */
public final class TensorDataset implements Dataset {
    private final Tensor input;
    private final Tensor target;

    /** @throws IllegalArgumentException where the two disagree about the number of samples */
    public TensorDataset(Tensor input, Tensor target) {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(target, "target");
        if (input.dim() == 0 || target.dim() == 0 || input.size(0) != target.size(0)) {
            throw new IllegalArgumentException("input and target must have as many samples in dimension 0, got shapes "
                    + input.shape() + " and " + target.shape());
        }
        this.input = input;
        this.target = target;
    }

    @Override
    public long size() {
        return input.size(0);
    }

    /** Views of both tensors. */
    @Override
    public Sample get(long index) {
        return new Sample(input.get(index), target.get(index));
    }

    @Override
    public Batch batch(long[] indices, IntFunction<Generator> random) {
        Tensor index = Tensors.tensor(indices);
        Batch batch = new Batch(input.indexSelect(0, index), target.indexSelect(0, index));
        Tensors.release(index);
        return batch;
    }

    @Override
    public long[] labels() {
        return target.dim() == 1 && target.dtype() == DType.INT64 ? target.toLongs() : Dataset.super.labels();
    }

    @Override
    public String describe() {
        return "TensorDataset(" + input.shape() + ", " + target.shape() + ")";
    }

    @Override
    public String toString() {
        return describe();
    }
}
