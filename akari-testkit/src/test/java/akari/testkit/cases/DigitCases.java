package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.FINITE;
import static akari.testkit.cases.Domain.MODERATE;
import static akari.testkit.cases.Domain.POSITIVE;

import akari.core.DType;
import akari.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;

/** Divisors of whole numbers, digits of floating-point ones, rarer special functions. */
final class DigitCases extends Family {
    DigitCases() {
        divisors("torch.gcd(x, y)", Tensor::gcd);
        divisors("torch.lcm(x, y)", Tensor::lcm);
        divisors("x.clone().gcd_(y)", (x, y) -> x.clone().gcd_(y));
        divisors("x.clone().lcm_(y)", (x, y) -> x.clone().lcm_(y));
        binary("torch.ldexp(x, y)", MODERATE, Tensor::ldexp);
        add(
                "x.clone().ldexp_(y)",
                d -> new Question(
                        "x.clone().ldexp_(y)",
                        Operand.of(MODERATE, 3, 4),
                        d.whole(DType.INT32, -4, 4, 4),
                        (x, y) -> x.clone().ldexp_(y)));
        add(
                        "torch.frexp(x)",
                        d -> new Question(
                                "torch.frexp(x)",
                                t -> List.of(
                                        t[0].frexp().mantissa(), t[0].frexp().exponent()),
                                Operand.of(FINITE, d.shape(0, 3))))
                .floatingOnly("frexp is of floating types");
        nextafter("torch.nextafter(x, y)", Tensor::nextafter);
        nextafter("x.clone().nextafter_(y)", (x, y) -> x.clone().nextafter_(y));
        unary("torch.i0(x)", MODERATE, Tensor::i0);
        unary("torch.i0(12 * x)", POSITIVE, x -> x.mul(12).i0())
                .without("rounded to a half before and after, 12 x is another number", DType.FLOAT16, DType.BFLOAT16);
        unary("x.clone().i0_()", MODERATE, x -> x.clone().i0_());
        unary("torch.mvlgamma(x + 2, 3)", POSITIVE, x -> x.add(2).mvlgamma(3))
                .without("PyTorch sums in the half", DType.FLOAT16, DType.BFLOAT16);
        unary("(x + 2).mvlgamma_(3)", POSITIVE, x -> x.add(2).mvlgamma_(3))
                .without("PyTorch sums in the half", DType.FLOAT16, DType.BFLOAT16);
        unary("torch.rrelu_(x.clone())", ANY, x -> x.clone().rrelu_());
    }

    private void divisors(String torch, BinaryOperator<Tensor> akari) {
        add(torch, d -> {
            long[] shape = d.shape(0, 3);
            var types = List.of(DType.UINT8, DType.INT8, DType.INT32, DType.INT64);
            var type = types.get(d.between(0, types.size() - 1));
            int low = type == DType.UINT8 ? 0 : -100;
            return new Question(
                    torch, d.whole(type, low, 100, shape), d.whole(type, low, 100, d.broadcast(shape)), akari);
        });
    }

    private void nextafter(String torch, BinaryOperator<Tensor> akari) {
        add(torch, d -> {
                    long[] shape = d.shape(0, 3);
                    return new Question(
                            torch,
                            Operand.of(ANY, shape).constant(),
                            Operand.of(ANY, d.broadcast(shape)).constant(),
                            akari);
                })
                .floatingOnly("nextafter is of floating types")
                .without("PyTorch has none for it", DType.FLOAT16);
    }
}
