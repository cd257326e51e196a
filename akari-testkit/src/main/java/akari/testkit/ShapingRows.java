package akari.testkit;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/** Views, joins and other changes of shape. */
final class ShapingRows {
    private ShapingRows() {}

    static void add(OpTable t) {
        t.op("reshape", a -> a.x().reshape(a.list("shape")));
        t.op("view", a -> a.x().view(a.list("shape")));
        t.op("flatten", a -> a.x().flatten(a.integer("start_dim", 0), a.integer("end_dim", -1)));
        t.op("permute", a -> a.x().permute(a.dims("dims")));
        t.op("transpose", a -> a.x().transpose(a.integer("dim0", 0), a.integer("dim1", 1)));
        t.op("squeeze", a -> a.has("dim") ? a.x().squeeze(a.integer("dim", 0)) : a.x().squeeze());
        t.op("unsqueeze", a -> a.x().unsqueeze(a.integer("dim", 0)));
        t.op("expand", a -> a.x().expand(a.list(a.has("size") ? "size" : "shape")));
        t.op("narrow", a -> a.x().narrow(a.integer("dim", 0), a.integer("start", 0), a.integer("length", 1)));
        t.op("select", a -> a.x().select(a.integer("dim", 0), a.integer("index", 0)));
        t.op("flip", a -> a.x().flip(a.dims("dims")));
        t.op("roll", a -> a.x().roll(a.list("shifts"), a.has("dims") ? a.dims("dims") : new int[0]));
        t.op("rot90", a -> a.x().rot90(a.integer("k", 1)));
        t.op("tril", a -> a.x().tril(a.integer("diagonal", 0)));
        t.op("triu", a -> a.x().triu(a.integer("diagonal", 0)));
        t.op("diag", a -> a.x().diag(a.integer("diagonal", 0)));
        t.op("diagflat", a -> a.x().diagflat(a.integer("offset", 0)));
        t.op("diag_embed", a -> a.x().diagEmbed(a.integer("offset", 0), a.integer("dim1", -2), a.integer("dim2", -1)));
        t.op("diagonal", a -> a.x().diagonal(a.integer("offset", 0), a.integer("dim1", 0), a.integer("dim2", 1)));
        t.op("movedim", a -> a.x().movedim(a.dims("source"), a.dims("destination")));
        t.op("unflatten", a -> a.x().unflatten(a.integer("dim", 0), a.list("sizes")));
        t.op("repeat", a -> a.x().repeat(a.list("repeats")));
        t.op("tile", a -> a.x().tile(a.list("dims")));
        t.op(
                "repeat_interleave",
                a -> a.has("dim")
                        ? a.x().repeatInterleave(a.integer("repeats", 1), a.integer("dim", 0))
                        : a.x().repeatInterleave(a.integer("repeats", 1)));
        t.several("unbind", a -> a.x().unbind(a.integer("dim", 0)));
        t.several("tensor_split", a -> a.x().tensorSplit(a.integer("sections", 1), a.integer("dim", 0)));
        t.op("hstack", a -> Tensors.hstack(all(a)));
        t.op("vstack", a -> Tensors.vstack(all(a)));
        t.op("dstack", a -> Tensors.dstack(all(a)));
        t.op("column_stack", a -> Tensors.columnStack(all(a)));
        t.op("block_diag", a -> Tensors.blockDiag(all(a)));
        t.op("select_scatter", a -> a.x().selectScatter(a.input("src"), a.integer("dim", 0), a.integer("index", 0)));
        t.op(
                "slice_scatter",
                a -> a.x().sliceScatter(
                                a.input("src"),
                                a.integer("dim", 0),
                                a.integer("start", 0),
                                a.has("end") ? a.integer("end", 0) : Long.MAX_VALUE,
                                a.integer("step", 1)));
        t.op(
                "diagonal_scatter",
                a -> a.x().diagonalScatter(
                                a.input("src"), a.integer("offset", 0), a.integer("dim1", 0), a.integer("dim2", 1)));
        t.several("chunk", a -> a.x().chunk(a.integer("chunks", 1), a.integer("dim", 0)));
        t.several("split", a -> a.x().split(a.integer("split_size", 1), a.integer("dim", 0)));
        t.op("cat", a -> Tensors.cat(all(a), a.integer("dim", 0)));
        t.op("stack", a -> Tensors.stack(all(a), a.integer("dim", 0)));
    }

    private static List<Tensor> all(Arguments a) {
        List<Tensor> out = new ArrayList<>();
        for (String name : new String[] {"x", "y", "z"}) {
            Tensor t = a.optional(name);
            if (t != null) {
                out.add(t);
            }
        }
        return out;
    }
}
