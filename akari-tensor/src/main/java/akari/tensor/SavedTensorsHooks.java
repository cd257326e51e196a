package akari.tensor;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How values are kept for backward, in place of the tensors themselves: see {@link Autograd#savedTensorsHooks}. */
final class SavedTensorsHooks {
    private final Function<Tensor, Object> pack;
    private final Function<Object, Tensor> unpack;

    SavedTensorsHooks(Function<Tensor, Object> pack, Function<Object, Tensor> unpack) {
        this.pack = pack;
        this.unpack = unpack;
    }

    /** What to keep of {@code t}. A leaf that waits for its gradient lives on anyway and stays itself. */
    Object packed(Tensor t) {
        Mode mode = Mode.current();
        mode.packing = null;
        try {
            return new Packed(Tensors.noGrad(() -> pack.apply(t)), t);
        } finally {
            mode.packing = this;
        }
    }

    final class Packed {
        private final @Nullable Object edge;
        private final int output;
        private @Nullable Object value;

        Packed(Object value, Tensor t) {
            this.value = value;
            this.edge = t.edge();
            this.output = t.outputNr();
        }

        /** The value again, with the history that the saved tensor had. */
        Tensor unpack() {
            if (edge instanceof Tensor leaf) {
                return leaf;
            }
            Object v = value;
            if (v == null) {
                throw new AssertionError("unpacked after the graph was freed");
            }
            Tensor t = Tensors.noGrad(() -> unpack.apply(v)).detach();
            if (edge instanceof Call producer) {
                t.link(producer, output);
            }
            return t;
        }

        void drop() {
            value = null;
        }
    }
}
