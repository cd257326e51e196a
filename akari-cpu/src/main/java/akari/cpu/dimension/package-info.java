/**
 * What runs along a dimension: reductions, scans, sorts, gathers and scatters.
 *
 * <p>Start with the class of the operation: {@link akari.cpu.dimension.ReductionLoops} on {@link akari.cpu.dimension.Lanes},
 * {@link akari.cpu.dimension.ScanLoops}, {@link akari.cpu.dimension.KeySort}, {@link akari.cpu.dimension.GatherScatter}. Lines of a
 * dimension, which scans and sorts share out, are {@link akari.cpu.dimension.DimensionLines}.
 *
 * <p>Blocks may be cut otherwise, but by size alone, and combined in order: the number of threads changes no bit. Sorts stay stable.
 */
@NullMarked
package akari.cpu.dimension;

import org.jspecify.annotations.NullMarked;
