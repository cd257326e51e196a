package akari.testkit.cases;

import akari.backend.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** An operation that is compared, how a question about it is drawn, and what is special about it. */
final class Case {
    final String name;
    final Function<Draw, Question> draw;
    private final Map<DType, String> left = new EnumMap<>(DType.class);
    private final Map<DType, double[]> tolerances = new EnumMap<>(DType.class);

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

    /** Allows errors of {@code absolute + relative * |expected|} in this type, for a reason: never to make a test pass. */
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

    /** Relative and absolute. */
    double[] tolerance(DType type, double relative, double absolute) {
        return tolerances.getOrDefault(type, new double[] {relative, absolute});
    }

    @Override
    public String toString() {
        return name;
    }
}
