/** Image transforms. */
@NullMarked
package akari.vision.transforms;

import org.jspecify.annotations.NullMarked;
