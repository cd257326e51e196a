/** Datasets, samplers and the loader. */
@NullMarked
package akari.data;

import org.jspecify.annotations.NullMarked;
