package akari.testkit.cases;

import akari.core.DType;
import akari.tensor.Tensors;
import java.util.Arrays;
import java.util.Random;

/** Where formulas break: a question draws its operands' elements from one such set, half of them, or all, among ordinary numbers. */
enum Special {
    ZERO,
    TINY,
    HUGE,
    INFINITE,
    NAN,
    /** Arguments at which exponentials are negligible, but not 0, beside 1. */
    TAIL,
    /** All elements of all operands are one number. */
    EQUAL;

    private static final double[] EQUALS = {0.6, -0.6, 1, -1, 0, 2, 1e-7, 1e4, Double.POSITIVE_INFINITY};

    double[] of(Operand operand, DType type, int seed, Random random) {
        if (operand.fixedType() != null) return operand.fixedValues();
        var values = new double[(int) operand.shape().numel()];
        if (this == EQUAL) {
            Arrays.fill(values, EQUALS[seed % EQUALS.length]);
            return Tensors.of(type, values, operand.shape()).toDoubles();
        }
        boolean all = random.nextBoolean();
        for (int i = 0; i < values.length; i++) {
            double v = all || random.nextBoolean()
                    ? drawn(type, operand.domain() == Domain.UNIT, random)
                    : 6 * random.nextDouble() - 3;
            values[i] = operand.domain() == Domain.POSITIVE ? Math.abs(v) : v;
        }
        return Tensors.of(type, values, operand.shape()).toDoubles();
    }

    private double drawn(DType type, boolean products, Random random) {
        double v = switch (this) {
            case ZERO -> 0;
            case TINY -> one(random, tiny(type));
            case HUGE -> one(random, products ? large(type) : huge(type));
            case INFINITE -> Double.POSITIVE_INFINITY;
            case NAN -> Double.NaN;
            case TAIL -> one(random, 1e-3, 0.999, 5, 9, 13, 17, 30, 60, 80, 300);
            case EQUAL -> throw new AssertionError();
        };
        return this == NAN || random.nextBoolean() ? v : -v;
    }

    private static double one(Random random, double... of) {
        return of[random.nextInt(of.length)];
    }

    /** Of float64 none whose square leaves its range: no wider type could judge. */
    private static double[] tiny(DType type) {
        return switch (type) {
            case FLOAT64 -> new double[] {1e-7, 1e-30, 1e-60, 1e-100};
            case FLOAT16 -> new double[] {1e-3, 1e-5, 0x1p-24};
            default -> new double[] {1e-7, 1e-15, 1e-30, 1e-40};
        };
    }

    /** Sums of products of these do not overflow, which one order of summing does and another does not. */
    private static double[] large(DType type) {
        return type == DType.FLOAT16 ? new double[] {9, 30} : new double[] {1e4, 1e10};
    }

    private static double[] huge(DType type) {
        return switch (type) {
            case FLOAT64 -> new double[] {1e10, 3e20, 1e60, 1e100};
            case FLOAT16 -> new double[] {300, 1e4, 65504};
            default -> new double[] {1e10, 3e20, 1e30, type.finfo().max()};
        };
    }
}
