/** Optimisers and learning rate schedules. */
@NullMarked
package akari.optim;

import org.jspecify.annotations.NullMarked;
