/**
 * How trouble is told, for all of Akari's modules: arguments that are null, shapes that do not fit each other, files that cannot be read; and
 * files that are written whole or not at all. Depends on nothing.
 */
@NullMarked
package akari.errors;

import org.jspecify.annotations.NullMarked;
