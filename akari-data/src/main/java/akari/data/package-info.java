/**
 * Datasets, samplers and the loader: {@code torch.utils.data}.
 *
 * <pre>{@code
 * var loader = new DataLoader(new TensorDataset(images, labels)).batchSize(64).shuffle(true);
 * for (var batch : loader) {
 *     step(batch.input(), batch.target());
 * }
 * }</pre>
 *
 * <p>What a loader yields depends on its seed, the epoch and the dataset alone, never on the number of workers.
 */
@NullMarked
package akari.data;

import org.jspecify.annotations.NullMarked;
