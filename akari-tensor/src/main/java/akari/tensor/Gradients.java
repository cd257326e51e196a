package akari.tensor;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A tensor's part in automatic differentiation: backward, the graph behind it, hooks. {@link Autograd} has the rest. */
public sealed interface Gradients permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** Asks for gradients of this leaf (a tensor that no recorded operation computed). Returns this. */
    default Tensor requiresGrad_() {
        return self().requiresGrad_(true);
    }

    /** Whether no recorded operation computed this tensor. */
    default boolean isLeaf() {
        return !(self().edge() instanceof Call);
    }

    /** The node of the graph that computed this tensor; null for a leaf. */
    default @Nullable Node gradFn() {
        return self().edge() instanceof Call c ? c : null;
    }

    /** This tensor's memory without its history: {@code x.data} in PyTorch. */
    default Tensor data() {
        return self().detach();
    }

    // ---- backward

    /** Adds the gradients of this one-element tensor to the {@code grad} of every leaf it depends on, and frees the graph. */
    default void backward() {
        backward(null, false, false);
    }

    /** {@link #backward()} of any shape, starting from {@code gradient}. */
    default void backward(Tensor gradient) {
        backward(gradient, false, false);
    }

    /** {@link #backward()} that keeps the graph for another one where {@code retainGraph}. */
    default void backward(boolean retainGraph) {
        backward(null, retainGraph, false);
    }

    default void backward(@Nullable Tensor gradient, boolean retainGraph) {
        backward(gradient, retainGraph, false);
    }

    /**
     * @param gradient of this tensor's shape; null for a one-element tensor
     * @param retainGraph keep what was saved, so that backward can run again
     * @param createGraph record the backward itself, so that gradients can be differentiated; implies retainGraph
     */
    default void backward(@Nullable Tensor gradient, boolean retainGraph, boolean createGraph) {
        Backward.run(new Tensor[] {self()}, new @Nullable Tensor[] {gradient}, null, retainGraph, createGraph);
    }

    /** As {@link #backward(Tensor, boolean, boolean)}, adding to the {@code grad} of {@code inputs} only, leaves or not. */
    default void backward(@Nullable Tensor gradient, boolean retainGraph, boolean createGraph, List<Tensor> inputs) {
        Autograd.backward(List.of(self()), Collections.singletonList(gradient), retainGraph, createGraph, inputs);
    }

    // ---- what backward passes by

    /** Asks for the gradient of this intermediate result, too, in {@code grad}. Nothing changes for a leaf. */
    default void retainGrad() {
        if (!self().requiresGrad()) {
            throw new IllegalStateException(
                    "retainGrad on a tensor of shape " + self().shape() + " that requires no gradient");
        }
        if (self().edge() instanceof Call c && !c.hooks().retains(self())) {
            c.hooks().retain(self().outputNr(), self());
        }
    }

    /** Whether this is an intermediate result that keeps its gradient. */
    default boolean retainsGrad() {
        return self().edge() instanceof Call c && c.hooks != null && c.hooks.retains(self());
    }

    /** What {@link #registerHook} calls. */
    @FunctionalInterface
    interface GradientHook {
        /** Another gradient of the same shape and type to go on with, or null for "unchanged". {@code g} must not be changed in place. */
        @Nullable
        Tensor apply(Tensor g);
    }

    /** Calls {@code hook} with this tensor's gradient whenever backward has computed it, before it goes any further. */
    default RemovableHandle registerHook(GradientHook hook) {
        return switch (self().edge()) {
            case Call c -> c.hooks().onResult(self().outputNr(), hook);
            case null ->
                throw new IllegalStateException("registerHook on a tensor of shape " + self().shape()
                        + " that requires no gradient: call requiresGrad_() first");
            default -> self().accumulateGrad().hooks.onResult(0, hook);
        };
    }

    /** Calls {@code hook} with this leaf whenever backward has added to its {@code grad}: an optimiser's step could run there. */
    default RemovableHandle registerPostAccumulateGradHook(Consumer<Tensor> hook) {
        if (self().edge() != self()) {
            throw new IllegalStateException(
                    "registerPostAccumulateGradHook needs a leaf that requires a gradient; this tensor"
                            + " of shape " + self().shape()
                            + (isLeaf() ? " requires none" : " was computed by " + self().producerName()));
        }
        return self().accumulateGrad().hooks.accumulated(hook);
    }
}
