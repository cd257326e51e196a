package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.SUMMED;

import akari.tensor.Tensor;
import java.util.List;

/** Sums, means, extremes and other reductions. */
final class ReductionCases extends Family {
    ReductionCases() {
        unary("x.sum()", MODERATE, Tensor::sum);
        unary("x.mean()", MODERATE, Tensor::mean);
        add("x.var()", d -> new Question("x.var()", Operand.of(MODERATE, d.full(1, 3)), Tensor::var));
        add("x.std()", d -> new Question("x.std()", Operand.of(MODERATE, d.full(1, 3)), Tensor::std));
        unary("torch.norm(x)", MODERATE, Tensor::norm);
        unary("torch.any(x)", ANY, Tensor::any);
        unary("torch.all(x)", ANY, Tensor::all);
        add("x.max()", d -> new Question("x.max()", Operand.of(ANY, d.full(0, 3)), Tensor::max));
        add("x.min()", d -> new Question("x.min()", Operand.of(ANY, d.full(0, 3)), Tensor::min));
        reduction("x.sum(%s, %s)", true, SUMMED, Tensor::sum);
        reduction("x.mean(%s, %s)", true, SUMMED, Tensor::mean);
        reduction("torch.var(x, %s, True, %s)", false, MODERATE, (x, dims, keep) -> x.var(dims, true, keep));
        reduction("torch.var(x, %s, False, %s)", false, MODERATE, (x, dims, keep) -> x.var(dims, false, keep));
        reduction("torch.std(x, %s, False, %s)", false, MODERATE, (x, dims, keep) -> x.std(dims, false, keep));
        reduction("torch.logsumexp(x, %s, %s)", true, MODERATE, Tensor::logsumexp);
        reduction("torch.amax(x, %s, %s)", false, ANY, Tensor::amax);
        reduction("torch.amin(x, %s, %s)", false, ANY, Tensor::amin);
        along("torch.softmax(x, %s)", MODERATE, (x, dim) -> List.of(x.softmax(dim)));
        along("torch.log_softmax(x, %s)", MODERATE, (x, dim) -> List.of(x.logSoftmax(dim)));
    }
}
