package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;

import java.util.List;

/** Elements by index and by mask. */
final class IndexingCases extends Family {
    IndexingCases() {
        add("torch.gather(x, dim, y)", d -> {
            long[] shape = d.full(1, 4);
            int dim = d.dim(shape);
            int axis = Math.floorMod(dim, shape.length);
            var index = d.indices((int) shape[axis], smaller(d, shape, axis));
            return new Question(
                    format("torch.gather(x, %d, y)", dim), Operand.of(ANY, shape), index, (x, y) -> x.gather(dim, y));
        });
        add("torch.index_select(x, dim, y)", d -> {
            long[] shape = d.full(1, 4);
            int dim = d.dim(shape);
            var index = d.indices((int) shape[Math.floorMod(dim, shape.length)], d.size());
            return new Question(
                    format("torch.index_select(x, %d, y)", dim),
                    Operand.of(ANY, shape),
                    index,
                    (x, y) -> x.indexSelect(dim, y));
        });
        add("torch.scatter_add(x, dim, z, y)", d -> {
            long[] shape = d.full(1, 4);
            int dim = d.between(0, shape.length - 1);
            long[] part = smaller(d, shape, dim);
            return new Question(
                    format("torch.scatter_add(x, %d, z, y)", dim),
                    t -> List.of(t[0].scatterAdd(dim, t[2], t[1])),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, part),
                    d.indices((int) shape[dim], part));
        });
        add("torch.where(z, x, y)", d -> {
            long[] shape = d.shape(0, 4);
            return new Question(
                    "torch.where(z, x, y)",
                    t -> List.of(t[0].where(t[2], t[1])),
                    Operand.of(ANY, shape),
                    Operand.of(ANY, d.broadcast(shape)),
                    d.booleans(d.broadcast(shape)));
        });
        add("x.masked_fill(y, -2)", d -> {
            long[] shape = d.shape(0, 4);
            var mask = d.booleans(d.broadcast(shape));
            return new Question("x.masked_fill(y, -2)", Operand.of(ANY, shape), mask, (x, y) -> x.maskedFill(y, -2));
        });
    }

    private static long[] smaller(Draw d, long[] shape, int axis) {
        long[] part = shape.clone();
        for (int i = 0; i < part.length; i++) part[i] = i == axis ? d.size() : d.between(1, (int) part[i]);
        return part;
    }
}
