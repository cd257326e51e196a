/**
 * The CPU backend. {@link akari.cpu.CpuBackend} takes each operation to a room that is fast at it, and to the reference backend
 * where none is; it alone knows all rooms. To follow an operation, start at its method there.
 *
 * <p>From the ground up, and each room sees those before it alone:
 * <ul>
 * <li>{@link akari.cpu.machine}: memory, threads, and loops that must be warm
 * <li>{@link akari.cpu.library}: shared libraries out of jars, and OpenBLAS
 * <li>{@link akari.cpu.transfer}: elements between types and layouts
 * <li>{@link akari.cpu.kernel}: formulas element by element, compiled
 * <li>{@link akari.cpu.dimension}: reductions, scans, sorts and gathers
 * <li>{@link akari.cpu.layer}: layers in plain Java
 * <li>{@link akari.cpu.dnn}: layers by oneDNN, and Winograd's convolutions
 * </ul>
 *
 * <p>Whatever computes here gives the same bits for any number of threads, cold or warm; results are the reference backend's up to
 * the rounding that each class states. Layers, kernels and libraries may be replaced behind {@code CpuBackend}; that rule may not.
 */
@NullMarked
package akari.cpu;

import org.jspecify.annotations.NullMarked;
