package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;

import akari.core.DType;
import akari.tensor.Tensor;
import java.util.function.UnaryOperator;

/** Conversions between types. */
final class CastCases extends Family {
    CastCases() {
        cast(0, Tensor::uint8);
        cast(1, Tensor::int8);
        cast(2, Tensor::int16);
        cast(3, Tensor::int32);
        cast(4, Tensor::int64);
        cast(5, Tensor::half);
        cast(6, Tensor::float32);
        cast(7, Tensor::float64);
        cast(11, Tensor::bool);
        cast(15, Tensor::bfloat16);
        unary("x.to(7, copy=True)", ANY, x -> x.to(DType.FLOAT64, true));
        unary("x.type_as(x.double())", ANY, x -> x.type(DType.FLOAT64));
    }

    /** @param number TorchScript's of the type */
    private void cast(int number, UnaryOperator<Tensor> akari) {
        unary(format("x.to(%d)", number), ANY, akari);
    }
}
