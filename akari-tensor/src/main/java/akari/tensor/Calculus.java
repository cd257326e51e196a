package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Differences, derivatives and integrals of sampled functions. */
public sealed interface Calculus permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code x[i+1] - x[i]} along the last dimension. */
    default Tensor diff() {
        return diff(1, -1);
    }

    default Tensor diff(int n) {
        return diff(n, -1);
    }

    default Tensor diff(int n, int dim) {
        return diff(n, dim, null, null);
    }

    default Tensor diff(int n, int dim, Tensor prepend) {
        NullArgument.check(prepend, "prepend");
        return diff(n, dim, prepend, null);
    }

    /**
     * {@code x[i+1] - x[i]} along {@code dim}, {@code n} times over; of bool tensors whether the two differ. More times than
     * there are elements leave none.
     *
     * @param prepend what is put before this tensor along {@code dim} first, of its shape but for that dimension; or null
     * @param append what is put behind it
     */
    default Tensor diff(int n, int dim, @Nullable Tensor prepend, @Nullable Tensor append) {
        if (self().dim() == 0) {
            throw new IllegalArgumentException("diff needs a tensor with at least one dimension");
        }
        if (n < 0) {
            throw new IllegalArgumentException("diff: the order must not be negative, got " + n);
        }
        int axis = self().shape().axis(dim);
        return Tape.composite("diff", () -> {
            List<Tensor> parts = new ArrayList<>();
            for (Tensor t : new @Nullable Tensor[] {prepend, self(), append}) {
                if (t != null) {
                    parts.add(t);
                }
            }
            Tensor x = parts.size() == 1 ? self() : Tensors.cat(parts, axis);
            long times = Math.min(n, x.size(axis));
            for (long i = 0; i < times; i++) {
                long length = x.size(axis) - 1;
                Tensor next = x.narrow(axis, x.size(axis) - length, length);
                Tensor before = x.narrow(axis, 0, length);
                x = x.dtype() == DType.BOOL ? next.ne(before) : next.sub(before);
            }
            return x == self() ? x.clone() : x;
        });
    }

    /** The integral along the last dimension by the trapezoidal rule, at distance 1. */
    default Tensor trapezoid() {
        return trapezoid(1, -1);
    }

    /** The integral along {@code dim} by the trapezoidal rule, of samples at distance {@code dx}. */
    default Tensor trapezoid(double dx, int dim) {
        int axis = sampled("trapezoid", dim);
        return Tape.composite("trapezoid", () -> {
            if (self().size(axis) == 0) {
                return self().sum(axis).to(self().dtype());
            }
            Tensor ends = self().select(axis, 0).add(self().select(axis, -1));
            return self().sum(axis).sub(ends.mul(0.5)).mul(dx);
        });
    }

    default Tensor trapezoid(Tensor x) {
        return trapezoid(x, -1);
    }

    /** The integral along {@code dim} of samples at {@code x}: one coordinate for each, or a tensor that broadcasts to this one. */
    default Tensor trapezoid(Tensor x, int dim) {
        int axis = sampled("trapezoid", dim);
        return Tape.composite(
                "trapezoid",
                () -> self().size(axis) == 0
                        ? self().sum(axis).to(self().dtype())
                        : panels(x, axis).sum(axis).div(2));
    }

    /** As {@link #trapezoid(Tensor)}. */
    default Tensor trapz(Tensor x) {
        return trapezoid(x);
    }

    /** As {@link #trapezoid(Tensor, int)}. */
    default Tensor trapz(Tensor x, int dim) {
        return trapezoid(x, dim);
    }

    /** The integral up to each sample but the first, along the last dimension, at distance 1. */
    default Tensor cumulativeTrapezoid() {
        return cumulativeTrapezoid(1, -1);
    }

    default Tensor cumulativeTrapezoid(double dx, int dim) {
        int axis = sampled("cumulativeTrapezoid", dim);
        return Tape.composite(
                "cumulativeTrapezoid", () -> neighbours(axis).mul(dx / 2).cumsum(axis));
    }

    default Tensor cumulativeTrapezoid(Tensor x, int dim) {
        int axis = sampled("cumulativeTrapezoid", dim);
        return Tape.composite(
                "cumulativeTrapezoid", () -> panels(x, axis).cumsum(axis).div(2));
    }

    private int sampled(String op, int dim) {
        if (self().dim() == 0) {
            throw new IllegalArgumentException(op + " needs a tensor with at least one dimension");
        }
        return self().shape().axis(dim);
    }

    /** {@code y[i] + y[i+1]}. */
    private Tensor neighbours(int axis) {
        long n = Math.max(0, self().size(axis) - 1);
        return self().narrow(axis, 0, n).add(self().narrow(axis, self().size(axis) - n, n));
    }

    private Tensor panels(Tensor x, int axis) {
        NullArgument.check(x, "x");
        if (x.dim() == 1 && x.size(0) != self().size(axis)) {
            throw new IllegalArgumentException("trapezoid: " + x.size(0) + " coordinates for " + self().size(axis)
                    + " samples along dimension " + axis + " of shape " + self().shape());
        }
        Tensor at = x;
        if (x.dim() == 1) {
            at = x.reshape(Shape.fill(self().dim(), 1).with(axis, x.size(0)));
        } else {
            while (at.dim() < self().dim()) {
                at = at.unsqueeze(0);
            }
        }
        return neighbours(axis).mul(at.diff(1, axis));
    }

    // ---- derivatives

    /** Estimates of the derivative along each dimension, of samples at distance 1; see {@link #gradient(double[], int[], int)}. */
    default List<Tensor> gradient() {
        return gradient(1);
    }

    /** As {@link #gradient()}, of samples at distance {@code spacing} in all dimensions. */
    default List<Tensor> gradient(double spacing) {
        return gradient(spacings(spacing, self().dim()), axes(), 1);
    }

    private int[] axes() {
        int[] dims = new int[self().dim()];
        Arrays.setAll(dims, d -> d);
        return dims;
    }

    private static double[] spacings(double spacing, int n) {
        double[] all = new double[n];
        Arrays.fill(all, spacing);
        return all;
    }

    /** Along each of {@code dims}, of samples at distance {@code spacing}. */
    default List<Tensor> gradient(double spacing, int... dims) {
        return gradient(spacings(spacing, dims.length), dims, 1);
    }

    /** As {@link #gradient()}, with a 1-d tensor of coordinates for each dimension. */
    default List<Tensor> gradient(List<Tensor> coordinates) {
        return gradient(coordinates, axes(), 1);
    }

    default List<Tensor> gradient(List<Tensor> coordinates, int... dims) {
        return gradient(coordinates, dims, 1);
    }

    /**
     * Estimates of the derivative along each of {@code dims} by central differences, and by one-sided ones of {@code edgeOrder} 1
     * or 2 at both ends. Each has this tensor's shape.
     *
     * @param spacing the distance of samples along each of {@code dims}
     * @throws IllegalArgumentException if a dimension has fewer than {@code edgeOrder + 1} samples
     */
    default List<Tensor> gradient(double[] spacing, int[] dims, int edgeOrder) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            int axis = checked(dims, i, spacing.length, edgeOrder);
            double h = spacing[i];
            out.add(Tape.composite("gradient", () -> rounded(x -> x.evenly(axis, h, edgeOrder))));
        }
        return out;
    }

    /** As {@link #gradient(double[], int[], int)}, with a 1-d tensor of coordinates for each of {@code dims}. */
    default List<Tensor> gradient(List<Tensor> coordinates, int[] dims, int edgeOrder) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            int axis = checked(dims, i, coordinates.size(), edgeOrder);
            Tensor at = coordinates.get(i);
            if (at.dim() != 1 || at.size(0) != self().size(axis)) {
                throw new IllegalArgumentException("gradient: coordinates of shape " + at.shape() + " for "
                        + self().size(axis) + " samples along dimension " + axis + " of shape " + self().shape());
            }
            out.add(Tape.composite("gradient", () -> rounded(x -> x.unevenly(axis, wide(at), edgeOrder))));
        }
        return out;
    }

    private int checked(int[] dims, int i, int spacings, int edgeOrder) {
        if (spacings != dims.length) {
            throw new IllegalArgumentException(
                    "gradient: " + spacings + " spacings for " + dims.length + " dimensions");
        }
        if (edgeOrder != 1 && edgeOrder != 2) {
            throw new IllegalArgumentException("gradient: edgeOrder is 1 or 2, got " + edgeOrder);
        }
        int axis = self().shape().axis(dims[i]);
        if (self().dim() == 0 || self().size(axis) < edgeOrder + 1) {
            throw new IllegalArgumentException("gradient along dimension " + axis + " of shape " + self().shape()
                    + " needs at least edgeOrder + 1 = " + (edgeOrder + 1) + " samples");
        }
        return axis;
    }

    private Tensor wide(Tensor x) {
        return x.dtype().isHalf() ? x.to(x.dtype().compute()) : x;
    }

    /** {@code f} of this in the type in which a half's arithmetic is done, rounded once. */
    private Tensor rounded(Function<Calculus, Tensor> f) {
        DType type = self().dtype();
        Tensor y = f.apply(wide(self()));
        return type.isHalf() ? y.to(type) : y;
    }

    /** Samples {@code from, from+1, …}, {@code count} of them; negative from the end. */
    private Tensor samples(int axis, long from, long count) {
        return self().narrow(axis, from < 0 ? from + self().size(axis) : from, count);
    }

    private Tensor evenly(int axis, double h, int edgeOrder) {
        long n = self().size(axis);
        List<Tensor> parts = new ArrayList<>();
        if (edgeOrder == 1) {
            parts.add(samples(axis, 1, 1).sub(samples(axis, 0, 1)).div(h));
        } else {
            Tensor far = samples(axis, 0, 1).mul(3).add(samples(axis, 2, 1)); // 3a - 4b + c, from the inside
            parts.add(samples(axis, 1, 1).mul(4).sub(far).div(2 * h));
        }
        if (n > 2) {
            parts.add(samples(axis, 2, n - 2).sub(samples(axis, 0, n - 2)).div(2 * h));
        }
        if (edgeOrder == 1) {
            parts.add(samples(axis, -1, 1).sub(samples(axis, -2, 1)).div(h));
        } else {
            Tensor far = samples(axis, -1, 1).mul(3).add(samples(axis, -3, 1));
            parts.add(far.sub(samples(axis, -2, 1).mul(4)).div(2 * h));
        }
        return Tensors.cat(parts, axis);
    }

    private Tensor unevenly(int axis, Tensor at, int edgeOrder) {
        long n = self().size(axis);
        long[] column = Shape.fill(self().dim(), 1).with(axis, n - 1).toArray();
        Tensor steps = at.diff().reshape(column);
        List<Tensor> parts = new ArrayList<>();
        Tensor d1 = steps.narrow(axis, 0, n - 2);
        Tensor d2 = steps.narrow(axis, 1, n - 2);
        if (edgeOrder == 1) {
            parts.add(samples(axis, 1, 1).sub(samples(axis, 0, 1)).div(steps.narrow(axis, 0, 1)));
        } else {
            parts.add(parabola(axis, 0, d1.narrow(axis, 0, 1), d2.narrow(axis, 0, 1), -1));
        }
        if (n > 2) {
            Tensor a = d2.neg().div(d1.mul(d1.add(d2))).mul(samples(axis, 0, n - 2));
            Tensor b = d2.sub(d1).div(d1.mul(d2)).mul(samples(axis, 1, n - 2));
            Tensor c = d1.div(d2.mul(d1.add(d2))).mul(samples(axis, 2, n - 2));
            parts.add(a.add(b).add(c));
        }
        if (edgeOrder == 1) {
            parts.add(samples(axis, -1, 1).sub(samples(axis, -2, 1)).div(steps.narrow(axis, n - 2, 1)));
        } else {
            parts.add(parabola(axis, n - 3, d1.narrow(axis, n - 3, 1), d2.narrow(axis, n - 3, 1), 1));
        }
        return Tensors.cat(parts, axis);
    }

    /** The slope of the parabola through three samples from {@code from} on, at the first (-1) or the last (1) of them. */
    private Tensor parabola(int axis, long from, Tensor d1, Tensor d2, int end) {
        Tensor sum = d1.add(d2);
        Tensor a = end < 0 ? d1.add(sum).neg() : d2;
        Tensor b = end < 0 ? sum : sum.neg();
        Tensor c = end < 0 ? d1.neg() : d2.add(sum);
        return a.div(d1.mul(sum))
                .mul(samples(axis, from, 1))
                .add(b.div(d1.mul(d2)).mul(samples(axis, from + 1, 1)))
                .add(c.div(d2.mul(sum)).mul(samples(axis, from + 2, 1)));
    }
}
