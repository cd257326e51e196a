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
        t.unary("t", Tensor::t);
        t.op("squeeze", a -> a.has("dim") ? a.x().squeeze(a.integer("dim", 0)) : a.x().squeeze());
        t.op("unsqueeze", a -> a.x().unsqueeze(a.integer("dim", 0)));
        t.op("expand", a -> a.x().expand(a.list(a.has("size") ? "size" : "shape")));
        t.op("narrow", a -> a.x().narrow(a.integer("dim", 0), a.integer("start", 0), a.integer("length", 1)));
        t.op("select", a -> a.x().select(a.integer("dim", 0), a.integer("index", 0)));
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
