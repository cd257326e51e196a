/**
 * How elements move: between types, between layouts, between memory and the arrays of a thread.
 *
 * <p>Start with {@link akari.cpu.transfer.Strided}, copies between layouts, and {@link akari.cpu.transfer.LoopNest}, which walks several
 * views together. {@link akari.cpu.transfer.Transfer} and {@link akari.cpu.transfer.WideTransfer} convert on the way, through a thread's
 * {@link akari.cpu.transfer.Blocks}; {@link akari.cpu.transfer.Bfloat16} and {@link akari.cpu.transfer.Bytes} are their vector loops.
 *
 * <p>Faster loops are welcome; conversions round as {@link akari.backend.Conversions} does, bit for bit.
 */
@NullMarked
package akari.cpu.transfer;

import org.jspecify.annotations.NullMarked;
