/** Kernel benchmarks, races and soak runs. */
@NullMarked
package akari.bench;

import org.jspecify.annotations.NullMarked;
