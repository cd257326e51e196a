package akari.cpu.layer;

import akari.core.DType;

/**
 * The innermost piece of matrix products and convolutions in plain Java: a few rows by one or two vectors of columns, kept in registers
 * while they are summed. One tile serves all of them, because a row of the left operand may be a window of an image: it is read as
 * several runs at given places.
 *
 * <pre>{@code sums[i][j] = sum over r, l of A(rows[i] + runs[r] + l*ak) * B[r*k + l][j]}</pre>
 *
 * <p>All places and steps are in bytes. The sum's order is fixed, and multiply-adds are fused.
 */
sealed interface Tile permits FloatTile, NarrowFloatTile, DoubleTile {
    /** The tile for a product with {@code columns} columns. */
    static Tile of(DType type, long columns) {
        if (type == DType.FLOAT64) {
            return DoubleTile.TILE;
        }
        return columns <= NarrowFloatTile.TILE.columns() ? NarrowFloatTile.TILE : FloatTile.TILE;
    }

    int rows();

    /** Size of an element. */
    int bytes();

    int columns();

    /** Size of a tile's sums in bytes. */
    default int size() {
        return rows() * columns() * bytes();
    }

    /**
     * @param a start of the left operand, to which the places in {@code rows} and {@code runs} are added
     * @param rows {@link #rows} of them; repeat one to fill up
     * @param runs places of the runs within a row, each {@code k} elements long and these {@code ak} apart
     * @param b first row of B, the others {@code bk} apart
     */
    void sum(long a, long[] rows, long[] runs, int k, long ak, long b, long bk, long sums);

    /**
     * Writes {@code height} rows of {@code n} sums to {@code c} and {@code step} bytes on, after adding the rows at {@code plus}
     * ({@code plusStep} apart) unless that is 0; {@code plus} may be {@code c}.
     */
    void write(long sums, int height, int n, long plus, long plusStep, long c, long step);
}
