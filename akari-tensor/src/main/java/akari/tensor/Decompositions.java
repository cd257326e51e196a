package akari.tensor;

/**
 * Decompositions and solutions as methods of a tensor, with the arguments and defaults of {@code torch}; {@link Linalg} has those of
 * {@code torch.linalg}. All take batches {@code [*, m, n]} of float32 or float64, and are differentiable twice.
 *
 * @throws LinAlgException where a matrix has no such decomposition
 */
public sealed interface Decompositions permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The lower factor L of {@code A = L·Lᵀ}. */
    default Tensor cholesky() {
        return cholesky(false);
    }

    /** L of {@code A = L·Lᵀ}, or if {@code upper} Lᵀ, for symmetric positive definite matrices, of which one triangle is read. */
    default Tensor cholesky(boolean upper) {
        return Linalg.cholesky(self(), upper);
    }

    /** X of {@code A·X = this}, given the lower Cholesky factor of A. */
    default Tensor choleskySolve(Tensor factor) {
        return choleskySolve(factor, false);
    }

    /** X of {@code A·X = this}, given a Cholesky factor of A. */
    default Tensor choleskySolve(Tensor factor, boolean upper) {
        Tensor first = Linalg.solveTriangular(upper ? MatrixParts.transposed(factor) : factor, self(), false);
        return Linalg.solveTriangular(upper ? factor : MatrixParts.transposed(factor), first, true);
    }

    /** The inverse of A, given its lower Cholesky factor, which this is. */
    default Tensor choleskyInverse() {
        return choleskyInverse(false);
    }

    default Tensor choleskyInverse(boolean upper) {
        MatrixParts.square("choleskyInverse", self());
        Tensor eye =
                MatrixParts.eye(self().dtype(), self()).expand(self().shape().toArray());
        return eye.choleskySolve(self(), upper);
    }

    /** {@code A = Q·R}: Q orthogonal columns {@code [*, m, min(m, n)]}, R upper triangular. */
    default Linalg.Qr qr() {
        return qr(true);
    }

    /** @param some if false, Q is {@code [*, m, m]} */
    default Linalg.Qr qr(boolean some) {
        return Linalg.qr(self(), some ? "reduced" : "complete");
    }

    /** {@code A = U·diag(S)·Vᵀ}, S falling. */
    default Svd svd() {
        return svd(true);
    }

    /** @param some if false, U and V are square */
    default Svd svd(boolean some) {
        Linalg.Svd parts = Linalg.svd(self(), !some);
        return new Svd(parts.u(), parts.s(), MatrixParts.transposed(parts.vh()));
    }

    /** Singular values and both sets of vectors, as columns. */
    record Svd(Tensor u, Tensor s, Tensor v) {}

    /** {@link Linalg#eigh} of the upper triangle, PyTorch's default of this older function. */
    default Linalg.Eigh symeig() {
        return symeig(true);
    }

    default Linalg.Eigh symeig(boolean upper) {
        return Linalg.eigh(self(), upper ? "U" : "L");
    }

    /** LU factors and pivots in one matrix, for {@link #luSolve}. */
    default Linalg.LuFactor lu() {
        return Linalg.luFactor(self());
    }

    /** X of {@code A·X = this}, given {@code A.lu()}. */
    default Tensor luSolve(Tensor lu, Tensor pivots) {
        return Linalg.luSolve(lu, pivots, self());
    }

    default Tensor inverse() {
        return Linalg.inv(self());
    }

    /** {@link Linalg#pinv} with {@code rcond = 1e-15}. */
    default Tensor pinverse() {
        return pinverse(1e-15);
    }

    /** The Moore-Penrose inverse; singular values up to {@code rcond} times the largest count as 0. */
    default Tensor pinverse(double rcond) {
        return Linalg.pinv(self(), 0, rcond, false);
    }

    default Tensor det() {
        return Linalg.det(self());
    }

    /** The logarithm of the determinant: NaN where that is negative, -∞ where it is 0. */
    default Tensor logdet() {
        Linalg.Slogdet parts = Linalg.slogdet(self());
        return parts.logabsdet().maskedFill(parts.sign().lt(0), Double.NaN);
    }

    default Linalg.Slogdet slogdet() {
        return Linalg.slogdet(self());
    }

    default Tensor matrixExp() {
        return Linalg.matrixExp(self());
    }

    /** X of {@code A·X = this} for an upper triangular A. */
    default TriangularSolution triangularSolve(Tensor a) {
        return triangularSolve(a, true, false, false);
    }

    /** X of {@code A·X = this}, or of {@code Aᵀ·X = this} if {@code transpose}, reading one triangle of A; and A itself. */
    default TriangularSolution triangularSolve(Tensor a, boolean upper, boolean transpose, boolean unitriangular) {
        Tensor matrix = transpose ? MatrixParts.transposed(a) : a;
        return new TriangularSolution(
                Linalg.solveTriangular(matrix, self(), upper != transpose, true, unitriangular), a);
    }

    record TriangularSolution(Tensor solution, Tensor clonedCoefficient) {}
}
