package akari.tensor;

import akari.backend.Activation;
import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.core.Convolution;
import akari.core.Shape;
import akari.formula.Expr;
import akari.formula.Formula;
import akari.formula.Pointwise;
import akari.tensor.Graph.Node;
import akari.tensor.Graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes fewer and cheaper operations of a graph, for inference. What scales and shifts the channels of a convolution (batch
 * normalisation in evaluation, a bias) is folded into its weights, in double and rounded once; a residual sum and an activation that
 * follow become its {@link Epilogue}; chains of pointwise operations become one. What nobody reads goes.
 */
final class Fusion {
    private final Graph graph;
    private final Map<Value, Integer> readers = new IdentityHashMap<>();
    private final Map<Value, Pending> pending = new LinkedHashMap<>();
    private final List<Node> out = new ArrayList<>();
    private int constants;

    private Fusion(Graph graph) {
        this.graph = graph;
    }

    static Graph fuse(Graph graph) {
        Graph live = withoutDeadCode(graph);
        return new Fusion(new Fusion(live).convolutions()).chains();
    }

    private static Graph withoutDeadCode(Graph g) {
        Map<Value, Boolean> wanted = new IdentityHashMap<>();
        wanted.put(g.output(), true);
        List<Node> kept = new ArrayList<>();
        for (Node n : g.nodes().reversed()) {
            if (n.outputs().stream().anyMatch(wanted::containsKey)) {
                kept.addFirst(n);
                n.inputs().forEach(v -> wanted.put(v, true));
            }
        }
        return new Graph(g.input(), g.output(), kept);
    }

    private void countReaders() {
        for (Node n : graph.nodes()) {
            n.inputs().forEach(v -> readers.merge(v, 1, Integer::sum));
        }
        readers.merge(graph.output(), 1, Integer::sum);
    }

    private boolean once(Value v) {
        return readers.getOrDefault(v, 0) == 1;
    }

    // ---- convolutions

    /** A convolution that may still take in what follows it. */
    private static final class Pending {
        final Node node;
        final Convolution spec;
        final double[] scale;
        final double[] shift;
        boolean changed;

        @Nullable
        Value residual;

        Activation activation = Activation.IDENTITY;

        Pending(Node node, Convolution spec) {
            this.node = node;
            this.spec = spec;
            int channels = Math.toIntExact(node.inputs().get(1).shape().get(0));
            scale = new double[channels];
            Arrays.fill(scale, 1);
            shift = node.inputs().size() > 2 ? node.inputs().get(2).tensor().toDoubles() : new double[channels];
        }
    }

    private Graph convolutions() {
        countReaders();
        for (Node n : graph.nodes()) {
            if (n.op() instanceof ConvolutionOps.Conv(Convolution spec)
                    && n.inputs().stream().skip(1).allMatch(Value::isConstant)
                    && once(n.output())) {
                close(n.inputs().getFirst());
                pending.put(n.output(), new Pending(n, spec));
            } else if (!(n.op() instanceof Elementwise e && absorbed(n, e))) {
                n.inputs().forEach(this::close);
                out.add(n);
            }
        }
        for (Value v : List.copyOf(pending.keySet())) {
            close(v);
        }
        return new Graph(graph.input(), graph.output(), out);
    }

    /** Whether a pending convolution took the operation in. */
    private boolean absorbed(Node n, Elementwise e) {
        Value a = n.inputs().getFirst();
        Pending p = pending.get(a);
        Pointwise f = e.formula();
        if (n.inputs().size() == 1 && p != null) {
            for (Activation act : Activation.values()) {
                if (act.formula() == f && act != Activation.IDENTITY) {
                    p.activation = act;
                    pending.remove(a);
                    emit(p, n.output());
                    return true;
                }
            }
            double s = e.scalars().length == 1 ? e.scalars()[0] : 0;
            return f == ArithmeticFormulas.MUL_SCALAR && affine(p, a, n, null, s, 0)
                    || f == ArithmeticFormulas.DIV_SCALAR && affine(p, a, n, null, 1 / s, 0)
                    || f == ArithmeticFormulas.ADD_SCALAR && affine(p, a, n, null, 1, s)
                    || f == ArithmeticFormulas.SUB_SCALAR && affine(p, a, n, null, 1, -s);
        }
        if (n.inputs().size() != 2) {
            return false;
        }
        Value b = n.inputs().get(1);
        if (f == ArithmeticFormulas.ADD && !a.isConstant() && !b.isConstant()) {
            return residual(n, a, b) || residual(n, b, a);
        }
        if (p == null && pending.get(b) != null && (f == ArithmeticFormulas.ADD || f == ArithmeticFormulas.MUL)) {
            p = pending.get(b);
            Value swap = a;
            a = b;
            b = swap;
        }
        if (p == null || !b.isConstant()) {
            return false;
        }
        double[] c = perChannel(b, p.scale.length, n.output().shape());
        return c != null
                && (f == ArithmeticFormulas.MUL && affine(p, a, n, c, 1, 0)
                        || f == ArithmeticFormulas.ADD && affine(p, a, n, c, 0, 1)
                        || f == ArithmeticFormulas.SUB && affine(p, a, n, c, 0, -1));
    }

    /** Without {@code c}: times {@code factor}, plus {@code sum}. With it: times c where factor is not 0, plus sum·c. */
    private boolean affine(Pending p, Value a, Node n, double @Nullable [] c, double factor, double sum) {
        if (p.residual != null || !n.output().shape().equals(a.shape())) {
            return false;
        }
        for (int i = 0; i < p.scale.length; i++) {
            double times = c == null ? factor : factor == 0 ? 1 : c[i];
            double plus = c == null ? sum : sum * c[i];
            p.scale[i] *= times;
            p.shift[i] = p.shift[i] * times + plus;
        }
        p.changed = true;
        pending.remove(a);
        if (once(n.output())) {
            pending.put(n.output(), p);
        } else {
            emit(p, n.output());
        }
        return true;
    }

    private boolean residual(Node n, Value a, Value b) {
        Pending p = pending.get(a);
        if (p == null || p.residual != null || a == b || !a.shape().equals(b.shape()) || a.dtype() != b.dtype()) {
            return false;
        }
        close(b);
        p.residual = b;
        pending.remove(a);
        if (once(n.output())) {
            pending.put(n.output(), p);
        } else {
            emit(p, n.output());
        }
        return true;
    }

    /** The constant's value for each channel, if it is {@code [C, 1, …]}, {@code [1, C, 1, …]} or a single number. */
    private static double @Nullable [] perChannel(Value constant, int channels, Shape result) {
        Shape s = constant.shape();
        if (s.rank() > result.rank()) {
            return null;
        }
        for (int d = 0; d < s.rank(); d++) {
            int at = d + result.rank() - s.rank();
            if (s.get(d) != 1 && at != 1) {
                return null;
            }
        }
        double[] v = constant.tensor().toDoubles();
        if (v.length == 1) {
            double[] all = new double[channels];
            Arrays.fill(all, v[0]);
            return all;
        }
        return v;
    }

    private void close(Value v) {
        Pending p = pending.remove(v);
        if (p != null) {
            emit(p, v);
        }
    }

    private void emit(Pending p, Value result) {
        List<Value> in = new ArrayList<>(p.node.inputs().subList(0, 1));
        Tensor w = p.node.inputs().get(1).tensor();
        if (!p.changed) {
            in.addAll(p.node.inputs().subList(1, p.node.inputs().size()));
        } else {
            double[] values = w.toDoubles();
            int each = values.length / p.scale.length;
            for (int i = 0; i < values.length; i++) {
                values[i] *= p.scale[i / each];
            }
            in.add(constant(Tensors.of(w.dtype(), values, w.shape())));
            in.add(constant(Tensors.of(w.dtype(), p.shift, Shape.of(p.shift.length))));
        }
        boolean bias = in.size() > 2;
        if (p.residual != null) {
            in.add(p.residual);
        }
        Op op = new Fused(p.spec, bias, new Epilogue(p.activation, p.residual != null), false);
        out.add(new Node(op, List.copyOf(in), List.of(result), p.node.where()));
    }

    private Value constant(Tensor t) {
        Scope.free(t.view.buffer());
        return new Value(--constants, true, t);
    }

    /**
     * A convolution with what follows it. Inputs: x, weight, perhaps a bias, and with an epilogue that accumulates the residual.
     *
     * @param reuse write over the residual, which nothing reads any more
     */
    record Fused(Convolution spec, boolean bias, Epilogue then, boolean reuse) implements Op {
        @Override
        public String name() {
            return "conv" + (then.accumulate() ? "_add" : "")
                    + (then.activation() == Activation.IDENTITY
                            ? ""
                            : "_" + then.activation().formula().name());
        }

        @Override
        public Tensor forward(Call call, Tensor[] in) {
            Tensor x = in[0];
            Shape shape = spec.outputShape(x.shape(), in[1].shape());
            Layout layout = x.backend().prefersChannelsLast() ? Layout.channelsLast(shape) : Layout.contiguous(shape);
            Tensor out;
            if (then.accumulate()) {
                Tensor residual = in[in.length - 1];
                out = reuse
                        ? residual
                        : Tensor.allocate(x.backend(), x.dtype(), layout).copy_(residual);
            } else {
                out = Tensor.allocate(x.backend(), x.dtype(), layout);
            }
            x.backend().convolution(spec, x.view, in[1].view, bias ? in[2].view : null, then, out.view);
            return out;
        }

        @Override
        public @Nullable Tensor[] backward(Call call, Tensor g) {
            throw new UnsupportedOperationException("a plan is for inference: it has no gradients");
        }
    }

    // ---- chains of pointwise operations

    private Graph chains() {
        countReaders();
        Map<Value, Node> made = new IdentityHashMap<>();
        for (Node n : graph.nodes()) {
            Node whole = n;
            if (n.op() instanceof Elementwise) {
                for (Node joined = join(whole, made); joined != null; joined = join(whole, made)) {
                    whole = joined;
                }
                made.put(whole.output(), whole);
            }
            out.add(whole);
        }
        return withoutDeadCode(new Graph(graph.input(), graph.output(), out));
    }

    /** {@code n} with one of its inputs' operations written into its formula; null where there is none to join. */
    private @Nullable Node join(Node n, Map<Value, Node> made) {
        Elementwise f = (Elementwise) n.op();
        for (int i = 0; i < n.inputs().size(); i++) {
            Value v = n.inputs().get(i);
            Node before = made.get(v);
            if (before == null
                    || !once(v)
                    || !(before.op() instanceof Elementwise g)
                    || g.result() != f.compute()
                    || g.compute() != f.compute()
                    || !v.shape().equals(n.output().shape())) {
                continue;
            }
            int at = i;
            int inputs = n.inputs().size();
            int scalars = f.scalars().length;
            Expr inner = Formula.replace(g.formula().value(), e -> switch (e) {
                case Expr.In(int j) -> Expr.in(j + inputs);
                case Expr.Scalar(int j) -> Expr.scalar(j + scalars);
                default -> e;
            });
            Expr whole = Formula.replace(f.formula().value(), e -> e.equals(Expr.in(at)) ? inner : e);
            // input `at` is read no more: the last one takes its number
            List<Value> in = new ArrayList<>(n.inputs());
            in.addAll(before.inputs());
            int last = in.size() - 1;
            Expr packed = Formula.replace(whole, e -> e.equals(Expr.in(last)) ? Expr.in(at) : e);
            in.set(at, in.getLast());
            in.removeLast();
            double[] all = Arrays.copyOf(f.scalars(), scalars + g.scalars().length);
            System.arraycopy(g.scalars(), 0, all, scalars, g.scalars().length);
            Pointwise joined =
                    Pointwise.of(g.formula().name() + "_" + f.formula().name(), in.size(), all.length, packed);
            Elementwise op = new Elementwise(joined, all, f.result(), f.compute());
            return new Node(op, List.copyOf(in), n.outputs(), n.where());
        }
        return null;
    }
}
