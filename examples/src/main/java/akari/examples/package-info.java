/** Runnable examples of the course. */
@NullMarked
package akari.examples;

import org.jspecify.annotations.NullMarked;
