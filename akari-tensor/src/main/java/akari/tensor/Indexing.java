package akari.tensor;

import akari.backend.Combine;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Picking and placing elements along one dimension by index tensors of int64 (int32 will do). An index out of range is an error; a
 * negative one is, too. The forms without underscore copy; those with it are the same changes of this very tensor.
 */
public sealed interface Indexing permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    // ---- element by element

    /** {@code out[i][j] = this[index[i][j]][j]} for {@code dim = 0}, and so on; {@code index} has this tensor's rank. */
    default Tensor gather(int dim, Tensor index) {
        IndexingOps.Along a = along("gather", dim, index, null);
        return Tape.apply(new IndexingOps.Gather(a.dim()), a.self(), a.index()).reshape(index.shape());
    }

    /** {@link #gather} with {@code indices} broadcast against this tensor in all other dimensions. */
    default Tensor takeAlongDim(Tensor indices, int dim) {
        Tensor x = self();
        if (indices.dim() != x.dim()) {
            throw new IllegalArgumentException("takeAlongDim: indices of shape " + indices.shape()
                    + " must have as many dimensions as " + x.shape());
        }
        int d = x.shape().axis(dim);
        if (x.dim() == 0) {
            return gather(0, indices);
        }
        Shape common = Shape.broadcast(x.shape().with(d, 1), indices.shape().with(d, 1));
        return x.expand(common.with(d, x.size(d)).toArray())
                .gather(d, indices.expand(common.with(d, indices.size(d)).toArray()));
    }

    /** {@link Selection#take}, of any shape of indices flattened. */
    default Tensor takeAlongDim(Tensor indices) {
        return self().reshape(-1).gather(0, indices.reshape(-1));
    }

    /** A copy of this tensor with {@code src} placed at {@code index} along {@code dim}; of repeated indices the last counts. */
    default Tensor scatter(int dim, Tensor index, Tensor src) {
        return scatter("scatter", Combine.SET, dim, index, src);
    }

    /** A copy of this tensor with {@code value} at {@code index} along {@code dim}. */
    default Tensor scatter(int dim, Tensor index, Number value) {
        return scatter(dim, index, constant(index, value));
    }

    /** @param reduce {@code "add"} or {@code "multiply"}: what happens to the element that is there */
    default Tensor scatter(int dim, Tensor index, Tensor src, String reduce) {
        NullArgument.check(reduce, "reduce");
        return switch (reduce) {
            case "add" -> scatterAdd(dim, index, src);
            case "multiply" -> scatterReduce(dim, index, src, "prod", true);
            default ->
                throw new IllegalArgumentException(
                        "scatter: reduce is \"add\" or \"multiply\", got \"" + reduce + "\"");
        };
    }

    default Tensor scatter(int dim, Tensor index, Number value, String reduce) {
        return scatter(dim, index, constant(index, value), reduce);
    }

    private Tensor constant(Tensor index, Number value) {
        NullArgument.check(index, "index");
        NullArgument.check(value, "value");
        DType type = self().dtype();
        return Tensors.full(type, ElementNumbers.element("scatter", type, value))
                .expand(index.shape().toArray());
    }

    /** A copy of this tensor with {@code src} added at {@code index} along {@code dim}; repeated indices add up. */
    default Tensor scatterAdd(int dim, Tensor index, Tensor src) {
        return scatter("scatterAdd", Combine.ADD, dim, index, src);
    }

    private Tensor scatter(String op, Combine how, int dim, Tensor index, Tensor src) {
        IndexingOps.Along a = along(op, dim, index, src);
        return Scattering.scatter(a.self(), a.dim(), a.index(), a.src(), how).reshape(self().shape());
    }

    /**
     * A copy of this tensor in which all elements of {@code src} that go to one place are reduced into it.
     *
     * @param reduce {@code "sum"}, {@code "prod"}, {@code "mean"}, {@code "amax"} or {@code "amin"}
     * @param includeSelf whether the element that is there counts, too
     */
    default Tensor scatterReduce(int dim, Tensor index, Tensor src, String reduce, boolean includeSelf) {
        IndexingOps.Along a = along("scatterReduce", dim, index, src);
        return Scattering.reduce(a.self(), a.dim(), a.index(), a.src(), reduce, includeSelf)
                .reshape(self().shape());
    }

    default Tensor scatterReduce(int dim, Tensor index, Tensor src, String reduce) {
        return scatterReduce(dim, index, src, reduce, true);
    }

    default Tensor scatter_(int dim, Tensor index, Tensor src) {
        return self().copy_(scatter(dim, index, src));
    }

    default Tensor scatter_(int dim, Tensor index, Number value) {
        return self().copy_(scatter(dim, index, value));
    }

    default Tensor scatter_(int dim, Tensor index, Tensor src, String reduce) {
        NullArgument.check(reduce, "reduce");
        return self().copy_(scatter(dim, index, src, reduce));
    }

    default Tensor scatter_(int dim, Tensor index, Number value, String reduce) {
        return self().copy_(scatter(dim, index, value, reduce));
    }

    default Tensor scatterAdd_(int dim, Tensor index, Tensor src) {
        return self().copy_(scatterAdd(dim, index, src));
    }

    default Tensor scatterReduce_(int dim, Tensor index, Tensor src, String reduce, boolean includeSelf) {
        boolean recorded = Tensors.isGradEnabled() && (self().requiresGrad() || src.requiresGrad());
        Tensor before = recorded ? self().clone() : self(); // the gradient of an extreme or a product reads it
        return self().copy_(before.scatterReduce(dim, index, src, reduce, includeSelf));
    }

    default Tensor scatterReduce_(int dim, Tensor index, Tensor src, String reduce) {
        return scatterReduce_(dim, index, src, reduce, true);
    }

    private IndexingOps.Along along(String op, int dim, Tensor index, @Nullable Tensor src) {
        Tensor x = self();
        int axis = x.shape().axis(dim);
        Tensor at = integers(op, index);
        if (src != null && src.dtype() != x.dtype()) {
            throw new IllegalArgumentException(op + ": a source of type " + src.dtype() + " for a tensor of type "
                    + x.dtype() + "; convert it with to(" + x.dtype().name() + ")");
        }
        Tensor one = x.atleast1d();
        if (at.numel() == 0) { // touches nothing, whatever its shape
            long[] none = new long[one.dim()];
            Tensor nothing =
                    src == null ? null : src.reshape(-1).narrow(0, 0, 0).reshape(none);
            return new IndexingOps.Along(axis, one, at.reshape(none), nothing);
        }
        at = at.atleast1d();
        Tensor from = src == null ? null : src.atleast1d();
        boolean fits = at.dim() == one.dim() && (from == null || from.dim() == at.dim());
        for (int d = 0; fits && d < at.dim(); d++) {
            fits = (d == axis || at.size(d) <= one.size(d)) && (from == null || at.size(d) <= from.size(d));
        }
        if (!fits) {
            throw new IllegalArgumentException(op + " along dimension " + axis + ": the index of shape " + index.shape()
                    + (src == null ? "" : " and the source of shape " + src.shape())
                    + " must have as many dimensions as " + x.shape() + ", and the index be nowhere larger than "
                    + (src == null ? "it" : "either") + ", but that dimension " + axis + " of it may be");
        }
        return new IndexingOps.Along(axis, one, at, from);
    }

    private static Tensor integers(String op, Tensor index) {
        NullArgument.check(index, "index");
        if (index.dtype() != DType.INT64 && index.dtype() != DType.INT32) {
            throw new IllegalArgumentException(op + " needs an int64 index, got " + index.dtype());
        }
        return index.to(DType.INT64);
    }

    // ---- whole slices

    /** The slices {@code index[0], index[1], …} of dimension {@code dim}; {@code index} has one dimension, or is one number. */
    default Tensor indexSelect(int dim, Tensor index) {
        IndexingOps.Rows r = rows("indexSelect", dim, index);
        if (self().dim() == 0 && index.numel() != 1) {
            throw new IllegalArgumentException(
                    "indexSelect: an index of shape " + index.shape() + " for a 0-d tensor, which has one element");
        }
        Tensor out = Tape.apply(new IndexingOps.Gather(r.dim()), r.self(), r.index());
        return self().dim() == 0 ? out.reshape() : out;
    }

    /** A copy of this tensor with {@code alpha * source[…, i, …]} added to slice {@code index[i]} of {@code dim}. */
    default Tensor indexAdd(int dim, Tensor index, Tensor source, Number alpha) {
        NullArgument.check(alpha, "alpha");
        NullArgument.check(source, "source");
        ElementNumbers.element("indexAdd", source.dtype(), alpha);
        Tensor scaled = alpha.doubleValue() == 1 ? source : source.mul(alpha).to(source.dtype());
        return place("indexAdd", Combine.ADD, dim, index, scaled);
    }

    default Tensor indexAdd(int dim, Tensor index, Tensor source) {
        return indexAdd(dim, index, source, 1);
    }

    /** A copy of this tensor with slice {@code i} of {@code source} in the place of slice {@code index[i]} of {@code dim}. */
    default Tensor indexCopy(int dim, Tensor index, Tensor source) {
        return place("indexCopy", Combine.SET, dim, index, source);
    }

    /** A copy of this tensor with {@code value} in the slices {@code index} of {@code dim}. */
    default Tensor indexFill(int dim, Tensor index, Number value) {
        NullArgument.check(value, "value");
        DType type = self().dtype();
        return indexFill(dim, index, Tensors.full(type, ElementNumbers.element("indexFill", type, value)));
    }

    /** @param value a 0-d tensor */
    default Tensor indexFill(int dim, Tensor index, Tensor value) {
        NullArgument.check(value, "value");
        if (value.dim() != 0) {
            throw new IllegalArgumentException("indexFill takes a 0-d value, got shape " + value.shape());
        }
        IndexingOps.Rows r = rows("indexFill", dim, index);
        Tensor source = value.to(self().dtype()).expand(r.index().shape().toArray());
        return Tape.apply(new IndexingOps.Scatter(r.dim(), Combine.SET), r.self(), r.index(), source)
                .reshape(self().shape());
    }

    default Tensor indexAdd_(int dim, Tensor index, Tensor source, Number alpha) {
        return self().copy_(indexAdd(dim, index, source, alpha));
    }

    default Tensor indexAdd_(int dim, Tensor index, Tensor source) {
        return indexAdd_(dim, index, source, 1);
    }

    default Tensor indexCopy_(int dim, Tensor index, Tensor source) {
        return self().copy_(indexCopy(dim, index, source));
    }

    default Tensor indexFill_(int dim, Tensor index, Number value) {
        return self().copy_(indexFill(dim, index, value));
    }

    default Tensor indexFill_(int dim, Tensor index, Tensor value) {
        return self().copy_(indexFill(dim, index, value));
    }

    private Tensor place(String op, Combine how, int dim, Tensor index, Tensor source) {
        IndexingOps.Rows r = rows(op, dim, index);
        Tensor from = source.atleast1d();
        if (source.dtype() != self().dtype()
                || from.dim() != r.self().dim()
                || !from.shape().equals(r.index().shape())) {
            throw new IllegalArgumentException(op + " along dimension " + r.dim() + ": a source " + source.dtype() + " "
                    + source.shape() + " for " + self().dtype() + " " + self().shape() + " at " + index.numel()
                    + " indices; expected shape " + r.index().shape());
        }
        return Tape.apply(new IndexingOps.Scatter(r.dim(), how), r.self(), r.index(), from)
                .reshape(self().shape());
    }

    private IndexingOps.Rows rows(String op, int dim, Tensor index) {
        NullArgument.check(index, "index");
        if (index.dim() > 1) {
            throw new IllegalArgumentException(op + " needs a 1-d index, got shape " + index.shape());
        }
        int axis = self().shape().axis(dim);
        Tensor x = self().atleast1d();
        long[] column = new long[x.dim()];
        Arrays.fill(column, 1);
        column[axis] = index.numel();
        Shape wanted = x.shape().with(axis, index.numel());
        return new IndexingOps.Rows(axis, x, integers(op, index).reshape(column).expand(wanted.toArray()));
    }
}
