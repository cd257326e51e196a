package akari.cpu.layer;

import akari.backend.Epilogue;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.cpu.machine.Workers;
import akari.cpu.machine.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * Layer operations in plain Java: operands of one type, FLOAT32 or FLOAT64, that are not empty. Padding is zeros in memory here, which
 * an infinite factor would make NaN of: such factors are left to the reference, in which nobody reads padding.
 */
public final class JavaLayers implements Layers {
    private final JavaMatmul matmul;
    private final JavaConvolution convolution;
    private final Workers workers;

    public JavaLayers(Workspace.Source workspaces, Workers workers, Sum sum) {
        this.workers = workers;
        matmul = new JavaMatmul(workspaces, workers);
        convolution = new JavaConvolution(workspaces, workers, sum);
    }

    private static boolean covers(View... views) {
        DType type = views[0].dtype();
        for (View v : views) {
            if (v.dtype() != type || v.numel() == 0) {
                return false;
            }
        }
        return type == DType.FLOAT32 || type == DType.FLOAT64;
    }

    private static boolean isPadded(Convolution c) {
        return !c.padding().equals(Shape.fill(c.dims(), 0));
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
        if (!then.equals(Epilogue.NONE) || !covers(x, weight, out) || isPadded(c) && !Finite.all(workers, weight)) {
            return false;
        }
        convolution.forward(c, x, weight, bias, out);
        return true;
    }

    @Override
    public boolean convolutionInputGradient(Convolution c, View g, View weight, View gx) {
        if (!covers(g, weight, gx) || !Finite.all(workers, weight)) {
            return false;
        }
        convolution.inputGradient(c, g, weight, gx);
        return true;
    }

    @Override
    public boolean convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb) {
        if (!covers(x, g, gw) || isPadded(c) && !Finite.all(workers, g)) {
            return false;
        }
        convolution.weightGradient(c, x, g, gw, gb);
        return true;
    }

    @Override
    public boolean batchNorm(
            View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance) {
        return false;
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
        return false;
    }
}
