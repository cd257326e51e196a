package akari.nn;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the last parameters of a function are, as Java text, where a call leaves them out: {@code akari-processor} writes these calls. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.SOURCE)
@interface Defaults {
    String[] value();
}
