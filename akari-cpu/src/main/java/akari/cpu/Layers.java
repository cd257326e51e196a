package akari.cpu;

import akari.backend.Convolution;
import akari.backend.View;
import org.jspecify.annotations.Nullable;

/**
 * Fast forms of the backend's layer operations. Each method tells whether it has done the work; where it has not (a type, a layout
 * or a size that it does not cover), nothing was written and the next form serves.
 */
sealed interface Layers permits DnnLayers, JavaLayers {
    boolean matmul(View a, View b, @Nullable View bias, View out);

    boolean convolution(Convolution c, View x, View weight, @Nullable View bias, View out);

    boolean convolutionInputGradient(Convolution c, View g, View weight, View gx);

    boolean convolutionWeightGradient(Convolution c, View x, View g, View gw, @Nullable View gb);

    boolean batchNorm(
            View x, @Nullable View weight, @Nullable View bias, double eps, View out, View mean, View variance);

    boolean batchNormGradient(
            View x,
            View g,
            View mean,
            View variance,
            @Nullable View weight,
            double eps,
            View gx,
            @Nullable View gw,
            @Nullable View gb);
}
