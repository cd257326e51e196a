package akari.tensor;

import akari.backend.Buffer;
import akari.core.DType;
import akari.core.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A function of one tensor as the operations that one run of it performed, in order. What does not depend on the input is a constant;
 * branches and loops are as that run took them, so a graph holds for inputs of the same shape and type.
 */
public final class Graph {
    /** A tensor of the graph: the input, a constant, or what a node computed. */
    static final class Value {
        private final int id;
        private final Shape shape;
        private final DType dtype;

        /** A constant's; what depends on the input is not kept alive. */
        private final @Nullable Tensor tensor;

        private @Nullable String name;

        Value(int id, boolean constant, Tensor sample) {
            this.id = id;
            this.shape = sample.shape();
            this.dtype = sample.dtype();
            this.tensor = constant ? sample : null;
        }

        /** Whether it is the same for every input: a parameter, or computed from parameters alone. */
        boolean isConstant() {
            return tensor != null;
        }

        Shape shape() {
            return shape;
        }

        DType dtype() {
            return dtype;
        }

        /** A constant's tensor. */
        Tensor tensor() {
            if (tensor == null) {
                throw new IllegalStateException(this + " depends on the input");
            }
            return tensor;
        }

        @Override
        public String toString() {
            return name != null ? name : (tensor != null ? "c" : "%") + id;
        }
    }

    /**
     * One operation.
     *
     * @param outputs its result, then those without a gradient, as indices
     * @param where the module in which it ran
     */
    record Node(Op op, List<Value> inputs, List<Value> outputs, String where) {
        Value output() {
            return outputs.getFirst();
        }

        @Override
        public String toString() {
            return output() + " = " + op.name()
                    + inputs.stream().map(Value::toString).collect(Collectors.joining(", ", "(", ")"))
                    + "  " + output().dtype() + " " + output().shape() + (where.isEmpty() ? "" : "  # " + where);
        }
    }

    private final Value input;
    private final Value output;
    private final List<Node> nodes;

    Graph(Value input, Value output, List<Node> nodes) {
        this.input = input;
        this.output = output;
        this.nodes = List.copyOf(nodes);
    }

    /**
     * Runs {@code f} once, without gradients, and writes down what it does. Fails where a graph could not repeat it: where it reads a
     * value that depends on the input to the host, draws random numbers, or changes a tensor in place that it did not make.
     */
    public static Graph capture(UnaryOperator<Tensor> f, Tensor example) {
        return capture(f, example, () -> "");
    }

    /** @param where names the part of {@code f} that is running, for people */
    public static Graph capture(UnaryOperator<Tensor> f, Tensor example, Supplier<String> where) {
        Mode mode = Mode.current();
        if (mode.recorder != null) {
            throw new IllegalStateException("a graph is being captured already on this thread");
        }
        Recorder r = new Recorder(example, where);
        return Tensors.noGrad(() -> {
            mode.recorder = r;
            try {
                return r.end(f.apply(example));
            } finally {
                mode.recorder = null;
            }
        });
    }

    /** Whether this thread is capturing a graph: code that would look at values must do without then. */
    public static boolean isCapturing() {
        return Mode.current().recorder != null;
    }

    Value input() {
        return input;
    }

    Value output() {
        return output;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** Names constants in {@link #toString}: parameters by their keys. */
    public void name(Map<String, Tensor> names) {
        for (Node n : nodes) {
            for (Value v : n.inputs) {
                names.forEach((name, t) -> {
                    if (v.tensor == t) {
                        v.name = name;
                    }
                });
            }
        }
    }

    /** A line for each operation. */
    @Override
    public String toString() {
        return nodes.stream().map(Node::toString).collect(Collectors.joining("\n")) + "\nreturn " + output;
    }

    // ---- capturing

    static final class Recorder {
        private final Supplier<String> where;
        private final Map<Tensor, Value> values = new IdentityHashMap<>();
        private final Map<Buffer, List<Tensor>> byBuffer = new IdentityHashMap<>();
        private final Set<Buffer> variable = Collections.newSetFromMap(new IdentityHashMap<>());
        private final List<Node> nodes = new ArrayList<>();
        private final Value input;
        private int count;

        private Recorder(Tensor example, Supplier<String> where) {
            this.where = where;
            this.input = put(example, false);
        }

        private Value put(Tensor t, boolean constant) {
            Value v = new Value(count++, constant, t);
            bind(t, v);
            if (!constant) {
                variable.add(t.view.buffer());
            }
            return v;
        }

        private void bind(Tensor t, Value v) {
            values.put(t, v);
            byBuffer.computeIfAbsent(t.view.buffer(), _ -> new ArrayList<>()).add(t);
        }

        private Value value(Tensor t) {
            Value v = values.get(t);
            if (v != null) {
                return v;
            }
            if (variable.contains(t.view.buffer())) {
                throw stuck("uses a tensor of shape " + t.shape()
                        + " that shares memory with an intermediate result but was not"
                        + " computed from it by an operation, or before that was changed in place");
            }
            return put(t, true);
        }

        void record(Call call, Tensor[] in, Tensor out) {
            List<Value> inputs = new ArrayList<>();
            boolean constant = true;
            for (Tensor t : in) {
                Value v = value(t);
                inputs.add(v);
                constant &= v.isConstant();
            }
            List<Tensor> results = new ArrayList<>(List.of(out));
            for (Tensor t : call.extras()) {
                if (t != null) {
                    results.add(t);
                }
            }
            Op op = call.op;
            if (op instanceof Elementwise.InPlace inPlace) {
                op = inPlace.op();
                replace(inPlace, out, inputs, constant);
                return;
            }
            List<Value> outputs = new ArrayList<>();
            for (Tensor t : results) {
                outputs.add(put(t, constant));
                if (constant) {
                    Scope.free(t.view.buffer());
                }
            }
            if (!constant) {
                nodes.add(new Node(op, List.copyOf(inputs), List.copyOf(outputs), where.get()));
            }
        }

        /** An in-place operation makes a new value, under which the tensor, and others that see just the same, go on. */
        private void replace(Elementwise.InPlace op, Tensor t, List<Value> inputs, boolean constant) {
            Buffer b = t.view.buffer();
            boolean whole = t.numel() * t.dtype().bytes() == b.bytes();
            if (constant || inputs.getFirst() == input || !variable.contains(b) || !whole) {
                throw stuck("changes a tensor of shape " + t.shape() + " in place by " + op.name()
                        + (whole ? " that it did not compute from its input" : ", only a part of its memory"));
            }
            Value v = new Value(count++, false, t);
            for (Tensor other : List.copyOf(byBuffer.getOrDefault(b, List.of()))) {
                boolean same = other.view.layout().equals(t.view.layout());
                values.remove(other);
                if (same) {
                    values.put(other, v);
                }
            }
            values.put(t, v);
            nodes.add(new Node(op.op(), List.copyOf(inputs), List.of(v), where.get()));
        }

        void alias(Tensor t, Tensor of) {
            bind(t, value(of));
        }

        void read(Tensor t) {
            Value v = values.get(t);
            if (v != null ? !v.isConstant() : variable.contains(t.view.buffer())) {
                throw stuck("reads a value of shape " + t.shape() + " that depends on its input");
            }
        }

        void draw() {
            throw stuck("draws random numbers");
        }

        private IllegalStateException stuck(String what) {
            String at = where.get();
            return new IllegalStateException("cannot capture a graph: " + (at.isEmpty() ? "the function" : at) + " "
                    + what + ", which a graph could not repeat for other inputs. Call the module itself instead");
        }

        private Graph end(Tensor result) {
            return new Graph(input, value(result), nodes);
        }
    }
}
