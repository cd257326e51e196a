package akari.tensor;

import akari.core.DType;
import akari.core.Shape;

/** New tensors whose sizes stand in an array or a {@link Shape}: {@code Tensors.zeros(x.dtype(), x.shape())}. */
public abstract sealed class SizedTensors extends RandomTensors permits SignalWindows {
    SizedTensors() {}

    public static Tensor empty(int[] shape) {
        return empty(Shape.of(shape));
    }

    public static Tensor empty(DType dtype, Shape shape) {
        return empty(dtype, shape.toArray());
    }

    public static Tensor empty(DType dtype, int[] shape) {
        return empty(dtype, Shape.of(shape));
    }

    public static Tensor zeros(int[] shape) {
        return zeros(Shape.of(shape));
    }

    public static Tensor zeros(DType dtype, Shape shape) {
        return zeros(dtype, shape.toArray());
    }

    public static Tensor zeros(DType dtype, int[] shape) {
        return zeros(dtype, Shape.of(shape));
    }

    public static Tensor ones(int[] shape) {
        return ones(Shape.of(shape));
    }

    public static Tensor ones(DType dtype, Shape shape) {
        return ones(dtype, shape.toArray());
    }

    public static Tensor ones(DType dtype, int[] shape) {
        return ones(dtype, Shape.of(shape));
    }

    /** In PyTorch's order of arguments. */
    public static Tensor full(int[] shape, Number value) {
        return full(Shape.of(shape), value);
    }

    public static Tensor full(int[] shape, boolean value) {
        return full(Shape.of(shape), value);
    }

    public static Tensor full(int[] shape, Number value, DType dtype) {
        return full(Shape.of(shape), value, dtype);
    }

    public static Tensor rand(int[] shape) {
        return rand(Shape.of(shape));
    }

    public static Tensor rand(DType dtype, Shape shape) {
        return rand(dtype, shape.toArray());
    }

    public static Tensor rand(DType dtype, int[] shape) {
        return rand(dtype, Shape.of(shape));
    }

    public static Tensor rand(Generator generator, Shape shape) {
        return rand(generator, shape.toArray());
    }

    public static Tensor rand(Generator generator, int[] shape) {
        return rand(generator, Shape.of(shape));
    }

    public static Tensor rand(Generator generator, DType dtype, Shape shape) {
        return rand(generator, dtype, shape.toArray());
    }

    public static Tensor rand(Generator generator, DType dtype, int[] shape) {
        return rand(generator, dtype, Shape.of(shape));
    }

    public static Tensor randn(int[] shape) {
        return randn(Shape.of(shape));
    }

    public static Tensor randn(DType dtype, Shape shape) {
        return randn(dtype, shape.toArray());
    }

    public static Tensor randn(DType dtype, int[] shape) {
        return randn(dtype, Shape.of(shape));
    }

    public static Tensor randn(Generator generator, Shape shape) {
        return randn(generator, shape.toArray());
    }

    public static Tensor randn(Generator generator, int[] shape) {
        return randn(generator, Shape.of(shape));
    }

    public static Tensor randn(Generator generator, DType dtype, Shape shape) {
        return randn(generator, dtype, shape.toArray());
    }

    public static Tensor randn(Generator generator, DType dtype, int[] shape) {
        return randn(generator, dtype, Shape.of(shape));
    }

    public static Tensor normal(double mean, double std, Shape shape) {
        return normal(mean, std, shape.toArray());
    }

    public static Tensor normal(double mean, double std, int[] shape) {
        return normal(mean, std, Shape.of(shape));
    }

    public static Tensor normal(Generator generator, double mean, double std, Shape shape) {
        return normal(generator, mean, std, shape.toArray());
    }

    public static Tensor normal(Generator generator, double mean, double std, int[] shape) {
        return normal(generator, mean, std, Shape.of(shape));
    }

    /** Whole numbers in {@code [0, high)}, int64. */
    public static Tensor randint(long high, int[] shape) {
        return randint(high, Shape.of(shape));
    }

    public static Tensor randint(long low, long high, Shape shape) {
        return randint(low, high, shape.toArray());
    }

    public static Tensor randint(long low, long high, int[] shape) {
        return randint(low, high, Shape.of(shape));
    }

    public static Tensor randint(DType dtype, long low, long high, Shape shape) {
        return randint(dtype, low, high, shape.toArray());
    }

    public static Tensor randint(DType dtype, long low, long high, int[] shape) {
        return randint(dtype, low, high, Shape.of(shape));
    }

    public static Tensor randint(Generator generator, long low, long high, Shape shape) {
        return randint(generator, low, high, shape.toArray());
    }

    public static Tensor randint(Generator generator, long low, long high, int[] shape) {
        return randint(generator, low, high, Shape.of(shape));
    }

    public static Tensor randint(Generator generator, DType dtype, long low, long high, Shape shape) {
        return randint(generator, dtype, low, high, shape.toArray());
    }

    public static Tensor randint(Generator generator, DType dtype, long low, long high, int[] shape) {
        return randint(generator, dtype, low, high, Shape.of(shape));
    }

    public static Tensor fromArray(Object array, Shape shape) {
        return fromArray(array, shape.toArray());
    }

    // ---- what could be read in two ways

    /** Always an error: PyTorch's {@code randint(low, high)} lacks a size, and {@code randint(high, size)} has it in brackets. */
    public static Tensor randint(long low, long high) {
        throw unclear(low, high);
    }

    /** Always an error, as {@link #randint(long, long)}. */
    public static Tensor randint(DType dtype, long low, long high) {
        throw unclear(low, high);
    }

    /** Always an error, as {@link #randint(long, long)}. */
    public static Tensor randint(Generator generator, long low, long high) {
        throw unclear(low, high);
    }

    /** Always an error, as {@link #randint(long, long)}. */
    public static Tensor randint(Generator generator, DType dtype, long low, long high) {
        throw unclear(low, high);
    }

    private static IllegalArgumentException unclear(long low, long high) {
        return new IllegalArgumentException("randint(" + low + ", " + high + ") lacks a size: randint(" + low + ", "
                + high
                + ", n) for n numbers from " + low + " to below " + high + ", randint(" + low + ", Shape.of(" + high
                + ")) for " + high + " numbers from 0 to below " + low + ", randint(" + low + ", " + high
                + ", Shape.SCALAR) for a single one");
    }
}
