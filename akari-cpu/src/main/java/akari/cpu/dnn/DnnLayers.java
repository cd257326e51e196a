package akari.cpu.dnn;

import akari.backend.Activation;
import akari.backend.Algorithms;
import akari.backend.Buffer;
import akari.backend.Epilogue;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.cpu.dnn.Choices.Measurable;
import akari.cpu.layer.Finite;
import akari.cpu.layer.Layers;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Layer operations by oneDNN: operands that are not empty, FLOAT32, or BFLOAT16 where the processor has it, then with biases and
 * results of products and weight gradients in either type.
 */
public final class DnnLayers implements Layers {
    private static final long PARALLEL = 1 << 23;

    private final DnnMatmul matmul;
    private final DnnConvolution convolution;
    private final Winograd winograd;
    private volatile Choices choices;
    private final DnnBatchNorm batchNorm;
    private final Workers workers;

    public DnnLayers(
            Workspace.Source workspaces, Workers workers, LongFunction<Buffer> memory, Sum sum, Choices choices) {
        this.workers = workers;
        this.choices = choices;
        DnnCopies copies = new DnnCopies(workers);
        PackedWeights packed = new PackedWeights(memory);
        matmul = new DnnMatmul(workspaces, workers, copies);
        convolution = new DnnConvolution(workspaces, workers, copies, packed);
        winograd = new Winograd(workspaces, workers, copies, packed, memory, sum);
        batchNorm = new DnnBatchNorm(workspaces, workers, copies);
    }

    /**
     * Threads for a primitive of so many multiply-adds or elements moved: waking OpenMP's threads takes longer than a small one
     * runs.
     */
    static int threads(Workers workers, long work) {
        return work < PARALLEL ? 1 : workers.threads();
    }

    /** The passes of a convolution. */
    enum Pass {
        FORWARD,
        INPUT_GRADIENT,
        WEIGHT_GRADIENT
    }

    public Algorithms algorithms() {
        return choices.algorithms();
    }

    public void algorithms(Algorithms a) {
        choices = new Choices(a);
    }

    private static boolean covers(View... views) {
        for (View v : views) {
            if (v.dtype() != DType.FLOAT32 || v.numel() == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean areFloats(@Nullable View... views) {
        for (View v : views) {
            if (v != null && v.dtype() != DType.FLOAT32) {
                return false;
            }
        }
        return true;
    }

    /** oneDNN's bfloat16 convolutions multiply elements in pairs, some by zeros: infinities and NaN would reach what does not read them. */
    private boolean spreads(View a, View b) {
        return a.dtype() == DType.BFLOAT16 && !(Finite.all(workers, a) && Finite.all(workers, b));
    }

    /** Operands of a common type, and others that may be FLOAT32 beside BFLOAT16. */
    private static boolean covers(View[] same, @Nullable View... others) {
        DType type = same[0].dtype();
        boolean fits = type == DType.FLOAT32 || type == DType.BFLOAT16 && OneDnn.hasBfloat16();
        for (View v : same) {
            fits &= v.dtype() == type && v.numel() > 0;
        }
        for (View v : others) {
            fits &= v == null || v.numel() > 0 && (v.dtype() == type || v.dtype() == DType.FLOAT32);
        }
        return fits;
    }

    @Override
    public boolean matmul(View a, View b, @Nullable View bias, View out) {
        if (!covers(new View[] {a, b}, bias, out)) {
            return false;
        }
        matmul.run(a, b, bias, out);
        return true;
    }

    @Override
    public boolean convolution(Convolution c, View x, View weight, @Nullable View bias, Epilogue epilogue, View out) {
        Epilogue then = epilogue.finite(false); // one primitive, whatever is known
        boolean half = x.dtype() == DType.BFLOAT16;
        if (!covers(new View[] {x, weight, out}, bias) || weight.layout().overlaps() || half && then.accumulate()) {
            return false;
        }
        if (spreads(x, weight)) {
            return false;
        }
        Runnable fast = () -> winograd.forward(
                c, x, weight, bias, then, out, y -> convolution.forward(c, x, weight, null, Epilogue.NONE, y));
        Runnable direct = () -> convolution.forward(c, x, weight, bias, then, out);
        // a sum that grows with every run cannot be measured
        Measurable both = then.accumulate() || half ? null : new Measurable(fast, direct);
        boolean pays = !half
                && Winograd.applies(then.activation())
                && choices.winograd(Pass.FORWARD, c, x.shape(), weight.shape(), both);
        boolean blind = !pays && then.activation() != Activation.IDENTITY && !epilogue.finite();
        if (blind && !convolution.isFinite(x, weight, bias)) {
            return false; // oneDNN's activations make 0 of NaN
        }
        (pays ? fast : direct).run();
        return true;
    }

    @Override
    public boolean convolutionInputGradient(Convolution c, View g, View weight, View gx) {
        if (!covers(new View[] {g, weight, gx}) || weight.layout().overlaps() || spreads(g, weight)) {
            return false;
        }
        Runnable fast = () -> winograd.inputGradient(c, g, weight, gx, y -> convolution.inputGradient(c, g, weight, y));
        Runnable direct = () -> convolution.inputGradient(c, g, weight, gx);
        Measurable both = new Measurable(fast, direct);
        boolean pays = g.dtype() == DType.FLOAT32
                && choices.winograd(Pass.INPUT_GRADIENT, c, gx.shape(), weight.shape(), both);
        (pays ? fast : direct).run();
        return true;
    }

    @Override
    public boolean convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        if (!covers(new View[] {x, g}, gw, gb) || spreads(x, g)) {
            return false;
        }
        Runnable fast =
                () -> winograd.weightGradient(c, x, g, gw, gb, y -> convolution.weightGradient(c, x, g, y, null));
        Runnable direct = () -> convolution.weightGradient(c, x, g, gw, gb);
        Measurable both = new Measurable(fast, direct);
        boolean pays =
                x.dtype() == DType.FLOAT32 && choices.winograd(Pass.WEIGHT_GRADIENT, c, x.shape(), gw.shape(), both);
        (pays ? fast : direct).run();
        return true;
    }

    @Override
    public boolean batchNorm(
            View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance) {
        if (!covers(x, out) || !areFloats(weight, bias, mean, variance)) {
            return false;
        }
        batchNorm.forward(x, weight, bias, eps, out, mean, variance);
        return true;
    }

    @Override
    public boolean batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            double eps,
            View gx,
            @Nullable View gw,
            @Nullable View gb) {
        if (!covers(x, g, gx) || !areFloats(mean, variance, weight, gw, gb)) {
            return false;
        }
        batchNorm.gradient(x, g, mean, variance, weight, eps, gx, gw, gb);
        return true;
    }
}
