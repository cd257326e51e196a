package akari.tensor;

import akari.backend.DType;

/** Norms of vectors of any order, with gradients 0 where a norm is 0. */
final class Lengths {
    private Lengths() {}

    /** Computed in the type in which arithmetic is done, so that it is rounded once. */
    static Tensor norm(Tensor given, double p, int[] dims, boolean keepdim) {
        if (!given.dtype().isFloating()) {
            throw new IllegalArgumentException("a norm needs a floating-point tensor, this one is " + given.dtype()
                    + "; convert it with to(FLOAT32)");
        }
        DType type = given.dtype();
        return Tape.composite(
                "norm", () -> of(given.to(type.compute()), p, dims, keepdim).to(type));
    }

    private static Tensor of(Tensor x, double p, int[] dims, boolean keepdim) {
        if (p == Double.POSITIVE_INFINITY) {
            return x.abs().amax(dims, keepdim);
        } else if (p == Double.NEGATIVE_INFINITY) {
            return x.abs().amin(dims, keepdim);
        } else if (p == 0) {
            return x.ne(0).to(x.dtype()).sum(dims, keepdim);
        } else if (p == 1) {
            return x.abs().sum(dims, keepdim);
        } else if (p == 2) {
            return root(x.square().sum(dims, keepdim), 2);
        }
        Tensor size = x.abs();
        // below 1 the slope at 0 is infinite, and taken as 0
        Tensor none = size.detach().eq(0);
        double power = p < 0 ? Double.POSITIVE_INFINITY : 0;
        Tensor powers = p > 1 ? size.pow(p) : size.maskedFill(none, 1).pow(p).maskedFill(none, power);
        return root(powers.sum(dims, keepdim), p);
    }

    private static Tensor root(Tensor sum, double p) {
        Tensor zero = sum.detach().eq(0);
        Tensor safe = sum.maskedFill(zero, 1);
        return (p == 2 ? safe.sqrt() : safe.pow(1 / p)).maskedFill(zero, p < 0 ? Double.POSITIVE_INFINITY : 0);
    }
}
