package akari.tensor;

import akari.errors.NullArgument;

/** Divisors of whole numbers. Integer tensors only; types promote as in arithmetic. */
public sealed interface Divisors permits Tensor {

    private Tensor self() {
        return (Tensor) this;
    }

    /** The greatest common divisor, never negative; of 0 and n it is |n|. */
    default Tensor gcd(Tensor other) {
        integers("gcd", self(), other);
        return Tensors.noGrad(() -> Tape.composite("gcd", () -> common(self(), other)));
    }

    default Tensor gcd_(Tensor other) {
        return self().copy_(gcd(other));
    }

    /** The least common multiple, never negative unless it overflows; 0 where either number is. */
    default Tensor lcm(Tensor other) {
        integers("lcm", self(), other);
        return Tensors.noGrad(() -> Tape.composite("lcm", () -> {
            Tensor divisor = common(self(), other);
            Tensor none = divisor.eq(0);
            boolean small =
                    divisor.dtype().bytes() < 4; // C multiplies those as int, and only then lets them wrap around
            Tensor x = small ? self().int64() : self();
            Tensor product =
                    x.div(divisor.maskedFill(none, 1), "trunc").mul(other).abs();
            return product.maskedFill(none, 0).to(divisor.dtype());
        }));
    }

    default Tensor lcm_(Tensor other) {
        return self().copy_(lcm(other));
    }

    /** Euclid's algorithm on all pairs at once, until the last one is done. */
    private static Tensor common(Tensor x, Tensor y) {
        Tensor a = x.abs();
        Tensor b = y.abs();
        while (b.ne(0).any().item() != 0) {
            Tensor done = b.eq(0);
            Tensor rest = a.fmod(b.maskedFill(done, 1)).maskedFill(done, 0);
            a = a.where(done, b);
            b = rest;
        }
        return a.maximum(b);
    }

    private static void integers(String op, Tensor x, Tensor y) {
        NullArgument.check(y, "y");
        if (x.dtype().category() != 1 || y.dtype().category() != 1) {
            throw new IllegalArgumentException(
                    op + " takes integers, got " + x.dtype() + " and " + y.dtype() + "; convert them with int64()");
        }
    }
}
