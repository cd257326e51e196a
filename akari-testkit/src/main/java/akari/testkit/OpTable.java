package akari.testkit;

import akari.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's names of operations, each with the call that computes it in Akari. The rows are in the files of their families, {@code
 * …Rows}: a new operation is one line there, or none where {@link ByName} finds the call by itself.
 */
final class OpTable {
    /** Runs an op on a case's arguments; gives its results in PyTorch's order. */
    interface Adapter {
        List<Tensor> apply(Arguments a);
    }

    /** An op with one result. */
    interface Single {
        Tensor apply(Arguments a);
    }

    private static final OpTable TABLE = new OpTable();

    private final Map<String, Adapter> ops = new HashMap<>();

    private OpTable() {
        PointwiseRows.add(this);
        ActivationRows.add(this);
        ReductionRows.add(this);
        SortingRows.add(this);
        ShapingRows.add(this);
        IndexingRows.add(this);
        LinearAlgebraRows.add(this);
        ConvolutionRows.add(this);
        LayerRows.add(this);
        LossRows.add(this);
    }

    static @Nullable Adapter find(String op) {
        Adapter row = TABLE.ops.get(op);
        return row != null ? row : ByName.find(op);
    }

    /** An op of any number of results. */
    void several(String name, Adapter f) {
        if (ops.put(name, f) != null) {
            throw new IllegalStateException("the op " + name + " has two rows");
        }
    }

    void op(String name, Single f) {
        several(name, a -> List.of(f.apply(a)));
    }

    void unary(String name, UnaryOperator<Tensor> f) {
        op(name, a -> f.apply(a.x()));
    }

    /** The second operand is a tensor, or a number among the arguments. */
    static Adapter binary(BinaryOperator<Tensor> tensors, BiFunction<Tensor, Number, Tensor> number) {
        return a -> {
            for (String name : new String[] {"other", "exponent", "value", "scalar"}) {
                Double v = a.scalar(name);
                if (v != null) {
                    return List.of(number.apply(a.x(), v));
                }
            }
            return List.of(tensors.apply(a.x(), a.other()));
        };
    }
}
