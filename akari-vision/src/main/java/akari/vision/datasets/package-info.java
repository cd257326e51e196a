/**
 * Image data sets: {@code torchvision.datasets}. {@link akari.vision.datasets.Datasets} loads them by name.
 *
 * <pre>{@code
 * var digits = Datasets.load("digits");
 * var train = digits.train().transform(digits.preprocessing(28, 28));
 * var loader = new DataLoader(train).batchSize(64).shuffle(true);
 * }</pre>
 */
@NullMarked
package akari.vision.datasets;

import org.jspecify.annotations.NullMarked;
