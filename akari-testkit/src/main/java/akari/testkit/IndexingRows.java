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
        t.op("where", a -> a.x().where(a.input("condition", "mask"), a.other()));
    }
}
