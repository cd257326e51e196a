/** Image models and their registry. */
@NullMarked
package akari.vision.models;

import org.jspecify.annotations.NullMarked;
