/**
 * Layers by oneDNN, and Winograd's convolutions on its products.
 *
 * <p>Start with {@link akari.cpu.dnn.DnnLayers}, which picks a form for each call; {@link akari.cpu.dnn.Choices} decides between direct
 * convolutions and {@link akari.cpu.dnn.Winograd}. {@link akari.cpu.dnn.DnnMatmul}, {@link akari.cpu.dnn.DnnConvolution} and
 * {@link akari.cpu.dnn.DnnBatchNorm} describe a {@link akari.cpu.dnn.Primitive}, keep it in a {@link akari.cpu.dnn.DnnCache}, and bring
 * operands into its layout with {@link akari.cpu.dnn.DnnCopies}. {@link akari.cpu.dnn.OneDnn} is the C interface, and the one class that
 * calls it.
 *
 * <p>Thresholds of the choice may be tuned. {@code OneDnn} may be touched only where its library is there.
 */
@NullMarked
package akari.cpu.dnn;

import org.jspecify.annotations.NullMarked;
