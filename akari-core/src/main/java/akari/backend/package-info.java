/**
 * What lies below a tensor: element types, layouts, pointwise formulas as data, and the {@link akari.backend.Backend} that runs
 * them. Nothing here knows of tensors or gradients; everything above builds against this package alone.
 */
@NullMarked
package akari.backend;

import org.jspecify.annotations.NullMarked;
