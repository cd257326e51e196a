package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.function.UnaryOperator;

/** Functions where they are defined, and something else where they are not: what a mask hides has slopes, NaN ones, too: they are asked at special values alone. */
final class MaskedCases extends Family {
    MaskedCases() {
        positive("sqrt", Tensor::sqrt);
        positive("rsqrt", Tensor::rsqrt);
        positive("log", Tensor::log);
        positive("log1p", Tensor::log1p);
        positive("reciprocal", Tensor::reciprocal);
        positive("exp", Tensor::exp);
        positive("expm1", Tensor::expm1);
        positive("square", Tensor::square);
        positive("asin", Tensor::asin);
        positive("acosh", Tensor::acosh);
        one(
                "torch.where(x != 0, torch.sin(x) / x, torch.ones_like(x))",
                x -> x.sin().div(x).where(x.ne(0), Tensors.onesLike(x)));
        one(
                "torch.where(x > 0, x * torch.log(x), torch.zeros_like(x))",
                x -> x.mul(x.log()).where(x.gt(0), Tensors.zerosLike(x)));
        one("torch.where(x > 0, x, torch.expm1(x))", x -> x.where(x.gt(0), x.expm1()));
        one("torch.where(x > 0, torch.pow(x, 0.5), x)", x -> x.pow(0.5).where(x.gt(0), x));
        one("torch.log(torch.clamp(x, 0.01, 50.0))", x -> x.clamp(0.01, 50).log());
        one("torch.sqrt(torch.clamp_min(x, 0.0))", x -> x.clampMin(0).sqrt());
        one("torch.clamp_max(torch.exp(x), 10.0)", x -> x.exp().clampMax(10));
        one("torch.sqrt(torch.relu(x))", x -> x.relu().sqrt());
        one("torch.nan_to_num(torch.log(x))", x -> x.log().nanToNum());
    }

    /** Of numbers above 0, behind each kind of mask. */
    private void positive(String name, UnaryOperator<Tensor> f) {
        String op = "torch." + name + "(x)";
        one(
                "torch.where(x > 0, " + op + ", torch.zeros_like(x))",
                x -> f.apply(x).where(x.gt(0), Tensors.zerosLike(x)));
        one(op + ".masked_fill(x <= 0, 0.5)", x -> f.apply(x).maskedFill(x.le(0), 0.5));
        one(
                "torch." + name + "(torch.where(x > 0, x, torch.full_like(x, 0.5)))",
                x -> f.apply(x.where(x.gt(0), Tensors.fullLike(x, 0.5))));
    }

    private void one(String torch, UnaryOperator<Tensor> akari) {
        unary(torch, ANY, akari)
                .floatingOnly("integers have no slopes")
                .without("several steps, each rounded", DType.FLOAT16, DType.BFLOAT16);
    }
}
