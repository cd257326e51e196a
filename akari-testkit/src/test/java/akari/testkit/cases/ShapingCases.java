package akari.testkit.cases;

import static akari.testkit.cases.Domain.MODERATE;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;

/** Views, joins and other changes of shape. */
final class ShapingCases extends Family {
    ShapingCases() {
        unary("x.reshape([-1])", MODERATE, Tensor::flatten);
        add(
                "x.flatten(1, 2)",
                d -> new Question("x.flatten(1, 2)", Operand.of(MODERATE, d.shape(3, 4)), x -> x.flatten(1, 2)));
        add("x.transpose(i, j)", d -> {
            long[] shape = d.shape(1, 4);
            int i = d.dim(shape);
            int j = d.dim(shape);
            return new Question(
                    format("x.transpose(%d, %d)", i, j), Operand.of(MODERATE, shape), x -> x.transpose(i, j));
        });
        add(
                "x.permute([2, 0, 1])",
                d -> new Question(
                        "x.permute([2, 0, 1])", Operand.of(MODERATE, d.shape(3, 3)), x -> x.permute(2, 0, 1)));
        along("x.unsqueeze(%s)", MODERATE, (x, dim) -> List.of(x.unsqueeze(dim)));
        along("x.squeeze(%s)", MODERATE, (x, dim) -> List.of(x.squeeze(dim)));
        unary("x.squeeze()", MODERATE, Tensor::squeeze);
        add(
                "x.expand([3, -1, 2])",
                d -> new Question("x.expand([3, -1, 2])", Operand.of(MODERATE, d.size(), 1), x -> x.expand(3, -1, 2)));
        along(
                "x[None].select(%s, 0)",
                MODERATE, (x, dim) -> List.of(x.unsqueeze(0).select(dim, 0)));
        add("x.slice", d -> {
            long[] shape = d.shape(1, 3);
            int dim = d.between(0, shape.length - 1);
            int start = d.between(-7, 7);
            int end = d.between(-7, 7);
            int step = d.between(1, 3);
            return new Question(
                    format("torch.slice(x, %d, %d, %d, %d)", dim, start, end, step),
                    Operand.of(MODERATE, shape),
                    x -> x.slice(dim, start, end, step));
        });
        add(
                "x.narrow(0, 1, 1)",
                d -> new Question("x.narrow(0, 1, 1)", Operand.of(MODERATE, d.full(1, 3)), x -> x.narrow(0, 1, 1)));
        along("torch.split(x, 2, %s)", MODERATE, (x, dim) -> x.split(2, dim));
        along("torch.chunk(x, 3, %s)", MODERATE, (x, dim) -> x.chunk(3, dim));
        add("torch.cat([x, y], dim)", d -> {
            long[] shape = d.shape(1, 4);
            int dim = d.between(0, shape.length - 1);
            long[] other = shape.clone();
            other[dim] = d.size();
            return new Question(
                    format("torch.cat([x, y], %d)", dim),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, other),
                    (x, y) -> Tensors.cat(List.of(x, y), dim));
        });
        add("torch.stack([x, y], dim)", d -> {
            long[] shape = d.shape(0, 3);
            int dim = d.between(0, shape.length);
            return new Question(
                    format("torch.stack([x, y], %d)", dim),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, shape),
                    (x, y) -> Tensors.stack(List.of(x, y), dim));
        });
    }
}
