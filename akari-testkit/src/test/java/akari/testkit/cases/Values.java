package akari.testkit.cases;

import akari.core.DType;
import akari.tensor.Tensor;
import akari.tensor.Tensors;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The elements of operands, and how they lie in memory. */
final class Values {
    private static final double[] SPECIAL = {
        0.0,
        -0.0,
        1,
        -1,
        0.5,
        -0.5,
        3,
        -3,
        6,
        2.5,
        20,
        -20,
        800,
        -800,
        1e-30,
        -1e-30,
        1e30,
        -1e30,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };
    private static final int SMALL = 16;
    private static final int FINITE = 18;
    /** Steps between the values of a smooth operand; kinks lie on multiples of it, the values between them. */
    private static final double GRID = 0.05;

    private Values() {}

    /** Of an operand in a run of this type; representable in it. */
    static double[] of(Operand operand, DType type, boolean finite, Random random) {
        if (operand.fixedType() != null) return operand.fixedValues();
        var values = new double[(int) operand.shape().numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.isFloating()
                    ? floating(operand.domain(), finite, type == DType.FLOAT16 || type == DType.BFLOAT16, random)
                    : whole(operand.domain(), type, random);
        }
        return Tensors.of(type, values, operand.shape()).toDoubles();
    }

    private static double floating(Domain domain, boolean finite, boolean half, Random random) {
        double uniform = 6 * random.nextDouble() - 3;
        return switch (domain) {
            case ANY ->
                random.nextInt(3) == 0
                        ? SPECIAL[random.nextInt(!finite ? SPECIAL.length : half ? SMALL : FINITE)]
                        : uniform;
            case FINITE -> random.nextInt(3) == 0 ? SPECIAL[random.nextInt(SMALL)] : uniform;
            case SUMMED -> {
                int i = random.nextInt(finite ? SMALL : SMALL + SPECIAL.length - FINITE);
                yield random.nextInt(3) == 0 ? SPECIAL[i < SMALL ? i : i - SMALL + FINITE] : uniform;
            }
            case MODERATE -> uniform;
            case UNIT -> uniform / 3;
            case POSITIVE -> 0.2 + Math.abs(uniform);
        };
    }

    private static double whole(Domain domain, DType type, Random random) {
        if (type == DType.BOOL) return random.nextInt(2);
        double v = switch (domain) {
            case ANY ->
                random.nextInt(5) == 0
                        ? List.of(0.0, 1.0, -1.0, 2.0, 100.0, limit(type), -limit(type) - 1)
                                .get(random.nextInt(7))
                        : random.nextInt(19) - 9;
            case FINITE, SUMMED -> random.nextInt(19) - 9;
            case MODERATE -> random.nextInt(7) - 3;
            case UNIT -> random.nextInt(3) - 1;
            case POSITIVE -> 1 + random.nextInt(5);
        };
        return type == DType.UINT8 ? Math.min(Math.abs(v), 255) : v;
    }

    /** The largest number of the type; of int64 one that doubles hold. */
    private static double limit(DType type) {
        return switch (type) {
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            default -> 1L << 40;
        };
    }

    /** Ranges in which to look for points where an operation is smooth, the widest first. */
    static final double[][] SMOOTH = {{-3, 3}, {0.1, 0.95}, {1.05, 3}};

    /** Distinct numbers in the range, none near another or near a kink. */
    static double[] smooth(Operand operand, int position, double[] range, Random random) {
        if (operand.fixedType() != null) return operand.fixedValues();
        double low = operand.domain() == Domain.POSITIVE ? Math.max(range[0], 0.2) : range[0];
        double high = range[1];
        if (operand.domain() == Domain.UNIT) {
            low = Math.max(low, -1);
            high = Math.min(high, 1);
        }
        int n = (int) operand.shape().numel();
        var places = new java.util.ArrayList<Double>();
        // a finer grid where there are more elements than places
        double step = GRID;
        while ((high - low) / step < 1.3 * n + 4) step /= 2;
        for (double at = low; at < high; at += step) {
            double v = (Math.floor(at / step) + 0.4 + 0.06 * position) * step;
            if (Math.abs(v) > 0.1 && v > low && v < high) places.add(v);
        }
        java.util.Collections.shuffle(places, random);
        return places.stream().limit(n).mapToDouble(v -> v).toArray();
    }

    /** The same values as they came, transposed in memory, with gaps between them, or behind an offset. */
    static Tensor laidOut(Tensor t, int kind) {
        int last = t.dim() - 1;
        return switch (kind) {
            case 1 -> last > 0 ? t.transpose(0, last).clone().contiguous().transpose(0, last) : t;
            case 2 -> Tensors.stack(List.of(t, t), last + 1).select(last + 1, 1);
            case 3 -> Tensors.stack(List.of(t, t), 0).select(0, 1);
            default -> t;
        };
    }

    /** The first element that lies further from the expected one than {@code absolute + relative * |expected|}, or null. */
    static @Nullable String difference(double[] actual, double[] expected, double relative, double absolute) {
        for (int i = 0; i < actual.length; i++) {
            if (!near(actual[i], expected[i], relative, absolute)) {
                return "[" + i + "] is " + actual[i] + " instead of " + expected[i];
            }
        }
        return null;
    }

    static boolean near(double a, double b, double relative, double absolute) {
        return Double.compare(a, b) == 0
                || a == b
                || Double.isFinite(b) && Math.abs(a - b) <= absolute + relative * Math.abs(b);
    }
}
