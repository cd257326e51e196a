package akari.tensor;

import akari.core.Convolution;
import akari.core.DType;
import akari.core.Shape;
import akari.errors.ShapeMismatch;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The errors of operations whose operands do not fit together. */
final class ShapeMismatches {
    private ShapeMismatches() {}

    // ---- shapes

    /** The inner sizes of a matrix product must be equal. */
    static void checkInner(Shape a, Shape b) {
        int row = b.rank() == 1 ? -1 : -2;
        if (a.get(-1) == b.get(row)) {
            return;
        }
        String advice = "the left's last size must be the right's " + (row == -1 ? "size" : "second-last");
        if (b.rank() > 1 && a.get(-1) == b.get(-1)) {
            advice += ": right.transpose(-2, -1) would fit";
        } else if (a.rank() > 1 && a.get(-2) == b.get(row)) {
            advice += ": left.transpose(-2, -1) would fit";
        }
        throw ShapeMismatch.of("matmul: the inner sizes " + a.get(-1) + " and " + b.get(row) + " differ")
                .row("left", a, -1)
                .row("right", b, row)
                .fix(advice);
    }

    /** The shape that the batch dimensions of a matrix product broadcast to. */
    static Shape batch(Shape a, Shape b) {
        try {
            return Shape.broadcast(outer(a), outer(b));
        } catch (IllegalArgumentException _) {
            int[] marks = IntStream.rangeClosed(3, Math.min(a.rank(), b.rank()))
                    .filter(i -> a.get(-i) != b.get(-i) && a.get(-i) != 1 && b.get(-i) != 1)
                    .map(i -> -i)
                    .toArray();
            throw ShapeMismatch.of("matmul: batch dimensions do not broadcast")
                    .row("left", a, marks)
                    .row("right", b, marks)
                    .fix("all sizes but the last two must be equal, or one of them 1");
        }
    }

    private static Shape outer(Shape s) {
        return Shape.of(Arrays.copyOf(s.toArray(), s.rank() - 2));
    }

    static IllegalArgumentException linear(Shape x, Shape weight) {
        if (x.rank() == 0 || weight.rank() != 2) {
            return ShapeMismatch.of("linear: needs an input [*, in] and a weight [out, in]")
                    .row("input", x)
                    .row("weight", weight)
                    .fix(
                            x.rank() == 0
                                    ? "give the input a dimension with reshape(1)"
                                    : "reshape the weight to [out, in]");
        }
        long in = weight.get(1);
        String advice = "the input's last size must be the weight's";
        if (x.rank() > 2 && x.numel() == x.get(0) * in) {
            advice += ": input.flatten(1) would fit";
        } else if (x.get(-1) == weight.get(0)) {
            advice += ": a weight is [out, in], weight.t() would fit";
        }
        return ShapeMismatch.of("linear: the input has " + x.get(-1) + " features, the weight takes " + in)
                .row("input", x, -1)
                .row("weight", weight, -1)
                .fix(advice);
    }

    static IllegalArgumentException bias(String op, Shape bias, Shape weight, int outputs) {
        return ShapeMismatch.of(op + ": the bias does not fit the weight")
                .fromLeft()
                .row("bias", bias)
                .row("weight", weight, outputs)
                .fix("one number for each output is needed: [" + weight.get(outputs) + "]");
    }

    static IllegalArgumentException channels(String op, Shape x, Shape weight, Convolution c) {
        long takes = weight.get(1) * c.groups();
        if (weight.get(0) % c.groups() != 0) {
            return ShapeMismatch.of(
                            op + ": " + weight.get(0) + " output channels do not divide into " + c.groups() + " groups")
                    .row("input", x)
                    .row("weight", weight, 0)
                    .fix("make the weight's first size a multiple of groups");
        }
        String advice = "a weight is [out, in/groups, kernel…]";
        if (c.groups() == 1 && x.get(1) % weight.get(1) == 0 && weight.get(0) % (x.get(1) / weight.get(1)) == 0) {
            advice += ": groups = " + x.get(1) / weight.get(1) + " would fit";
        } else if (x.get(-1) == takes) {
            advice += ", an input [N, C, size…]: channels lie last here, input.movedim(-1, 1) would fit";
        }
        return ShapeMismatch.of(op + ": the input has " + x.get(1) + " channels, the weight takes " + takes
                        + (c.groups() == 1 ? "" : " with groups " + c.groups()))
                .row("input", x, 1)
                .row("weight", weight, 1)
                .fix(advice);
    }

    static IllegalArgumentException window(String op, Shape x, Shape weight, Convolution c) {
        int[] marks = IntStream.range(0, c.dims())
                .filter(d -> c.outputSize(d, x.get(d + 2), weight.get(d + 2)) < 1)
                .map(d -> d + 2)
                .toArray();
        return ShapeMismatch.of(op + ": the kernel is larger than the padded input")
                .row("input", x, "padding " + c.padding(), marks)
                .row("weight", weight, "dilation " + c.dilation(), marks)
                .fix("pad more, or use a smaller kernel or dilation");
    }

    static IllegalArgumentException cat(int dim, int i, Shape shape, Shape first) {
        if (shape.rank() != first.rank()) {
            return ShapeMismatch.of(
                            "cat: tensor " + i + " has " + shape.rank() + " dimensions, tensor 0 has " + first.rank())
                    .row("tensor 0", first)
                    .row("tensor " + i, shape)
                    .fix("unsqueeze(dim) adds a dimension of size 1; stack adds a new one for all");
        }
        int[] marks = IntStream.range(0, first.rank())
                .filter(d -> d != dim && shape.get(d) != first.get(d))
                .toArray();
        return ShapeMismatch.of("cat along dimension " + dim + ": tensor " + i + " does not fit tensor 0")
                .row("tensor 0", first, marks)
                .row("tensor " + i, shape, marks)
                .fix("all other dimensions must be equal");
    }

    static IllegalArgumentException reshape(Shape from, long[] wanted) {
        long known = LongStream.of(wanted).filter(n -> n != -1).reduce(1, (a, b) -> a * b);
        boolean open = LongStream.of(wanted).anyMatch(n -> n == -1);
        return ShapeMismatch.of("reshape: " + from.numel() + " elements do not "
                        + (open ? "divide by the " + known + " of the given sizes" : "make " + known))
                .row("from", from)
                .row("to", Shape.of(wanted))
                .fix(open ? "-1 stands for what is left" : "one size may be -1: what is left");
    }

    static IllegalArgumentException grows(String op, Shape own, Shape common) {
        int[] marks = IntStream.rangeClosed(1, common.rank())
                .filter(i -> i > own.rank() || own.get(-i) != common.get(-i))
                .map(i -> -i)
                .toArray();
        return ShapeMismatch.of(op + ": the result does not fit into the tensor's own shape")
                .row("tensor", own)
                .row("result", common, marks)
                .fix("an in-place operation keeps the shape; use the out-of-place form");
    }

    // ---- types and devices

    static IllegalArgumentException types(String op, String rule, Tensor a, Tensor b) {
        return ShapeMismatch.of(op + " needs " + rule)
                .row("left", a.shape(), a.dtype().toString())
                .row("right", b.shape(), b.dtype().toString())
                .fix("convert with to(dtype): the two promote to " + DType.promote(a.dtype(), b.dtype()));
    }

    static IllegalArgumentException types(String op, Tensor x, Tensor weight, @Nullable Tensor bias) {
        ShapeMismatch rows = ShapeMismatch.of(op + ": all must be of one floating type")
                .row("input", x.shape(), x.dtype().toString())
                .row("weight", weight.shape(), weight.dtype().toString());
        if (bias != null) {
            rows.row("bias", bias.shape(), bias.dtype().toString());
        }
        return rows.fix("convert with to(dtype), or compute in mixed precision with Tensors.autocast");
    }

    static IllegalArgumentException devices(String op, Tensor a, Tensor b) {
        return ShapeMismatch.of(op + ": operands on different devices")
                .row("one", a.shape(), a.device().toString())
                .row("other", b.shape(), b.device().toString())
                .fix("move one with to(device)");
    }
}
