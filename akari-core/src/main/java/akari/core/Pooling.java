package akari.core;

import akari.errors.NullArgument;
import org.jspecify.annotations.Nullable;

/**
 * The windows of an n-d pooling over {@code [N, C, spatial…]}: fixed windows (kernel, stride, padding, dilation), or adaptive ones
 * that divide the input into {@code adaptive} nearly equal, possibly overlapping parts. {@code divisor} is 0 for the usual average.
 */
public record Pooling(
        Shape kernel,
        Shape stride,
        Shape padding,
        Shape dilation,
        boolean ceilMode,
        boolean countIncludePad,
        long divisor,
        @Nullable Shape adaptive) {

    /** Windows that divide the spatial dimensions into {@code output} parts each: PyTorch's adaptive pooling. */
    public static Pooling adaptive(Shape output) {
        NullArgument.check(output, "output");
        Shape one = Shape.fill(output.rank(), 1);
        return new Pooling(one, one, Shape.fill(output.rank(), 0), one, false, false, 0, output);
    }

    /** The number n of spatial dimensions. */
    public int dims() {
        return kernel.rank();
    }

    /** Output size of spatial dimension {@code d}: with {@code ceilMode}, a window may hang over but must start inside. */
    public long outputSize(int d, long in) {
        if (adaptive != null) {
            return adaptive.get(d);
        }
        long span = in + 2 * padding.get(d) - dilation.get(d) * (kernel.get(d) - 1) - 1;
        long out = Math.floorDiv(span + (ceilMode ? stride.get(d) - 1 : 0), stride.get(d)) + 1;
        return ceilMode && (out - 1) * stride.get(d) >= in + padding.get(d) ? out - 1 : out;
    }

    /** {@code [N, C, spatial…]} of the result, for an input of shape {@code [N, C, spatial…]}. */
    public Shape outputShape(Shape input) {
        long[] out = input.toArray();
        for (int d = 0; d < dims(); d++) {
            out[d + 2] = outputSize(d, input.get(d + 2));
        }
        return Shape.of(out);
    }

    /** First input index of window {@code o}, before clipping: may be negative by the padding. */
    public long start(int d, long o, long in) {
        return adaptive != null ? Math.floorDiv(o * in, adaptive.get(d)) : o * stride.get(d) - padding.get(d);
    }

    /** One past the last input index of window {@code o}, before clipping. */
    public long end(int d, long o, long in) {
        return adaptive != null
                ? Math.ceilDiv((o + 1) * in, adaptive.get(d))
                : start(d, o, in) + dilation.get(d) * (kernel.get(d) - 1) + 1;
    }

    /** The part of window {@code o} that counts for the average's divisor in dimension {@code d}. */
    public long counted(int d, long o, long in) {
        long pad = countIncludePad ? padding.get(d) : 0;
        return Math.min(end(d, o, in), in + pad) - Math.max(start(d, o, in), -pad);
    }
}
