/** Image datasets. */
@NullMarked
package akari.vision.datasets;

import org.jspecify.annotations.NullMarked;
