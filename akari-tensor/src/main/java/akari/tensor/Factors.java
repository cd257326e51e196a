package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decompositions as operations, with PyTorch's gradients. */
final class Factors {
    private Factors() {}

    // ---- Cholesky

    /** The lower factor of matrices whose lower triangles are given. */
    record Cholesky() implements Op {
        @Override
        public String name() {
            return "linalg.cholesky";
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor l = MatrixColumns.copy(in[0]);
            if (l.numel() > 0) {
                int[] info = MatrixColumns.of(l).cholesky(l.view);
                MatrixColumns.check(
                        name(),
                        in[0],
                        info,
                        "is not positive definite: its leading minor of order %d is not. Check that it is symmetric and add"
                                + " a small multiple of the identity");
                l = MatrixParts.lower(l, 0);
            }
            call.save(l);
            return l;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor l = call.saved(0);
            Tensor phi = MatrixParts.lower(MatrixParts.transposed(l).matmul(g), 0);
            phi = phi.add(MatrixParts.transposed(MatrixParts.lower(phi, -1))).mul(0.5);
            Tensor left = Tape.apply(new Solutions.SolveTriangular(false, true, false), l, phi);
            return new Tensor[] {rightSolve(l, false, true, left)};
        }
    }

    /** X of {@code X·T = B}, or {@code X·Tᵀ = B} if not {@code plain}, for a triangular T. */
    private static Tensor rightSolve(Tensor t, boolean upper, boolean plain, Tensor b) {
        Solutions.SolveTriangular solve = new Solutions.SolveTriangular(upper, plain, false);
        return MatrixParts.transposed(Tape.apply(solve, t, MatrixParts.transposed(b)));
    }

    // ---- LU

    /** Both factors in one matrix, the ones on L's diagonal left out; and the pivots. */
    record Lu() implements MultiOp {
        @Override
        public String name() {
            return "linalg.lu";
        }

        @Override
        public Tensor[] results(Call call, Tensor[] in) {
            Solutions.Factored f = Solutions.Factored.of(in[0]);
            call.save(f.lu());
            call.save(f.pivots());
            return new Tensor[] {f.lu(), f.pivots()};
        }

        @Override
        public @Nullable Tensor[] backward(Call call, @Nullable Tensor[] gradients) {
            Tensor g = Objects.requireNonNull(gradients[0]);
            Tensor lu = call.saved(0);
            Tensor pivots = call.saved(1);
            long m = lu.size(-2);
            long n = lu.size(-1);
            long k = Math.min(m, n);
            Tensor square = lu.narrow(-2, 0, k).narrow(-1, 0, k);
            Tensor gSquare = g.narrow(-2, 0, k).narrow(-1, 0, k);
            Tensor l = MatrixParts.lower(square, -1).add(MatrixParts.eye(lu.dtype(), k, lu));
            Tensor u = MatrixParts.upper(square, 0);
            Tensor gl = MatrixParts.lower(gSquare, -1);
            Tensor gu = MatrixParts.upper(gSquare, 0);
            Tensor rest = null;
            if (m > n) {
                rest = rightSolve(u, true, false, g.narrow(-2, k, m - k));
                gu = gu.sub(MatrixParts.transposed(lu.narrow(-2, k, m - k)).matmul(rest));
            } else if (m < n) {
                rest = Tape.apply(new Solutions.SolveTriangular(false, true, true), l, g.narrow(-1, k, n - k));
                gl = gl.sub(rest.matmul(MatrixParts.transposed(lu.narrow(-1, k, n - k))));
            }
            Tensor inner = MatrixParts.lower(MatrixParts.transposed(l).matmul(gl), -1)
                    .add(MatrixParts.upper(gu.matmul(MatrixParts.transposed(u)), 0));
            Tensor left = Tape.apply(new Solutions.SolveTriangular(false, true, true), l, inner);
            Tensor ga = rightSolve(u, true, false, left);
            if (rest != null) {
                ga = Tensors.cat(List.of(ga, rest), m > n ? -2 : -1);
            }
            return new Tensor[] {permutation(pivots, m, lu.dtype()).matmul(ga)};
        }
    }

    /** P of {@code A = P·L·U}, {@code [*, m, m]}, from the rows exchanged. */
    static Tensor permutation(Tensor pivots, long m, DType type) {
        NullArgument.check(pivots, "pivots");
        int[] p = pivots.toInts();
        int k = Math.toIntExact(pivots.size(-1));
        int n = Math.toIntExact(m);
        if (k > n) {
            throw new IllegalArgumentException(k + " pivots for a matrix of " + n + " rows");
        }
        Shape batch = Shape.of(Arrays.copyOf(pivots.shape().toArray(), pivots.dim() - 1));
        int count = Math.toIntExact(batch.numel());
        long[] order = new long[OutOfMemory.array("luUnpack", (double) count * n)];
        for (int b = 0; b < count; b++) {
            for (int i = 0; i < n; i++) {
                order[b * n + i] = i;
            }
            for (int i = 0; i < k; i++) {
                int pivot = p[b * k + i];
                if (pivot < 1 || pivot > n) {
                    throw new IllegalArgumentException(
                            "the pivot " + pivot + " is no row of a matrix of " + n + " rows, counted from 1");
                }
                int j = b * n + pivot - 1;
                long row = order[j];
                order[j] = order[b * n + i];
                order[b * n + i] = row;
            }
        }
        Tensor rows =
                MatrixParts.upload(pivots, DType.INT64, MatrixParts.shape(batch, 1, m), MemorySegment.ofArray(order));
        return rows.eq(MatrixParts.range(pivots, m).unsqueeze(1)).to(type);
    }

    // ---- QR

    record QrParts(Tensor q, Tensor r) {}

    /** Of wide matrices the left square part is decomposed, which gives Q; the rest of R is Q's product with what remains. */
    static QrParts qr(Tensor a, boolean complete) {
        long m = a.size(-2);
        long n = a.size(-1);
        if (m < n) {
            QrParts left = qr(a.narrow(-1, 0, m), false);
            Tensor rest = MatrixParts.transposed(left.q).matmul(a.narrow(-1, m, n - m));
            return new QrParts(left.q, Tensors.cat(List.of(left.r, rest), -1));
        }
        Tensor[] parts = Tape.applyAll(new Qr(complete), a);
        return new QrParts(parts[0], parts[1]);
    }

    /** Q and R; of at least as many rows as columns. */
    record Qr(boolean complete) implements MultiOp {
        @Override
        public String name() {
            return "linalg.qr";
        }

        @Override
        public Tensor[] results(Call call, Tensor[] in) {
            Tensor a = in[0];
            long m = a.size(-2);
            long k = complete ? m : a.size(-1);
            Tensor q = MatrixColumns.empty(a, MatrixParts.batch(a), m, k);
            Tensor work = MatrixColumns.copy(a);
            if (a.numel() > 0) {
                MatrixColumns.of(a).qr(work.view, q.view);
            } else {
                q.copy_(MatrixParts.eye(a.dtype(), m, a).narrow(-1, 0, k));
            }
            Tensor r = MatrixParts.upper(work.narrow(-2, 0, k), 0);
            call.save(q);
            call.save(r);
            return new Tensor[] {q, r};
        }

        @Override
        public @Nullable Tensor[] backward(Call call, @Nullable Tensor[] g) {
            Tensor q = call.saved(0);
            Tensor r = call.saved(1);
            if (q.size(-1) > r.size(-1)) {
                throw new UnsupportedOperationException(
                        "the gradient of a complete QR decomposition of a matrix with more" + " rows than columns ("
                                + call.inputShape(0) + ") is not defined; use the reduced one");
            }
            Tensor gq = MatrixColumns.orZeros(g[0], q);
            Tensor gr = MatrixColumns.orZeros(g[1], r);
            Tensor x = MatrixParts.upper(
                    gr.matmul(MatrixParts.transposed(r))
                            .sub(MatrixParts.transposed(q).matmul(gq)),
                    0);
            Tensor symmetric = x.add(MatrixParts.transposed(MatrixParts.upper(x, 1)));
            return new Tensor[] {rightSolve(r, true, false, gq.add(q.matmul(symmetric)))};
        }
    }

    // ---- symmetric eigenvalues

    record EighParts(Tensor values, Tensor vectors) {}

    /** Of matrices whose lower triangles are given. */
    static EighParts eigh(Tensor a) {
        Tensor[] parts = Tape.applyAll(new Eigh(true), a);
        return new EighParts(parts[0], parts[1]);
    }

    /** Values and vectors; or the values alone, which have no gradient then. */
    record Eigh(boolean vectors) implements MultiOp {
        @Override
        public String name() {
            return "linalg.eigh";
        }

        @Override
        public Tensor[] results(Call call, Tensor[] in) {
            Tensor a = in[0];
            MatrixColumns.requireFinite(name(), a);
            Tensor w = a.like(a.dtype(), MatrixParts.shape(MatrixParts.batch(a), a.size(-1)));
            Tensor v = MatrixColumns.copy(a);
            if (a.numel() > 0) {
                int[] info = MatrixColumns.of(a).eigh(v.view, w.view, vectors);
                MatrixColumns.check(name(), a, info, "has eigenvalues that did not converge (code %d)");
            }
            if (!vectors) {
                return new Tensor[] {w};
            }
            call.save(w);
            call.save(v);
            return new Tensor[] {w, v};
        }

        @Override
        public @Nullable Tensor[] backward(Call call, @Nullable Tensor[] g) {
            Tensor w = call.saved(0);
            Tensor v = call.saved(1);
            Tensor inner = MatrixParts.diagonalMatrix(MatrixColumns.orZeros(g[0], w));
            if (g[1] != null) {
                Tensor differences = w.unsqueeze(-2).sub(w.unsqueeze(-1));
                Tensor turn = offDiagonal(MatrixParts.transposed(v).matmul(g[1]));
                inner = inner.add(MatrixParts.ratio(turn, differences));
            }
            return new Tensor[] {v.matmul(inner).matmul(MatrixParts.transposed(v))};
        }
    }

    private static Tensor offDiagonal(Tensor x) {
        return x.mul(MatrixParts.eye(x.dtype(), x).neg().add(1));
    }

    // ---- singular values

    record SvdParts(Tensor u, Tensor s, Tensor vt) {}

    static SvdParts svd(Tensor a, boolean full) {
        Tensor[] parts = Tape.applyAll(new Svd(full, true), a);
        return new SvdParts(parts[0], parts[1], parts[2]);
    }

    /** U, S and Vᵀ; or S alone, which has no gradient then. */
    record Svd(boolean full, boolean vectors) implements MultiOp {
        @Override
        public String name() {
            return "linalg.svd";
        }

        @Override
        public Tensor[] results(Call call, Tensor[] in) {
            Tensor a = in[0];
            long m = a.size(-2);
            long n = a.size(-1);
            long k = Math.min(m, n);
            MatrixColumns.requireFinite(name(), a);
            Tensor s = a.like(a.dtype(), MatrixParts.shape(MatrixParts.batch(a), k));
            Tensor u = vectors ? MatrixColumns.empty(a, MatrixParts.batch(a), m, full ? m : k) : null;
            Tensor vt = vectors ? MatrixColumns.empty(a, MatrixParts.batch(a), full ? n : k, n) : null;
            if (a.numel() > 0) {
                Tensor work = MatrixColumns.copy(a);
                int[] info = MatrixColumns.of(a)
                        .svd(work.view, u == null ? null : u.view, s.view, vt == null ? null : vt.view);
                MatrixColumns.check(name(), a, info, "has singular values that did not converge (code %d)");
            } else if (u != null && vt != null) {
                u.copy_(MatrixParts.eye(a.dtype(), m, a).narrow(-1, 0, u.size(-1)));
                vt.copy_(MatrixParts.eye(a.dtype(), n, a).narrow(-2, 0, vt.size(-2)));
            }
            if (u == null || vt == null) {
                return new Tensor[] {s};
            }
            call.save(u);
            call.save(s);
            call.save(vt);
            return new Tensor[] {u, s, vt};
        }

        /** The columns that complete U and V have no say: they could be any. */
        @Override
        public @Nullable Tensor[] backward(Call call, @Nullable Tensor[] g) {
            long m = call.inputShape(0).get(-2);
            long n = call.inputShape(0).get(-1);
            long k = Math.min(m, n);
            Tensor u = call.saved(0).narrow(-1, 0, k);
            Tensor s = call.saved(1);
            Tensor vt = call.saved(2).narrow(-2, 0, k);
            Tensor squares = s.square();
            Tensor differences = squares.unsqueeze(-2).sub(squares.unsqueeze(-1));
            Tensor inner = MatrixParts.diagonalMatrix(MatrixColumns.orZeros(g[1], s));
            Tensor besides = null;
            if (g[0] != null) {
                Tensor gu = g[0].narrow(-1, 0, k);
                Tensor turn = MatrixParts.ratio(skew(MatrixParts.transposed(u).matmul(gu)), differences);
                inner = inner.add(turn.mul(s.unsqueeze(-2)));
                if (m > k) {
                    Tensor scaled = MatrixParts.ratio(
                            gu, s.unsqueeze(-2).expand(gu.shape().toArray()));
                    besides = scaled.sub(u.matmul(MatrixParts.transposed(u).matmul(scaled)))
                            .matmul(vt);
                }
            }
            if (g[2] != null) {
                Tensor gv = g[2].narrow(-2, 0, k);
                Tensor turn = MatrixParts.ratio(skew(vt.matmul(MatrixParts.transposed(gv))), differences);
                inner = inner.add(turn.mul(s.unsqueeze(-1)));
                if (n > k) {
                    Tensor scaled = MatrixParts.ratio(
                            gv, s.unsqueeze(-1).expand(gv.shape().toArray()));
                    Tensor more = u.matmul(
                            scaled.sub(scaled.matmul(MatrixParts.transposed(vt)).matmul(vt)));
                    besides = besides == null ? more : besides.add(more);
                }
            }
            Tensor out = u.matmul(inner).matmul(vt);
            return new Tensor[] {besides == null ? out : out.add(besides)};
        }

        private static Tensor skew(Tensor x) {
            return x.sub(MatrixParts.transposed(x));
        }
    }

    /** The inverse of what lies above the bound {@code max(absolute, relative * largest singular value)}, and 0 of the rest. */
    record PseudoInverse(double absolute, double relative) implements Op {
        @Override
        public String name() {
            return "linalg.pinv";
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor a = in[0];
            Tensor out;
            if (a.numel() == 0) {
                out = MatrixParts.transposed(a).clone();
            } else {
                SvdParts p = svd(a, false);
                Tensor bound = p.s.narrow(-1, 0, 1).mul(relative).clamp(absolute, null);
                Tensor none = p.s.le(bound);
                Tensor inverse = p.s.maskedFill(none, 1).reciprocal().maskedFill(none, 0);
                out = MatrixParts.transposed(p.vt).mul(inverse.unsqueeze(-2)).matmul(MatrixParts.transposed(p.u));
            }
            call.slot(0, call.save(a));
            call.slot(1, call.save(out));
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            Tensor a = call.saved(call.slot(0));
            Tensor p = call.saved(call.slot(1));
            Tensor pt = MatrixParts.transposed(p);
            Tensor gt = MatrixParts.transposed(g);
            if (a.size(-2) <= a.size(-1)) {
                Tensor k = gt.matmul(p);
                Tensor kp = k.matmul(pt);
                return new Tensor[] {
                    kp.sub(MatrixParts.transposed(p.matmul(k)))
                            .sub(a.matmul(p).matmul(kp))
                            .add(pt.matmul(p).matmul(gt.sub(k.matmul(a))))
                };
            }
            Tensor k = p.matmul(gt);
            Tensor pk = pt.matmul(k);
            return new Tensor[] {
                pk.sub(MatrixParts.transposed(k.matmul(p)))
                        .add(gt.sub(a.matmul(k)).matmul(p).matmul(pt))
                        .sub(pk.matmul(p).matmul(a))
            };
        }
    }
}
