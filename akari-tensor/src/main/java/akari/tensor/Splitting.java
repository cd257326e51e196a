package akari.tensor;

import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A tensor in parts along a dimension; the parts are views. */
public sealed interface Splitting permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** Parts of {@code size} along {@code dim}; the last may be smaller. */
    default List<Tensor> split(long size, int dim) {
        long n = length("split", dim);
        if (size < 0 || size == 0 && n > 0) {
            throw new IllegalArgumentException("split: parts of size " + size + " of dimension " + dim + " with size "
                    + n + " of shape " + self().shape() + "; the size must be positive");
        }
        long most = 1 << 22; // more would fill the heap with views
        if (n > 0 && Math.ceilDiv(n, size) > most) {
            throw new IllegalArgumentException(
                    "split: size " + size + " makes " + Math.ceilDiv(n, size) + " parts of dimension " + dim
                            + " with size " + n + "; that is more than " + most + ", the most that are made");
        }
        List<Tensor> parts = new ArrayList<>();
        long at = 0;
        do {
            long length = Math.min(size, n - at);
            parts.add(self().narrow(dim, at, length));
            at += length;
        } while (at < n);
        return parts;
    }

    /** {@link #split(long, int)} along the first dimension. */
    default List<Tensor> split(long size) {
        return split(size, 0);
    }

    /** Parts of the given sizes, which add up to that of {@code dim}. */
    default List<Tensor> split(long[] sizes, int dim) {
        NullArgument.check(sizes, "sizes");
        long n = length("split", dim);
        if (Arrays.stream(sizes).anyMatch(s -> s < 0) || Arrays.stream(sizes).sum() != n) {
            throw new IllegalArgumentException("split: sizes " + Arrays.toString(sizes) + " do not add up to the size "
                    + n + " of dimension " + dim + " of shape " + self().shape());
        }
        List<Tensor> parts = new ArrayList<>();
        long at = 0;
        for (long size : sizes) {
            parts.add(self().narrow(dim, at, size));
            at += size;
        }
        return parts;
    }

    /** As {@link #split(long[], int)}. */
    default List<Tensor> splitWithSizes(long[] sizes, int dim) {
        return split(sizes, dim);
    }

    default List<Tensor> splitWithSizes(long[] sizes) {
        return split(sizes, 0);
    }

    default List<Tensor> split(long[] sizes) {
        return split(sizes, 0);
    }

    /** At most {@code chunks} equal parts along {@code dim}; the last may be smaller. */
    default List<Tensor> chunk(int chunks, int dim) {
        long n = length("chunk", dim);
        if (chunks < 1) {
            throw new IllegalArgumentException("chunk needs at least one part, got " + chunks);
        }
        return n == 0 ? split(new long[parts("chunk", chunks, n)], dim) : split(Math.ceilDiv(n, chunks), dim);
    }

    default List<Tensor> chunk(int chunks) {
        return chunk(chunks, 0);
    }

    /** Exactly {@code sections} parts along {@code dim}, the first of which are one longer where it does not come out even. */
    default List<Tensor> tensorSplit(int sections, int dim) {
        long n = length("tensorSplit", dim);
        if (sections < 1) {
            throw new IllegalArgumentException("tensorSplit needs at least one section, got " + sections);
        }
        long[] sizes = new long[parts("tensorSplit", sections, n)];
        Arrays.setAll(sizes, i -> n / sections + (i < n % sections ? 1 : 0));
        return split(sizes, dim);
    }

    default List<Tensor> tensorSplit(int sections) {
        return tensorSplit(sections, 0);
    }

    /** The parts before, between and behind {@code indices} of {@code dim}, as slices: {@code [:i0], [i0:i1], …}. */
    default List<Tensor> tensorSplit(long[] indices, int dim) {
        NullArgument.check(indices, "indices");
        length("tensorSplit", dim);
        List<Tensor> parts = new ArrayList<>();
        long from = 0;
        for (long to : indices) {
            parts.add(self().slice(dim, from, to));
            from = to;
        }
        parts.add(self().slice(dim, from, Long.MAX_VALUE));
        return parts;
    }

    default List<Tensor> tensorSplit(long[] indices) {
        return tensorSplit(indices, 0);
    }

    /** {@link #tensorSplit(int, int)} if {@code indicesOrSections} (int64, on the CPU) is 0-d, otherwise at its indices. */
    default List<Tensor> tensorSplit(Tensor indicesOrSections, int dim) {
        return indicesOrSections.dim() == 0
                ? tensorSplit(Math.toIntExact(indicesOrSections.itemLong()), dim)
                : tensorSplit(indicesOrSections.toLongs(), dim);
    }

    default List<Tensor> tensorSplit(Tensor indicesOrSections) {
        return tensorSplit(indicesOrSections, 0);
    }

    /** Equal parts side by side: along dimension 1, of a vector along 0. */
    default List<Tensor> hsplit(long sections) {
        return even("hsplit", sections, 1, self().dim() == 1 ? 0 : 1);
    }

    default List<Tensor> hsplit(long... indices) {
        return cut("hsplit", indices, 1, self().dim() == 1 ? 0 : 1);
    }

    /** Equal parts on top of each other: along dimension 0 of at least 2. */
    default List<Tensor> vsplit(long sections) {
        return even("vsplit", sections, 2, 0);
    }

    default List<Tensor> vsplit(long... indices) {
        return cut("vsplit", indices, 2, 0);
    }

    /** Equal parts behind each other: along dimension 2 of at least 3. */
    default List<Tensor> dsplit(long sections) {
        return even("dsplit", sections, 3, 2);
    }

    default List<Tensor> dsplit(long... indices) {
        return cut("dsplit", indices, 3, 2);
    }

    private List<Tensor> even(String op, long sections, int rank, int dim) {
        needs(op, rank);
        if (sections < 1 || self().size(dim) % sections != 0) {
            throw new IllegalArgumentException(op + ": " + sections + " equal sections of dimension " + dim
                    + " of shape " + self().shape() + " do not exist; tensorSplit allows unequal ones");
        }
        return tensorSplit(Math.toIntExact(sections), dim);
    }

    private List<Tensor> cut(String op, long[] indices, int rank, int dim) {
        needs(op, rank);
        return tensorSplit(indices, dim);
    }

    private void needs(String op, int rank) {
        if (self().dim() < rank) {
            throw new IllegalArgumentException(
                    op + " needs at least " + rank + " dimensions, got shape " + self().shape());
        }
    }

    /** Each part is an object: so many empty ones are a mistake. */
    private static int parts(String op, int parts, long size) {
        long empty = 1 << 16; // somebody may want
        if (parts > Math.max(size, empty)) {
            throw new IllegalArgumentException(op + ": " + parts + " parts of a dimension of size " + size
                    + "; more than its size, and than " + empty + ", would be empty");
        }
        return parts;
    }

    private long length(String op, int dim) {
        needs(op, 1);
        return self().size(dim);
    }
}
