package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.FINITE;
import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.SUMMED;
import static akari.testkit.cases.Domain.UNIT;

import akari.core.DType;
import akari.tensor.Reductions;
import akari.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Sums, means, extremes and other reductions. */
final class ReductionCases extends Family {
    private static final DType[] INTEGERS = {DType.BOOL, DType.UINT8, DType.INT8, DType.INT16, DType.INT32, DType.INT64
    };

    ReductionCases() {
        sums();
        products();
        spread();
        extremes();
        norms();
        integers();
        along("torch.softmax(x, %s)", MODERATE, (x, dim) -> List.of(x.softmax(dim)));
        along("torch.log_softmax(x, %s)", MODERATE, (x, dim) -> List.of(x.logSoftmax(dim)));
    }

    private void sums() {
        unary("x.sum()", MODERATE, Tensor::sum);
        unary("x.mean()", MODERATE, Tensor::mean);
        holes("torch.nansum(%s)", (x, dim) -> List.of(x.nansum()));
        holes("torch.nanmean(%s)", (x, dim) -> List.of(x.nanmean()));
        holes("torch.nansum(%s, dim, True)", (x, dim) -> List.of(x.nansum(dim, true)));
        holes("torch.nanmean(%s, dim)", (x, dim) -> List.of(x.nanmean(dim)));
        holes("torch.logsumexp(%s, dim)", (x, dim) -> List.of(x.logsumexp(dim)));
        unary("torch.count_nonzero(x)", ANY, Tensor::countNonzero);
        unary("torch.any(x)", ANY, Tensor::any);
        unary("torch.all(x)", ANY, Tensor::all);
        unary("torch.sum(x, dtype=7)", MODERATE, x -> x.sum(DType.FLOAT64));
        add(
                "torch.sum(x, dtype=3)",
                d -> new Question(
                        "torch.sum(x, dtype=3)",
                        Operand.of(MODERATE, d.shape(0, 3)).constant(),
                        x -> x.sum(DType.INT32)));
        unary("torch.mean(x, dtype=7)", MODERATE, x -> x.mean(DType.FLOAT64));
        // 7 is PyTorch's number for float64, 6 for float32, 3 for int32, 2 for int16
        reduction("x.sum(%s, %s)", true, SUMMED, Tensor::sum);
        reduction("x.mean(%s, %s)", true, SUMMED, Tensor::mean);
        reduction("torch.nansum(x, %s, %s)", true, MODERATE, Tensor::nansum);
        reduction("torch.nanmean(x, %s, %s)", true, MODERATE, Tensor::nanmean);
        reduction("torch.any(x, %s, %s)", true, ANY, Tensor::any);
        reduction("torch.all(x, %s, %s)", true, ANY, Tensor::all);
        reduction("torch.logsumexp(x, %s, %s)", true, MODERATE, Tensor::logsumexp);
        reduction("torch.sum(x, %s, %s, dtype=7)", true, MODERATE, (x, dims, keep) -> x.sum(dims, keep, DType.FLOAT64));
        add("torch.count_nonzero(x, dims)", d -> {
            long[] shape = d.shape(2, 4);
            return new Question("torch.count_nonzero(x, [0, -1])", Operand.of(ANY, shape), x -> x.countNonzero(0, -1));
        });
    }

    /** Of an operand with NaN at some places; %s stands for it, dim for the dimension. */
    private void holes(String torch, Along akari) {
        add(torch + " with NaN", d -> {
                    long[] shape = d.full(1, 3);
                    int dim = d.dim(shape);
                    var expression =
                            format(torch, "x.masked_fill(y, float('nan'))").replace("dim", "" + dim);
                    return new Question(
                            expression,
                            t -> akari.apply(t[0].maskedFill(t[1], Double.NaN), dim),
                            Operand.of(MODERATE, shape),
                            d.booleans(shape));
                })
                .without("NaN is no bool", DType.BOOL);
    }

    private void products() {
        unary("torch.prod(x)", UNIT, Tensor::prod);
        unary("torch.prod(x, dtype=7)", UNIT, x -> x.prod(DType.FLOAT64));
        along("torch.prod(x, %s)", MODERATE, (x, dim) -> List.of(x.prod(dim)));
        along("torch.prod(x, %s, True)", MODERATE, (x, dim) -> List.of(x.prod(dim, true)));
        // with one zero, several zeros, and none
        along(
                "torch.prod(torch.round(x), %s)",
                MODERATE, (x, dim) -> List.of(x.round().prod(dim)));
        add("torch.prod(x * y, dim)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            return new Question(
                    format("torch.prod(x * y, %d)", dim),
                    Operand.of(MODERATE, shape),
                    d.booleans(shape),
                    (x, y) -> x.mul(y).prod(dim));
        });
        add("torch.prod(x * y)", d -> {
            long[] shape = d.full(1, 3);
            return new Question(
                    "torch.prod(x * y)",
                    Operand.of(MODERATE, shape),
                    d.booleans(shape),
                    (x, y) -> x.mul(y).prod());
        });
    }

    private void spread() {
        unary("x.var()", MODERATE, Tensor::var);
        add("x.std()", d -> new Question("x.std()", Operand.of(MODERATE, d.full(1, 3)), Tensor::std));
        unary("x.var(False)", MODERATE, x -> x.var(false));
        reduction("torch.var(x, %s, True, %s)", false, MODERATE, (x, dims, keep) -> x.var(dims, true, keep));
        reduction("torch.var(x, %s, False, %s)", false, MODERATE, (x, dims, keep) -> x.var(dims, false, keep));
        reduction("torch.std(x, %s, False, %s)", false, MODERATE, (x, dims, keep) -> x.std(dims, false, keep));
        add("torch.var(x, dims, correction=c)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            int correction = d.between(0, (int) Math.min(2, shape[Math.floorMod(dim, shape.length)] - 1));
            boolean keep = d.coin();
            return new Question(
                    format("torch.var(x, [%d], correction=%d, keepdim=%s)", dim, correction, python(keep)),
                    Operand.of(MODERATE, shape),
                    x -> x.var(new int[] {dim}, correction, keep));
        });
        along(
                "torch.var_mean(x, [%s])",
                MODERATE, (x, dim) -> {
                    var r = x.varMean(dim);
                    return List.of(r.var(), r.mean());
                });
        along(
                "torch.std_mean(x, [%s])",
                MODERATE, (x, dim) -> {
                    var r = x.stdMean(dim);
                    return List.of(r.std(), r.mean());
                });
        // all equal: the deviation is 0, and so is its gradient
        along(
                "torch.std(x * 0 + 1, %s)",
                MODERATE, (x, dim) -> List.of(x.mul(0).add(1).std(dim)));
    }

    private void extremes() {
        add("x.max()", d -> new Question("x.max()", Operand.of(ANY, d.full(0, 3)), x -> x.max()));
        add("x.min()", d -> new Question("x.min()", Operand.of(ANY, d.full(0, 3)), x -> x.min()));
        reduction("torch.amax(x, %s, %s)", false, ANY, Tensor::amax);
        reduction("torch.amin(x, %s, %s)", false, ANY, Tensor::amin);
        binary("torch.max(x, y)", ANY, Tensor::max);
        binary("torch.min(x, y)", ANY, Tensor::min);
        // without gradients, which PyTorch's has not
        add("torch.aminmax(x, dim, keepdim)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            boolean keep = d.coin();
            return new Question(
                    format("torch.aminmax(x, dim=%d, keepdim=%s)", dim, python(keep)),
                    t -> both(t[0].aminmax(dim, keep)),
                    Operand.of(ANY, shape).constant());
        });
        add(
                "torch.aminmax(x)",
                d -> new Question(
                        "torch.aminmax(x)",
                        t -> both(t[0].aminmax()),
                        Operand.of(ANY, d.full(0, 3)).constant()));
    }

    private static List<Tensor> both(Reductions.MinMax m) {
        return List.of(m.min(), m.max());
    }

    private void norms() {
        unary("torch.norm(x)", MODERATE, x -> x.norm());
        unary("torch.norm(x * 0)", MODERATE, x -> x.mul(0).norm());
        for (double p : new double[] {1, 2, 3, 2.5, 1.5, 0.5, -1}) {
            reduction("torch.norm(x, " + p + ", %s, %s)", p > 0, MODERATE, (x, dims, keep) -> x.norm(p, dims, keep));
            // zeros among the elements, and zeros alone
            var zeros = along(
                    "torch.norm(x * (x > 0), " + p + ", [%s])",
                    MODERATE,
                    (x, dim) -> List.of(x.mul(x.gt(0)).norm(p, dim)));
            if (p > 1 && p < 2) zeros.onceDifferentiable("|x|^p has no second derivative at 0");
        }
        reduction("torch.norm(x, 0, %s, %s)", true, FINITE, (x, dims, keep) -> x.norm(0, dims, keep));
        reduction(
                "torch.norm(x, float('inf'), %s, %s)",
                false, FINITE, (x, dims, keep) -> x.norm(Double.POSITIVE_INFINITY, dims, keep));
        reduction(
                "torch.norm(x, float('-inf'), %s, %s)",
                false, FINITE, (x, dims, keep) -> x.norm(Double.NEGATIVE_INFINITY, dims, keep));
        for (double p : new double[] {1, 2, 3}) {
            binary("torch.dist(x, y, " + p + ")", MODERATE, (x, y) -> x.dist(y, p));
            add("torch.renorm(x, " + p + ", dim, 1.5)", d -> {
                long[] shape = d.full(2, 4);
                int dim = d.dim(shape);
                return new Question(
                        format("torch.renorm(x, %s, %d, 1.5)", p, dim),
                        Operand.of(MODERATE, shape),
                        x -> x.renorm(p, dim, 1.5));
            });
        }
    }

    /** Result types of bool and integer tensors. */
    private void integers() {
        integer("x.sum()", Tensor::sum);
        integer("x.prod()", Tensor::prod);
        integer("x.sum([0])", x -> x.sum(0));
        integer("x.prod(0)", x -> x.prod(0));
        integer("x.sum(dtype=2)", x -> x.sum(DType.INT16));
        integer("x.mean(dtype=6)", x -> x.mean(DType.FLOAT32));
        integer("torch.nansum(x)", Tensor::nansum);
        integer("torch.logsumexp(x, 0)", x -> x.logsumexp(0))
                .tolerance("its result is float32", DType.FLOAT64, 1e-5, 2e-6);
        integer("x.amax([0])", x -> x.amax(0));
        integer("x.max()", x -> x.max());
        integer("x.min()", x -> x.min());
        integer("x.any()", Tensor::any);
        integer("x.all()", Tensor::all);
        integer("x.any(0)", x -> x.any(0));
        integer("x.all(0)", x -> x.all(0));
        integer("torch.count_nonzero(x)", Tensor::countNonzero);
    }

    private Case integer(String torch, UnaryOperator<Tensor> akari) {
        return add("integers: " + torch, d -> {
            var type = INTEGERS[d.between(0, INTEGERS.length - 1)];
            long[] shape = Arrays.copyOf(d.full(1, 3), 2 + d.between(0, 1));
            for (int i = 0; i < shape.length; i++) shape[i] = Math.max(1, shape[i]);
            return new Question(torch, d.whole(type, 0, type == DType.BOOL ? 1 : 5, shape), akari);
        });
    }
}
