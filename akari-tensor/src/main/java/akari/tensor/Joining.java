package akari.tensor;

import akari.core.DType;
import akari.core.Shape;
import akari.errors.NullArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Functions of several tensors that join them or spread them over each other, as {@code Tensors.cat(…)}. */
public abstract sealed class Joining extends Creation permits RandomTensors {
    Joining() {}

    // ---- one behind the other

    /** Concatenation along {@code dim}; the types are promoted, and vectors without an element do not count. */
    public static Tensor cat(List<Tensor> tensors, int dim) {
        present(tensors);
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException("cat needs at least one tensor");
        }
        List<Tensor> full = tensors;
        if (tensors.stream().anyMatch(Joining::isNothing)) {
            full = tensors.stream().filter(t -> !isNothing(t)).toList();
            full = full.isEmpty() || full.getFirst().dim() == 1 ? tensors : full;
        }
        for (int i = 0; i < full.size(); i++) {
            if (full.get(i).dim() == 0) {
                throw new IllegalArgumentException("cat: tensor " + i + " is 0-d; stack joins numbers");
            }
        }
        DType type = Elementwise.promoted(tensors.toArray(Tensor[]::new));
        Tensor[] in = full.stream().map(t -> t.dtype() == type ? t : t.to(type)).toArray(Tensor[]::new);
        return Tape.apply(new ShapingOps.Cat(in[0].shape().axis(dim)), in);
    }

    private static List<Tensor> present(List<Tensor> tensors) {
        NullArgument.check(tensors, "the list of tensors");
        for (Tensor t : tensors) {
            if (t == null) {
                throw NullArgument.among(tensors.toArray());
            }
        }
        return tensors;
    }

    private static boolean isNothing(Tensor t) {
        return t.dim() == 1 && t.numel() == 0;
    }

    public static Tensor cat(List<Tensor> tensors) {
        return cat(tensors, 0);
    }

    /** As {@link #cat(List, int)}. */
    public static Tensor concat(List<Tensor> tensors, int dim) {
        return cat(tensors, dim);
    }

    public static Tensor concat(List<Tensor> tensors) {
        return cat(tensors, 0);
    }

    /** As {@link #cat(List, int)}. */
    public static Tensor concatenate(List<Tensor> tensors, int dim) {
        return cat(tensors, dim);
    }

    public static Tensor concatenate(List<Tensor> tensors) {
        return cat(tensors, 0);
    }

    /** Tensors of one shape along a new dimension {@code dim}. */
    public static Tensor stack(List<Tensor> tensors, int dim) {
        for (Tensor t : tensors) {
            if (!t.shape().equals(tensors.getFirst().shape())) {
                throw new IllegalArgumentException(
                        "stack: shapes " + tensors.getFirst().shape() + " and " + t.shape() + " differ");
            }
        }
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException("stack needs at least one tensor");
        }
        int rank = tensors.getFirst().dim() + 1;
        int d = Shape.fill(rank, 1).axis(dim);
        return cat(present(tensors).stream().map(t -> t.unsqueeze(d)).toList(), d);
    }

    public static Tensor stack(List<Tensor> tensors) {
        return stack(tensors, 0);
    }

    /** Side by side: vectors along dimension 0, all others along 1. */
    public static Tensor hstack(List<Tensor> tensors) {
        List<Tensor> all = atleast1d(tensors);
        return cat(all, !all.isEmpty() && all.getFirst().dim() == 1 ? 0 : 1);
    }

    /** On top of each other: rows along dimension 0. */
    public static Tensor vstack(List<Tensor> tensors) {
        return cat(atleast2d(tensors), 0);
    }

    /** As {@link #vstack}. */
    public static Tensor rowStack(List<Tensor> tensors) {
        return vstack(tensors);
    }

    /** Behind each other: along dimension 2. */
    public static Tensor dstack(List<Tensor> tensors) {
        return cat(atleast3d(tensors), 2);
    }

    /** Vectors and numbers as columns, side by side. */
    public static Tensor columnStack(List<Tensor> tensors) {
        return hstack(present(tensors).stream()
                .map(t -> t.dim() < 2 ? t.reshape(t.numel(), 1) : t)
                .toList());
    }

    /** Matrices along the diagonal of zeros; vectors are rows, numbers 1×1. */
    public static Tensor blockDiag(List<Tensor> tensors) {
        if (tensors.isEmpty()) {
            return zeros(1, 0);
        }
        List<Tensor> blocks = atleast2d(tensors);
        long rows = 0;
        long columns = 0;
        for (Tensor t : blocks) {
            if (t.dim() > 2) {
                throw new IllegalArgumentException("blockDiag takes matrices, got shape " + t.shape());
            }
            rows += t.size(0);
            columns += t.size(1);
        }
        DType type = Elementwise.promoted(tensors.toArray(Tensor[]::new));
        Tensor out = blocks.getFirst().like(type, Shape.of(rows, columns)).zero_();
        long row = 0;
        long column = 0;
        for (Tensor t : blocks) {
            out.narrow(0, row, t.size(0)).narrow(1, column, t.size(1)).copy_(t);
            row += t.size(0);
            column += t.size(1);
        }
        return out;
    }

    // ---- over each other

    public static List<Tensor> atleast1d(List<Tensor> tensors) {
        return present(tensors).stream().map(Tensor::atleast1d).toList();
    }

    public static List<Tensor> atleast2d(List<Tensor> tensors) {
        return present(tensors).stream().map(Tensor::atleast2d).toList();
    }

    public static List<Tensor> atleast3d(List<Tensor> tensors) {
        return present(tensors).stream().map(Tensor::atleast3d).toList();
    }

    /** The shape to which all of them broadcast. */
    public static Shape broadcastShapes(Shape... shapes) {
        NullArgument.check(shapes, "shapes");
        return Arrays.stream(shapes).reduce(Shape.SCALAR, Shape::broadcast);
    }

    /** All tensors expanded to the shape to which they broadcast. */
    public static List<Tensor> broadcastTensors(List<Tensor> tensors) {
        Shape common =
                broadcastShapes(present(tensors).stream().map(Tensor::shape).toArray(Shape[]::new));
        return tensors.stream().map(t -> t.expand(common.toArray())).toList();
    }

    /** Vectors as coordinates of a grid, all of its shape; {@code "xy"} counts the first two dimensions the other way round than {@code "ij"}. */
    public static List<Tensor> meshgrid(List<Tensor> axes, String indexing) {
        boolean swap = indexing.equals("xy") && axes.size() > 1;
        if (!indexing.equals("ij") && !indexing.equals("xy")) {
            throw new IllegalArgumentException("meshgrid: indexing is \"ij\" or \"xy\", got \"" + indexing + "\"");
        }
        if (axes.isEmpty()
                || present(axes).stream()
                        .anyMatch(
                                t -> t.dim() > 1 || t.dtype() != axes.getFirst().dtype())) {
            throw new IllegalArgumentException("meshgrid takes at least one vector, all of one type, got "
                    + axes.stream().map(t -> t.dtype() + " " + t.shape()).toList());
        }
        int rank = axes.size();
        long[] shape = axes.stream().mapToLong(Tensor::numel).toArray();
        List<Tensor> out = new ArrayList<>();
        for (int d = 0; d < rank; d++) {
            long[] column = new long[rank];
            Arrays.fill(column, 1);
            column[d] = shape[d];
            Tensor grid = axes.get(d).reshape(column).expand(shape);
            out.add(swap ? grid.transpose(0, 1) : grid);
        }
        return out;
    }

    /** {@code meshgrid} with indexing {@code "ij"}. */
    public static List<Tensor> meshgrid(List<Tensor> axes) {
        return meshgrid(axes, "ij");
    }

    /** All combinations of one element of each vector, a row each. */
    public static Tensor cartesianProd(List<Tensor> axes) {
        if (present(axes).stream().anyMatch(t -> t.dim() != 1)) {
            throw new IllegalArgumentException("cartesianProd takes vectors, got "
                    + axes.stream().map(Tensor::shape).toList());
        }
        if (axes.size() == 1) {
            return axes.getFirst();
        }
        return stack(meshgrid(axes).stream().map(Tensor::flatten).toList(), 1);
    }

    // ---- by a condition

    /** {@code x} where {@code condition} (bool) is true, {@code y} elsewhere. */
    public static Tensor where(Tensor condition, Tensor x, Tensor y) {
        return x.where(condition, y);
    }

    public static Tensor where(Tensor condition, Tensor x, Number y) {
        return x.where(condition, y);
    }

    public static Tensor where(Tensor condition, Number x, Tensor y) {
        return scalarLike(y, x).where(condition, y);
    }

    /** Of whole numbers int64, with a fraction of the default type. */
    public static Tensor where(Tensor condition, Number x, Number y) {
        DType type = Elementwise.promoted(Elementwise.promoted(DType.INT64, x), y);
        return asTensor(x).to(type).where(condition, asTensor(y).to(type));
    }

    /** Whether {@code element} is among {@code testElements}; a 0-d bool tensor. */
    public static Tensor isin(Number element, Tensor testElements) {
        return testElements.eq(element).any();
    }

    /** The indices of the true elements, a tensor a dimension. */
    public static List<Tensor> where(Tensor condition) {
        return condition.nonzeroAsTuple();
    }
}
