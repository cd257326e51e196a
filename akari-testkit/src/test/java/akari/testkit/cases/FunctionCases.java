package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Functions of one number or two, each out of place and in place. */
final class FunctionCases extends Family {
    FunctionCases() {
        both("sin", ANY, Tensor::sin, Tensor::sin_);
        both("cos", ANY, Tensor::cos, Tensor::cos_);
        both("tan", ANY, Tensor::tan, Tensor::tan_);
        both("asin", ANY, Tensor::asin, Tensor::asin_);
        both("acos", ANY, Tensor::acos, Tensor::acos_);
        both("atan", ANY, Tensor::atan, Tensor::atan_);
        both("sinh", MODERATE, Tensor::sinh, Tensor::sinh_);
        both("cosh", MODERATE, Tensor::cosh, Tensor::cosh_);
        both("tanh", ANY, Tensor::tanh, Tensor::tanh_);
        both("asinh", ANY, Tensor::asinh, Tensor::asinh_);
        both("acosh", ANY, Tensor::acosh, Tensor::acosh_);
        both("atanh", ANY, Tensor::atanh, Tensor::atanh_);
        both("deg2rad", ANY, Tensor::deg2rad, Tensor::deg2rad_);
        both("rad2deg", ANY, Tensor::rad2deg, Tensor::rad2deg_);
        for (Case c : both("sinc", MODERATE, Tensor::sinc, Tensor::sinc_)) {
            c.tolerance("near 0 the slope is the difference of nearly equal numbers", DType.FLOAT32, 1e-5, 5e-5);
        }
        unary("torch.angle(x)", ANY, Tensor::angle);
        both("atan2", MODERATE, Tensor::atan2, Tensor::atan2_);
        both("hypot", POSITIVE, Tensor::hypot, Tensor::hypot_);

        both("sqrt", ANY, Tensor::sqrt, Tensor::sqrt_);
        both("rsqrt", ANY, Tensor::rsqrt, Tensor::rsqrt_);
        both("exp", ANY, Tensor::exp, Tensor::exp_);
        both("exp2", ANY, Tensor::exp2, Tensor::exp2_);
        both("expm1", ANY, Tensor::expm1, Tensor::expm1_);
        both("log", ANY, Tensor::log, Tensor::log_);
        both("log2", ANY, Tensor::log2, Tensor::log2_);
        both("log10", ANY, Tensor::log10, Tensor::log10_);
        both("log1p", ANY, Tensor::log1p, Tensor::log1p_);
        both("reciprocal", ANY, Tensor::reciprocal, Tensor::reciprocal_);
        binary("torch.logaddexp(x, y)", ANY, Tensor::logaddexp)
                .tolerance("the gradient of a broadcast operand is a sum that cancels", DType.BFLOAT16, 0.02, 0.05);
        binary("torch.logaddexp2(x, y)", ANY, Tensor::logaddexp2);
        unary("torch.pow(2.5, x)", MODERATE, x -> Tensors.pow(2.5, x));
        unary("torch.pow(0, x)", ANY, x -> x.rpow(0));
        unary("x.clone().pow_(3)", ANY, x -> x.clone().pow_(3));
        unary("torch.pow(x, 0)", ANY, x -> x.pow(0));
        unary("torch.float_power(x, 2.5)", POSITIVE, x -> x.floatPower(2.5));
        binary("torch.float_power(x, y)", POSITIVE, Tensor::floatPower);

        both("erf", ANY, Tensor::erf, Tensor::erf_);
        both("erfc", ANY, Tensor::erfc, Tensor::erfc_);
        both("erfinv", ANY, Tensor::erfinv, Tensor::erfinv_);
        both("lgamma", MODERATE, Tensor::lgamma, Tensor::lgamma_);
        for (Case c : both("digamma", POSITIVE, Tensor::digamma, Tensor::digamma_)) {
            trigamma(c);
        }
        trigamma(unary("torch.polygamma(1, x)", POSITIVE, x -> x.polygamma(1)));
        unary("torch.polygamma(3, x)", POSITIVE, x -> x.polygamma(3));
        both("logit", MODERATE, x -> x.logit(), x -> x.logit_());
        unary("torch.logit(x, 0.1)", ANY, x -> x.logit(0.1));
        both("xlogy", ANY, Tensor::xlogy, Tensor::xlogy_);
        unary("torch.xlogy(x, 2.5)", ANY, x -> x.xlogy(2.5));
        unary("torch.xlogy(2.5, x)", ANY, x -> Tensors.xlogy(2.5, x));

        both("abs", ANY, Tensor::abs, Tensor::abs_);
        both("neg", ANY, Tensor::neg, Tensor::neg_);
        both("sign", ANY, Tensor::sign, Tensor::sign_);
        both("sgn", ANY, Tensor::sgn, Tensor::sgn_);
        both("square", ANY, Tensor::square, Tensor::square_);
        both("floor", ANY, Tensor::floor, Tensor::floor_);
        both("ceil", ANY, Tensor::ceil, Tensor::ceil_);
        both("round", ANY, x -> x.round(), x -> x.round_());
        both("trunc", ANY, Tensor::trunc, Tensor::trunc_);
        both("frac", MODERATE, Tensor::frac, Tensor::frac_);
        unary("torch.round(x, decimals=1)", MODERATE, x -> x.round(1));
        unary("torch.round(x, decimals=-1)", ANY, x -> x.round(-1));
        unary("torch.signbit(x)", ANY, Tensor::signbit);
        both("copysign", ANY, Tensor::copysign, Tensor::copysign_);
        unary("torch.copysign(x, -2)", ANY, x -> x.copysign(-2));
        binary("torch.heaviside(x, y)", ANY, Tensor::heaviside);
        binary("torch.fmax(x, y)", ANY, Tensor::fmax);
        binary("torch.fmin(x, y)", ANY, Tensor::fmin);
        both("nan_to_num", ANY, x -> x.nanToNum(), x -> x.nanToNum_());
        unary("torch.nan_to_num(x, 1., 2., -3.)", ANY, x -> x.nanToNum(1, 2.0, -3.0));
        both("sigmoid", ANY, Tensor::sigmoid, Tensor::sigmoid_);
        both("relu", ANY, Tensor::relu, Tensor::relu_);
    }

    private static void trigamma(Case c) {
        String reason = "PyTorch's trigamma stops after a few terms";
        c.tolerance(reason, DType.FLOAT64, 1e-8, 1e-8).tolerance(reason, DType.FLOAT32, 1e-4, 1e-5);
    }

    private List<Case> both(String name, Domain domain, UnaryOperator<Tensor> akari, UnaryOperator<Tensor> inPlace) {
        return List.of(
                unary("torch." + name + "(x)", domain, akari),
                unary("x.clone()." + name + "_()", domain, x -> inPlace.apply(x.clone())));
    }

    private void both(String name, Domain domain, BinaryOperator<Tensor> akari, BinaryOperator<Tensor> inPlace) {
        binary("torch." + name + "(x, y)", domain, akari);
        add("x.clone()." + name + "_(y)", d -> {
            long[] shape = d.shape(0, 4);
            return new Question(
                    "x.clone()." + name + "_(y)",
                    Operand.of(domain, shape),
                    Operand.of(domain, d.broadcast(shape)),
                    (x, y) -> inPlace.apply(x.clone(), y));
        });
    }
}
