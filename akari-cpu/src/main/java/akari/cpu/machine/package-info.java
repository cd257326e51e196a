/**
 * What the machine gives: memory, threads and warm code. Nothing here knows what is computed.
 *
 * <p>Start with {@link akari.cpu.machine.Workers}, which shares out the blocks of a call, and {@link akari.cpu.machine.Workspace}, its
 * scratch memory. {@link akari.cpu.machine.Pool} is behind every buffer, on {@link akari.cpu.machine.SystemMemory};
 * {@link akari.cpu.machine.Warmup} runs vector loops on scraps until they are compiled.
 *
 * <p>Thresholds in {@code Pool} and {@code Warmup} may be tuned. Addresses are plain longs: who takes memory gives it back, and keeps
 * its owner reachable meanwhile.
 */
@NullMarked
package akari.cpu.machine;

import org.jspecify.annotations.NullMarked;
