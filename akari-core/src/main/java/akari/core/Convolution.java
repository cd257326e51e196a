package akari.core;

/**
 * The geometry of an n-d convolution (n = 1, 2, 3), as in PyTorch: one stride, padding and dilation per spatial dimension.
 * Input {@code [N, C, spatial…]}, weight {@code [O, C/groups, kernel…]}, output {@code [N, O, spatial…]}.
 */
public record Convolution(Shape stride, Shape padding, Shape dilation, long groups) {
    public Convolution {
        for (int d = 0; d < stride.rank(); d++) {
            if (stride.get(d) < 1 || dilation.get(d) < 1) {
                throw new IllegalArgumentException("a convolution of stride " + stride + " and dilation " + dilation
                        + ": both must be at least 1");
            }
        }
        if (groups < 1) {
            throw new IllegalArgumentException("a convolution of " + groups + " groups: there must be at least 1");
        }
    }

    /** Size of output dimension {@code d} for an input of {@code in} and a kernel of {@code kernel}; below 1 when it does not fit. */
    public long outputSize(int d, long in, long kernel) {
        return Math.floorDiv(in + 2 * padding.get(d) - dilation.get(d) * (kernel - 1) - 1, stride.get(d)) + 1;
    }

    /** The number n of spatial dimensions: 1, 2 or 3. */
    public int dims() {
        return stride.rank();
    }

    /** {@code [N, O, spatial…]}. */
    public Shape outputShape(Shape input, Shape weight) {
        long[] out = new long[dims() + 2];
        out[0] = input.get(0);
        out[1] = weight.get(0);
        for (int d = 0; d < dims(); d++) {
            out[d + 2] = outputSize(d, input.get(d + 2), weight.get(d + 2));
        }
        return Shape.of(out);
    }
}
