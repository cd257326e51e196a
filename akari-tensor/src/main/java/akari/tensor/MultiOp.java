package akari.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An operation with several results, each with a gradient of its own: a decomposition, a sort's values beside its positions. Run by
 * {@link Tape#applyAll}. Further results that never carry a gradient need none of this: {@link Call#extras} serves them.
 */
interface MultiOp extends Op {
    /** Computes all results, with recording off; saves in {@code call} whatever the gradients need. */
    Tensor[] results(Call call, Tensor[] in);

    /**
     * The gradient of each input from those of the results; null where {@link Call#needs} is false. An entry of {@code g} is null
     * where that result had no influence; at least one is not.
     */
    @Nullable
    Tensor[] backward(Call call, @Nullable Tensor[] g);

    /** Whether result {@code i} has a gradient where it is floating: positions and flags have none. */
    default boolean differentiable(int i) {
        return true;
    }

    @Override
    default Tensor forward(Call call, Tensor[] in) {
        Tensor[] out = results(call, in);
        call.extras(Arrays.copyOfRange(out, 1, out.length));
        return out[0];
    }

    @Override
    default @Nullable Tensor[] backward(Call call, Tensor g) {
        throw new AssertionError(name() + " has several results");
    }
}
