package akari.cpu.layer;

import akari.backend.Epilogue;
import akari.backend.Layout;
import akari.backend.ReduceOp;
import akari.backend.View;
import akari.core.Convolution;
import akari.core.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Fast forms of the backend's layer operations. Each method tells whether it has done the work; where it has not (a type, a layout
 * or a size that it does not cover), nothing was written and the next form serves.
 */
public interface Layers {
    boolean matmul(View a, View b, @Nullable View bias, View out);

    boolean convolution(Convolution c, View x, View weight, @Nullable View bias, Epilogue then, View out);

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

    /** Reduces a view to another one of its rank. */
    interface Sum {
        void reduce(ReduceOp op, View in, View out);
    }

    /** The sum of {@code g}, {@code [N, K, …]}, over all dimensions but 1. */
    static void biasGradient(Sum sum, View g, View gb) {
        Layout vector = gb.layout();
        long[] shape = new long[g.layout().rank()];
        long[] stride = new long[shape.length];
        Arrays.fill(shape, 1);
        shape[1] = vector.size(0);
        stride[1] = vector.stride(0);
        sum.reduce(ReduceOp.SUM, g, gb.with(Layout.of(Shape.of(shape), stride, vector.offset())));
    }
}
