package akari.tensor;

import akari.backend.Buffer;
import akari.core.DType;
import akari.errors.NullArgument;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * One run of {@link Tensors#autocast}: the type to which convolutions and matrix products lower their float32 operands, and the
 * weights that were lowered already. Activations are lowered by a recorded copy; weights inside the operation, so that their
 * gradients come out of its kernel in float32, without a rounding in between.
 */
final class Autocast {
    private final DType type;
    private final Map<Tensor, Lowered> weights = new IdentityHashMap<>();

    private record Lowered(Buffer source, int version, Tensor tensor) {}

    Autocast(DType type) {
        NullArgument.check(type, "type");
        if (!type.isHalf() && type != DType.FLOAT32) {
            throw new IllegalArgumentException(
                    "autocast runs in bfloat16 or float16, or in float32 to switch it off; got " + type);
        }
        this.type = type;
    }

    /** For running the same again. */
    Autocast afresh() {
        return new Autocast(type);
    }

    /** Whether this thread's convolutions and matrix products take float32 weights beside lower inputs. */
    static boolean isOn() {
        Autocast a = Mode.current().autocast;
        return a != null && a.type.isHalf();
    }

    /** {@code x} as the operand of a convolution or a matrix product. */
    static Tensor lower(Tensor x) {
        Autocast a = Mode.current().autocast;
        return a == null || x.dtype() != DType.FLOAT32 ? x : x.to(a.type);
    }

    /** The weight of an operation on inputs of {@code type}; lowered once a version within one autocast. */
    static Tensor weight(Tensor w, DType type) {
        if (w.dtype() == type) {
            return w;
        }
        Autocast a = Mode.current().autocast;
        if (a == null || !w.isLeaf()) {
            return w.to(type);
        }
        Buffer source = w.view.buffer();
        Lowered had = a.weights.get(w);
        if (had != null && had.source == source && had.version == source.version() && had.tensor.dtype() == type) {
            return had.tensor;
        }
        Tensor low = Tensors.outlive(w.to(type));
        a.weights.put(w, new Lowered(source, source.version(), low));
        if (had != null) {
            had.tensor.view.buffer().abandon("autocast");
        }
        return low;
    }

    /** Saves input 1 for backward, in the form that was used and in its own, which a second derivative needs. */
    static void saveWeight(Call call, Tensor own, Tensor used) {
        int slot = call.save(used);
        call.slot(1, slot);
        call.slot(2, own == used ? slot : call.save(own));
    }

    static Tensor savedWeight(Call call) {
        return call.saved(call.slot(Mode.current().grad ? 2 : 1));
    }

    /** Gives the lowered weights back, those that a graph saved once backward has read them. */
    void end() {
        for (Lowered l : weights.values()) {
            l.tensor.view.buffer().abandon("the end of autocast");
        }
        weights.clear();
    }
}
