/** The command line. */
@NullMarked
package akari.cli;

import org.jspecify.annotations.NullMarked;
