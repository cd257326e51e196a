package akari.testkit.cases;

import akari.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The same computation in both languages. The TorchScript expression knows the operands as x, y, z, u and v; the Java side gets
 * them in an array and gives its results in the expression's order.
 */
record Question(String torch, Function<Tensor[], List<Tensor>> akari, Operand... operands) {
    Question(String torch, Operand x, UnaryOperator<Tensor> akari) {
        this(torch, t -> List.of(akari.apply(t[0])), x);
    }

    Question(String torch, Operand x, Operand y, BinaryOperator<Tensor> akari) {
        this(torch, t -> List.of(akari.apply(t[0], t[1])), x, y);
    }
}
