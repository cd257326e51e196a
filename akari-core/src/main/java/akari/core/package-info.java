@NullMarked
package akari.core;

import org.jspecify.annotations.NullMarked;
