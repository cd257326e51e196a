package akari.testkit.cases;

import static akari.testkit.cases.Domain.UNIT;

import akari.tensor.Tensor;
import java.util.List;

/** Products and decompositions of matrices. */
final class LinearAlgebraCases extends Family {
    LinearAlgebraCases() {
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
    }
}
