package akari.testkit.cases;

import static akari.testkit.cases.Domain.UNIT;

import akari.core.DType;
import akari.tensor.Linalg;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Products and decompositions of matrices. */
final class LinearAlgebraCases extends Family {
    private static final DType[] HALVES = {DType.FLOAT16, DType.BFLOAT16};
    private static final String NO_HALVES = "PyTorch decomposes no halves on the CPU";
    private static final String NO_BOOLS =
            "PyTorch multiplies bool matrices only where there is next to nothing to multiply";
    private static final List<String> PRODUCTS = List.of(
            "torch.matmul",
            "torch.linear",
            "torch.mm",
            "torch.bmm",
            "torch.mv",
            "torch.dot",
            "torch.vdot",
            "torch.inner",
            "torch.chain_matmul",
            "torch.add",
            "torch.baddbmm",
            "x.add",
            "x.baddbmm",
            "torch.einsum",
            "torch.tensordot",
            "torch.matrix_power",
            "torch.bilinear");
    private static final String ROUNDS = "PyTorch rounds between the steps of this composite";

    LinearAlgebraCases() {
        products();
        sums();
        sumsInPlace();
        tensors();
        distances();
        norms();
        decompositions();
        solutions();
        for (Case c : cases()) {
            if (PRODUCTS.stream().anyMatch(c.name::startsWith)) {
                c.without(NO_BOOLS, DType.BOOL);
            }
        }
    }

    private void products() {
        add("torch.matmul(x, y)", d -> {
            long m = d.size();
            long k = d.size();
            long n = d.size();
            long b = d.size();
            long[][][] shapes = {
                {{m, k}, {k, n}},
                {{k}, {k}},
                {{k}, {k, n}},
                {{m, k}, {k}},
                {{b, m, k}, {b, k, n}},
                {{b, m, k}, {k, n}},
                {{2, 1, m, k}, {b, k, n}},
                {{m, k}, {b, k, n}}
            };
            long[][] pair = shapes[d.between(0, shapes.length - 1)];
            return new Question(
                    "torch.matmul(x, y)", Operand.of(UNIT, pair[0]), Operand.of(UNIT, pair[1]), Tensor::matmul);
        });
        add("torch.linear(x, y, z)", d -> {
            long in = d.between(1, 6);
            long out = d.between(1, 6);
            long[] x = d.shape(1, 3);
            x[x.length - 1] = in;
            return new Question(
                    "torch.linear(x, y, z)",
                    t -> List.of(t[0].linear(t[1], t[2])),
                    Operand.of(UNIT, x),
                    Operand.of(UNIT, out, in),
                    Operand.of(UNIT, out));
        });
        add("torch.mm(x, y)", d -> {
            long k = d.size();
            return pair("torch.mm(x, y)", List.of(t(d.size(), k), t(k, d.size())), t -> t[0].mm(t[1]));
        });
        add("torch.bmm(x, y)", d -> {
            long b = d.size();
            long k = d.size();
            return pair("torch.bmm(x, y)", List.of(t(b, d.size(), k), t(b, k, d.size())), t -> t[0].bmm(t[1]));
        });
        add("torch.mv(x, y)", d -> {
            long k = d.size();
            return pair("torch.mv(x, y)", List.of(t(d.size(), k), t(k)), t -> t[0].mv(t[1]));
        });
        for (String name : new String[] {"torch.dot(x, y)", "torch.vdot(x, y)"}) {
            add(name, d -> {
                long k = d.size();
                return pair(name, List.of(t(k), t(k)), t -> name.contains("vdot") ? t[0].vdot(t[1]) : t[0].dot(t[1]));
            });
        }
        for (String name : new String[] {"torch.outer(x, y)", "torch.ger(x, y)"}) {
            add(
                    name,
                    d -> pair(
                            name,
                            List.of(t(d.size()), t(d.size())),
                            t -> name.contains("ger") ? t[0].ger(t[1]) : t[0].outer(t[1])));
        }
        add("torch.inner(x, y)", d -> {
            long k = d.size();
            long[] x = d.shape(0, 3);
            long[] y = d.shape(0, 3);
            if (x.length > 0 && y.length > 0) {
                x[x.length - 1] = k;
                y[y.length - 1] = k;
            }
            return pair("torch.inner(x, y)", List.of(x, y), t -> t[0].inner(t[1]));
        });
        add("torch.chain_matmul([x, y, z])", d -> {
            long[] n = {d.size(), d.size(), d.size(), d.size()};
            return pair(
                    "torch.chain_matmul([x, y, z])",
                    List.of(t(n[0], n[1]), t(n[1], n[2]), t(n[2], n[3])),
                    t -> Tensors.chainMatmul(t));
        });
    }

    private static long[] t(long... shape) {
        return shape;
    }

    private static Question pair(String torch, List<long[]> shapes, Function<Tensor[], Tensor> akari) {
        Operand[] operands = shapes.stream().map(s -> Operand.of(UNIT, s)).toArray(Operand[]::new);
        return new Question(torch, t -> List.of(akari.apply(t)), operands);
    }

    private void sums() {
        add("torch.addmm(x, y, z)", d -> {
            long m = d.size();
            long k = d.size();
            long n = d.size();
            return pair(
                    "torch.addmm(x, y, z, beta=2, alpha=3)",
                    List.of(d.broadcast(t(m, n)), t(m, k), t(k, n)),
                    t -> t[0].addmm(t[1], t[2], 2, 3));
        });
        add("torch.addmv(x, y, z)", d -> {
            long m = d.size();
            long k = d.size();
            return pair(
                    "torch.addmv(x, y, z, beta=2, alpha=3)",
                    List.of(t(m), t(m, k), t(k)),
                    t -> t[0].addmv(t[1], t[2], 2, 3));
        });
        add("torch.addr(x, y, z)", d -> {
            long m = d.size();
            long n = d.size();
            return pair(
                    "torch.addr(x, y, z, beta=2, alpha=3)",
                    List.of(d.broadcast(t(m, n)), t(m), t(n)),
                    t -> t[0].addr(t[1], t[2], 2, 3));
        });
        add("torch.baddbmm(x, y, z)", d -> {
            long b = d.size();
            long m = d.size();
            long k = d.size();
            long n = d.size();
            return pair(
                    "torch.baddbmm(x, y, z, beta=2, alpha=3)",
                    List.of(d.broadcast(t(b, m, n)), t(b, m, k), t(b, k, n)),
                    t -> t[0].baddbmm(t[1], t[2], 2, 3));
        });
        add("torch.addbmm(x, y, z)", d -> {
            long b = d.size();
            long m = d.size();
            long k = d.size();
            long n = d.size();
            return pair(
                    "torch.addbmm(x, y, z, beta=2, alpha=3)",
                    List.of(d.broadcast(t(m, n)), t(b, m, k), t(b, k, n)),
                    t -> t[0].addbmm(t[1], t[2], 2, 3));
        });
    }

    private void sumsInPlace() {
        add(
                "x.addmm_(y, z)",
                d -> inPlace(
                        "x.clone().addmm_(y, z, beta=2, alpha=-1)",
                        List.of(t(3, 2), t(3, d.between(1, 5)), t(-1, 2)),
                        t -> t[0].clone().addmm_(t[1], t[2], 2, -1)));
        add(
                "x.addmv_(y, z)",
                d -> inPlace(
                        "x.clone().addmv_(y, z, beta=2, alpha=-1)",
                        List.of(t(3), t(3, d.between(1, 5)), t(-1)),
                        t -> t[0].clone().addmv_(t[1], t[2], 2, -1)));
        add(
                "x.addr_(y, z)",
                d -> inPlace(
                        "x.clone().addr_(z, y, beta=2, alpha=-1)",
                        List.of(t(3, 4), t(4), t(3)),
                        t -> t[0].clone().addr_(t[2], t[1], 2, -1)));
        add(
                "x.baddbmm_(y, z)",
                d -> inPlace(
                        "x.clone().baddbmm_(y, z, beta=2, alpha=-1)",
                        List.of(t(2, 3, 2), t(2, 3, d.between(1, 5)), t(2, -1, 2)),
                        t -> t[0].clone().baddbmm_(t[1], t[2], 2, -1)));
        add(
                "x.addbmm_(y, z)",
                d -> inPlace(
                        "x.clone().addbmm_(y, z, beta=2, alpha=-1)",
                        List.of(t(3, 2), t(2, 3, d.between(1, 5)), t(2, -1, 2)),
                        t -> t[0].clone().addbmm_(t[1], t[2], 2, -1)));
    }

    /** -1 in the last shape is the last size of the one before it. */
    private static Question inPlace(String torch, List<long[]> shapes, Function<Tensor[], Tensor> akari) {
        long[] before = shapes.get(shapes.size() - 2);
        for (long[] shape : shapes) {
            for (int i = 0; i < shape.length; i++) {
                shape[i] = shape[i] < 0 ? before[before.length - 1] : shape[i];
            }
        }
        return pair(torch, shapes, akari);
    }

    private void tensors() {
        for (String equation :
                new String[] {"ij,jk->ik", "bij,bjk", "i,j->ij", "ii->i", "...ij,...jk->...ik", "ij,kj,lj->ikl"}) {
            add("torch.einsum " + equation, d -> {
                long[] n = {d.between(1, 4), d.between(1, 4), d.between(1, 4), d.between(1, 4)};
                String[] operands = equation.split("->")[0].split(",");
                List<long[]> shapes = Arrays.stream(operands)
                        .map(o -> o.replace("...", "b")
                                .chars()
                                .mapToLong(c -> n[c % 4])
                                .toArray())
                        .toList();
                String names = String.join(", ", List.of("x", "y", "z").subList(0, operands.length));
                return pair(
                        "torch.einsum('" + equation + "', [" + names + "])", shapes, t -> Tensors.einsum(equation, t));
            });
        }
        add("torch.tensordot(x, y)", d -> {
            long a = d.size();
            long b = d.size();
            return pair(
                    "torch.tensordot(x, y, [0, 2], [1, 0])",
                    List.of(t(a, d.size(), b), t(b, a, d.size())),
                    t -> t[0].tensordot(t[1], new int[] {0, 2}, new int[] {1, 0}));
        });
        add(
                "torch.kron(x, y)",
                d -> pair("torch.kron(x, y)", List.of(d.shape(0, 3), d.shape(0, 3)), t -> t[0].kron(t[1])));
        add(
                "torch.linalg_cross(x, y)",
                d -> pair(
                        "torch.linalg_cross(x, y, dim=1)",
                        List.of(t(2, 3, d.size()), t(d.coin() ? 1 : 2, 3, 1)),
                        t -> t[0].cross(t[1], 1)));
        add("torch.trace(x)", d -> {
            long m = d.size(); // PyTorch's gradient of a tall matrix's trace reaches beyond its diagonal
            return pair("torch.trace(x)", List.of(t(m, m + d.between(0, 3))), t -> t[0].trace());
        });
        add("torch.matrix_power(x, n)", d -> {
                    long n = d.size();
                    int power = d.between(0, 4);
                    return pair(
                            "torch.matrix_power(x, " + power + ")", List.of(t(2, n, n)), t -> t[0].matrixPower(power));
                })
                .without(ROUNDS, HALVES);
    }

    private void distances() {
        for (String p : new String[] {"0.", "1.", "1.5", "2.", "3.", "float('inf')"}) {
            double order = p.startsWith("f") ? Double.POSITIVE_INFINITY : Double.parseDouble(p);
            add(
                            "torch.pdist p=" + p,
                            d -> new Question(
                                    "torch.pdist(x, " + p + ")",
                                    Operand.of(UNIT, d.between(2, 6), d.between(1, 4)),
                                    x -> x.pdist(order)))
                    .floatingOnly("distances are of floating types")
                    .without("PyTorch has none for it", DType.FLOAT16, DType.BFLOAT16)
                    .onceDifferentiable("PyTorch gives none");
            add("torch.cdist p=" + p, d -> {
                long k = d.size();
                return pair(
                        "torch.cdist(x, y, " + p + ")",
                        List.of(t(2, d.size(), k), t(d.coin() ? 1 : 2, d.size(), k)),
                        t -> t[0].cdist(t[1], order));
            });
        }
        add(
                        "torch.cdist of many",
                        d -> pair("torch.cdist(x, y, 2.)", List.of(t(30, 3), t(d.size(), 3)), t -> t[0].cdist(t[1])))
                .tolerance("both subtract nearly equal squares", DType.FLOAT32, 1e-3, 1e-3);
        add("torch.cosine_similarity(x, y)", d -> {
                    long[] shape = d.full(1, 3);
                    int dim = d.between(0, shape.length - 1);
                    return pair(
                            format("torch.cosine_similarity(x, y, %d)", dim),
                            List.of(shape, d.broadcast(shape)),
                            t -> t[0].cosineSimilarity(t[1], dim, 1e-8));
                })
                .without(ROUNDS, HALVES);
        add("torch.pairwise_distance(x, y)", d -> {
                    long[] shape = d.full(1, 3);
                    return pair(
                            "torch.pairwise_distance(x, y)", List.of(shape, shape), t -> t[0].pairwiseDistance(t[1]));
                })
                .without(ROUNDS, HALVES);
        add("torch.bilinear(x, y, z, u)", d -> {
                    long[] n = {d.size(), d.size(), d.size(), d.size()};
                    return pair(
                            "torch.bilinear(x, y, z, u)",
                            List.of(t(n[0], n[1]), t(n[0], n[2]), t(n[3], n[1], n[2]), t(n[3])),
                            t -> t[0].bilinear(t[1], t[2], t[3]));
                })
                .without(ROUNDS, HALVES);
    }

    private void norms() {
        for (String p : new String[] {"0.", "0.5", "1.", "2.", "3.5", "float('inf')", "-float('inf')"}) {
            double order = p.startsWith("-")
                    ? Double.NEGATIVE_INFINITY
                    : p.startsWith("f") ? Double.POSITIVE_INFINITY : Double.parseDouble(p);
            add("torch.linalg_vector_norm " + p, d -> {
                long[] shape = d.full(1, 3);
                int dim = d.dim(shape);
                boolean keep = d.coin();
                return pair(
                        format("torch.linalg_vector_norm(x, %s, [%d], %s)", p, dim, python(keep)),
                        List.of(shape),
                        t -> Linalg.vectorNorm(t[0], order, new int[] {dim}, keep));
            });
        }
        for (String p : new String[] {"1.", "-1.", "2.", "-2.", "float('inf')"}) {
            double order = p.startsWith("f") ? Double.POSITIVE_INFINITY : Double.parseDouble(p);
            add(
                            "torch.linalg_matrix_norm " + p,
                            d -> pair(
                                    "torch.linalg_matrix_norm(x, " + p + ", [0, 2], True)",
                                    List.of(t(3, d.between(1, 3), 3)),
                                    t -> Linalg.matrixNorm(t[0], order, new int[] {0, 2}, true)))
                    .without(NO_HALVES, HALVES);
        }
        for (String p : new String[] {"fro", "nuc"}) {
            add(
                            "torch.linalg_matrix_norm " + p,
                            d -> pair(
                                    "torch.linalg_matrix_norm(x, '" + p + "')",
                                    List.of(t(d.between(1, 3), 3, 4)),
                                    t -> Linalg.matrixNorm(t[0], p)))
                    .without(NO_HALVES, HALVES);
        }
    }

    /** Of a well-conditioned x, {@code [*, m, n]}. */
    private Case regular(String torch, boolean square, Function<Tensor, List<Tensor>> akari) {
        return add(torch, d -> {
                    int m = d.between(1, 4);
                    int n = square ? m : d.between(1, 4);
                    String eye = format("(x + 5 * torch.eye(%d, %d))", m, n);
                    long[] shape = d.coin() ? t(m, n) : t(d.between(1, 3), m, n);
                    return new Question(
                            torch.replace("A", eye),
                            t -> akari.apply(t[0].add(identity(m, n))),
                            Operand.of(UNIT, shape));
                })
                .without(NO_HALVES, HALVES);
    }

    private static Tensor identity(int m, int n) {
        int k = Math.max(m, n);
        return Tensors.eye(k).narrow(0, 0, m).narrow(1, 0, n).mul(5);
    }

    private static UnaryOperator<Tensor> positive() {
        return a -> a.matmul(a.transpose(-1, -2));
    }

    private void decompositions() {
        regular(
                "torch.linalg_cholesky(A @ A.transpose(-1, -2))",
                true,
                a -> List.of(Linalg.cholesky(positive().apply(a))));
        regular(
                "torch.linalg_cholesky(A @ A.transpose(-1, -2), upper=True)",
                true,
                a -> List.of(Linalg.cholesky(positive().apply(a), true)));
        regular("torch.linalg_qr(A)", false, a -> {
            Linalg.Qr qr = Linalg.qr(a);
            return List.of(qr.q(), qr.r());
        });
        regular("torch.linalg_svdvals(A)", false, a -> List.of(Linalg.svdvals(a)));
        regular(
                "torch.linalg_svd(A, False)[1]",
                false,
                a -> List.of(Linalg.svd(a, false).s()));
        regular(
                        "torch.linalg_eigvalsh(A @ A.transpose(-1, -2))",
                        true,
                        a -> List.of(Linalg.eigvalsh(positive().apply(a))))
                .tolerance("the error of eigenvectors grows as eigenvalues come close", DType.FLOAT32, 1e-3, 1e-3);
        regular(
                        "torch.linalg_eigh(A @ A.transpose(-1, -2), 'U')[0]",
                        true,
                        a -> List.of(positive().apply(a).symeig().eigenvalues()))
                .tolerance("the error of eigenvectors grows as eigenvalues come close", DType.FLOAT32, 1e-3, 1e-3);
        regular("torch.qr(A)", false, a -> {
            Linalg.Qr qr = a.qr();
            return List.of(qr.q(), qr.r());
        });
        regular("torch.svd(A)[1]", false, a -> List.of(a.svd().s()));
        regular("torch.pinverse(A)", false, a -> List.of(a.pinverse()));
        regular("torch.linalg_lu_factor(A)", false, a -> {
            Linalg.LuFactor f = a.lu();
            return List.of(f.lu(), f.pivots());
        });
        regular("torch.matrix_exp(0.2 * A)", true, a -> List.of(a.mul(0.2).matrixExp()));
        regular("torch.linalg_lu(A)", false, a -> {
            Linalg.Lu lu = Linalg.lu(a);
            return List.of(lu.p(), lu.l(), lu.u());
        });
        regular("torch.linalg_pinv(A)", false, a -> List.of(Linalg.pinv(a)));
        regular("torch.linalg_matrix_rank(A)", false, a -> List.of(Linalg.matrixRank(a)));
        regular("torch.linalg_matrix_exp(0.2 * A)", true, a -> List.of(Linalg.matrixExp(a.mul(0.2))));
        regular("torch.linalg_cond(A)", true, a -> List.of(Linalg.cond(a)));
    }

    private void solutions() {
        regular("torch.linalg_inv(A)", true, a -> List.of(Linalg.inv(a)));
        regular("torch.linalg_det(A)", true, a -> List.of(Linalg.det(a)));
        regular("torch.linalg_slogdet(A)", true, a -> {
            Linalg.Slogdet s = Linalg.slogdet(a);
            return List.of(s.sign(), s.logabsdet());
        });
        regular("torch.logdet(A)", true, a -> List.of(a.logdet()));
        regular("torch.linalg_solve(A, A.transpose(-1, -2))", true, a -> List.of(Linalg.solve(a, a.transpose(-1, -2))));
        regular(
                "torch.linalg_solve(A, A.transpose(-1, -2), left=False)",
                true,
                a -> List.of(Linalg.solve(a, a.transpose(-1, -2), false)));
        regular(
                "torch.linalg_solve_triangular(A, A + 1, upper=True)",
                true,
                a -> List.of(Linalg.solveTriangular(a, a.add(1), true)));
        regular(
                "torch.linalg_solve_triangular(A, A + 1, upper=False, left=False, unitriangular=True)",
                true,
                a -> List.of(Linalg.solveTriangular(a, a.add(1), false, false, true)));
        regular(
                "torch.triangular_solve(A + 1, A, upper=False, transpose=True)[0]",
                true,
                a -> List.of(a.add(1).triangularSolve(a, false, true, false).solution()));
        // PyTorch's gradients of these two are not confined to the triangle that is read
        regular(
                "torch.cholesky_solve(A + 1, torch.tril(A))",
                true,
                a -> List.of(a.add(1).choleskySolve(a)));
        regular("torch.cholesky_inverse(torch.tril(A))", true, a -> List.of(a.choleskyInverse()));
        regular("torch.inverse(A)", true, a -> List.of(a.inverse()));
        regular("torch.linalg_lu_solve(torch.linalg_lu_factor(A)[0], torch.linalg_lu_factor(A)[1], A + 1)", true, a -> {
            Linalg.LuFactor f = a.lu();
            return List.of(a.add(1).luSolve(f.lu(), f.pivots()));
        });
        regular(
                "torch.linalg_lstsq(A, A + 1)[0]",
                false,
                a -> List.of(Linalg.lstsq(a, a.add(1)).solution()));
    }
}
