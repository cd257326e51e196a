package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;

import akari.tensor.Tensor;
import java.util.function.BinaryOperator;

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
        binary("torch.logical_xor(x, y)", ANY, Tensor::logicalXor);
        unary("torch.isinf(x)", ANY, Tensor::isinf);
        unary("torch.isposinf(x)", ANY, Tensor::isposinf);
        unary("torch.isneginf(x)", ANY, Tensor::isneginf);
        unary("torch.isreal(x)", ANY, Tensor::isreal);
        unary("x == 0.5", ANY, x -> x.eq(0.5));
        unary("x.clone().gt_(1)", ANY, x -> x.clone().gt_(1));
        inPlace("x.clone().eq_(y)", (x, y) -> x.clone().eq_(y));
        inPlace("x.clone().ne_(y)", (x, y) -> x.clone().ne_(y));
        inPlace("x.clone().not_equal_(y)", (x, y) -> x.clone().notEqual_(y));
        inPlace("x.clone().lt_(y)", (x, y) -> x.clone().lt_(y));
        inPlace("x.clone().less_(y)", (x, y) -> x.clone().less_(y));
        inPlace("x.clone().le_(y)", (x, y) -> x.clone().le_(y));
        inPlace("x.clone().less_equal_(y)", (x, y) -> x.clone().lessEqual_(y));
        inPlace("x.clone().gt_(y)", (x, y) -> x.clone().gt_(y));
        inPlace("x.clone().greater_(y)", (x, y) -> x.clone().greater_(y));
        inPlace("x.clone().ge_(y)", (x, y) -> x.clone().ge_(y));
        inPlace("x.clone().greater_equal_(y)", (x, y) -> x.clone().greaterEqual_(y));
        inPlace("x.clone().logical_and_(y)", (x, y) -> x.clone().logicalAnd_(y));
        inPlace("x.clone().logical_or_(y)", (x, y) -> x.clone().logicalOr_(y));
        inPlace("x.clone().logical_xor_(y)", (x, y) -> x.clone().logicalXor_(y));
        add(
                "x.clone().logical_not_()",
                d -> new Question(
                        "x.clone().logical_not_()",
                        Operand.of(ANY, d.shape(0, 4)).constant(),
                        x -> x.clone().logicalNot_()));
        binary("torch.isclose(x, y, 0.2, 0.5)", ANY, (x, y) -> x.isclose(y, 0.2, 0.5, false));
        binary("torch.isclose(x, y, 0.1, 0.1, True)", ANY, (x, y) -> x.isclose(y, 0.1, 0.1, true));
        add("torch.where(y, x, 2)", d -> {
            long[] shape = d.shape(0, 4);
            return new Question(
                    "torch.where(y, x, 2)",
                    Operand.of(ANY, shape),
                    d.booleans(d.broadcast(shape)),
                    (x, y) -> x.where(y, 2));
        });
    }

    /** Without gradients: PyTorch lets them pass some of these as if nothing had been written. */
    private void inPlace(String torch, BinaryOperator<Tensor> akari) {
        add(torch, d -> {
            long[] shape = d.shape(0, 4);
            return new Question(
                    torch,
                    Operand.of(ANY, shape).constant(),
                    Operand.of(ANY, d.broadcast(shape)).constant(),
                    akari);
        });
    }
}
