package akari.core;

import akari.errors.NullArgument;
import akari.errors.ShapeMismatch;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;

/** An immutable list of sizes, outermost first; also used for strides, paddings and window sizes. A 0-d shape is {@code []}. */
public final class Shape implements Iterable<Long> {
    /** {@code []}, of one element. */
    public static final Shape SCALAR = new Shape(new long[0]);

    private final long[] sizes;

    private Shape(long[] sizes) {
        this.sizes = sizes;
    }

    /** A shape of these sizes, outermost first, of which it keeps a copy; without any, {@link #SCALAR}. */
    public static Shape of(long... sizes) {
        NullArgument.check(sizes, "sizes");
        return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
    }

    /** As {@link #of(long...)}. */
    public static Shape of(int[] sizes) {
        NullArgument.check(sizes, "sizes");
        return owning(Arrays.stream(sizes).asLongStream().toArray());
    }

    /** {@code sizes} itself, which nobody may change any more. */
    static Shape owning(long[] sizes) {
        return sizes.length == 0 ? SCALAR : new Shape(sizes);
    }

    /** {@code n} times the same value. */
    public static Shape fill(int n, long value) {
        long[] sizes = new long[n];
        Arrays.fill(sizes, value);
        return owning(sizes);
    }

    /** The number of dimensions; 0 for a scalar. */
    public int rank() {
        return sizes.length;
    }

    /** Size of dimension {@code dim}; negative counts from the end. */
    public long get(int dim) {
        return sizes[dimension(dim)];
    }

    /** The sizes, outermost first. */
    @Override
    public Iterator<Long> iterator() {
        return Arrays.stream(sizes).iterator();
    }

    /** The sizes, outermost first, in an array of the caller's own. */
    public long[] toArray() {
        return sizes.clone();
    }

    /** Product of all sizes; 1 for a 0-d shape. */
    public long numel() {
        long n = 1;
        for (long s : sizes) {
            n *= s;
        }
        return n;
    }

    /** The index in {@code 0 .. rank-1} that {@code dim} means, as PyTorch counts: -1 is the last dimension. */
    public int axis(int dim) {
        int rank = Math.max(sizes.length, 1);
        if (dim < -rank || dim >= rank) {
            throw new IllegalArgumentException("dimension " + dim + " is out of range for shape " + this + ": expected "
                    + -rank + " to " + (rank - 1));
        }
        return dim < 0 ? dim + rank : dim;
    }

    /** {@link #axis} of a dimension that has a size. */
    private int dimension(int dim) {
        if (sizes.length == 0) {
            throw new IllegalArgumentException(
                    "dimension " + dim + " of a 0-d tensor has no size: give it one with unsqueeze(0)");
        }
        return axis(dim);
    }

    /** This shape with {@code sizes[dim] = size}. */
    public Shape with(int dim, long size) {
        long[] s = sizes.clone();
        s[dimension(dim)] = size;
        return new Shape(s);
    }

    /** The shape both broadcast to, aligned at the last dimension. */
    public static Shape broadcast(Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        long[] out = new long[rank];
        for (int i = 1; i <= rank; i++) {
            long x = a.fromEnd(i);
            long y = b.fromEnd(i);
            if (x != y && x != 1 && y != 1) {
                throw unequal(a, b, i);
            }
            out[rank - i] = x == 1 ? y : x;
        }
        return new Shape(out);
    }

    private long fromEnd(int i) {
        return i > sizes.length ? 1 : sizes[sizes.length - i];
    }

    private static IllegalArgumentException unequal(Shape a, Shape b, int last) {
        int[] marks = IntStream.rangeClosed(last, Math.min(a.rank(), b.rank()))
                .filter(i -> a.fromEnd(i) != b.fromEnd(i) && a.fromEnd(i) != 1 && b.fromEnd(i) != 1)
                .map(i -> -i)
                .toArray();
        return ShapeMismatch.of("shapes do not broadcast: " + a.fromEnd(last) + " against " + b.fromEnd(last)
                        + " at dimension " + -last)
                .row("first", a, marks)
                .row("second", b, marks)
                .fix("sizes must be equal, or one of them 1: unsqueeze(dim) inserts a dimension of size 1");
    }

    @Override
    public boolean equals(Object o) {
        return this == o || o instanceof Shape s && Arrays.equals(sizes, s.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.toString(sizes);
    }
}
