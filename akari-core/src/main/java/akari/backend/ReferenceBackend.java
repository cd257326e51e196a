package akari.backend;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Device;
import akari.core.MemoryStats;
import akari.core.Pooling;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The plain Java backend: every operation on every type and layout, in double precision (INT64 in long) and rounded once. It says
 * what the results of the fast backends should be, and serves where none is there. Its kernels work on any buffer that lies in the
 * host's address space, on the calling thread.
 */
public final class ReferenceBackend implements Backend {
    private final HostMemory memory;
    private final Lapack lapack = new JavaLapack();

    /** Takes as much memory as the Java heap may. */
    public ReferenceBackend() {
        this(Runtime.getRuntime().maxMemory());
    }

    /** @param limit bytes of memory that it takes at most */
    public ReferenceBackend(long limit) {
        memory = new HostMemory(limit);
    }

    @Override
    public Device device() {
        return Device.CPU;
    }

    @Override
    public String describe() {
        return "reference: plain Java in double precision, one thread";
    }

    // ---- memory

    @Override
    public Buffer allocate(long bytes) {
        return memory.allocate(bytes);
    }

    @Override
    public void upload(MemorySegment from, Buffer to, long offset) {
        checkRange(to, offset, from.byteSize());
        MemorySegment.copy(from, 0, Memory.ALL, to.address() + offset, from.byteSize());
        Reference.reachabilityFence(to);
    }

    @Override
    public void download(Buffer from, long offset, MemorySegment to) {
        checkRange(from, offset, to.byteSize());
        MemorySegment.copy(Memory.ALL, from.address() + offset, to, 0, to.byteSize());
        Reference.reachabilityFence(from);
    }

    private static void checkRange(Buffer b, long offset, long bytes) {
        if (offset < 0 || bytes > b.bytes() - offset) {
            throw new IndexOutOfBoundsException(
                    "bytes " + offset + " to " + (offset + bytes) + " are not all within a buffer of " + b.bytes());
        }
    }

    @Override
    public MemoryStats memory() {
        return memory.stats();
    }

    // ---- elements

    @Override
    public void pointwise(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        FormulaInterpreter.run(kernel, compute, scalars, outputs, inputs);
        keep(outputs);
        keep(inputs);
    }

    @Override
    public void reduce(ReduceOp op, View in, View out) {
        Reducer.run(op, in, out);
        keep(in, out);
    }

    @Override
    public void random(Distribution kind, long seed, long offset, View out) {
        Philox.fill(kind, seed, offset, out);
        keep(out);
    }

    @Override
    public void gather(View x, int dim, View index, View out) {
        ReferenceGather.gather(x, dim, index, out);
        keep(x, index, out);
    }

    @Override
    public void scatter(View out, int dim, View index, View src, Combine how) {
        ReferenceGather.scatter(out, dim, index, src, how);
        keep(out, index, src);
    }

    @Override
    public void scan(Scan op, boolean reverse, View x, @Nullable View factor, int dim, View out, @Nullable View index) {
        ReferenceScan.run(op, reverse, x, factor, dim, out, index);
        keep(x, factor, out, index);
    }

    @Override
    public void sort(View x, int dim, boolean descending, View out, View index) {
        ReferenceSort.run(x, dim, descending, out, index);
        keep(x, out, index);
    }

    // ---- layers

    @Override
    public void matmul(View a, View b, @Nullable View bias, View out) {
        Matrices.matmul(a, b, bias, out);
        keep(a, b, bias, out);
    }

    @Override
    public Factorizations factorizations() {
        return lapack;
    }

    @Override
    public boolean prefersChannelsLast() {
        return false;
    }

    @Override
    public void convolution(Convolution c, View x, View weight, @Nullable View bias, View out) {
        Patches.forward(c, x, weight, bias, out);
        keep(x, weight, bias, out);
    }

    @Override
    public void convolutionInputGradient(Convolution c, View g, View weight, View gx) {
        Patches.inputGradient(c, g, weight, gx);
        keep(g, weight, gx);
    }

    @Override
    public void convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        Patches.weightGradient(c, x, g, gw, gb);
        keep(x, g, gw, gb);
    }

    @Override
    public void maxPool(Pooling p, View x, View out, @Nullable View index) {
        Pooler.max(p, x, out, index);
        keep(x, out, index);
    }

    @Override
    public void averagePool(Pooling p, View x, View out) {
        Pooler.average(p, x, out);
        keep(x, out);
    }

    @Override
    public void averagePoolGradient(Pooling p, View g, View gx) {
        Pooler.averageGradient(p, g, gx);
        keep(g, gx);
    }

    @Override
    public void batchNorm(
            View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance) {
        Normalization.batchNorm(x, weight, bias, eps, out, mean, variance);
        keep(x, weight, bias, out, mean, variance);
    }

    @Override
    public void batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            double eps,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        Normalization.batchNormGradient(x, g, mean, variance, weight, eps, gx, gw, gb);
        keep(x, g, mean, variance, weight, gx, gw, gb);
    }

    @Override
    public void softmax(View x, int dim, boolean log, View out) {
        Normalization.softmax(x, dim, log, out);
        keep(x, out);
    }

    @Override
    public void softmaxGradient(View y, View g, int dim, boolean log, View gx) {
        Normalization.softmaxGradient(y, g, dim, log, gx);
        keep(y, g, gx);
    }

    // ---- threads

    @Override
    public int threads() {
        return 1;
    }

    /** Accepts any positive number; the work is done on the calling thread all the same. */
    @Override
    public void threads(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + n);
        }
    }

    private static void keep(@Nullable View... views) {
        for (@Nullable View v : views) {
            if (v != null) {
                Reference.reachabilityFence(v.buffer());
            }
        }
    }
}
