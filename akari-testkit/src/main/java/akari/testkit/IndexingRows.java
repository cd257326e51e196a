package akari.testkit;

/** Elements by index and by mask. */
final class IndexingRows {
    private IndexingRows() {}

    static void add(OpTable t) {
        t.op("gather", a -> a.x().gather(a.integer("dim", 0), a.input("index")));
        t.op("index_select", a -> a.x().indexSelect(a.integer("dim", 0), a.input("index")));
        t.op("scatter", a -> a.x().scatter(a.integer("dim", 0), a.input("index"), a.input("src", "y")));
        t.op("scatter_add", a -> a.x().scatterAdd(a.integer("dim", 0), a.input("index"), a.input("src", "y")));
        t.op("masked_fill", a -> a.x().maskedFill(a.input("mask"), a.number("value", 0)));
        t.op(
                "scatter_reduce",
                a -> a.x().scatterReduce(
                                a.integer("dim", 0),
                                a.input("index"),
                                a.input("src", "y"),
                                a.text("reduce", "sum"),
                                a.flag("include_self", true)));
        t.op("index_add", a -> a.x().indexAdd(a.integer("dim", 0), a.input("index"), a.input("source", "y")));
        t.op("index_copy", a -> a.x().indexCopy(a.integer("dim", 0), a.input("index"), a.input("source", "y")));
        t.op("index_fill", a -> a.x().indexFill(a.integer("dim", 0), a.input("index"), a.number("value", 0)));
        t.op("masked_select", a -> a.x().maskedSelect(a.input("mask")));
        t.op("masked_scatter", a -> a.x().maskedScatter(a.input("mask"), a.input("source", "y")));
        t.op("take", a -> a.x().take(a.input("index")));
        t.op("take_along_dim", a -> a.x().takeAlongDim(a.input("indices"), a.integer("dim", 0)));
        t.op("where", a -> a.x().where(a.input("condition", "mask"), a.other()));
    }
}
