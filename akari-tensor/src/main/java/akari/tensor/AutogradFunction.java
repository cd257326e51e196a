package akari.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation of your own, forward and backward: the twin of {@code torch.autograd.Function}. What is not a tensor goes into the
 * record's components:
 *
 * {@snippet :
 * record Scale(double by) implements Function {
 *     public Tensor[] forward(Context ctx, Tensor[] in) {
 *         return new Tensor[] {in[0].mul(by)};
 *     }
 *
 *     public Tensor[] backward(Context ctx, Tensor[] gradients) {
 *         return new Tensor[] {gradients[0].mul(by)};
 *     }
 * }
 *
 * Tensor y = new Scale(3).apply(x);
 * }
 *
 * <p>Forward runs unrecorded. Backward is recorded under {@code createGraph}: written in differentiable operations it gives higher
 * orders too.
 */
public interface AutogradFunction {
    /** Computes the results. What backward needs goes into {@link Context#saveForBackward}. */
    Tensor[] forward(Context ctx, Tensor[] in);

    /**
     * The gradient of every input, null where there is none, from those of the results. Results without influence come as zeros (as
     * null after {@link Context#setMaterializeGrads setMaterializeGrads(false)}).
     */
    @Nullable
    Tensor[] backward(Context ctx, @Nullable Tensor[] gradients);

    /** Whether backward may not be differentiated: a second derivative is then an error, not a wrong number. */
    default boolean onceDifferentiable() {
        return false;
    }

    /** For errors and for {@link Node#name}. */
    default String name() {
        String n = getClass().getSimpleName();
        return n.isEmpty() ? "function" : n;
    }

    /** Runs this function, which has one result. */
    default Tensor apply(Tensor... in) {
        Tensor[] out = applyAll(in);
        if (out.length != 1) {
            throw new IllegalStateException(name() + " has " + out.length + " results: use applyAll");
        }
        return out[0];
    }

    /** Runs this function and gives all its results. */
    default Tensor[] applyAll(Tensor... in) {
        return Tape.applyAll(new CustomOp(this), in);
    }

    /** What forward leaves for backward. */
    final class Context {
        private final Call call;
        private final List<Tensor> nonDifferentiable = new ArrayList<>();
        private final List<Tensor> dirty = new ArrayList<>();
        private Tensor[] toSave = {};
        private boolean materialize = true;
        private @Nullable Object attachment;

        Context(Call call) {
            this.call = call;
        }

        @Override
        public String toString() {
            return "Context(" + toSave.length + " saved tensors)";
        }

        /** Keeps inputs or results for backward, with a check that nobody changes them until then. */
        public void saveForBackward(Tensor... tensors) {
            toSave = tensors.clone();
        }

        /** What {@link #saveForBackward} kept. */
        public Tensor[] savedTensors() {
            Tensor[] out = new Tensor[toSave.length];
            Arrays.setAll(out, call::saved);
            return out;
        }

        /** Keeps anything else for backward: sizes, flags. */
        public void attach(Object value) {
            attachment = value;
        }

        /** What {@link #attach} kept. */
        public Object attachment() {
            if (attachment == null) {
                throw new IllegalStateException(call.op.name() + ": nothing was attached in forward");
            }
            return attachment;
        }

        /** Whether the gradient of input {@code i} is wanted. */
        public boolean needsInputGrad(int i) {
            return call.needs(i);
        }

        /** These results have no gradient. */
        public void markNonDifferentiable(Tensor... results) {
            nonDifferentiable.addAll(List.of(results));
        }

        /** Forward changed these inputs in place, and returns them. */
        public void markDirty(Tensor... inputs) {
            dirty.addAll(List.of(inputs));
        }

        /** Whether missing gradients of results come as zeros (the default) or as null. */
        public void setMaterializeGrads(boolean value) {
            materialize = value;
        }

        boolean materializes() {
            return materialize;
        }

        boolean isDirty(Tensor t) {
            return dirty.stream().anyMatch(d -> d == t);
        }

        boolean isDifferentiable(Tensor t) {
            return nonDifferentiable.stream().noneMatch(d -> d == t);
        }

        void save() {
            for (Tensor t : toSave) {
                call.save(t);
            }
        }

        Context of(Call restricted) {
            Context c = new Context(restricted);
            c.toSave = toSave;
            c.materialize = materialize;
            c.attachment = attachment;
            return c;
        }
    }
}
