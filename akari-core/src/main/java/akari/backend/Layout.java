package akari.backend;

import akari.core.Shape;
import akari.errors.NullArgument;
import akari.errors.ShapeMismatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a shape lies in a buffer: element {@code (i0, i1, …)} is at {@code offset + i0*stride0 + i1*stride1 + …}, counted in
 * elements. Every view operation (transpose, slice, expand, …) is a new layout over the same buffer. Strides are never negative, but
 * in what {@link #flip} makes for the source of a copy.
 */
public final class Layout {
    private final Shape shape;
    private final long[] strides;
    private final long offset;
    private final long numel;
    private final boolean contiguous;

    private Layout(Shape shape, long[] strides, long offset) {
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        long step = 1;
        boolean packed = true;
        for (int d = strides.length - 1; d >= 0; d--) {
            long size = shape.get(d);
            packed &= size == 1 || strides[d] == step;
            step = grown(shape, step, size);
        }
        this.numel = step;
        this.contiguous = packed || step == 0;
    }

    /** {@code step * size}; whatever would wrap around here, memory could not hold. */
    private static long grown(Shape shape, long step, long size) {
        if (size < 0) {
            throw new IllegalArgumentException("negative size in shape " + shape);
        }
        if (size > 0 && step > Long.MAX_VALUE / size) {
            throw new IllegalArgumentException("shape " + shape + " has more elements than a long can count");
        }
        return step * size;
    }

    public static Layout of(Shape shape, long[] strides, long offset) {
        NullArgument.check(strides, "strides");
        if (strides.length != shape.rank()) {
            throw new IllegalArgumentException("strides " + Arrays.toString(strides) + " do not match shape " + shape
                    + ": one stride a dimension");
        }
        for (long s : strides) {
            if (s < 0) {
                throw new IllegalArgumentException("negative stride in " + Arrays.toString(strides) + "; use flip");
            }
        }
        if (offset < 0) {
            throw new IllegalArgumentException("negative storage offset " + offset);
        }
        return new Layout(shape, strides.clone(), offset);
    }

    /** Row-major, the last dimension contiguous. */
    public static Layout contiguous(Shape shape) {
        long[] strides = new long[shape.rank()];
        long step = 1;
        for (int d = strides.length - 1; d >= 0; d--) {
            strides[d] = step;
            step *= Math.max(1, shape.get(d));
        }
        return new Layout(shape, strides, 0);
    }

    /** Channels (dimension 1) innermost: NHWC memory under an NCHW shape; plain row-major below three dimensions. */
    public static Layout channelsLast(Shape shape) {
        int rank = shape.rank();
        if (rank < 3) {
            return contiguous(shape);
        }
        long[] strides = new long[rank];
        strides[1] = 1;
        long step = Math.max(1, shape.get(1));
        for (int d = rank - 1; d >= 2; d--) {
            strides[d] = step;
            step *= Math.max(1, shape.get(d));
        }
        strides[0] = step;
        return new Layout(shape, strides, 0);
    }

    /**
     * A dense layout for {@code target} whose dimensions are ordered in memory as in this one: what a copy gets. A broadcast view
     * has no order of its own and gives row-major.
     */
    public Layout like(Shape target) {
        if (contiguous || rank() != target.rank()) {
            return isRowMajor() && target.equals(shape) ? this : contiguous(target);
        }
        return isChannelsLast() ? channelsLast(target) : packed(target, this);
    }

    /**
     * The dense layout of what is computed element by element from operands, all {@linkplain #expand expanded} to {@code shape}: in
     * PyTorch's order of memory (its {@code TensorIterator}), so that a result can be viewed in the same cases.
     */
    public static Layout ofResult(Shape shape, Layout... operands) {
        Layout first = operands[0];
        boolean contiguous = true;
        boolean channelsLast = true;
        boolean same = first.isDense();
        for (Layout l : operands) {
            contiguous &= l.contiguous;
            channelsLast &= l.isChannelsLast();
            same &= Arrays.equals(l.strides, first.strides);
        }
        return contiguous || channelsLast || same ? first.like(shape) : packed(shape, operands);
    }

    /**
     * Without gaps: of two dimensions the one that takes the longer steps lies outside. The first operand decides that steps through
     * both, the next one where it does not.
     */
    private static Layout packed(Shape shape, Layout... operands) {
        int rank = shape.rank();
        int[] inner = new int[rank]; // from the innermost outwards
        for (int i = 0; i < rank; i++) {
            inner[i] = rank - 1 - i;
            for (int at = i, before = i - 1; before >= 0; before--) {
                int order = compare(inner[before], inner[at], operands);
                if (order < 0) {
                    break;
                }
                if (order > 0) { // else undecided: another one may lie farther in
                    int d = inner[at];
                    inner[at] = inner[before];
                    inner[before] = d;
                    at = before;
                }
            }
        }
        long[] strides = new long[rank];
        long step = 1;
        for (int d : inner) {
            strides[d] = step;
            step *= Math.max(1, shape.get(d));
        }
        return new Layout(shape, strides, 0);
    }

    /** Negative where dimension {@code a} lies inside of {@code b}, 0 where no operand tells. */
    private static int compare(int a, int b, Layout... operands) {
        for (Layout l : operands) {
            if (l.strides[a] != 0 && l.strides[b] != 0) {
                int order = Long.compare(l.strides[a], l.strides[b]);
                if (order != 0 || l.shape.get(a) > l.shape.get(b)) {
                    return order != 0 ? order : 1;
                }
            }
        }
        return 0;
    }

    /** Just as {@link #contiguous(Shape)} makes it. */
    private boolean isRowMajor() {
        long step = 1;
        boolean same = offset == 0;
        for (int d = strides.length - 1; d >= 0 && same; d--) {
            same = strides[d] == step;
            step *= Math.max(1, shape.get(d));
        }
        return same;
    }

    /** The dimensions by falling stride; those of equal stride in their own order. */
    private int[] outermostFirst() {
        int[] order = new int[strides.length];
        for (int i = 0; i < order.length; i++) {
            int j = i;
            for (; j > 0 && strides[order[j - 1]] < strides[i]; j--) {
                order[j] = order[j - 1];
            }
            order[j] = i;
        }
        return order;
    }

    public Shape shape() {
        return shape;
    }

    public int rank() {
        return strides.length;
    }

    public long size(int dim) {
        return shape.get(dim);
    }

    public long stride(int dim) {
        return strides[shape.axis(dim)];
    }

    public long[] strides() {
        return strides.clone();
    }

    /** First element, in elements from the buffer's start. */
    public long offset() {
        return offset;
    }

    public long numel() {
        return numel;
    }

    /** One past the largest element index that this layout touches; 0 when empty, the largest long beyond all that it counts. */
    public long end() {
        if (numel == 0) {
            return 0;
        }
        try {
            long last = offset;
            for (int d = 0; d < strides.length; d++) {
                last = Math.addExact(last, Math.multiplyExact(shape.get(d) - 1, strides[d]));
            }
            return Math.addExact(last, 1);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Whether every element has its place among {@code n}. */
    boolean within(long n) {
        if (numel == 0) {
            return true;
        }
        if (contiguous) {
            return offset <= n - numel;
        }
        long low = offset;
        long high = offset;
        for (int d = 0; d < strides.length; d++) {
            long size = shape.get(d) - 1;
            long reach = size * strides[d];
            if (Math.abs(reach) > n || Math.multiplyHigh(size, strides[d]) != reach >> 63) {
                return false;
            }
            low += Math.min(0, reach);
            high += Math.max(0, reach);
        }
        return low >= 0 && high < n;
    }

    /** Row-major without gaps, whatever the offset and the strides of dimensions of size 1. */
    public boolean isContiguous() {
        return contiguous;
    }

    /** Channels innermost without gaps, as {@link #channelsLast} lays them. */
    public boolean isChannelsLast() {
        int rank = rank();
        if (rank < 3 || numel == 0) {
            return contiguous;
        }
        long step = shape.get(1);
        boolean packed = step == 1 || strides[1] == 1;
        for (int i = rank - 1; i >= 1 && packed; i--) {
            int d = i == 1 ? 0 : i;
            long size = shape.get(d);
            packed = size == 1 || strides[d] == step;
            step *= size;
        }
        return packed;
    }

    /** Every element of a gap-free block exactly once, in whatever order of dimensions. */
    public boolean isDense() {
        if (contiguous || isChannelsLast()) {
            return true;
        }
        int[] order = outermostFirst();
        long step = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            long size = shape.get(order[i]);
            if (size != 1 && strides[order[i]] != step) {
                return false;
            }
            step *= size;
        }
        return true;
    }

    /** True when two index tuples may share an element (a broadcast view). */
    public boolean overlaps() {
        if (contiguous) {
            return false;
        }
        int[] order = outermostFirst();
        long reach = 0;
        for (int i = order.length - 1; i >= 0; i--) {
            long size = shape.get(order[i]);
            if (size > 1) {
                if (strides[order[i]] <= reach) {
                    return true;
                }
                reach += (size - 1) * strides[order[i]];
            }
        }
        return false;
    }

    // ---- views

    public Layout permute(int... dims) {
        int rank = rank();
        if (dims.length != rank) {
            throw new IllegalArgumentException(
                    "permute of shape " + shape + " needs " + rank + " dimensions, got " + Arrays.toString(dims));
        }
        long[] size = new long[rank];
        long[] step = new long[rank];
        boolean[] seen = new boolean[rank];
        for (int i = 0; i < rank; i++) {
            int d = shape.axis(dims[i]);
            if (seen[d]) {
                throw new IllegalArgumentException("permute repeats dimension " + d + " in " + Arrays.toString(dims));
            }
            seen[d] = true;
            size[i] = shape.get(d);
            step[i] = strides[d];
        }
        return new Layout(Shape.of(size), step, offset);
    }

    public Layout transpose(int a, int b) {
        if (rank() == 0) {
            return this;
        }
        int[] dims = new int[rank()];
        Arrays.setAll(dims, d -> d);
        int i = shape.axis(a);
        int j = shape.axis(b);
        dims[i] = j;
        dims[j] = i;
        return permute(dims);
    }

    /** Elements {@code start, start+step, …} of {@code dim}, {@code length} of them. */
    public Layout slice(int dim, long start, long length, long step) {
        int d = shape.axis(dim);
        if (rank() == 0
                || start < 0
                || length < 0
                || step < 1
                || length > 0 && (start >= size(d) || length - 1 > (size(d) - 1 - start) / step)) {
            throw new IllegalArgumentException("slice start " + start + ", length " + length + ", step " + step
                    + " is out of range for dimension " + d + " of shape " + shape);
        }
        long[] s = strides.clone();
        s[d] = length > 1 ? s[d] * step : s[d];
        return new Layout(shape.with(d, length), s, length == 0 ? offset : offset + start * strides[d]);
    }

    /** Index {@code i} of {@code dim}; the dimension disappears. */
    public Layout select(int dim, long i) {
        int d = shape.axis(dim);
        if (rank() == 0) {
            throw new IllegalArgumentException("index " + i + " into a 0-d shape: it has no dimension to index");
        }
        if (i < -size(d) || i >= size(d)) {
            throw new IndexOutOfBoundsException("index " + i + " is out of range for dimension " + d + " with size "
                    + size(d) + " of shape " + shape);
        }
        return slice(d, i < 0 ? i + size(d) : i, 1, 1).drop(d);
    }

    private Layout drop(int d) {
        long[] size = new long[rank() - 1];
        long[] step = new long[rank() - 1];
        for (int i = 0, j = 0; i < rank(); i++) {
            if (i != d) {
                size[j] = shape.get(i);
                step[j++] = strides[i];
            }
        }
        return new Layout(Shape.of(size), step, offset);
    }

    /**
     * The elements {@code (…, i, …, i + offset, …)} of dimensions {@code dim1} and {@code dim2}, which disappear; {@code i} is counted by a
     * new last dimension.
     */
    public Layout diagonal(long diagonal, int dim1, int dim2) {
        int a = shape.axis(dim1);
        int b = shape.axis(dim2);
        if (rank() < 2 || a == b) {
            throw new IllegalArgumentException(
                    "a diagonal needs two different dimensions, got " + dim1 + " and " + dim2 + " of shape " + shape);
        }
        long skipA = Math.min(Math.max(0, -diagonal), size(a));
        long skipB = Math.min(Math.max(0, diagonal), size(b));
        long length = Math.min(size(a) - skipA, size(b) - skipB);
        long start = length == 0 ? offset : offset + skipA * strides[a] + skipB * strides[b];
        Layout rest = drop(Math.max(a, b)).drop(Math.min(a, b));
        return rest.append(length, strides[a] + strides[b]).at(start);
    }

    /** Windows of {@code size} elements along {@code dim}, one every {@code step}; the window becomes a new last dimension. */
    public Layout unfold(int dim, long size, long step) {
        int d = shape.axis(dim);
        long have = rank() == 0 ? 1 : size(d);
        if (size < 0 || step < 1 || size > have) {
            throw new IllegalArgumentException("unfold: windows of size " + size + " every " + step
                    + " do not fit dimension " + d + " of shape " + shape + " (size " + have + ")");
        }
        if (rank() == 0) {
            return append(size, 1);
        }
        Layout windows = append(size, strides[d]);
        long[] s = windows.strides;
        long count = (have - size) / step + 1;
        s[d] = count > 1 ? strides[d] * step : strides[d];
        return new Layout(windows.shape.with(d, count), s, offset);
    }

    /** The same elements from the last to the first along the dimensions that {@code which} marks; only ever read, by a copy. */
    public Layout flip(boolean[] which) {
        long[] s = strides.clone();
        long start = offset;
        for (int d = 0; d < s.length && numel > 0; d++) {
            if (which[d]) {
                start += (size(d) - 1) * s[d];
                s[d] = -s[d];
            }
        }
        return new Layout(shape, s, start);
    }

    private Layout append(long size, long stride) {
        long[] sizes = Arrays.copyOf(shape.toArray(), rank() + 1);
        long[] steps = Arrays.copyOf(strides, rank() + 1);
        sizes[rank()] = size;
        steps[rank()] = stride;
        return new Layout(Shape.of(sizes), steps, offset);
    }

    /** Without the dimensions of size 1 that {@code which} marks. */
    public Layout squeeze(boolean[] which) {
        Layout out = this;
        for (int d = rank() - 1; d >= 0; d--) {
            if (which[d] && size(d) == 1) {
                out = out.drop(d);
            }
        }
        return out;
    }

    /**
     * The same bytes for elements of {@code to} instead of {@code from} bytes: the last dimension grows or shrinks, so it must be
     * contiguous, and fit.
     */
    public Layout reinterpret(int from, int to) {
        if (from == to) {
            return this;
        }
        int last = rank() - 1;
        boolean fits = last >= 0 && strides[last] == 1;
        int ratio = from > to ? from / to : to / from;
        if (from < to) {
            fits = last >= 0 && strides[last] == 1 && size(last) % ratio == 0 && offset % ratio == 0;
            for (int d = 0; fits && d < last; d++) {
                fits = strides[d] % ratio == 0;
            }
        }
        if (!fits) {
            throw new IllegalArgumentException("elements of " + from + " bytes of shape " + shape + " with strides "
                    + Arrays.toString(strides) + " and offset " + offset + " do not form elements of " + to + " bytes");
        }
        long[] s = strides.clone();
        for (int d = 0; d < last; d++) {
            s[d] = from > to ? s[d] * ratio : s[d] / ratio;
        }
        s[last] = 1;
        long size = from > to ? Math.multiplyExact(size(last), ratio) : size(last) / ratio;
        return new Layout(shape.with(last, size), s, from > to ? offset * ratio : offset / ratio);
    }

    public Layout squeeze(int dim) {
        int d = shape.axis(dim);
        return rank() == 0 || size(d) != 1 ? this : drop(d);
    }

    public Layout unsqueeze(int dim) {
        int rank = rank();
        if (dim < -rank - 1 || dim > rank) {
            throw new IllegalArgumentException("unsqueeze dimension " + dim + " is out of range for shape " + shape);
        }
        int at = dim < 0 ? dim + rank + 1 : dim;
        long[] size = new long[rank + 1];
        long[] step = new long[rank + 1];
        for (int i = 0, j = 0; i <= rank; i++) {
            boolean here = i == at;
            size[i] = here ? 1 : shape.get(j);
            step[i] = here ? (j < rank ? strides[j] * shape.get(j) : 1) : strides[j];
            if (!here) {
                j++;
            }
        }
        return new Layout(Shape.of(size), step, offset);
    }

    /** Broadcast to {@code target}: new and size-1 dimensions get stride 0. */
    public Layout expand(Shape target) {
        if (target.equals(shape)) {
            return this;
        }
        int lead = target.rank() - rank();
        if (lead < 0) {
            throw ShapeMismatch.of("shape does not expand: the target has fewer dimensions")
                    .row("from", shape)
                    .row("to", target)
                    .fix("give all dimensions; -1 keeps a size");
        }
        long[] step = new long[target.rank()];
        for (int d = 0; d < target.rank(); d++) {
            long have = d < lead ? 1 : shape.get(d - lead);
            if (have != target.get(d) && have != 1) {
                throw ShapeMismatch.of("shape does not expand: only dimensions of size 1 can grow")
                        .row("from", shape, d - target.rank())
                        .row("to", target, d)
                        .fix("repeat(…) copies the elements");
            }
            step[d] = have == target.get(d) && d >= lead ? strides[d - lead] : 0;
        }
        return new Layout(target, step, offset);
    }

    /**
     * The same elements in row-major order under another shape, as a view; null where that needs a copy. Works from the innermost
     * dimension outwards: a run is the longest stretch of this layout's dimensions that step through memory evenly, and each run
     * must be used up by target dimensions exactly.
     */
    public @Nullable Layout reshape(Shape target) {
        if (numel != target.numel()) {
            throw new IllegalArgumentException("shape " + shape + " has " + numel + " elements, shape " + target
                    + " has " + target.numel() + ": reshape needs equally many");
        }
        if (contiguous) {
            return contiguous(target).at(offset);
        }
        long[] out = new long[target.rank()];
        int t = out.length - 1;
        int d = strides.length - 1;
        while (d >= 0) {
            if (shape.get(d) == 1) {
                d--;
                continue;
            }
            long step = strides[d];
            long run = shape.get(d--);
            while (d >= 0 && (shape.get(d) == 1 || strides[d] == step * run)) {
                run *= shape.get(d--);
            }
            for (long left = run; left > 1; t--) {
                long size = target.get(t);
                if (left % size != 0) {
                    return null;
                }
                out[t] = step * (run / left);
                left /= size;
            }
        }
        // what remains of the target are dimensions of size 1
        for (; t >= 0; t--) {
            out[t] = t + 1 < out.length ? out[t + 1] * target.get(t + 1) : 1;
        }
        return new Layout(target, out, offset);
    }

    /** This layout moved to another offset. */
    public Layout at(long newOffset) {
        return new Layout(shape, strides, newOffset);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Layout l
                && offset == l.offset
                && shape.equals(l.shape)
                && Arrays.equals(strides, l.strides);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(strides) + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
    }
}
