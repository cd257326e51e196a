package akari.cpu;

import akari.backend.DType;
import akari.backend.Kernel;
import akari.backend.ReferenceBackend;
import akari.backend.View;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Runs pointwise kernels over views of any layout and type. Dimensions are ordered as the first output lies in memory and merged where
 * all operands allow it; the innermost one is the row that a kernel runs over. Operands that are not contiguous in it, or of
 * another type, pass through a small buffer. Large calls are shared among the workers by blocks of fixed size.
 */
final class Elements {
    /** Elements of a block that one worker takes at a time. */
    private static final int GRAIN = 1 << 15;

    /** Elements of a row that pass through buffers at a time. */
    private static final int STAGE = 512;

    private final Workers workers;
    private final Kernels kernels;
    private final ReferenceBackend reference = new ReferenceBackend();
    private final ThreadLocal<Stage> stages = ThreadLocal.withInitial(Stage::new);

    Elements(Workers workers) {
        this(workers, new Kernels(false));
    }

    Elements(Workers workers, Kernels kernels) {
        this.workers = workers;
        this.kernels = kernels;
    }

    void run(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        int operands = outputs.length + inputs.length;
        long n = outputs[0].numel();
        if (n == 0) {
            return;
        }
        // 64 is the width of the operand sets below
        if (compute == DType.INT64 || operands > 64) {
            reference.pointwise(kernel, compute, scalars, outputs, inputs);
            return;
        }
        Kernels.Entry entry = kernels.of(kernel);
        if (n <= GRAIN && areContiguous(outputs, compute) && areContiguous(inputs, compute)) {
            Loop loop = entry.variant(compute == DType.FLOAT64, 0).loop(n);
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
        general(entry, kernel, compute, scalars, outputs.length, views, n);
        keep(views);
    }

    /** The kernel for contiguous float32 rows; {@code elements} is the work for which it is wanted. */
    Loop rows(Kernel kernel, long elements) {
        Kernels.Entry entry = kernels.of(kernel);
        Loop loop = entry.variant(false, 0).loop(elements);
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

    private static boolean areContiguous(View[] views, DType type) {
        for (View v : views) {
            if (v.dtype() != type || !v.layout().isContiguous()) {
                return false;
            }
        }
        return true;
    }

    private void general(
            Kernels.Entry entry, Kernel kernel, DType compute, double[] scalars, int outputs, View[] views, long n) {
        Nest nest = new Nest(views);
        long broadcast = 0;
        long staged = 0;
        for (int v = 0; v < views.length; v++) {
            boolean same = views[v].dtype() == compute;
            if (same && nest.stride[v] == 0 && v >= outputs) {
                broadcast |= 1L << v - outputs;
            } else if (!same || nest.stride[v] != 1) {
                staged |= 1L << v;
            }
        }
        boolean wide = compute == DType.FLOAT64;
        Loop loop = wide && staged != 0 ? null : entry.variant(wide, broadcast).loop(n);
        if (wide && loop == null) {
            reference.pointwise(
                    kernel,
                    compute,
                    scalars,
                    Arrays.copyOf(views, outputs),
                    Arrays.copyOfRange(views, outputs, views.length));
            return;
        }
        nest.cut(staged != 0 ? STAGE : GRAIN, staged != 0);
        DType[] types = new DType[views.length];
        Arrays.setAll(types, v -> views[v].dtype());
        Job job = new Job(entry, loop, nest, types, staged, scalars, outputs);
        long perTask = Math.max(1, GRAIN / nest.piece());
        int tasks = Math.toIntExact(Math.ceilDiv(nest.items(), perTask));
        if (n * (views.length + entry.program(wide).nodes().size()) < 1 << 19) {
            job.run(0, nest.items());
        } else {
            workers.run(tasks, t -> job.run(t * perTask, Math.min((t + 1) * perTask, nest.items())));
        }
    }

    /** One call; {@code staged} has a bit for every operand that passes through a buffer. */
    private final class Job {
        private final Kernels.Entry entry;
        private final @Nullable Loop loop;
        private final Nest nest;
        private final DType[] types;
        private final long staged;
        private final double[] scalars;
        private final int outputs;

        Job(
                Kernels.Entry entry,
                @Nullable Loop loop,
                Nest nest,
                DType[] types,
                long staged,
                double[] scalars,
                int outputs) {
            this.entry = entry;
            this.loop = loop;
            this.nest = nest;
            this.types = types;
            this.staged = staged;
            this.scalars = scalars;
            this.outputs = outputs;
        }

        void run(long from, long to) {
            Nest.Cursor c = nest.cursor(from);
            for (long item = from; item < to; item++) {
                if (loop == null) {
                    entry.interpreter().run(c.at, nest.stride, types, scalars, c.length());
                } else if (staged == 0) {
                    loop.run(c.at, scalars, c.length());
                } else {
                    stages.get().run(loop, c, this);
                }
                c.next();
            }
        }
    }

    /** A thread's buffers for operands that are not as the compiled kernel wants them. */
    private static final class Stage {
        private final float[] row = new float[STAGE];
        private MemorySegment memory = MemorySegment.NULL;
        private long[] at = {};

        void run(Loop loop, Nest.Cursor c, Job job) {
            int operands = job.types.length;
            if (at.length != operands) {
                if (memory.byteSize() < operands * STAGE * 4L) {
                    memory = Arena.ofAuto().allocate(operands * STAGE * 4L, 64);
                }
                at = new long[operands];
            }
            int n = c.length();
            for (int v = 0; v < operands; v++) {
                at[v] = c.at[v];
                if ((job.staged >> v & 1) != 0) {
                    at[v] = memory.address() + v * STAGE * 4L;
                    if (v >= job.outputs) {
                        load(job.types[v], c.at[v], job.nest.stride[v], at[v], n);
                    }
                }
            }
            loop.run(at, job.scalars, n);
            for (int v = 0; v < job.outputs; v++) {
                if ((job.staged >> v & 1) != 0) {
                    store(job.types[v], at[v], c.at[v], job.nest.stride[v], n);
                }
            }
            Reference.reachabilityFence(memory);
        }

        private void load(DType type, long from, long stride, long to, int n) {
            if (type == DType.BFLOAT16 && stride == 1) {
                Warmup.BFLOAT16.await();
                Bfloat16.widen(from, to, n);
            } else {
                Transfer.load(type, from, stride, row, n);
                MemorySegment.copy(row, 0, SystemMemory.ALL, ValueLayout.JAVA_FLOAT, to, n);
            }
        }

        private void store(DType type, long from, long to, long stride, int n) {
            if (type == DType.BFLOAT16 && stride == 1) {
                Warmup.BFLOAT16.await();
                Bfloat16.narrow(from, to, n);
            } else {
                MemorySegment.copy(SystemMemory.ALL, ValueLayout.JAVA_FLOAT, from, row, 0, n);
                Transfer.store(type, row, to, stride, n);
            }
        }
    }
}
