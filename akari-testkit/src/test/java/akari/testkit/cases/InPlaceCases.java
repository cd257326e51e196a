package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import java.util.Map;

/** Indexing in place, other shapes and types by example, and small constructors. */
final class InPlaceCases extends Family {
    private interface Place {
        Tensor apply(Tensor x, int dim, Tensor index, Tensor source);
    }

    InPlaceCases() {
        Map<String, Place> places = Map.of(
                "scatter_(%d, z, y)", (x, dim, z, y) -> x.scatter_(dim, z, y),
                "scatter_add_(%d, z, y)", (x, dim, z, y) -> x.scatterAdd_(dim, z, y),
                "scatter_reduce_(%d, z, y, 'amax')", (x, dim, z, y) -> x.scatterReduce_(dim, z, y, "amax"));
        places.forEach((call, akari) -> add("x.clone()." + call, d -> {
            long[] shape = d.full(1, 3);
            int dim = d.between(0, shape.length - 1);
            long[] part = shape.clone();
            part[dim] = 1; // no place is written twice
            return new Question(
                    "x.clone()." + format(call, dim),
                    t -> List.of(akari.apply(t[0].clone(), dim, t[2], t[1])),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, part),
                    d.indices((int) shape[dim], part));
        }));
        Map<String, Place> slices = Map.of(
                "index_add_(%d, z, y)", (x, dim, z, y) -> x.indexAdd_(dim, z, y),
                "index_copy_(%d, z, y)", (x, dim, z, y) -> x.indexCopy_(dim, z, y));
        slices.forEach((call, akari) -> add("x.clone()." + call, d -> {
            long[] shape = d.full(1, 3);
            int dim = d.between(0, shape.length - 1);
            long[] part = shape.clone();
            part[dim] = 1;
            return new Question(
                    "x.clone()." + format(call, dim),
                    t -> List.of(akari.apply(t[0].clone(), dim, t[2], t[1])),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, part),
                    d.indices((int) shape[dim], 1));
        }));
        add("x.clone().index_fill_(dim, y, 3)", d -> {
            long[] shape = d.full(1, 3);
            int dim = d.dim(shape);
            var index = d.indices((int) shape[Math.floorMod(dim, shape.length)], 2);
            return new Question(
                    format("x.clone().index_fill_(%d, y, 3)", dim),
                    Operand.of(ANY, shape),
                    index,
                    (x, y) -> x.clone().indexFill_(dim, y, 3));
        });
        add("x.clone().index_put_([z], y)", d -> {
            long[] shape = d.full(1, 3);
            long[] part = shape.clone();
            part[0] = 1;
            return new Question(
                    "x.clone().index_put_([z], y)",
                    t -> List.of(t[0].clone().indexPut_(List.of(t[2]), t[1])),
                    Operand.of(ANY, shape),
                    Operand.of(ANY, part),
                    d.indices((int) shape[0], 1));
        });
        add(
                "x.clone().put_(z, y)",
                d -> new Question(
                        "x.clone().put_(z, y)",
                        t -> List.of(t[0].clone().put_(t[2], t[1])),
                        Operand.of(ANY, d.full(1, 3)),
                        Operand.of(ANY, 1),
                        d.indices(2, 1)));
        add("x.clone().masked_scatter_(z, y)", d -> {
            long[] shape = d.full(1, 3);
            return new Question(
                    "x.clone().masked_scatter_(z, y)",
                    t -> List.of(t[0].clone().maskedScatter_(t[2], t[1])),
                    Operand.of(ANY, shape),
                    Operand.of(ANY, shape),
                    d.booleans(shape));
        });
        unary(
                "x.clone().as_strided_([2, 2], [0, 0])",
                ANY,
                x -> x.clone().asStrided_(new long[] {2, 2}, new long[] {0, 0}));
        unary("x.reshape([1, -1])", MODERATE, x -> x.reshape(1, -1));
        add("x.reshape(y.size())", d -> {
            long[] shape = d.full(1, 3);
            return new Question(
                    "x.reshape_as(y)",
                    Operand.of(ANY, shape),
                    Operand.of(ANY, 1, java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                            .constant(),
                    Tensor::reshapeAs);
        });
        add("x.contiguous().view_as(y)", d -> {
            long[] shape = d.full(1, 3);
            return new Question(
                    "x.contiguous().view_as(y)",
                    Operand.of(ANY, shape),
                    Operand.of(ANY, java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b), 1)
                            .constant(),
                    (x, y) -> x.contiguous().viewAs(y));
        });
        add(
                "x.type_as(y)",
                d -> new Question(
                        "x.type_as(y)",
                        Operand.of(MODERATE, d.shape(0, 3)),
                        d.whole(DType.FLOAT64, 0, 1, 2),
                        Tensor::typeAs));
        add("torch.concatenate([x, y])", d -> {
            long[] shape = d.full(1, 3);
            return new Question(
                    "torch.concatenate([x, y], 0)",
                    Operand.of(ANY, shape),
                    Operand.of(ANY, shape),
                    (x, y) -> Tensors.concatenate(List.of(x, y), 0));
        });
        add("torch.full, zeros, ones", d -> {
            long n = d.size();
            return new Question(
                    format("(torch.full([2, %d], 1.5), torch.zeros([%d]), torch.ones([%d, 1]))", n, n, n),
                    _ -> List.of(Tensors.full(1.5, 2, n), Tensors.zeros(n), Tensors.ones(n, 1)));
        });
        add("torch.scalar_tensor(v)", d -> {
            double v = d.between(-9, 9) / 4.0;
            return new Question(
                    format("(torch.scalar_tensor(%s), torch.tensor(%s))", v, v),
                    _ -> List.of(Tensors.scalarTensor(v), Tensors.scalar(v)));
        });
        add("torch.tensor([v, w])", d -> {
            int v = d.between(-9, 9);
            return new Question(
                    format("(torch.tensor([%d, 2]), torch.tensor([%d.5, 2.0]))", v, v < 0 ? -v : v),
                    _ -> List.of(Tensors.tensor(v, 2), Tensors.tensor((v < 0 ? -v : v) + 0.5, 2.0)));
        });
    }
}
