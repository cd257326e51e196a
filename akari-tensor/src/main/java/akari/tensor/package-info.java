/** Tensors, their operations and automatic differentiation. */
@NullMarked
package akari.tensor;

import org.jspecify.annotations.NullMarked;
