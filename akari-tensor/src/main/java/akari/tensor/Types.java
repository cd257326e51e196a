package akari.tensor;

import akari.core.DType;
import akari.errors.NullArgument;

/** The default type and PyTorch's rules of promotion, as {@code Tensors.resultType(…)}. */
public abstract sealed class Types extends TensorFunctions permits Creation {
    private static volatile DType defaultDType = DType.FLOAT32;

    Types() {}

    /** The type of new floating tensors, and what integers become in {@code div}, {@code exp} and with fractions: float32 at first. */
    public static DType defaultDType() {
        return defaultDType;
    }

    /** Sets {@link #defaultDType} for this process: {@code torch.set_default_dtype}. */
    public static void setDefaultDType(DType dtype) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("the default type must be a floating one, got " + dtype);
        }
        defaultDType = dtype;
    }

    /** The smallest type that holds the numbers of both: {@code torch.promote_types}. */
    public static DType promoteTypes(DType a, DType b) {
        return DType.promote(a, b);
    }

    /** See {@link DType#canCast}. */
    public static boolean canCast(DType from, DType to) {
        return DType.canCast(from, to);
    }

    /** The type of {@code a + b}: tensors of 0 dimensions and scalars count only with a higher category. */
    public static DType resultType(Tensor a, Tensor b) {
        return Elementwise.promoted(a, b);
    }

    public static DType resultType(Tensor a, Number b) {
        NullArgument.check(b, "b");
        return Elementwise.promoted(a, b);
    }

    public static DType resultType(Number a, Tensor b) {
        NullArgument.check(a, "a");
        return Elementwise.promoted(b, a);
    }

    /** Of two numbers: int64, or the default type if one is fractional. */
    public static DType resultType(Number a, Number b) {
        NullArgument.check(a, "a");
        NullArgument.check(b, "b");
        return Elementwise.promoted(Elementwise.promoted(DType.INT64, a), b);
    }
}
