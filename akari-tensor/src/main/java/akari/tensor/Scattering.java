package akari.tensor;

import akari.backend.Combine;
import akari.core.DType;
import org.jspecify.annotations.Nullable;

/** Reductions into the places that an index names, and their gradients. */
final class Scattering {
    private Scattering() {}

    /** Operands as {@link IndexingOps.Scatter} takes them. */
    static Tensor reduce(Tensor x, int dim, Tensor index, Tensor src, String reduce, boolean includeSelf) {
        Combine how = switch (reduce) {
            case "sum", "mean" -> Combine.ADD;
            case "prod" -> Combine.MULTIPLY;
            case "amax" -> Combine.MAX;
            case "amin" -> Combine.MIN;
            default ->
                throw new IllegalArgumentException(
                        "scatterReduce: reduce is \"sum\", \"prod\", \"mean\", \"amax\" or \"amin\", got \"" + reduce
                                + "\"");
        };
        Tensor base = x;
        if (!includeSelf) {
            Tensor neutral = Tensors.full(x.dtype(), 0).fill_(neutral(how, x.dtype()));
            base = scatter(x, dim, index, neutral.expand(index.shape().toArray()), Combine.SET);
        }
        Tensor out = !includeSelf && (how == Combine.MAX || how == Combine.MIN)
                ? Tape.apply(new IndexingOps.Scatter(dim, how), base, index, src, x.detach())
                : scatter(base, dim, index, src, how);
        if (!reduce.equals("mean")) {
            return out;
        }
        Tensor ones = Tensors.full(x.dtype(), 1).expand(index.shape().toArray());
        Tensor count = scatter(x.newFull(x.shape(), includeSelf ? 1 : 0), dim, index, ones, Combine.ADD);
        count = count.maskedFill(count.eq(0), 1);
        return x.dtype().isFloating() ? out.div(count) : out.floorDivide(count);
    }

    private static Number neutral(Combine how, DType type) {
        return switch (how) {
            case SET, ADD -> 0;
            case MULTIPLY -> 1;
            case MAX -> lowest(type);
            case MIN -> highest(type);
        };
    }

    private static Number lowest(DType type) {
        return switch (type) {
            case BOOL, UINT8 -> 0;
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> Double.NEGATIVE_INFINITY;
        };
    }

    private static Number highest(DType type) {
        return switch (type) {
            case BOOL -> 1;
            case UINT8 -> 255;
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case INT64 -> Long.MAX_VALUE;
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> Double.POSITIVE_INFINITY;
        };
    }

    /** Halves meet in float32, as PyTorch's do: their sum may leave the range on its way, and is rounded once. */
    static Tensor scatter(Tensor x, int dim, Tensor index, Tensor src, Combine how) {
        IndexingOps.Scatter op = new IndexingOps.Scatter(dim, how);
        if (!x.dtype().isHalf() || how != Combine.ADD && how != Combine.MULTIPLY) {
            return Tape.apply(op, x, index, src);
        }
        DType wide = x.dtype().compute();
        return Tape.composite(
                "scatter", () -> Tape.apply(op, x.to(wide), index, src.to(wide)).to(x.dtype()));
    }

    private static Tensor gather(Tensor x, int dim, Tensor index) {
        return Tape.apply(new IndexingOps.Gather(dim), x, index);
    }

    /** {@code g} with zeros at the index. */
    static Tensor hole(Tensor g, int dim, Tensor index) {
        Tensor zeros = Tensors.full(g.dtype(), 0).expand(index.shape().toArray());
        return scatter(g, dim, index, zeros, Combine.SET);
    }

    /**
     * The product of all factors but one: {@code out / factor}, where a factor is not zero. One zero among the factors of a place gets the product of the
     * others, several get nothing.
     */
    static @Nullable Tensor[] product(int dim, Tensor x, Tensor index, Tensor src, Tensor out, Tensor g) {
        Tensor zeroX = x.eq(0);
        Tensor zeroSrc = src.eq(0);
        Tensor zeros = scatter(zeroX.to(DType.INT64), dim, index, zeroSrc.to(DType.INT64), Combine.ADD);
        // the product without its zeros: differentiable, and never divided by zero
        Tensor fullX = x.maskedFill(zeroX, 1);
        Tensor fullSrc = src.maskedFill(zeroSrc, 1);
        Tensor full = scatter(fullX, dim, index, fullSrc, Combine.MULTIPLY);
        Tensor scaled = g.mul(full);
        // what a factor that is not zero sees, and the only zero
        Tensor toX = scaled.div(fullX);
        Tensor xCounts = zeros.eq(0).logicalOr(zeroX.logicalAnd(zeros.eq(1)));
        Tensor zerosSeen = gather(zeros, dim, index);
        Tensor toSrc = gather(scaled, dim, index).div(fullSrc);
        Tensor srcCounts = zerosSeen.eq(0).logicalOr(zeroSrc.logicalAnd(zerosSeen.eq(1)));
        return new @Nullable Tensor[] {
            toX.maskedFill(xCounts.logicalNot(), 0), null, toSrc.maskedFill(srcCounts.logicalNot(), 0)
        };
    }

    /** The gradient goes to the elements that are the result, in equal parts. */
    static @Nullable Tensor[] extreme(int inputs, int dim, Tensor x, Tensor index, Tensor src, Tensor out, Tensor g) {
        Tensor mineX = x.eq(out).to(g.dtype());
        Tensor mineSrc = src.eq(gather(out, dim, index)).to(g.dtype());
        Tensor share = g.div(scatter(mineX, dim, index, mineSrc, Combine.ADD));
        Tensor toSrc = mineSrc.mul(gather(share, dim, index));
        return inputs > 3
                ? new @Nullable Tensor[] {mineX.mul(share), null, toSrc, null}
                : new @Nullable Tensor[] {mineX.mul(share), null, toSrc};
    }
}
