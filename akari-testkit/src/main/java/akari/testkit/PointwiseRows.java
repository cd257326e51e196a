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
        t.unary("tan", Tensor::tan);
        t.unary("asin", Tensor::asin);
        t.unary("acos", Tensor::acos);
        t.unary("atan", Tensor::atan);
        t.unary("sinh", Tensor::sinh);
        t.unary("cosh", Tensor::cosh);
        t.unary("asinh", Tensor::asinh);
        t.unary("acosh", Tensor::acosh);
        t.unary("atanh", Tensor::atanh);
        t.unary("deg2rad", Tensor::deg2rad);
        t.unary("rad2deg", Tensor::rad2deg);
        t.unary("sinc", Tensor::sinc);
        t.unary("angle", Tensor::angle);
        t.unary("exp2", Tensor::exp2);
        t.unary("log2", Tensor::log2);
        t.unary("log10", Tensor::log10);
        t.unary("erfc", Tensor::erfc);
        t.unary("erfinv", Tensor::erfinv);
        t.unary("lgamma", Tensor::lgamma);
        t.unary("digamma", Tensor::digamma);
        t.op("polygamma", a -> a.x().polygamma(a.integer("n", 0)));
        t.unary("i0", Tensor::i0);
        t.op("mvlgamma", a -> a.x().mvlgamma(a.integer("p", 1)));
        t.op("gcd", a -> a.x().gcd(a.other()));
        t.op("lcm", a -> a.x().lcm(a.other()));
        t.op("ldexp", a -> a.x().ldexp(a.other()));
        t.several("frexp", a -> List.of(a.x().frexp().mantissa(), a.x().frexp().exponent()));
        t.op("nextafter", a -> a.x().nextafter(a.other()));
        t.op("logit", a -> a.x().logit(a.number("eps")));
        t.unary("frac", Tensor::frac);
        t.unary("signbit", Tensor::signbit);
        t.unary("sgn", Tensor::sgn);
        t.unary("bitwise_not", Tensor::bitwiseNot);
        t.unary("isinf", Tensor::isinf);
        t.unary("isposinf", Tensor::isposinf);
        t.unary("isneginf", Tensor::isneginf);
        t.op("round", a -> a.x().round(a.integer("decimals", 0)));
        t.op("nan_to_num", a -> a.x().nanToNum(a.number("nan", 0), a.number("posinf"), a.number("neginf")));
        t.op("atan2", a -> a.x().atan2(a.other()));
        t.op("hypot", a -> a.x().hypot(a.other()));
        t.op("logaddexp", a -> a.x().logaddexp(a.other()));
        t.op("logaddexp2", a -> a.x().logaddexp2(a.other()));
        t.op("heaviside", a -> a.x().heaviside(a.other()));
        t.op("fmax", a -> a.x().fmax(a.other()));
        t.op("fmin", a -> a.x().fmin(a.other()));
        t.several("xlogy", OpTable.binary(Tensor::xlogy, Tensor::xlogy));
        t.several("copysign", OpTable.binary(Tensor::copysign, Tensor::copysign));
        t.several("float_power", OpTable.binary(Tensor::floatPower, Tensor::floatPower));
        t.several("floor_divide", OpTable.binary(Tensor::floorDivide, Tensor::floorDivide));
        t.several("remainder", OpTable.binary(Tensor::remainder, Tensor::remainder));
        t.several("fmod", OpTable.binary(Tensor::fmod, Tensor::fmod));
        t.several("bitwise_and", OpTable.binary(Tensor::bitwiseAnd, Tensor::bitwiseAnd));
        t.several("bitwise_or", OpTable.binary(Tensor::bitwiseOr, Tensor::bitwiseOr));
        t.several("bitwise_xor", OpTable.binary(Tensor::bitwiseXor, Tensor::bitwiseXor));
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
        t.several("sub", OpTable.binary(Tensor::sub, Tensor::sub));
        t.several("mul", OpTable.binary(Tensor::mul, Tensor::mul));
        Adapter div = OpTable.binary(Tensor::div, Tensor::div);
        t.several(
                "div",
                a -> a.has("rounding_mode")
                        ? List.of(a.x().div(a.other(), a.text("rounding_mode", "")))
                        : div.apply(a));
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
        t.op("logical_xor", a -> a.x().logicalXor(a.other()));
    }
}
