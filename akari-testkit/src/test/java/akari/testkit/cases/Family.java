package akari.testkit.cases;

import akari.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A family of operations in PyTorch's spelling and in Akari's. A new operation is one line in its family's constructor; a row with
 * a shape of its own is
 *
 * {@snippet :
 * add("torch.gather(x, dim, y)", d -> {
 *     long[] shape = d.full(1, 4);
 *     ...
 *     return new Question(format("torch.gather(x, %d, y)", dim), Operand.of(ANY, shape), index, (x, y) -> x.gather(dim, y));
 * });
 * }
 *
 * <p>Every row runs in all types, over all memory layouts. What PyTorch refuses, Akari may refuse or do. Gradients are compared and
 * checked wherever PyTorch has them; nothing has to be said for it.
 */
abstract class Family {
    private final List<Case> cases = new ArrayList<>();

    List<Case> cases() {
        return cases;
    }

    Case add(String name, Function<Draw, Question> draw) {
        var c = new Case(name, draw);
        cases.add(c);
        return c;
    }

    /** Of an operand x of any shape. */
    Case unary(String torch, Domain domain, UnaryOperator<Tensor> akari) {
        var c = add(torch, d -> new Question(torch, Operand.of(domain, d.shape(0, 4)), akari));
        c.pointwise = true;
        return c;
    }

    /** Of operands x and y that broadcast against each other. */
    Case binary(String torch, Domain domain, BinaryOperator<Tensor> akari) {
        return add(torch, d -> {
            long[] shape = d.shape(0, 4);
            var full = Operand.of(domain, shape);
            var part = Operand.of(domain, d.broadcast(shape));
            return d.coin() ? new Question(torch, full, part, akari) : new Question(torch, part, full, akari);
        });
    }

    /** A function of a tensor and dimensions. */
    interface Reduce {
        Tensor apply(Tensor x, int[] dims, boolean keepdim);
    }

    /** Over one or two dimensions; the pattern has %s for the dimensions and then for keepdim. */
    Case reduction(String torch, boolean empty, Domain domain, Reduce akari) {
        return add(torch, d -> {
            long[] shape = empty ? d.shape(1, 4) : d.full(1, 4);
            int first = d.between(0, shape.length - 1);
            int second = d.between(0, shape.length - 1);
            int[] dims = first == second ? new int[] {first - shape.length} : new int[] {first, second};
            boolean keep = d.coin();
            var expression = format(torch, Arrays.toString(dims), python(keep));
            return new Question(expression, Operand.of(domain, shape), x -> akari.apply(x, dims, keep));
        });
    }

    /** A function of a tensor and a dimension, with any number of results. */
    interface Along {
        List<Tensor> apply(Tensor x, int dim);
    }

    /** Along a dimension; the pattern has %s for it. */
    Case along(String torch, Domain domain, Along akari) {
        return add(torch, d -> {
            long[] shape = d.full(1, 4);
            int dim = d.dim(shape);
            return new Question(format(torch, dim), t -> akari.apply(t[0], dim), Operand.of(domain, shape));
        });
    }

    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** Python's spelling. */
    static String python(boolean flag) {
        return flag ? "True" : "False";
    }
}
