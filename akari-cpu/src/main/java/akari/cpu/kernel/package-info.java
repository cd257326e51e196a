/**
 * What is done element by element: pointwise formulas, and random numbers.
 *
 * <p>Start with {@link akari.cpu.kernel.Elements}, which takes views apart into rows and runs a kernel over them.
 * {@link akari.cpu.kernel.Kernels} holds each formula's forms: a {@link akari.cpu.kernel.Program} in elementary steps, run by
 * {@link akari.cpu.kernel.BlockInterpreter} or {@link akari.cpu.kernel.IntegerInterpreter} at first, and made by
 * {@link akari.cpu.kernel.Compiler} into a {@link akari.cpu.kernel.Loop} once it is worth it. {@link akari.cpu.kernel.Functions} and
 * {@link akari.cpu.kernel.Integers} spell functions out in such steps.
 *
 * <p>A new step goes into {@code Program.Op}, the interpreters and the compiler alike: all forms give the same bits. Compiled code
 * refers to {@code Loop} and {@code Vectors} by name.
 */
@NullMarked
package akari.cpu.kernel;

import org.jspecify.annotations.NullMarked;
