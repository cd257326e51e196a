/** The trainer, metrics and run folders. */
@NullMarked
package akari.train;

import org.jspecify.annotations.NullMarked;
