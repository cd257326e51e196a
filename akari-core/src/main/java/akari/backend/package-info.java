/**
 * <<<<<<< HEAD
 * The engine below a tensor, for Akari's modules alone: layouts, pointwise formulas as data, buffers, and the {@link akari.backend.Backend}
 * that runs them. Start at {@code Backend}; {@link akari.backend.ReferenceBackend} defines in plain Java what each method means, {@code Guarded} and {@code Contract}
 * stand before every backend. Nothing here knows of tensors or gradients.
 * ||||||| parent of 60cacf3 (Document and test own fused operations)
 * What lies below a tensor: element types, layouts, pointwise formulas as data, and the {@link akari.backend.Backend} that runs
 * them. Nothing here knows of tensors or gradients; everything above builds against this package alone.
 * =======
 * What lies below a tensor: layouts, kernels made of {@link akari.formula formulas}, and the {@link akari.backend.Backend} that runs
 * them. Nothing here knows of tensors or gradients; everything above builds against this package alone.
 * >>>>>>> 60cacf3 (Document and test own fused operations)
 */
@NullMarked
package akari.backend;

import org.jspecify.annotations.NullMarked;
