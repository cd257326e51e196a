package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;

import akari.core.DType;
import akari.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Pointwise operations under PyTorch's other names, and in-place forms that have no row beside the operation's own. */
final class NameCases extends Family {
    NameCases() {
        unary("torch.absolute(x)", ANY, Tensor::absolute);
        unary("torch.negative(x)", ANY, Tensor::negative);
        unary("torch.positive(x)", ANY, Tensor::positive);
        unary("torch.fix(x)", ANY, Tensor::fix);
        unary("torch.arcsin(x)", ANY, Tensor::arcsin);
        unary("torch.arccos(x)", ANY, Tensor::arccos);
        unary("torch.arctan(x)", ANY, Tensor::arctan);
        unary("torch.arcsinh(x)", ANY, Tensor::arcsinh);
        unary("torch.arccosh(x)", ANY, Tensor::arccosh);
        unary("torch.arctanh(x)", ANY, Tensor::arctanh);
        unary("torch.clip(x, -1.5, 2.0)", ANY, x -> x.clip(-1.5, 2.0));
        binary("torch.arctan2(x, y)", MODERATE, Tensor::arctan2);
        binary("torch.subtract(x, y)", ANY, Tensor::subtract);
        binary("torch.multiply(x, y)", MODERATE, Tensor::multiply);
        binary("torch.divide(x, y)", POSITIVE, Tensor::divide);
        binary("torch.true_divide(x, y)", POSITIVE, Tensor::trueDivide);
        binary("torch.less(x, y)", ANY, Tensor::less);
        binary("torch.less_equal(x, y)", ANY, Tensor::lessEqual);
        binary("torch.greater(x, y)", ANY, Tensor::greater);
        binary("torch.greater_equal(x, y)", ANY, Tensor::greaterEqual);
        binary("torch.not_equal(x, y)", ANY, Tensor::notEqual);
        unary("torch.floor_divide(torch.full_like(x, 7), x)", POSITIVE, x -> x.rfloorDivide(7));
        unary("torch.remainder(torch.full_like(x, 7), x)", POSITIVE, x -> x.rremainder(7));
        unary("torch.xlogy(1.5, x)", POSITIVE, x -> x.rxlogy(1.5));

        changed("absolute_()", ANY, Tensor::absolute_);
        changed("negative_()", ANY, Tensor::negative_);
        changed("fix_()", ANY, Tensor::fix_);
        changed("arcsin_()", ANY, Tensor::arcsin_);
        changed("arccos_()", ANY, Tensor::arccos_);
        changed("arctan_()", ANY, Tensor::arctan_);
        changed("arcsinh_()", ANY, Tensor::arcsinh_);
        changed("arccosh_()", ANY, Tensor::arccosh_);
        changed("arctanh_()", ANY, Tensor::arctanh_);
        changed("clip_(-1.5, 2.0)", ANY, x -> x.clip_(-1.5, 2.0));
        changed("clamp_min_(-1)", ANY, x -> x.clampMin_(-1));
        changed("clamp_max_(1)", ANY, x -> x.clampMax_(1));
        changed("polygamma_(2)", POSITIVE, x -> x.polygamma_(2));
        changed("float_power_(2.)", POSITIVE, x -> x.floatPower_(2.0));
        changed("fill_(2.5)", ANY, x -> x.fill_(2.5));
        changed("bitwise_not_()", MODERATE, Tensor::bitwiseNot_);
        changed("bitwise_left_shift_(2)", MODERATE, x -> x.bitwiseLeftShift_(2));
        changed("bitwise_right_shift_(1)", MODERATE, x -> x.bitwiseRightShift_(1));

        changed("arctan2_(y)", MODERATE, Tensor::arctan2_);
        changed("subtract_(y)", ANY, Tensor::subtract_);
        changed("multiply_(y)", MODERATE, Tensor::multiply_);
        changed("divide_(y)", POSITIVE, Tensor::divide_);
        changed("true_divide_(y)", POSITIVE, Tensor::trueDivide_);
        changed("heaviside_(y)", ANY, Tensor::heaviside_);
        changed("bitwise_and_(y)", MODERATE, Tensor::bitwiseAnd_);
        changed("bitwise_or_(y)", MODERATE, Tensor::bitwiseOr_);
        changed("bitwise_xor_(y)", MODERATE, Tensor::bitwiseXor_);
        changed("lerp_(y, 0.25)", MODERATE, (x, y) -> x.lerp_(y, 0.25));
        changed("addcmul_(y, y)", MODERATE, (x, y) -> x.addcmul_(y, y));
        changed("addcdiv_(y, 1 + y)", POSITIVE, (x, y) -> x.addcdiv_(y, y.add(1)));

        activation("relu6_(x.clone())", Tensor::relu6_);
        activation("silu_(x.clone())", Tensor::silu_);
        activation("mish_(x.clone())", Tensor::mish_);
        // the slopes, and why these are left out, are those of the forms out of place
        activation("hardswish_(x.clone())", Tensor::hardswish_)
                .without("rounded to a half, some points fall on ±3", DType.FLOAT16, DType.BFLOAT16);
        activation("hardsigmoid_(x.detach().clone())", x -> x.detach().hardsigmoid_());
        activation("selu_(x.clone())", Tensor::selu_);
        activation("elu_(x.clone(), 0.7)", x -> x.elu_(0.7));
        activation("celu_(x.clone(), 2.0)", x -> x.celu_(2));
        activation("leaky_relu_(x.clone(), 0.01)", x -> x.leakyRelu_(0.01));
        activation("hardtanh_(x.clone(), -1.0, 1.0)", x -> x.hardtanh_(-1, 1));
        activation("threshold_(x.clone(), 0.5, -7.0)", x -> x.threshold_(0.5, -7));
    }

    private void changed(String call, Domain domain, UnaryOperator<Tensor> akari) {
        unary("x.clone()." + call, domain, x -> akari.apply(x.clone()));
    }

    private void changed(String call, Domain domain, BinaryOperator<Tensor> akari) {
        String torch = "x.clone()." + call;
        add(torch, d -> {
            long[] shape = d.shape(0, 4);
            return new Question(
                    torch,
                    t -> List.of(akari.apply(t[0].clone(), t[1])),
                    Operand.of(domain, shape),
                    Operand.of(domain, d.broadcast(shape)));
        });
    }

    private Case activation(String call, UnaryOperator<Tensor> akari) {
        return unary("torch." + call, MODERATE, x -> akari.apply(x.clone()));
    }
}
