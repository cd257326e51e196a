package akari.testkit.cases;

import static akari.testkit.cases.Domain.MODERATE;

import akari.tensor.Slice;
import akari.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Views, and what is written through them. */
final class ViewCases extends Family {
    ViewCases() {
        orders();
        parts();
        splits();
        inserts();
        writes();
        inPlace();
    }

    /** Of an operand of a rank in this range; the pattern is complete. */
    private Case ranked(String torch, int low, int high, UnaryOperator<Tensor> akari) {
        return add(torch, d -> new Question(torch, Operand.of(MODERATE, d.shape(low, high)), akari));
    }

    private void inserts() {
        inserted("torch.select_scatter(x, y, 1, -2)", new long[] {3}, (x, y) -> x.selectScatter(y, 1, -2));
        inserted("torch.slice_scatter(x, y, 1, 1, 4, 2)", new long[] {3, 2}, (x, y) -> x.sliceScatter(y, 1, 1, 4, 2));
        inserted("torch.slice_scatter(x, y, 0, -2)", new long[] {2, 4}, (x, y) -> x.sliceScatter(y, 0, -2, 9));
        inserted("torch.slice_scatter(x, y)", new long[] {3, 4}, (x, y) -> x.sliceScatter(y));
        inserted("torch.diagonal_scatter(x, y)", new long[] {3}, (x, y) -> x.diagonalScatter(y));
        inserted("torch.diagonal_scatter(x, y, 1, 1, 0)", new long[] {2}, (x, y) -> x.diagonalScatter(y, 1, 1, 0));
        // without x's gradient: PyTorch's has y's share and lacks its own
        String strided = "torch.as_strided_scatter(x.contiguous(), y, [2, 2], [5, 2], 1)";
        add(
                strided,
                _ -> new Question(
                        strided,
                        Operand.of(MODERATE, 3, 4).constant(),
                        Operand.of(MODERATE, 2, 2),
                        (x, y) -> x.asStridedScatter(y, new long[] {2, 2}, new long[] {5, 2}, 1)));
        along(
                "torch.split_with_sizes(x, [1, x.size(%1$s) - 1], %1$s)",
                MODERATE, (x, dim) -> x.splitWithSizes(new long[] {1, x.size(dim) - 1}, dim));
    }

    /** A part of x of shape [3, 4]. */
    private void inserted(String torch, long[] part, BinaryOperator<Tensor> akari) {
        add(torch, _ -> new Question(torch, Operand.of(MODERATE, 3, 4), Operand.of(MODERATE, part), akari));
    }

    private void orders() {
        ranked("x.t()", 0, 3, Tensor::t);
        ranked("x.T", 0, 2, Tensor::T);
        ranked("x.mT", 1, 4, Tensor::mT);
        ranked("x.mH", 2, 4, Tensor::mH);
        ranked("x.adjoint()", 2, 4, Tensor::adjoint);
        ranked("x.H", 2, 2, Tensor::H);
        ranked("torch.swapaxes(x, 0, -1)", 1, 4, x -> x.swapaxes(0, -1));
        ranked("torch.swapdims(x, 1, -1)", 1, 4, x -> x.swapdims(1, -1));
        ranked("torch.movedim(x, 0, -1)", 1, 4, x -> x.movedim(0, -1));
        ranked("torch.moveaxis(x, [0, 2], [-1, 0])", 2, 4, x -> x.moveaxis(new int[] {0, 2}, new int[] {-1, 0}));
        ranked("x.unflatten(-1, [2, -1])", 1, 3, x -> x.unflatten(-1, 2, -1));
        ranked("torch.ravel(x)", 0, 4, Tensor::ravel);
        ranked("x.contiguous().view([-1])", 0, 2, x -> x.contiguous().view(-1));
        ranked("torch.squeeze(x, [0, -1])", 0, 4, x -> x.squeeze(0, -1));
        ranked("x.broadcast_to([2, 3, 4])", 0, 3, x -> x.broadcastTo(2, 3, 4));
        binary("x.expand_as(y)", MODERATE, Tensor::expandAs);
        binary("torch.sum_to_size(x + y, [1])", MODERATE, (x, y) -> x.add(y).sumToSize(1));
    }

    private void parts() {
        add("torch.diagonal(x, k, i, j)", d -> {
            long[] shape = d.shape(2, 4);
            int k = d.between(-4, 4);
            int i = d.dim(shape);
            int j = d.dim(shape);
            return new Question(
                    format("torch.diagonal(x, %d, %d, %d)", k, i, j),
                    Operand.of(MODERATE, shape),
                    x -> x.diagonal(k, i, j));
        });
        add("x.unfold(dim, size, step)", d -> {
            long[] shape = d.shape(0, 4);
            int dim = shape.length == 0 ? 0 : d.dim(shape);
            int size = d.between(0, 4);
            int step = d.between(1, 3);
            return new Question(
                    format("x.unfold(%d, %d, %d)", dim, size, step),
                    Operand.of(MODERATE, shape),
                    x -> x.unfold(dim, size, step));
        });
        add("torch.as_strided(x, …)", d -> {
            long[] size = d.shape(0, 3);
            long[] stride = Arrays.stream(size).map(_ -> d.between(0, 4)).toArray();
            int offset = d.between(0, 3);
            return new Question(
                    format(
                            "torch.as_strided(x.contiguous(), %s, %s, %d)",
                            Arrays.toString(size), Arrays.toString(stride), offset),
                    Operand.of(MODERATE, 7, 8),
                    x -> x.clone().contiguous().asStrided(size, stride, offset));
        });
        add("x.select(dim, i)", d -> {
            long[] shape = d.shape(0, 4);
            int dim = d.between(-3, 3);
            int i = d.between(-4, 4);
            return new Question(format("x.select(%d, %d)", dim, i), Operand.of(MODERATE, shape), x -> x.select(dim, i));
        });
        add("x.narrow(dim, start, length)", d -> {
            long[] shape = d.shape(0, 4);
            int dim = d.between(-3, 3);
            int start = d.between(-4, 4);
            int length = d.between(0, 3);
            return new Question(
                    format("x.narrow(%d, %d, %d)", dim, start, length),
                    Operand.of(MODERATE, shape),
                    x -> x.narrow(dim, start, length));
        });
        along("x.unbind(%s)", MODERATE, Tensor::unbind);
    }

    private void splits() {
        for (int n : new int[] {1, 2, 3}) {
            add("torch.split(x, " + n + ", dim)", d -> {
                long[] shape = d.shape(1, 3);
                int dim = d.dim(shape);
                return new Question(
                        format("torch.split(x, %d, %d)", n, dim), t -> t[0].split(n, dim), Operand.of(MODERATE, shape));
            });
            add("torch.chunk(x, " + n + ", dim)", d -> {
                long[] shape = d.shape(1, 3);
                int dim = d.dim(shape);
                return new Question(
                        format("torch.chunk(x, %d, %d)", n, dim), t -> t[0].chunk(n, dim), Operand.of(MODERATE, shape));
            });
            add("torch.tensor_split(x, " + n + ", dim)", d -> {
                long[] shape = d.shape(1, 3);
                int dim = d.dim(shape);
                return new Question(
                        format("torch.tensor_split(x, %d, %d)", n, dim),
                        t -> t[0].tensorSplit(n, dim),
                        Operand.of(MODERATE, shape));
            });
            parts("torch.hsplit(x, " + n + ")", x -> x.hsplit(n));
            parts("torch.vsplit(x, " + n + ")", x -> x.vsplit(n));
            parts("torch.dsplit(x, " + n + ")", 3, x -> x.dsplit(n));
        }
        add(
                "torch.split(x, [1, 2, 0], 1)",
                d -> new Question(
                        "torch.split(x, [1, 2, 0], 1)",
                        t -> t[0].split(new long[] {1, 2, 0}, 1),
                        Operand.of(MODERATE, d.size(), 3)));
        parts("torch.tensor_split(x, [1, 3, 2, -1], 0)", x -> x.tensorSplit(new long[] {1, 3, 2, -1}, 0));
        parts("torch.hsplit(x, [1, 3])", x -> x.hsplit(1L, 3L));
        parts("torch.vsplit(x, [1, 3])", x -> x.vsplit(1L, 3L));
        parts("torch.dsplit(x, [2])", 3, x -> x.dsplit(new long[] {2}));
    }

    private interface Parts {
        List<Tensor> of(Tensor x);
    }

    private void parts(String torch, Parts akari) {
        parts(torch, 0, akari);
    }

    private void parts(String torch, int rank, Parts akari) {
        add(torch, d -> new Question(torch, t -> akari.of(t[0]), Operand.of(MODERATE, d.shape(rank, 4))));
    }

    /** A change of an intermediate result through a view, and what the result is then. */
    private Case written(String statements, int rank, UnaryOperator<Tensor> akari) {
        return add(statements, d -> {
            var torch = "h = x * 2\n" + statements + "\nh";
            return new Question(torch, Operand.of(MODERATE, d.full(rank, rank)), x -> akari.apply(x.mul(2)));
        });
    }

    private void writes() {
        written("h.narrow(0, 1, 1).mul_(3)", 2, h -> {
            h.narrow(0, 1, 1).mul_(3);
            return h;
        });
        written("h.select(1, 0).copy_(h.select(1, 1))", 2, h -> {
            h.select(1, 0).copy_(h.select(1, 1));
            return h;
        });
        written("v = h.t()\nh.mul_(3)\nv.select(0, 1).add_(1)\nh = v * 2", 2, h -> {
            Tensor v = h.t();
            h.mul_(3);
            v.select(0, 1).add_(1);
            return v.mul(2);
        });
        written("h.diagonal(0, 0, 2).zero_()", 3, h -> {
            h.diagonal(0, 0, 2).zero_();
            return h;
        });
        written("v = h.permute([2, 0, 1])[1]\nv.mul_(2)\nh.add_(v[0][0].clone())", 3, h -> {
            Tensor v = h.permute(2, 0, 1).select(0, 1);
            v.mul_(2);
            h.add_(v.at(0, 0));
            return h;
        });
        written("h[:, 1:] = h[:, :1]", 2, h -> h.set(h.index(Slice.ALL, Slice.to(1)), Slice.ALL, Slice.from(1)));
        add("zeros filled by rows", d -> {
            long n = d.between(1, 4);
            return new Question(
                    "h = torch.zeros_like(x).repeat([2, 1])\nh[0].copy_(x)\nh[1].copy_(y)\nh[1].mul_(2)\nh",
                    Operand.of(MODERATE, n),
                    Operand.of(MODERATE, n),
                    (x, y) -> {
                        Tensor h = x.newZeros(2, n);
                        h.get(0).copy_(x);
                        h.get(1).copy_(y);
                        h.get(1).mul_(2);
                        return h;
                    });
        });
    }

    private void inPlace() {
        written("h.t_()", 2, Tensor::t_);
        written("h.transpose_(0, 2)", 3, h -> h.transpose_(0, 2));
        written("h.swapaxes_(0, 1)", 2, h -> h.swapaxes_(0, 1));
        written("h.swapdims_(0, 1)", 2, h -> h.swapdims_(0, 1));
        written(
                "h.unsqueeze_(1)\nh.squeeze_(1)\nh.unsqueeze_(0)\nh.squeeze_()",
                2,
                h -> h.unsqueeze_(1).squeeze_(1).unsqueeze_(0).squeeze_());
        written("h.tril_(-1)", 2, h -> h.tril_(-1));
        written("h.triu_(1)", 3, h -> h.triu_(1));
        written("h.fill_diagonal_(3)", 2, h -> h.fillDiagonal_(3));
        written("h.fill_diagonal_(3, True)", 2, h -> h.fillDiagonal_(3, true));
    }
}
