package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Products of vectors and matrices under their PyTorch names: all of them come down to {@link LinearAlgebra#matmul}, whose rules for
 * types hold (one type for all operands, floating or integer), or to {@code mul}, which broadcasts and promotes.
 */
public sealed interface Products permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code [m, k] · [k, n]}, without broadcasting. */
    default Tensor mm(Tensor mat2) {
        rank("mm", 2, self(), mat2);
        return self().matmul(mat2);
    }

    /** {@code [b, m, k] · [b, k, n]}, without broadcasting. */
    default Tensor bmm(Tensor mat2) {
        checkBatches("bmm", self(), mat2);
        return self().matmul(mat2);
    }

    private static void checkBatches(String op, Tensor batch1, Tensor batch2) {
        rank(op, 3, batch1, batch2);
        if (batch1.size(0) != batch2.size(0)) {
            throw new IllegalArgumentException(op + ": " + batch1.shape() + " and " + batch2.shape()
                    + " must have equally many matrices; matmul broadcasts them");
        }
    }

    /** {@code [m, k] · [k]}. */
    default Tensor mv(Tensor vec) {
        checkVector(self(), vec);
        return self().matmul(vec);
    }

    private static void checkVector(Tensor mat, Tensor vec) {
        rank("mv", 2, mat);
        rank("mv", 1, vec);
    }

    /** {@code [k] · [k]}, a 0-d tensor. */
    default Tensor dot(Tensor other) {
        rank("dot", 1, self(), other);
        return self().matmul(other);
    }

    /** {@link #dot}, as these numbers are real. */
    default Tensor vdot(Tensor other) {
        rank("vdot", 1, self(), other);
        return self().matmul(other);
    }

    /** Sums of products over the last dimension of both: {@code [*, k]} and {@code [+, k]} give {@code [*, +]}; a 0-d operand multiplies. */
    default Tensor inner(Tensor other) {
        Tensor x = self();
        if (x.dim() == 0 || other.dim() == 0) {
            return x.mul(other);
        }
        long k = x.size(-1);
        if (k != other.size(-1)) {
            throw new IllegalArgumentException(
                    "inner: the last sizes of " + x.shape() + " and " + other.shape() + " differ");
        }
        return x.tensordot(other, new int[] {-1}, new int[] {-1});
    }

    /** All products of the elements of two vectors: {@code [m]} and {@code [n]} give {@code [m, n]}. */
    default Tensor outer(Tensor vec2) {
        rank("outer", 1, self(), vec2);
        return self().unsqueeze(1).mul(vec2);
    }

    /** {@link #outer}. */
    default Tensor ger(Tensor vec2) {
        return outer(vec2);
    }

    // ---- beta * this + alpha * product

    default Tensor addmm(Tensor mat1, Tensor mat2) {
        return addmm(mat1, mat2, 1, 1);
    }

    /** {@code beta * this + alpha * (mat1 · mat2)}; this broadcasts to the product, and is not read if beta is 0. */
    default Tensor addmm(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
        rank("mm", 2, mat1, mat2);
        return plus("addmm", LinearAlgebraOps.wide(mat1, mat2), mat1, beta, alpha);
    }

    default Tensor addmm_(Tensor mat1, Tensor mat2) {
        return addmm_(mat1, mat2, 1, 1);
    }

    default Tensor addmm_(Tensor mat1, Tensor mat2, Number beta, Number alpha) {
        rank("mm", 2, mat1, mat2);
        return plus_("addmm_", LinearAlgebraOps.wide(mat1, mat2), mat1, beta, alpha);
    }

    default Tensor addmv(Tensor mat, Tensor vec) {
        return addmv(mat, vec, 1, 1);
    }

    /** {@code beta * this + alpha * (mat · vec)}. */
    default Tensor addmv(Tensor mat, Tensor vec, Number beta, Number alpha) {
        checkVector(mat, vec);
        return plus("addmv", LinearAlgebraOps.wide(mat, vec), mat, beta, alpha);
    }

    default Tensor addmv_(Tensor mat, Tensor vec) {
        return addmv_(mat, vec, 1, 1);
    }

    default Tensor addmv_(Tensor mat, Tensor vec, Number beta, Number alpha) {
        checkVector(mat, vec);
        return plus_("addmv_", LinearAlgebraOps.wide(mat, vec), mat, beta, alpha);
    }

    default Tensor addr(Tensor vec1, Tensor vec2) {
        return addr(vec1, vec2, 1, 1);
    }

    /** {@code beta * this + alpha * outer(vec1, vec2)}. */
    default Tensor addr(Tensor vec1, Tensor vec2, Number beta, Number alpha) {
        Tensor product = vec1.outer(vec2); // a half rounds it, as in PyTorch
        return plus("addr", product, product, beta, alpha);
    }

    default Tensor addr_(Tensor vec1, Tensor vec2) {
        return addr_(vec1, vec2, 1, 1);
    }

    default Tensor addr_(Tensor vec1, Tensor vec2, Number beta, Number alpha) {
        Tensor product = vec1.outer(vec2);
        return plus_("addr_", product, product, beta, alpha);
    }

    default Tensor baddbmm(Tensor batch1, Tensor batch2) {
        return baddbmm(batch1, batch2, 1, 1);
    }

    /** {@code beta * this + alpha * bmm(batch1, batch2)}. */
    default Tensor baddbmm(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
        checkBatches("bmm", batch1, batch2);
        return plus("baddbmm", LinearAlgebraOps.wide(batch1, batch2), batch1, beta, alpha);
    }

    default Tensor baddbmm_(Tensor batch1, Tensor batch2) {
        return baddbmm_(batch1, batch2, 1, 1);
    }

    default Tensor baddbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
        checkBatches("bmm", batch1, batch2);
        return plus_("baddbmm_", LinearAlgebraOps.wide(batch1, batch2), batch1, beta, alpha);
    }

    default Tensor addbmm(Tensor batch1, Tensor batch2) {
        return addbmm(batch1, batch2, 1, 1);
    }

    /** {@code beta * this + alpha * bmm(batch1, batch2).sum(0)}. */
    default Tensor addbmm(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
        return plus("addbmm", summedProducts(batch1, batch2), batch1, beta, alpha);
    }

    default Tensor addbmm_(Tensor batch1, Tensor batch2) {
        return addbmm_(batch1, batch2, 1, 1);
    }

    default Tensor addbmm_(Tensor batch1, Tensor batch2, Number beta, Number alpha) {
        return plus_("addbmm_", summedProducts(batch1, batch2), batch1, beta, alpha);
    }

    /** The batch is part of what a single product sums over. */
    private static Tensor summedProducts(Tensor batch1, Tensor batch2) {
        checkBatches("addbmm", batch1, batch2);
        ShapeMismatches.checkInner(batch1.shape(), batch2.shape());
        return LinearAlgebraOps.wide(
                batch1.permute(1, 0, 2).reshape(batch1.size(1), batch1.size(0) * batch1.size(2)), batch2.flatten(0, 1));
    }

    /** @param factor of the product, whose type this must have */
    private Tensor plus(String op, Tensor product, Tensor factor, Number beta, Number alpha) {
        Tensor x = Autocast.lower(self());
        checkScaled(op, x, factor, beta, alpha);
        Shape shape = product.shape();
        if (!Shape.broadcast(x.shape(), shape).equals(shape)) {
            throw new IllegalArgumentException(
                    op + ": input " + x.shape() + " does not expand to the product's shape " + shape);
        }
        return Tape.composite(op, () -> {
            if (x.dtype().isFloating()) {
                double[] scalars = {beta.doubleValue(), alpha.doubleValue()};
                DType type = x.dtype();
                return Tape.apply(
                        new Elementwise(ArithmeticFormulas.PLUS_PRODUCT, scalars, type, type.compute()), x, product);
            }
            Tensor scaled = isOne(alpha) ? product : product.mul(alpha);
            if (beta.doubleValue() == 0) {
                return scaled == product ? product.clone() : scaled;
            }
            return (isOne(beta) ? x : x.mul(beta)).add(scaled);
        });
    }

    private Tensor plus_(String op, Tensor product, Tensor factor, Number beta, Number alpha) {
        Tensor x = self();
        checkScaled(op, x, factor, beta, alpha);
        if (x.dtype().isFloating()) {
            double[] scalars = {beta.doubleValue(), alpha.doubleValue()};
            return Elementwise.inPlace(ArithmeticFormulas.PLUS_PRODUCT, scalars, x, product);
        }
        if (beta.doubleValue() == 0) {
            x.zero_();
        } else if (!isOne(beta)) {
            x.mul_(beta);
        }
        return x.add_(isOne(alpha) ? product : product.mul(alpha));
    }

    private static boolean isOne(Number n) {
        NullArgument.check(n, "n");
        return n.doubleValue() == 1;
    }

    private static void checkScaled(String op, Tensor x, Tensor factor, Number beta, Number alpha) {
        NullArgument.check(beta, "beta");
        NullArgument.check(alpha, "alpha");
        DType type = Autocast.lower(factor).dtype();
        if (x.dtype() != type) {
            throw new IllegalArgumentException(op + ": input is " + x.dtype() + ", the product is " + type
                    + "; all must be of one type: convert with to(dtype)");
        }
        for (Number n : new Number[] {beta, alpha}) {
            if (!x.dtype().isFloating() && (n instanceof Double || n instanceof Float)) {
                throw new IllegalArgumentException(
                        op + ": beta and alpha must be whole numbers for tensors of " + x.dtype() + ", got " + n);
            }
        }
    }

    // ---- powers, Kronecker, cross and tensor products

    /** This square matrix (or batch of them) multiplied with itself {@code n} times; a negative {@code n} takes the inverse. */
    default Tensor matrixPower(int n) {
        MatrixParts.square("matrixPower", self());
        if (n < 0) {
            Tensor inverse = self().inverse();
            // the negative of the smallest int is none
            return n == Integer.MIN_VALUE
                    ? inverse.matmul(inverse.matrixPower(Integer.MAX_VALUE))
                    : inverse.matrixPower(-n);
        }
        if (n == 0) {
            Tensor eye = MatrixParts.eye(self().dtype(), self())
                    .expand(self().shape().toArray());
            return eye.where(eye.ge(0), self()); // in the graph, with a gradient of 0
        }
        return Tape.composite("matrixPower", () -> {
            Tensor square = self();
            Tensor product = null;
            for (int left = n; left > 0; left >>= 1) {
                if ((left & 1) == 1) {
                    product = product == null ? square : product.matmul(square);
                }
                square = left > 1 ? square.matmul(square) : square;
            }
            return product == self() ? self().clone() : product;
        });
    }

    /** Sums of products over the last {@code dims} dimensions of this and the first {@code dims} of {@code other}. */
    default Tensor tensordot(Tensor other, int dims) {
        if (dims < 0 || dims > self().dim() || dims > other.dim()) {
            throw new IllegalArgumentException(
                    "tensordot over " + dims + " dimensions of " + self().shape() + " and " + other.shape());
        }
        int[] a = new int[dims];
        int[] b = new int[dims];
        Arrays.setAll(a, i -> self().dim() - dims + i);
        Arrays.setAll(b, i -> i);
        return tensordot(other, a, b);
    }

    /** Sums of products over dimension {@code dims[i]} of this against {@code otherDims[i]} of {@code other}; the rest side by side. */
    default Tensor tensordot(Tensor other, int[] dims, int[] otherDims) {
        Tensor x = self();
        if (dims.length != otherDims.length) {
            throw new IllegalArgumentException("tensordot: dimensions " + Arrays.toString(dims) + " of " + x.shape()
                    + " against " + Arrays.toString(otherDims) + " of " + other.shape() + ": equally many are needed");
        }
        List<Integer> a = MatrixParts.axes("tensordot", x, dims);
        List<Integer> b = MatrixParts.axes("tensordot", other, otherDims);
        Tensor y = other;
        long inner = 1;
        for (int i = 0; i < dims.length; i++) {
            long n = x.size(a.get(i));
            long m = y.size(b.get(i));
            if (n != m && n != 1 && m != 1) {
                throw new IllegalArgumentException("tensordot: size " + n + " of dimension " + a.get(i) + " of "
                        + self().shape() + " against " + m + " of dimension " + b.get(i) + " of " + other.shape());
            }
            // of a size of 1 against another, the other is summed first
            x = m == 1 && n != 1 ? x.sum(new int[] {a.get(i)}, true).to(self().dtype()) : x;
            y = n == 1 && m != 1 ? y.sum(new int[] {b.get(i)}, true).to(other.dtype()) : y;
            inner *= Math.min(n, m) == 0 ? 0 : n == 1 || m == 1 ? 1 : n;
        }
        List<Integer> restA = MatrixParts.others(x, a);
        List<Integer> restB = MatrixParts.others(y, b);
        List<Long> shape = new ArrayList<>();
        long rows = 1;
        for (int d : restA) {
            shape.add(x.size(d));
            rows *= x.size(d);
        }
        long columns = 1;
        for (int d : restB) {
            shape.add(y.size(d));
            columns *= y.size(d);
        }
        Tensor left = x.permute(MatrixParts.array(restA, a)).reshape(rows, inner);
        Tensor right = y.permute(MatrixParts.array(b, restB)).reshape(inner, columns);
        return left.matmul(right).reshape(shape.stream().mapToLong(n -> n).toArray());
    }

    /** Over the last two dimensions of this and the first two of {@code other}. */
    default Tensor tensordot(Tensor other) {
        return tensordot(other, 2);
    }

    /** Kronecker product: every element of this times all of {@code other}; the shorter shape is filled up with 1 in front. */
    default Tensor kron(Tensor other) {
        int rank = Math.max(self().dim(), other.dim());
        long[] a = new long[2 * rank];
        long[] b = new long[2 * rank];
        long[] shape = new long[rank];
        for (int d = 0; d < rank; d++) {
            int i = d - rank + self().dim();
            int j = d - rank + other.dim();
            a[2 * d] = i < 0 ? 1 : self().size(i);
            a[2 * d + 1] = 1;
            b[2 * d] = 1;
            b[2 * d + 1] = j < 0 ? 1 : other.size(j);
            shape[d] = a[2 * d] * b[2 * d + 1];
        }
        return self().reshape(a).mul(other.reshape(b)).reshape(shape);
    }

    /** {@link #cross(Tensor, int)} along the first dimension of size 3. */
    default Tensor cross(Tensor other) {
        Shape shape = Shape.broadcast(self().shape(), other.shape());
        for (int d = 0; d < shape.rank(); d++) {
            if (shape.get(d) == 3) {
                return cross(other, d);
            }
        }
        throw new IllegalArgumentException("cross: no dimension of " + shape + " has size 3");
    }

    /** Vector products of the 3-vectors along {@code dim}; the other dimensions broadcast. */
    default Tensor cross(Tensor other, int dim) {
        if (self().dim() != other.dim() || self().dim() == 0 || self().size(dim) != 3 || other.size(dim) != 3) {
            throw new IllegalArgumentException(
                    "cross along dimension " + dim + " needs two shapes of equal rank with size 3" + " there, got "
                            + self().shape() + " and " + other.shape());
        }
        return Tape.composite("cross", () -> {
            Tensor x = self();
            return turned(x, dim, 1)
                    .mul(turned(other, dim, 2))
                    .sub(turned(x, dim, 2).mul(turned(other, dim, 1)));
        });
    }

    /** Elements {@code by, …, 2, 0, …} of a dimension of size 3. */
    private static Tensor turned(Tensor x, int dim, int by) {
        return Tensors.cat(List.of(x.narrow(dim, by, 3 - by), x.narrow(dim, 0, by)), dim);
    }

    /** Sum of the main diagonal of a matrix. */
    default Tensor trace() {
        rank("trace", 2, self());
        return MatrixParts.diagonal(self()).sum();
    }

    /** {@code thisᵀ · weight[o] · x2 + bias[o]}: this {@code [*, i]}, x2 {@code [*, j]}, weight {@code [o, i, j]}; result {@code [*, o]}. */
    default Tensor bilinear(Tensor x2, Tensor weight, @Nullable Tensor bias) {
        Tensor x1 = self();
        boolean fits = weight.dim() == 3
                && x1.dim() > 0
                && x1.dim() == x2.dim()
                && x1.shape().with(-1, 1).equals(x2.shape().with(-1, 1))
                && x1.size(-1) == weight.size(1)
                && x2.size(-1) == weight.size(2);
        if (!fits || bias != null && !bias.shape().equals(Shape.of(weight.size(0)))) {
            throw new IllegalArgumentException("bilinear: inputs " + x1.shape() + " and " + x2.shape()
                    + " do not fit weight " + weight.shape() + (bias == null ? "" : " and bias " + bias.shape())
                    + ": expected [*, i], [*, j], [o, i, j] and [o]");
        }
        if (x2.dtype() != x1.dtype() || weight.dtype() != x1.dtype()) {
            Tensor other = x2.dtype() == x1.dtype() ? weight : x2;
            throw ShapeMismatches.types("bilinear", "inputs and a weight of one type", x1, other);
        }
        return Tape.composite("bilinear", () -> {
            long outputs = weight.size(0);
            DType type = x1.dtype().isHalf() ? x1.dtype().compute() : x1.dtype();
            Tensor a = x1.to(type).reshape(-1, x1.size(-1));
            Tensor b = x2.to(type).reshape(-1, x2.size(-1), 1);
            Tensor w = weight.to(type).permute(1, 0, 2).reshape(weight.size(1), -1);
            Tensor left = a.matmul(w).reshape(a.size(0), outputs, weight.size(2));
            Tensor out = left.matmul(b).reshape(x1.shape().with(-1, outputs));
            return (bias == null ? out : out.add(bias)).to(x1.dtype());
        });
    }

    default Tensor bilinear(Tensor x2, Tensor weight) {
        return bilinear(x2, weight, null);
    }

    private static void rank(String op, int rank, Tensor... operands) {
        for (Tensor t : operands) {
            if (t == null) {
                throw NullArgument.among(operands);
            }
            if (t.dim() != rank) {
                throw new IllegalArgumentException(op + " needs "
                        + (operands.length > 1 ? "operands" : "an operand") + " of " + rank + " dimension"
                        + (rank == 1 ? "" : "s") + ", got " + MatrixParts.shapes(operands)
                        + (rank > 1 ? "; matmul broadcasts batches" : ""));
            }
        }
    }
}
