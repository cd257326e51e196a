package akari.cpu;

import akari.backend.Buffer;
import akari.backend.Convolution;
import akari.backend.DType;
import akari.backend.Epilogue;
import akari.backend.Shape;
import akari.backend.View;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Layer operations by oneDNN: FLOAT32 operands that are not empty. */
final class DnnLayers implements Layers {
    private static final long PARALLEL = 1 << 20;

    private final DnnMatmul matmul;
    private final DnnConvolution convolution;
    private final Winograd winograd;
    private final DnnBatchNorm batchNorm;

    DnnLayers(Workspace.Source workspaces, Workers workers, LongFunction<Buffer> memory, Sum sum) {
        DnnCopies copies = new DnnCopies(workers);
        PackedWeights packed = new PackedWeights(memory);
        matmul = new DnnMatmul(workspaces, workers, copies);
        convolution = new DnnConvolution(workspaces, workers, copies, packed);
        winograd = new Winograd(workspaces, workers, copies, packed, sum);
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

    /** Whether Winograd's algorithm is the faster one, by a rule that benchmarks calibrated. */
    private static boolean pays(Pass pass, Convolution c, Shape x, Shape weight) {
        return Winograd.applies(c, x, weight) && x.get(1) >= 64 && weight.get(0) >= 64;
    }

    private static boolean covers(View... views) {
        for (View v : views) {
            if (v.dtype() != DType.FLOAT32 || v.numel() == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean matmul(View a, View b, @Nullable View bias, View out) {
        if (!covers(a, b, out)) {
            return false;
        }
        matmul.run(a, b, bias, out);
        return true;
    }

    @Override
    public boolean convolution(Convolution c, View x, View weight, @Nullable View bias, Epilogue then, View out) {
        if (!covers(x, weight, out)) {
            return false;
        }
        if (Winograd.applies(then.activation()) && pays(Pass.FORWARD, c, x.shape(), weight.shape())) {
            winograd.forward(c, x, weight, bias, then, out);
        } else {
            convolution.forward(c, x, weight, bias, then, out);
        }
        return true;
    }

    @Override
    public boolean convolutionInputGradient(Convolution c, View g, View weight, View gx) {
        if (!covers(g, weight, gx)) {
            return false;
        }
        if (pays(Pass.INPUT_GRADIENT, c, gx.shape(), weight.shape())) {
            winograd.inputGradient(c, g, weight, gx);
        } else {
            convolution.inputGradient(c, g, weight, gx);
        }
        return true;
    }

    @Override
    public boolean convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        if (!covers(x, g, gw)) {
            return false;
        }
        if (pays(Pass.WEIGHT_GRADIENT, c, x.shape(), gw.shape())) {
            winograd.weightGradient(c, x, g, gw, gb);
        } else {
            convolution.weightGradient(c, x, g, gw, gb);
        }
        return true;
    }

    @Override
    public boolean batchNorm(
            View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance) {
        if (!covers(x, out)) {
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
        if (!covers(x, g, gx)) {
            return false;
        }
        batchNorm.gradient(x, g, mean, variance, weight, eps, gx, gw, gb);
        return true;
    }
}
