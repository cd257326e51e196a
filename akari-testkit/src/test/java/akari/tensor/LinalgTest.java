package akari.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertNull;

import akari.backend.Backend;
import akari.backend.Layout;
import akari.backend.ReferenceBackend;
import akari.core.DType;
import akari.core.Shape;
import akari.testkit.Golden;
import akari.testkit.GradCheck;
import akari.testkit.Tolerance;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decompositions and solutions: they recompose their input, in all layouts and on both LAPACKs, and have the gradients they should. */
class LinalgTest {
    private static final DType F64 = DType.FLOAT64;
    private static final Backend REFERENCE = new ReferenceBackend();

    private static Tensor random(int k, long... shape) {
        return Golden.tensor(F64, k, 1, 0, shape);
    }

    /** Singular values well apart from each other and from 0. */
    private static Tensor regular(int k, long... shape) {
        Tensor x = random(k, shape);
        long n = Math.min(x.size(-1), x.size(-2));
        Tensor ramp = Tensors.arange(n).to(F64).add(2);
        Tensor bent = Tensors.zeros(F64, x.size(-2), x.size(-1));
        bent.narrow(0, 0, n).narrow(1, 0, n).copy_(MatrixParts.diagonalMatrix(ramp));
        return x.mul(0.5).add(bent);
    }

    private static Tensor symmetric(Tensor x) {
        return x.add(x.transpose(-1, -2));
    }

    private static Tensor positive(Tensor x) {
        return x.matmul(x.transpose(-1, -2)).add(MatrixParts.eye(x.dtype(), x.size(-2), x));
    }

    private static void requireClose(Tensor expected, Tensor got) {
        double relative = got.dtype() == F64 ? 1e-12 : 2e-5;
        assertThat(got.shape()).isEqualTo(expected.shape());
        assertNull(new Tolerance(relative, 1).difference("values", expected.toDoubles(), got.shape(), got.toDoubles()));
    }

    private static List<Tensor> inputs(DType type) {
        Tensor batch = regular(1, 2, 3, 4, 4).to(type);
        return List.of(
                regular(2, 4, 4).to(type),
                batch,
                batch.transpose(-1, -2),
                batch.transpose(0, 1),
                regular(3, 1, 3, 3).to(type).expand(2, 3, 3),
                regular(4, 1, 1).to(type),
                Tensors.zeros(type, 0, 3, 3),
                Tensors.zeros(type, 2, 0, 0));
    }

    private static List<Tensor> shapes(DType type) {
        return Stream.concat(
                        inputs(type).stream(),
                        Stream.of(
                                regular(5, 5, 3).to(type),
                                regular(6, 2, 3, 5).to(type),
                                regular(6, 2, 3, 5).to(type).transpose(-1, -2),
                                regular(7, 4, 1).to(type),
                                Tensors.zeros(type, 2, 0, 3),
                                Tensors.zeros(type, 3, 0)))
                .toList();
    }

    static List<Tensor> square() {
        return Stream.of(F64, DType.FLOAT32).flatMap(t -> inputs(t).stream()).toList();
    }

    static List<Tensor> any() {
        return Stream.of(F64, DType.FLOAT32).flatMap(t -> shapes(t).stream()).toList();
    }

    // ---- what is decomposed comes back

    @ParameterizedTest
    @MethodSource("square")
    void choleskyRecomposes(Tensor x) {
        Tensor a = positive(x);
        Tensor l = Linalg.cholesky(a);
        requireClose(a, l.matmul(l.transpose(-1, -2)));
        requireClose(MatrixParts.lower(l, 0), l);
        requireClose(l.transpose(-1, -2), Linalg.cholesky(a, true));
        requireClose(x, a.matmul(x.choleskySolve(l)));
        requireClose(x, a.matmul(x.choleskySolve(l.transpose(-1, -2), true)));
        requireClose(a.inverse(), l.choleskyInverse());
    }

    @ParameterizedTest
    @MethodSource("square")
    void solutionsSolve(Tensor a) {
        Tensor b = a.mul(2).add(1).narrow(-1, 0, Math.min(2, a.size(-1)));
        requireClose(b, a.matmul(Linalg.solve(a, b)));
        Tensor right = b.transpose(-1, -2);
        requireClose(right, Linalg.solve(a, right, false).matmul(a));
        Tensor vector = a.sum(-1);
        requireClose(vector, a.matmul(Linalg.solve(a, vector).unsqueeze(-1)).squeeze(-1));
        Tensor eye = MatrixParts.eye(a.dtype(), a).expand(a.shape().toArray());
        requireClose(eye, a.matmul(a.inverse()));
        Linalg.LuFactor f = a.lu();
        requireClose(b, a.matmul(b.luSolve(f.lu(), f.pivots())));
        for (boolean upper : new boolean[] {false, true}) {
            Tensor t = upper ? MatrixParts.upper(a, 0) : MatrixParts.lower(a, 0);
            requireClose(b, t.matmul(Linalg.solveTriangular(a, b, upper)));
            requireClose(
                    right, Linalg.solveTriangular(a, right, upper, false, false).matmul(t));
            Tensor unit = (upper ? MatrixParts.upper(a, 1) : MatrixParts.lower(a, -1)).add(eye);
            requireClose(b, unit.matmul(Linalg.solveTriangular(a, b, upper, true, true)));
            requireClose(
                    b,
                    t.transpose(-1, -2)
                            .matmul(b.triangularSolve(a, upper, true, false).solution()));
        }
    }

    @ParameterizedTest
    @MethodSource("any")
    void factorsRecompose(Tensor a) {
        Linalg.Lu lu = Linalg.lu(a);
        requireClose(a, lu.p().matmul(lu.l()).matmul(lu.u()));
        for (String mode : new String[] {"reduced", "complete"}) {
            Linalg.Qr qr = Linalg.qr(a, mode);
            requireClose(a, qr.q().matmul(qr.r()));
            requireOrthonormal(qr.q());
            assertThat(qr.q().size(-1))
                    .isEqualTo(mode.equals("complete") ? a.size(-2) : Math.min(a.size(-1), a.size(-2)));
        }
        Linalg.Svd svd = Linalg.svd(a, false);
        requireClose(a, svd.u().mul(svd.s().unsqueeze(-2)).matmul(svd.vh()));
        requireClose(svd.s(), Linalg.svdvals(a));
        Linalg.Svd full = Linalg.svd(a);
        requireOrthonormal(full.u());
        requireOrthonormal(full.vh());
        requireClose(svd.s(), full.s());
        requireClose(a, a.matmul(Linalg.pinv(a)).matmul(a));
    }

    private static void requireOrthonormal(Tensor q) {
        Tensor product = q.transpose(-1, -2).matmul(q);
        requireClose(MatrixParts.eye(q.dtype(), product).expand(product.shape().toArray()), product);
    }

    @ParameterizedTest
    @MethodSource("square")
    void eigenvaluesRecompose(Tensor x) {
        Tensor a = symmetric(x);
        Linalg.Eigh e = Linalg.eigh(a);
        requireClose(
                a,
                e.eigenvectors()
                        .mul(e.eigenvalues().unsqueeze(-2))
                        .matmul(e.eigenvectors().transpose(-1, -2)));
        requireOrthonormal(e.eigenvectors());
        requireClose(e.eigenvalues(), Linalg.eigvalsh(a, "U"));
        requireClose(Linalg.eigh(x, "U").eigenvalues(), x.symeig().eigenvalues());
    }

    @ParameterizedTest
    @MethodSource("square")
    void determinantsAgree(Tensor a) {
        Linalg.Slogdet s = Linalg.slogdet(a);
        requireClose(Linalg.det(a), s.sign().mul(s.logabsdet().exp()));
        requireClose(Linalg.det(a).square(), Linalg.det(a.matmul(a)));
        requireClose(a.inverse(), a.matrixPower(-1));
        requireClose(a.matmul(a).matmul(a), a.matrixPower(3));
        requireClose(MatrixParts.eye(a.dtype(), a).expand(a.shape().toArray()), a.matrixPower(0));
    }

    /** The library's float32 and float64 routines against the plain Java ones in double. */
    @ParameterizedTest
    @MethodSource("any")
    void theReferenceAgrees(Tensor a) {
        Tensor there = onto(REFERENCE, a);
        requireClose(Linalg.svdvals(there), Linalg.svdvals(a));
        requireClose(Linalg.lu(there).u(), Linalg.lu(a).u());
        requireClose(Linalg.qr(there).r().abs(), Linalg.qr(a).r().abs());
        if (a.size(-1) == a.size(-2)) {
            requireClose(Linalg.solve(there, there), Linalg.solve(a, a));
            requireClose(Linalg.eigvalsh(there), Linalg.eigvalsh(a));
            requireClose(Linalg.cholesky(positive(there)), Linalg.cholesky(positive(a)));
        }
    }

    private static Tensor onto(Backend backend, Tensor t) {
        Tensor plain = t.contiguous();
        byte[] bytes = new byte[Math.toIntExact(t.numel() * t.dtype().bytes())];
        Tensor out = Tensor.allocate(backend, t.dtype(), Layout.contiguous(t.shape()));
        if (bytes.length > 0) {
            MemorySegment host = MemorySegment.ofArray(bytes);
            t.backend()
                    .download(
                            plain.view.buffer(),
                            plain.view.layout().offset() * t.dtype().bytes(),
                            host);
            backend.upload(host, out.view.buffer(), 0);
        }
        return out;
    }

    // ---- gradients

    record Differentiable(String name, GradCheck.Function f, Tensor... in) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Differentiable of(String name, GradCheck.Function f, Tensor... in) {
        return new Differentiable(name, f, in);
    }

    static Stream<Differentiable> differentiable() {
        Tensor a = regular(1, 3, 3);
        Tensor b = regular(2, 2, 3, 3);
        Tensor tall = regular(3, 4, 2);
        Tensor wide = regular(4, 2, 3);
        Tensor x = random(5, 3, 2);
        return Stream.of(
                of("cholesky", in -> Linalg.cholesky(positive(in[0])), b),
                of("cholesky upper", in -> Linalg.cholesky(positive(in[0]), true), a),
                of("solve", in -> Linalg.solve(in[0], in[1]), b, x),
                of("solve right", in -> Linalg.solve(in[0], in[1].transpose(0, 1), false), a, x),
                of("solve vector", in -> Linalg.solve(in[0], in[1].select(1, 0)), a, x),
                of("solveTriangular upper", in -> Linalg.solveTriangular(in[0], in[1], true), b, x),
                of("solveTriangular lower", in -> Linalg.solveTriangular(in[0], in[1], false), a, x),
                of("solveTriangular unit", in -> Linalg.solveTriangular(in[0], in[1], false, true, true), a, x),
                of("solveTriangular right", in -> Linalg.solveTriangular(in[0], in[1].t(), true, false, false), a, x),
                of(
                        "triangularSolve",
                        in -> in[1].triangularSolve(in[0], true, true, false).solution(),
                        a,
                        x),
                of("inverse", in -> in[0].inverse(), b),
                of("choleskySolve", in -> in[1].choleskySolve(in[0]), a, x),
                of(
                        "luSolve",
                        in -> {
                            Linalg.LuFactor f = in[0].lu();
                            return in[1].luSolve(f.lu(), f.pivots());
                        },
                        a,
                        x),
                of("lu", in -> both(Linalg.lu(in[0]).l(), Linalg.lu(in[0]).u()), b),
                of("lu tall", in -> both(Linalg.lu(in[0]).l(), Linalg.lu(in[0]).u()), tall),
                of("lu wide", in -> both(Linalg.lu(in[0]).l(), Linalg.lu(in[0]).u()), wide),
                of("qr", in -> both(Linalg.qr(in[0])), b),
                of("qr tall", in -> both(Linalg.qr(in[0])), tall),
                of("qr wide", in -> both(Linalg.qr(in[0])), wide),
                of("qr of R alone", in -> Linalg.qr(in[0], "r").r(), tall),
                of("svd", in -> products(Linalg.svd(in[0], false)), b),
                of("svd tall", in -> products(Linalg.svd(in[0], false)), tall),
                of("svd wide", in -> products(Linalg.svd(in[0], false)), wide),
                of("svd full", in -> products(Linalg.svd(in[0])), wide),
                of("svdvals", in -> Linalg.svdvals(in[0]), tall),
                of(
                        "eigh",
                        in -> {
                            Linalg.Eigh e = Linalg.eigh(symmetric(in[0]));
                            Tensor v = e.eigenvectors();
                            return both(e.eigenvalues(), v.mul(v.narrow(-2, 0, 1)));
                        },
                        b),
                of("eigvalsh", in -> Linalg.eigvalsh(symmetric(in[0])), a),
                of("pinv", in -> Linalg.pinv(in[0]), b),
                of("pinv tall", in -> Linalg.pinv(in[0]), tall),
                of("pinv wide", in -> Linalg.pinv(in[0]), wide),
                of("lstsq", in -> Linalg.lstsq(in[0], in[1]).solution(), tall, random(6, 4, 2)),
                of("det", in -> Linalg.det(in[0]), b),
                of("slogdet", in -> Linalg.slogdet(in[0]).logabsdet(), b),
                of("logdet", in -> in[0].logdet(), a),
                of("matrixExp", in -> Linalg.matrixExp(in[0]), b.mul(0.5)),
                of("matrixExp squared", in -> Linalg.matrixExp(in[0]), a),
                of("matrixPower", in -> in[0].matrixPower(3), a),
                of("nuclear norm", in -> Linalg.matrixNorm(in[0], "nuc"), b),
                of("spectral norm", in -> Linalg.matrixNorm(in[0], 2), b),
                of("cond", in -> Linalg.cond(in[0]), a),
                of("kron", in -> in[0].kron(in[1]), wide, x),
                of("cross", in -> in[0].cross(in[1], 0), x, random(7, 3, 2)),
                of("einsum", in -> Tensors.einsum("bij,jk,bii->kb", in[0], in[1], in[0]), b, x),
                of("cdist", in -> in[0].cdist(in[1], 3), wide, random(8, 4, 3)),
                of("cdist 1.5", in -> in[0].cdist(in[1], 1.5), wide, random(8, 4, 3)),
                of("cosineSimilarity", in -> in[0].cosineSimilarity(in[1]), tall, random(8, 4, 2)),
                of("bilinear", in -> in[0].bilinear(in[1], in[2], null), x, random(9, 3, 4), random(10, 5, 2, 4)));
    }

    private static Tensor both(Tensor a, Tensor b) {
        return Tensors.cat(List.of(a.flatten(), b.flatten()), 0);
    }

    private static Tensor both(Linalg.Qr qr) {
        return both(qr.q(), qr.r());
    }

    /** What does not depend on the sign that LAPACK chose for a pair of vectors. */
    private static Tensor products(Linalg.Svd svd) {
        long k = svd.s().size(-1);
        Tensor u = svd.u().narrow(-1, 0, k);
        Tensor v = svd.vh().narrow(-2, 0, k).transpose(-1, -2);
        return both(svd.s(), both(u.mul(v.narrow(-2, 0, 1)), v.mul(u.narrow(-2, 0, 1))));
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void firstAndSecondDerivatives(Differentiable d) {
        Tensor[] in = Stream.of(d.in).map(t -> t.clone().requiresGrad_()).toArray(Tensor[]::new);
        GradCheck.gradcheck(d.f, in);
        GradCheck.gradgradcheck(d.f, in);
    }

    @Test
    void theDeterminantOfASingularMatrixHasAGradient() {
        Tensor a = Tensors.tensor(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}})
                .to(F64)
                .requiresGrad_();
        Linalg.det(a).backward();
        // the cofactors
        requireClose(
                Tensors.tensor(new double[][] {{-3, 6, -3}, {6, -12, 6}, {-3, 6, -3}})
                        .to(F64),
                a.grad());
        assertThat(Linalg.slogdet(Tensors.zeros(F64, 2, 2)).sign().item()).isZero();
        assertThat(Linalg.slogdet(Tensors.zeros(F64, 2, 2)).logabsdet().item()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void equalSingularValuesHaveAGradientWhereItDoesNotDependOnTheirVectors() {
        Tensor a = Tensors.eye(3).to(F64).requiresGrad_();
        Linalg.matrixNorm(a, "nuc").backward();
        requireClose(Tensors.eye(3).to(F64), a.grad());
    }

    // ---- ranks, norms, least squares

    @Test
    void ranksCountWhatIsNotNothing() {
        Tensor a = Tensors.ones(F64, 3, 4);
        assertThat(Linalg.matrixRank(a).itemLong()).isEqualTo(1);
        assertThat(Linalg.matrixRank(Tensors.eye(4)).itemLong()).isEqualTo(4);
        assertThat(Linalg.matrixRank(Tensors.zeros(2, 3, 3)).toLongs()).containsExactly(0, 0);
        assertThat(Linalg.matrixRank(Tensors.zeros(0, 3)).itemLong()).isZero();
        requireClose(a.div(12).transpose(0, 1), Linalg.pinv(a));
    }

    @Test
    void leastSquaresLeaveResiduals() {
        Tensor a = regular(1, 5, 2);
        Tensor b = random(2, 5, 3);
        Linalg.Lstsq l = Linalg.lstsq(a, b);
        Tensor residual = a.matmul(l.solution()).sub(b);
        requireClose(Tensors.zeros(F64, 2, 3).add(1), a.t().matmul(residual).add(1));
        requireClose(residual.square().sum(0), l.residuals());
        assertThat(l.rank().itemLong()).isEqualTo(2);
        assertThat(Linalg.lstsq(a.t(), random(3, 2, 1)).residuals().numel()).isZero();
    }

    @Test
    void normsOfMatrices() {
        Tensor a = Tensors.tensor(new double[][] {{1, -2}, {3, 4}}).to(F64);
        assertThat(Linalg.matrixNorm(a, 1).item()).isEqualTo(6);
        assertThat(Linalg.matrixNorm(a, -1).item()).isEqualTo(4);
        assertThat(Linalg.matrixNorm(a, Double.POSITIVE_INFINITY).item()).isEqualTo(7);
        assertThat(Linalg.matrixNorm(a, Double.NEGATIVE_INFINITY).item()).isEqualTo(3);
        Tensor s = Linalg.svdvals(a);
        requireClose(s.select(0, 0), Linalg.matrixNorm(a, 2));
        requireClose(s.select(0, 1), Linalg.matrixNorm(a, -2));
        requireClose(s.sum(), Linalg.matrixNorm(a, "nuc"));
        requireClose(a.square().sum().sqrt(), Linalg.norm(a));
        assertThat(Linalg.matrixNorm(random(1, 2, 3, 4), "nuc", new int[] {0, 2}, true)
                        .shape())
                .isEqualTo(Shape.of(1, 3, 1));
    }

    @Test
    void largeMatricesRunOnAllThreads() {
        Tensor a = Tensors.randn(F64, 200, 200);
        requireClose(a, a.matmul(Linalg.solve(a, a)).mul(1));
        Tensor many = regular(1, 300, 4, 4);
        requireClose(many, many.matmul(many.inverse()).matmul(many));
        double[] once = Linalg.svdvals(a).toDoubles();
        assertThat(Linalg.svdvals(a).toDoubles()).isEqualTo(once);
    }

    @Test
    void severalThreadsDecomposeAtOnce() {
        Tensor a = regular(1, 30, 30);
        double[] expected = Linalg.svd(a).s().toDoubles();
        IntStream.range(0, 16)
                .parallel()
                .forEach(i -> assertThat(Linalg.svd(a).s().toDoubles()).isEqualTo(expected));
    }

    // ---- errors

    @Test
    void errorsNameTheMatrixAndThePivot() {
        Tensor a = Tensors.stack(List.of(Tensors.eye(3), Tensors.ones(3, 3)), 0);
        assertThatThrownBy(() -> a.inverse())
                .isInstanceOf(LinAlgException.class)
                .hasMessageContaining("3×3 at batch index [1]")
                .hasMessageContaining("pivot 2 is 0");
        assertThatThrownBy(() -> Linalg.solve(Tensors.ones(2, 2), Tensors.ones(2)))
                .isInstanceOf(LinAlgException.class)
                .hasMessageContaining("singular");
        assertThatThrownBy(() -> Linalg.cholesky(a.neg()))
                .isInstanceOf(LinAlgException.class)
                .hasMessageContaining("batch index [0] is not positive definite")
                .hasMessageContaining("order 1");
        assertThatThrownBy(() -> Linalg.solveTriangular(Tensors.zeros(2, 2), Tensors.ones(2, 1), true))
                .isInstanceOf(LinAlgException.class);
        assertThatThrownBy(() -> Linalg.svd(Tensors.full(Double.NaN, 2, 2)))
                .isInstanceOf(LinAlgException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> Linalg.qr(Tensors.ones(DType.BFLOAT16, 2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bfloat16");
        assertThatThrownBy(() -> Linalg.det(Tensors.ones(2, 3))).hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> Linalg.solve(Tensors.eye(3), Tensors.ones(2, 1)))
                .hasMessageContaining("[2, 1]");
        assertThatThrownBy(() -> Linalg.qr(Tensors.ones(3, 2).requiresGrad_(), "complete")
                        .q()
                        .sum()
                        .backward())
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
