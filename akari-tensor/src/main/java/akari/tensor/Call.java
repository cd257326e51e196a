package akari.tensor;

import akari.backend.DType;
import akari.backend.Shape;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One application of an operation: a node of the graph that backward walks. */
final class Call {
    private static final AtomicLong SEQUENCE = new AtomicLong();
    private static final @Nullable Tensor[] NONE = {};

    final Op op;
    /** Later calls have larger numbers, so walking in falling order visits every consumer before its producer. */
    final long sequence;

    private final boolean recording;
    private final @Nullable Object[]
            edges; // Call of an intermediate, Tensor of a leaf, null where no gradient is needed
    private final Shape[] shapes;
    private final DType[] types;
    private final int[] slots;
    private @Nullable Tensor[] saved = NONE;
    private int[] versions = {};
    private int count;
    private boolean consumed;
    private @Nullable Tensor[] extras = NONE;

    Call(Op op, Tensor[] in, boolean recording) {
        this.op = op;
        this.recording = recording;
        this.edges = new Object[in.length];
        this.shapes = new Shape[in.length];
        this.types = new DType[in.length];
        this.slots = new int[in.length + 1];
        this.sequence = recording ? SEQUENCE.incrementAndGet() : 0;
        for (int i = 0; i < in.length; i++) {
            shapes[i] = in[i].shape();
            types[i] = in[i].dtype();
            if (recording) {
                edges[i] = in[i].edge();
            }
        }
    }

    boolean recording() {
        return recording;
    }

    int inputs() {
        return edges.length;
    }

    boolean needs(int i) {
        return i < edges.length && edges[i] != null;
    }

    @Nullable
    Object edge(int i) {
        return edges[i];
    }

    Shape inputShape(int i) {
        return shapes[i];
    }

    DType inputType(int i) {
        return types[i];
    }

    /** Remembers under which number input {@code i} (or, for the last, the result) was saved; -1 for not at all. */
    void slot(int i, int saved) {
        slots[i] = saved;
    }

    int slot(int i) {
        return slots[i];
    }

    /** Keeps a value for backward. Returns its number for {@link #saved}. */
    int save(Tensor t) {
        if (!recording) {
            return -1;
        }
        if (count == saved.length) {
            saved = Arrays.copyOf(saved, 2 * count + 2);
            versions = Arrays.copyOf(versions, 2 * count + 2);
        }
        saved[count] = t;
        versions[count] = t.view.buffer().version();
        t.view.buffer().hold();
        return count++;
    }

    /** A saved value, unchanged since it was saved. */
    Tensor saved(int i) {
        Tensor t = saved[i];
        if (consumed || t == null) {
            throw new IllegalStateException("backward through " + op.name()
                    + " a second time: the values saved for it were freed by the first backward. Pass retainGraph = true to the"
                    + " first one, or run the forward again");
        }
        int now = t.view.buffer().version();
        if (now != versions[i]) {
            throw new IllegalStateException("a tensor of shape " + t.shape() + " that the gradient of " + op.name()
                    + " needs was changed in place after it was used (version " + now + ", expected " + versions[i]
                    + "): replace the in-place operation by its out-of-place form, or clone() first");
        }
        return t;
    }

    /** Further results that carry no gradient (batch statistics, indices). */
    void extras(Tensor... more) {
        extras = more;
    }

    @Nullable
    Tensor[] extras() {
        return extras;
    }

    Tensor extra(int i) {
        Tensor t = extras[i];
        if (t == null) {
            throw new IllegalStateException("result " + i + " of " + op.name() + " is gone");
        }
        return t;
    }

    void begin() {
        if (consumed) {
            throw new IllegalStateException("backward through " + op.name()
                    + " a second time: its graph was freed by the first backward. Pass retainGraph = true to the first one, or"
                    + " run the forward again");
        }
    }

    /**
     * Forgets what was saved; values that nobody but the tape can see return to the pool at once. A call that saved nothing (a view)
     * can be walked again, as in PyTorch.
     */
    void consume() {
        consumed |= count > 0 || extras.length > 0;
        for (int i = 0; i < count; i++) {
            Tensor t = saved[i];
            if (t != null) {
                saved[i] = null;
                t.view.buffer().unhold();
            }
        }
        count = 0;
        Arrays.fill(extras, null);
    }
}
