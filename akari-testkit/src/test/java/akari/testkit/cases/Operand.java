package akari.testkit.cases;

import akari.core.DType;
import akari.core.Shape;
import org.jspecify.annotations.Nullable;

/** An operand of the run's type, or one of fixed type and values (indices, masks). */
record Operand(
        Shape shape,
        Domain domain,
        boolean requiresGrad,
        @Nullable DType fixedType,
        double @Nullable [] fixedValues) {

    /** Takes the run's type, and in floating runs a gradient. */
    static Operand of(Domain domain, long... shape) {
        return new Operand(Shape.of(shape), domain, true, null, null);
    }

    /** Of this type in every run. */
    static Operand of(DType type, Shape shape, double... values) {
        return new Operand(shape, Domain.MODERATE, false, type, values);
    }

    /** Without a gradient. */
    Operand constant() {
        return new Operand(shape, domain, false, fixedType, fixedValues);
    }
}
