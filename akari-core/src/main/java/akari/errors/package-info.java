@NullMarked
package akari.errors;

import org.jspecify.annotations.NullMarked;
