package akari.tensor;

import akari.backend.Layout;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parts of a tensor and other orders of its dimensions, all of them views: they share memory, so that a change of one is seen in the
 * other, by gradients as well.
 */
public sealed interface Views permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    // ---- the order of dimensions

    /** Dimensions in another order. */
    default Tensor permute(int... dims) {
        List<Integer> order = new ArrayList<>();
        for (int d : dims) {
            order.add(self().shape().axis(d));
        }
        return Tape.apply(new ViewOps.Permute(order), self());
    }

    /** Swaps two dimensions. */
    default Tensor transpose(int a, int b) {
        int rank = self().dim();
        int i = self().shape().axis(a);
        int j = self().shape().axis(b);
        Integer[] dims = new Integer[rank];
        Arrays.setAll(dims, d -> d);
        if (rank > 0) {
            dims[i] = j;
            dims[j] = i;
        }
        return Tape.apply(new ViewOps.Permute(List.of(dims)), self());
    }

    /** As {@link #transpose}. */
    default Tensor swapaxes(int a, int b) {
        return transpose(a, b);
    }

    /** As {@link #transpose}. */
    default Tensor swapdims(int a, int b) {
        return transpose(a, b);
    }

    /** The transpose of a matrix; a vector stays as it is. */
    default Tensor t() {
        if (self().dim() > 2) {
            throw new IllegalArgumentException(
                    "t() is for at most 2 dimensions, got shape " + self().shape() + "; use transpose");
        }
        return T();
    }

    /** All dimensions in reverse order. */
    default Tensor T() {
        int rank = self().dim();
        int[] order = new int[rank];
        Arrays.setAll(order, d -> rank - 1 - d);
        return permute(order);
    }

    /** The transpose of a matrix. */
    default Tensor H() {
        if (self().dim() != 2 && self().dim() != 0) {
            throw new IllegalArgumentException("H() is for matrices, got shape " + self().shape() + "; use mH()");
        }
        return T();
    }

    /** Matrices in the last two dimensions, transposed. */
    default Tensor mT() {
        if (self().dim() < 2) {
            throw new IllegalArgumentException("mT() needs at least 2 dimensions, got shape " + self().shape());
        }
        return transpose(-2, -1);
    }

    /** As {@link #mT}: all numbers here are real. */
    default Tensor mH() {
        return mT();
    }

    /** As {@link #mH}. */
    default Tensor adjoint() {
        return mH();
    }

    /** Dimensions {@code source} at the places {@code destination}; the others keep their order. */
    default Tensor movedim(int[] source, int[] destination) {
        NullArgument.check(destination, "destination");
        NullArgument.check(source, "source");
        int rank = self().dim();
        if (source.length != destination.length) {
            throw new IllegalArgumentException("movedim: " + source.length + " dimensions " + Arrays.toString(source)
                    + " cannot go to " + destination.length + " places " + Arrays.toString(destination));
        }
        if (rank == 0) {
            Arrays.stream(source).forEach(d -> self().shape().axis(d));
            Arrays.stream(destination).forEach(d -> self().shape().axis(d));
            return T();
        }
        int[] order = new int[rank];
        Arrays.fill(order, -1);
        boolean[] moved = new boolean[rank];
        for (int i = 0; i < source.length; i++) {
            int from = self().shape().axis(source[i]);
            int to = self().shape().axis(destination[i]);
            if (moved[from] || order[to] >= 0) {
                throw new IllegalArgumentException("movedim: a dimension repeats in " + Arrays.toString(source) + " or "
                        + Arrays.toString(destination));
            }
            moved[from] = true;
            order[to] = from;
        }
        int next = 0;
        for (int d = 0; d < rank; d++) {
            if (order[d] < 0) {
                while (moved[next]) {
                    next++;
                }
                order[d] = next++;
            }
        }
        return permute(order);
    }

    default Tensor movedim(int source, int destination) {
        return movedim(new int[] {source}, new int[] {destination});
    }

    /** As {@link #movedim(int[], int[])}. */
    default Tensor moveaxis(int[] source, int[] destination) {
        return movedim(source, destination);
    }

    default Tensor moveaxis(int source, int destination) {
        return movedim(source, destination);
    }

    // ---- parts

    /** Elements {@code start .. start+length-1} of dimension {@code dim}; a negative start counts from the end. */
    default Tensor narrow(int dim, long start, long length) {
        int d = dimension("narrow", dim);
        long n = self().size(d);
        if (start < -n || start > n || length < 0 || length > n - (start < 0 ? start + n : start)) {
            throw new IndexOutOfBoundsException("narrow: start " + start + " and length " + length
                    + " are out of range for dimension " + d + " with size " + n + " of shape " + self().shape());
        }
        return Tape.apply(new ViewOps.Slice(d, start < 0 ? start + n : start, length, 1), self());
    }

    /** {@link #narrow(int, long, long)} from a start that a one-element integer tensor holds. */
    default Tensor narrow(int dim, Tensor start, long length) {
        return narrow(dim, start.itemLong(), length);
    }

    /** Python's {@code x[start:end:step]} along {@code dim}: negative bounds count from the end, bounds beyond it are clipped. */
    default Tensor slice(int dim, long start, long end, long step) {
        if (step < 1) {
            throw new IllegalArgumentException("slice step must be positive, got " + step + "; flip() reverses");
        }
        int d = dimension("slice", dim);
        long n = self().size(d);
        long from = Math.clamp(start < 0 ? start + n : start, 0L, n);
        long to = Math.clamp(end < 0 ? end + n : end, 0L, n);
        return Tape.apply(new ViewOps.Slice(d, from, Math.max(0, Math.ceilDiv(to - from, step)), step), self());
    }

    default Tensor slice(int dim, long start, long end) {
        return slice(dim, start, end, 1);
    }

    /** Index {@code i} of dimension {@code dim}, negative from the end; the dimension disappears. */
    default Tensor select(int dim, long i) {
        int d = dimension("select", dim);
        self().view.layout().select(d, i); // checks the index
        return Tape.apply(new ViewOps.Select(d, i < 0 ? i + self().size(d) : i), self());
    }

    /** The row {@code i}: {@code x[i]}. */
    default Tensor get(long i) {
        return select(0, i);
    }

    private int dimension(String op, int dim) {
        if (self().dim() == 0) {
            throw new IllegalArgumentException(
                    op + " needs a tensor with a dimension, this one is 0-d; unsqueeze(0) adds one");
        }
        return self().shape().axis(dim);
    }

    /** {@link #select} for every index of {@code dim}. */
    default List<Tensor> unbind(int dim) {
        int d = dimension("unbind", dim);
        List<Tensor> out = new ArrayList<>();
        for (long i = 0; i < self().size(d); i++) {
            out.add(select(d, i));
        }
        return out;
    }

    default List<Tensor> unbind() {
        return unbind(0);
    }

    /**
     * The diagonal of the matrices in dimensions {@code dim1} and {@code dim2}, {@code offset} above the main one; it becomes the last
     * dimension.
     */
    default Tensor diagonal(long offset, int dim1, int dim2) {
        return Tape.apply(new ViewOps.Diagonal(offset, dim1, dim2), self());
    }

    default Tensor diagonal(long offset, int dim1) {
        return diagonal(offset, dim1, 1);
    }

    default Tensor diagonal(long offset) {
        return diagonal(offset, 0, 1);
    }

    default Tensor diagonal() {
        return diagonal(0);
    }

    /** All windows of {@code size} elements along {@code dim}, one every {@code step}, in a new last dimension. */
    default Tensor unfold(int dim, long size, long step) {
        return Tape.apply(new ViewOps.Unfold(self().shape().axis(dim), size, step), self());
    }

    /**
     * What {@link #unfold} took apart, put together: the windows in the last dimension, one every {@code step} along {@code dim}, in
     * {@code length} elements. What falls on one place adds up, and what no window reaches is 0.
     */
    default Tensor overlapAdd(int dim, long step, long length) {
        Tensor x = self();
        if (x.dim() < 2) {
            throw new IllegalArgumentException(
                    "overlapAdd needs a dimension of windows and one inside of them, got shape " + x.shape());
        }
        Shape windows = Shape.of(Arrays.copyOf(x.shape().toArray(), x.dim() - 1));
        int d = windows.axis(dim);
        Layout whole = Layout.contiguous(windows.with(d, length));
        ViewOps.Unfold taken = new ViewOps.Unfold(d, x.size(-1), step);
        if (length < x.size(-1) || !taken.of(whole).shape().equals(x.shape())) {
            throw new IllegalArgumentException("overlapAdd: " + x.size(d) + " windows of " + x.size(-1)
                    + " elements, one every " + step + ", are not what unfold takes from " + length + " elements");
        }
        return Tape.apply(new ViewOps.Embed(taken, whole), x);
    }

    /**
     * The element at {@code offset + i0*stride0 + i1*stride1 + …} of this tensor's memory for every index {@code (i0, i1, …)} of
     * {@code size}, wherever this view lies in it.
     */
    default Tensor asStrided(long[] size, long[] stride, long offset) {
        Tensor x = self();
        Layout part = Layout.of(Shape.of(size), stride, offset);
        long have = x.view.buffer().bytes() / x.dtype().bytes();
        if (part.end() > have) {
            throw new IllegalArgumentException(
                    "asStrided: size " + Arrays.toString(size) + ", stride " + Arrays.toString(stride) + " and offset "
                            + offset + " reach element " + (part.end() - 1) + " of a memory of " + have + " elements");
        }
        if (x.view.layout().overlaps() && x.requiresGrad() && Tensors.isGradEnabled()) {
            throw new IllegalArgumentException(
                    "asStrided of an expanded tensor of shape " + x.shape() + " has no gradient: clone() it first");
        }
        return Tape.apply(new ViewOps.AsStrided(part, x.view.layout()), x);
    }

    /** {@link #asStrided(long[], long[], long)} from this tensor's own first element. */
    default Tensor asStrided(long[] size, long[] stride) {
        return asStrided(size, stride, self().view.layout().offset());
    }

    // ---- in place: this very tensor gets another shape over the same memory

    private Tensor become(String op, Tensor other) {
        self().checkInPlace(op);
        return self().become(other);
    }

    default Tensor transpose_(int a, int b) {
        return become("transpose_", transpose(a, b));
    }

    default Tensor swapaxes_(int a, int b) {
        return transpose_(a, b);
    }

    default Tensor swapdims_(int a, int b) {
        return transpose_(a, b);
    }

    default Tensor t_() {
        return become("t_", t());
    }

    default Tensor squeeze_() {
        return become("squeeze_", self().squeeze());
    }

    default Tensor squeeze_(int... dims) {
        return become("squeeze_", self().squeeze(dims));
    }

    default Tensor unsqueeze_(int dim) {
        return become("unsqueeze_", self().unsqueeze(dim));
    }

    default Tensor asStrided_(long[] size, long[] stride, long offset) {
        return become("asStrided_", asStrided(size, stride, offset));
    }

    default Tensor asStrided_(long[] size, long[] stride) {
        return become("asStrided_", asStrided(size, stride));
    }

    /**
     * Gives this tensor another shape, row-major from its first element on. Where its memory is too small, the elements move into a
     * larger one, of which the rest is uninitialised, and views taken before keep the old one.
     */
    default Tensor resize_(long... size) {
        Tensor x = self();
        if (x.requiresGrad()) {
            throw new IllegalStateException("resize_ on a tensor of shape " + x.shape() + " that requires a gradient");
        }
        Layout wanted = Layout.contiguous(Shape.of(size)).at(x.view.layout().offset());
        long have = x.view.buffer().bytes() / x.dtype().bytes();
        if (wanted.numel() <= have - wanted.offset()) {
            x.view = x.view.with(wanted);
            x.view.buffer().touch();
            return x;
        }
        Tensor larger = x.like(x.dtype(), Shape.of(size));
        long keep = have - wanted.offset();
        Tensors.noGrad(() -> larger.viewed(Layout.contiguous(Shape.of(keep)))
                .copy_(x.viewed(Layout.contiguous(Shape.of(keep)).at(wanted.offset()))));
        x.data(larger);
        return x;
    }

    default Tensor resize_(Shape size) {
        return resize_(size.toArray());
    }

    default Tensor resize_(int[] size) {
        return resize_(Shape.of(size).toArray());
    }

    /** {@link #resize_} to the shape of {@code other}. */
    default Tensor resizeAs_(Tensor other) {
        return resize_(other.shape().toArray());
    }
}
