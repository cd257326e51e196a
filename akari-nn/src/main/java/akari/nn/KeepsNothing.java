package akari.nn;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a module's class that it holds no tensor that its forward computed on the way, once forward has returned. Where this is true
 * of all modules below one that is called, intermediate results return to the pool at the end of the call instead of with the garbage
 * collector; keeping one all the same makes its later use an error. Akari's own layers and models say so; yours may. Subclasses do
 * not inherit it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KeepsNothing {}
