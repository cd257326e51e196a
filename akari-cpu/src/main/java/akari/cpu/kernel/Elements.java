package akari.cpu.kernel;

import akari.backend.Kernel;
import akari.backend.ReferenceBackend;
import akari.backend.View;
import akari.core.DType;
import akari.cpu.machine.Workers;
import akari.cpu.transfer.LoopNest;
import akari.cpu.transfer.Strided;
import akari.formula.Expr;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs pointwise kernels over views of any layout and type. Dimensions are ordered as the first output lies in memory and merged where
 * all operands allow it; the innermost one is the row that a kernel runs over. Operands that are not contiguous in it, or of
 * another type, pass through a small buffer. Large calls are shared among the workers by blocks of fixed size.
 */
public final class Elements {
    /** Elements of a block that one worker takes at a time. */
    private static final int GRAIN = 1 << 15;

    private static final Expr IDENTITY = Expr.in(0);

    private final Workers workers;
    private final Kernels kernels;
    private final ReferenceBackend reference = new ReferenceBackend();
    private final ThreadLocal<OperandBuffers> stages = ThreadLocal.withInitial(OperandBuffers::new);

    Elements(Workers workers) {
        this(workers, new Kernels(false));
    }

    public Elements(Workers workers, Kernels kernels) {
        this.workers = workers;
        this.kernels = kernels;
    }

    public void run(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        int operands = outputs.length + inputs.length;
        long n = outputs[0].numel();
        if (n == 0) {
            return;
        }
        boolean integers = compute == DType.INT64;
        // 64 is the width of the operand sets below
        if (operands > 64 || integers && anyFloating(inputs)) {
            reference.pointwise(kernel, compute, scalars, outputs, inputs);
            return;
        }
        if (isIdentity(kernel) && outputs[0].dtype() == inputs[0].dtype()) {
            Strided.copy(workers, outputs[0].dtype().bytes(), inputs[0], outputs[0]);
            return;
        }
        Kernels.Entry entry = kernels.of(kernel);
        Lane lane = integers ? lane(entry, scalars, outputs, inputs) : Lane.of(compute);
        if (n <= GRAIN
                && areContiguous(outputs, lane::is)
                && areContiguous(inputs, lane::reads)
                && (!lane.isUnsigned() || areTruths(entry.program(lane), outputs))) {
            Loop loop = entry.variant(lane, 0).loop(n);
            if (loop != null) {
                long[] at = new long[operands];
                for (int v = 0; v < operands; v++) {
                    at[v] = (v < outputs.length ? outputs[v] : inputs[v - outputs.length]).address();
                }
                loop.run(at, scalars, (int) n);
                keep(outputs);
                keep(inputs);
                return;
            }
        }
        View[] views = Arrays.copyOf(outputs, operands);
        System.arraycopy(inputs, 0, views, outputs.length, inputs.length);
        general(entry, kernel, lane, scalars, outputs.length, views, n);
        keep(views);
    }

    /** The kernel for contiguous float32 rows; {@code elements} is the work for which it is wanted. */
    public Loop rows(Kernel kernel, long elements) {
        Kernels.Entry entry = kernels.of(kernel);
        Loop loop = entry.variant(Lane.FLOAT, 0).loop(elements);
        if (loop != null) {
            return loop;
        }
        int operands = kernel.outputs().size() + kernel.inputs();
        long[] stride = new long[operands];
        DType[] types = new DType[operands];
        Arrays.fill(stride, 1);
        Arrays.fill(types, DType.FLOAT32);
        return (at, scalars, n) -> entry.interpreter().run(at, stride, types, scalars, n);
    }

    private static void keep(View[] views) {
        for (View v : views) {
            Reference.reachabilityFence(v.buffer());
        }
    }

    private static boolean anyFloating(View[] views) {
        for (View v : views) {
            if (v.dtype().isFloating()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIdentity(Kernel kernel) {
        return kernel.inputs() == 1
                && kernel.outputs().size() == 1
                && kernel.outputs().getFirst().equals(IDENTITY);
    }

    /** The narrowest lanes in which integers come out right. */
    private static Lane lane(Kernels.Entry entry, double[] scalars, View[] outputs, View[] inputs) {
        Lane lane = Lane.BOOL;
        for (View v : inputs) {
            lane = widest(lane, Lane.of(v.dtype()));
        }
        for (View v : outputs) {
            // a byte is stored as it comes
            DType t = v.dtype();
            lane = widest(lane, t.bytes() == 1 ? Lane.BOOL : t.isFloating() ? Lane.LONG : Lane.of(t));
        }
        for (double s : scalars) {
            while (lane != Lane.LONG && (s < lane.low || s > lane.high)) {
                lane = lane.wider();
            }
        }
        while (!entry.program(lane).isExact()) {
            lane = lane.wider();
        }
        return lane;
    }

    private static Lane widest(Lane a, Lane b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static boolean areContiguous(View[] views, Predicate<DType> direct) {
        for (View v : views) {
            if (!direct.test(v.dtype()) || !v.layout().isContiguous()) {
                return false;
            }
        }
        return true;
    }

    private static boolean areTruths(Program p, View[] outputs) {
        for (int i = 0; i < p.outputs(); i++) {
            if (outputs[i].dtype() == DType.BOOL && !p.isTruth(i)) {
                return false;
            }
        }
        return true;
    }

    private void general(
            Kernels.Entry entry, Kernel kernel, Lane lane, double[] scalars, int outputs, View[] views, long n) {
        LoopNest nest = new LoopNest(views);
        Program program = entry.program(lane);
        long broadcast = 0;
        long staged = 0;
        for (int v = 0; v < views.length; v++) {
            DType t = views[v].dtype();
            boolean same = v >= outputs ? lane.reads(t) : lane.is(t) && (t != DType.BOOL || program.isTruth(v));
            if (same && nest.stride[v] == 0 && v >= outputs) {
                broadcast |= 1L << v - outputs;
            } else if (!same || nest.stride[v] != 1) {
                staged |= 1L << v;
            }
        }
        // a conversion has no steps to compile: it passes through arrays alone
        boolean converts = isIdentity(kernel) && lane != Lane.DOUBLE;
        Loop loop = converts ? null : entry.variant(lane, broadcast).loop(n);
        if (lane == Lane.DOUBLE && loop == null) {
            reference.pointwise(
                    kernel,
                    DType.FLOAT64,
                    scalars,
                    Arrays.copyOf(views, outputs),
                    Arrays.copyOfRange(views, outputs, views.length));
            return;
        }
        nest.cut(staged != 0 ? OperandBuffers.SIZE : GRAIN, staged != 0);
        DType[] types = new DType[views.length];
        Arrays.setAll(types, v -> views[v].dtype());
        Job job = new Job(entry, loop, lane, nest, types, staged, scalars, outputs);
        long perTask = Math.max(1, GRAIN / nest.piece());
        int tasks = Math.toIntExact(Math.ceilDiv(nest.items(), perTask));
        if (n * (views.length + program.nodes().size()) < 1 << 19) {
            job.run(0, nest.items());
        } else {
            workers.run(tasks, t -> job.run(t * perTask, Math.min((t + 1) * perTask, nest.items())));
        }
    }

    /** One call; {@code staged} has a bit for every operand that passes through a buffer. */
    private final class Job {
        private final Kernels.Entry entry;
        private final @Nullable Loop loop;
        private final Lane lane;
        private final LoopNest nest;
        private final DType[] types;
        private final long staged;
        private final double[] scalars;
        private final int outputs;

        Job(
                Kernels.Entry entry,
                @Nullable Loop loop,
                Lane lane,
                LoopNest nest,
                DType[] types,
                long staged,
                double[] scalars,
                int outputs) {
            this.entry = entry;
            this.loop = loop;
            this.lane = lane;
            this.nest = nest;
            this.types = types;
            this.staged = staged;
            this.scalars = scalars;
            this.outputs = outputs;
        }

        void run(long from, long to) {
            LoopNest.Cursor c = nest.cursor(from);
            for (long item = from; item < to; item++) {
                if (loop == null && !lane.isFloating()) {
                    entry.integers().run(c.at, nest.stride, types, scalars, c.length());
                } else if (loop == null) {
                    entry.interpreter().run(c.at, nest.stride, types, scalars, c.length());
                } else if (staged == 0) {
                    loop.run(c.at, scalars, c.length());
                } else {
                    stages.get().run(loop, lane, outputs, staged, types, c.at, nest.stride, scalars, c.length());
                }
                c.next();
            }
        }
    }
}
