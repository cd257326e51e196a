package akari.nn;

import akari.core.DType;
import akari.errors.NullArgument;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.function.UnaryOperator;

/**
 * Halves in functions that take several steps: they compute in float32 and round their result once, as a single operation does, so that
 * a square or a sum on the way neither overflows nor vanishes.
 */
final class Precision {
    private Precision() {}

    /** {@code x} in the type in which its arithmetic is done. */
    static Tensor raised(Tensor x) {
        NullArgument.check(x, "input");
        return x.dtype().isHalf() ? x.to(x.dtype().compute()) : x;
    }

    /** A function of {@code x} that has its type; {@code body} gets it {@link #raised}. */
    static Tensor layer(String name, Tensor x, UnaryOperator<Tensor> body) {
        return Tensors.composite(name, () -> body.apply(raised(x)).to(x.dtype()));
    }

    /** The type of a loss of these operands; within autocast a loss of halves stays float32. */
    static DType ofLoss(Tensor... in) {
        for (Tensor t : in) {
            if (t == null) {
                throw NullArgument.among(in);
            }
        }
        DType type = in[0].dtype();
        for (Tensor t : in) {
            // a number beside tensors counts only with a higher category
            boolean counts = t.dim() > 0 || in[0].dim() == 0 || t.dtype().category() > type.category();
            type = counts ? DType.promote(type, t.dtype()) : type;
        }
        if (!type.isFloating()) {
            return Tensors.defaultDType();
        }
        return Tensors.isAutocastEnabled() ? type.compute() : type;
    }
}
