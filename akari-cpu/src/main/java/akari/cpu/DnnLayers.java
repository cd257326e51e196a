package akari.cpu;

import akari.backend.Convolution;
import akari.backend.DType;
import akari.backend.View;
import org.jspecify.annotations.Nullable;

/** Layer operations by oneDNN: FLOAT32 operands that are not empty. */
final class DnnLayers implements Layers {
    private static final long PARALLEL = 1 << 20;

    private final DnnMatmul matmul;
    private final DnnConvolution convolution;
    private final DnnBatchNorm batchNorm;

    DnnLayers(Workspace.Source workspaces, Workers workers) {
        DnnCopies copies = new DnnCopies(workers);
        matmul = new DnnMatmul(workspaces, workers, copies);
        convolution = new DnnConvolution(workspaces, workers, copies);
        batchNorm = new DnnBatchNorm(workspaces, workers, copies);
    }

    /**
     * Threads for a primitive of so many multiply-adds or elements moved: waking OpenMP's threads takes longer than a small one
     * runs.
     */
    static int threads(Workers workers, long work) {
        return work < PARALLEL ? 1 : workers.threads();
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
    public boolean convolution(Convolution c, View x, View weight, @Nullable View bias, View out) {
        if (!covers(x, weight, out)) {
            return false;
        }
        convolution.forward(c, x, weight, bias, out);
        return true;
    }

    @Override
    public boolean convolutionInputGradient(Convolution c, View g, View weight, View gx) {
        if (!covers(g, weight, gx)) {
            return false;
        }
        convolution.inputGradient(c, g, weight, gx);
        return true;
    }

    @Override
    public boolean convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        if (!covers(x, g, gw)) {
            return false;
        }
        convolution.weightGradient(c, x, g, gw, gb);
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
