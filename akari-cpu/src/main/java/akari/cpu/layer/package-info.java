/**
 * Layers in plain Java: products, convolutions, pooling, normalisation, softmax.
 *
 * <p>Start with {@link akari.cpu.layer.Layers}, what a fast form of the layers offers, and {@link akari.cpu.layer.JavaLayers}, the form
 * without oneDNN: {@link akari.cpu.layer.JavaMatmul} and {@link akari.cpu.layer.JavaConvolution} on a {@link akari.cpu.layer.Tile} of
 * registers. {@link akari.cpu.layer.Pools}, {@link akari.cpu.layer.BatchNorm} and {@link akari.cpu.layer.SoftmaxRows} serve with oneDNN
 * too; {@link akari.cpu.layer.Gemv}, {@link akari.cpu.layer.Finite} and {@link akari.cpu.layer.Sums} are parts for both.
 *
 * <p>Vector loops are small methods with one loop each, which C2 compiles whole: a new one joins its class's
 * {@link akari.cpu.machine.Warmup}. Infinities and NaN must come out as the reference has them.
 */
@NullMarked
package akari.cpu.layer;

import org.jspecify.annotations.NullMarked;
