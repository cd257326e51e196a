package akari.testkit.cases;

import akari.core.DType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** An operation that is compared, how a question about it is drawn, and what is special about it. */
final class Case {
    final String name;
    final Function<Draw, Question> draw;
    private final Map<DType, String> left = new EnumMap<>(DType.class);
    private final Map<DType, double[]> tolerances = new EnumMap<>(DType.class);

    boolean twice = true;
    /** A function of single numbers, if the result has the operand's shape. */
    boolean pointwise;

    Case(String name, Function<Draw, Question> draw) {
        this.name = name;
        this.draw = draw;
    }

    /** Leaves types out of the comparison, for a reason that lies with PyTorch. */
    Case without(String reason, DType... types) {
        for (DType t : types) {
            left.put(t, reason);
        }
        return this;
    }

    /** Has no second derivative where the case looks, for a reason that lies in mathematics. */
    Case onceDifferentiable(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException(name + ": why is there no second derivative?");
        }
        twice = false;
        return this;
    }

    /** Leaves out integers and bool. */
    Case floatingOnly(String reason) {
        return without(
                reason,
                Arrays.stream(DType.values()).filter(t -> !t.isFloating()).toArray(DType[]::new));
    }

    /** Allows results of this type errors of {@code absolute + relative * |expected|}, for a reason: never to make a test pass. */
    Case tolerance(String reason, DType type, double relative, double absolute) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException(name + ": a tolerance of its own needs a reason");
        }
        tolerances.put(type, new double[] {relative, absolute});
        return this;
    }

    boolean covers(DType type) {
        return !left.containsKey(type);
    }

    /** Relative and absolute, for results of this type. */
    double[] tolerance(DType type) {
        double[] usual = switch (type) {
            case FLOAT64 -> new double[] {1e-10, 1e-12};
            case FLOAT32 -> new double[] {1e-5, 2e-6};
            case FLOAT16 -> new double[] {0x1p-9, 0x1p-10};
            case BFLOAT16 -> new double[] {0x1p-6, 0x1p-7};
            default -> new double[] {0, 0};
        };
        return tolerances.getOrDefault(type, usual);
    }

    @Override
    public String toString() {
        return name;
    }
}
