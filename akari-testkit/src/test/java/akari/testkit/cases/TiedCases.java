package akari.testkit.cases;

import static akari.testkit.cases.Domain.MODERATE;
import static java.lang.String.format;

import akari.core.DType;
import akari.tensor.Quantiles.Interpolation;
import akari.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Selections by rank where elements may be equal. Which of equals PyTorch takes is not said, so that only what does not depend on it is compared:
 * the values, and the slope of a number that all elements have in common. They are asked at special values alone.
 */
final class TiedCases extends Family {
    private interface Ranked {
        Tensor of(Tensor x, int rank, int dim, boolean keep);
    }

    TiedCases() {
        for (boolean largest : new boolean[] {true, false}) {
            String order = largest ? "True" : "False";
            ranked(
                    "torch.topk(%s, %d, %d, " + order + ")[0]",
                    (x, k, dim, _) -> x.topk(k, dim, largest).values());
        }
        ranked(
                "torch.kthvalue(%s, %d, %d, %s)[0]",
                (x, k, dim, keep) -> x.kthvalue(k, dim, keep).values());
        for (var how : Interpolation.values()) {
            String name = how.name().toLowerCase(Locale.ROOT);
            for (double q : new double[] {0, 0.3, 0.5, 1}) {
                quantile("quantile", q, name, x -> x.quantile(q, -1, false, how));
                quantile("nanquantile", q, name, x -> x.nanquantile(q, -1, false, how));
            }
        }
        common("torch.mode(%s, -1)[0]", x -> x.mode(-1).values());
        common("torch.median(%s)", Tensor::median);
        common("torch.nanmedian(%s)", Tensor::nanmedian);
        common("torch.sort(%s, -1)[0]", x -> x.sort().values());
        common("torch.msort(%s)", Tensor::msort);
    }

    private void ranked(String torch, Ranked akari) {
        add("tied " + torch, d -> {
                    long[] shape = d.full(1, 3);
                    int dim = d.dim(shape);
                    int k = d.between(1, (int) shape[Math.floorMod(dim, shape.length)]);
                    boolean keep = d.coin();
                    return new Question(
                            format(torch, "(x + y)", k, dim, keep ? "True" : "False"),
                            t -> List.of(akari.of(t[0].add(t[1]), k, dim, keep)),
                            Operand.of(MODERATE, shape).constant(),
                            Operand.of(MODERATE));
                })
                .floatingOnly("integers have no slopes");
    }

    private void quantile(String op, double q, String how, UnaryOperator<Tensor> akari) {
        common(format("torch.%s(%%s, %s, -1, False, interpolation='%s')", op, q, how), akari)
                .without("PyTorch has no quantiles of halves", DType.FLOAT16, DType.BFLOAT16);
    }

    private Case common(String torch, UnaryOperator<Tensor> akari) {
        return add(
                        "tied " + torch,
                        d -> new Question(
                                format(torch, "(x + y)"),
                                t -> List.of(akari.apply(t[0].add(t[1]))),
                                Operand.of(MODERATE, d.full(1, 3)).constant(),
                                Operand.of(MODERATE)))
                .floatingOnly("integers have no slopes");
    }
}
