package akari.testkit;

import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;

/** Products and decompositions of matrices. */
final class LinearAlgebraRows {
    private LinearAlgebraRows() {}

    static void add(OpTable t) {
        for (String product : new String[] {"matmul", "mm", "bmm", "mv", "dot"}) {
            t.op(product, a -> a.x().matmul(a.input("y", "other", "mat2", "tensor2", "vec", "w")));
        }
        // an equation such as "ij,jk->ik with x,x"
        t.op("einsum", a -> {
            String equation = a.text("eq", "").replaceFirst(" with .*", "");
            Tensor[] operands = new Tensor[equation.split("->")[0].split(",").length];
            Arrays.setAll(operands, i -> a.x());
            return Tensors.einsum(equation, operands);
        });
        t.op("cdist", a -> {
            if (!a.text("other", "").equals("x.flip(0)+0.5")) {
                throw new IllegalArgumentException("an unknown second operand of cdist");
            }
            Tensor x = a.x();
            long n = x.size(0);
            return x.cdist(x.indexSelect(0, Tensors.arange(n).rsub(n - 1)).add(0.5));
        });
        t.op("linear", a -> a.x().linear(a.input("w", "weight"), a.bias()));
    }
}
