package akari.testkit.cases;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import java.util.function.BiFunction;

/** Tensors from nothing or like another one. */
final class CreationCases extends Family {
    CreationCases() {
        add("torch.arange(i, j, k)", d -> {
            int start = d.between(-5, 5);
            int step = d.between(1, 3);
            int end = start + d.between(0, 12);
            return new Question(
                    format("torch.arange(%d, %d, %d)", start, end, step),
                    _ -> List.of(Tensors.arange(start, end, step)));
        });
        unary("torch.zeros_like(x)", Domain.ANY, x -> Tensors.zerosLike(x));
        unary("torch.ones_like(x)", Domain.ANY, x -> Tensors.onesLike(x));
        unary("torch.full_like(x, 3)", Domain.ANY, x -> Tensors.fullLike(x, 3));
        unary("x.new_zeros([2, 0])", Domain.ANY, x -> x.newZeros(2, 0));
        unary("x.new_ones([2, 3])", Domain.ANY, x -> x.newOnes(2, 3));
        unary("x.new_full([2], 7)", Domain.ANY, x -> x.newFull(Shape.of(2), 7));
        add("torch.arange(0.5, j, k)", d -> {
            int end = d.between(1, 9);
            double step = d.between(1, 8) * 0.37;
            return new Question(
                    format("torch.arange(0.5, %d, %s)", end, step), _ -> List.of(Tensors.arange(0.5, end, step)));
        });
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64}) {
            add("torch.linspace(i, j, n, dtype=" + type + ")", d -> {
                int from = d.between(-5, 5);
                int to = d.between(-5, 5);
                int n = d.between(0, 6);
                return new Question(
                        format(
                                "torch.linspace(%d, %d, %d, dtype=%d)",
                                from, to, n, type == DType.INT64 ? 4 : type == DType.FLOAT32 ? 6 : 7),
                        _ -> List.of(Tensors.linspace(type, from, to, n)));
            });
        }
        add("torch.logspace(i, j, n)", d -> {
            int from = d.between(-2, 2);
            int to = d.between(-2, 2);
            int n = d.between(0, 5);
            return new Question(
                    format("torch.logspace(%d, %d, %d, 3.0, dtype=7)", from, to, n),
                    _ -> List.of(Tensors.logspace(DType.FLOAT64, from, to, n, 3)));
        });
        add("torch.eye(n, m)", d -> {
            int n = d.between(0, 4);
            int m = d.between(0, 4);
            return new Question(format("torch.eye(%d, %d)", n, m), _ -> List.of(Tensors.eye(n, m)));
        });
        add("torch.tril_indices(n, m, k)", d -> {
            int n = d.between(0, 4);
            int m = d.between(0, 4);
            int k = d.between(-3, 3);
            return new Question(
                    format("(torch.tril_indices(%1$d, %2$d, %3$d), torch.triu_indices(%1$d, %2$d, %3$d))", n, m, k),
                    _ -> List.of(Tensors.trilIndices(n, m, k), Tensors.triuIndices(n, m, k)));
        });
        add("torch.range(i, j, k)", d -> {
            int from = d.between(-5, 5);
            int step = d.between(1, 3);
            int to = from + d.between(0, 9);
            return new Question(
                    format("torch.range(%d, %d, %d)", from, to, step), _ -> List.of(Tensors.range(from, to, step)));
        });
        window("hann_window(%d, %s, dtype=7)", Tensors::hannWindow);
        window("hamming_window(%d, %s, dtype=7)", Tensors::hammingWindow);
        window("hamming_window(%d, %s, 0.6, 0.3, dtype=7)", (n, p) -> Tensors.hammingWindow(n, p, 0.6, 0.3));
        window("blackman_window(%d, %s, dtype=7)", Tensors::blackmanWindow);
        window("bartlett_window(%d, %s, dtype=7)", Tensors::bartlettWindow);
        window("kaiser_window(%d, %s, dtype=7)", Tensors::kaiserWindow);
        window("kaiser_window(%d, %s, 5.0, dtype=7)", (n, p) -> Tensors.kaiserWindow(n, p, 5));
    }

    private void window(String torch, BiFunction<Integer, Boolean, Tensor> akari) {
        add("torch." + torch + ".float()", d -> {
            int n = d.between(0, 12);
            boolean periodic = d.coin();
            return new Question(
                    format("torch." + torch + ".float()", n, python(periodic)), _ -> List.of(akari.apply(n, periodic)));
        });
    }
}
