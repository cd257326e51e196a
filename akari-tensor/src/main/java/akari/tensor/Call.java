package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One application of an operation: a node of the graph that backward walks. */
final class Call implements Node {
    private static final AtomicLong SEQUENCE = new AtomicLong();
    private static final @Nullable Object[] NOTHING = {};
    private static final @Nullable Tensor[] NONE = {};

    final Op op;
    /** Later calls have larger numbers, so walking in falling order visits every consumer before its producer. */
    final long sequence;

    private final boolean recording;
    private final Tracked tracked;
    private @Nullable Object[] saved = NOTHING; // a Tensor, or what SavedTensorsHooks made of one
    private int[] versions = {};
    private int count;
    private boolean consumed;
    private @Nullable Tensor[] extras = NONE;

    @Nullable
    Hooks hooks;

    /** Where the forward ran, if anomalies are looked for. */
    Anomaly.@Nullable Trace trace;

    /** What backward has to know of the inputs; nothing of them is kept where nothing is recorded. */
    private record Tracked(
            @Nullable Object[] edges, // Call of an intermediate, Tensor of a leaf, null where no gradient is needed
            int @Nullable [] outputs, // which result of that call; null where all are the first
            Shape[] shapes,
            DType[] types,
            int[] slots) {
        static final Tracked NOT = new Tracked(NOTHING, null, new Shape[0], new DType[0], new int[0]);

        static Tracked of(Tensor[] in) {
            int n = in.length;
            Tracked t = new Tracked(new Object[n], numbers(in), new Shape[n], new DType[n], new int[n + 1]);
            for (int i = 0; i < n; i++) {
                t.shapes[i] = in[i].shape();
                t.types[i] = in[i].dtype();
                t.edges[i] = in[i].edge();
            }
            return t;
        }

        /** The same with another first input. */
        Tracked with(Tensor first) {
            Tracked t = new Tracked(edges.clone(), null, shapes.clone(), types.clone(), new int[0]);
            t.edges[0] = first.edge();
            t.shapes[0] = first.shape();
            t.types[0] = first.dtype();
            if (outputs == null && first.outputNr() == 0) {
                return t;
            }
            int[] numbers = outputs == null ? new int[edges.length] : outputs.clone();
            numbers[0] = first.outputNr();
            return new Tracked(t.edges, numbers, t.shapes, t.types, t.slots);
        }

        private static int @Nullable [] numbers(Tensor[] in) {
            int any = 0;
            for (Tensor t : in) {
                any |= t.outputNr();
            }
            return any == 0
                    ? null
                    : Arrays.stream(in).mapToInt(Tensor::outputNr).toArray();
        }
    }

    Call(Op op, Tensor[] in, boolean recording) {
        this(op, recording, recording ? Tracked.of(in) : Tracked.NOT, recording ? SEQUENCE.incrementAndGet() : 0);
    }

    private Call(Op op, boolean recording, Tracked tracked, long sequence) {
        this.op = op;
        this.recording = recording;
        this.tracked = tracked;
        this.sequence = sequence;
    }

    /** This call for a pass that wants only some of its inputs' gradients. */
    Call only(boolean[] wanted) {
        @Nullable Object[] edges = tracked.edges.clone();
        for (int i = 0; i < edges.length; i++) {
            edges[i] = wanted[i] ? edges[i] : null;
        }
        Call c = new Call(
                op, true, new Tracked(edges, tracked.outputs, tracked.shapes, tracked.types, tracked.slots), sequence);
        c.saved = saved;
        c.versions = versions;
        c.count = count;
        c.extras = extras;
        return c;
    }

    /** {@code inner}, which changed a view in place, as a change of that view's base. */
    Call(Op op, Call inner, Tensor base) {
        this(op, true, inner.tracked.with(base), SEQUENCE.incrementAndGet());
    }

    boolean recording() {
        return recording;
    }

    int inputs() {
        return tracked.edges.length;
    }

    /** How many results can have a gradient. */
    int outputs() {
        return op instanceof MultiOp ? 1 + extras.length : 1;
    }

    /** The results of a {@link MultiOp} are their users' from here on; the graph does not keep them alive. */
    void handOver() {
        Arrays.fill(extras, null);
    }

    boolean needs(int i) {
        return i < tracked.edges.length && tracked.edges[i] != null;
    }

    @Nullable
    Object edge(int i) {
        return tracked.edges[i];
    }

    /** Which result of {@link #edge} input {@code i} is. */
    int edgeOutput(int i) {
        return tracked.outputs == null ? 0 : tracked.outputs[i];
    }

    Shape inputShape(int i) {
        return tracked.shapes[i];
    }

    DType inputType(int i) {
        return tracked.types[i];
    }

    /** Remembers under which number input {@code i} (or, for the last, the result) was saved; -1 for not at all. */
    void slot(int i, int saved) {
        if (recording) {
            tracked.slots[i] = saved;
        }
    }

    int slot(int i) {
        return tracked.slots[i];
    }

    // ---- saved values

    /** Keeps a value for backward. Returns its number for {@link #saved}. */
    int save(Tensor t) {
        if (!recording) {
            return -1;
        }
        if (t.isInference()) {
            throw new IllegalStateException(
                    "a tensor of shape " + t.shape() + " made under inferenceMode cannot be saved for the"
                            + " gradient of " + op.name() + ": clone() it outside of inferenceMode first");
        }
        if (count == saved.length) {
            saved = Arrays.copyOf(saved, 2 * count + 2);
            versions = Arrays.copyOf(versions, 2 * count + 2);
        }
        SavedTensorsHooks packing = Mode.current().packing;
        if (packing == null) {
            saved[count] = t;
            versions[count] = t.view.buffer().version();
            t.view.buffer().hold();
        } else {
            saved[count] = SavedTensorsHooks.Packed.of(packing, t);
        }
        return count++;
    }

    /** A saved value, unchanged since it was saved. */
    Tensor saved(int i) {
        Object s = saved[i];
        if (consumed || s == null) {
            throw new IllegalStateException("backward through " + op.name()
                    + " a second time: the values saved for it were freed by the first backward. Call backward(true) the"
                    + " first time, which keeps them, or run the forward again");
        }
        if (s instanceof SavedTensorsHooks.Packed packed) {
            return packed.unpack();
        }
        Tensor t = (Tensor) s;
        int now = t.view.buffer().version();
        if (now != versions[i]) {
            throw new IllegalStateException("a tensor of shape " + t.shape() + " that the gradient of " + op.name()
                    + " needs was changed in place after it was used (version " + now + ", expected " + versions[i]
                    + "): replace the in-place operation by its out-of-place form, or clone() first");
        }
        return t;
    }

    /** The results have this call as their history now. */
    void settle() {
        for (int i = 0; i < count; i++) {
            if (saved[i] instanceof SavedTensorsHooks.Packed packed) {
                packed.settle();
            }
        }
    }

    /** Further results, which carry no gradient (batch statistics, indices) unless the operation is a {@link MultiOp}. */
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
        if (op instanceof ViewChange change) {
            change.inner().begin();
        }
        if (consumed) {
            throw new IllegalStateException("backward through " + op.name()
                    + " a second time: its graph was freed by the first backward. Call backward(true) the first time,"
                    + " which keeps it, or run the forward again");
        }
    }

    /**
     * Forgets what was saved; values that nobody but the tape can see return to the pool at once. A call that saved nothing (a view)
     * can be walked again, as in PyTorch.
     */
    synchronized void consume() {
        consumed |= count > 0 || extras.length > 0 && !(op instanceof MultiOp);
        if (op instanceof ViewChange change) {
            change.inner().consume();
        }
        for (int i = 0; i < count; i++) {
            Object s = saved[i];
            saved[i] = null;
            if (s instanceof Tensor t) {
                t.view.buffer().unhold();
            } else if (s instanceof SavedTensorsHooks.Packed packed) {
                packed.drop();
            }
        }
        count = 0;
        Arrays.fill(extras, null);
    }

    // ---- as users see it

    @Override
    public String name() {
        String n = op.name().replaceAll("_$", "");
        return Character.toUpperCase(n.charAt(0)) + n.substring(1) + "Backward0";
    }

    @Override
    public List<Edge> nextFunctions() {
        List<Edge> out = new ArrayList<>();
        for (int i = 0; i < inputs(); i++) {
            out.add(
                    switch (edge(i)) {
                        case Call c -> new Edge(c, edgeOutput(i));
                        case Tensor leaf -> new Edge(leaf.accumulateGrad(), 0);
                        case null, default -> new Edge(null, 0);
                    });
        }
        return List.copyOf(out);
    }

    synchronized Hooks hooks() {
        Hooks h = hooks;
        if (h == null) {
            h = new Hooks();
            hooks = h;
        }
        return h;
    }

    @Override
    public RemovableHandle registerHook(Hook hook) {
        return hooks().after(hook);
    }

    @Override
    public RemovableHandle registerPrehook(Prehook hook) {
        return hooks().before(hook);
    }

    @Override
    public String toString() {
        return "<" + name() + ">";
    }
}
