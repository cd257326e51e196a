package akari.tensor;

import akari.backend.Layout;
import akari.backend.View;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shapes and views. A view shares its base's memory; {@link #reshape} copies only where no view exists. */
public sealed interface Shaping permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The same elements in row-major order under another shape; one size may be -1. A view where possible. */
    default Tensor reshape(long... shape) {
        Shape target = resolve(self().shape(), shape);
        return Tape.apply(new ShapingOps.Reshape(target), self());
    }

    default Tensor reshape(int[] shape) {
        return reshape(Shape.of(shape).toArray());
    }

    default Tensor reshape(Shape shape) {
        return reshape(shape.toArray());
    }

    /** As {@link #reshape}, but never copies: fails where the memory does not allow a view. */
    default Tensor view(long... shape) {
        Shape target = resolve(self().shape(), shape);
        if (self().view.layout().reshape(target) == null) {
            throw new IllegalArgumentException(
                    "shape " + self().shape() + " with strides " + Arrays.toString(self().stride())
                            + " cannot be viewed as " + target + "; use reshape, which copies");
        }
        return Tape.apply(new ShapingOps.Reshape(target), self());
    }

    default Tensor view(Shape shape) {
        return view(shape.toArray());
    }

    default Tensor view(int[] shape) {
        return view(Shape.of(shape).toArray());
    }

    private static Shape resolve(Shape from, long[] wanted) {
        NullArgument.check(wanted, "wanted");
        long[] sizes = wanted.clone();
        int open = -1;
        long known = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1 && open < 0) {
                open = i;
            } else if (sizes[i] < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(wanted) + " has more than one open or a negative size");
            } else {
                known *= sizes[i];
            }
        }
        if (open >= 0 && known > 0 && from.numel() % known == 0) {
            sizes[open] = from.numel() / known;
        }
        Shape target = Shape.of(sizes);
        if (open >= 0 && sizes[open] < 0 || target.numel() != from.numel()) {
            throw ShapeMismatches.reshape(from, wanted);
        }
        return target;
    }

    /** Merges dimensions {@code start .. end} (inclusive, negative from the end) into one. */
    default Tensor flatten(int start, int end) {
        Shape s = self().shape();
        if (s.rank() == 0) {
            return reshape(1);
        }
        int a = s.axis(start);
        int b = s.axis(end);
        if (a > b) {
            throw new IllegalArgumentException(
                    "flatten: start " + start + " lies behind end " + end + " in shape " + s);
        }
        if (a == b) {
            return self();
        }
        long[] out = new long[s.rank() - (b - a)];
        Arrays.fill(out, 1);
        for (int d = 0; d < s.rank(); d++) {
            out[d <= a ? d : d <= b ? a : d - (b - a)] *= s.get(d);
        }
        return reshape(out);
    }

    default Tensor flatten(int start) {
        return flatten(start, -1);
    }

    /** All elements in one dimension. */
    default Tensor flatten() {
        return flatten(0, -1);
    }

    /** Those of the dimensions {@code dims} that have size 1 disappear. */
    default Tensor squeeze(int... dims) {
        NullArgument.check(dims, "dims");
        Tensor x = self();
        boolean[] named = new boolean[x.dim()];
        for (int d : dims) {
            int axis = x.shape().axis(d);
            if (x.dim() > 0) {
                if (named[axis]) {
                    throw new IllegalArgumentException(
                            "squeeze: dimension " + d + " appears twice in " + Arrays.toString(dims));
                }
                named[axis] = true;
            }
        }
        return relaid(x.view.layout().squeeze(named));
    }

    /** Without all dimensions of size 1. */
    default Tensor squeeze() {
        boolean[] all = new boolean[self().dim()];
        Arrays.fill(all, true);
        return relaid(self().view.layout().squeeze(all));
    }

    /** With a dimension of size 1 at {@code dim}. */
    default Tensor unsqueeze(int dim) {
        return relaid(self().view.layout().unsqueeze(dim));
    }

    private Tensor relaid(Layout layout) {
        return Tape.apply(new ShapingOps.Reshape(layout.shape()), self());
    }

    /** Dimension {@code dim} as several of the given sizes, one of which may be -1. */
    default Tensor unflatten(int dim, long... sizes) {
        Shape s = self().shape();
        int d = s.axis(dim);
        Shape parts = resolve(Shape.of(s.rank() == 0 ? 1 : s.get(d)), sizes);
        long[] out = new long[Math.max(0, s.rank() - 1) + parts.rank()];
        for (int i = 0; i < out.length; i++) {
            int p = i - d;
            out[i] = p < 0 ? s.get(i) : p < parts.rank() ? parts.get(p) : s.get(i - parts.rank() + 1);
        }
        return view(out);
    }

    default Tensor unflatten(int dim, Shape sizes) {
        return unflatten(dim, sizes.toArray());
    }

    default Tensor unflatten(int dim, int[] sizes) {
        return unflatten(dim, Shape.of(sizes).toArray());
    }

    /** As {@link #flatten()}. */
    default Tensor ravel() {
        return reshape(-1);
    }

    /** {@link #view(long...)} of the shape of {@code other}. */
    default Tensor viewAs(Tensor other) {
        return view(other.shape().toArray());
    }

    /** {@link #reshape(long...)} to the shape of {@code other}. */
    default Tensor reshapeAs(Tensor other) {
        return reshape(other.shape());
    }

    /**
     * The same bytes as elements of another type, without a gradient. A type of other size changes the last dimension, which must then lie
     * in a row.
     */
    default Tensor view(DType dtype) {
        Tensor x = self();
        Layout layout = x.view.layout().reinterpret(x.dtype().bytes(), dtype.bytes());
        return new Tensor(x.backend(), new View(x.view.buffer(), dtype, layout));
    }

    /** Broadcast to {@code shape} without copying; -1 keeps a size. */
    default Tensor expand(long... shape) {
        NullArgument.check(shape, "shape");
        long[] sizes = shape.clone();
        int lead = sizes.length - self().dim();
        for (int d = 0; d < sizes.length; d++) {
            if (sizes[d] == -1 && d >= lead) {
                sizes[d] = self().size(d - lead);
            }
        }
        Shape target = Shape.of(sizes);
        return Tape.apply(new ShapingOps.Expand(target), self());
    }

    default Tensor expand(Shape shape) {
        return expand(shape.toArray());
    }

    default Tensor expand(int[] shape) {
        return expand(Shape.of(shape).toArray());
    }

    /** {@link #expand} to the shape of {@code other}. */
    default Tensor expandAs(Tensor other) {
        return expand(other.shape().toArray());
    }

    /** As {@link #expand}. */
    default Tensor broadcastTo(long... shape) {
        return expand(shape);
    }

    default Tensor broadcastTo(Shape shape) {
        return broadcastTo(shape.toArray());
    }

    default Tensor broadcastTo(int[] shape) {
        return broadcastTo(Shape.of(shape).toArray());
    }

    /** {@link #sumTo} as PyTorch calls it. */
    default Tensor sumToSize(long... shape) {
        return sumTo(Shape.of(shape));
    }

    default Tensor sumToSize(Shape shape) {
        return sumToSize(shape.toArray());
    }

    default Tensor sumToSize(int[] shape) {
        return sumToSize(Shape.of(shape).toArray());
    }

    /** Summed over the dimensions in which {@code shape} was broadcast to this shape: the gradient of {@link #expand}. */
    default Tensor sumTo(Shape shape) {
        Tensor x = self();
        if (shape.equals(x.shape())) {
            return x;
        }
        int lead = x.dim() - shape.rank();
        boolean fits = lead >= 0;
        for (int d = 0; fits && d < shape.rank(); d++) {
            fits = shape.get(d) == 1 || shape.get(d) == x.size(d + lead);
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "shape " + shape + " does not broadcast to " + x.shape() + ", so that there is no sum back to it");
        }
        List<Integer> dims = new ArrayList<>();
        for (int d = 0; d < x.dim(); d++) {
            if (d < lead || shape.get(d - lead) == 1 && x.size(d) != 1) {
                dims.add(d);
            }
        }
        return dims.isEmpty()
                ? x.reshape(shape)
                : x.sum(dims.stream().mapToInt(d -> d).toArray(), true).reshape(shape);
    }
}
