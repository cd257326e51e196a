package akari.tensor;

import akari.backend.Activation;
import akari.core.DType;
import akari.core.Pooling;
import akari.tensor.Graph.Node;
import akari.tensor.Graph.Value;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Proves that the sums of a plan's convolutions are finite, which lets a backend use activations that would lose a NaN
 * ({@link akari.backend.Epilogue#finite}); to look at every operand would cost what fusion saves. With m the largest magnitude of the input
 * and s the largest sum of a filter's magnitudes, no result exceeds {@code m·s + |bias|}. Where this chain of bounds leaves float32's
 * range, the operand at hand is looked at and the chain begins anew.
 */
final class Bounds {
    /** A third of float32's largest number: rounding adds less than the rest. */
    private static final double LIMIT = 1e38;

    private record Filter(double sum, double bias, Op finite) {}

    private final Map<Node, Filter> filters = new IdentityHashMap<>();

    Bounds(List<Node> nodes) {
        for (Node n : nodes) {
            if (n.op() instanceof Fusion.Fused f && isFloat(n.inputs())) {
                filters.put(n, filter(n, f));
            }
        }
    }

    private static boolean isFloat(List<Value> in) {
        return in.get(1).isConstant() && in.get(1).tensor().dtype() == DType.FLOAT32;
    }

    private static Filter filter(Node n, Fusion.Fused f) {
        Tensor w = n.inputs().get(1).tensor();
        double sum = magnitude(w.abs().reshape(w.size(0), -1).sum(1));
        double bias = f.bias() ? magnitude(n.inputs().get(2).tensor()) : 0;
        return new Filter(
                sum, bias, new Fusion.Fused(f.spec(), f.bias(), f.then().finite(true), f.reuse()));
    }

    /** The largest, NaN where there is one; in two passes that need no memory. */
    private static double magnitude(Tensor t) {
        return t.numel() == 0
                ? 0
                : Math.max(Math.abs(t.amin().item()), Math.abs(t.amax().item()));
    }

    /** What is known of the values of one run. */
    final class Run {
        private final Map<Value, Double> known = new IdentityHashMap<>();

        /** The node's operation, or the one that relies on finite sums where they are proved. */
        Op op(Node n, Tensor[] in) {
            Filter f = filters.get(n);
            if (f == null) {
                Double same = known.get(n.inputs().getFirst());
                if (same != null && isWithin(n.op())) {
                    known.put(n.output(), same);
                }
                return n.op();
            }
            Fusion.Fused op = (Fusion.Fused) n.op();
            boolean residual = op.then().accumulate();
            double sums = sums(n, in, f, residual);
            if (!(sums < LIMIT)) {
                known.remove(n.inputs().getFirst());
                known.remove(n.inputs().getLast());
                sums = sums(n, in, f, residual);
            }
            if (!(sums < LIMIT)) {
                return op;
            }
            known.put(n.output(), op.then().activation() == Activation.RELU6 ? Math.min(sums, 6) : sums);
            return f.finite;
        }

        /** Whether no result is larger than the largest magnitude of the first input. */
        private static boolean isWithin(Op op) {
            return op instanceof ConvolutionOps.MaxPool
                    || op instanceof ConvolutionOps.AveragePool(Pooling spec) && spec.divisor() == 0
                    || op instanceof ShapingOps.Reshape;
        }

        private double sums(Node n, Tensor[] in, Filter f, boolean residual) {
            double x = bound(n.inputs().getFirst(), in[0]);
            return x * f.sum + f.bias + (residual ? bound(n.inputs().getLast(), in[in.length - 1]) : 0);
        }

        private double bound(Value v, Tensor t) {
            Double have = known.get(v);
            if (have == null) {
                have = outside(t);
                known.put(v, have);
            }
            return have;
        }

        /** Looks at a tensor, without touching the memory that was planned. */
        private static double outside(Tensor t) {
            Mode mode = Mode.current();
            Plan.Arena arena = mode.arena;
            mode.arena = null;
            try {
                return magnitude(t);
            } finally {
                mode.arena = arena;
            }
        }
    }
}
