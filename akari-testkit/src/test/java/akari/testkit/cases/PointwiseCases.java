package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.POSITIVE;

import akari.backend.DType;
import akari.backend.Shape;
import akari.tensor.Tensor;
import java.util.List;

/** Functions of numbers and arithmetic. */
final class PointwiseCases extends Family {
    PointwiseCases() {
        unary("torch.square(x)", ANY, Tensor::square);
        unary("-x", ANY, Tensor::neg);
        unary("torch.abs(x)", ANY, Tensor::abs);
        unary("torch.sign(x)", ANY, Tensor::sign);
        unary("torch.floor(x)", ANY, Tensor::floor);
        unary("torch.ceil(x)", ANY, Tensor::ceil);
        unary("torch.round(x)", ANY, Tensor::round);
        unary("torch.trunc(x)", ANY, Tensor::trunc);
        unary("torch.sqrt(x)", ANY, Tensor::sqrt);
        unary("torch.rsqrt(x)", ANY, Tensor::rsqrt);
        unary("torch.reciprocal(x)", ANY, Tensor::reciprocal);
        unary("torch.exp(x)", ANY, Tensor::exp);
        unary("torch.expm1(x)", ANY, Tensor::expm1);
        unary("torch.log(x)", ANY, Tensor::log);
        unary("torch.log1p(x)", ANY, Tensor::log1p);
        unary("torch.sin(x)", ANY, Tensor::sin);
        unary("torch.cos(x)", ANY, Tensor::cos);
        unary("torch.erf(x)", ANY, Tensor::erf);
        unary("torch.clamp(x, -0.5, 1.0)", ANY, x -> x.clamp(-0.5, 1));
        unary("torch.clamp(x, min=0.5)", ANY, x -> x.clamp(0.5, null));
        unary("torch.pow(x, 3)", ANY, x -> x.pow(3));
        unary("torch.pow(x, -1.5)", POSITIVE, x -> x.pow(-1.5));
        unary("torch.pow(x, 2)", ANY, x -> x.pow(2));
        binary("x + y", ANY, Tensor::add);
        binary("torch.add(x, y, alpha=-2.5)", ANY, (x, y) -> x.add(y, -2.5));
        binary("x - y", ANY, Tensor::sub);
        binary("x * y", ANY, Tensor::mul);
        binary("x / y", ANY, Tensor::div);
        binary("torch.pow(x, y)", POSITIVE, Tensor::pow);
        binary("torch.maximum(x, y)", ANY, Tensor::maximum);
        binary("torch.minimum(x, y)", ANY, Tensor::minimum);
        unary("x + 2", ANY, x -> x.add(2));
        unary("2 - x", ANY, x -> x.rsub(2));
        unary("x * 2.5", ANY, x -> x.mul(2.5));
        unary("x / 3", ANY, x -> x.div(3));
        unary("2 / x", ANY, x -> x.rdiv(2));
        for (var operator : List.of("+", "-", "*", "/")) {
            add("mixed types: x " + operator + " y", d -> {
                long[] shape = d.shape(0, 3);
                return new Question(
                        "x " + operator + " y",
                        mixed(d, shape),
                        mixed(d, d.broadcast(shape)),
                        (x, y) -> switch (operator) {
                            case "+" -> x.add(y);
                            case "-" -> x.sub(y);
                            case "*" -> x.mul(y);
                            default -> x.div(y);
                        });
            });
        }
    }

    /** Small whole numbers of any type but bool (which PyTorch does not subtract), none 0 as integers divide by them. */
    private static Operand mixed(Draw d, long... shape) {
        var types = List.of(DType.UINT8, DType.INT64, DType.FLOAT32, DType.FLOAT64);
        var s = Shape.of(shape);
        var type = types.get(d.between(0, types.size() - 1));
        return Operand.of(
                type,
                s,
                d.random.doubles(s.numel()).map(v -> 1 + Math.floor(9 * v)).toArray());
    }
}
