/** The CPU backend: oneDNN and compiled Vector API kernels. */
@NullMarked
package akari.cpu;

import org.jspecify.annotations.NullMarked;
