package akari.testkit;

import akari.tensor.Tensor;
import akari.testkit.OpTable.Adapter;
import java.util.List;

/** Arithmetic, functions of numbers, comparisons. */
final class PointwiseRows {
    private PointwiseRows() {}

    static void add(OpTable t) {
        t.unary("abs", Tensor::abs);
        t.unary("neg", Tensor::neg);
        t.unary("sign", Tensor::sign);
        t.unary("floor", Tensor::floor);
        t.unary("ceil", Tensor::ceil);
        t.unary("round", Tensor::round);
        t.unary("trunc", Tensor::trunc);
        t.unary("sqrt", Tensor::sqrt);
        t.unary("rsqrt", Tensor::rsqrt);
        t.unary("reciprocal", Tensor::reciprocal);
        t.unary("square", Tensor::square);
        t.unary("exp", Tensor::exp);
        t.unary("expm1", Tensor::expm1);
        t.unary("log", Tensor::log);
        t.unary("log1p", Tensor::log1p);
        t.unary("sin", Tensor::sin);
        t.unary("cos", Tensor::cos);
        t.unary("erf", Tensor::erf);
        Adapter add = OpTable.binary(Tensor::add, Tensor::add);
        t.several("add", a -> a.has("alpha") ? List.of(a.x().add(a.other(), a.number("alpha", 1))) : add.apply(a));
        t.several("sub", OpTable.binary(Tensor::sub, Tensor::sub));
        t.several("mul", OpTable.binary(Tensor::mul, Tensor::mul));
        t.several("div", OpTable.binary(Tensor::div, Tensor::div));
        t.several("pow", OpTable.binary(Tensor::pow, Tensor::pow));
        t.op("maximum", a -> a.x().maximum(a.other()));
        t.op("minimum", a -> a.x().minimum(a.other()));
        t.op("clamp", a -> a.x().clamp(a.number("min"), a.number("max")));
        t.several("eq", OpTable.binary(Tensor::eq, Tensor::eq));
        t.several("ne", OpTable.binary(Tensor::ne, Tensor::ne));
        t.several("lt", OpTable.binary(Tensor::lt, Tensor::lt));
        t.several("le", OpTable.binary(Tensor::le, Tensor::le));
        t.several("gt", OpTable.binary(Tensor::gt, Tensor::gt));
        t.several("ge", OpTable.binary(Tensor::ge, Tensor::ge));
        t.unary("isnan", Tensor::isnan);
        t.unary("isfinite", Tensor::isfinite);
        t.unary("logical_not", Tensor::logicalNot);
        t.op("logical_and", a -> a.x().logicalAnd(a.other()));
        t.op("logical_or", a -> a.x().logicalOr(a.other()));
    }
}
