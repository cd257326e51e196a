package akari.nn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name of a field's module or tensor in {@link Module#stateDict}, where it is not the field's own: {@code running_mean}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface StateKey {
    /** The name, without dots. */
    String value();
}
