package akari.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the graph that backward walks, as {@link Tensor#gradFn} gives it: the operation that computed a tensor, or the place where
 * a leaf's gradient is added up. The twin of {@code torch.autograd.graph.Node}.
 */
public sealed interface Node permits Call, AccumulateGrad {
    /** As in PyTorch: {@code MulBackward0}, {@code AccumulateGrad}. */
    String name();

    /** Where the gradient of each input goes, in the order of the inputs. */
    List<Edge> nextFunctions();

    /** The leaf whose gradient this node accumulates; null for an operation. */
    default @Nullable Tensor variable() {
        return null;
    }

    /**
     * Calls {@code hook} whenever backward has passed this node, with the gradients of its inputs and of its results. Where it returns
     * an array, that replaces the inputs' gradients.
     */
    RemovableHandle registerHook(Hook hook);

    /** Calls {@code hook} before backward passes this node, with the gradients of its results; an array that it returns replaces them. */
    RemovableHandle registerPrehook(Prehook hook);

    /**
     * What an input's gradient flows to.
     *
     * @param function null where that input needs no gradient
     * @param inputNr which result of that operation the input is
     */
    record Edge(@Nullable Node function, int inputNr) {}

    /** See {@link Node#registerHook}. */
    @FunctionalInterface
    interface Hook {
        /** Entries are null where there is no gradient. Null for "unchanged". */
        @Nullable
        Tensor @Nullable [] apply(@Nullable Tensor[] gradInputs, @Nullable Tensor[] gradOutputs);
    }

    /** See {@link Node#registerPrehook}. */
    @FunctionalInterface
    interface Prehook {
        /** Entries are null where there is no gradient. Null for "unchanged". */
        @Nullable
        Tensor @Nullable [] apply(@Nullable Tensor[] gradOutputs);
    }
}
