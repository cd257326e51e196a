package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's brackets, masks, and indices into the flattened tensor. Numbers out of range are errors; negative ones count from the end. */
public sealed interface Selection permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    // ---- brackets

    /**
     * {@code x[at0, at1, …]}: slices, numbers and new dimensions give a view; index tensors (int64 or int32, broadcast against each
     * other) and bool masks pick elements into memory of their own. The dimension that several index tensors leave stands where they
     * stood if they stood together, else first.
     */
    default Tensor index(Index... at) {
        Brackets b = Brackets.of(self(), at);
        return b.picks() ? b.take() : b.basic();
    }

    /** As {@link #index(Index...)}. */
    default Tensor get(Index... at) {
        return index(at);
    }

    /** {@code x[tensors]}: null stands for a whole dimension. */
    default Tensor index(List<? extends @Nullable Tensor> tensors) {
        return index(all(tensors));
    }

    /** The 0-d view of the element at the given indices of the leading dimensions: {@code x.at(1, 2).item()}. */
    default Tensor at(long... index) {
        Tensor x = self();
        for (long i : index) {
            x = x.select(0, i);
        }
        return x;
    }

    /** {@code x[at] = value}: value is broadcast to the selected shape and converted to this type. Returns this. */
    default Tensor set(Tensor value, Index... at) {
        Brackets.of(self(), at).put_(value.to(self().dtype()), false);
        return self();
    }

    /** {@code x[at] = value}. */
    default Tensor set(Number value, Index... at) {
        return set(Tensors.full(self().dtype(), value), at);
    }

    /** Writes to the element, or the part, at the given indices of the leading dimensions: {@code x.set(5, 1, 2)} is {@code x[1, 2] = 5}. Returns this. */
    default Tensor set(Number value, long first, long... others) {
        NullArgument.check(value, "value");
        return set(Tensors.full(self().dtype(), value), first, others);
    }

    default Tensor set(Tensor value, long first, long... others) {
        Index[] at = new Index[1 + others.length];
        Arrays.setAll(at, i -> Index.at(i == 0 ? first : others[i - 1]));
        return set(value, at);
    }

    /** A copy of this tensor with {@code values} at the indices, added where {@code accumulate}; else of repeated indices the last counts. */
    default Tensor indexPut(Index[] at, Tensor values, boolean accumulate) {
        return self().clone().indexPut_(at, values, accumulate);
    }

    default Tensor indexPut(List<? extends @Nullable Tensor> at, Tensor values, boolean accumulate) {
        return indexPut(all(at), values, accumulate);
    }

    default Tensor indexPut(List<? extends @Nullable Tensor> at, Tensor values) {
        return indexPut(at, values, false);
    }

    /** {@link #indexPut} into this tensor. Returns this. */
    default Tensor indexPut_(Index[] at, Tensor values, boolean accumulate) {
        same("indexPut_", values);
        Brackets.of(self(), at).put_(values, accumulate);
        return self();
    }

    default Tensor indexPut_(List<? extends @Nullable Tensor> at, Tensor values, boolean accumulate) {
        return indexPut_(all(at), values, accumulate);
    }

    default Tensor indexPut_(List<? extends @Nullable Tensor> at, Tensor values) {
        return indexPut_(at, values, false);
    }

    private static Index[] all(List<? extends @Nullable Tensor> tensors) {
        NullArgument.check(tensors, "tensors");
        return tensors.stream().map(t -> t == null ? Slice.ALL : t).toArray(Index[]::new);
    }

    private void same(String op, Tensor values) {
        NullArgument.check(values, "values");
        if (values.dtype() != self().dtype()) {
            throw new IllegalArgumentException(
                    op + ": values of type " + values.dtype() + " for a tensor of type " + self().dtype()
                            + "; convert them with to(" + self().dtype().name() + ")");
        }
    }

    // ---- masks

    /** The elements where {@code mask} (bool, broadcast against this tensor) is true, in a row. */
    default Tensor maskedSelect(Tensor mask) {
        Shape common = common("maskedSelect", mask);
        Tensor where = Blockwise.nonzero(mask.expand(common.toArray()), false);
        return self().expand(common.toArray()).reshape(-1).indexSelect(0, where);
    }

    /** {@code value}, a 0-d tensor, where {@code mask} (bool) is true. */
    default Tensor maskedFill(Tensor mask, Tensor value) {
        common("maskedFill", mask);
        if (value.dim() != 0) {
            throw new IllegalArgumentException(
                    "maskedFill takes a 0-d value, got shape " + value.shape() + "; use where");
        }
        return value.to(self().dtype()).where(mask, self());
    }

    default Tensor maskedFill_(Tensor mask, Tensor value) {
        return self().copy_(fits("maskedFill_", maskedFill(mask, value)));
    }

    /** The elements of {@code source}, in order, where {@code mask} (bool) is true. */
    default Tensor maskedScatter(Tensor mask, Tensor source) {
        same("maskedScatter", source);
        Shape common = common("maskedScatter", mask);
        Tensor where = Blockwise.nonzero(mask.expand(common.toArray()), false);
        if (source.numel() < where.numel()) {
            throw new IllegalArgumentException("maskedScatter: the mask has " + where.numel()
                    + " true elements, the source of shape " + source.shape() + " only " + source.numel());
        }
        return self().expand(common.toArray())
                .reshape(-1)
                .scatter(0, where, source.reshape(-1).narrow(0, 0, where.numel()))
                .reshape(common);
    }

    default Tensor maskedScatter_(Tensor mask, Tensor source) {
        return self().copy_(fits("maskedScatter_", maskedScatter(mask, source)));
    }

    private Tensor fits(String op, Tensor result) {
        if (!result.shape().equals(self().shape())) {
            throw new IllegalArgumentException(
                    op + ": a mask that broadcasts to " + result.shape() + " does not fit shape " + self().shape());
        }
        return result;
    }

    private Shape common(String op, Tensor mask) {
        NullArgument.check(mask, "mask");
        if (mask.dtype() != DType.BOOL) {
            throw new IllegalArgumentException(
                    op + " needs a bool mask, got " + mask.dtype() + "; compare first, as in x.ne(0)");
        }
        try {
            return Shape.broadcast(self().shape(), mask.shape());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(op + ": " + e.getMessage(), e);
        }
    }

    /** The indices of all elements that are not zero, a row each: {@code [count, dim]}, int64. */
    default Tensor nonzero() {
        return Blockwise.nonzero(self(), true);
    }

    /** As {@link #nonzero()}. */
    default Tensor argwhere() {
        return nonzero();
    }

    /** {@link #nonzero()} as an index tensor for each dimension; a number counts as a vector. */
    default List<Tensor> nonzeroAsTuple() {
        return self().atleast1d().nonzero().unbind(1);
    }

    // ---- into the flattened tensor

    /** The elements at {@code index} of the row-major order, in the shape of {@code index}. */
    default Tensor take(Tensor index) {
        return self().reshape(-1).index(index);
    }

    /** A copy of this tensor with {@code source}'s elements at {@code index} of the row-major order, added where {@code accumulate}. */
    default Tensor put(Tensor index, Tensor source, boolean accumulate) {
        NullArgument.check(index, "index");
        same("put", source);
        if (index.numel() != source.numel()) {
            throw new IllegalArgumentException("put: " + index.numel() + " indices of shape " + index.shape() + " for "
                    + source.numel() + " values of shape " + source.shape());
        }
        Index[] at = {index.reshape(-1)};
        return self().reshape(-1).indexPut(at, source.reshape(-1), accumulate).reshape(self().shape());
    }

    default Tensor put(Tensor index, Tensor source) {
        return put(index, source, false);
    }

    default Tensor put_(Tensor index, Tensor source, boolean accumulate) {
        return self().copy_(put(index, source, accumulate));
    }

    default Tensor put_(Tensor index, Tensor source) {
        return put_(index, source, false);
    }
}
