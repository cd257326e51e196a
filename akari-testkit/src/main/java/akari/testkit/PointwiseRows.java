package akari.testkit;

import akari.tensor.Tensor;
import akari.testkit.OpTable.Adapter;
import java.util.List;

/** Arithmetic, functions of numbers, comparisons. */
final class PointwiseRows {
    private PointwiseRows() {}

    static void add(OpTable t) {
        t.op("polygamma", a -> a.x().polygamma(a.integer("n", 0)));
        t.op("mvlgamma", a -> a.x().mvlgamma(a.integer("p", 1)));
        t.several("frexp", a -> List.of(a.x().frexp().mantissa(), a.x().frexp().exponent()));
        t.op("logit", a -> a.x().logit(a.number("eps")));
        t.op("round", a -> a.x().round(a.integer("decimals", 0)));
        t.op("nan_to_num", a -> a.x().nanToNum(a.number("nan", 0), a.number("posinf"), a.number("neginf")));
        t.op("lerp", a -> a.x().lerp(a.input("end"), a.input("weight")));
        t.op("addcmul", a -> a.x().addcmul(a.input("tensor1"), a.input("tensor2"), a.number("value", 1)));
        t.op("addcdiv", a -> a.x().addcdiv(a.input("tensor1"), a.input("tensor2"), a.number("value", 1)));
        t.op(
                "isclose",
                a -> a.x().isclose(
                                a.other(), a.number("rtol", 1e-5), a.number("atol", 1e-8), a.flag("equal_nan", false)));
        t.op("clamp_min", a -> a.x().clampMin(a.number("min", 0)));
        t.op("clamp_max", a -> a.x().clampMax(a.number("max", 0)));
        Adapter add = OpTable.binary(Tensor::add, Tensor::add);
        t.several("add", a -> a.has("alpha") ? List.of(a.x().add(a.other(), a.number("alpha", 1))) : add.apply(a));
        Adapter div = OpTable.binary(Tensor::div, Tensor::div);
        t.several(
                "div",
                a -> a.has("rounding_mode")
                        ? List.of(a.x().div(a.other(), a.text("rounding_mode", "")))
                        : div.apply(a));
        t.op("clamp", a -> a.x().clamp(a.number("min"), a.number("max")));
    }
}
