package akari.tensor;

import akari.backend.ReduceOp;
import akari.core.DType;
import akari.core.Shape;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Systems of equations as operations. Operands have one type and equal batch dimensions. */
final class Solutions {
    private Solutions() {}

    private static final String SINGULAR =
            "is singular: pivot %d is 0. Check the input, add a small multiple of the identity, or use lstsq or pinv";

    /** LU factors of a copy of {@code a}, and their pivots. */
    record Factored(Tensor lu, Tensor pivots, int[] info) {
        static Factored of(Tensor a) {
            Tensor lu = MatrixColumns.copy(a);
            long k = Math.min(a.size(-1), a.size(-2));
            Tensor pivots = a.like(DType.INT32, MatrixParts.shape(MatrixParts.batch(a), k));
            int[] info = new int[Math.toIntExact(MatrixParts.batch(a).numel())];
            if (a.numel() > 0) {
                info = MatrixColumns.of(a).lu(lu.view, pivots.view);
            }
            return new Factored(lu, pivots, info);
        }
    }

    /**
     * X of {@code A·X = B}, or {@code Aᵀ·X = B}: A {@code [*, n, n]}, B {@code [*, n, k]}.
     *
     * @param singular whether A may be singular: X then has infinities and NaN
     */
    record Solve(boolean transposed, boolean singular) implements Op {
        @Override
        public String name() {
            return "linalg.solve";
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = MatrixColumns.copy(in[1]);
            Factored f = Factored.of(in[0]);
            if (!singular) {
                MatrixColumns.check(name(), in[0], f.info, SINGULAR);
            }
            if (x.numel() > 0) {
                MatrixColumns.of(x).luSolve(f.lu.view, f.pivots.view, transposed, x.view);
            }
            call.slot(0, call.save(in[0]));
            call.slot(1, call.save(x));
            return x;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor a = call.saved(call.slot(0));
            Tensor x = call.saved(call.slot(1));
            Tensor gb = Tape.apply(new Solve(!transposed, singular), a, g);
            return new @Nullable Tensor[] {call.needs(0) ? outer(transposed, gb, x) : null, call.needs(1) ? gb : null};
        }
    }

    private static Tensor outer(boolean transposed, Tensor gb, Tensor x) {
        Tensor product = transposed ? x.matmul(MatrixParts.transposed(gb)) : gb.matmul(MatrixParts.transposed(x));
        return product.neg();
    }

    /** As {@link Solve}, with a triangular A. */
    record SolveTriangular(boolean upper, boolean transposed, boolean unit) implements Op {
        @Override
        public String name() {
            return "linalg.solveTriangular";
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = MatrixColumns.copy(in[1]);
            if (x.numel() > 0) {
                Tensor a = MatrixColumns.copy(in[0]);
                int[] info = MatrixColumns.of(x).triangularSolve(a.view, upper, transposed, unit, x.view);
                MatrixColumns.check(name(), in[0], info, "is singular: element %d of its diagonal (from 1) is 0");
            }
            call.slot(0, call.save(in[0]));
            call.slot(1, call.save(x));
            return x;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor a = call.saved(call.slot(0));
            Tensor x = call.saved(call.slot(1));
            Tensor gb = Tape.apply(new SolveTriangular(upper, !transposed, unit), a, g);
            Tensor ga = null;
            if (call.needs(0)) {
                Tensor full = outer(transposed, gb, x);
                int inside = unit ? 1 : 0;
                ga = upper ? MatrixParts.upper(full, inside) : MatrixParts.lower(full, -inside);
            }
            return new @Nullable Tensor[] {ga, call.needs(1) ? gb : null};
        }
    }

    record Inverse() implements Op {
        @Override
        public String name() {
            return "linalg.inv";
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor a = in[0];
            Factored f = Factored.of(a);
            MatrixColumns.check(name(), a, f.info, SINGULAR);
            Tensor x = MatrixColumns.copy(
                    MatrixParts.eye(a.dtype(), a).expand(a.shape().toArray()));
            if (x.numel() > 0) {
                MatrixColumns.of(x).luSolve(f.lu.view, f.pivots.view, false, x.view);
            }
            call.save(x);
            return x;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor xt = MatrixParts.transposed(call.saved(0));
            return new Tensor[] {xt.matmul(g).matmul(xt).neg()};
        }
    }

    /** The determinants {@code [*]}. */
    record Det() implements Op {
        @Override
        public String name() {
            return "linalg.det";
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Factored f = Factored.of(in[0]);
            Tensor out = product(MatrixParts.diagonal(f.lu)).mul(sign(f.pivots, in[0].dtype()));
            call.save(in[0]);
            call.save(out);
            return out;
        }

        /** The product of all elements but one is defined where the determinant is 0, and found by way of the singular values there. */
        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor a = call.saved(0);
            Tensor det = call.saved(1);
            double eps = a.dtype() == DType.FLOAT64 ? 0x1p-52 : 0x1p-23;
            Tensor small = det.detach().abs().lt(100 * eps);
            if (small.any().itemLong() == 0) {
                Tensor right = MatrixParts.diagonalMatrix(g.mul(det)
                        .unsqueeze(-1)
                        .expand(MatrixParts.shape(det.shape(), a.size(-1)).toArray()));
                return new Tensor[] {Tape.apply(new Solve(true, false), a, right)};
            }
            Factors.SvdParts svd = Factors.svd(a, false);
            Tensor rotation = Tape.apply(new Det(), svd.u()).mul(Tape.apply(new Det(), svd.vt()));
            Tensor scale = g.mul(rotation).unsqueeze(-1);
            Tensor adjugate = svd.u()
                    .mul(productOfOthers(svd.s()).mul(scale).unsqueeze(-2))
                    .matmul(svd.vt());
            return new Tensor[] {adjugate};
        }

        private static Tensor productOfOthers(Tensor s) {
            int n = Math.toIntExact(s.size(-1));
            Tensor[] out = new Tensor[n];
            Tensor before = Tensors.onesLike(s.narrow(-1, 0, 1));
            for (int i = 0; i < n; i++) {
                out[i] = before;
                before = before.mul(s.narrow(-1, i, 1));
            }
            Tensor after = Tensors.onesLike(s.narrow(-1, 0, 1));
            for (int i = n - 1; i >= 0; i--) {
                out[i] = out[i].mul(after);
                after = after.mul(s.narrow(-1, i, 1));
            }
            return Tensors.cat(List.of(out), -1);
        }
    }

    /** {@code log|det|} {@code [*]}, -∞ where singular, and the sign. */
    record LogAbsDet() implements MultiOp {
        @Override
        public String name() {
            return "linalg.slogdet";
        }

        @Override
        public boolean differentiable(int i) {
            return i == 0;
        }

        @Override
        public Tensor[] results(Call call, Tensor[] in) {
            Factored f = Factored.of(in[0]);
            Tensor d = MatrixParts.diagonal(f.lu);
            call.save(in[0]);
            return new Tensor[] {d.abs().log().sum(-1), product(d.sign()).mul(sign(f.pivots, d.dtype()))};
        }

        @Override
        public @Nullable Tensor[] backward(Call call, @Nullable Tensor[] g) {
            Tensor a = call.saved(0);
            Tensor given = Objects.requireNonNull(g[0]);
            Shape diagonal = MatrixParts.shape(given.shape(), a.size(-1));
            Tensor right = MatrixParts.diagonalMatrix(given.unsqueeze(-1).expand(diagonal.toArray()));
            return new Tensor[] {Tape.apply(new Solve(true, true), a, right)};
        }
    }

    /** Over the last dimension. */
    private static Tensor product(Tensor x) {
        int last = x.dim() - 1;
        return Tape.apply(new ReductionOps.Reduce(ReduceOp.PROD, List.of(last), false), x);
    }

    /** -1 for an odd number of exchanged rows. */
    private static Tensor sign(Tensor pivots, DType type) {
        Tensor stay = MatrixParts.range(pivots, pivots.size(-1)).add(1);
        Tensor moved = pivots.ne(stay).to(type);
        return product(moved.mul(-2).add(1));
    }
}
