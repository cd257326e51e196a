package akari.tensor;

import akari.core.DType;
import akari.errors.NullArgument;

/** Floating-point numbers as mantissa and exponent, and their neighbours. */
public sealed interface FloatingPoint permits Tensor {
    /** {@code mantissa * 2^exponent}; the exponent is int32. */
    record Frexp(Tensor mantissa, Tensor exponent) {}

    private Tensor self() {
        return (Tensor) this;
    }

    /** {@code this * 2^other}. */
    default Tensor ldexp(Tensor other) {
        return Tape.composite("ldexp", () -> self().mul(other.rpow(2.0)));
    }

    default Tensor ldexp_(Tensor other) {
        return self().mul_(other.rpow(2.0));
    }

    /** A mantissa in [0.5, 1) with this tensor's sign, and an exponent; 0, infinity and NaN are their own mantissa, with exponent 0. */
    default Frexp frexp() {
        Tensor x = self();
        floating("frexp", x);
        Tensor exponent = Tensors.noGrad(() -> exponents(x.float64())); // holds every smaller type without denormals
        Tensor half = exponent.div(2, "floor"); // in two steps, neither of which overflows
        Tensor scale = half.neg().to(x.dtype().compute());
        Tensor rest = half.sub(exponent).to(x.dtype().compute());
        Tensor mantissa = Tape.composite(
                "frexp",
                () -> x.to(x.dtype().compute())
                        .mul(scale.exp2())
                        .mul(rest.exp2())
                        .to(x.dtype()));
        return new Frexp(mantissa, exponent.int32());
    }

    private static Tensor exponents(Tensor x) {
        Tensor tiny = x.abs().lt(Double.MIN_NORMAL);
        Tensor field = x.where(tiny.logicalNot(), x.mul(0x1p54))
                .contiguous()
                .view(DType.INT64)
                .bitwiseRightShift(52)
                .bitwiseAnd(0x7ff);
        Tensor e = field.sub(1022).sub(tiny.int64().mul(54));
        return e.maskedFill(x.eq(0).logicalOr(x.isfinite().logicalNot()), 0);
    }

    /** The number next to this one in the direction of {@code other}, both of one floating type. */
    default Tensor nextafter(Tensor other) {
        NullArgument.check(other, "other");
        Tensor x = self();
        floating("nextafter", x);
        if (x.dtype() != other.dtype()) {
            throw new IllegalArgumentException(
                    "nextafter takes two tensors of one floating type, got " + x.dtype() + " and " + other.dtype());
        }
        DType bits = switch (x.dtype().bytes()) {
            case 2 -> DType.INT16;
            case 4 -> DType.INT32;
            default -> DType.INT64;
        };
        return Tensors.noGrad(() -> Tape.composite("nextafter", () -> {
            Tensor from = x.add(Tensors.zerosLike(other)).contiguous(); // of the common shape
            Tensor towards = other.expand(from.shape().toArray());
            Tensor away = towards.gt(from).eq(from.gt(0)); // larger in magnitude, away from 0
            Tensor step = away.to(bits).mul(2).sub(1);
            Tensor next = from.view(bits).add(step).view(x.dtype());
            Tensor first = Tensors.onesLike(from.view(bits)).view(x.dtype()); // the smallest denormal
            next = first.copysign(towards).where(from.eq(0), next);
            next = towards.where(from.eq(towards), next);
            return from.add(towards).where(from.isnan().logicalOr(towards.isnan()), next);
        }));
    }

    default Tensor nextafter_(Tensor other) {
        return self().copy_(nextafter(other));
    }

    private static void floating(String op, Tensor x) {
        if (!x.dtype().isFloating()) {
            throw new IllegalArgumentException(op + " takes a floating type, got " + x.dtype());
        }
    }
}
