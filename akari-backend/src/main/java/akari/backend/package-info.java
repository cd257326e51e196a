/** Data types, shapes, layouts, pointwise formulas and the backend contract. */
@NullMarked
package akari.backend;

import org.jspecify.annotations.NullMarked;
