package akari.tensor;

import akari.backend.Backend;
import akari.backend.Buffer;
import akari.tensor.Graph.Node;
import akari.tensor.Graph.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A graph made fast for inference: fewer operations ({@link Fusion}), and all intermediate memory laid out in one block beforehand.
 * A run allocates nothing but its result.
 *
 * <p>The layout comes from a trial run that notes which operation asks for how much memory and which one reads it last; a run then
 * serves the same requests, in the same order, from the block. One run at a time.
 */
public final class Plan {
    private final Graph graph;
    private final List<Node> nodes;
    private final Tensor example;
    private final Buffer block;
    private final long[] offsets;
    private final long[] sizes;
    private final Bounds bounds;

    /** Plans {@code graph}, captured with an input like {@code example}. */
    public Plan(Graph graph, Tensor example) {
        this.graph = Fusion.fuse(graph);
        this.example = example.detach();
        Trial first = new Trial(this.graph.nodes());
        this.nodes = first.reusing();
        this.bounds = new Bounds(nodes);
        Trial trial = new Trial(nodes);
        this.offsets = new long[trial.requests.size()];
        this.sizes = trial.requests.stream().mapToLong(r -> r.bytes).toArray();
        this.block = example.backend().allocate(place(trial.requests, offsets));
        trial.release();
        first.release();
    }

    /** Whether {@link #run} takes {@code x}: of the example's shape, type and device. */
    public boolean accepts(Tensor x) {
        return x.shape().equals(example.shape()) && x.dtype() == example.dtype() && x.backend() == example.backend();
    }

    /** Bytes of the block. */
    public long bytes() {
        return block.bytes();
    }

    /** The function's result for {@code x}, without a gradient. */
    public synchronized Tensor run(Tensor x) {
        if (!accepts(x)) {
            throw new IllegalArgumentException("this plan was made for an input " + example.dtype() + " "
                    + example.shape() + " on " + example.device() + ", got " + x.dtype() + " " + x.shape() + " on "
                    + x.device());
        }
        Mode mode = Mode.current();
        if (mode.arena != null) {
            throw new IllegalStateException("a plan cannot run within another one");
        }
        return Tensors.noGrad(() -> {
            Serving serving = new Serving();
            mode.arena = serving;
            try {
                Tensor out = execute(nodes, x.detach(), null, bounds.new Run());
                mode.arena = null;
                return out.clone();
            } finally {
                mode.arena = null;
                serving.end();
            }
        });
    }

    @Override
    public String toString() {
        return graph.toString();
    }

    private interface Step {
        void next(int node, Tensor[] in);
    }

    private Tensor execute(List<Node> all, Tensor x, @Nullable Step step, Bounds.@Nullable Run proofs) {
        Map<Value, Tensor> values = new IdentityHashMap<>();
        // the example's memory order: the nodes' requests depend on it
        values.put(graph.input(), x.view.layout().equals(example.view.layout()) ? x : ordered(x));
        for (int i = 0; i < all.size(); i++) {
            Node n = all.get(i);
            Tensor[] in = new Tensor[n.inputs().size()];
            for (int j = 0; j < in.length; j++) {
                in[j] = get(values, n.inputs().get(j));
            }
            if (step != null) {
                step.next(i, in);
            }
            Op op = proofs == null ? n.op() : proofs.op(n, in);
            Call call = new Call(op, in, false);
            values.put(n.output(), op.forward(call, in));
            for (int j = 1; j < n.outputs().size(); j++) {
                values.put(n.outputs().get(j), call.extra(j - 1));
            }
        }
        if (step != null) {
            step.next(all.size(), new Tensor[] {get(values, graph.output())});
        }
        return get(values, graph.output());
    }

    private static Tensor get(Map<Value, Tensor> values, Value v) {
        Tensor t = values.get(v);
        return t == null ? v.tensor() : t;
    }

    /** Not through the arena: inputs of another memory order are rare. */
    private Tensor ordered(Tensor x) {
        Mode mode = Mode.current();
        Arena arena = mode.arena;
        mode.arena = null;
        try {
            return Tensor.allocate(x.backend(), x.dtype(), example.view.layout().like(x.shape()))
                    .copy_(x);
        } finally {
            mode.arena = arena;
        }
    }

    // ---- memory

    /** Where {@link Tensor#allocate} gets its memory from while a plan runs. */
    interface Arena {
        Buffer take(Backend backend, long bytes);
    }

    /** A request of the trial run: from node {@code birth} to node {@code death}. */
    private static final class Request {
        final long bytes;
        final int birth;
        int death;

        Request(long bytes, int birth) {
            this.bytes = bytes;
            this.birth = birth;
            this.death = birth;
        }
    }

    /** Runs the nodes in memory of their own and notes what they ask for. */
    private final class Trial implements Arena {
        final List<Request> requests = new ArrayList<>();
        private final List<Node> all;
        private final Map<Buffer, Request> live = new IdentityHashMap<>();
        private final List<Tensor[]> inputs = new ArrayList<>();
        private int now;

        Trial(List<Node> all) {
            this.all = all;
            Mode mode = Mode.current();
            Tensors.noGrad(() -> {
                mode.arena = this;
                try {
                    return execute(all, example, this::next, null);
                } finally {
                    mode.arena = null;
                }
            });
        }

        private void next(int node, Tensor[] in) {
            now = node;
            inputs.add(in);
            for (Tensor t : in) {
                Request r = live.get(t.view.buffer());
                if (r != null) {
                    r.death = node;
                }
            }
        }

        @Override
        public Buffer take(Backend backend, long bytes) {
            Buffer b = backend.allocate(bytes);
            Request r = new Request(bytes, now);
            requests.add(r);
            live.put(b, r);
            return b;
        }

        /** The nodes, with convolutions writing over residuals that nobody reads after them. */
        List<Node> reusing() {
            List<Node> out = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                Node n = all.get(i);
                if (n.op() instanceof Fusion.Fused f && f.then().accumulate()) {
                    Tensor residual = inputs.get(i)[inputs.get(i).length - 1];
                    Request r = live.get(residual.view.buffer());
                    boolean own = r != null
                            && r.death == i
                            && residual.view.layout().isChannelsLast()
                                    == residual.backend().prefersChannelsLast()
                            && inputs.get(i)[0].view.buffer() != residual.view.buffer();
                    out.add(new Node(
                            new Fusion.Fused(f.spec(), f.bias(), f.then(), own), n.inputs(), n.outputs(), n.where()));
                } else {
                    out.add(n);
                }
            }
            return out;
        }

        void release() {
            live.keySet().forEach(b -> b.release("planning"));
        }
    }

    /** Gives each request its place, the largest first, at the lowest address that is free all its life. Returns the block's size. */
    private static long place(List<Request> requests, long[] offsets) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < offsets.length; i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingLong((Integer i) -> -requests.get(i).bytes));
        List<Integer> placed = new ArrayList<>();
        long size = 0;
        for (int i : order) {
            Request r = requests.get(i);
            long at = 0;
            for (int j : placed) { // by rising offset
                Request other = requests.get(j);
                boolean together = r.birth <= other.death && other.birth <= r.death;
                if (together && at + r.bytes > offsets[j]) {
                    at = Math.max(at, offsets[j] + other.bytes + 63 & -64);
                }
            }
            offsets[i] = at;
            size = Math.max(size, at + r.bytes);
            placed.add(i);
            placed.sort(Comparator.comparingLong(j -> offsets[j]));
        }
        return size;
    }

    /** Serves a run's requests in the order of the trial. What it served is void afterwards: the next run writes there. */
    private final class Serving implements Arena {
        private final Slice[] slices = new Slice[offsets.length];
        private int next;

        @Override
        public Buffer take(Backend backend, long bytes) {
            if (next == offsets.length || bytes != sizes[next]) {
                throw new IllegalStateException("a plan's operation wants " + bytes + " bytes of memory, unlike when it"
                        + " was planned: a constant of the graph has become another type or shape; plan again");
            }
            Slice s = new Slice(block, offsets[next], bytes);
            slices[next++] = s;
            return s;
        }

        void end() {
            for (int i = 0; i < next; i++) {
                slices[i].release("the end of a plan's run");
            }
        }
    }

    private static final class Slice extends Buffer {
        /** Lives as long as any of its slices. */
        @SuppressWarnings("unused")
        private final Buffer block;

        Slice(Buffer block, long offset, long bytes) {
            super(block.address() + offset, bytes);
            this.block = block;
        }

        @Override
        protected void free() {
            // the block is the plan's
        }
    }
}
