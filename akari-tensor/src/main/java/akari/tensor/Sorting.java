package akari.tensor;

import akari.backend.Conversions;
import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Reductions.Indexed;
import java.util.function.Supplier;

/**
 * Order along a dimension, by default the last. NaN counts as larger than every number, and zeros of both signs as equal. Sorting
 * is always stable, so that results are the same on every device. A gradient goes to the places that the values came from.
 */
public sealed interface Sorting permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The elements of the last dimension in rising order, and where each was. */
    default Indexed sort() {
        return sort(-1, false);
    }

    /** Along the last dimension. */
    default Indexed sort(boolean descending) {
        return sort(-1, descending);
    }

    default Indexed sort(int dim) {
        return sort(dim, false);
    }

    /** The elements along {@code dim} in rising or falling order, and where each was. */
    default Indexed sort(int dim, boolean descending) {
        return ordered(dim, descending, length(dim));
    }

    /** As {@link #sort(int, boolean)}, which is stable in any case. */
    default Indexed sort(int dim, boolean descending, boolean stable) {
        return sort(dim, descending);
    }

    /** The positions that {@link #sort()} gives. */
    default Tensor argsort() {
        return argsort(-1, false);
    }

    /** Along the last dimension. */
    default Tensor argsort(boolean descending) {
        return argsort(-1, descending);
    }

    default Tensor argsort(int dim) {
        return argsort(dim, false);
    }

    default Tensor argsort(int dim, boolean descending) {
        return Tensors.noGrad(() -> sort(dim, descending)).indices();
    }

    default Tensor argsort(int dim, boolean descending, boolean stable) {
        return argsort(dim, descending);
    }

    /** The elements along dimension 0 in rising order. */
    default Tensor msort() {
        return sort(0).values();
    }

    /** The {@code k} largest elements of the last dimension in falling order, and where each was. */
    default Indexed topk(int k) {
        return topk(k, -1, true, true);
    }

    default Indexed topk(int k, int dim) {
        return topk(k, dim, true, true);
    }

    /** Along the last dimension, in order. */
    default Indexed topk(int k, boolean largest) {
        return topk(k, -1, largest);
    }

    default Indexed topk(int k, int dim, boolean largest) {
        return topk(k, dim, largest, true);
    }

    /**
     * The {@code k} largest or smallest elements along {@code dim}, and where each was; always in order, whatever {@code sorted}.
     *
     * @throws IllegalArgumentException if the dimension has fewer than k elements
     */
    default Indexed topk(int k, int dim, boolean largest, boolean sorted) {
        if (k < 0 || k > length(dim)) {
            throw new IllegalArgumentException("topk: k = " + k + " is out of range for dimension " + dim + " of shape "
                    + self().shape() + ", which has " + length(dim) + " elements");
        }
        return ordered(dim, largest, k);
    }

    /** The {@code k}-th smallest element (from 1) of the last dimension, and where it was. */
    default Indexed kthvalue(int k) {
        return kthvalue(k, -1, false);
    }

    default Indexed kthvalue(int k, boolean keepdim) {
        return kthvalue(k, -1, keepdim);
    }

    default Indexed kthvalue(int k, int dim) {
        return kthvalue(k, dim, false);
    }

    /** The {@code k}-th smallest element (from 1) along {@code dim}, and where it was: of equals the k-th in the sorted order. */
    default Indexed kthvalue(int k, int dim, boolean keepdim) {
        if (k < 1 || k > length(dim)) {
            throw new IllegalArgumentException("kthvalue: k = " + k + " is out of range for dimension " + dim
                    + " of shape " + self().shape() + ": expected 1 to " + length(dim));
        }
        return pair("kthvalue", () -> {
            if (self().dim() == 0) {
                return sort(dim);
            }
            Indexed first = ordered(dim, false, k);
            Tensor value = first.values().narrow(dim, k - 1, 1);
            Tensor place = first.indices().narrow(dim, k - 1, 1);
            return new Indexed(value, place).kept(dim, keepdim);
        });
    }

    private long length(int dim) {
        return self().dim() == 0 ? self().shape().axis(dim) + 1 : self().size(dim);
    }

    private Indexed ordered(int dim, boolean descending, long count) {
        int axis = self().shape().axis(dim);
        if (self().dim() == 0 && count == 1) {
            Indexed one = self().reshape(1).sort(0, descending);
            return new Indexed(one.values().reshape(), one.indices().reshape());
        }
        Tensor x = self().dim() == 0 ? self().reshape(1) : self();
        Tape.Result r = Tape.call(new SortingOps.Sort(axis, descending, count), x);
        return new Indexed(r.output(), r.call().extra(0));
    }

    // ---- the middle and the most frequent

    /**
     * The median of all elements, the lower one of two; NaN if there is any, or nothing at all. Equal elements share the gradient.
     *
     * @see #median(int)
     */
    default Tensor median() {
        return middle("median", false);
    }

    /** The median of all elements but NaN. */
    default Tensor nanmedian() {
        return middle("nanmedian", true);
    }

    default Indexed median(int dim) {
        return median(dim, false);
    }

    /** The median along {@code dim}, the lower one of two, and where it was. Where there is NaN, the first NaN. */
    default Indexed median(int dim, boolean keepdim) {
        return middle("median", dim, keepdim, false);
    }

    default Indexed nanmedian(int dim) {
        return nanmedian(dim, false);
    }

    /** The median of all elements but NaN along {@code dim}, and where it was. */
    default Indexed nanmedian(int dim, boolean keepdim) {
        return middle("nanmedian", dim, keepdim, true);
    }

    private Tensor middle(String name, boolean ignoreNan) {
        return Tape.composite(name, () -> {
            if (self().numel() == 0) {
                return self().dtype().isFloating()
                        ? self().sum().add(Double.NaN)
                        : self().like(self().dtype(), Shape.of())
                                .fill_(Conversions.toInteger(self().dtype(), Double.NaN));
            }
            Sorting flat = self().flatten();
            Tensor place =
                    Tensors.noGrad(() -> flat.middle(name, 0, false, ignoreNan)).indices();
            return Tape.apply(new SortingOps.Attained(), self(), place);
        });
    }

    private Indexed middle(String name, int dim, boolean keepdim, boolean ignoreNan) {
        if (length(dim) == 0) {
            throw new IllegalArgumentException(
                    name + " along the empty dimension " + dim + " of shape " + self().shape() + " does not exist");
        }
        return pair(name, () -> {
            Tensor order = argsort(dim);
            long n = length(dim);
            Tensor place;
            if (self().dtype().isFloating()) {
                int[] along = {dim};
                Tensor numbers = self().detach().isnan().logicalNot().sum(along, true);
                Tensor at = ignoreNan
                        ? numbers.to(DType.FLOAT64).sub(1).mul(0.5).trunc().to(DType.INT64)
                        : numbers.maskedFill(numbers.eq(n), (n - 1) / 2);
                place = order.gather(dim, at);
            } else {
                place = self().dim() == 0 ? order : order.narrow(dim, (n - 1) / 2, 1);
            }
            return new Indexed(self().gather(dim, place), place).kept(dim, keepdim);
        });
    }

    /** The most frequent element of the last dimension. */
    default Indexed mode() {
        return mode(-1, false);
    }

    default Indexed mode(boolean keepdim) {
        return mode(-1, keepdim);
    }

    default Indexed mode(int dim) {
        return mode(dim, false);
    }

    /** The most frequent element along {@code dim}, the smallest of equally frequent ones, and the last place where it was. */
    default Indexed mode(int dim, boolean keepdim) {
        if (length(dim) == 0) {
            throw new IllegalArgumentException(
                    "mode along the empty dimension " + dim + " of shape " + self().shape() + " does not exist");
        }
        return pair("mode", () -> {
            Tensor x = self().dim() == 0 ? self().reshape(1) : self();
            int axis = self().shape().axis(dim);
            Tensor place = Tensors.noGrad(() -> {
                Indexed sorted = x.sort(axis);
                Tensor begin = Slices.changes(sorted.values(), axis);
                long[] column = Shape.fill(x.dim(), 1).with(axis, x.size(axis)).toArray();
                Tensor position = Tensors.arange(x.size(axis))
                        .to(self().device())
                        .reshape(column)
                        .expand(x.shape().toArray());
                Tensor start =
                        position.maskedFill(begin.logicalNot(), 0).cummax(axis).values();
                Tensor last = position.sub(start).argmax(axis, true);
                return sorted.indices().gather(axis, last);
            });
            Indexed found = new Indexed(x.gather(axis, place), place);
            return self().dim() == 0
                    ? new Indexed(found.values().reshape(), place.reshape())
                    : found.kept(axis, keepdim);
        });
    }

    /** {@link Tape#composite} for two results. */
    private static Indexed pair(String name, Supplier<Indexed> body) {
        try (Scope scope = new Scope(name)) {
            Indexed r = body.get();
            scope.keep(r.values());
            scope.keep(r.indices());
            return r;
        }
    }
}
