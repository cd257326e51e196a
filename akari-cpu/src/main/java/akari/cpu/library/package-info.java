/**
 * Shared libraries: out of a platform's jar, checked, loaded, called.
 *
 * <p>Start with {@link akari.cpu.library.NativeJar}. It unpacks to a {@link akari.cpu.library.NativeFolder} in the user's cache, or where
 * there is none to an {@link akari.cpu.library.Aside}. {@link akari.cpu.library.OpenBlas} is LAPACK on one such library; oneDNN's calls
 * lie with its layers.
 *
 * <p>What is loaded runs with the user's rights: the checks of {@code NativeFolder} stay. A new library needs no more than a
 * {@code NativeJar} of its own.
 */
@NullMarked
package akari.cpu.library;

import org.jspecify.annotations.NullMarked;
