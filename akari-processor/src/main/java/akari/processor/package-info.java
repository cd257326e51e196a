/** What the build of akari-tensor writes by itself. */
@NullMarked
package akari.processor;

import org.jspecify.annotations.NullMarked;
