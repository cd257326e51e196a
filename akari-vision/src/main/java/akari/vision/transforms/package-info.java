/**
 * Changes of images on their way from a dataset to a model: {@code torchvision.transforms}.
 *
 * <pre>{@code
 * var augment = new Compose(new RandomCrop(28, 28, 2), new RandomHorizontalFlip(), new ToFloat(), new Normalize(mean, std));
 * var train = images.transform(augment);
 * }</pre>
 */
@NullMarked
package akari.vision.transforms;

import org.jspecify.annotations.NullMarked;
