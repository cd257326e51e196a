package akari.cpu;

import akari.backend.Activation;
import akari.backend.Algorithms;
import akari.backend.Backend;
import akari.backend.Buffer;
import akari.backend.Combine;
import akari.backend.Distribution;
import akari.backend.Epilogue;
import akari.backend.Factorizations;
import akari.backend.Kernel;
import akari.backend.ReduceOp;
import akari.backend.ReferenceBackend;
import akari.backend.Scan;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Device;
import akari.core.MemoryStats;
import akari.core.Pooling;
import akari.cpu.dimension.GatherScatter;
import akari.cpu.dimension.KeySort;
import akari.cpu.dimension.ReductionLoops;
import akari.cpu.dimension.ScanLoops;
import akari.cpu.dnn.Choices;
import akari.cpu.dnn.DnnLayers;
import akari.cpu.dnn.Interleave;
import akari.cpu.dnn.OneDnn;
import akari.cpu.dnn.OneDnnLibrary;
import akari.cpu.dnn.WinogradTransforms;
import akari.cpu.kernel.Elements;
import akari.cpu.kernel.Kernels;
import akari.cpu.kernel.RandomFill;
import akari.cpu.layer.BatchNorm;
import akari.cpu.layer.BatchNormLoops;
import akari.cpu.layer.Finite;
import akari.cpu.layer.Gemv;
import akari.cpu.layer.JavaLayers;
import akari.cpu.layer.Layers;
import akari.cpu.layer.Pools;
import akari.cpu.layer.SoftmaxRows;
import akari.cpu.layer.Sums;
import akari.cpu.library.OpenBlas;
import akari.cpu.machine.Pool;
import akari.cpu.machine.SystemMemory;
import akari.cpu.machine.Warmup;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import akari.cpu.transfer.Bfloat16;
import akari.cpu.transfer.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The CPU: oneDNN for layers, Vector API kernels for everything else, and the reference backend for what is rare. Without the
 * native library, or with {@code -Dakari.cpu=java}, plain Java serves everything.
 */
public final class CpuBackend implements Backend {
    static {
        Warmup.all(() -> List.of(
                WinogradTransforms.WARMUP,
                BatchNormLoops.WARMUP,
                Interleave.WARMUP,
                Pools.WARMUP,
                Gemv.WARMUP,
                BatchNormLoops.GRADIENT_WARMUP,
                WinogradTransforms.GRADIENT_WARMUP,
                Sums.WARMUP,
                Finite.WARMUP,
                Bfloat16.WARMUP,
                Bytes.WARMUP));
    }

    // what reads a setting stands before what starts threads
    private final Kernels kernels =
            new Kernels(Property.of("akari.cpu.eager", "false", "true").equals("true"));
    private final Choices choices = new Choices(Algorithms.parse(System.getProperty("akari.algorithms", "default")));
    private final Pool pool = new Pool();
    private final Workers workers = new Workers(Workers.defaultThreads());
    private final ReferenceBackend reference = new ReferenceBackend();
    private final Elements elements = new Elements(workers, kernels);
    private final ReductionLoops reductions = new ReductionLoops(workers);
    private final RandomFill draws = new RandomFill(workers);
    private final GatherScatter indexing = new GatherScatter(workers);
    private final ScanLoops scanner = new ScanLoops(workers);
    private final KeySort sorter = new KeySort(workers);
    private final SoftmaxRows softmax = new SoftmaxRows(elements, workers);
    private final Pools pools;
    private final BatchNorm batchNorm;
    private final Widening halves = new Widening(elements, pool::allocate);
    private final boolean useNative;
    private final boolean oneDnn;
    private final @Nullable DnnLayers dnn;
    private final List<Layers> layers;
    private @Nullable Factorizations factorizations;

    /** What {@code akari.cpu} asks for: {@code java}, or oneDNN where it is there. */
    public CpuBackend() {
        this(!Property.of("akari.cpu", "", "java").equals("java"));
    }

    CpuBackend(boolean useNative) {
        Workspace.Source workspaces = new Workspace.Source(pool::allocate);
        this.useNative = useNative;
        oneDnn = useNative && OneDnnLibrary.SYMBOLS != null;
        pools = new Pools(workspaces, workers);
        batchNorm = new BatchNorm(workspaces, workers);
        Layers java = new JavaLayers(workspaces, workers, this::reduce);
        dnn = oneDnn ? new DnnLayers(workspaces, workers, pool::allocate, this::reduce, choices) : null;
        layers = dnn == null ? List.of(java) : List.of(dnn, java);
    }

    @Override
    public Device device() {
        return Device.CPU;
    }

    @Override
    public String describe() {
        String how = oneDnn
                ? OneDnn.describe()
                : "plain Java (Vector API " + FloatVector.SPECIES_PREFERRED.vectorBitSize() + " bit)";
        return how + " · " + threads() + (threads() == 1 ? " thread" : " threads");
    }

    @Override
    public int threads() {
        return workers.threads();
    }

    @Override
    public void threads(int n) {
        workers.threads(n);
    }

    @Override
    public Algorithms algorithms() {
        return dnn == null ? Algorithms.STRICT : dnn.algorithms();
    }

    @Override
    public void algorithms(Algorithms a) {
        if (dnn != null) {
            dnn.algorithms(a);
        }
    }

    // ---- memory

    @Override
    public Buffer allocate(long bytes) {
        return pool.allocate(bytes);
    }

    @Override
    public void upload(MemorySegment from, Buffer to, long offset) {
        reference.upload(from, to, offset);
    }

    @Override
    public void download(Buffer from, long offset, MemorySegment to) {
        reference.download(from, offset, to);
    }

    @Override
    public MemoryStats memory() {
        return pool.stats();
    }

    // ---- elements

    @Override
    public void pointwise(Kernel kernel, DType compute, double[] scalars, View[] outputs, View[] inputs) {
        elements.run(kernel, compute, scalars, outputs, inputs);
        Reference.reachabilityFence(outputs);
        Reference.reachabilityFence(inputs);
    }

    @Override
    public void reduce(ReduceOp op, View in, View out) {
        if (!reductions.run(op, in, out)) {
            reference.reduce(op, in, out);
        }
        keep(in, out);
    }

    @Override
    public void random(Distribution kind, long seed, long offset, View out) {
        draws.fill(kind, seed, offset, out);
        keep(out);
    }

    @Override
    public void gather(View x, int dim, View index, View out) {
        if (!indexing.gather(x, dim, index, out)) {
            reference.gather(x, dim, index, out);
        }
        keep(x, index, out);
    }

    @Override
    public void scatter(View out, int dim, View index, View src, Combine how) {
        if (!indexing.scatter(out, dim, index, src, how)) {
            reference.scatter(out, dim, index, src, how);
        }
        keep(out, index, src);
    }

    @Override
    public void scan(Scan op, boolean reverse, View x, @Nullable View factor, int dim, View out, @Nullable View index) {
        scanner.run(op, reverse, x, factor, dim, out, index);
        keep(x, factor, out, index);
    }

    @Override
    public void sort(View x, int dim, boolean descending, View out, View index) {
        if (!sorter.run(x, dim, descending, out, index)) {
            reference.sort(x, dim, descending, out, index);
        }
        keep(x, out, index);
    }

    // ---- layers

    @Override
    public void matmul(View a, View b, @Nullable View bias, View out) {
        if (layers.stream().noneMatch(l -> l.matmul(a, b, bias, out))
                && !halves.run(
                        new @Nullable View[] {a, b, bias},
                        new @Nullable View[] {out},
                        v -> matmul(v[0], v[1], v[2], v[3]))) {
            reference.matmul(a, b, bias, out);
        }
        keep(a, b, bias, out);
    }

    /** OpenBLAS is loaded by the first call. */
    @Override
    public synchronized Factorizations factorizations() {
        Factorizations f = factorizations;
        if (f == null) {
            OpenBlas blas = useNative ? OpenBlas.load(workers) : null;
            f = blas == null ? reference.factorizations() : blas;
            factorizations = f;
        }
        return f;
    }

    @Override
    public boolean prefersChannelsLast() {
        return true;
    }

    @Override
    public void convolution(Convolution c, View x, View weight, @Nullable View bias, View out) {
        if (layers.stream().noneMatch(l -> l.convolution(c, x, weight, bias, Epilogue.NONE, out))
                && !halves.run(
                        new @Nullable View[] {x, weight, bias},
                        new @Nullable View[] {out},
                        v -> convolution(c, v[0], v[1], v[2], v[3]))) {
            reference.convolution(c, x, weight, bias, out);
        }
        keep(x, weight, bias, out);
    }

    @Override
    public void convolution(Convolution c, View x, View weight, @Nullable View bias, Epilogue then, View out) {
        if (layers.stream().noneMatch(l -> l.convolution(c, x, weight, bias, then, out))) {
            Backend.super.convolution(c, x, weight, bias, then, out);
        }
        keep(x, weight, bias, out);
    }

    @Override
    public void convolutionInputGradient(Convolution c, View g, View weight, View gx) {
        if (layers.stream().noneMatch(l -> l.convolutionInputGradient(c, g, weight, gx))
                && !halves.run(
                        new @Nullable View[] {g, weight},
                        new @Nullable View[] {gx},
                        v -> convolutionInputGradient(c, v[0], v[1], v[2]))) {
            reference.convolutionInputGradient(c, g, weight, gx);
        }
        keep(g, weight, gx);
    }

    @Override
    public void convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        if (layers.stream().noneMatch(l -> l.convolutionWeightGradient(c, x, g, gw, gb))
                && !halves.run(
                        new @Nullable View[] {x, g},
                        new @Nullable View[] {gw, gb},
                        v -> convolutionWeightGradient(c, v[0], v[1], v[2], v[3]))) {
            reference.convolutionWeightGradient(c, x, g, gw, gb);
        }
        keep(x, g, gw, gb);
    }

    @Override
    public void maxPool(Pooling p, View x, View out, @Nullable View index) {
        if (!pools.max(p, x, out, index)
                && !halves.run(
                        new @Nullable View[] {x},
                        new @Nullable View[] {out, index},
                        v -> maxPool(p, v[0], v[1], v[2]))) {
            reference.maxPool(p, x, out, index);
        }
        keep(x, out, index);
    }

    @Override
    public void maxPoolGradient(View g, View index, View gx) {
        if (!pools.maxGradient(g, index, gx)
                && !halves.run(
                        new @Nullable View[] {g, index},
                        new @Nullable View[] {gx},
                        v -> maxPoolGradient(v[0], v[1], v[2]))) {
            Backend.super.maxPoolGradient(g, index, gx);
        }
        keep(g, index, gx);
    }

    @Override
    public void averagePool(Pooling p, View x, View out) {
        if (!pools.average(p, x, out)
                && !halves.run(new @Nullable View[] {x}, new @Nullable View[] {out}, v -> averagePool(p, v[0], v[1]))) {
            reference.averagePool(p, x, out);
        }
        keep(x, out);
    }

    @Override
    public void averagePoolGradient(Pooling p, View g, View gx) {
        if (!pools.averageGradient(p, g, gx)
                && !halves.run(
                        new @Nullable View[] {g}, new @Nullable View[] {gx}, v -> averagePoolGradient(p, v[0], v[1]))) {
            reference.averagePoolGradient(p, g, gx);
        }
        keep(g, gx);
    }

    /** Whether the variance left the range of FLOAT32, of which x is: then only double will do. */
    private boolean overflown(View x, View variance) {
        if (variance.dtype() != DType.FLOAT32) {
            return false;
        }
        for (long c = 0; c < variance.numel(); c++) {
            long at = variance.address() + c * variance.layout().stride(0) * Float.BYTES;
            if (!Float.isFinite(SystemMemory.ALL.get(ValueLayout.JAVA_FLOAT, at))) {
                return Finite.all(workers, x);
            }
        }
        return false;
    }

    @Override
    public void batchNorm(
            View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance) {
        boolean done = layers.stream().anyMatch(l -> l.batchNorm(x, weight, bias, eps, out, mean, variance));
        if ((!done || overflown(x, variance))
                && !halves.run(
                        new @Nullable View[] {x, weight, bias},
                        new @Nullable View[] {out, mean, variance},
                        v -> batchNorm(v[0], v[1], v[2], eps, v[3], v[4], v[5]))) {
            reference.batchNorm(x, weight, bias, eps, out, mean, variance);
        }
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
        boolean done = !overflown(x, variance)
                && layers.stream().anyMatch(l -> l.batchNormGradient(x, g, mean, variance, weight, eps, gx, gw, gb));
        if (!done
                && !halves.run(
                        new @Nullable View[] {x, g, mean, variance, weight},
                        new @Nullable View[] {gx, gw, gb},
                        v -> batchNormGradient(v[0], v[1], v[2], v[3], v[4], eps, v[5], v[6], v[7]))) {
            reference.batchNormGradient(x, g, mean, variance, weight, eps, gx, gw, gb);
        }
        keep(x, g, mean, variance, weight, gx, gw, gb);
    }

    @Override
    public void batchNorm(
            View x,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View out,
            View mean,
            View variance) {
        boolean done = batchNorm.forward(x, weight, bias, eps, then, out, mean, variance);
        if ((!done || overflown(x, variance))
                && !halves.run(
                        new @Nullable View[] {x, weight, bias},
                        new @Nullable View[] {out, mean, variance},
                        v -> batchNorm(v[0], v[1], v[2], eps, then, v[3], v[4], v[5]))) {
            Backend.super.batchNorm(x, weight, bias, eps, then, out, mean, variance);
        }
        keep(x, weight, bias, out, mean, variance);
    }

    @Override
    public void batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            @Nullable View bias,
            double eps,
            Activation then,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        boolean done = !overflown(x, variance)
                && batchNorm.gradient(x, g, mean, variance, weight, bias, eps, then, gx, gw, gb);
        if (!done
                && !halves.run(
                        new @Nullable View[] {x, g, mean, variance, weight, bias},
                        new @Nullable View[] {gx, gw, gb},
                        v -> batchNormGradient(v[0], v[1], v[2], v[3], v[4], v[5], eps, then, v[6], v[7], v[8]))) {
            Backend.super.batchNormGradient(x, g, mean, variance, weight, bias, eps, then, gx, gw, gb);
        }
        keep(x, g, mean, variance, weight, bias, gx, gw, gb);
    }

    @Override
    public void softmax(View x, int dim, boolean log, View out) {
        if (!softmax.forward(x, dim, log, out)
                && !halves.run(
                        new @Nullable View[] {x}, new @Nullable View[] {out}, v -> softmax(v[0], dim, log, v[1]))) {
            reference.softmax(x, dim, log, out);
        }
        keep(x, out);
    }

    @Override
    public void softmaxGradient(View y, View g, int dim, boolean log, View gx) {
        if (!softmax.gradient(y, g, dim, log, gx)
                && !halves.run(
                        new @Nullable View[] {y, g},
                        new @Nullable View[] {gx},
                        v -> softmaxGradient(v[0], v[1], dim, log, v[2]))) {
            reference.softmaxGradient(y, g, dim, log, gx);
        }
        keep(y, g, gx);
    }

    /** Kernels see addresses only: without this, a buffer could be collected while its kernel runs. */
    private static void keep(@Nullable View... views) {
        Reference.reachabilityFence(views);
    }
}
