package akari.testkit.cases;

import static akari.testkit.cases.Domain.ANY;
import static akari.testkit.cases.Domain.MODERATE;

import akari.core.DType;
import akari.core.Shape;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The same elements at other places, joined, repeated, or on a diagonal. */
final class RearrangingCases extends Family {
    RearrangingCases() {
        repeats();
        moves();
        diagonals();
        joins();
        channels();
    }

    private Case ranked(String torch, int low, int high, UnaryOperator<Tensor> akari) {
        return add(torch, d -> new Question(torch, Operand.of(ANY, d.shape(low, high)), akari));
    }

    private void repeats() {
        ranked("x.repeat([2, 1, 3])", 0, 3, x -> x.repeat(2, 1, 3));
        ranked("x.repeat([1, 1])", 0, 2, x -> x.repeat(1, 1));
        ranked("x.repeat([2, 0])", 0, 2, x -> x.repeat(2, 0));
        ranked("torch.tile(x, [2, 3])", 0, 4, x -> x.tile(2, 3));
        ranked("torch.repeat_interleave(x, 2)", 0, 3, x -> x.repeatInterleave(2));
        ranked("torch.repeat_interleave(x, 3, 0)", 1, 3, x -> x.repeatInterleave(3, 0));
        ranked("torch.repeat_interleave(x, 1, -1)", 1, 3, x -> x.repeatInterleave(1, -1));
        add("torch.repeat_interleave(x, y, dim)", d -> {
            long[] shape = d.shape(1, 3);
            int dim = d.dim(shape);
            long n = shape[Math.floorMod(dim, shape.length)];
            return new Question(
                    format("torch.repeat_interleave(x, y, %d)", dim),
                    Operand.of(ANY, shape),
                    d.whole(DType.INT64, 0, 3, d.coin() ? n : 1),
                    (x, y) -> x.repeatInterleave(y, dim));
        });
        add(
                "torch.repeat_interleave(y)",
                d -> new Question(
                        "torch.repeat_interleave(x)", d.whole(DType.INT64, 0, 3, d.size()), Tensors::repeatInterleave));
    }

    private void moves() {
        add("torch.roll(x, shifts, dims)", d -> {
            long[] shape = d.shape(1, 4);
            int dim = d.dim(shape);
            int shift = d.between(-9, 9);
            return new Question(
                    format("torch.roll(x, %d, %d)", shift, dim), Operand.of(ANY, shape), x -> x.roll(shift, dim));
        });
        ranked("torch.roll(x, 2)", 0, 3, x -> x.roll(2));
        ranked("torch.roll(x, [1, -2], [0, 1])", 2, 3, x -> x.roll(new long[] {1, -2}, new int[] {0, 1}));
        add("torch.flip(x, dims)", d -> {
            long[] shape = d.shape(0, 4);
            int[] dims = d.random
                    .ints(0, shape.length + 1)
                    .limit(3)
                    .distinct()
                    .filter(i -> i < shape.length)
                    .toArray();
            return new Question(
                    format("torch.flip(x, %s)", Arrays.toString(dims)), Operand.of(ANY, shape), x -> x.flip(dims));
        });
        ranked("torch.fliplr(x)", 1, 4, Tensor::fliplr);
        ranked("torch.flipud(x)", 0, 4, Tensor::flipud);
        for (int k = -1; k < 4; k++) {
            int turns = k;
            ranked("torch.rot90(x, " + k + ", [0, -1])", 1, 4, x -> x.rot90(turns, 0, -1));
        }
    }

    private void diagonals() {
        for (int k = -2; k < 3; k++) {
            int at = k;
            ranked("torch.tril(x, " + k + ")", 1, 4, x -> x.tril(at));
            ranked("torch.triu(x, " + k + ")", 1, 4, x -> x.triu(at));
            ranked("torch.diag(x, " + k + ")", 1, 2, x -> x.diag(at));
            ranked("torch.diagflat(x, " + k + ")", 0, 3, x -> x.diagflat(at));
            ranked("torch.diag_embed(x, " + k + ")", 0, 3, x -> x.diagEmbed(at));
            ranked("torch.diag_embed(x, " + k + ", 0, 2)", 2, 3, x -> x.diagEmbed(at, 0, 2));
        }
        ranked("torch.vander(x, 3)", 1, 1, x -> x.vander(3, false));
        ranked("torch.vander(x, 4, True)", 1, 1, x -> x.vander(4, true));
        ranked("torch.combinations(x)", 1, 1, Tensor::combinations);
        ranked("torch.combinations(x, 3)", 1, 1, x -> x.combinations(3, false));
        ranked("torch.combinations(x, 2, True)", 1, 1, x -> x.combinations(2, true));
    }

    private void join(String torch, int low, int high, Function<List<Tensor>, List<Tensor>> akari) {
        add(torch, d -> {
            long[] shape = d.shape(low, high);
            return new Question(
                    torch, t -> akari.apply(List.of(t)), Operand.of(MODERATE, shape), Operand.of(MODERATE, shape));
        });
    }

    private void joins() {
        join("torch.hstack([x, y])", 0, 3, l -> List.of(Tensors.hstack(l)));
        join("torch.vstack([x, y])", 0, 3, l -> List.of(Tensors.vstack(l)));
        join("torch.row_stack([x, y])", 0, 3, l -> List.of(Tensors.rowStack(l)));
        join("torch.dstack([x, y])", 0, 3, l -> List.of(Tensors.dstack(l)));
        join("torch.column_stack([x, y])", 0, 3, l -> List.of(Tensors.columnStack(l)));
        join("torch.concat([x, y], -1)", 1, 3, l -> List.of(Tensors.concat(l, -1)));
        join("torch.block_diag([x, y])", 0, 2, l -> List.of(Tensors.blockDiag(l)));
        join("torch.meshgrid([x, y])", 0, 1, Tensors::meshgrid);
        join("torch.meshgrid([x, y], indexing='xy')", 0, 1, l -> Tensors.meshgrid(l, "xy"));
        join("torch.cartesian_prod([x, y])", 1, 1, l -> List.of(Tensors.cartesianProd(l)));
        binaryList("torch.broadcast_tensors([x, y])", Tensors::broadcastTensors);
        ranked("torch.atleast_1d(x)", 0, 4, Tensor::atleast1d);
        ranked("torch.atleast_2d(x)", 0, 4, Tensor::atleast2d);
        ranked("torch.atleast_3d(x)", 0, 4, Tensor::atleast3d);
        add("torch.cat of several types", d -> {
            long n = d.size();
            return new Question(
                    "torch.cat([x, y, z], 0)",
                    t -> List.of(Tensors.cat(List.of(t), 0)),
                    Operand.of(MODERATE, n),
                    d.whole(DType.INT16, -5, 5, d.size()),
                    Operand.of(DType.FLOAT32, Shape.of(0)));
        });
    }

    private void binaryList(String torch, Function<List<Tensor>, List<Tensor>> akari) {
        add(torch, d -> {
            long[] shape = d.shape(0, 4);
            return new Question(
                    torch,
                    t -> akari.apply(List.of(t)),
                    Operand.of(MODERATE, shape),
                    Operand.of(MODERATE, d.broadcast(shape)));
        });
    }

    private void channels() {
        add(
                "torch.pixel_shuffle(x, 2)",
                d -> new Question(
                        "torch.pixel_shuffle(x, 2)",
                        Operand.of(MODERATE, d.size(), 4L * d.between(1, 2), d.size(), d.between(1, 3)),
                        x -> x.pixelShuffle(2)));
        add(
                "torch.pixel_unshuffle(x, 2)",
                d -> new Question(
                        "torch.pixel_unshuffle(x, 2)",
                        Operand.of(MODERATE, d.between(1, 3), 2L * d.between(1, 3), 2L * d.between(1, 3)),
                        x -> x.pixelUnshuffle(2)));
        add(
                "torch.channel_shuffle(x, 3)",
                d -> new Question(
                        "torch.channel_shuffle(x, 3)",
                        Operand.of(MODERATE, d.between(1, 3), 3L * d.between(1, 2), d.between(1, 4)),
                        x -> x.channelShuffle(3)));
    }
}
