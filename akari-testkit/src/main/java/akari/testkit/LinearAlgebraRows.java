package akari.testkit;


/** Products and decompositions of matrices. */
final class LinearAlgebraRows {
    private LinearAlgebraRows() {}

    static void add(OpTable t) {
        for (String product : new String[] {"matmul", "mm", "bmm", "mv", "dot"}) {
            t.op(product, a -> a.x().matmul(a.input("y", "other", "mat2", "tensor2", "vec", "w")));
        }
        t.op("linear", a -> a.x().linear(a.input("w", "weight"), a.bias()));
    }
}
