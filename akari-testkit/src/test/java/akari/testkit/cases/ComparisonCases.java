package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;

import akari.tensor.Tensor;

/** Comparisons and logic. */
final class ComparisonCases extends Family {
    ComparisonCases() {
        binary("x == y", ANY, Tensor::eq);
        binary("x != y", ANY, Tensor::ne);
        binary("x < y", ANY, Tensor::lt);
        binary("x <= y", ANY, Tensor::le);
        binary("x > y", ANY, Tensor::gt);
        binary("x >= y", ANY, Tensor::ge);
        unary("x > 0", ANY, x -> x.gt(0));
        unary("torch.isnan(x)", ANY, Tensor::isnan);
        unary("torch.isfinite(x)", ANY, Tensor::isfinite);
        unary("torch.logical_not(x)", ANY, Tensor::logicalNot);
        binary("torch.logical_and(x, y)", ANY, Tensor::logicalAnd);
        binary("torch.logical_or(x, y)", ANY, Tensor::logicalOr);
    }
}
