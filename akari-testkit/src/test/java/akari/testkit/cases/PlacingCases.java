package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;

import akari.core.DType;
import akari.tensor.Index;
import akari.tensor.Slice;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** Brackets, and what places elements by index and by mask. */
final class PlacingCases extends Family {
    PlacingCases() {
        brackets();
        puts();
        slices();
        scatters();
        masks();
        flat();
    }

    private interface Brackets {
        Index[] at(Tensor y, Tensor z);
    }

    /** x of shape [4, 3, 5] and index tensors y, z of shapes that broadcast. */
    private void bracket(String torch, Brackets akari) {
        add(
                "x[" + torch + "]",
                d -> new Question(
                        "x[" + torch + "]",
                        t -> List.of(t[0].index(akari.at(t[1], t[2]))),
                        Operand.of(ANY, 4, 3, 5),
                        d.whole(DType.INT64, -3, 2, 2, 1),
                        d.whole(DType.INT64, -3, 2, 3)));
    }

    private void brackets() {
        bracket("y", (y, z) -> new Index[] {y});
        bracket("y, z", (y, z) -> new Index[] {y, z});
        bracket("y, z, y", (y, z) -> new Index[] {y, z, y});
        bracket(":, y, z", (y, z) -> new Index[] {Slice.ALL, y, z});
        bracket("y, :, z", (y, z) -> new Index[] {y, Slice.ALL, z});
        bracket(":, :, z", (y, z) -> new Index[] {Slice.ALL, Slice.ALL, z});
        bracket("..., 1:", (y, z) -> new Index[] {Index.ELLIPSIS, Slice.from(1)});
        bracket("1:3, y, ::2", (y, z) -> new Index[] {Slice.of(1, 3), y, Slice.every(2)});
        bracket("None, y, None, 1:", (y, z) -> new Index[] {Index.NEW_AXIS, y, Index.NEW_AXIS, Slice.from(1)});
        bracket("1, :, y", (y, z) -> new Index[] {Index.at(1), Slice.ALL, y});
        bracket("-1, ..., 0", (y, z) -> new Index[] {Index.at(-1), Index.ELLIPSIS, Index.at(0)});
        add("x[mask]", d -> {
            long[] shape = d.shape(1, 3);
            long[] part = Arrays.copyOf(shape, d.between(1, shape.length));
            return new Question("x[y]", Operand.of(ANY, shape), d.booleans(part), (x, y) -> x.index(y));
        });
        add("x[:, mask]", d -> {
            long[] shape = d.shape(2, 3);
            return new Question(
                    "x[:, y]", Operand.of(ANY, shape), d.booleans(shape[1]), (x, y) -> x.index(Slice.ALL, y));
        });
        add(
                "x[mask, 1:, y]",
                d -> new Question(
                        "x[z, 1:, y]",
                        t -> List.of(t[0].index(t[2], Slice.from(1), t[1])),
                        Operand.of(ANY, 3, 3, 4),
                        d.whole(DType.INT64, -4, 3, 1),
                        d.booleans(3)));
    }

    private void puts() {
        for (boolean accumulate : new boolean[] {false, true}) {
            add("torch.index_put(x, [y], z, " + accumulate + ")", d -> {
                // repeated indices have no order in PyTorch
                double[] order = accumulate ? new double[] {1, -1, 1} : new double[] {1, -1, 0};
                return new Question(
                        format("torch.index_put(x, [z], y, %s)", python(accumulate)),
                        t -> List.of(t[0].indexPut(List.of(t[2]), t[1], accumulate)),
                        Operand.of(MODERATE, 4, d.between(1, 3)),
                        Operand.of(MODERATE, 3, 1),
                        Operand.of(DType.INT64, akari.core.Shape.of(3), order));
            });
        }
        add(
                "h[1:, y] = z",
                d -> new Question(
                        "h = x * 1\nh[1:, z] = y\nh",
                        t -> List.of(t[0].mul(1).set(t[1], Slice.from(1), t[2])),
                        Operand.of(MODERATE, 3, 4),
                        Operand.of(MODERATE, d.coin() ? 1 : 2, 1),
                        Operand.of(DType.INT64, akari.core.Shape.of(2), 3, 0)));
        add("h[mask] = y", d -> {
            long[] shape = d.full(1, 3);
            return new Question(
                    "h = x * 1\nh[z] = y\nh",
                    t -> List.of(t[0].mul(1).set(t[1], t[2])),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE),
                    d.booleans(shape));
        });
        add(
                "h[..., 0] = 3",
                d -> new Question(
                        "h = x * 1\nh[..., 0] = 3\nh",
                        Operand.of(MODERATE, d.full(1, 3)),
                        x -> x.mul(1).set(3, Index.ELLIPSIS, Index.at(0))));
    }

    private void slices() {
        for (String op : new String[] {"index_add", "index_copy"}) {
            add("torch." + op + "(x, dim, z, y)", d -> {
                long[] shape = d.full(1, 3);
                int dim = d.dim(shape);
                int axis = Math.floorMod(dim, shape.length);
                long[] part = shape.clone();
                part[axis] = 2;
                boolean sum = op.equals("index_add");
                double last = sum ? 0 : 1;
                return new Question(
                        format("torch.%s(x, %d, z, y)", op, dim),
                        t -> List.of(sum ? t[0].indexAdd(dim, t[2], t[1]) : t[0].indexCopy(dim, t[2], t[1])),
                        Operand.of(MODERATE, shape),
                        Operand.of(MODERATE, part),
                        Operand.of(DType.INT64, akari.core.Shape.of(2), 0, last));
            });
        }
        add(
                "torch.index_add(x, 0, z, y, alpha=2)",
                d -> new Question(
                        "torch.index_add(x, 0, z, y, alpha=2)",
                        t -> List.of(t[0].indexAdd(0, t[2], t[1], 2)),
                        Operand.of(MODERATE, 3, 2),
                        Operand.of(MODERATE, 4, 2),
                        d.indices(3, 4)));
        add("torch.index_fill(x, dim, y, 3)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            return new Question(
                    format("torch.index_fill(x, %d, y, 3)", dim),
                    Operand.of(ANY, shape),
                    d.indices(2, d.size()),
                    (x, y) -> x.indexFill(dim, y, 3));
        });
        add(
                "torch.index_select of a number",
                d -> new Question(
                        "torch.index_select(x, 0, y)",
                        Operand.of(ANY),
                        d.indices(1, 1),
                        (x, y) -> x.indexSelect(0, y)));
    }

    private void scatters() {
        for (String op : new String[] {"scatter_add", "sum", "prod", "mean", "amax", "amin"}) {
            for (boolean self : new boolean[] {true, false}) {
                if (op.equals("scatter_add")) continue;
                add(format("torch.scatter_reduce(x, dim, z, y, %s, include_self=%s)", op, python(self)), d -> {
                    long[] shape = d.full(1, 3);
                    int dim = d.between(0, shape.length - 1);
                    long[] part = smaller(d, shape, dim);
                    return new Question(
                            format("torch.scatter_reduce(x, %d, z, y, '%s', include_self=%s)", dim, op, python(self)),
                            t -> List.of(t[0].scatterReduce(dim, t[2], t[1], op, self)),
                            Operand.of(MODERATE, shape),
                            Operand.of(MODERATE, part),
                            d.indices((int) shape[dim], part));
                });
            }
        }
        add("torch.scatter(x, dim, y, 2)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.between(0, shape.length - 1);
            var index = d.indices((int) shape[dim], smaller(d, shape, dim));
            return new Question(
                    format("torch.scatter(x, %d, y, 2)", dim),
                    Operand.of(ANY, shape),
                    index,
                    (x, y) -> x.scatter(dim, y, 2));
        });
        add(
                "torch.scatter(x, 1, z, y)",
                d -> new Question(
                        "torch.scatter(x, 1, z, y)",
                        t -> List.of(t[0].scatter(1, t[2], t[1])),
                        Operand.of(ANY, 2, 4),
                        Operand.of(ANY, 2, 3),
                        Operand.of(DType.INT64, akari.core.Shape.of(2, 2), 2, 0, 1, 3)));
        add(
                "x.scatter(…, reduce='multiply')",
                d -> new Question(
                        "x.detach().scatter(0, z, y.detach(), reduce='multiply')",
                        t -> List.of(t[0].detach().scatter(0, t[2], t[1].detach(), "multiply")),
                        Operand.of(MODERATE, 4).constant(),
                        Operand.of(MODERATE, 3).constant(),
                        d.indices(4, 3)));
        add(
                "torch.gather of numbers",
                d -> new Question("torch.gather(x, 0, y)", Operand.of(ANY), d.indices(1), (x, y) -> x.gather(0, y)));
        add(
                "torch.take_along_dim(x, y, 1)",
                d -> new Question(
                        "torch.take_along_dim(x, y, 1)",
                        Operand.of(ANY, 3, 4),
                        d.indices(4, d.coin() ? 1 : 3, d.size()),
                        (x, y) -> x.takeAlongDim(y, 1)));
    }

    private static long[] smaller(Draw d, long[] shape, int axis) {
        long[] part = shape.clone();
        for (int i = 0; i < part.length; i++) part[i] = i == axis ? d.size() : d.between(1, (int) part[i]);
        return part;
    }

    private void masks() {
        add("torch.masked_select(x, y)", d -> {
            long[] shape = d.shape(0, 3);
            return new Question(
                    "torch.masked_select(x, y)",
                    Operand.of(ANY, shape),
                    d.booleans(d.broadcast(shape)),
                    Tensor::maskedSelect);
        });
        add("torch.masked_fill(x, z, y)", d -> {
            long[] shape = d.shape(0, 3);
            return new Question(
                    "torch.masked_fill(x, z, y)",
                    t -> List.of(t[0].maskedFill(t[2], t[1])),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE),
                    d.booleans(d.broadcast(shape)));
        });
        add("torch.masked_scatter(x, z, y)", d -> {
            long[] shape = d.full(1, 3);
            return new Question(
                    "torch.masked_scatter(x, z, y)",
                    t -> List.of(t[0].maskedScatter(t[2], t[1])),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, shape),
                    d.booleans(d.broadcast(shape)));
        });
        add("h.masked_fill_(y, 2)", d -> {
            long[] shape = d.shape(0, 3);
            return new Question(
                    "h = x * 1\nh.masked_fill_(y, 2)\nh",
                    Operand.of(ANY, shape),
                    d.booleans(d.broadcast(shape)),
                    (x, y) -> x.mul(1).maskedFill_(y, 2));
        });
        unary("torch.nonzero(x)", ANY, Tensor::nonzero);
        unary("torch.argwhere(x)", ANY, Tensor::argwhere);
        add(
                "torch.where(x > 0)",
                d -> new Question(
                        "torch.where(x > 0)",
                        t -> Tensors.where(t[0].gt(0)),
                        Operand.of(MODERATE, d.shape(0, 3)).constant()));
        add("torch.where(y, x, 2)", d -> {
            long[] shape = d.shape(0, 3);
            return new Question(
                    "torch.where(y, x, 2)", Operand.of(ANY, shape), d.booleans(shape), (x, y) -> x.where(y, 2));
        });
        add("torch.where(y, 0.5, x)", d -> {
            long[] shape = d.shape(0, 3);
            return new Question(
                    "torch.where(y, 0.5, x)",
                    Operand.of(ANY, shape),
                    d.booleans(shape),
                    (x, y) -> Tensors.where(y, 0.5, x));
        });
    }

    private void flat() {
        add(
                "torch.take(x, y)",
                d -> new Question(
                        "torch.take(x, y)",
                        Operand.of(ANY, 2, 3),
                        d.whole(DType.INT64, -6, 5, d.shape(0, 3)),
                        Tensor::take));
        for (boolean accumulate : new boolean[] {false, true}) {
            add(
                    "torch.put(x, z, y, " + accumulate + ")",
                    d -> new Question(
                            format("torch.put(x, z, y, %s)", python(accumulate)),
                            t -> List.of(t[0].put(t[2], t[1], accumulate)),
                            Operand.of(MODERATE, 2, 3),
                            Operand.of(MODERATE, 2, 2),
                            Operand.of(DType.INT64, akari.core.Shape.of(4), 0, -1, 2, accumulate ? 2 : 3)));
        }
    }
}
