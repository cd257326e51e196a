/**
 * The engine below a tensor, for Akari's modules alone: layouts, pointwise formulas as data, buffers, and the {@link akari.backend.Backend}
 * that runs them. Start at {@code Backend}; {@link akari.backend.ReferenceBackend} defines in plain Java what each method means, {@code Guarded} and {@code Contract}
 * stand before every backend. Nothing here knows of tensors or gradients.
 */
@NullMarked
package akari.backend;

import org.jspecify.annotations.NullMarked;
