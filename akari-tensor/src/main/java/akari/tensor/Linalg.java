package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code torch.linalg}. All take batches {@code [*, m, n]}; decompositions and solutions are for float32 and float64
 * and differentiable twice. Complex results (the eigenvalues of matrices that are not symmetric) wait for complex numbers.
 *
 * @throws LinAlgException where a matrix has no such decomposition: the message names it and the pivot
 */
public final class Linalg {
    private Linalg() {}

    // ---- decompositions

    /** L of {@code A = L·Lᵀ}; reads the lower triangle. */
    public static Tensor cholesky(Tensor a) {
        return cholesky(a, false);
    }

    /** L of {@code A = L·Lᵀ}, or if {@code upper} Lᵀ, reading that triangle. */
    public static Tensor cholesky(Tensor a, boolean upper) {
        checkSquare("linalg.cholesky", a);
        return upper
                ? MatrixParts.transposed(Tape.apply(new Factors.Cholesky(), MatrixParts.transposed(a)))
                : Tape.apply(new Factors.Cholesky(), a);
    }

    /** {@code A = Q·R}. */
    public record Qr(Tensor q, Tensor r) {}

    public static Qr qr(Tensor a) {
        return qr(a, "reduced");
    }

    /**
     * {@code A = Q·R}, Q with orthonormal columns, R upper triangular.
     *
     * @param mode "reduced": Q is {@code [*, m, min(m, n)]}; "complete": {@code [*, m, m]}; "r": Q is empty
     */
    public static Qr qr(Tensor a, String mode) {
        NullArgument.check(a, "a");
        NullArgument.check(mode, "mode");
        MatrixParts.decomposable("linalg.qr", a);
        if (!List.of("reduced", "complete", "r").contains(mode)) {
            throw new IllegalArgumentException(
                    "linalg.qr: mode must be \"reduced\", \"complete\" or \"r\", got \"" + mode + "\"");
        }
        Factors.QrParts parts = Factors.qr(a, mode.equals("complete"));
        return new Qr(mode.equals("r") ? a.like(a.dtype(), Shape.of(0)) : parts.q(), parts.r());
    }

    /** {@code A = U·diag(S)·Vh}. */
    public record Svd(Tensor u, Tensor s, Tensor vh) {}

    /** With square U and Vh: PyTorch's default. */
    public static Svd svd(Tensor a) {
        return svd(a, true);
    }

    /**
     * Singular values, falling, and vectors. Gradients through U and Vh need distinct singular values (and none that is 0 where the
     * matrix is not square).
     */
    public static Svd svd(Tensor a, boolean fullMatrices) {
        MatrixParts.decomposable("linalg.svd", a);
        Factors.SvdParts parts = Factors.svd(a, fullMatrices);
        return new Svd(parts.u(), parts.s(), parts.vt());
    }

    /** Singular values, falling: {@code [*, min(m, n)]}. */
    public static Tensor svdvals(Tensor a) {
        MatrixParts.decomposable("linalg.svdvals", a);
        return differentiated(a) ? Factors.svd(a, false).s() : Tape.applyAll(new Factors.Svd(false, false), a)[0];
    }

    /** {@code A = V·diag(values)·Vᵀ}, the vectors as columns. */
    public record Eigh(Tensor eigenvalues, Tensor eigenvectors) {}

    /** {@link #eigh(Tensor, String)} of the lower triangle. */
    public static Eigh eigh(Tensor a) {
        return eigh(a, "L");
    }

    /**
     * Eigenvalues, rising, and vectors of symmetric matrices, of which one triangle is read. Gradients through the vectors need
     * distinct eigenvalues.
     *
     * @param uplo "L" or "U", the triangle
     */
    public static Eigh eigh(Tensor a, String uplo) {
        Factors.EighParts parts = Factors.eigh(lower("linalg.eigh", a, uplo));
        return new Eigh(parts.values(), parts.vectors());
    }

    public static Tensor eigvalsh(Tensor a) {
        return eigvalsh(a, "L");
    }

    /** The eigenvalues alone. */
    public static Tensor eigvalsh(Tensor a, String uplo) {
        Tensor x = lower("linalg.eigvalsh", a, uplo);
        return differentiated(x) ? Factors.eigh(x).values() : Tape.applyAll(new Factors.Eigh(false), x)[0];
    }

    private static Tensor lower(String op, Tensor a, String uplo) {
        NullArgument.check(uplo, "uplo");
        checkSquare(op, a);
        return switch (uplo) {
            case "L", "l" -> a;
            case "U", "u" -> MatrixParts.transposed(a);
            default -> throw new IllegalArgumentException(op + ": UPLO must be \"L\" or \"U\", got \"" + uplo + "\"");
        };
    }

    private static boolean differentiated(Tensor x) {
        return x.requiresGrad() && Tensors.isGradEnabled();
    }

    /** {@code A = P·L·U}. */
    public record Lu(Tensor p, Tensor l, Tensor u) {}

    /** L and U in one matrix, L's diagonal of ones left out; row i was exchanged with row {@code pivots[i]}, counted from 1 (int32). */
    public record LuFactor(Tensor lu, Tensor pivots) {}

    /** With partial pivoting. Of singular matrices too, then without a gradient. */
    public static Lu lu(Tensor a) {
        LuFactor f = luFactor(a);
        return luUnpack(f.lu, f.pivots);
    }

    /** The three matrices of what {@link #luFactor} gave: {@code torch.lu_unpack}. */
    public static Lu luUnpack(Tensor lu, Tensor pivots) {
        long m = lu.size(-2);
        long k = Math.min(m, lu.size(-1));
        Tensor l = MatrixParts.lower(lu.narrow(-1, 0, k), -1)
                .add(MatrixParts.eye(lu.dtype(), m, lu).narrow(-1, 0, k));
        return new Lu(Factors.permutation(pivots, m, lu.dtype()), l, MatrixParts.upper(lu.narrow(-2, 0, k), 0));
    }

    public static LuFactor luFactor(Tensor a) {
        MatrixParts.decomposable("linalg.lu", a);
        Tensor[] parts = Tape.applyAll(new Factors.Lu(), a);
        return new LuFactor(parts[0], parts[1]);
    }

    // ---- solutions

    /** X of {@code A·X = B} from A's {@link #luFactor}: B {@code [*, n, k]}. */
    public static Tensor luSolve(Tensor lu, Tensor pivots, Tensor b) {
        checkSquare("linalg.luSolve", lu);
        Lu parts = luUnpack(lu, pivots);
        Tensor permuted = MatrixParts.transposed(parts.p).matmul(b);
        return solveTriangular(parts.u, solveTriangular(parts.l, permuted, false, true, true), true);
    }

    /** X of {@code A·X = B}: {@code [*, n, n]} and {@code [*, n, k]} or a vector {@code [*, n]}; batches broadcast. */
    public static Tensor solve(Tensor a, Tensor b) {
        return solve(a, b, true);
    }

    /** @param left if false, X of {@code X·A = B} */
    public static Tensor solve(Tensor a, Tensor b, boolean left) {
        checkSquare("linalg.solve", a);
        Shape columns = Shape.of(Arrays.copyOf(a.shape().toArray(), a.dim() - 1));
        boolean vector = b.dim() == 1 || a.dim() - 1 == b.dim() && b.shape().equals(columns);
        Tensor right = vector ? b.unsqueeze(-1) : b;
        if (!left && !vector) {
            return MatrixParts.transposed(solve(MatrixParts.transposed(a), MatrixParts.transposed(right), true));
        }
        Tensor x = broadcast(
                "linalg.solve", left ? a : MatrixParts.transposed(a), right, new Solutions.Solve(false, false));
        return vector ? x.squeeze(-1) : x;
    }

    /** X of {@code A·X = B}, reading one triangle of A. */
    public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper) {
        return solveTriangular(a, b, upper, true, false);
    }

    /**
     * @param left if false, X of {@code X·A = B}
     * @param unitriangular whether A's diagonal counts as 1 and is not read
     */
    public static Tensor solveTriangular(Tensor a, Tensor b, boolean upper, boolean left, boolean unitriangular) {
        checkSquare("linalg.solveTriangular", a);
        if (!left) {
            return MatrixParts.transposed(broadcast(
                    "linalg.solveTriangular",
                    a,
                    MatrixParts.transposed(b),
                    new Solutions.SolveTriangular(upper, true, unitriangular)));
        }
        return broadcast("linalg.solveTriangular", a, b, new Solutions.SolveTriangular(upper, false, unitriangular));
    }

    private static Tensor broadcast(String op, Tensor a, Tensor b, Op solve) {
        MatrixParts.decomposable(op, b);
        if (a.dtype() != b.dtype() || a.size(-1) != b.size(-2)) {
            throw new IllegalArgumentException(op + ": " + a.dtype() + " " + a.shape() + " does not fit " + b.dtype()
                    + " " + b.shape() + ": one type and " + a.size(-1) + " equations are needed");
        }
        Shape batch = Shape.broadcast(MatrixParts.batch(a), MatrixParts.batch(b));
        return Tape.apply(
                solve,
                a.expand(MatrixParts.shape(batch, a.size(-2), a.size(-1)).toArray()),
                b.expand(MatrixParts.shape(batch, b.size(-2), b.size(-1)).toArray()));
    }

    public static Tensor inv(Tensor a) {
        checkSquare("linalg.inv", a);
        return Tape.apply(new Solutions.Inverse(), a);
    }

    /** Singular values up to {@code max(m, n)} times the type's precision, relative to the largest, count as 0. */
    public static Tensor pinv(Tensor a) {
        return pinv(a, 0, precision(a), false);
    }

    /**
     * The Moore-Penrose inverse {@code [*, n, m]}; singular values up to {@code max(atol, rtol * largest)} count as 0.
     *
     * @param hermitian accepted for PyTorch's sake: the result is the same, symmetric matrices gain nothing here
     */
    public static Tensor pinv(Tensor a, double atol, double rtol, boolean hermitian) {
        MatrixParts.decomposable("linalg.pinv", a);
        if (hermitian) {
            checkSquare("linalg.pinv", a);
        }
        return Tape.apply(new Factors.PseudoInverse(atol, rtol), a);
    }

    private static double precision(Tensor a) {
        MatrixParts.decomposable("linalg", a);
        return Math.max(a.size(-1), a.size(-2)) * (a.dtype() == DType.FLOAT64 ? 0x1p-52 : 0x1p-23);
    }

    /** The solution of least squares; the sums of squared residuals where {@code m > n} and the rank is full, else empty. */
    public record Lstsq(Tensor solution, Tensor residuals, Tensor rank, Tensor singularValues) {}

    public static Lstsq lstsq(Tensor a, Tensor b) {
        return lstsq(a, b, null);
    }

    /**
     * The X of smallest norm for which {@code ‖A·X - B‖} is smallest: A {@code [*, m, n]}, B {@code [*, m, k]} or a vector
     * {@code [*, m]}.
     *
     * @param rcond singular values up to rcond times the largest count as 0; null for the type's precision times {@code max(m, n)}
     */
    public static Lstsq lstsq(Tensor a, Tensor b, @Nullable Double rcond) {
        MatrixParts.decomposable("linalg.lstsq", a);
        double bound = rcond == null ? precision(a) : rcond;
        boolean vector = b.dim() == 1 || a.dim() - 1 == b.dim();
        Tensor right = vector ? b.unsqueeze(-1) : b;
        if (a.dtype() != b.dtype() || a.size(-2) != right.size(-2)) {
            throw new IllegalArgumentException("linalg.lstsq: " + a.dtype() + " " + a.shape() + " does not fit "
                    + b.dtype() + " " + b.shape() + ": one type and " + a.size(-2) + " rows are needed");
        }
        Tensor x = pinv(a, 0, bound, false).matmul(right);
        Tensor s = svdvals(a.detach());
        Tensor rank = rank(s, 0, bound);
        boolean full = rank.eq(a.size(-1)).all().itemLong() == 1;
        Tensor residuals = a.size(-2) > a.size(-1) && full
                ? a.matmul(x).sub(right).square().sum(-2)
                : a.like(a.dtype(), Shape.of(0));
        return new Lstsq(vector ? x.squeeze(-1) : x, residuals, rank, s);
    }

    // ---- numbers of a matrix

    /** {@code [*]}. Its gradient exists for singular matrices as well. */
    public static Tensor det(Tensor a) {
        checkSquare("linalg.det", a);
        return Tape.apply(new Solutions.Det(), a);
    }

    /** {@code det = sign * exp(logabsdet)}. */
    public record Slogdet(Tensor sign, Tensor logabsdet) {}

    /** Sign 0 and -∞ for singular matrices, whose gradient is infinite or NaN. */
    public static Slogdet slogdet(Tensor a) {
        checkSquare("linalg.slogdet", a);
        Tensor[] parts = Tape.applyAll(new Solutions.LogAbsDet(), a);
        return new Slogdet(parts[1], parts[0]);
    }

    /** The number of singular values above {@code max(m, n)} times the type's precision, relative to the largest; int64. */
    public static Tensor matrixRank(Tensor a) {
        return rank(svdvals(a.detach()), 0, precision(a));
    }

    /** The number of singular values above {@code max(atol, rtol * largest)}. */
    public static Tensor matrixRank(Tensor a, double atol, double rtol) {
        return rank(svdvals(a.detach()), atol, rtol);
    }

    private static Tensor rank(Tensor s, double atol, double rtol) {
        if (s.size(-1) == 0) {
            return s.gt(0).sum(-1);
        }
        return s.gt(s.narrow(-1, 0, 1).mul(rtol).clamp(atol, null)).sum(-1);
    }

    /** The ratio of the largest and the smallest singular value. */
    public static Tensor cond(Tensor a) {
        Tensor s = svdvals(a);
        return s.select(-1, 0).div(s.select(-1, s.size(-1) - 1));
    }

    // ---- norms

    /** {@link #vectorNorm(Tensor, double, int[], boolean)} of all elements, Euclidean. */
    public static Tensor vectorNorm(Tensor x) {
        return vectorNorm(x, 2);
    }

    public static Tensor vectorNorm(Tensor x, double ord, int... dims) {
        return vectorNorm(x, ord, dims, false);
    }

    /** {@code sum(|x|^ord)^(1/ord)} over {@code dims}, all if none; infinite orders are the largest and smallest, 0 counts. */
    public static Tensor vectorNorm(Tensor x, double ord, int[] dims, boolean keepdim) {
        NullArgument.check(x, "x");
        int[] over = dims;
        if (dims.length == 0) {
            over = new int[x.dim()];
            Arrays.setAll(over, d -> d);
        }
        return x.norm(ord, over, keepdim);
    }

    /** The Frobenius norm of the last two dimensions. */
    public static Tensor matrixNorm(Tensor a) {
        return matrixNorm(a, "fro");
    }

    public static Tensor matrixNorm(Tensor a, String ord) {
        return matrixNorm(a, ord, new int[] {-2, -1}, false);
    }

    /** @param ord "fro", the root of the sum of squares, or "nuc", the sum of the singular values */
    public static Tensor matrixNorm(Tensor a, String ord, int[] dims, boolean keepdim) {
        NullArgument.check(ord, "ord");
        return switch (ord) {
            case "fro" -> vectorNorm(a, 2, twoAxes(a, dims), keepdim);
            case "nuc" -> kept(a, dims, keepdim, svdvals(last(a, dims)).sum(-1));
            default ->
                throw new IllegalArgumentException(
                        "linalg.matrixNorm: the order must be \"fro\", \"nuc\", ±1, ±2 or ±∞," + " got \"" + ord
                                + "\"");
        };
    }

    public static Tensor matrixNorm(Tensor a, double ord) {
        return matrixNorm(a, ord, new int[] {-2, -1}, false);
    }

    /**
     * @param ord 2 and -2: the largest and smallest singular value; 1 and -1: the largest and smallest sum of magnitudes of a column;
     *     ±infinity: of a row
     */
    public static Tensor matrixNorm(Tensor a, double ord, int[] dims, boolean keepdim) {
        Tensor x = last(a, dims);
        double size = Math.abs(ord);
        Tensor values;
        if (size == 2) {
            values = svdvals(x);
        } else if (size == 1) {
            values = x.abs().sum(-2);
        } else if (size == Double.POSITIVE_INFINITY) {
            values = x.abs().sum(-1);
        } else {
            throw new IllegalArgumentException(
                    "linalg.matrixNorm: the order must be \"fro\", \"nuc\", ±1, ±2 or ±∞, got " + ord);
        }
        int[] over = {-1};
        return kept(a, dims, keepdim, ord > 0 ? values.amax(over, false) : values.amin(over, false));
    }

    /** {@link #norm(Tensor, String)} of all elements as of a vector. */
    public static Tensor norm(Tensor x) {
        return vectorNorm(x, 2);
    }

    /** A norm of matrices by name, see {@link #matrixNorm}. */
    public static Tensor norm(Tensor x, String ord) {
        return matrixNorm(x, ord);
    }

    /** Of a vector its norm, of a matrix its {@link #matrixNorm}. */
    public static Tensor norm(Tensor x, double ord) {
        return switch (x.dim()) {
            case 1 -> vectorNorm(x, ord);
            case 2 -> matrixNorm(x, ord);
            default ->
                throw new IllegalArgumentException(
                        "linalg.norm of a given order needs one or two dimensions, got shape " + x.shape()
                                + ": say over which with norm(x, ord, dims, keepdim)");
        };
    }

    /** Over one dimension the norm of vectors, over two that of matrices. */
    public static Tensor norm(Tensor x, double ord, int[] dims, boolean keepdim) {
        return dims.length == 2 ? matrixNorm(x, ord, dims, keepdim) : vectorNorm(x, ord, dims, keepdim);
    }

    private static int[] twoAxes(Tensor a, int[] dims) {
        NullArgument.check(dims, "dims");
        MatrixParts.matrix("linalg.matrixNorm", a);
        if (dims.length != 2 || a.shape().axis(dims[0]) == a.shape().axis(dims[1])) {
            throw new IllegalArgumentException("linalg.matrixNorm needs two different dimensions of " + a.shape()
                    + ", got " + Arrays.toString(dims));
        }
        return new int[] {a.shape().axis(dims[0]), a.shape().axis(dims[1])};
    }

    /** With the two dimensions at the end. */
    private static Tensor last(Tensor a, int[] dims) {
        int[] two = twoAxes(a, dims);
        List<Integer> axes = List.of(two[0], two[1]);
        return a.permute(MatrixParts.array(MatrixParts.others(a, axes), axes));
    }

    private static Tensor kept(Tensor a, int[] dims, boolean keepdim, Tensor norm) {
        int[] two = twoAxes(a, dims);
        return keepdim ? norm.unsqueeze(Math.min(two[0], two[1])).unsqueeze(Math.max(two[0], two[1])) : norm;
    }

    // ---- products and functions

    public static Tensor matmul(Tensor a, Tensor b) {
        return a.matmul(b);
    }

    /** Sums of products along {@code dim}; the shapes broadcast. */
    public static Tensor vecdot(Tensor x, Tensor y, int dim) {
        return x.mul(y).sum(dim);
    }

    /** {@code [*, 3]}, along the last dimension. */
    public static Tensor cross(Tensor x, Tensor y) {
        return x.cross(y, -1);
    }

    public static Tensor matrixPower(Tensor a, int n) {
        return a.matrixPower(n);
    }

    /** The product of several matrices in the cheapest order; the first and the last may be vectors. */
    public static Tensor multiDot(Tensor... factors) {
        NullArgument.check(factors, "factors");
        if (factors.length < 2) {
            throw new IllegalArgumentException("a chain of products needs at least two factors, got " + factors.length);
        }
        int last = factors.length - 1;
        Tensor[] m = factors.clone();
        m[0] = m[0].dim() == 1 ? m[0].unsqueeze(0) : m[0];
        m[last] = m[last].dim() == 1 ? m[last].unsqueeze(1) : m[last];
        for (int i = 0; i < m.length; i++) {
            if (m[i].dim() != 2) {
                throw new IllegalArgumentException(
                        "factor " + i + " of a chain of products must be a matrix, got shape " + factors[i].shape());
            }
        }
        Tensor out = new Chain(m).product(0, last);
        out = factors[last].dim() == 1 ? out.squeeze(-1) : out;
        return factors[0].dim() == 1 ? out.squeeze(0) : out;
    }

    /** Where to split a chain of matrices, by the fewest multiplications for every part of it. */
    private static final class Chain {
        private final Tensor[] factors;
        private final int[][] split;

        Chain(Tensor[] factors) {
            this.factors = factors;
            int n = factors.length;
            split = new int[n][n];
            double[][] cost = new double[n][n];
            for (int length = 2; length <= n; length++) {
                for (int i = 0, j = length - 1; j < n; i++, j++) {
                    cost[i][j] = Double.POSITIVE_INFINITY;
                    for (int k = i; k < j; k++) {
                        double c = cost[i][k]
                                + cost[k + 1][j]
                                + (double) factors[i].size(0) * factors[k].size(1) * factors[j].size(1);
                        if (c < cost[i][j]) {
                            cost[i][j] = c;
                            split[i][j] = k;
                        }
                    }
                }
            }
        }

        Tensor product(int i, int j) {
            return i == j ? factors[i] : product(i, split[i][j]).mm(product(split[i][j] + 1, j));
        }
    }

    /** {@code eᴬ}, by scaling, a rational approximation and squaring (Higham 2005). */
    public static Tensor matrixExp(Tensor a) {
        checkSquare("linalg.matrixExp", a);
        return Exponential.of(a);
    }

    private static void checkSquare(String op, Tensor a) {
        MatrixParts.decomposable(op, a);
        MatrixParts.square(op, a);
    }
}
