package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;

/** Arithmetic, bounds and bits. */
final class PointwiseCases extends Family {
    PointwiseCases() {
        unary("torch.clamp(x, -0.5, 1.0)", ANY, x -> x.clamp(-0.5, 1));
        unary("torch.clamp(x, min=0.5)", ANY, x -> x.clamp(0.5, null));
        unary("torch.clamp(x, max=1.0)", ANY, x -> x.clamp((Number) null, 1.0));
        unary("torch.clamp_min(x, -1)", ANY, x -> x.clampMin(-1));
        unary("torch.clamp_max(x, 1.5)", ANY, x -> x.clampMax(1.5));
        unary("x.clone().clamp_(-1, 2)", ANY, x -> x.clone().clamp_(-1, 2));
        binary("torch.clamp_min(x, y)", ANY, Tensor::clampMin);
        binary("torch.clamp_max(x, y)", ANY, Tensor::clampMax);
        ternary("torch.clamp(x, y, z)", ANY, (x, y, z) -> x.clamp(y, z));
        ternary("torch.addcmul(x, y, z, value=2)", MODERATE, (x, y, z) -> x.addcmul(y, z, 2));
        ternary("torch.addcdiv(x, y, z, value=2)", POSITIVE, (x, y, z) -> x.addcdiv(y, z, 2));
        ternary("torch.lerp(x, y, z)", MODERATE, (x, y, z) -> x.lerp(y, z));
        binary("torch.lerp(x, y, 0.3)", MODERATE, (x, y) -> x.lerp(y, 0.3));
        binary("torch.lerp(x, y, 0.7)", MODERATE, (x, y) -> x.lerp(y, 0.7));
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
        binary("torch.sub(x, y, alpha=3)", ANY, (x, y) -> x.sub(y, 3));
        binary("torch.rsub(x, y)", ANY, Tensor::rsub);
        divisions("torch.floor_divide(x, y)", Tensor::floorDivide);
        divisions("torch.remainder(x, y)", Tensor::remainder);
        divisions("torch.fmod(x, y)", Tensor::fmod);
        divisions("torch.div(x, y, rounding_mode='trunc')", (x, y) -> x.div(y, "trunc"));
        divisions("torch.div(x, y, rounding_mode='floor')", (x, y) -> x.div(y, "floor"));
        divisions("x.clone().remainder_(y)", (x, y) -> x.clone().remainder_(y));
        divisions("x.clone().fmod_(y)", (x, y) -> x.clone().fmod_(y));
        divisions("x.clone().floor_divide_(y)", (x, y) -> x.clone().floorDivide_(y));
        for (var n : List.of("3", "-2", "2.5", "-0.75")) {
            Number number = n.contains(".") ? (Number) Double.valueOf(n) : (Number) Long.valueOf(n);
            unary("torch.floor_divide(x, " + n + ")", ANY, x -> x.floorDivide(number));
            unary("torch.remainder(x, " + n + ")", ANY, x -> x.remainder(number));
            unary("torch.fmod(x, " + n + ")", ANY, x -> x.fmod(number));
            unary("torch.div(x, " + n + ", rounding_mode='trunc')", ANY, x -> x.div(number, "trunc"));
        }
        for (var operator : List.of("add_", "sub_", "mul_", "div_")) {
            inPlace(
                    "x.clone()." + operator + "(y)",
                    operator.equals("div_") ? POSITIVE : ANY,
                    (x, y) -> switch (operator) {
                        case "add_" -> x.clone().add_(y);
                        case "sub_" -> x.clone().sub_(y);
                        case "mul_" -> x.clone().mul_(y);
                        default -> x.clone().div_(y);
                    });
        }
        bits("&", Tensor::bitwiseAnd);
        bits("|", Tensor::bitwiseOr);
        bits("^", Tensor::bitwiseXor);
        unary("torch.bitwise_not(x)", MODERATE, Tensor::bitwiseNot);
        unary("torch.bitwise_and(x, 6)", MODERATE, x -> x.bitwiseAnd(6));
        unary("torch.bitwise_xor(x, -3)", MODERATE, x -> x.bitwiseXor(-3));
        for (var type : List.of(DType.UINT8, DType.INT8, DType.INT32, DType.INT64)) {
            shift("torch.bitwise_left_shift(x, y)", type, Tensor::bitwiseLeftShift);
            shift("torch.bitwise_right_shift(x, y)", type, Tensor::bitwiseRightShift);
        }
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

    private interface Ternary {
        Tensor apply(Tensor x, Tensor y, Tensor z);
    }

    private void ternary(String torch, Domain domain, Ternary akari) {
        add(torch, d -> {
            long[] shape = d.shape(0, 4);
            return new Question(
                    torch,
                    t -> List.of(akari.apply(t[0], t[1], t[2])),
                    Operand.of(domain, shape),
                    Operand.of(domain, d.broadcast(shape)),
                    Operand.of(domain, d.broadcast(shape)));
        });
    }

    private void inPlace(String torch, Domain domain, BinaryOperator<Tensor> akari) {
        add(torch, d -> {
            long[] shape = d.shape(0, 4);
            return new Question(torch, Operand.of(domain, shape), Operand.of(domain, d.broadcast(shape)), akari);
        });
    }

    /** Divisors are whole and none is 0, which integers refuse. */
    private void divisions(String torch, BinaryOperator<Tensor> akari) {
        inPlace(torch, ANY, akari);
        add("whole: " + torch, d -> {
            long[] shape = d.shape(0, 3);
            var types = List.of(DType.UINT8, DType.INT8, DType.INT64, DType.FLOAT32);
            var type = types.get(d.between(0, types.size() - 1));
            int sign = type == DType.UINT8 || d.coin() ? 1 : -1;
            return new Question(
                    torch,
                    d.whole(type, type == DType.UINT8 ? 0 : -50, 50, shape),
                    d.whole(type, Math.min(sign, 7 * sign), Math.max(sign, 7 * sign), d.broadcast(shape)),
                    akari);
        });
    }

    private void bits(String operator, BinaryOperator<Tensor> akari) {
        add("x " + operator + " y", d -> {
            long[] shape = d.shape(0, 4);
            var types = List.of(DType.BOOL, DType.UINT8, DType.INT8, DType.INT32, DType.INT64);
            var a = types.get(d.between(0, types.size() - 1));
            var b = types.get(d.between(0, types.size() - 1));
            return new Question(
                    "x " + operator + " y",
                    d.whole(a, a == DType.BOOL || a == DType.UINT8 ? 0 : -90, 90, shape),
                    d.whole(b, b == DType.BOOL || b == DType.UINT8 ? 0 : -90, 90, d.broadcast(shape)),
                    akari);
        });
    }

    private void shift(String torch, DType type, BinaryOperator<Tensor> akari) {
        add(torch + " of " + type, d -> {
            long[] shape = d.shape(0, 3);
            return new Question(
                    torch, d.whole(type, type == DType.UINT8 ? 0 : -90, 90, shape), d.whole(type, 0, 70, shape), akari);
        });
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
