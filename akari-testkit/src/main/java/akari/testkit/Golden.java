package akari.testkit;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;

/**
 * The number generator behind the reference files: value {@code i} of stream {@code k} is a multiple of 2^-23 in [-1, 1), a hash of
 * both, so that every side can make the same parameters and inputs without exchanging them.
 */
public final class Golden {
    private Golden() {}

    public static double v(int k, int i) {
        int h = i * 0x9E3779B1 + k * 0x85EBCA77;
        h ^= h >>> 16;
        h *= 0x7FEB352D;
        h ^= h >>> 15;
        h *= 0x846CA68B;
        h ^= h >>> 16;
        return ((h >>> 8) - (1 << 23)) / (double) (1 << 23);
    }

    /** {@code scale * v(k, i) + offset} for {@code i = 0 .. n-1}. */
    public static double[] values(int k, int n, double scale, double offset) {
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            out[i] = scale * v(k, i) + offset;
        }
        return out;
    }

    /** {@link #values} as a tensor. */
    public static Tensor tensor(DType dtype, int k, double scale, double offset, long... shape) {
        Shape s = Shape.of(shape);
        return Tensors.of(dtype, values(k, Math.toIntExact(s.numel()), scale, offset), s);
    }
}
