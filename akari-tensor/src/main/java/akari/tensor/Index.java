package akari.tensor;

/**
 * What one place between the brackets of {@code x[…]} can hold: an index tensor or mask (every {@link Tensor} is one), a
 * {@link Slice}, a number, a new dimension, or "all dimensions between":
 *
 * {@snippet :
 * x.index(Slice.of(1, 5), mask, Slice.ALL);   // x[1:5, mask, :]
 * x.index(Index.ELLIPSIS, Index.at(-1));      // x[..., -1]
 * x.set(0, rows, columns);                    // x[rows, columns] = 0
 * }
 */
public sealed interface Index permits Tensor, Slice, Index.At, Index.Mark {

    /** A new dimension of size 1: {@code None}. */
    Index NEW_AXIS = Mark.NEW_AXIS;

    /** All dimensions that the other indices leave: {@code ...}. */
    Index ELLIPSIS = Mark.ELLIPSIS;

    /** Index {@code i} of a dimension, which disappears; negative counts from the end. */
    static Index at(long i) {
        return new At(i);
    }

    /** One index. */
    record At(long i) implements Index {}

    /** What takes no element of its own. */
    enum Mark implements Index {
        NEW_AXIS,
        ELLIPSIS
    }
}
