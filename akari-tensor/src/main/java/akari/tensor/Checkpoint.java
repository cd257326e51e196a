package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Memory for time: what a part of a model computes is not kept for backward but computed once more when backward gets there. The twin
 * of {@code torch.utils.checkpoint} with {@code use_reentrant=False}: gradients reach parameters and inputs alike, by
 * {@code backward} and by {@code grad}, to any order.
 *
 * {@snippet :
 * Tensor y = Checkpoint.checkpoint(block::forward, x);
 * }
 *
 * <p>The function must do the same again: the default generator is put back, so that dropout repeats, but running statistics of a
 * batch normalisation move twice. What it allocates beside its results is given back when it returns; keep nothing of it elsewhere.
 */
public final class Checkpoint {
    private Checkpoint() {}

    /** Runs {@code f}, keeping its input alone. */
    public static Tensor checkpoint(UnaryOperator<Tensor> f, Tensor input) {
        return checkpoint(in -> f.apply(in[0]), new Tensor[] {input});
    }

    /** Runs {@code f}, keeping its inputs alone. */
    public static Tensor checkpoint(Function<Tensor[], Tensor> f, Tensor... inputs) {
        return checkpointAll(true, in -> new Tensor[] {f.apply(in)}, inputs)[0];
    }

    /** @param preserveRngState false if {@code f} draws no random numbers, or other ones may be drawn the second time */
    public static Tensor[] checkpointAll(boolean preserveRngState, Function<Tensor[], Tensor[]> f, Tensor... inputs) {
        if (!Tensors.isGradEnabled()) {
            return f.apply(inputs);
        }
        Region region = new Region(f, inputs.clone(), preserveRngState);
        try (Scope scope = new Scope("checkpoint")) {
            Tensor[] out = Autograd.packing(region, () -> f.apply(inputs)).clone();
            for (Tensor t : out) {
                scope.keep(t);
            }
            region.end();
            return out;
        }
    }

    /**
     * {@code torch.utils.checkpoint.checkpoint_sequential}: the functions one after the other, in {@code segments} parts of which all
     * but the last are checkpointed.
     */
    public static Tensor checkpointSequential(
            List<? extends UnaryOperator<Tensor>> functions, int segments, Tensor input) {
        if (segments < 1 || segments > functions.size()) {
            throw new IllegalArgumentException("checkpointSequential: " + segments + " segments of " + functions.size()
                    + " functions; take 1 to " + functions.size());
        }
        int size = functions.size() / segments;
        Tensor x = input;
        for (int s = 0; s < segments - 1; s++) {
            x = checkpoint(chain(functions.subList(s * size, (s + 1) * size)), x);
        }
        return chain(functions.subList(size * (segments - 1), functions.size())).apply(x);
    }

    private static UnaryOperator<Tensor> chain(List<? extends UnaryOperator<Tensor>> functions) {
        return x -> {
            Tensor y = x;
            for (UnaryOperator<Tensor> f : functions) {
                y = f.apply(y);
            }
            return y;
        };
    }

    /** One run whose saved values are only counted, and computed when the first of them is asked for. */
    private static final class Region implements SavedTensorsHooks {
        private record Wanted(Shape shape, DType dtype) {}

        private record Value(Tensor tensor, int version) {}

        private final Function<Tensor[], Tensor[]> f;
        private final Tensor[] inputs;
        private final int[] versions;
        private final boolean preserve;
        private final long seed = Tensors.defaultGenerator().initialSeed();
        private final long offset = Tensors.defaultGenerator().offset();
        private final @Nullable Autocast autocast = Mode.current().autocast;
        private final List<Wanted> wanted = new ArrayList<>();
        private @Nullable List<@Nullable Value> values;
        private boolean running = true;
        private int dropped;

        Region(Function<Tensor[], Tensor[]> f, Tensor[] inputs, boolean preserve) {
            this.f = f;
            this.inputs = inputs;
            this.preserve = preserve;
            this.versions = new int[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                versions[i] = inputs[i].view.buffer().version();
                inputs[i].view.buffer().hold();
            }
        }

        void end() {
            running = false;
            forget();
        }

        /** With the last value nobody needs the inputs any more. */
        private void forget() {
            if (dropped == wanted.size()) {
                for (Tensor t : inputs) {
                    t.view.buffer().unhold();
                }
            }
        }

        @Override
        public Object pack(Tensor t) {
            wanted.add(new Wanted(t.shape(), t.dtype()));
            return wanted.size() - 1;
        }

        @Override
        public Tensor unpack(Object packed) {
            if (running) {
                throw new IllegalStateException(
                        "backward within a checkpointed function, through what it is just computing");
            }
            int k = (int) packed;
            List<@Nullable Value> all = values;
            if (all == null) {
                all = again();
                values = all;
            }
            Value v = all.get(k);
            if (v == null) {
                throw new AssertionError("unpacked after the graph was freed");
            }
            if (v.tensor.view.buffer().version() != v.version) {
                throw new IllegalStateException(
                        "a tensor of shape " + v.tensor.shape() + " that backward needs was changed in"
                                + " place within a checkpointed function after it was used: use the out-of-place form");
            }
            return v.tensor;
        }

        @Override
        public void drop(Object packed) {
            List<@Nullable Value> all = values;
            Value v = all == null ? null : all.set((int) packed, null);
            if (v != null) {
                v.tensor.view.buffer().unhold();
            }
            dropped++;
            forget();
        }

        /** Runs the function once more, as it ran before, and collects what its operations save. */
        private List<@Nullable Value> again() {
            Tensor[] in = new Tensor[inputs.length];
            for (int i = 0; i < in.length; i++) {
                if (inputs[i].view.buffer().version() != versions[i]) {
                    throw new IllegalStateException(
                            "input " + i + " of a checkpointed function, shape " + inputs[i].shape()
                                    + ", was changed in place before backward could run the function again: clone() it first");
                }
                in[i] = inputs[i].detach().requiresGrad_(inputs[i].requiresGrad());
            }
            Collector collector = new Collector();
            Generator generator = Tensors.defaultGenerator();
            long seedNow = generator.initialSeed();
            long offsetNow = generator.offset();
            Mode mode = Mode.current();
            Autocast autocastNow = mode.autocast;
            Autocast then = autocast == null ? null : autocast.afresh();
            mode.autocast = then;
            if (preserve) {
                generator.visit(seed, offset);
            }
            try (Scope scope = new Scope("checkpoint")) {
                Autograd.packing(collector, () -> Tensors.enableGrad(() -> f.apply(in)));
            } finally {
                mode.autocast = autocastNow;
                if (then != null) {
                    then.end();
                }
                if (preserve) {
                    generator.visit(seedNow, offsetNow);
                }
            }
            collector.check(wanted);
            return collector.values;
        }

        private static final class Collector implements SavedTensorsHooks {
            private final List<@Nullable Value> values = new ArrayList<>();

            @Override
            public Object pack(Tensor t) {
                Tensor plain = t.detach();
                plain.view.buffer().hold();
                values.add(new Value(plain, plain.view.buffer().version()));
                return values.size();
            }

            @Override
            public Tensor unpack(Object packed) {
                throw new IllegalStateException(
                        "backward within a checkpointed function, through what it is just computing");
            }

            void check(List<Wanted> wanted) {
                if (values.size() != wanted.size()) {
                    throw new IllegalStateException(
                            "a checkpointed function saved " + wanted.size() + " values for backward, and "
                                    + values.size() + " when it ran again: it must do the same each time");
                }
                for (int i = 0; i < wanted.size(); i++) {
                    Value v = values.get(i);
                    Wanted w = wanted.get(i);
                    if (v != null && (!v.tensor.shape().equals(w.shape) || v.tensor.dtype() != w.dtype)) {
                        throw new IllegalStateException("a checkpointed function computed " + w.dtype + " " + w.shape
                                + " as value " + i + " for backward, and " + v.tensor.dtype() + " " + v.tensor.shape()
                                + " when it ran again: it must do the same each time");
                    }
                }
            }
        }
    }
}
