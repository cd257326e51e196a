/** Runnable examples of the course, each with a {@code main}; see the README beside them. */
@NullMarked
package akari.examples;

import org.jspecify.annotations.NullMarked;
