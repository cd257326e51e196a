/** What the packages of this module share; not exported. */
@NullMarked
package akari.vision;

import org.jspecify.annotations.NullMarked;
