package akari.tensor;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How values are kept for backward, in place of the tensors themselves. */
interface SavedTensorsHooks {
    /** What to keep of {@code t}. */
    Object pack(Tensor t);

    /** The value of what {@link #pack} returned. */
    Tensor unpack(Object packed);

    /** Backward is done with what {@link #pack} returned. */
    default void drop(Object packed) {}

    /** See {@link Autograd#savedTensorsHooks}. A leaf that waits for its gradient lives on anyway and stays itself. */
    record Given(Function<Tensor, Object> packing, Function<Object, Tensor> unpacking) implements SavedTensorsHooks {
        @Override
        public Object pack(Tensor t) {
            return t.edge() instanceof Tensor ? t : packing.apply(t);
        }

        @Override
        public Tensor unpack(Object packed) {
            return unpacking.apply(packed);
        }
    }

    /** One kept value, and the history it goes on with. */
    final class Packed {
        private final SavedTensorsHooks hooks;
        private @Nullable Object edge;
        private int output;
        private @Nullable Object value;
        private @Nullable Tensor source;

        private Packed(SavedTensorsHooks hooks, Tensor t) {
            this.hooks = hooks;
            this.edge = t.edge();
            this.output = t.outputNr();
            this.source = t;
        }

        /** A saved result gets its history only once the operation is over. */
        void settle() {
            Tensor t = source;
            source = null;
            if (t != null && edge == null) {
                edge = t.edge();
                output = t.outputNr();
            }
        }

        static Packed of(SavedTensorsHooks hooks, Tensor t) {
            Packed p = new Packed(hooks, t);
            p.value = alone(() -> hooks.pack(t));
            return p;
        }

        Tensor unpack() {
            if (edge instanceof Tensor leaf) {
                return leaf;
            }
            Object v = value;
            if (v == null) {
                throw new AssertionError("unpacked after the graph was freed");
            }
            Tensor t = alone(() -> hooks.unpack(v)).detach();
            if (edge instanceof Call producer) {
                t.link(producer, output);
            }
            return t;
        }

        void drop() {
            Object v = value;
            value = null;
            if (v != null) {
                hooks.drop(v);
            }
        }

        private static <T> T alone(Supplier<T> body) {
            return Autograd.packing(null, () -> Tensors.noGrad(body));
        }
    }
}
