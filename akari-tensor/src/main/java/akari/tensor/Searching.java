package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import org.jspecify.annotations.Nullable;

/** Finding values: in sorted sequences, in sets, and the distinct ones. None of it has a gradient. */
public sealed interface Searching permits Tensor {

    /**
     * Distinct values.
     *
     * @param inverse for each element of the input its position among the values; null if not asked for
     * @param counts how often each value occurs; null if not asked for
     */
    record Unique(
            Tensor values,
            @Nullable Tensor inverse,
            @Nullable Tensor counts) {}

    private Tensor self() {
        return (Tensor) this;
    }

    // ---- sorted sequences

    /**
     * Where each of {@code values} would be inserted into this sorted sequence: before equal elements. This tensor is either
     * 1-d, or has the shape of {@code values} but for the last dimension, along which each row is searched for its own values.
     * NaN belongs at the end, where sorting puts it. Int64, of the shape of {@code values}.
     */
    default Tensor searchsorted(Tensor values) {
        return searchsorted(values, false);
    }

    /** As {@link #searchsorted(Tensor)}; behind equal elements if {@code right}. */
    default Tensor searchsorted(Tensor values, boolean right) {
        return searchsorted(values, false, right, null);
    }

    /** The place of one number in this vector, a 0-d tensor. */
    default Tensor searchsorted(Number value) {
        return searchsorted(Tensors.asTensor(value));
    }

    default Tensor searchsorted(Number value, boolean right) {
        return searchsorted(Tensors.asTensor(value), right);
    }

    /** @param sorter the order in which this tensor would be sorted, from {@code argsort}; null if it is */
    default Tensor searchsorted(Tensor values, boolean outInt32, boolean right, @Nullable Tensor sorter) {
        Tensor sequence = self();
        if (sequence.dim() == 0) {
            throw new IllegalArgumentException("searchsorted: the sorted sequence needs at least one dimension");
        }
        if (sequence.dtype() != values.dtype()) {
            throw new IllegalArgumentException("searchsorted: the sequence is " + sequence.dtype() + ", the values are "
                    + values.dtype() + "; convert one of them");
        }
        boolean shared = sequence.dim() == 1;
        if (!shared
                && (values.dim() != sequence.dim()
                        || !sequence.shape().with(-1, 1).equals(values.shape().with(-1, 1)))) {
            throw new IllegalArgumentException("searchsorted: sequences of shape " + sequence.shape()
                    + " and values of shape " + values.shape()
                    + ": all dimensions but the last must be equal, or the sequence 1-d");
        }
        if (sorter != null && (sorter.dtype() != DType.INT64 || !sorter.shape().equals(sequence.shape()))) {
            throw new IllegalArgumentException("searchsorted: the sorter must be int64 of the sequence's shape "
                    + sequence.shape() + ", got " + sorter.dtype() + " " + sorter.shape());
        }
        return Tensors.noGrad(() -> Tape.composite("searchsorted", () -> {
            Tensor sorted = sorter == null ? sequence : sequence.gather(-1, sorter);
            Tensor wanted = shared ? values.flatten() : values;
            Tensor at = search(sorted, wanted, right).reshape(values.shape());
            return outInt32 ? at.to(DType.INT32) : at;
        }));
    }

    /** By halving, all values at a time: the position grows by each power of two whose last element still lies before the value. */
    private static Tensor search(Tensor sorted, Tensor wanted, boolean right) {
        long n = sorted.size(-1);
        Tensor at = wanted.like(DType.INT64, wanted.shape()).zero_();
        if (wanted.numel() == 0) {
            return at;
        }
        Tensor nan = wanted.isnan();
        for (long step = Long.highestOneBit(n); step > 0; step /= 2) {
            Tensor probe = at.add(step - 1);
            Tensor element = sorted.gather(-1, probe.clamp(0, n - 1));
            Tensor before = right
                    ? element.le(wanted).logicalOr(nan)
                    : element.lt(wanted)
                            .logicalOr(nan.logicalAnd(element.isnan().logicalNot()));
            Tensor moves = before.logicalAnd(probe.lt(n));
            at = at.add(moves.to(DType.INT64).mul(step));
        }
        return at;
    }

    /** The bucket of each element: {@code boundaries.searchsorted(this)}, with 1-d boundaries. */
    default Tensor bucketize(Tensor boundaries) {
        return bucketize(boundaries, false);
    }

    default Tensor bucketize(Tensor boundaries, boolean right) {
        return bucketize(boundaries, false, right);
    }

    default Tensor bucketize(Tensor boundaries, boolean outInt32, boolean right) {
        if (boundaries.dim() != 1) {
            throw new IllegalArgumentException("bucketize needs 1-d boundaries, got shape " + boundaries.shape());
        }
        DType type = Elementwise.promoted(self(), boundaries);
        return boundaries.to(type).searchsorted(self().to(type), outInt32, right, null);
    }

    /** Whether each element is among {@code testElements}; bool. NaN is never. */
    default Tensor isin(Tensor testElements) {
        return isin(testElements, false, false);
    }

    default Tensor isin(Tensor testElements, boolean assumeUnique) {
        return isin(testElements, assumeUnique, false);
    }

    /**
     * @param assumeUnique accepted for PyTorch's sake; the result does not depend on it
     * @param invert whether each element is not among them
     */
    default Tensor isin(Tensor testElements, boolean assumeUnique, boolean invert) {
        return Tensors.noGrad(() -> Tape.composite("isin", () -> {
            if (testElements.numel() == 0) {
                return self().like(DType.BOOL, self().shape()).fill_(invert ? 1 : 0);
            }
            DType type = Elementwise.promoted(self(), testElements);
            Tensor set = testElements.to(type).flatten().sort(0).values();
            Tensor wanted = self().to(type).flatten();
            Tensor at = set.searchsorted(wanted).clamp(0, set.numel() - 1);
            Tensor found = set.gather(0, at).eq(wanted).reshape(self().shape());
            return invert ? found.logicalNot() : found;
        }));
    }

    default Tensor isin(Number testElement) {
        return self().eq(testElement);
    }

    default Tensor isin(Number testElement, boolean assumeUnique) {
        return isin(testElement, assumeUnique, false);
    }

    default Tensor isin(Number testElement, boolean assumeUnique, boolean invert) {
        return invert ? self().ne(testElement) : isin(testElement);
    }

    // ---- distinct values

    /** The distinct values of all elements in rising order, 1-d. NaN differs from itself. */
    default Tensor unique() {
        return unique(true, false, false).values();
    }

    default Tensor unique(boolean sorted) {
        return unique(sorted, false, false).values();
    }

    default Unique unique(boolean sorted, boolean returnInverse) {
        return unique(sorted, returnInverse, false);
    }

    /** The distinct values of all elements, always in rising order, whatever {@code sorted}. */
    default Unique unique(boolean sorted, boolean returnInverse, boolean returnCounts) {
        return Tensors.noGrad(() -> {
            Reductions.Indexed order = self().flatten().sort(0);
            return runs(order.values(), order.indices(), returnInverse, returnCounts, self().shape());
        });
    }

    /** The distinct slices along {@code dim}, compared element by element in row-major order. */
    default Unique unique(boolean sorted, boolean returnInverse, boolean returnCounts, int dim) {
        return Tensors.noGrad(() -> Slices.of(self(), dim).unique(true, returnInverse, returnCounts));
    }

    /** The elements without those that equal the one before, 1-d. */
    default Tensor uniqueConsecutive() {
        return uniqueConsecutive(false, false).values();
    }

    default Unique uniqueConsecutive(boolean returnInverse) {
        return uniqueConsecutive(returnInverse, false);
    }

    default Unique uniqueConsecutive(boolean returnInverse, boolean returnCounts) {
        return Tensors.noGrad(() -> runs(self().flatten(), null, returnInverse, returnCounts, self().shape()));
    }

    /** The slices along {@code dim} without those that equal the one before. */
    default Unique uniqueConsecutive(boolean returnInverse, boolean returnCounts, int dim) {
        return Tensors.noGrad(() -> Slices.of(self(), dim).unique(false, returnInverse, returnCounts));
    }

    /** Runs of equal neighbours of a 1-d tensor; {@code origin} says where its elements come from, null for their own places. */
    private static Unique runs(
            Tensor x, @Nullable Tensor origin, boolean returnInverse, boolean returnCounts, Shape shape) {
        long n = x.numel();
        if (n == 0) {
            Tensor none = x.like(DType.INT64, Shape.of(0));
            return new Unique(x, returnInverse ? none.reshape(shape) : null, returnCounts ? none : null);
        }
        Tensor run = Slices.changes(x, 0).cumsum(0).sub(1);
        long count = run.select(0, n - 1).itemLong() + 1;
        Tensor values = x.like(x.dtype(), Shape.of(count)).scatter(0, run, x);
        Tensor inverse = null;
        if (returnInverse) {
            inverse = (origin == null ? run : x.like(DType.INT64, Shape.of(n)).scatter(0, origin, run)).reshape(shape);
        }
        Tensor counts = null;
        if (returnCounts) {
            Tensor ones = x.like(DType.INT64, Shape.of(n)).fill_(1);
            counts = x.like(DType.INT64, Shape.of(count)).zero_().scatterAdd(0, run, ones);
        }
        return new Unique(values, inverse, counts);
    }
}
