/** Neural network modules, functional forms, losses and initialisers. */
@NullMarked
package akari.nn;

import org.jspecify.annotations.NullMarked;
