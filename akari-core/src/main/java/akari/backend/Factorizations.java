package akari.backend;

import org.jspecify.annotations.Nullable;

/**
 * Decompositions of batches of matrices {@code [batch…, m, n]}, of FLOAT32 or FLOAT64, in LAPACK's terms.
 *
 * <p>Every matrix lies column by column without gaps (strides 1 and m), a vector without gaps; the members of a batch lie wherever
 * their strides say. No size is 0. Batches of one call have the same shape. What is decomposed is overwritten.
 *
 * <p>The arrays returned have an entry for each matrix of the batch, in row-major order: 0 where all is well.
 */
public interface Factorizations {
    /**
     * The lower Cholesky factor of the matrix whose lower triangle is given, in its place; what lies above stays as it is.
     *
     * @return i where the leading minor of order i is not positive
     */
    int[] cholesky(View a);

    /**
     * {@code A = P·L·U} by partial pivoting: U, and L below the diagonal, in A's place.
     *
     * @param pivots INT32 {@code [batch…, min(m, n)]}: row i was exchanged with row {@code pivots[i]}, counted from 1
     * @return i where the i-th pivot is 0
     */
    int[] lu(View a, View pivots);

    /** Solves {@code A·X = B}, or {@code Aᵀ·X = B}, in B's place, from what {@link #lu} gave of a square A. */
    void luSolve(View lu, View pivots, boolean transposed, View b);

    /**
     * Solves {@code A·X = B}, or {@code Aᵀ·X = B}, in B's place, reading one triangle of A.
     *
     * @param unit whether the diagonal counts as 1
     * @return i where the i-th element of the diagonal is 0
     */
    int[] triangularSolve(View a, boolean upper, boolean transposed, boolean unit, View b);

    /**
     * {@code A = Q·R}: R in A's upper triangle (below it lies rubbish), Q's columns in {@code q}, {@code [batch…, m, k]} with
     * {@code min(m, n) <= k <= m}.
     */
    void qr(View a, View q);

    /**
     * {@code A = U·diag(s)·Vᵀ}, s falling; destroys A.
     *
     * @param u {@code [batch…, m, k or m]}, together with {@code vt} {@code [batch…, k or n, n]}, or neither
     * @return not 0 where it did not converge
     */
    int[] svd(View a, @Nullable View u, View s, @Nullable View vt);

    /**
     * Eigenvalues, rising, of the symmetric matrix whose lower triangle is given; the eigenvectors replace it where wanted, else it
     * is destroyed.
     *
     * @return not 0 where it did not converge
     */
    int[] eigh(View a, View values, boolean vectors);
}
