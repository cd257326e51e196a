/** Gradient checks, golden readers and the parity tool. */
@NullMarked
package akari.testkit;

import org.jspecify.annotations.NullMarked;
